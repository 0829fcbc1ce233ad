"""What the verdicts on a random sample say of the outcomes that it stands for."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

from landwatch.language.terms import AuditClass, AuditVerdict, Gravity
from landwatch.scan import sampling
from landwatch.scan.error_rates import ErrorRate, Stratum, rate_of
from landwatch.store.samples import Sample, SampleItem


@dataclass(frozen=True, slots=True)
class RuleAudit:
    """How often a rule is wrong: in all, and by what its outcomes say."""

    rule: str
    all: ErrorRate
    by_class: Mapping[AuditClass, ErrorRate]


@dataclass(frozen=True, slots=True)
class Audit:
    """How often the outcomes of a scan are wrong, as the verdicts on a sample of them say.

    `by_class` holds the false accusations (`accused`) and the silent passes (`quiet`) apart;
    `causes` counts why outcomes were wrong.
    """

    sample: Sample
    all: ErrorRate
    by_class: Mapping[AuditClass, ErrorRate]
    rules: tuple[RuleAudit, ...]
    causes: Mapping[str, int]


def audit_of(sample: Sample, items: Sequence[SampleItem]) -> Audit:
    """Return the error rates that the standing verdicts on a sample give."""
    strata = _strata(items)
    rules = tuple(
        RuleAudit(
            rule,
            rate_of([one for key, one in strata.items() if key.rule == rule]),
            _by_class({key: one for key, one in strata.items() if key.rule == rule}),
        )
        for rule in sorted({key.rule for key in strata})
    )
    causes = Counter(
        item.stands.cause or ""
        for item in items
        if item.stands is not None and item.stands.verdict == AuditVerdict.WRONG
    )
    every = rate_of(list(strata.values()))
    return Audit(sample, every, _by_class(strata), rules, dict(sorted(causes.items())))


def mark_of(sample: Sample, items: Sequence[SampleItem]) -> str:
    """Return the mark of a sample's sheet: no other sample, scan or store has the same.

    A copy of the store keeps it. The status is kept out, for a blind sheet carries the mark too.
    """
    lines = [f"{sample.seed}|{sample.recorded_at.astimezone(UTC).isoformat()}"]
    lines += [f"{item.item_id}|{item.subject}|{item.rule}" for item in items]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return f"LW-{sample.sample_id}-{sample.scan_id}-{digest[:12]}"


def gravity_of(item: SampleItem) -> Gravity:
    """Return the gravity of a drawn outcome, as its sheet shows it."""
    return Gravity.of(item.status, sampling.Stratum.named(item.stratum).of is AuditClass.ATTENTION)


def _by_class(strata: Mapping[sampling.Stratum, Stratum]) -> dict[AuditClass, ErrorRate]:
    there = {key.of for key in strata}
    return {
        of: rate_of([one for key, one in strata.items() if key.of is of])
        for of in AuditClass
        if of in there
    }


def _strata(items: Iterable[SampleItem]) -> dict[sampling.Stratum, Stratum]:
    drawn: dict[str, list[SampleItem]] = {}
    for item in items:
        drawn.setdefault(item.stratum, []).append(item)
    return {
        sampling.Stratum.named(name): Stratum(each[0].stratum_size, len(each), *_said(each))
        for name, each in sorted(drawn.items())
    }


def _said(items: Iterable[SampleItem]) -> tuple[int, int, int]:
    said = Counter(item.stands.verdict for item in items if item.stands is not None)
    right, wrong, unsure = (said[one] for one in AuditVerdict)
    return right, wrong, unsure

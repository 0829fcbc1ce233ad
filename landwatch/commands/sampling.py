"""The random sample that audits our own answers: drawing it, writing its sheet, what it says."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landwatch import __version__, bootstrap
from landwatch.commands.scanning import kept_scan
from landwatch.errors import UsageError
from landwatch.language.columns import Kind
from landwatch.language.terms import AuditCause, AuditVerdict, Status

if TYPE_CHECKING:
    from landwatch.reports.sample_sheet import Line
    from landwatch.scan.audit import Audit
    from landwatch.store import ScanSummary, Store
    from landwatch.store.samples import Sample, SampleItem

_SEEDS = 1 << 31
_OF_CONTRACT = ("holder", "location", "division")
_NO_FINDING: Mapping[str, Any] = {
    **dict.fromkeys(("parcel_id", "zone_id", "article", "quote")),
    **dict.fromkeys(("explanation_zh", "explanation_en")),
    "facts": (),
}
"""Of a rule that the kept law no longer tells, only the outcome is known."""


@dataclass(frozen=True, slots=True)
class SampleSeen:
    """A sample with its items, and the error rates that their verdicts give."""

    sample: Sample
    items: tuple[SampleItem, ...]
    audit: Audit


def place_of_sheet(path: Path) -> Path:
    """Return the path where a sample's sheet may be written.

    Raises:
        UsageError: the name does not end in .xlsx.
        LandwatchError: it cannot be written there, as when Excel holds it open.
    """
    from landwatch.files import check_writable

    if path.suffix.casefold() != ".xlsx":
        raise UsageError("audit.error.sheet_kind", file=path.name)
    check_writable(path)
    return path


def draw_sample(
    url: str,
    path: Path,
    *,
    by: str,
    lang: str,
    scan_id: int | None = None,
    size: int | None = None,
    per_rule: int | None = None,
    seed: int | None = None,
    blind: bool = False,
) -> SampleSeen:
    """Draw a random sample of a kept scan's outcomes, keep it, and write the sheet to check it.

    Raises:
        UsageError: the scan was pruned, or fewer are wanted than there are strata.
        UnknownNameError: there is no scan of that number.
    """
    from landwatch.scan.kept import kept_outcomes
    from landwatch.scan.sampling import SIZE, Design, draw

    place_of_sheet(path)
    if size is not None and per_rule is not None:
        raise UsageError("audit.error.size_and_rule")
    if size is None and per_rule is None:
        size = SIZE
    store = bootstrap.the_store(url)
    scan = kept_scan(store, scan_id)
    assert scan.scan_id is not None  # it is kept
    store.hold_whole(scan.scan_id)
    design = Design(secrets.randbelow(_SEEDS) if seed is None else seed, size, per_rule)
    drawn = draw(lambda: kept_outcomes(store, scan), design)
    if not drawn:
        raise UsageError("audit.error.nothing", scan=scan.scan_id)
    told = {"size": size, "per_rule": per_rule, "blind": blind, "landwatch": __version__}
    number = store.samples.keep(
        scan.scan_id,
        design.seed,
        {name: value for name, value in told.items() if value is not None},
        [{**_plain(asdict(one)), "stratum": one.stratum.name} for one in drawn],
        by=by,
    )
    write_sample(url, number, path, lang=lang, blind=blind)
    return sample(url, number)


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != "stratum"}


def write_sample(url: str, sample_id: int, path: Path, *, lang: str, blind: bool) -> Path:
    """Write the sheet of a sample (again); what was said of its items stands in it, unless blind.

    Raises:
        UnknownNameError: there is no such sample.
    """
    from landwatch.reports.sample_sheet import SampleSheet, write_sample_sheet
    from landwatch.scan.audit import mark_of

    place_of_sheet(path)
    store = bootstrap.the_store(url)
    one = store.samples.one(sample_id)
    scan = kept_scan(store, one.scan_id)
    items = store.samples.items(sample_id)
    mark = mark_of(one, items)
    if blind:
        items = [item for item in items if item.stands is None]
    lines = _lines(store, scan, items, lang)
    made = SampleSheet(sample_id, one.scan_id, scan.as_of, blind, mark, lines)
    write_sample_sheet(path, made, lang)
    return path


def _lines(store: Store, scan: ScanSummary, items: Sequence[SampleItem], lang: str) -> list[Line]:
    """Return the items as their checkers see them."""
    from landwatch.reports.sample_sheet import Line
    from landwatch.scan.audit import gravity_of
    from landwatch.scan.findings import Wanted, findings

    lawbook = bootstrap.lawbook_of(store, scan)
    pairs = frozenset((item.subject, item.rule) for item in items)
    rows = findings(store, scan, lawbook, Wanted(pairs=pairs)) if pairs else ()
    found = {(row["contract_id"] or row["zone_id"], row["rule"]): row for row in rows}
    titles = {
        rule.code: rule.title.in_words(lang) for one in lawbook.values() for rule in one.rules
    }
    known = _contracts(store, scan, items)
    lines = []
    for item in items:
        row = found.get((item.subject, item.rule), _NO_FINDING)
        of = known.get(item.contract_id or "", {})
        places = (row["zone_id"], of.get("division"), of.get("location"))
        lines.append(
            Line(
                item.item_id,
                item.rule,
                titles.get(item.rule, ""),
                item.subject,
                of.get("holder") or "",
                row["parcel_id"] or "",
                " ".join(filter(None, places)),
                gravity_of(item),
                item.reason,
                row[f"explanation_{lang}"] or "",
                f"{row['article']}：{row['quote']}",
                row["facts"],
                _said(item, lang),
            )
        )
    return lines


def _contracts(
    store: Store, scan: ScanSummary, items: Sequence[SampleItem]
) -> dict[str, dict[str, str | None]]:
    """Return who holds what where, for the contracts of some items."""
    from landwatch.geo.told import told_now

    keys = {item.contract_id for item in items if item.contract_id is not None}
    table = store.columns(Kind.CONTRACTS, known_at=scan.known_at, keys=keys, only=_OF_CONTRACT)
    found: dict[str, dict[str, str | None]] = {key: {} for key in keys}
    for name in _OF_CONTRACT:
        for key, value in told_now(table, "key", name).items():
            found[key][name] = value
    return found


def _said(item: SampleItem, lang: str) -> dict[str, Any]:
    """Return the cells of a form that a verdict fills already."""
    if (said := item.stands) is None:
        return {}
    return {
        "verdict": AuditVerdict(said.verdict).in_words(lang),
        "should_be": said.status and Status(said.status).in_words(lang),
        "cause": said.cause and AuditCause(said.cause).in_words(lang),
        "checked_on": said.checked_on,
        "checked_by": said.checked_by,
        "note": said.note or None,
    }


def samples(url: str) -> list[Sample]:
    """Return every sample, first drawn first."""
    return bootstrap.the_store(url).samples.every()


def sample(url: str, sample_id: int) -> SampleSeen:
    """Return a sample, its items and its error rates.

    Raises:
        UnknownNameError: there is no such sample.
    """
    from landwatch.scan.audit import audit_of

    kept = bootstrap.the_store(url).samples
    one = kept.one(sample_id)
    items = kept.items(sample_id)
    return SampleSeen(one, tuple(items), audit_of(one, items))


def latest_audit(store: Store) -> Audit | None:
    """Return what the latest sample with a verdict says; None where there is none."""
    from landwatch.scan.audit import audit_of

    judged = [one for one in store.samples.every() if one.judged]
    return audit_of(judged[-1], store.samples.items(judged[-1].sample_id)) if judged else None

"""Findings that go out: outcomes of a kept scan with the clause, the facts and the words.

Words and facts are rendered here when asked for, from the records that the scan knew, by the scalar
twin of the rule; the outcome itself is the one that was kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from landwatch.language.columns import Kind
from landwatch.language.terms import Gravity
from landwatch.lawbook.expressions.rowwise import Facts
from landwatch.lawbook.policy import About, Policy, Rule
from landwatch.scan.account import Account, account, scope_of
from landwatch.scan.explain import brief
from landwatch.scan.kept import KeptOutcomes, kept_outcomes
from landwatch.scan.quoting import quote_of
from landwatch.scan.reading import Reading, Subject
from landwatch.scan.sources import Telling, Told
from landwatch.scan.used import used_facts
from landwatch.store import ScanSummary, Store
from landwatch.units import rounded

if TYPE_CHECKING:
    import pyarrow as pa

FINDING_COLUMNS: tuple[str, ...] = (
    "contract_id", "parcel_id", "zone_id", "rule", "policy", "policy_version", "authority",
    "status", "reason", "to_verify", "measured", "threshold", "unit", "margin", "clock_from",
    "limit_on", "days_past", "remedies", "amount_wan", "article", "quote", "explanation_zh",
    "explanation_en", "facts", "as_of", "scan_id",
)  # fmt: skip
CHUNK = 1_000
Places = Mapping[tuple[Kind, int], Any]
Beside = Callable[[Account | None, Sequence[Told], Places], Mapping[str, Any]]
"""Tells more of a finding, by what decided (None where the policy is not the scan's any more), the
facts that were used and the places where they were read."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings are asked for; nothing named means all.

    `pairs` name single outcomes: a contract (or park) and a rule.
    """

    statuses: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    contracts: frozenset[str] = frozenset()
    about: About | None = None
    pairs: frozenset[tuple[str, str]] = frozenset()


def outcomes_of(store: Store, scan: ScanSummary, wanted: Wanted) -> Iterator[KeptOutcomes]:
    """Return the wanted outcomes of a scan, rule by rule, without words.

    Where contracts are named, rules about parks are left out.
    """
    import pyarrow.compute as pc

    for kept in kept_outcomes(store, scan):
        if wanted.rules and kept.rule not in wanted.rules:
            continue
        if kept.about is not (wanted.about or kept.about):
            continue
        if wanted.contracts and kept.about is About.PARK:
            continue
        table = kept.table
        named = frozenset(one for one, rule in wanted.pairs if rule == kept.rule)
        if wanted.pairs and not named:
            continue
        subject = "zone_id" if kept.about is About.PARK else "contract_id"
        for column, names in (
            (subject, named),
            ("status", wanted.statuses),
            ("zone_id", wanted.zones),
            ("contract_id", wanted.contracts),
        ):
            if names:
                table = table.filter(pc.is_in(table.column(column), _values(names)))
        yield KeptOutcomes(kept.rule, kept.policy, table, kept.about)


def _values(names: Iterable[str]) -> pa.Array:
    import pyarrow as pa

    return pa.array(sorted(names), type=pa.string())


def findings(
    store: Store,
    scan: ScanSummary,
    shelf: Mapping[str, Policy],
    wanted: Wanted,
    *,
    beside: Beside | None = None,
    reading: Reading | None = None,
) -> Iterator[dict[str, Any]]:
    """Return the wanted findings in order of contract and rule, with every column of ledger.md §3.

    Findings about parks come last, in order of zone and rule.

    Dates are dates, numbers Decimal, lists lists; `facts` names file, sheet and row of each fact.
    What `beside` tells is added to each, in place of `facts`. `reading` is that of the scan, where
    it is open already.
    """
    rows: dict[Subject, list[tuple[KeptOutcomes, dict[str, Any]]]] = {}
    for kept in outcomes_of(store, scan, wanted):
        for row in kept.table.to_pylist():
            rows.setdefault(subject_of(kept, row), []).append((kept, row))
    order = sorted(rows, key=lambda subject: (subject[0] is About.PARK, subject[1]))
    with nullcontext(reading) if reading else reading_of(store, scan) as opened:
        for start in range(0, len(order), CHUNK):
            chunk = order[start : start + CHUNK]
            dossiers = opened.dossiers_of(chunk)
            places = opened.places(dossiers.values())
            for subject in chunk:
                pairs = sorted(rows[subject], key=lambda pair: pair[0].rule)
                telling = Telling(dossiers[subject].records, scan.as_of)
                for kept, row in pairs:
                    policy = shelf.get(kept.policy)
                    rule = policy.rule(kept.rule) if policy else None
                    if policy is None or rule is None:
                        continue
                    facts = dossiers[subject].facts
                    yield _finding(scan, policy, rule, row, facts, telling, places, beside)


def reading_of(store: Store, scan: ScanSummary) -> Reading:
    """Return the dossiers of a scan, to be opened once for all that is asked of them."""
    return Reading(store, scan.as_of, scan.known_at)


def subject_of(kept: KeptOutcomes, row: Mapping[str, Any]) -> Subject:
    """Return what an outcome speaks of: a contract or a park, with its id."""
    return kept.about, row["zone_id" if kept.about is About.PARK else "contract_id"]


def _finding(
    scan: ScanSummary,
    policy: Policy,
    rule: Rule,
    row: Mapping[str, Any],
    facts: Facts,
    telling: Telling,
    places: Places,
    beside: Beside | None,
) -> dict[str, Any]:
    adopted, day = scope_of(row), scan.as_of
    taken = account(policy, rule, facts, day, adopted=adopted, scope_open=row["reason"])
    told = telling.facts(used_facts(taken)) if adopted else []
    same_law = scan.policies.get(policy.id) == policy.version and taken.status == row["status"]
    measured, threshold = _decimal(row["measured"]), _decimal(row["threshold"])
    margin = None if measured is None or threshold is None else measured - threshold
    more = beside(taken if same_law else None, told, places) if beside else {}
    return {
        "contract_id": row["contract_id"],
        "parcel_id": row["parcel_id"],
        "zone_id": row["zone_id"],
        "rule": rule.code,
        "policy": policy.id,
        "policy_version": scan.policies.get(policy.id, policy.version),
        "authority": str(policy.authority),
        "status": row["status"],
        "reason": row["reason"],
        "to_verify": row["to_verify"],
        "measured": measured,
        "threshold": threshold,
        "unit": rule.unit.text if rule.unit else None,
        "margin": margin,
        "clock_from": row["clock_from"],
        "limit_on": row["limit_on"],
        "days_past": row["days_past"],
        "remedies": row["remedies"].split(";") if row["remedies"] else [],
        "amount_wan": _decimal(row["amount_wan"]),
        "article": rule.clause.article,
        "quote": quote_of(taken, rule.clause, "zh"),
        "explanation_zh": brief(taken, "zh") if same_law else None,
        "explanation_en": brief(taken, "en") if same_law else None,
        **(more if beside else {"facts": _facts(told, places)}),
        "as_of": scan.as_of,
        "scan_id": scan.scan_id,
    }


def _facts(facts: Iterable[Told], places: Places) -> list[dict[str, Any]]:
    found = []
    for told in facts:
        place = places.get((told.kind, told.record_id))
        found.append(
            {
                "name": told.name,
                "value": plain(told.value),
                "file": place.file_name if place else None,
                "sheet": place.sheet if place else None,
                "row": place.row if place else None,
            }
        )
    return found


def plain(value: Any) -> Any:
    """Return a told value as JSON has it: numbers and days as texts that lose nothing."""
    match value:
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case date() | datetime():
            return value.isoformat()
        case dict():
            return {name: plain(part) for name, part in value.items()}
        case _:
            return value


def _decimal(value: float | None) -> Decimal | None:
    """Return a kept number without binary noise: it was kept to six decimals."""
    if value is None:
        return None
    number = rounded(Decimal(repr(value)), 6).normalize()
    return number.quantize(Decimal(1)) if number == number.to_integral() else number


def gravity_of(row: Mapping[str, Any]) -> Gravity:
    """Return how grave a finding or an outcome is."""
    return Gravity.of(row["status"], bool(row["to_verify"]))

"""A scan that decides again only what can be different from a scan that is kept.

The same law, read by the same landwatch, on a later day or by later knowledge: a contract to which
nothing happened, and whose day has not come, has the outcomes that it had. Whatever cannot be shown
to be so is decided again; where the law, the landwatch or the zones are different, all is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from landwatch.language.catalogue import say
from landwatch.language.columns import Kind
from landwatch.lawbook.policy import About
from landwatch.lawbook.turning_days import values_begin
from landwatch.scan.affected import NUMBERS, Happened, affected, ledger_of_some
from landwatch.scan.difference_counts import counts_of as counts_of
from landwatch.scan.difference_counts import decided_again as decided_again
from landwatch.scan.difference_counts import unequal as unequal
from landwatch.scan.differences import head_of, links_of
from landwatch.scan.dossier import Ledger
from landwatch.scan.extent import extent_of
from landwatch.scan.heads import HeadRows, head_part, mark_of_law, rule_part, turned_by
from landwatch.scan.known import places_of, rows_at
from landwatch.scan.pieces import build
from landwatch.scan.run import Adopted, RuleOutcomes, decide
from landwatch.scan.zones_moved import zones_moved

if TYPE_CHECKING:
    from landwatch.store import ScanSummary, Store

LONGEST = 20
"""Differences in a row; the next scan is kept whole: none hangs on a long line of others."""
MOST = 0.2
"""The share of the contracts beyond which a full scan takes no longer."""
FEW = 1000
WORTH = 5000
"""Contracts from which on a scan builds upon a kept one unless it is asked not to."""
_LOOKED_AT = 5


@dataclass(frozen=True, slots=True)
class WhyWhole:
    """Why all contracts are decided again: the key of a sentence."""

    code: str

    def in_words(self, lang: str) -> str:
        """Return it as a clause of a sentence in `lang`."""
        return say(f"incremental.{self.code}", lang)


LONG_LINE = WhyWhole("long_line")


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different from a kept scan: parts to keep, and how many contracts were decided."""

    base: ScanSummary
    decided: int
    parts: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The scan that is asked for."""

    adopted: Sequence[Adopted]
    as_of: date
    known_at: datetime


def difference(
    store: Store, asked: Asked, *, least: int = 0, most: float = MOST, few: int = FEW
) -> Difference | WhyWhole:
    """Return a scan as the difference to a kept one, or why it must be made whole.

    A ledger of fewer than `least` contracts is scanned whole: that takes no time.
    More than `few` contracts that are more than the share `most` of all are decided with the rest.
    """
    first: WhyWhole | None = None
    counted: dict[Kind, int] = {}
    for base in _candidates(store, asked):
        if base.contracts < least:
            return WhyWhole("small")
        why = why_not(store, base, asked, counted)
        if why is None:
            knowledge = store.mark_of_knowledge(asked.known_at, counted)
            return _difference(store, base, asked, knowledge, most, few)
        if why == LONG_LINE:
            return why
        first = first or why
    return first or WhyWhole("none_kept")


def _candidates(store: Store, asked: Asked) -> Iterator[ScanSummary]:
    """Yield the scans that may be built upon, that of the latest knowledge first."""
    pruned = store.prunings.every()
    before = [
        one
        for one in store.scans()
        if one.scan_id not in pruned
        and one.as_of <= asked.as_of
        and one.known_at <= asked.known_at
        and one.policies
    ]
    before.sort(key=lambda one: (one.known_at, one.as_of, one.scan_id or 0), reverse=True)
    yield from before[:_LOOKED_AT]


def why_not(
    store: Store, base: ScanSummary, asked: Asked, counted: dict[Kind, int] | None = None
) -> WhyWhole | None:
    """Return why a scan cannot be built upon; None where it can.

    `counted` keeps how many rows the store has, for other scans.
    """
    head = head_of(store, base, ())
    if head is None or head.labels["build"] != build():
        return WhyWhole("other_build")
    if head.labels["law"] != mark_of_law(asked.adopted):
        return WhyWhole("other_law")
    if values_begin((one.policy for one in asked.adopted), base.as_of, asked.as_of):
        return WhyWhole("value_began")
    if head.labels["knowledge"] != store.mark_of_knowledge(base.known_at, counted):
        return WhyWhole("other_knowledge")
    if len(links_of(store, base)) > LONGEST:
        return LONG_LINE
    return None


def _difference(
    store: Store, base: ScanSummary, asked: Asked, knowledge: str, most: float, few: int
) -> Difference | WhyWhole:
    """Return the difference to a kept scan; `knowledge` is the mark of what the new one knows."""
    changed = store.changes(base.known_at, asked.known_at)
    if changed[Kind.ZONES] and zones_moved(store, base.known_at, asked.known_at):
        return WhyWhole("zones_moved")
    ledger = Ledger(rows_at(store, asked.known_at))
    again = affected(ledger, _happened(store, base, asked, changed))
    if len(again) > max(few, most * base.contracts):
        return WhyWhole("many")
    cut = ledger_of_some(
        ledger,
        again,
        lambda some: places_of(store, asked.known_at, some),
        extent_of(one.policy for one in asked.adopted),
    )
    rows, parts = HeadRows(), []
    for outcomes in decide(cut, asked.adopted, asked.as_of, for_later=True):
        only = _of_these(outcomes, again)
        rows.note(only)
        parts.append(rule_part(only))
    head = head_part(asked.adopted, knowledge, rows.table(), replaced=again)
    return Difference(base, len(again), (head, *parts))


def _happened(
    store: Store, base: ScanSummary, asked: Asked, changed: Mapping[Kind, frozenset[str]]
) -> Happened:
    told = {
        Kind.CONTRACTS: NUMBERS, Kind.PROGRESS: ("contract_id",), Kind.EVENTS: ("contract_id",),
    }  # fmt: skip
    numbers = [store.ever_told(kind, names, changed[kind]) for kind, names in told.items()]
    return Happened(
        since=base.as_of,
        until=asked.as_of,
        numbers=frozenset[str]().union(*numbers),
        parcels=store.ever_told(Kind.PARCELS, ("parcel_id",), changed[Kind.PARCELS]),
        turned=turned_by(store, base, asked.as_of),
    )


def _of_these(outcomes: RuleOutcomes, contracts: frozenset[str]) -> RuleOutcomes:
    """Return the outcomes of these contracts alone; those of parks stay."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if outcomes.rule.about is About.PARK:
        return outcomes
    some = pa.array(sorted(contracts), pa.string())
    table = outcomes.table.filter(pc.is_in(outcomes.table.column("contract_id"), value_set=some))
    return RuleOutcomes(outcomes.policy, outcomes.rule, table)

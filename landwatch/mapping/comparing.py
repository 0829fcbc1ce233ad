"""A page beside an earlier scan: what became of every outcome, why, and how the map was then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from landwatch.language.columns import Kind
from landwatch.lawbook.policy import About, Policy
from landwatch.mapping.arranging import Arranged
from landwatch.mapping.change_rows import ChangeRows, change_rows
from landwatch.mapping.columns import Column, codes_column
from landwatch.mapping.data import MapData
from landwatch.mapping.gather import Gathered
from landwatch.mapping.moments import OUTCOMES, Classes, classes_then
from landwatch.scan.causes_worlds import ScanSide
from landwatch.scan.changes import Change, changes_of
from landwatch.scan.compare import TELLING, ChangeKind, RuleChanges, compare
from landwatch.scan.kept import kept_outcomes
from landwatch.store import ScanSummary

Told = Callable[[str, int, int], None]
KINDS = tuple(str(kind) for kind in ChangeKind)
ALTERED = "altered"
"""What another program's hand has a part in: it proves nothing and counts as no other kind."""
_WANTED = pa.array(sorted(map(str, TELLING)))
_TELLS = np.array([kind in TELLING for kind in ChangeKind])


@dataclass(frozen=True, slots=True)
class Counted:
    """How many outcomes became what: all of them, those about parks, those not on the page.

    `gone` is how many contracts are no longer in the ledger, `left_out` how many of
    those that the page leaves out have changes to read of.
    """

    all: Mapping[str, int]
    parks: Mapping[str, int]
    elsewhere: Mapping[str, int]
    altered: Mapping[str, int]
    gone: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the contracts of a page stood at an earlier scan, and what kinds of change each saw.

    Attributes:
        before: the earlier scan.
        after: that of the page.
        was: the class of each contract then, as the page's data have them.
        kinds: the kinds of change of each contract as bits: those of `KINDS`, then `ALTERED`.
        counted: how many outcomes became what.
    """

    before: ScanSummary
    after: ScanSummary
    was: Classes
    kinds: Any
    counted: Counted
    name: str = "compare"
    later: bool = False

    def columns(self, data: MapData, rows: Arranged) -> Sequence[Column]:
        """Return the class of each contract then, and which of the different mixtures it saw."""
        order = rows.contracts
        _, codes = np.unique(self.kinds, return_inverse=True)
        return [
            codes_column("change_was", self.was[order]),
            codes_column("change_kinds", codes[order]),
        ]

    def head(self, data: MapData, rows: Arranged) -> Mapping[str, object]:
        """Return the two scans, the mixtures of kinds, and the counts."""
        mixtures, codes = np.unique(self.kinds, return_inverse=True)
        times = np.bincount(codes, minlength=len(mixtures))
        bits = [*KINDS, ALTERED]
        contracts = {
            kind: int(times[(mixtures >> at) & 1 == 1].sum()) for at, kind in enumerate(bits)
        }
        return {
            "before": _told_of(self.before),
            "after": _told_of(self.after),
            "kinds": bits,
            "mixtures": mixtures.tolist(),
            "contracts": contracts,
            "outcomes": dict(self.counted.all),
            "parks": dict(self.counted.parks),
            "elsewhere": dict(self.counted.elsewhere),
            "altered": dict(self.counted.altered),
            "gone": self.counted.gone,
            "left_out": self.counted.left_out,
        }


def _told_of(scan: ScanSummary) -> dict[str, Any]:
    return {
        "scan": scan.scan_id,
        "day": scan.as_of.isoformat(),
        "known_at": scan.known_at.astimezone().strftime("%Y-%m-%d %H:%M"),
    }


@dataclass(frozen=True, slots=True)
class Beside:
    """A scan to set a page beside.

    Attributes:
        scan: the earlier one.
        law: what it judged by.
        causes: says the causes of a change in a language.
        told: hears how far the work is.
    """

    scan: ScanSummary
    law: Mapping[str, Policy]
    causes: Callable[[Change, str], str]
    told: Told


def compared_with(gathered: Gathered, beside: Beside) -> tuple[Comparison, ChangeRows]:
    """Return what a page tells of the scan before it: at once, and of one contract at a time."""
    store, earlier = gathered.store, beside.scan
    contracts = [row["contract_id"] for row in gathered.place.contracts]
    tables = list(_tables(gathered, beside))
    ids = pa.array(contracts, pa.string())
    seen = [_Seen.of(one, ids) for one in tables if one.about is About.CONTRACT]
    changes = _changes(gathered, beside, tables)
    there = store.known_keys(Kind.CONTRACTS, known_at=gathered.scan.known_at)
    comparison = Comparison(
        before=earlier,
        after=gathered.scan,
        was=classes_then(
            kept_outcomes(store, earlier, OUTCOMES),
            beside.law,
            contracts,
            lambda: store.known_keys(Kind.CONTRACTS, known_at=earlier.known_at),
        ),
        kinds=_kinds_of(seen, changes, len(contracts)),
        counted=_counted(tables, seen, changes, there),
    )
    rows = change_rows(changes, {name: at for at, name in enumerate(contracts)}, there)
    law = {**beside.law, **gathered.shelf}
    return comparison, replace(rows, law=law, zones=_names(gathered), causes=beside.causes)


def _changes(gathered: Gathered, beside: Beside, tables: Iterable[RuleChanges]) -> Sequence[Change]:
    """Return the changes that somebody should read of, each with its causes."""
    store = gathered.store
    sides = [
        ScanSide.of(store, beside.scan, beside.law),
        ScanSide.of(store, gathered.scan, gathered.shelf),
    ]
    telling = [replace(one, table=_telling(one.table)) for one in tables]
    asked = [one for one in telling if one.table.num_rows]
    return list(changes_of(asked, store, sides, causes=True, told=beside.told))


def _names(gathered: Gathered) -> dict[str, str]:
    return {zone["zone_id"]: zone["name"] or zone["zone_id"] for zone in gathered.place.zones}


def _tables(gathered: Gathered, beside: Beside) -> Iterable[RuleChanges]:
    """Return what became of every outcome, rule by rule; of the unchanged, how many."""
    pair = (beside.scan, gathered.scan)
    old, new = (kept_outcomes(gathered.store, one) for one in pair)
    codes = [list(one.counts) for one in pair]
    for done, one in enumerate(compare(old, new, codes), start=1):
        yield one
        beside.told(one.rule, done, len({*codes[0], *codes[1]}))


def _telling(table: pa.Table) -> pa.Table:
    return table.filter(pc.is_in(table.column("kind"), value_set=_WANTED))


@dataclass(frozen=True, slots=True)
class _Seen:
    """The changes of a rule about contracts: where each is on the page (-1: nowhere), its kind."""

    rule: str
    names: pa.Array
    at: Any
    kinds: Any

    @classmethod
    def of(cls, one: RuleChanges, contracts: pa.Array) -> _Seen:
        names = one.table.column("contract_id")
        at = pc.fill_null(pc.index_in(names, value_set=contracts), -1).to_numpy()
        kinds = pc.index_in(one.table.column("kind"), value_set=pa.array(KINDS)).to_numpy()
        return cls(one.rule, names, at, kinds)


def _kinds_of(seen: Iterable[_Seen], changes: Iterable[Change], contracts: int) -> Any:
    """Return the kinds of change of each contract as bits; one altered outside is of no other."""
    bits = np.zeros(contracts, np.int64)
    altered: dict[str, list[str]] = {}
    for change in changes:
        if change.altered and change.holding.contract_id is not None:
            altered.setdefault(change.rule, []).append(change.holding.contract_id)
    for one in seen:
        told = np.int64(1) << one.kinds.astype(np.int64)
        by_hand = pc.is_in(one.names, value_set=pa.array(altered.get(one.rule, []), pa.string()))
        told[by_hand.to_numpy()] = 1 << len(KINDS)
        here = one.at >= 0
        bits[one.at[here]] |= told[here]  # a rule has one outcome of a contract
    bits[bits == 0] = 1 << KINDS.index(str(ChangeKind.UNCHANGED))
    return bits


def _counted(
    tables: Iterable[RuleChanges],
    seen: Iterable[_Seen],
    changes: Iterable[Change],
    there: set[str],
) -> Counted:
    everywhere, parks, elsewhere = Counter[str](), Counter[str](), Counter[str]()
    off: set[str] = set()
    for one in tables:
        counts = {str(kind): count for kind, count in one.counts.items()}
        everywhere.update(counts)
        if one.about is About.PARK:
            parks.update(counts)
    for seen_ in seen:
        away = seen_.at < 0
        for kind, count in enumerate(np.bincount(seen_.kinds[away], minlength=len(KINDS))):
            elsewhere[KINDS[kind]] += int(count)
        off.update(seen_.names.filter(pa.array(away & _TELLS[seen_.kinds])).to_pylist())
    altered = Counter(str(one.kind) for one in changes if one.altered)
    gone = len(off - there)
    return Counted(everywhere, parks, +elsewhere, altered, gone, len(off) - gone)

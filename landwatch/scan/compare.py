"""Two scans beside each other: of every contract and rule, what became of its outcome.

Pure: two tables of outcomes for a rule in, one kind for each contract of either out, by columns.
Where a policy does not speak of a contract, nothing is there: its `not_adopted` is no outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from landwatch.language.terms import SPEAKING, Gravity, Status
from landwatch.lawbook.policy import About
from landwatch.scan.kept import KeptOutcomes
from landwatch.scan.pairing import Pairing, Side, paired_keys

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

CARRIED = (
    "status", "to_verify", "reason", "measured", "threshold", "clock_from", "limit_on",
    "days_past", "amount_wan", "remedies", "zone_id", "parcel_id", "adopted",
)  # fmt: skip
"""What is told of both outcomes, as `before_…` and `after_…`."""
_FIGURES = ("reason", "measured", "threshold", "clock_from", "limit_on", "remedies", "zone_id")
_SPEAKS = max(Gravity.of(str(status), False).rank for status in SPEAKING)
_DONE = Gravity.COMPLIANT.rank
_NOWHERE = len(Gravity)
"""The rank of an outcome that is not there."""
_EXACT = 1e-6


class ChangeKind(StrEnum):
    """What became of one contract's outcome by one rule; exactly one for each."""

    NEW = "new"
    ESCALATED = "escalated"
    CHANGED = "changed"
    EASED = "eased"
    CURED = "cured"
    VANISHED = "vanished"
    ADDED = "added"
    QUIET = "quiet"
    UNCHANGED = "unchanged"


_KINDS = tuple(ChangeKind)
TELLING = frozenset(_KINDS) - {ChangeKind.ADDED, ChangeKind.QUIET, ChangeKind.UNCHANGED}
"""The kinds that somebody should read of."""


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """What became of the outcomes of one rule: how many of each kind, and all but the unchanged.

    Columns of `table`: kind, contract_id (none where a park is spoken of), zone_id, and `CARRIED`
    of both scans.
    """

    rule: str
    policy: str
    about: About
    counts: Mapping[ChangeKind, int]
    table: pa.Table


def kind_of(before: Gravity | None, after: Gravity | None, figures_differ: bool) -> ChangeKind:
    """Return what became of an outcome; None is one that is not there.

    >>> kind_of(None, Gravity.BREACH, False), kind_of(Gravity.BREACH, Gravity.COMPLIANT, True)
    (<ChangeKind.NEW: 'new'>, <ChangeKind.CURED: 'cured'>)
    """
    import numpy as np

    ranks = (_NOWHERE if one is None else one.rank for one in (before, after))
    was, is_ = (np.array([rank], dtype=np.int8) for rank in ranks)
    return _KINDS[int(_kinds(was, is_, np.array([figures_differ]))[0])]


def compare(
    before: Iterable[KeptOutcomes], after: Iterable[KeptOutcomes], rules: Sequence[Sequence[str]]
) -> Iterator[RuleChanges]:
    """Return what became of every outcome of two scans, rule by rule.

    `rules` names the rules of either scan in the order in which it gives them: only what stands in
    another order is held back, so that memory is that of a few rules.
    """
    pairing: dict[About, Pairing] = {}
    for old, new in _side_by_side(iter(before), iter(after), rules):
        one = new or old
        assert one is not None  # a pair has at least one
        tables = (None if old is None else old.table, None if new is None else new.table)
        key = "zone_id" if one.about is About.PARK else "contract_id"
        pairs = paired_keys(tables, key, pairing.get(one.about))
        pairing[one.about] = pairs
        yield _changes(one, tables, pairs, key)


def _side_by_side(
    before: Iterator[KeptOutcomes],
    after: Iterator[KeptOutcomes],
    rules: Sequence[Sequence[str]],
) -> Iterator[tuple[KeptOutcomes | None, KeptOutcomes | None]]:
    old_rules, new_rules = (set(names) for names in rules)
    held: dict[str, KeptOutcomes] = {}
    for new in after:
        if new.rule not in old_rules:
            yield None, new
            continue
        while new.rule not in held:
            old = next(before)
            if old.rule in new_rules:
                held[old.rule] = old
            else:
                yield old, None
        yield held.pop(new.rule), new
    for old in before:
        yield old, None


def _changes(
    one: KeptOutcomes, tables: tuple[pa.Table | None, pa.Table | None], pairs: Pairing, key: str
) -> RuleChanges:
    import numpy as np

    sides = [Side.of(table, pairs, at, (*CARRIED, key)) for at, table in enumerate(tables)]
    ranks = [_ranks(side) for side in sides]
    differ = _figures_differ(sides[0], sides[1], pairs)
    kinds = _kinds(ranks[0], ranks[1], differ)
    counted = np.bincount(kinds, minlength=len(_KINDS)).tolist()
    counts = {kind: count for kind, count in zip(_KINDS, counted, strict=True) if count}
    told = np.flatnonzero(kinds != _KINDS.index(ChangeKind.UNCHANGED))
    table = _told(sides, kinds, told, one.about)
    return RuleChanges(one.rule, one.policy, one.about, counts, table)


def _kinds(was: Any, is_: Any, differ: Any) -> NDArray[np.int8]:
    """Return the place in `_KINDS` of each pair of ranks; the order of the lines is the meaning."""
    import numpy as np

    spoke, speaks = was <= _SPEAKS, is_ <= _SPEAKS
    there = (was < _NOWHERE) & (is_ < _NOWHERE)
    cases: list[tuple[Any, ChangeKind]] = [
        ((was == _NOWHERE) & (is_ == _NOWHERE), ChangeKind.UNCHANGED),
        (is_ == _NOWHERE, ChangeKind.VANISHED),
        (speaks & ~spoke, ChangeKind.NEW),
        (was == _NOWHERE, ChangeKind.ADDED),
        (spoke & (is_ == _DONE), ChangeKind.CURED),
        (spoke & speaks & (is_ < was), ChangeKind.ESCALATED),
        (spoke & (is_ > was), ChangeKind.EASED),
        (there & spoke & differ, ChangeKind.CHANGED),
        (there & ((was != is_) | differ), ChangeKind.QUIET),
    ]
    places = [np.int8(_KINDS.index(kind)) for _, kind in cases]
    chosen = np.select([test for test, _ in cases], places, np.int8(len(_KINDS) - 1))
    found: NDArray[np.int8] = chosen.astype(np.int8)
    return found


def _ranks(side: Side) -> NDArray[np.int8]:
    """Return the gravity of each outcome as its place in the order; `_NOWHERE` where none is."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if side.table is None:
        return np.full(side.count, _NOWHERE, dtype=np.int8)
    known = pa.array([str(status) for status in Status])
    status = pc.index_in(side.column("status"), value_set=known)
    order = np.array([Gravity.of(str(one), False).rank for one in Status] + [_NOWHERE])
    places = pc.fill_null(status, len(known)).to_numpy(zero_copy_only=False)
    ranks: NDArray[np.int8] = order[places].astype(np.int8)
    to_verify = pc.fill_null(side.column("to_verify"), False).to_numpy(zero_copy_only=False)
    ranks[to_verify & (ranks == Gravity.UNKNOWN.rank)] = Gravity.TO_VERIFY.rank
    if "adopted" in side.table.column_names:
        silent = pc.equal(side.column("adopted"), False)
        ranks[pc.fill_null(silent, False).to_numpy(zero_copy_only=False)] = _NOWHERE
    else:  # scans kept before policies were adopted for levels say it by their reason alone
        silent = pc.equal(side.column("reason"), "not_adopted")
        ranks[pc.fill_null(silent, False).to_numpy(zero_copy_only=False)] = _NOWHERE
    return ranks


def _figures_differ(before: Side, after: Side, pairs: Pairing) -> NDArray[np.bool_]:
    """Return where a figure is another; what only grows with the days is none."""
    import numpy as np

    differ = np.zeros(pairs.count, dtype=bool)
    if before.table is None or after.table is None:
        return differ
    for name in _FIGURES:
        differ |= _unequal(before.column(name), after.column(name))
    money = _unequal(before.column("amount_wan"), after.column("amount_wan"))
    if money.any():
        money[money] = ~_only_grown(before, after, np.flatnonzero(money))
    return differ | money


def _unequal(before: Any, after: Any) -> NDArray[np.bool_]:
    import numpy as np
    import pyarrow.compute as pc

    if before.equals(after):
        return np.zeros(len(before), dtype=bool)
    same = pc.fill_null(pc.equal(before, after), False)
    neither = pc.and_(pc.is_null(before), pc.is_null(after))
    found: NDArray[np.bool_] = pc.invert(pc.or_(same, neither)).to_numpy(zero_copy_only=False)
    return found


def _only_grown(before: Side, after: Side, at: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return where the sum is so much for each day late, as it was, and only the days are more."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    def floats(side: Side, name: str) -> Any:
        taken = side.column(name).take(pa.array(at))
        return pc.fill_null(pc.cast(taken, pa.float64()), float("nan")).to_numpy()

    sums = [floats(side, "amount_wan") for side in (before, after)]
    days = [floats(side, "days_past") for side in (before, after)]
    with np.errstate(invalid="ignore"):
        off = np.abs(sums[1] * days[0] - sums[0] * days[1])
        room = _EXACT * (days[0] + days[1])
        grown: NDArray[np.bool_] = (days[0] > 0) & (days[0] != days[1]) & (off <= room)
    return grown


def _told(
    sides: Sequence[Side], kinds: NDArray[np.int8], told: NDArray[np.int64], about: About
) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    at = pa.array(told)
    names = pa.array([str(kind) for kind in _KINDS])
    columns: dict[str, Any] = {"kind": names.take(pa.array(kinds[told]))}
    key = "zone_id" if about is About.PARK else "contract_id"
    keys = [side.optional(key, at) for side in sides]
    zones = [side.optional("zone_id", at) for side in sides]
    columns["contract_id"] = (
        pa.nulls(len(at), pa.string()) if about is About.PARK else pc.coalesce(keys[1], keys[0])
    )
    columns["zone_id"] = pc.coalesce(zones[1], zones[0])
    for when, side in zip(("before", "after"), sides, strict=True):
        for name in CARRIED:
            columns[f"{when}_{name}"] = side.optional(name, at)
    return pa.table(columns)

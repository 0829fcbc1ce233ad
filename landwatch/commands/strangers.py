"""Contracts that progress or events name and the ledger does not hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landwatch.errors import nearest
from landwatch.language.columns import Kind
from landwatch.language.records import Record

if TYPE_CHECKING:
    from landwatch.store import Store

SHOWN_ROWS = 5
"""Rows, or names, that a terminal shows of one trouble; the report workbook has them all."""
_NUMBERS = ("contract_id", "contract_no", "supervision_no")
_HELD_AGAINST = 2000
"""Numbers that one is held against to find the nearest: among a million it takes minutes."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A contract that rows name and the ledger does not hold, and the nearest that it does."""

    name: str
    near: str | None


def contracts_named(kind: Kind, records: Iterable[Record]) -> set[str]:
    """Return the contracts that rows of progress or events speak of."""
    if kind not in (Kind.PROGRESS, Kind.EVENTS):
        return set()
    return {str(record.values["contract_id"]) for record in records}


def strangers_among(store: Store, named: Collection[str]) -> tuple[Stranger, ...]:
    """Return the named contracts that no contract answers to, by key or by its other numbers."""
    if not named:
        return ()
    import pyarrow as pa
    import pyarrow.compute as pc

    table = store.columns(Kind.CONTRACTS, only=_NUMBERS)
    numbers = [table.column(name) for name in _NUMBERS]
    asked = pa.array(sorted(named), pa.string())
    for known in numbers:
        asked = asked.filter(pc.invert(pc.is_in(asked, value_set=known.combine_chunks())))
    missing: list[str] = asked.to_pylist()
    near = {name: nearest(name, _alike(name, numbers)) for name in missing[:SHOWN_ROWS]}
    return tuple(Stranger(name, near.get(name)) for name in missing)


def _alike(name: str, numbers: Iterable[Any]) -> list[str]:
    """Return known numbers that may be the nearest to a name: all, or those half the same."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known = pc.unique(pa.concat_arrays([column.combine_chunks() for column in numbers]))
    known = known.drop_null()
    if len(known) > _HELD_AGAINST and (half := len(name) // 2):
        begun, ended = pc.starts_with(known, name[:half]), pc.ends_with(known, name[half:])
        both = pa.concat_arrays([known.filter(ended), known.filter(begun)])
        known = both.slice(0, _HELD_AGAINST)
    alike: list[str] = known.to_pylist()
    return alike

"""Whether rows still tell what was recorded: their fingerprint is worked out again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.errors import StoreError
from landwatch.language.columns import Column, ColumnType, Kind
from landwatch.language.records import Record
from landwatch.store import blobs, content
from landwatch.store.keeper import Keeper
from landwatch.store.models import table_of

SAMPLED = 2_000
"""Rows of each kind that are looked at, unless all are."""

_SURE_DIGITS = 15
"""Digits that a DOUBLE keeps of any number; a longer one may come back another."""
_CHUNK = 5_000
_SHOWN = 5
Heard = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Unlike:
    """Rows of a kind whose content is not what was recorded: how many of those looked at."""

    kind: Kind
    looked: int
    count: int
    keys: tuple[str, ...]


def unlike_rows(keeper: Keeper, kind: Kind, *, whole: bool, told: Heard) -> Unlike:
    """Return which rows of a kind, of a random sample or of all, are not what was recorded."""
    table = table_of(kind)
    looked = count = 0
    keys: list[str] = []
    with keeper.reading() as connection:
        ids = sa.select(sa.func.min(table.c.record_id), sa.func.max(table.c.record_id))
        first, last = connection.execute(ids).one()
        dialect = connection.dialect.name
    if first is None:
        return Unlike(kind, 0, 0, ())
    retelling, rounds = _retelling(kind, dialect), dialect == "sqlite"
    for chosen in _chosen(keeper, table, int(first), int(last), whole=whole):
        with keeper.reading() as connection:
            rows = connection.execute(_select(keeper, kind).where(chosen)).all()
        for row in rows:
            looked += 1
            if not _is_as_recorded(row, retelling, rounds=rounds):
                count += 1
                keys += [row.record_key] if len(keys) < _SHOWN else []
        told(kind.value, looked, 0)
    return Unlike(kind, looked, count, tuple(keys))


def _chosen(
    keeper: Keeper, table: sa.Table, first: int, last: int, *, whole: bool
) -> Iterator[Any]:
    """Yield conditions that choose the rows to look at, some thousand each."""
    if whole or last - first < SAMPLED:
        for start in range(first, last + 1, _CHUNK):
            yield table.c.record_id.between(start, start + _CHUNK - 1)
        return
    drawn = random.SystemRandom().sample(range(first, last + 1), SAMPLED)  # others each time
    yield keeper.among(table.c.record_id, sorted(drawn))


def _select(keeper: Keeper, kind: Kind) -> sa.Select[Any]:
    table = table_of(kind)
    names = (*_KEPT, *content.columns_of_kind(kind))
    return sa.select(*(keeper.selected(table.c[name]).label(name) for name in names))


_KEPT = ("record_key", "cleared", "unreadable", "content_hash")


Retell = Callable[[Any], str]
"""Makes of a cell what its fingerprint was made of: name=value."""


def _retelling(kind: Kind, dialect: str) -> tuple[Retell, ...]:
    """Return how the cells of each column are told again."""
    return tuple(_retell(column, dialect) for column in content.columns_of_kind(kind).values())


def _retell(column: Column, dialect: str) -> Retell:
    begins, fit, plain = f"{column.name}=", content.fit_of(column), content.plain_of(column)
    as_told = _as_told(column, dialect)
    if as_told is None and column.holds in (ColumnType.TEXT, ColumnType.CODE):
        return begins.__add__  # what a database holds as text is in its one form; no text raises

    def retell(cell: Any) -> str:
        return begins + plain(fit(cell if as_told is None else as_told(cell), _NOBODY))

    return retell


def _is_as_recorded(row: Sequence[Any], retelling: Sequence[Retell], *, rounds: bool) -> bool:
    """Tell whether a row's content gives its fingerprint; one that cannot be told counts as so.

    `rounds` is for a database that keeps numbers as DOUBLEs: a longer one may come back another.
    """
    import shapely

    _, cleared, unreadable, digest, *cells = row
    try:
        told = [
            retell(cell) for retell, cell in zip(retelling, cells, strict=True) if cell is not None
        ]
    except (ValueError, TypeError, ArithmeticError, StoreError, shapely.errors.ShapelyError):
        return False
    if content.content_hash(told, cleared, unreadable) == bytes(digest or b""):
        return True
    return rounds and any(
        isinstance(cell, float) and _digits(cell) > _SURE_DIGITS for cell in cells
    )


_NOBODY = Record(Kind.CONTRACTS, "", {}, None, 0)


def _digits(cell: float) -> int:
    return len(f"{abs(_number(cell)):f}".rstrip("0").replace(".", "").lstrip("0"))


def _as_told(column: Column, dialect: str) -> Callable[[Any], Any] | None:
    """Return what makes of a cell of the database the value that was told, None where it is one."""
    if dialect != "sqlite":
        return _outline if column.holds is ColumnType.GEOMETRY else None
    return _OF_FILE.get(column.holds)


def _outline(value: str) -> Any:
    import shapely

    return shapely.from_wkb(bytes.fromhex(value))


def _yes_no(value: object) -> bool:
    if value not in (0, 1):
        raise ValueError(value)
    return bool(value)


def _number(cell: Any) -> Decimal:
    return Decimal(repr(float(cell)))


_OF_FILE: Mapping[ColumnType, Callable[[Any], Any]] = {
    ColumnType.DECIMAL: _number,
    ColumnType.DATE: date.fromisoformat,
    ColumnType.YES_NO: _yes_no,
    ColumnType.GEOMETRY: blobs.unpacked,
}


def rows_by_import(connection: Connection, kind: Kind) -> Iterable[tuple[int, int]]:
    """Return how many rows of a kind each import brought, as they are counted now."""
    table = table_of(kind)
    counted = sa.select(table.c.import_id, sa.func.count()).group_by(table.c.import_id)
    return [(int(number), int(rows)) for number, rows in connection.execute(counted)]

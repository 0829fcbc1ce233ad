"""One row of a ledger file on its way from the reader to the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from landwatch.language.columns import Kind

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry  # a reader of CSV needs no geometry library

Value: TypeAlias = "str | date | Decimal | int | bool | BaseGeometry"
"""What a told cell becomes: DECIMAL → Decimal, YES_NO → bool, CODE → its code, many → `a;b`."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row as told: only the columns it tells, with its place in the file.

    `values` holds no blanks: a column that is not there was not told. `cleared` names the columns
    that the row asks to forget (`(clear)`, 清空), `unreadable` those whose cell was told and could
    not be understood: not the same as blank, for an older fact must not speak in its place.
    `as_read` keeps every source cell by its header, as it was read, so that nothing is lost and a
    conversion can be checked. `retold` is a row of a report that nobody mended: it speaks only
    where nothing is kept under its key, and never goes over what was learnt since. `anew` are the
    columns that a mended row of a report tells anew (None: all): where its key is kept already, it
    speaks for no others.
    """

    kind: Kind
    key: str
    values: Mapping[str, Value]
    sheet: str | None
    row: int
    cleared: frozenset[str] = frozenset()
    as_read: Mapping[str, str] = field(default_factory=dict)
    unreadable: frozenset[str] = frozenset()
    retold: bool = False
    anew: frozenset[str] | None = None

    @property
    def narrowed(self) -> Record:
        """Return a record that tells no other columns than those told anew."""
        if self.anew is None:
            return self
        values = {name: value for name, value in self.values.items() if name in self.anew}
        cleared, unreadable = self.cleared & self.anew, self.unreadable & self.anew
        return replace(self, values=values, cleared=cleared, unreadable=unreadable, anew=None)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file that rows came from."""

    name: str
    sha256: str
    size: int

"""Adapters: how a bureau teaches landwatch the export of its own system, without a fork.

An adapter is a small class in a package of its own, registered under the entry-point group
`landwatch.adapters`. It says which files it knows, hands out their rows, and says what their fields
mean. The rows then go the way of all rows: the same reader, the same judges, the same report.

These names are the whole interface; they keep their meaning, and later versions only add.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol, TypeAlias

SOURCE_ID = "_source_id"
"""The column for a record's number within its own system: the key where a contract has no other."""

Cell: TypeAlias = "str | int | float | bool | Decimal | date | datetime | None"
"""What an adapter puts into a cell: as told, or already in the ledger's words and units."""


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """A file that somebody imports: as what kind, where it is, and how it begins.

    `kind` is one of zones, parcels, contracts, progress, events; `start` are the first bytes, 64 kB
    at most; `encoding` is what the person named with --encoding, None where nobody did.
    """

    kind: str
    path: Path
    start: bytes
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a field tells: a column of the ledger (or SOURCE_ID), and the unit of its numbers.

    Without a unit the numbers are in the unit of the column; `column` None keeps the field beside
    the row and does not use it.
    """

    column: str | None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Some rows of a file under the same fields.

    `rows` begins anew each time it is called, for the first rows are looked at before all are read;
    it should stream. `first_row` is the number that a person gives to the first of them. A field
    that `meanings` does not name is understood as any header is. An area may stand in a `geometry`
    field as WKT that names its system: `SRID=4490;MULTIPOLYGON (…)`.
    """

    fields: Sequence[str]
    rows: Callable[[], Iterable[Sequence[Cell]]]
    meanings: Mapping[str, Meaning] = field(default_factory=dict)
    name: str | None = None
    first_row: int = 1


class Adapter(Protocol):
    """What landwatch asks of an adapter; a class that has these needs no other base.

    `name` is what a person types after --adapter, `title` its name in `zh` and `en`.
    """

    @property
    def name(self) -> str:
        """Return the short name: letters, digits and hyphens."""

    @property
    def title(self) -> Mapping[str, str]:
        """Return what system it reads, by language (`zh`, `en`)."""

    def recognises(self, file: LedgerFile) -> bool:
        """Tell whether the file is an export of the system, as rows of that kind.

        Asked of every file that is imported: look at the name and the start, and be sure.
        """

    def tables(self, file: LedgerFile) -> Sequence[Table]:
        """Return the tables of the file.

        A file that is damaged may raise anything: it is refused, with what was raised as the
        reason. An `InputRefusedError` of landwatch is told as it is.
        """


__all__ = ["SOURCE_ID", "Adapter", "Cell", "LedgerFile", "Meaning", "Table"]

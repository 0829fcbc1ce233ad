"""Which adapters are installed, which one reads a file, and what becomes of one that is broken.

Nothing is loaded before a file is imported. What goes wrong in the code of somebody else is told by
name and never takes landwatch down: a broken adapter is passed over, and a file is refused where
the adapter that reads it fails, because rows would be missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from landwatch.errors import LandwatchError, UnknownNameError, UnreadableFileError, UsageError
from landwatch.language.columns import Kind, columns_of
from landwatch.ledger.adapters import SOURCE_ID, Adapter, LedgerFile, Meaning, Table
from landwatch.ledger.adapters import Cell as Given
from landwatch.ledger.cells import Cell
from landwatch.ledger.headers import Meant, folded
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.measures import factor
from landwatch.ledger.sheets import Notice, Sheet, SourceRow

GROUP = "landwatch.adapters"
NO_ADAPTER = "none"
"""What a person types after --adapter so that none is used."""
_OWN = "landwatch"
_REASON = 200
_LONG_BITS = 4_000


@dataclass(frozen=True, slots=True)
class Installed:
    """An adapter that a package registers: its name, what it reads, or why it cannot be used.

    `adapter` is None where it is broken; `reason` says why, in the words of what was raised.
    """

    name: str
    package: str
    version: str
    title: Mapping[str, str]
    adapter: Adapter | None = None
    reason: str = ""

    def in_words(self, lang: str) -> str:
        """Return what system it reads, in `lang`; its name where it does not say."""
        return self.title.get(lang) or self.title.get("en") or self.name


def adapters() -> tuple[Installed, ...]:
    """Return every adapter that is installed, those of other packages first, by name."""
    return _installed(tuple(sys.path))


@cache
def _installed(_path: tuple[str, ...]) -> tuple[Installed, ...]:
    """Load what is registered, once for each place where packages are looked for."""
    found = sorted(entry_points(group=GROUP), key=_order)
    taken: dict[str, Installed] = {}
    every = []
    for entry in found:
        one = _loaded(entry)
        if one.adapter is not None and (other := taken.setdefault(one.name, one)) is not one:
            one = _broken(entry, f"--adapter {one.name}: {other.package}")
        every.append(one)
    return tuple(every)


def _order(entry: EntryPoint) -> tuple[bool, str, str]:
    package, _ = _package(entry)
    return package == _OWN, package, entry.name


def _package(entry: EntryPoint) -> tuple[str, str]:
    return ("?", "?") if entry.dist is None else (entry.dist.name, entry.dist.version)


def _loaded(entry: EntryPoint) -> Installed:
    try:
        made = entry.load()
        adapter = made() if isinstance(made, type) else made
        name, title = str(adapter.name), dict(adapter.title)
        if not callable(adapter.recognises) or not callable(adapter.tables):
            return _broken(entry, "recognises, tables")
    except (Exception, SystemExit) as problem:  # code of somebody else may raise anything
        return _broken(entry, _said(problem))
    return Installed(name, *_package(entry), title, adapter)


def _broken(entry: EntryPoint, reason: str) -> Installed:
    return Installed(entry.name, *_package(entry), {}, None, reason)


def _said(problem: BaseException) -> str:
    """Return what was raised, in its own words where it has any."""
    try:
        words = str(problem)
    except Exception:  # code of somebody else, or an error of ours whose sentence is not there
        words = " ".join(repr(each) for each in problem.args if type(each) in (str, int, dict))
    return f"{type(problem).__name__}: {words}".split("\n")[0][:_REASON]


def _has_words(problem: LandwatchError) -> bool:
    """Tell whether an error can be told: its sentence may be no sentence of the catalogue."""
    try:
        return bool(problem.in_words("zh") and problem.in_words("en"))
    except Exception:  # code of somebody else may raise anything
        return False


def adapter_for(file: LedgerFile, named: str | None) -> tuple[Installed | None, list[Notice]]:
    """Return the adapter that reads a file, None where none does, and what is to be said of others.

    Raises:
        UnknownNameError: the adapter that a person named is not there.
        UsageError: it is broken; or none is named and several know the file.
    """
    if named == NO_ADAPTER:
        return None, []
    every = adapters()
    if named is not None:
        chosen = _the_named(every, named)
        if file.path.suffix.casefold() == ".zip" and not _knows(chosen, file)[0]:
            return None, []  # its members are asked for one by one
        return chosen, [Notice(IssueCode.ADAPTER_USED, None, _told(chosen))]
    notices: list[Notice] = []
    knowing: list[Installed] = []
    for one in every:
        known, trouble = _knows(one, file)
        if known:
            knowing.append(one)
        if trouble:
            told = {"adapter": one.name, "package": one.package, "reason": trouble}
            notices.append(Notice(IssueCode.ADAPTER_BROKEN, None, told))
    others = [one for one in knowing if one.package != _OWN]  # a bureau's own goes before ours
    if len(others) > 1:
        names = ", ".join(f"{one.name} ({one.package})" for one in others)
        raise UsageError("adapter.error.several", file=file.path.name, names=names)
    if not knowing:
        return None, notices
    one = (others or knowing)[0]
    return one, [*notices, Notice(IssueCode.ADAPTER_USED, None, _told(one))]


def _the_named(every: Sequence[Installed], named: str) -> Installed:
    found = [one for one in every if one.name == named]
    if not found:
        raise UnknownNameError("what.adapter", named, [one.name for one in every])
    for one in found:
        if one.adapter is not None:
            return one
    raise UsageError(
        "adapter.error.broken", adapter=named, package=found[0].package, reason=found[0].reason
    )


def _told(one: Installed) -> dict[str, object]:
    return {"adapter": one.name, "package": one.package, "version": one.version}


def _knows(one: Installed, file: LedgerFile) -> tuple[bool, str]:
    """Tell whether an adapter knows the file, or what is wrong with the adapter."""
    if one.adapter is None:
        return False, one.reason
    try:
        return bool(one.adapter.recognises(file)), ""
    except (Exception, SystemExit) as problem:  # code of somebody else may raise anything
        return False, _said(problem)


def sheets_of(one: Installed, file: LedgerFile) -> list[Sheet]:
    """Return the tables that an adapter finds in a file, as sheets like those of any file.

    Raises:
        UnreadableFileError: the adapter cannot read it, or finds nothing of that kind.
    """
    assert one.adapter is not None
    with _asking(one, file.path):
        tables = list(one.adapter.tables(file))
        sheets = [_sheet(one, file, table) for table in tables]
    if not sheets:
        raise UnreadableFileError(
            "adapter.error.nothing", file=file.path.name, adapter=one.name, kind=file.kind
        )
    return sheets


def _sheet(one: Installed, file: LedgerFile, table: Table) -> Sheet:
    kind = Kind(file.kind)
    meant = {folded(name): _meant(kind, told) for name, told in table.meanings.items()}

    def rows() -> Iterator[SourceRow]:
        with _asking(one, file.path):
            for number, cells in enumerate(table.rows(), start=table.first_row):
                yield SourceRow(number, _cells(cells))

    return Sheet(table.name, rows, tuple(map(str, table.fields)), meant=meant)


def _meant(kind: Kind, told: Meaning) -> Meant:
    """Return what a field means; ValueError where there is no such column or unit."""
    column = columns_of(kind).get(told.column or "")
    if column is None and told.column not in (None, SOURCE_ID):
        raise ValueError(f"{kind}: {told.column}?")
    if told.unit is not None and (column is None or factor(told.unit, column.unit or "") is None):
        raise ValueError(f"{told.column}: {told.unit}?")
    return Meant(told.column, told.unit)


@contextmanager
def _asking(one: Installed, path: Path) -> Iterator[None]:
    """Refuse the file where the adapter fails: what it would have told next is not known."""
    try:
        yield
    except (Exception, SystemExit) as problem:  # code of somebody else may raise anything
        if isinstance(problem, LandwatchError) and _has_words(problem):
            raise
        raise UnreadableFileError(
            "adapter.error.failed", file=path.name, adapter=one.name, package=one.package,
            version=one.version, reason=_said(problem),
        ) from problem  # fmt: skip


def _cells(row: Sequence[Given]) -> list[Cell]:
    """Return a row as the reader takes it; TypeError for a text or a mapping, which is no row."""
    if isinstance(row, (str, bytes, Mapping)):
        raise TypeError(f"{type(row).__name__} for a row")
    return [_cell(cell) for cell in row]


def _cell(cell: Given) -> Cell:
    """Return a cell as the reader takes it; TypeError for what is none.

    Text and numbers become Python's own: a class of the adapter's may fail when it is shown.
    """
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, str):
        return str.__str__(cell)
    if isinstance(cell, float):
        return float.__float__(cell)
    if isinstance(cell, int) and not isinstance(cell, bool):
        if cell.bit_length() > _LONG_BITS:
            raise ValueError("a number too long to be shown")
        return int.__int__(cell)
    if cell is None or isinstance(cell, (bool, date, time, timedelta)):
        return cell
    raise TypeError(f"{type(cell).__name__} in a cell")

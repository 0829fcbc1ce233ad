"""What landwatch's own exports say beside the columns of the ledger, so that nothing is lost.

A cell that could not be understood, or that was cleared, is blank in an export, and a blank tells
nothing. Two columns name them: `unreadable_columns` and `cleared_columns`. A cell that somebody has
filled in since speaks for itself. A geometry too long for a cell goes on in `geometry_2`, ….
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from landwatch.language.columns import Kind, columns_of
from landwatch.ledger.cells import Cell, read_list
from landwatch.ledger.headers import HeaderUse, folded, spellings
from landwatch.ledger.synonyms import CLEARED, MORE_GEOMETRY, UNREADABLE
from landwatch.ledger.telling import Told


@dataclass(frozen=True, slots=True)
class Heeded:
    """The columns of a row that a mark named: those now unreadable, and those that are none."""

    unreadable: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


_NOTHING = Heeded()


class ExportMarks:
    """The columns of a sheet that only an export of landwatch has; most sheets have none."""

    def __init__(self, kind: Kind, uses: Sequence[HeaderUse]) -> None:
        """Remember where the marks stand."""
        self._kind = kind
        at = {use.column: use.position for use in uses if use.column is not None}
        self._cleared, self._unreadable = at.get(CLEARED), at.get(UNREADABLE)
        drawn = at.get("geometry")
        self._drawn = -1 if drawn is None else drawn
        parts = sorted(
            (int(column.removeprefix(MORE_GEOMETRY)), position)
            for column, position in at.items()
            if column.startswith(MORE_GEOMETRY)
        )
        self._parts = [position for _, position in parts] if drawn is not None else []

    def others(self, uses: Sequence[HeaderUse]) -> Iterator[HeaderUse]:
        """Yield the headers in use that tell a fact."""
        for use in uses:
            mark = use.column in (CLEARED, UNREADABLE)
            if use.column is not None and not mark and not use.column.startswith(MORE_GEOMETRY):
                yield use

    def whole(
        self, cells: Sequence[Cell], texts: Sequence[str]
    ) -> tuple[Sequence[Cell], Sequence[str]]:
        """Return the cells of a row with the geometry in one piece."""
        more = "".join(texts[at] for at in self._parts if at < len(texts))
        if not more:
            return cells, texts
        joined = texts[self._drawn] + more
        return (
            [joined if at == self._drawn else cell for at, cell in enumerate(cells)],
            [joined if at == self._drawn else text for at, text in enumerate(texts)],
        )

    def heed(self, texts: Sequence[str], told: Told) -> Heeded:
        """Add to `told` what the marks of a row say of columns that it does not tell."""
        cleared = self._named(self._cleared, texts)
        unreadable = self._named(self._unreadable, texts)
        if not cleared and not unreadable:
            return _NOTHING
        known = columns_of(self._kind)
        named = spellings(self._kind)
        ours = {name: named.get(folded(name), name) for name in (*cleared, *unreadable)}
        unknown = tuple(name for name, column in ours.items() if column not in known)
        blank = known.keys() - told.values.keys()
        lost = tuple(column for name in unreadable if (column := ours[name]) in blank)
        told.unreadable.update(lost)
        told.cleared.update({ours[name] for name in cleared} & blank - set(lost))
        return Heeded(lost, unknown)

    @staticmethod
    def _named(at: int | None, texts: Sequence[str]) -> list[str]:
        text = texts[at] if at is not None and at < len(texts) else ""
        told = read_list(text).value if text else None
        return str(told).split(";") if told else []

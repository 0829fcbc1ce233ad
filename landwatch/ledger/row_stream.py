"""Every row of a file with what it tells, sheet by sheet; read as often as asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from landwatch.language.columns import Kind
from landwatch.ledger.background import Background
from landwatch.ledger.instructions import Instructions
from landwatch.ledger.layout import Layout
from landwatch.ledger.merging import filled
from landwatch.ledger.report.mending import MendedRows
from landwatch.ledger.rows import RowReader, Understood
from landwatch.ledger.second_headers import SecondHeader, refuse_second_header
from landwatch.ledger.sheets import SourceRow

if TYPE_CHECKING:
    from landwatch.ledger.placing import CellWay

Wanted: TypeAlias = Callable[[str | None, int], bool]
"""Whether the row of a sheet is asked for."""


class RowStream:
    """The rows of a file whose sheets are laid out; `layouts` are those sheets.

    `epsg` is the number of the coordinate system that a person named, where it has one.
    """

    def __init__(
        self,
        kind: Kind,
        file: str,
        layouts: Sequence[Layout],
        said: Instructions,
        background: Background,
    ) -> None:
        """Prepare to read rows of `kind` as the person who imports them says."""
        self._held = background.held
        self.layouts = tuple(layouts)
        self._kind, self._file, self._said = kind, file, said
        self._way = _cell_way(said)
        self.epsg = _epsg_of(said)
        self._readers: dict[str | None, RowReader] = {}

    def rows(self) -> Iterator[tuple[SourceRow, Understood | None]]:
        """Yield each row with what it tells; None for one that is blank."""
        for _, row, understood in self.placed_rows():
            yield row, understood

    def placed_rows(
        self, wanted: Wanted | None = None
    ) -> Iterator[tuple[Layout, SourceRow, Understood | None]]:
        """Yield each row with its sheet and what it tells; None for one that is blank.

        Rows that are not `wanted` are passed over without being understood.

        Raises:
            InputRefusedError: another table begins below the first.
        """
        for layout in self.layouts:
            if layout.way_back is not None:
                yield from self._mended(layout, wanted)
                continue
            reader = self.reader(layout.sheet.name)
            second = self._second_header(layout)
            for row in filled(self._kind, layout.sheet, layout.uses, layout.header_row):
                if second is not None and second.begins_in(row):
                    raise refuse_second_header(self._file, layout.sheet.name, row.number)
                if wanted is None or wanted(layout.sheet.name, row.number):
                    yield layout, row, None if row.is_blank else reader.read(row)

    def _second_header(self, layout: Layout) -> SecondHeader | None:
        """Return what recognises another header in a sheet; a format's own fields have none."""
        if layout.sheet.headers is not None:
            return None
        return SecondHeader(self._kind, layout.uses, one_line=layout.one_line)

    def reader(self, sheet: str | None) -> RowReader:
        """Return the reader of a sheet's rows, the same as long as this stream is read."""
        reader = self._readers.get(sheet)
        if reader is None:
            named = (one for one in self.layouts if one.sheet.name == sheet)
            layout = next(named, self.layouts[0])
            reader = self._readers[sheet] = self._new_reader(layout)
        return reader

    def _new_reader(self, layout: Layout) -> RowReader:
        # In a report areas name their own system, whatever is said of its source.
        way = self._way if layout.way_back is None else None
        return RowReader(
            self._kind, self._file, layout.sheet.name, layout.uses, way, self._said.today,
            repair=self._said.repair,
        )  # fmt: skip

    def _mended(
        self, layout: Layout, wanted: Wanted | None
    ) -> Iterator[tuple[Layout, SourceRow, Understood | None]]:
        assert layout.way_back is not None
        rows = MendedRows(
            self._kind, layout.sheet, layout.uses, layout.way_back, self._new_reader(layout),
            self._held,
        )  # fmt: skip
        for row, understood in rows.read():
            if wanted is None or wanted(layout.sheet.name, row.number):
                yield layout, row, understood


def _cell_way(said: Instructions) -> CellWay:
    """Return the way for areas drawn in cells, where a person named one."""
    if said.crs is None and said.cure is None:
        return None
    from landwatch.ledger.placing import cell_way

    return cell_way(said)


def _epsg_of(said: Instructions) -> int | None:
    if said.crs is None:
        return None
    from landwatch.ledger.placing import named_system

    number = named_system(said.crs).to_epsg()
    return None if number is None else int(number)

"""Writing a ledger as pieces: a file for each kind of row of each piece, and the manifest last.

Rows are streamed in the order of their pieces; what does not fit into memory is laid onto the disk
beside them, so a ledger of any size can be laid out. The same ledger gives the same files.
"""

from __future__ import annotations

import hashlib
import itertools
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch.language.columns import Kind
from landwatch.lawbook.policy import About
from landwatch.scan.cutting import LARGE, ROWS_OF, Share, Size, cut
from landwatch.scan.dossier import Ledger
from landwatch.scan.extent import WHOLE, Extent
from landwatch.scan.partition import LOCATED, Partitions, Piece, PieceFile, write_manifest
from landwatch.scan.told_rows import forget, told_names, told_sql

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MEMORY = "1500MB"
"""What laying out may hold in memory."""
PARKS = 0
"""The number of the piece of all parks: their rules ask of zones alone."""
_SPILL = ".spill"
_BATCH = 100_000


def lay_out(
    ledger: Ledger,
    folder: Path,
    *,
    mark: str = "",
    size: Size = LARGE,
    extent: Extent = WHOLE,
) -> Partitions:
    """Lay a ledger out in a folder, which is emptied; return what is there then.

    Of each row the columns of the `extent` are written.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    engine = _engine(folder)
    try:
        shares = cut(engine, ledger, size)
        writer = _Writer(engine, folder, ledger, extent)
        for kind in ROWS_OF:
            writer.write(kind)
        writer.write_zones()
        writer.write_located()
    finally:
        engine.close()
        shutil.rmtree(folder / _SPILL, ignore_errors=True)
    pieces = {piece.number: piece for piece in _pieces(shares, writer.files)}
    placed = ledger.located is not None
    found = Partitions(folder, mark, pieces, writer.blank, writer.lost, placed)
    write_manifest(found)
    return found


def _engine(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return an engine that may spill into the folder; no text of a policy ever comes to it."""
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": "2",
        "memory_limit": MEMORY,
        "temp_directory": str(folder / _SPILL),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    engine = duckdb.connect(":memory:", config=settings)
    engine.execute("SET enable_progress_bar = false")
    return engine


def _pieces(
    shares: Iterable[Share], files: Mapping[int, Mapping[str, PieceFile]]
) -> Iterator[Piece]:
    """Yield the piece of parks and those of contracts; there is one of these at least."""
    yield Piece(PARKS, About.PARK, 0, "", "", {})
    by_piece = {number: list(some) for number, some in itertools.groupby(shares, _piece_of)}
    for number, some in (by_piece or {1: []}).items():
        divisions = [share.division for share in some] or [""]
        contracts = sum(share.last - share.first + 1 for share in some)
        own = files.get(number, {})
        yield Piece(number, About.CONTRACT, contracts, divisions[0], divisions[-1], own)


def _piece_of(share: Share) -> int:
    return share.piece


class _Writer:
    """The files of the pieces, written in their order: one is open at a time."""

    def __init__(
        self, engine: duckdb.DuckDBPyConnection, folder: Path, ledger: Ledger, extent: Extent
    ) -> None:
        self._engine, self._folder, self._ledger, self._extent = engine, folder, ledger, extent
        self.files: dict[int, dict[str, PieceFile]] = {}
        self.blank: dict[str, PieceFile] = {}
        self.lost: dict[str, int] = {}

    def write(self, kind: Kind) -> None:
        """Write the rows of a kind to the pieces of their contracts, in the order of recording."""
        source = self._source(kind)
        belongs = f"SELECT r.*, p.piece FROM ({source}) r {ROWS_OF[kind]}"
        written = self._spread(kind.value, f"{belongs} ORDER BY piece, record_id")
        if kind is not Kind.PARCELS:  # nobody asks of a parcel that no contract names
            told = self._engine.sql(f"SELECT count(*) FROM ({source})").fetchall()
            self.lost[kind.value] = told[0][0] - written
        forget(self._engine, kind)

    def write_zones(self) -> None:
        """Write all zones, which every piece has."""
        self._whole(Kind.ZONES.value, f"{self._source(Kind.ZONES)} ORDER BY record_id")
        forget(self._engine, Kind.ZONES)

    def write_located(self) -> None:
        """Write where the parcels of each piece lie."""
        self._spread(
            LOCATED,
            "SELECT parcel_id, zone_id, piece FROM located JOIN named USING (parcel_id)"
            " ORDER BY piece, parcel_id, zone_id",
        )

    def _source(self, kind: Kind) -> str:
        rows, wanted = self._ledger.records[kind], self._extent.columns(kind)
        columns = wanted & (told_names(rows) | {"contract_id"})
        return told_sql(self._engine, kind, rows, columns, {})

    def _whole(self, part: str, rows: str) -> None:
        """Write rows that belong to every piece."""
        table = self._engine.sql(rows).to_arrow_table()
        self.blank[part] = self._file(part, "all", table.to_batches(), table.schema)

    def _spread(self, part: str, rows: str) -> int:
        """Write rows in the order of their pieces, a file for each; return how many there are."""
        reader = self._engine.sql(rows).to_arrow_reader(_BATCH)
        schema = reader.schema.remove(reader.schema.get_field_index("piece"))
        self.blank[part] = self._file(part, "none", (), schema)
        written = 0
        for number, batches in itertools.groupby(_by_piece(reader), lambda one: one[0]):
            file = self._file(part, f"{number:06}", (batch for _, batch in batches), schema)
            self.files.setdefault(number, {})[part] = file
            written += file.rows
        return written

    def _file(
        self, part: str, name: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema
    ) -> PieceFile:
        import pyarrow.parquet as pq

        path = self._folder / f"{part}-{name}.parquet"
        count = 0
        with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
            for batch in batches:
                writer.write_batch(batch)
                count += batch.num_rows
        with path.open("rb") as written:
            mark = hashlib.file_digest(written, "sha256").hexdigest()
        return PieceFile(path.name, count, mark)


def _by_piece(reader: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield the number of a piece with rows of it, which come in the order of pieces."""
    import numpy as np

    for batch in reader:
        place = batch.schema.get_field_index("piece")
        numbers = batch.column(place).to_numpy()
        rows = batch.remove_column(place)
        ends = [*(np.flatnonzero(numbers[1:] != numbers[:-1]) + 1).tolist(), len(numbers)]
        begin = 0
        for end in ends:
            if end > begin:
                yield int(numbers[begin]), rows.slice(begin, end - begin)
            begin = end

"""A ledger laid out in pieces that are scanned one by one, here or by other machines.

A piece is a few Parquet files: some contracts with every row that speaks of them. The manifest, the
last file to be written, names the pieces, counts their rows and holds a hash of each file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch.errors import LandwatchError
from landwatch.files import write_whole
from landwatch.language.columns import Kind
from landwatch.lawbook.policy import About
from landwatch.scan.dossier import Ledger

if TYPE_CHECKING:
    import pyarrow as pa

FORM = 1
"""Raised where the files are laid out in another way."""
LOCATED = "located"
"""The part of a piece that tells where parcels lie; its other parts are kinds of records."""
_MANIFEST = "manifest.json"


class PieceError(LandwatchError):
    """A piece of a ledger cannot be read: the folder is not shared, or its files were changed."""


@dataclass(frozen=True, slots=True)
class PieceFile:
    """One file of a piece."""

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some contracts of some divisions, or all parks; numbered in the order of divisions.

    `files` has a file for each kind of which the piece has rows.
    """

    number: int
    about: About
    contracts: int
    first_division: str
    last_division: str
    files: Mapping[str, PieceFile]

    @property
    def called(self) -> str:
        """Return its divisions, from the first to the last."""
        ends = dict.fromkeys((self.first_division, self.last_division))
        return "–".join(ends) or str(self.about)


@dataclass(frozen=True, slots=True)
class Partitions:
    """A ledger that is laid out in a folder.

    Attributes:
        folder: Where the files lie.
        mark: What two layouts share exactly when they hold the same.
        pieces: The pieces by number.
        blank: The columns of each part that the empty piece has, in words of Parquet: a file
            without rows.
        lost: Rows by kind that speak of no contract of the ledger; no piece has them.
        placed: Whether it was worked out where parcels lie.
    """

    folder: Path
    mark: str
    pieces: Mapping[int, Piece]
    blank: Mapping[str, PieceFile]
    lost: Mapping[str, int]
    placed: bool

    def ledger(self, number: int) -> Ledger:
        """Return what the ledger holds of a piece.

        Raises:
            PieceError: a file is not there, or is not the one that was written.
        """
        files = {**self.blank, **self.pieces[number].files}
        located = self._read(number, files[LOCATED]) if self.placed else None
        return Ledger({kind: self._read(number, files[kind.value]) for kind in Kind}, located)

    def _read(self, number: int, file: PieceFile) -> pa.Table:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self.folder / file.name
        try:
            content = path.read_bytes()
        except OSError as problem:
            why = problem.strerror or str(problem)
            raise PieceError("cluster.piece_gone", piece=number, file=str(path), why=why) from None
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise PieceError("cluster.piece_changed", piece=number, file=str(path))
        return pq.read_table(pa.BufferReader(content))


def opened(folder: Path, mark: str | None = None) -> Partitions | None:
    """Return what is laid out in a folder; None where nothing is, or not what the mark tells."""
    try:
        told = json.loads((folder / _MANIFEST).read_text("utf-8"))
        if told["form"] != FORM or (mark is not None and told["mark"] != mark):
            return None
        pieces = (
            Piece(
                **one
                | {"about": About(one["about"])}
                | {"files": {part: PieceFile(**file) for part, file in one["files"].items()}}
            )
            for one in told["pieces"]
        )
        return Partitions(
            folder,
            told["mark"],
            {piece.number: piece for piece in pieces},
            {part: PieceFile(**file) for part, file in told["blank"].items()},
            told["lost"],
            told["placed"],
        )
    except (OSError, ValueError, KeyError, TypeError):  # none, half written, or of another form
        return None


def write_manifest(partitions: Partitions) -> None:
    """Say what is laid out; until then a folder holds nothing."""
    told = {
        "form": FORM,
        "mark": partitions.mark,
        "placed": partitions.placed,
        "lost": dict(partitions.lost),
        "blank": {part: asdict(file) for part, file in partitions.blank.items()},
        "pieces": [
            asdict(piece) | {"about": str(piece.about)} for piece in partitions.pieces.values()
        ],
    }
    content = json.dumps(told, ensure_ascii=False, indent=1).encode()
    write_whole(partitions.folder / _MANIFEST, content)

"""A scan spread over many workers: laid out, decided piece by piece, put together, resumable.

What is laid out and what is finished stay in the folder until the whole is read, so that a scan
that was stopped, however it was, goes on where it was. They are used again only where ledger, law,
day and landwatch are the same.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING

from landwatch.files import write_whole
from landwatch.scan.cutting import LARGE, Size
from landwatch.scan.dossier import Ledger
from landwatch.scan.extent import extent_of
from landwatch.scan.laying_out import lay_out
from landwatch.scan.partition import Partitions, opened
from landwatch.scan.pieces import Crew, Task, build, tasks_of, together
from landwatch.scan.run import Adopted, RuleOutcomes
from landwatch.store import MirroredRows

if TYPE_CHECKING:
    import pyarrow as pa

_PREFIX = "scan-"
_STALE_S = 7 * 86_400
"""How long what a stopped scan left is kept."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How a scan is spread over workers.

    Attributes:
        crew: Who works.
        folder: Where the pieces lie.
        size: How large they are.
        told: Hears which divisions are finished, how many pieces are, and how many there are.
        resumed: Hears how many pieces of how many a scan that was stopped had finished.
    """

    crew: Crew
    folder: Path
    size: Size = LARGE
    told: Callable[[str, int, int], None] | None = None
    resumed: Callable[[int, int], None] | None = None

    def decide(
        self, ledger: Ledger, adopted: Sequence[Adopted], as_of: date, *, for_later: bool = False
    ) -> Iterator[RuleOutcomes]:
        """Yield the outcomes of every adopted rule, as `run.decide` does.

        Raises:
            LandwatchError: a piece was not decided; the others are kept for the next time.
        """
        mark = mark_of(ledger, adopted, as_of, for_later=for_later)
        place = self.folder / f"{_PREFIX}{mark[:16]}"
        _sweep(self.folder, place)
        partitions = opened(place, mark)
        if partitions is None:
            extent = extent_of(one.policy for one in adopted)
            partitions = lay_out(ledger, place, mark=mark, size=self.size, extent=extent)
        done = InFolder(place / "finished")
        there = done.numbers()
        left = [number for number in partitions.pieces if number not in there]
        tasks = tasks_of(partitions, adopted, as_of, left, for_later=for_later)
        self._work(partitions, tasks, done)
        yield from together(partitions, adopted, done)
        shutil.rmtree(place, ignore_errors=True)

    def _work(self, partitions: Partitions, tasks: Sequence[Task], done: InFolder) -> None:
        count = len(partitions.pieces)
        before = count - len(tasks)
        if self.resumed is not None and before:
            self.resumed(before, count)
        if not tasks:
            return
        for place, (number, content) in enumerate(self.crew.work(tasks), start=before + 1):
            done.keep(number, content)
            if self.told is not None:
                self.told(partitions.pieces[number].called, place, count)


class InFolder:
    """Finished pieces as files of a folder."""

    def __init__(self, folder: Path) -> None:
        """Keep them in `folder`, which is made where it is not there."""
        folder.mkdir(exist_ok=True)
        self._folder = folder

    def numbers(self) -> set[int]:
        """Return which are finished."""
        return {int(path.stem) for path in self._folder.glob("[0-9]*.zip")}

    def keep(self, number: int, content: bytes) -> None:
        """Keep the outcomes of a piece, wholly or not at all."""
        write_whole(self._path(number), content)

    def open(self, number: int) -> IO[bytes]:
        """Return the outcomes of a piece."""
        return self._path(number).open("rb")

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:06}.zip"


def mark_of(
    ledger: Ledger, adopted: Sequence[Adopted], as_of: date, *, for_later: bool = False
) -> str:
    """Return what two scans share exactly when they decide the same of the same, by the same."""
    told = hashlib.sha256(f"{build()}\0{as_of}\0{for_later}\0".encode())
    for one in adopted:
        adoption = one.adoption
        places = (sorted(adoption.zones), sorted(adoption.levels), sorted(adoption.divisions))
        told.update(repr((one.policy.id, one.policy.version, adoption.everywhere, places)).encode())
        told.update(one.policy.text.encode() + b"\0")
    for kind, rows in ledger.records.items():
        told.update(f"\0{kind}\0".encode())
        if isinstance(rows, MirroredRows):
            names = [(file.name, file.stat().st_size) for file in rows.files]
            told.update(repr((names, sorted(rows.not_yet), sorted(rows.hidden))).encode())
        else:
            _take_in(told, rows)
    if ledger.located is not None:
        _take_in(told, ledger.located)
    return told.hexdigest()


def _take_in(told: hashlib._Hash, table: pa.Table) -> None:
    """Add the cells of a table to a hash."""
    import pyarrow as pa

    with pa.ipc.new_stream(pa.PythonFile(_Sink(told), mode="w"), table.schema) as stream:
        stream.write_table(table)


class _Sink:
    """A file that only hashes what is written to it."""

    closed = False

    def __init__(self, told: hashlib._Hash) -> None:
        self._told, self._at = told, 0

    def write(self, content: bytes) -> int:
        self._told.update(content)
        self._at += len(content)
        return len(content)

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass


def _sweep(folder: Path, ours: Path) -> None:
    """Take away what scans that were stopped long ago left, and never went on."""
    for place in folder.glob(f"{_PREFIX}{'[0-9a-f]' * 16}"):
        if place != ours and time.time() - place.stat().st_mtime > _STALE_S:
            shutil.rmtree(place, ignore_errors=True)

"""What is too much for memory, kept in a nameless file that goes with the process."""

from __future__ import annotations

import pickle
import tempfile
import weakref
from collections.abc import Iterator
from typing import IO, Any

_IN_MEMORY = 4 << 20


class Spool:
    """Parts written by this process or its child, one after the other, and read as often as asked.

    Several readers may take turns: each keeps its own place.
    """

    def __init__(self, *, on_disk: bool = False) -> None:
        """Begin empty; `on_disk` where a child process is to write into it."""
        self.file: IO[bytes] = (
            tempfile.TemporaryFile() if on_disk else tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the spool
        )
        self._end = 0
        weakref.finalize(self, self.file.close)

    def add(self, part: object) -> None:
        """Write a part after the others."""
        self.file.seek(self._end)
        pickle.dump(part, self.file, pickle.HIGHEST_PROTOCOL)
        self._end = self.file.tell()

    def __iter__(self) -> Iterator[Any]:
        """Yield every part written by `add`."""
        at = 0
        while at < self._end:
            part, at = self.part(at)
            yield part

    def part(self, at: int) -> tuple[Any, int]:
        """Return the part that begins at a place in the file, and the place after it."""
        self.file.seek(at)
        return pickle.load(self.file), self.file.tell()

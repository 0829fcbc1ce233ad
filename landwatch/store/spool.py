"""Work laid aside on disk until it can be written in one go: memory stays flat, locks short."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Generic, TypeVar

Batch = TypeVar("Batch")

_IN_MEMORY = 8 << 20


class Spool(Generic[Batch]):
    """Batches in the order they came, in a nameless file that vanishes with the process."""

    def __init__(self) -> None:
        """Begin in memory; a long spool moves to disk by itself."""
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115

    def __enter__(self) -> Spool[Batch]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def put(self, batch: Batch) -> None:
        """Lay a batch aside."""
        pickler = pickle.Pickler(self._file, protocol=pickle.HIGHEST_PROTOCOL)
        pickler.fast = True  # rows hold no part twice: looking for such takes half the time
        pickler.dump(batch)

    def batches(self) -> Iterator[Batch]:
        """Return what was laid aside, first come first."""
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            yield pickle.load(self._file)  # our own file, which no other process can name

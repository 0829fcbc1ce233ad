"""PMTiles of pictures, read within bounds: what a file says of its own lengths is not believed.

The package `pmtiles` reads the header and counts tiles along the curve. Directories are unpacked
here, because a few kilobytes may unpack to more than the memory holds.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pmtiles.tile import (
    Compression,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_header,
    zxy_to_tileid,
)

from landwatch.errors import PageError
from landwatch.mapping.backdrops.pictures import MOST_BYTES
from landwatch.mapping.backdrops.tile_sources import plain_words, zooms_within

MOST_DIRECTORY = 8 << 20
MOST_METADATA = 1 << 20
MOST_KEPT = 64
_DEPTH = 4
_HEADER = 127
_SHOWN = (TileType.PNG, TileType.JPEG, TileType.WEBP)


class _DamagedError(Exception):
    """What the file says of itself cannot be so."""


@dataclass(frozen=True, slots=True)
class _Directory:
    """Entries in order: where each begins along the curve, how many tiles it is, and its bytes."""

    ids: NDArray[np.int64]
    runs: NDArray[np.int64]
    lengths: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def entry(self, tile: int) -> tuple[int, int, int] | None:
        """Return run, offset and length of the entry that holds a tile, or leads to it."""
        at = int(np.searchsorted(self.ids, tile, side="right")) - 1
        if at < 0:
            return None
        run = int(self.runs[at])
        if run and tile - int(self.ids[at]) >= run:
            return None
        return run, int(self.offsets[at]), int(self.lengths[at])


class PmTiles:
    """Tiles of a PMTiles file of version 3."""

    def __init__(self, path: Path) -> None:
        """Open a file and learn what it says of itself.

        Raises:
            PageError: it is no PMTiles file, is damaged, or holds no pictures.
        """
        self._path, self._size = path, path.stat().st_size
        self._file = path.open("rb")
        self._kept: dict[tuple[int, int], _Directory] = {}
        try:
            self._header = deserialize_header(self._bytes(0, _HEADER))
            self._check_kind()
            described = self._described()
        except (
            MagicNumberNotFound, SpecVersionUnsupported, _DamagedError, ValueError, IndexError
        ) as error:  # fmt: skip
            self._file.close()
            raise self._damaged(error) from error
        except PageError:
            self._file.close()
            raise
        self.name = plain_words(described.get("name"), path.stem)
        self.credit = plain_words(described.get("attribution"))
        self.zooms = zooms_within(self._header["min_zoom"], self._header["max_zoom"])

    def tile(self, zoom: int, x: int, y: int) -> bytes | None:
        """Return a tile as it is kept; None where there is none, no bytes where it is damaged."""
        tile, header = zxy_to_tileid(zoom, x, y), self._header
        offset, length = header["root_offset"], header["root_length"]
        try:
            for _ in range(_DEPTH):
                found = self._directory(offset, length).entry(tile)
                if found is None:
                    return None
                run, inside, length = found
                if run:
                    return self._picture(header["tile_data_offset"] + inside, length)
                offset = header["leaf_directory_offset"] + inside
        except _DamagedError as error:
            raise self._damaged(error) from error
        return None

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def _check_kind(self) -> None:
        kind = self._header["tile_type"]
        if kind in (TileType.MVT, TileType.MLT):
            raise PageError("backdrop.error.vector", file=str(self._path))
        packed = self._header["tile_compression"] not in (Compression.NONE, Compression.UNKNOWN)
        if kind not in _SHOWN or packed:
            raise PageError("backdrop.error.tile_kind", file=str(self._path), kind=kind.name)

    def _described(self) -> dict[str, object]:
        """Return what the file says of itself; nothing where that is no JSON."""
        length = self._header["metadata_length"]
        if not length:
            return {}
        told = self._unpacked(self._header["metadata_offset"], length, MOST_METADATA)
        try:
            described = json.loads(told)
        except (ValueError, RecursionError):
            return {}
        return described if isinstance(described, dict) else {}

    def _picture(self, offset: int, length: int) -> bytes:
        try:
            return self._bytes(offset, length) if 0 < length <= MOST_BYTES else b""
        except _DamagedError:
            return b""

    def _directory(self, offset: int, length: int) -> _Directory:
        if (offset, length) not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            unpacked = self._unpacked(offset, length, MOST_DIRECTORY)
            self._kept[offset, length] = _directory_of(unpacked)
        return self._kept[offset, length]

    def _unpacked(self, offset: int, length: int, most: int) -> bytes:
        """Return a part of the file without its compression, if it is no longer than `most`."""
        told = self._bytes(offset, length, most)
        if self._header["internal_compression"] is Compression.NONE:
            return told
        if self._header["internal_compression"] is not Compression.GZIP:
            raise _DamagedError(self._header["internal_compression"].name)
        unpacking = zlib.decompressobj(wbits=31)
        try:
            out = unpacking.decompress(told, most)
        except zlib.error as error:
            raise _DamagedError(str(error)) from error
        if unpacking.unconsumed_tail or not unpacking.eof:
            raise _DamagedError(f"gzip > {most}")
        return out

    def _bytes(self, offset: int, length: int, most: int = MOST_DIRECTORY) -> bytes:
        if not 0 <= length <= most or not 0 <= offset <= self._size - length:
            raise _DamagedError(f"{offset} + {length} > {self._size}")
        self._file.seek(offset)
        return self._file.read(length)

    def _damaged(self, error: Exception) -> PageError:
        why = plain_words(error, type(error).__name__)
        return PageError("backdrop.error.pmtiles", file=str(self._path), why=why)


def _directory_of(told: bytes) -> _Directory:
    """Return the entries that a directory tells, as the specification packs them."""
    numbers = _naturals(told)
    count = int(numbers[0]) if len(numbers) else -1
    if count < 0 or len(numbers) < 1 + 4 * count:
        raise _DamagedError(f"{count} > {len(numbers)}")
    steps, runs, lengths, places = numbers[1 : 1 + 4 * count].reshape(4, count)
    offsets: list[int] = []
    end = 0
    for place, length in zip(places.tolist(), lengths.tolist(), strict=True):
        offsets.append(end if place == 0 and offsets else place - 1)
        end = offsets[-1] + length
    if end >= 2**62:
        raise _DamagedError(str(end))
    return _Directory(np.cumsum(steps), runs, lengths, np.array(offsets, np.int64))


def _naturals(told: bytes) -> NDArray[np.int64]:
    """Return the varints that stand one after the other."""
    data = np.frombuffer(told, np.uint8)
    ends = np.flatnonzero(data < 128)
    if not len(ends) or ends[-1] != len(data) - 1:
        raise _DamagedError("varint")
    starts = np.concatenate([[0], ends[:-1] + 1])
    lengths = ends - starts + 1
    if lengths.max() > 8:  # 2**56 bytes are no file
        raise _DamagedError("varint")
    places = np.arange(len(data)) - np.repeat(starts, lengths)
    parts = (data & 127).astype(np.int64) << (7 * places)
    naturals: NDArray[np.int64] = np.add.reduceat(parts, starts)
    return naturals

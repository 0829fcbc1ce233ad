"""What a picture of a tile is, by its own first bytes: its kind and size, never by its name.

A few bytes may claim a picture that fills the memory of a browser; so nothing is shown that does
not say a size of a tile.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_BYTES = 2 << 20
MOST_SIDE = 1024
"""Tiles are 256 pixels wide, or 512; one of more is none."""
ENDINGS = {"png": "png", "jpg": "jpeg", "jpeg": "jpeg", "webp": "webp"}

_SIZED = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset((0x01, *range(0xD0, 0xD9)))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its first bytes; `kind` is png, jpeg or webp."""

    kind: str
    width: int
    height: int


def tile_picture(data: bytes) -> Picture | None:
    """Return what a picture of a tile is; None where it is none, or none of a tile's size."""
    if not 16 <= len(data) <= MOST_BYTES:
        return None
    found = _png(data) or _jpeg(data) or _webp(data)
    if found is None or not (0 < found.width <= MOST_SIDE and 0 < found.height <= MOST_SIDE):
        return None
    return found


def is_vector(data: bytes) -> bool:
    """Tell whether a tile that is no picture looks like a vector tile: gzip, or a layer of one."""
    return data[:2] == b"\x1f\x8b" or data[:1] == b"\x1a"


def _png(data: bytes) -> Picture | None:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        return None
    return Picture("png", int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big"))


def _jpeg(data: bytes) -> Picture | None:
    """Return the size that the frame of a JPEG tells; the segments before it are stepped over."""
    if data[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        mark = data[at + 1]
        if mark in _SIZED:
            height = int.from_bytes(data[at + 5 : at + 7], "big")
            return Picture("jpeg", int.from_bytes(data[at + 7 : at + 9], "big"), height)
        if mark == 0xFF or mark in _BARE:
            at += 1 if mark == 0xFF else 2
            continue
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None


def _webp(data: bytes) -> Picture | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return None
    form = data[12:16]
    if form == b"VP8 ":
        wide, high = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (26, 28))
        return Picture("webp", wide, high)
    if form == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return Picture("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if form == b"VP8X":
        wide, high = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        return Picture("webp", wide, high)
    return None

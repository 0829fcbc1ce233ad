"""Reads a QR code of bytes back from its squares, by the standard and not by what drew it.

Error correction is not needed: the squares are those of a rendering, not of a photograph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from segno import consts

Squares = NDArray[np.bool_]
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda i, j: (i + j) % 2 == 0,
    lambda i, j: i % 2 == 0,
    lambda i, j: j % 3 == 0,
    lambda i, j: (i + j) % 3 == 0,
    lambda i, j: (i // 2 + j // 3) % 2 == 0,
    lambda i, j: i * j % 2 + i * j % 3 == 0,
    lambda i, j: (i * j % 2 + i * j % 3) % 2 == 0,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2 == 0,
)
_LEVELS = {0b01: consts.ERROR_LEVEL_L, 0b00: consts.ERROR_LEVEL_M,
           0b11: consts.ERROR_LEVEL_Q, 0b10: consts.ERROR_LEVEL_H}  # fmt: skip
_FORMAT_MASK = 0b101010000010010


def read(squares: Squares) -> str:
    """Return the text of a code whose first segment holds bytes."""
    side = len(squares)
    version = (side - 17) // 4
    level, mask = _format(squares)
    bits = [bool(squares[i, j]) ^ bool(_MASKS[mask](i, j)) for i, j in _places(side, version)]
    words = [
        int("".join("1" if bit else "0" for bit in bits[at : at + 8]), 2)
        for at in range(0, len(bits) - 7, 8)
    ]
    stream = "".join(f"{word:08b}" for word in _in_order(words, version, level))
    assert stream[:4] == "0100"  # bytes
    wide = 8 if version < 10 else 16
    count, begin = int(stream[4 : 4 + wide], 2), 4 + wide
    told = (stream[begin + 8 * at : begin + 8 * at + 8] for at in range(count))
    return bytes(int(one, 2) for one in told).decode("utf-8")


def _format(squares: Squares) -> tuple[int, int]:
    places = [(8, 0), (8, 1), (8, 2), (8, 3), (8, 4), (8, 5), (8, 7), (8, 8), (7, 8),
              (5, 8), (4, 8), (3, 8), (2, 8), (1, 8), (0, 8)]  # fmt: skip
    told = int("".join("1" if squares[place] else "0" for place in places), 2) ^ _FORMAT_MASK
    return _LEVELS[told >> 13], (told >> 10) & 0b111


def _places(side: int, version: int) -> Iterator[tuple[int, int]]:
    """Yield the squares of data in their order: columns of two, up and down, from the right."""
    fixed = _fixed(side, version)
    up = True
    for right in (*range(side - 1, 6, -2), *range(5, 0, -2)):
        for step in range(side):
            row = side - 1 - step if up else step
            for column in (right, right - 1):
                if not fixed[row, column]:
                    yield row, column
        up = not up


def _fixed(side: int, version: int) -> Squares:
    fixed = np.zeros((side, side), np.bool_)
    fixed[:9, :9] = fixed[:9, -8:] = fixed[-8:, :9] = True
    fixed[6, :] = fixed[:, 6] = True
    if version >= 7:
        fixed[:6, -11:-8] = fixed[-11:-8, :6] = True
    centres = consts.ALIGNMENT_POS[version - 2] if version > 1 else ()
    corners = {(6, 6), (6, side - 7), (side - 7, 6)}
    for row in centres:
        for column in centres:
            if (row, column) not in corners:
                fixed[row - 2 : row + 3, column - 2 : column + 3] = True
    return fixed


def _blocks(version: int, level: int) -> tuple[Any, ...]:
    """Return how many blocks of which length the standard lays down."""
    table: Any = consts.ECC
    blocks: tuple[Any, ...] = table[version][level]
    return blocks


def _in_order(words: list[int], version: int, level: int) -> list[int]:
    """Return the words of data block after block; they were dealt out in turns."""
    blocks = [[0] * one.num_data for one in _blocks(version, level) for _ in range(one.num_blocks)]
    dealt = iter(words)
    for turn in range(max(map(len, blocks))):
        for block in blocks:
            if turn < len(block):
                block[turn] = next(dealt)
    return [word for block in blocks for word in block]

"""Mapbox Vector Tiles 2.1, written for many tiles at once with numpy.

Everything in a feature is a varint, so the features of a whole batch of tiles are one list of
numbers, packed in one go and cut where a tile ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landwatch.mapping.columns import Integers, varint_lengths, varints, zigzag
from landwatch.mapping.tiles.attributes import NOT_TOLD, Vocabulary

EXTENT_BITS = 12
EXTENT = 1 << EXTENT_BITS
POINT, POLYGON = 1, 3
_MOVE_TO, _LINE_TO, _CLOSE = 9, 2, 15
_VERSION = b"\x78\x02"
_EXTENT = b"\x28" + varints([EXTENT])


@dataclass(frozen=True, slots=True)
class Ragged:
    """Lists of numbers of different lengths, one after the other."""

    numbers: Integers
    lengths: Integers


@dataclass(frozen=True, slots=True)
class Packed:
    """Pieces of bytes, one after the other."""

    body: bytes
    lengths: Integers


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one layer in a batch of tiles, tile by tile.

    Attributes:
        kind: POINT or POLYGON.
        tile: which tile of the batch each is in, ascending.
        codes: which value of each of the layer's attributes each tells, `NOT_TOLD` where none.
        ids: the same number in every tile.
        commands: the geometry of each as the numbers of the format.
    """

    kind: int
    tile: Integers
    codes: Integers
    ids: Integers
    commands: Ragged


def layers(name: str, told: Vocabulary, features: Features, tiles: int) -> list[bytes]:
    """Return the layer in each tile of a batch, empty where the tile has none of its features."""
    tags, value_of, value_tile = _tags(told, features, tiles)
    bodies = _feature_bytes(features, tags)
    values = _gathered(told, value_of)
    packed, at = bodies.body, _cuts(bodies, features.tile, tiles)
    words, value_at = values.body, _cuts(values, value_tile, tiles)
    label = name.encode()
    begin = _VERSION + b"\x0a" + varints([len(label)]) + label
    keys = b"".join(
        b"\x1a" + varints([len(key)]) + key for key in (a.name.encode() for a in told.attributes)
    )
    out = []
    for tile in range(tiles):
        features_here = packed[at[tile] : at[tile + 1]]
        if not features_here:
            out.append(b"")
            continue
        body = begin + features_here + keys + words[value_at[tile] : value_at[tile + 1]] + _EXTENT
        out.append(b"\x1a" + varints([len(body)]) + body)
    return out


def _cuts(pieces: Packed, tile: Integers, tiles: int) -> list[int]:
    """Return where the pieces of each tile begin, and where the last ends."""
    begins = np.concatenate([[0], np.cumsum(pieces.lengths)])
    cuts: list[int] = begins[np.searchsorted(tile, np.arange(tiles + 1))].tolist()
    return cuts


def _tags(told: Vocabulary, features: Features, tiles: int) -> tuple[Ragged, Integers, Integers]:
    """Return the tags of each feature, and the values of each tile: which, and in which tile."""
    codes = features.codes
    count, keys = codes.shape
    there = codes != NOT_TOLD
    whole = codes + told.offsets + features.tile[:, None] * max(told.count, 1)
    different, place = np.unique(whole[there], return_inverse=True)
    value_tile = different // max(told.count, 1)
    first = np.searchsorted(value_tile, np.arange(tiles))
    pairs = np.empty((count, keys, 2), np.int64)
    pairs[:, :, 0] = np.arange(keys)
    pairs[there, 1] = place - first[np.broadcast_to(features.tile[:, None], there.shape)[there]]
    tags = Ragged(pairs[there].ravel(), there.sum(axis=1) * 2)
    return tags, different % max(told.count, 1), value_tile


def _gathered(told: Vocabulary, values: Integers) -> Packed:
    """Return the bytes of some values, one after the other."""
    lengths = told.starts[values + 1] - told.starts[values]
    return Packed(told.body[spread(told.starts[values], lengths)].tobytes(), lengths)


def spread(starts: Integers, lengths: Integers) -> Integers:
    """Return the places of ranges, one after the other.

    >>> spread(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    ends = np.cumsum(lengths)
    places: Integers = np.repeat(starts - (ends - lengths), lengths) + np.arange(
        ends[-1] if len(ends) else 0
    )
    return places


def sums(values: Integers, lengths: Integers) -> Integers:
    """Return the sum of each of the ranges that follow each other; an empty one sums to 0."""
    total = np.concatenate([[0], np.cumsum(values)])
    ends = np.cumsum(lengths)
    added: Integers = total[ends] - total[ends - lengths]
    return added


def _feature_bytes(features: Features, tags: Ragged) -> Packed:
    """Return the message of each feature."""
    drawn = features.commands
    tag_bytes = sums(varint_lengths(tags.numbers), tags.lengths)
    drawn_bytes = sums(varint_lengths(drawn.numbers), drawn.lengths)
    inside = (
        1 + varint_lengths(features.ids)
        + 1 + varint_lengths(tag_bytes) + tag_bytes
        + 2
        + 1 + varint_lengths(drawn_bytes) + drawn_bytes
    )  # fmt: skip
    lengths = 10 + tags.lengths + drawn.lengths
    numbers = np.zeros(int(lengths.sum()), np.int64)
    start = np.cumsum(lengths) - lengths
    head: tuple[Integers | int, ...] = (0x12, inside, 0x08, features.ids, 0x12, tag_bytes)
    for place, value in enumerate(head):
        numbers[start + place] = value
    numbers[spread(start + 6, tags.lengths)] = tags.numbers
    after = start + 6 + tags.lengths
    tail: tuple[Integers | int, ...] = (0x18, features.kind, 0x22, drawn_bytes)
    for place, value in enumerate(tail):
        numbers[after + place] = value
    numbers[spread(after + 4, drawn.lengths)] = drawn.numbers
    return Packed(varints(numbers), 1 + varint_lengths(inside) + inside)


def point_commands(x: Integers, y: Integers) -> Ragged:
    """Return each point as a feature of its own."""
    numbers = np.column_stack([np.full(len(x), _MOVE_TO), zigzag(x), zigzag(y)])
    return Ragged(numbers.ravel(), np.full(len(x), 3))


def polygon_commands(
    x: Integers, y: Integers, rings: Integers, owner: Integers, count: int
) -> Ragged:
    """Return areas: `rings` is how many corners each ring has, `owner` the feature it belongs to.

    The pen goes on from ring to ring of a feature; a ring's last corner does not repeat its first.
    """
    ring_start = np.cumsum(rings) - rings
    begins = np.ones(len(rings), np.bool_)
    begins[1:] = owner[1:] != owner[:-1]
    first = ring_start[begins]
    steps = np.empty((len(x), 2), np.int64)
    for axis, values in enumerate((x, y)):
        steps[:, axis] = np.diff(values, prepend=0)
        steps[first, axis] = values[first]
    lengths = 3 + 2 * rings
    start = np.cumsum(lengths) - lengths
    numbers = np.zeros(int(lengths.sum()), np.int64)
    numbers[start] = _MOVE_TO
    numbers[start + 3] = (rings - 1) << 3 | _LINE_TO
    numbers[start + lengths - 1] = _CLOSE
    corner = np.arange(len(x)) - np.repeat(ring_start, rings)
    place = np.repeat(start, rings) + 1 + 2 * corner + (corner > 0)
    folded = zigzag(steps)
    numbers[place], numbers[place + 1] = folded[:, 0], folded[:, 1]
    each = np.bincount(owner, weights=lengths, minlength=count).astype(np.int64)
    return Ragged(numbers, each)

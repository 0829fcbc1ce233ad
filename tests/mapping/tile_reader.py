"""A reader of vector tiles that shares nothing with the writer: a plain reading of the format."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pmtiles.reader
import shapely

PMTILES: Any = pmtiles.reader
"""Its functions are not typed."""
SIZES = {1: 8, 5: 4}


@dataclass
class Feature:
    id: int | None = None
    kind: int = 0
    tags: dict[str, Any] = field(default_factory=dict)
    paths: list[list[tuple[int, int]]] = field(default_factory=list)

    @property
    def shape(self) -> Any:
        """The area or point, in the steps of the tile; outer rings turn clockwise on a screen."""
        if self.kind == 1:
            return shapely.Point(self.paths[0][0])
        parts: list[tuple[Any, list[Any]]] = []
        for path in self.paths:
            if twice_area(path) > 0:
                parts.append((path, []))
            else:
                parts[-1][1].append(path)
        return shapely.MultiPolygon([shapely.Polygon(outer, holes) for outer, holes in parts])


@dataclass
class Layer:
    name: str = ""
    version: int = 0
    extent: int = 0
    features: list[Feature] = field(default_factory=list)


def twice_area(path: list[tuple[int, int]]) -> int:
    following = [*path[1:], path[0]]
    return sum(x * v - u * y for (x, y), (u, v) in zip(path, following, strict=True))


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def parts(data: bytes) -> Iterator[tuple[int, Any]]:
    """Every field of a message: its number, and its bytes or its number."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = varint(data, at)
            yield number, value
            continue
        length = SIZES.get(wire)
        if length is None:
            assert wire == 2
            length, at = varint(data, at)
        yield number, data[at : at + length]
        at += length
    assert at == len(data)


def numbers(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = varint(data, at)
        found.append(value)
    return found


def unfolded(value: int) -> int:
    return -(value + 1) // 2 if value % 2 else value // 2


def told(data: bytes) -> Any:
    [(number, value)] = parts(data)
    match number:
        case 1:
            return value.decode()
        case 3:
            return struct.unpack("<d", value)[0]
        case 6:
            return unfolded(value)
        case 7:
            return bool(value)
    assert number == 5
    return value


def paths(commands: list[int]) -> list[list[tuple[int, int]]]:
    found: list[list[tuple[int, int]]] = []
    x = y = at = 0
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == 7:
            assert count == 1
            continue
        for _ in range(count):
            x, y = x + unfolded(commands[at]), y + unfolded(commands[at + 1])
            at += 2
            if command == 1:
                found.append([])
            found[-1].append((x, y))
    return found


def layers(data: bytes) -> dict[str, Layer]:
    """The layers of a gzipped tile by name."""
    found = {}
    for number, body in parts(gzip.decompress(data)):
        assert number == 3
        layer = layer_of(body)
        assert layer.name not in found
        found[layer.name] = layer
    return found


def layer_of(body: bytes) -> Layer:
    layer, keys, values, raw = Layer(), [], [], []
    for number, value in parts(body):
        match number:
            case 15:
                layer.version = value
            case 1:
                layer.name = value.decode()
            case 2:
                raw.append(value)
            case 3:
                keys.append(value.decode())
            case 4:
                values.append(told(value))
            case 5:
                layer.extent = value
    for one in raw:
        layer.features.append(feature_of(one, keys, values))
    return layer


def feature_of(body: bytes, keys: list[str], values: list[Any]) -> Feature:
    feature = Feature()
    for number, value in parts(body):
        match number:
            case 1:
                feature.id = value
            case 2:
                tags = numbers(value)
                pairs = zip(tags[::2], tags[1::2], strict=True)
                feature.tags = {keys[key]: values[place] for key, place in pairs}
            case 3:
                feature.kind = value
            case 4:
                feature.paths = paths(numbers(value))
    return feature

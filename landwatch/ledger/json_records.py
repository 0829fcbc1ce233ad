"""Reads JSON that holds records, as the national page's API and its crawlers write it.

One array, several after one another, one record a line, or records inside an answer (`data`,
`list`, `rows`): every object that is a record is a row. Records are read one by one; arrays of
another shape (a list of notices beside the details) become sheets of their own, each judged alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, TypeAlias

from landwatch.errors import UnreadableFileError
from landwatch.ledger.cells import Cell
from landwatch.ledger.delimited import checked_encoding, found_encoding
from landwatch.ledger.sheets import Sheet, SourceRow

Row: TypeAlias = "tuple[int, Mapping[str, Any]]"

_PIECE = 1 << 16
_LONGEST = 64 << 20
"""One record of more than this is no record of a ledger."""
_DEEPEST = 4
_WRAPPERS = ("data", "list", "rows", "records", "result", "results", "items", "datas")
_DRAWN = ("FeatureCollection", "Feature", "GeometryCollection", "Topology")
_SPACE = " \t\r\n,\ufeff"


def is_drawn(start: str) -> bool:
    """Tell whether JSON that begins like this is GeoJSON or TopoJSON.

    >>> is_drawn('{"type": "FeatureCollection", "features": ['), is_drawn('[{"xmMc": "某项目"}')
    (True, False)
    """
    if not start.lstrip(_SPACE).startswith("{"):
        return False
    told = "".join(start.split())
    return '"features":[' in told or any(f'"type":"{name}"' in told for name in _DRAWN)


def open_records(path: Path, encoding: str | None) -> list[Sheet]:
    """Return the arrays of a JSON file as sheets, each with the fields that its records tell."""
    used = checked_encoding(path, encoding) if encoding else found_encoding(path)
    fields: dict[int, dict[str, None]] = {}
    for array, (_, record) in _records(path, used):
        fields.setdefault(array, {}).update(dict.fromkeys(record))
    if not fields:
        raise UnreadableFileError("ledger.error.json_no_records", file=path.name)
    only = len(fields) == 1
    return [_sheet(path, used, at, tuple(names), only) for at, names in fields.items()]


def _sheet(path: Path, encoding: str, array: int, names: tuple[str, ...], only: bool) -> Sheet:
    def rows() -> Iterator[SourceRow]:
        for at, (number, record) in _records(path, encoding):
            if at == array:
                yield SourceRow(number, [cell_of(record.get(name)) for name in names])

    return Sheet(None if only else f"[{array}]", rows, names)


def _records(path: Path, encoding: str) -> Iterator[tuple[int, Row]]:
    """Yield every record with its array's number (0: it stands in none) and its own, from 1."""
    numbers: Counter[int] = Counter()
    with path.open(encoding=encoding) as text:
        for array, value in _Values(text, path.name):
            for record in _unwrapped(value):
                numbers[array] += 1
                yield array, (numbers[array], record)


class _Values:
    """The values of a JSON text one after the other; of an array, its elements."""

    def __init__(self, text: IO[str], file: str) -> None:
        self._text, self._file = text, file
        self._piece, self._at, self._lines = "", 0, 1
        self._decode = json.JSONDecoder(
            parse_float=str, parse_int=str, parse_constant=str
        ).raw_decode

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        """Yield each value with the number of its array, 0 where it stands in none."""
        arrays, inside = 0, False
        while sign := self._next_sign():
            if sign == "[" and not inside:
                arrays, inside = arrays + 1, True
                self._at += 1
            elif sign == "]" and inside:
                inside = False
                self._at += 1
            else:
                yield arrays if inside else 0, self._value()
        if inside:
            raise self._damaged(len(self._piece))

    def _next_sign(self) -> str:
        """Return the next sign that is no blank, without passing it; none at the end."""
        while True:
            while self._at < len(self._piece) and self._piece[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._piece):
                return self._piece[self._at]
            if not self._more(_PIECE):
                return ""

    def _more(self, size: int) -> bool:
        """Read on; what is passed is dropped."""
        self._lines += self._piece.count("\n", 0, self._at)
        read = self._text.read(size)
        self._piece, self._at = self._piece[self._at :] + read, 0
        return bool(read)

    def _value(self) -> Any:
        while True:
            try:
                value, self._at = self._decode(self._piece, self._at)
            except json.JSONDecodeError as error:
                waiting = len(self._piece) - self._at
                if waiting > _LONGEST or not self._more(max(_PIECE, waiting)):
                    raise self._damaged(error.pos) from error
            except RecursionError as error:
                raise self._damaged(self._at) from error
            else:
                return value

    def _damaged(self, at: int) -> UnreadableFileError:
        row = self._lines + self._piece.count("\n", 0, at)
        return UnreadableFileError("ledger.error.json", file=self._file, row=row)


def _unwrapped(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Yield the records of a value: itself, or those that an answer wraps; nothing is dropped."""
    if isinstance(value, list):
        for each in value:
            yield from _unwrapped(each, depth + 1)
    elif not isinstance(value, dict):
        yield {"": value}
    elif (inner := _wrapped(value) if depth < _DEEPEST else None) is not None:
        yield from _unwrapped(inner, depth + 1)
    else:
        yield value


def _wrapped(value: Mapping[str, Any]) -> Any:
    """Return the records that an answer of an interface wraps; None where it is a record."""
    for name in _WRAPPERS:
        inner = value.get(name)
        listed = isinstance(inner, list) and inner and all(isinstance(one, dict) for one in inner)
        if listed or (isinstance(inner, dict) and inner):
            return inner
    return None


def cell_of(value: Any) -> Cell:
    """Return a field as a cell: a list of plain values joined by `;`, other nests as JSON."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ";".join(value)
    return json.dumps(value, ensure_ascii=False) if value else None

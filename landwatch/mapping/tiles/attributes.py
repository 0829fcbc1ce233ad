"""What a feature of a tile tells, as columns: each different value once, already in its bytes.

A value that is not told has no code; its feature goes without the key, for a blank is no answer.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landwatch.mapping.columns import Integers, varint_lengths, varints

Bytes = NDArray[np.uint8]
Told = str | int | float | bool | None
"""What a tile may tell; blank text and nan are not told."""

NOT_TOLD = -1
_STRING, _DOUBLE, _UINT, _SINT, _BOOL = 1, 3, 5, 6, 7


@dataclass(frozen=True, slots=True)
class Attribute:
    """One key of a layer.

    Attributes:
        name: the key.
        kind: String, Number or Boolean, as the metadata of tiles says it.
        codes: which value each row has, `NOT_TOLD` where none.
        body: the values, one after the other, each as a layer holds it.
        starts: where each value begins; one more than there are values.
        identity: whether it names one feature alone (a number, a holder): the first to be left out
            of a tile that grows too large.
    """

    name: str
    kind: str
    codes: Integers
    body: Bytes
    starts: Integers
    identity: bool = False

    @property
    def count(self) -> int:
        """Return how many different values there are."""
        return len(self.starts) - 1


def attribute(name: str, values: Iterable[Told], kind: str, *, identity: bool = False) -> Attribute:
    """Return a column of values as a key of a layer.

    >>> told = attribute("days_past", [3, None, 3], "Number")
    >>> told.codes.tolist(), told.count
    ([0, -1, 0], 1)
    """
    code_of: dict[Told, int] = {}
    codes = np.fromiter(
        (
            NOT_TOLD if _blank(value) else code_of.setdefault(value, len(code_of))
            for value in values
        ),
        np.int64,
    )
    messages = [_value(value, kind) for value in code_of]
    lengths = np.fromiter(map(len, messages), np.int64, len(messages))
    body = np.frombuffer(b"".join(messages), np.uint8)
    return Attribute(name, kind, codes, body, np.concatenate([[0], np.cumsum(lengths)]), identity)


def counts_attribute(name: str, most: int) -> Attribute:
    """Return a key whose values are the numbers up to `most`: the code of each is the number."""
    numbers = np.arange(most + 1)
    lengths = varint_lengths(numbers)
    same = np.ones(most + 1, np.int64)
    fields = np.column_stack([0x22 * same, 1 + lengths, 0x28 * same, numbers])
    body = np.frombuffer(varints(fields.ravel()), np.uint8)
    starts = np.concatenate([[0], np.cumsum(3 + lengths)])
    return Attribute(name, "Number", numbers, body, starts)


def _blank(value: Told) -> bool:
    return value is None or value == "" or value != value


def _value(value: Told, kind: str) -> bytes:
    """Return a value as a layer holds it: field 4, its length, its message."""
    message = _message(value, kind)
    return b"\x22" + varint(len(message)) + message


def _message(value: Told, kind: str) -> bytes:
    if kind == "String":
        text = str(value).encode("utf-8", "replace")
        return _tag(_STRING, 2) + varint(len(text)) + text
    if kind == "Boolean":
        return _tag(_BOOL, 0) + (b"\x01" if value else b"\x00")
    number = float(value or 0)
    if not number.is_integer() or abs(number) >= 2**53:
        return _tag(_DOUBLE, 1) + struct.pack("<d", number)
    whole = int(number)
    if whole >= 0:
        return _tag(_UINT, 0) + varint(whole)
    return _tag(_SINT, 0) + varint(-2 * whole - 1)


def varint(number: int) -> bytes:
    """Return one natural number as a varint; numpy is slower where there is but one."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _tag(field: int, wire: int) -> bytes:
    return bytes([field << 3 | wire])


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The keys of a layer and all its values, one after the other."""

    attributes: Sequence[Attribute]
    body: Bytes
    starts: Integers
    offsets: Integers
    """Where the values of each attribute begin among all values."""

    @property
    def count(self) -> int:
        """Return how many values there are."""
        return len(self.starts) - 1

    def codes(self, rows: Integers, named: NDArray[np.bool_] | None = None) -> Integers:
        """Return the codes of some rows; numbers and holders only of those that are `named`."""
        codes = np.empty((len(rows), len(self.attributes)), np.int64)
        for at, one in enumerate(self.attributes):
            codes[:, at] = one.codes[rows]
            if one.identity and named is not None:
                codes[~named, at] = NOT_TOLD
        return codes


def vocabulary(attributes: Sequence[Attribute]) -> Vocabulary:
    """Return the attributes of a layer as one list of values."""
    sizes = np.array([0, *(len(one.body) for one in attributes)], np.int64)
    begins = np.cumsum(sizes)
    starts = [one.starts[:-1] + begins[at] for at, one in enumerate(attributes)]
    counts = np.array([0, *(one.count for one in attributes)], np.int64)
    bodies = [one.body for one in attributes] or [np.zeros(0, np.uint8)]
    return Vocabulary(
        attributes,
        np.concatenate(bodies),
        np.concatenate([*starts, begins[-1:]]),
        np.cumsum(counts)[:-1],
    )

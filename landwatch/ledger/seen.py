"""Which rows and keys of a file were met before, in a hundred bytes a row at most.

Dicts of as many hashes take five times as much. Two rows of different content share a hash of
64 bits once in many millions of files.
"""

from __future__ import annotations

from array import array

from landwatch.language.columns import Kind
from landwatch.language.records import Record

_MARKS = {Kind.EVENTS: 1, Kind.CONTRACTS: 2}
_SMALLEST = 1 << 10


class RowsByHash:
    """Row numbers by 64-bit hashes, each with some more words; open addressing in plain arrays."""

    def __init__(self, words: int = 0) -> None:
        """Begin empty, with so many words beside each row number."""
        self.rows = array("i", bytes(4 * _SMALLEST))
        self.words = [array("q", bytes(8 * _SMALLEST)) for _ in range(words)]
        self._hashes = array("q", bytes(8 * _SMALLEST))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def slot(self, key: int) -> int:
        """Return where the hash stands, or where it is to stand: `rows` is 0 there then."""
        rows, hashes = self.rows, self._hashes
        mask = len(rows) - 1
        at = key & mask
        while rows[at] and hashes[at] != key:
            at = (at + 1) & mask
        return at

    def put(self, key: int, row: int) -> int:
        """Keep a row number, from 1, under a hash that is new; return where it stands."""
        if 5 * self._count >= 4 * len(self.rows):
            self._grow()
        at = self.slot(key)
        self._hashes[at], self.rows[at] = key, row
        self._count += 1
        return at

    def _grow(self) -> None:
        """Move everything into arrays of twice the size."""
        hashes, rows, words = self._hashes, self.rows, self.words
        size = 2 * len(rows)
        self._hashes, self.rows = array("q", bytes(8 * size)), array("i", bytes(4 * size))
        self.words = [array("q", bytes(8 * size)) for _ in words]
        for before, row in enumerate(rows):
            if row:
                at = self.slot(hashes[before])
                self._hashes[at], self.rows[at] = hashes[before], row
                for old, new in zip(words, self.words, strict=True):
                    new[at] = old[before]


class Seen:
    """The rows of one file met so far."""

    def __init__(self, kind: Kind) -> None:
        """Begin a file of rows of this kind."""
        self._kind = kind
        self._contents = RowsByHash()
        self._keys = RowsByHash(_MARKS.get(kind, 0))

    def rival(self, record: Record) -> int | None:
        """Return the row of another thing of this file under the same key; None for the same thing.

        A file tells its events in no order, and two contracts numbered 1 in two counties are two.
        """
        at = self._keys.slot(hash(record.key))
        if not self._keys.rows[at]:
            return None
        pairs = zip(self._keys.words, self._marks(record), strict=True)
        for told, mark in pairs:
            if told[at] and mark and told[at] != mark:
                return self._keys.rows[at]
        return None

    def note(self, record: Record) -> tuple[int | None, int | None]:
        """Keep a row; return the first row of the very same content, the last of the same key."""
        key = hash(record.key)
        at = self._keys.slot(key)
        if rival := self._keys.rows[at]:
            self._keys.rows[at] = record.row
        else:
            at = self._keys.put(key, record.row)
        for told, mark in zip(self._keys.words, self._marks(record), strict=True):
            told[at] = told[at] or mark
        area = record.values.get("geometry")
        drawn = getattr(area, "wkb", None)  # areas only; told cells have none
        content = hash((drawn, tuple(record.as_read), tuple(record.as_read.values())))
        if same := self._contents.rows[self._contents.slot(content)]:
            return same, rival or None
        self._contents.put(content, record.row)
        return None, rival or None

    def _marks(self, record: Record) -> tuple[int, ...]:
        """Return what tells two things of one key apart, 0 for what is not told.

        All of an event; of a contract, place and holder.
        """
        if self._kind is Kind.EVENTS:
            return (_mark(frozenset(record.values.items())),)
        if self._kind is Kind.CONTRACTS:
            told = record.values
            return _mark(told.get("division")), _mark(told.get("holder"))
        return ()


def _mark(value: object) -> int:
    return 0 if value is None else hash(value) or 1

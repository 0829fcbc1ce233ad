"""Columns as bytes: how texts, numbers, days and codes travel into the page.

Each kind has its reader in `page_modules/columns.js`. Integers are varints (seven bits a byte, the
low ones first); what may be negative or missing is made a natural number before.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Integers = NDArray[np.int64]

MOST_PLACES = 6
DIGITS = re.compile(r"[0-9]{1,14}")  # a run and its leading 1 stay below 2**53, exact in a page
PLACE = "\x01"
BETWEEN = "\x00"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the page: its head says how to read its bytes."""

    name: str
    kind: str
    rows: int
    parts: tuple[bytes, ...]
    more: Mapping[str, object] = field(default_factory=dict)

    def head(self) -> dict[str, object]:
        """Return what the page must know to read the parts."""
        lengths = [len(part) for part in self.parts]
        return {"name": self.name, "kind": self.kind, "rows": self.rows, "parts": lengths} | dict(
            self.more
        )


def varints(values: ArrayLike) -> bytes:
    """Return natural numbers as varints, one after the other.

    >>> varints([0, 127, 128, 300]).hex()
    '007f8001ac02'
    """
    numbers = np.asarray(values, dtype=np.uint64)
    lengths = varint_lengths(numbers)
    out = np.zeros(int(lengths.sum()), np.uint8)
    starts = np.cumsum(lengths) - lengths
    for step in range(int(lengths.max(initial=0))):
        longer = lengths > step
        low = (numbers[longer] >> np.uint64(7 * step)) & np.uint64(127)
        more = np.where(lengths[longer] > step + 1, 128, 0).astype(np.uint8)
        out[starts[longer] + step] = low.astype(np.uint8) | more
    return out.tobytes()


def varint_lengths(values: ArrayLike) -> Integers:
    """Return how many bytes each natural number takes as a varint.

    >>> varint_lengths([0, 127, 128, 300]).tolist()
    [1, 1, 2, 2]
    """
    numbers = np.asarray(values, dtype=np.uint64)
    lengths = np.ones(numbers.size, np.int64)
    step, largest = 1, int(numbers.max(initial=0))
    while largest >> (7 * step):
        lengths += (numbers >> np.uint64(7 * step)) > 0
        step += 1
    return lengths


def zigzag(values: Integers) -> Integers:
    """Return each integer as a natural number, small ones staying small (-1 → 1, 1 → 2).

    >>> zigzag(np.array([0, -1, 1, -2])).tolist()
    [0, 1, 2, 3]
    """
    folded: Integers = (values << 1) ^ (values >> 63)
    return folded


def naturals_column(name: str, values: ArrayLike) -> Column:
    """Pack natural numbers: counts, places of other rows."""
    return Column(name, "naturals", len(np.asarray(values)), (varints(values),))


def codes_column(name: str, codes: ArrayLike) -> Column:
    """Pack codes below 65536 at a fixed width, so that the page uses the bytes as they are."""
    numbers = np.asarray(codes, np.int64)
    wide = np.dtype("<u2") if numbers.max(initial=0) > 255 else np.dtype("u1")
    parts = (numbers.astype(wide).tobytes(),)
    return Column(name, "codes", numbers.size, parts, {"width": wide.itemsize})


def number_column(name: str, values: Iterable[float | Decimal | None]) -> Column:
    """Pack numbers with the fewest decimals that keep them; blank and nan are missing, not zero."""
    numbers = np.array([np.nan if v is None else float(v) for v in values], np.float64)
    told = np.isfinite(numbers)
    places = _places(numbers[told])
    scaled = np.round(np.where(told, numbers, 0) * 10**places).astype(np.int64)
    packed = np.where(told, zigzag(scaled) + 1, 0)
    return Column(name, "number", numbers.size, (varints(packed),), {"places": places})


def _places(numbers: NDArray[np.float64]) -> int:
    """Return how many decimals are needed, at most six and none that a page cannot hold."""
    largest = float(np.abs(numbers).max(initial=0))
    for places in range(MOST_PLACES):
        enough = np.allclose(np.round(numbers, places), numbers, rtol=1e-12, atol=1e-9)
        if enough or largest * 10 ** (places + 1) >= 2**51:
            return places
    return MOST_PLACES


def day_column(name: str, days: Iterable[str | date | None]) -> Column:
    """Pack days (ISO text or dates); a blank is missing."""
    days = list(days)
    since = {day: _days_since(day) for day in set(days)}
    numbers = np.array([since[day] for day in days], np.int64)
    return Column(name, "day", numbers.size, (varints(numbers),))


def _days_since(day: str | date | None) -> int:
    """Return the day as a natural number, 0 when it is not told."""
    if not day:
        return 0
    told = day if isinstance(day, date) else date.fromisoformat(day)
    return int(zigzag(np.array([(told - EPOCH).days]))[0]) + 1


def text_column(name: str, values: Iterable[str | None], *, searched: bool = False) -> Column:
    """Pack texts in the smallest of three ways.

    Few different ones become a dictionary; sentences that differ only in their figures become
    patterns and figures; anything else stands as it is. A searched column is never taken apart.
    """
    codes_of: dict[str, int] = {}
    codes = [codes_of.setdefault(value or "", len(codes_of)) for value in values]
    different = [_clean(value) for value in codes_of]
    if len(different) <= max(len(codes) // 2, 8) and len(different) < 2**16:
        words = _plain_column("words", different)
        picks = codes_column("codes", codes)
        more = {"words": words.head(), "codes": picks.head()}
        return Column(name, "dictionary", len(codes), (*words.parts, *picks.parts), more)
    texts = [different[code] for code in codes]
    if not searched:
        patterned = _pattern_column(name, texts)
        if patterned is not None:
            return patterned
    return _plain_column(name, texts)


def _clean(text: str) -> str:
    """Return a text that every reader takes: no control signs, no broken surrogates."""
    text = CONTROL.sub("\ufffd", text)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _plain_column(name: str, texts: Sequence[str]) -> Column:
    """Pack texts one after the other, with their lengths as a page counts them (UTF-16)."""
    lengths = [len(text.encode("utf-16-le")) // 2 for text in texts]
    return Column(name, "plain", len(texts), (varints(lengths), "".join(texts).encode()))


def _pattern_column(name: str, texts: Sequence[str]) -> Column | None:
    """Pack texts as patterns and figures; None where too few texts share a pattern.

    A run of digits is kept as a number with a 1 before it, so that leading zeros survive.
    """
    joined = BETWEEN.join(texts)
    patterns_of: dict[str, int] = {}
    codes = [
        patterns_of.setdefault(pattern, len(patterns_of))
        for pattern in DIGITS.sub(PLACE, joined).split(BETWEEN)
    ]
    if len(patterns_of) > len(texts) // 4 or len(patterns_of) >= 2**16:
        return None
    figures = [int("1" + run) for run in DIGITS.findall(joined)]
    words, picks = _plain_column("words", list(patterns_of)), codes_column("codes", codes)
    more = {"words": words.head(), "codes": picks.head()}
    return Column(name, "pattern", len(texts), (*words.parts, *picks.parts, varints(figures)), more)


def packed(columns: Iterable[Column], head: Mapping[str, object]) -> str:
    """Return the columns as one text for the page: head, bytes, gzip, base64."""
    columns = list(columns)
    heads = {**head, "columns": [column.head() for column in columns]}
    described = json.dumps(heads, ensure_ascii=False, separators=(",", ":")).encode(
        errors="replace"
    )
    body = b"".join(part for column in columns for part in column.parts)
    whole = struct.pack("<I", len(described)) + described + body
    return base64.b64encode(gzip.compress(whole, compresslevel=6, mtime=0)).decode("ascii")

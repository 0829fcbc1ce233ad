"""What a report writes beside its rows so that they find their way back.

A hidden row over the headers says what each column means, as it was understood when the source was
read: units said above the table, mapping files and headers of two lines need not be found out
twice. A hidden column says of each row whether it was taken and under which key, and holds a digest
of its cells, so that a row which nobody mended is known as such, whatever the ledger has learnt
since. Nothing here is trusted further than a cell that a person types.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from hashlib import blake2b
from typing import Any

from landwatch.language.columns import Kind, columns_of
from landwatch.language.records import Record
from landwatch.ledger.cells import Cell, says_nothing, shown, tidy
from landwatch.ledger.headers import HeaderUse, WhyUnmapped
from landwatch.ledger.measures import factor

MEND_MARK = "landwatch ✎"
"""Begins a sheet of rows to be mended."""
TAG = "✎"
"""Begins every hidden cell, so that a sheet whose hidden column was lost is still known."""

TAGS_ROW, HEADER_ROW = 2, 3
"""The hidden row of the columns' meaning, and the row of the headers, counted from 1."""

_VERSION = 2
_LONGEST_TAG = 32_000
_BLANK = "--"
_UNREADABLE, _CLEARED = "?", "-"
_FLAGS = {shown(True): "1", shown(False): "0"}
_DIGEST = re.compile("[0-9a-f]{16}")
_CHECKS = re.compile("(?:[0-9a-f]{2}|--)*")


@dataclass(frozen=True, slots=True)
class SheetTag:
    """What a sheet of rows is: their kind, the file and sheet they are of, how many columns."""

    kind: Kind
    file: str
    sheet: str | None
    columns: int


@dataclass(frozen=True, slots=True)
class Rival:
    """A row that told another thing under the same key: where it stood, and what marks it."""

    key: str
    row: int
    marks: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class RowTag:
    """What became of a row when its source was read.

    `key` is that of its record, None where it was refused. `whole` and `checks` are digests of its
    cells, together and each alone. `shared` says that another row of the source has the same key,
    `again` that it was the very same row as another. `left_out` are the columns whose cell was too
    long to be written whole. `facts` are marks of what its record told, by column.
    """

    row: int
    key: str | None
    whole: str
    checks: str
    shared: bool = False
    again: bool = False
    rival: Rival | None = None
    left_out: tuple[int, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    def told(self, position: int) -> bool:
        """Tell whether a cell told anything."""
        check = self.checks[2 * position : 2 * position + 2]
        return check not in ("", _BLANK)


def written_sheet(tag: SheetTag) -> str:
    """Return the tag of a sheet as text."""
    return f"{MEND_MARK} " + _json([_VERSION, tag.kind.value, tag.file, tag.sheet, tag.columns])


def read_sheet(text: str) -> SheetTag | None:
    """Return the tag of a sheet; None where it is damaged or of another version."""
    told = _told(text, f"{MEND_MARK} ", 5)
    if told is None or told[0] != _VERSION or told[1] not in set(Kind):
        return None
    _, kind, file, sheet, columns = told
    known = isinstance(file, str) and (sheet is None or isinstance(sheet, str))
    if not known or not isinstance(columns, int):
        return None
    return SheetTag(Kind(kind), file, sheet, columns)


def written_header(use: HeaderUse, written: str) -> str:
    """Return what a column means as text; `written` is its header as the report shows it."""
    why = None if use.why is None else use.why.name
    return TAG + _json(
        [use.position, written, use.header, use.column, use.unit, use.unit_said, why]
    )


def read_header(kind: Kind, text: str, sheet: str | None) -> tuple[HeaderUse, str] | None:
    """Return what a column means and its header as it was written; None where it is damaged."""
    told = _told(text, TAG, 7)
    if told is None:
        return None
    position, written, header, column, unit, said, why = told
    texts = isinstance(written, str) and isinstance(header, str)
    if not texts or not isinstance(position, int) or not 0 <= position < 16_384:
        return None
    if column is None:
        known_why = why in WhyUnmapped.__members__
        reason = WhyUnmapped[why] if known_why else WhyUnmapped.UNKNOWN
        return HeaderUse(sheet, position, header, why=reason), written
    if not isinstance(column, str):
        return None
    use = HeaderUse(sheet, position, header, column, unit_said=said is True)
    known = columns_of(kind).get(column)
    if known is None:
        return (use, written) if column.startswith("_") else None
    if unit is None:
        return use, written
    told_factor = factor(unit, known.unit or "") if isinstance(unit, str) else None
    if told_factor is None and unit == known.unit:
        told_factor = Fraction(1)
    if told_factor is None:
        return None
    said_use = HeaderUse(sheet, position, header, column, unit, told_factor, said is True)
    return said_use, written


def written_row(tag: RowTag) -> str:
    """Return the tag of a row as text."""
    rival = tag.rival
    told_rival = None if rival is None else [rival.key, rival.row, list(rival.marks)]
    parts: list[object] = [tag.row, tag.key, tag.whole, tag.checks, tag.shared, tag.again]
    parts += [told_rival, list(tag.left_out), dict(tag.facts)]
    return TAG + _json(parts)


def read_row(text: str) -> RowTag | None:
    """Return the tag of a row; None where it has none, or a damaged one."""
    told = _told(text, TAG, 9)
    if told is None:
        return None
    row, key, whole, checks, shared, again, rival, left_out, facts = told
    if not isinstance(row, int) or not (key is None or isinstance(key, str)):
        return None
    if not (isinstance(whole, str) and _DIGEST.fullmatch(whole)):
        return None
    if not (isinstance(checks, str) and _CHECKS.fullmatch(checks)):
        return None
    if not isinstance(left_out, list) or not all(isinstance(one, int) for one in left_out):
        return None
    if not isinstance(facts, dict) or not all(isinstance(one, str) for one in facts.values()):
        return None
    alike = (shared is True, again is True)
    return RowTag(row, key, whole, checks, *alike, _rival(rival), tuple(left_out), facts)


def _rival(told: object) -> Rival | None:
    if not isinstance(told, list) or len(told) != 3:
        return None
    key, row, marks = told
    if not (isinstance(key, str) and isinstance(row, int) and isinstance(marks, list)):
        return None
    return Rival(key, row, tuple(mark if isinstance(mark, str) else None for mark in marks))


def digests(cells: Sequence[Cell], numeric: Set[int] = frozenset()) -> tuple[str, str]:
    """Return a digest of a row's cells together, and one of each.

    LibreOffice saves what is TRUE as 1: the same, but in a `numeric` column.
    """
    texts = [tidy(shown(cell)) for cell in cells]
    texts = [text if at in numeric else _FLAGS.get(text, text) for at, text in enumerate(texts)]
    whole = blake2b("\x1f".join(texts).encode("utf-8", "replace"), digest_size=8)
    return whole.hexdigest(), "".join(map(check_of, texts))


def check_of(text: str) -> str:
    """Return the digest of one tidied cell: two signs, `--` where it tells nothing."""
    if not text or (text != "无" and says_nothing(text)):
        return _BLANK
    return format(zlib.crc32(text.encode("utf-8", "replace")) & 0xFF, "02x")


def mark_of(value: object) -> str | None:
    """Return what tells one value from another, the same on every day."""
    if value is None:
        return None
    return blake2b(str(value).encode("utf-8", "replace"), digest_size=6).hexdigest()


def facts_of(record: Record) -> dict[str, str]:
    """Return marks of what a record tells of each column, its outline left out."""
    facts = {
        name: mark_of(value.normalize() if isinstance(value, Decimal) else value) or ""
        for name, value in record.values.items()
        if name != "geometry"
    }
    facts |= dict.fromkeys(record.unreadable, _UNREADABLE) | dict.fromkeys(record.cleared, _CLEARED)
    return facts


def _json(told: Sequence[object]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _told(text: str, mark: str, parts: int) -> list[Any] | None:
    """Return what stands after a mark, if it is a list of so many parts."""
    if not text.startswith(mark) or len(text) > _LONGEST_TAG:
        return None
    try:
        told = json.loads(text.removeprefix(mark))
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, list) and len(told) == parts else None

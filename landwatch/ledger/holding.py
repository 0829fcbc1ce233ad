"""Who has a ledger file open: what they have not saved yet cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from landwatch.errors import UnreadableFileError
from landwatch.files import OWNER_MARKS, is_owner_mark, owner_of
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.sheets import Notice, Sheet


def refuse_mark(path: Path) -> None:
    """Refuse the mark that an Office program lays beside an open workbook: it is no ledger.

    Raises:
        UnreadableFileError: it is one; the words name the workbook.
    """
    if not is_owner_mark(path):
        return
    mark = next(mark for mark in OWNER_MARKS if path.name.startswith(mark))
    book = path.with_name(path.name.removeprefix(mark).removesuffix("#") or path.name)
    owner = owner_of(book)
    who = owner if owner is not None else "—"
    raise UnreadableFileError("file.error.mark", file=path.name, who=who, book=book.name)


def held(path: Path) -> UnreadableFileError:
    """Return the words for a file that may not be read: who has it open, where that is told."""
    owner = owner_of(path)
    if owner is None:
        return UnreadableFileError("ledger.error.locked", file=path.name)
    return UnreadableFileError("ledger.error.locked_by", file=path.name, who=owner)


def open_notices(path: Path) -> list[Notice]:
    """Say that somebody has the file open: it is read as it was saved last."""
    owner = owner_of(path)
    if owner is None:
        return []
    told = {"who": owner.name or "file.somebody", "mark": owner.mark.name}
    return [Notice(IssueCode.SOURCE_OPEN, None, told)]


def told_apart(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return the sheets, each under a name of its own: an archive may hold two of one name."""
    seen: dict[str | None, int] = {}
    named = []
    for sheet in sheets:
        count = seen[sheet.name] = seen.get(sheet.name, 0) + 1
        named.append(sheet if count == 1 else replace(sheet, name=f"{sheet.name or ''} ({count})"))
    return named

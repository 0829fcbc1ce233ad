from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from landwatch.language.columns import Kind
from landwatch.language.records import Record
from landwatch.ledger import Background, Instructions, Intake, Issue, RefusedRow, read_ledger
from landwatch.ledger.background import NOTHING_KNOWN


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file read to its end."""

    intake: Intake
    records: list[Record]
    issues: list[Issue]
    refused: list[RefusedRow]

    @property
    def codes(self) -> list[str]:
        return [issue.code.value for issue in self.issues]

    @property
    def only(self) -> Record:
        assert len(self.records) == 1, self.issues
        return self.records[0]

    def used(self) -> dict[str, str | None]:
        return {use.header: use.column for use in self.intake.headers}


def taken_in(intake: Intake, size: int = 5000) -> TakenIn:
    batches = list(intake.batches(size))
    return TakenIn(
        intake,
        [record for batch in batches for record in batch.records],
        [issue for batch in batches for issue in batch.issues],
        [row for batch in batches for row in batch.refused],
    )


TakeIn = Callable[..., TakenIn]
Write = Callable[..., Path]


@pytest.fixture
def take_in() -> TakeIn:
    """Read a file to its end."""

    def read(kind: Kind, path: Path, size: int = 5000, **options: Any) -> TakenIn:
        return taken_in(read_ledger(kind, path, Instructions(**options)), size)

    return read


@pytest.fixture
def take_text(tmp_path: Path) -> TakeIn:
    """Read CSV text as a file of a kind."""

    def read(
        kind: Kind,
        text: str,
        encoding: str = "utf-8",
        background: Background = NOTHING_KNOWN,
        **options: Any,
    ) -> TakenIn:
        path = tmp_path / "台账.csv"
        path.write_bytes(text.encode(encoding))
        return taken_in(read_ledger(kind, path, Instructions(**options), background))

    return read


@pytest.fixture
def write_book(tmp_path: Path) -> Write:
    """Write a workbook of sheets, each a list of rows."""
    from openpyxl import Workbook

    def write(sheets: dict[str, Iterable[Sequence[object]]], name: str = "台账.xlsx") -> Path:
        book = Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        path = tmp_path / name
        book.save(path)
        return path

    return write

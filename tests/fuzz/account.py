"""What must hold of every file however damaged: refused in words, or every row accounted for.

Rows are counted once more here, without the importer: by the csv and json modules, by SQLite.
"""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landwatch.errors import LandwatchError
from landwatch.language.columns import columns_of
from landwatch.ledger import Instructions, Intake, Issue, read_ledger
from tests.fuzz.good_files import GoodFile

LONGEST = 32_767
_SIGNS = ",\t;|，；"
_DAMAGED = (
    LookupError, ValueError, TypeError, AttributeError, OSError, EOFError, SyntaxError,
    ArithmeticError, AssertionError, RuntimeError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\0\0", "utf-32"), (b"\xff\xfe", "utf-16"),
          (b"\xfe\xff", "utf-16"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a file ended: refused as a whole by a code, or with so many rows."""

    refused: str | None
    rows: int = 0


def taken(good: GoodFile, path: Path) -> Outcome:
    """Take a damaged file in and check everything that must hold of it."""
    try:
        intake = _opened(good, path)
        told = _Told(intake)
    except LandwatchError as refusal:
        assert refusal.exit_code in (2, 3)
        for lang in ("zh", "en"):
            assert refusal.in_words(lang).strip()
        return Outcome(refusal.code)
    told.check()
    against_the_file(path, told)
    return Outcome(None, intake.tally.rows)


def _opened(good: GoodFile, path: Path) -> Intake:
    return read_ledger(good.kind, path, Instructions(crs=good.crs))


class _Told:
    """A file read to its end: the number of each row, and the cells it was kept with."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.issues: list[Issue] = []
        self.cells: dict[tuple[str | None, int], Mapping[str, str]] = {}
        self.places: list[tuple[str | None, int]] = []
        self._records = self._refused = self._remarked = 0
        for batch in intake.batches(7):
            self._hear(batch)
        asides = [one for one in self.issues if one.severity == "aside"]
        self.asides = [(one.sheet, one.row) for one in asides if one.row is not None]
        assert len(self.asides) == len(asides)

    def _hear(self, batch: Any) -> None:
        self.issues += batch.issues
        self._records += len(batch.records)
        self._refused += len(batch.refused)
        known = columns_of(self.intake.kind).keys()
        for record in batch.records:
            self.places.append((record.sheet, record.row))
            self.cells[record.sheet, record.row] = record.as_read
            assert record.key.strip()
            assert record.values.keys() | record.cleared | record.unreadable <= known
            assert not record.cleared & record.values.keys()
        for row in batch.refused:
            self.places.append((row.sheet, row.row))
            self.cells[row.sheet, row.row] = row.cells
            assert any(issue.severity == "refused" for issue in row.issues)

    def check(self) -> None:
        """Hold the tally against what was told, and every row against every other."""
        tally = self.intake.tally
        assert tally.adds_up
        assert tally.accepted + tally.accepted_with_remarks == self._records
        assert tally.refused == self._refused
        assert tally.set_aside == len(self.asides)
        assert tally.duplicates <= tally.accepted_with_remarks
        every = self.places + self.asides
        twice = [place for place, count in Counter(every).items() if count > 1]
        assert not twice, f"rows told twice: {twice[:3]}"
        assert len(every) == tally.rows
        assert sum(tally.by_code.values()) == len(self.issues)
        assert Counter(issue.code.value for issue in self.issues) == tally.by_code
        assert len(list(self.intake.issues())) == len(self.issues)
        assert len(list(self.intake.refused())) == self._refused
        for issue in self.issues[:50]:
            assert issue.in_words("zh").strip()
            assert issue.in_words("en").strip()

    def of_only_sheet(self) -> dict[int, Mapping[str, str]]:
        """Return the cells of the rows of a file that has one sheet."""
        return {row: cells for (_, row), cells in self.cells.items()}


def against_the_file(path: Path, told: _Told) -> None:
    """Count the rows once more, where the damage lets another reader count them."""
    data = path.read_bytes() if path.is_file() else b""
    if path.suffix in (".csv", ".tsv"):
        _against_csv(data, told)
        return
    if path.suffix == ".xlsx":
        _against_book(path, told)
        return
    found = told.intake.tally.rows + told.intake.tally.blank
    count = _COUNTS.get(path.suffix)
    counted = None if count is None else count(path, data)
    if path.suffix == ".txt":  # points without a plot's row are a plot too
        assert counted is None or found >= counted, f"{found} plots told of {counted}"
    else:
        assert counted is None or found == counted, f"{found} rows told of {counted}"


def decoded(data: bytes) -> str | None:
    """Return a file as text, by its mark, else UTF-8, else GB 18030."""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeError:
            continue
    return None


def _against_csv(data: bytes, told: _Told) -> None:
    """Hold every row under the header, and each of its cells, against the csv module."""
    text = decoded(data)
    if text is None or "\0" in text[:4096]:
        return  # UTF-16 without a mark: the importer sees it, this reader does not
    tellings = []
    for sign in _SIGNS:
        why = _csv_trouble(text, sign, told)
        if why is None:
            return
        tellings.append(f"{sign!r}: {why}")
    raise AssertionError("; ".join(tellings))


def _csv_trouble(text: str, sign: str, told: _Told) -> str | None:
    """Return what differs from the file as parted by one sign; None where nothing does."""
    try:
        rows = list(csv.reader(_lines(text), delimiter=sign, strict=True))
    except csv.Error as error:
        return str(error)
    tally = told.intake.tally
    head = len(rows) - tally.rows - tally.blank
    if not 0 < head <= 33:
        return f"{len(rows)} rows, {tally.rows} + {tally.blank} told"
    full = {n for n, row in enumerate(rows, 1) if n > head and any(map(str.strip, row))}
    kept = told.of_only_sheet()
    spoken = kept.keys() | {row for _, row in told.asides}
    if full != spoken:
        return f"rows {sorted(full ^ spoken)[:5]} differ"
    for n, cells in kept.items():
        there = [cell[:LONGEST].replace("\0", "") for cell in rows[n - 1] if cell]
        if list(cells.values()) != there:
            return f"row {n}: {list(cells.values())} told of {there}"
    return None


def _against_book(path: Path, told: _Told) -> None:
    """Hold the rows of each sheet against openpyxl, where it can read the workbook too."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings(), path.open("rb") as file:  # it leaves a damaged one open
            warnings.simplefilter("ignore")
            book = load_workbook(file, data_only=True)
    except _DAMAGED:  # what another reader cannot read says nothing of ours
        return
    for sheet in {name for name, _ in told.places}:
        if sheet not in book.sheetnames:
            continue
        spoken = {row for name, row in told.places + told.asides if name == sheet}
        rows = enumerate(book[sheet].iter_rows(values_only=True), 1)
        full = {n for n, row in rows if any(str(cell or "").strip() for cell in row)}
        under = {n for n in full if n >= min(spoken)}
        assert under <= spoken, f"rows {sorted(under - spoken)[:5]} of {sheet} are lost"


def _lines(text: str) -> Iterator[str]:
    """Yield lines as a file opened with newline='' does: by \\n, \\r\\n and \\r."""
    for line in re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text):
        yield str(line)


def _json_rows(_: Path, data: bytes) -> int | None:
    """Return the length of an array of plain records; None where the file is anything else."""
    text = decoded(data)
    try:
        value = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    plain = isinstance(value, list) and all(
        isinstance(one, dict) and not any(isinstance(inner, (dict, list)) for inner in one.values())
        for one in value
    )
    return len(value) if plain else None


def _features(_: Path, data: bytes) -> int | None:
    """Return how many features a GeoJSON holds; None where it is not JSON throughout."""
    text = decoded(data)
    try:
        value = json.loads(text or "")
        features = value["features"] if isinstance(value, dict) else None
    except (ValueError, RecursionError, KeyError):
        return None
    if value.get("type") != "FeatureCollection" or not isinstance(features, list):
        return None
    return len(features)


def _stored(path: Path, _: bytes) -> int | None:
    """Return how many rows the layers of a GeoPackage have; None where SQLite finds it damaged."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
            if file.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                return None
            names = file.execute("SELECT table_name FROM gpkg_contents").fetchall()
            return sum(
                int(file.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
                for (name,) in names
            )
    except (sqlite3.Error, UnicodeError, ValueError):
        return None


def _plots(_: Path, data: bytes) -> int | None:
    """Return how many plots' rows a boundary-point text has."""
    lines = (decoded(data) or "").split("\n")
    return sum(line.rstrip(" ,，\t\r\n").endswith("@") for line in lines)


def _parquet_rows(path: Path, _: bytes) -> int | None:
    """Return how many rows a Parquet file says it has."""
    from pyarrow.parquet import read_metadata

    return int(read_metadata(path).num_rows)


def _placemarks(_: Path, data: bytes) -> int | None:
    """Return how many placemarks a KML has outside its comments."""
    text = decoded(data)
    if text is None:
        return None
    text = re.sub(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>", "", text, flags=re.DOTALL)
    return len(re.findall(r"<Placemark[\s/>]", text))


_COUNTS: Mapping[str, Callable[[Path, bytes], int | None]] = {
    ".json": _json_rows,
    ".geojson": _features,
    ".gpkg": _stored,
    ".txt": _plots,
    ".kml": _placemarks,
    ".parquet": _parquet_rows,
}

"""Taking ledger files in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.foreseen import rows_foreseen
from landwatch.commands.ground import ground_of
from landwatch.commands.known_contracts import contracts_of, held_of
from landwatch.commands.strangers import (
    SHOWN_ROWS,
    Stranger,
    contracts_named,
    strangers_among,
)
from landwatch.commands.telling import Told, silent
from landwatch.errors import UsageError
from landwatch.language.catalogue import say
from landwatch.language.columns import Kind
from landwatch.language.records import SourceFile

if TYPE_CHECKING:
    from landwatch.ledger import Background, Batch, Guess, HeaderUse, Intake, Issue, Tally
    from landwatch.store import ImportReceipt, Store


@dataclass(slots=True)
class IssueGroup:
    """The same trouble in the same column: how often, in which rows first, one of them whole."""

    example: Issue
    count: int = 0
    rows: list[int] = field(default_factory=list)
    varies: bool = False
    """Whether it is said differently of other rows: the example speaks of its own row alone."""

    def add(self, issue: Issue) -> None:
        """Count one more."""
        self.count += 1
        one = self.example
        self.varies = self.varies or (issue.value, issue.values) != (one.value, one.values)
        if issue.row is not None and len(self.rows) < SHOWN_ROWS:
            self.rows.append(issue.row)


@dataclass(frozen=True, slots=True)
class Imported:
    """One file taken in: what its headers mean, how its rows fared, what the store made of them."""

    kind: Kind
    source: SourceFile
    tally: Tally
    mapped: tuple[HeaderUse, ...]
    unmapped: tuple[HeaderUse, ...]
    issues: tuple[IssueGroup, ...]
    receipt: ImportReceipt | None
    strangers: tuple[Stranger, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How ledger files are read: what the user says of them, and the day of the import.

    `mapping` is a mapping file; the others are those of `landwatch.ledger.Instructions`.
    """

    encoding: str | None = None
    crs: str | None = None
    today: date | None = None
    mapping: Path | None = None
    cure: str | None = None
    repair: bool = False
    adapter: str | None = None


def guess_mapping(
    kind: Kind, paths: Collection[Path], to: Path, *, reading: Reading | None = None, lang: str
) -> tuple[Guess, ...]:
    """Write what the headers of one file may mean into a mapping file; return the guesses.

    Nothing is imported: a person reads the file, corrects it, and gives it to the import.

    Raises:
        UsageError: more than one file.
        InputRefusedError: the file cannot be read, or a mapping file is there already.
    """
    from landwatch.ledger import guess_headers, write_mapping

    if len(paths) != 1:
        raise UsageError("ledger.mapping.one_file")
    (path,), how = paths, reading or Reading()
    guessed = guess_headers(kind, path, encoding=how.encoding, crs=how.crs)
    write_mapping(to, kind, path.name, guessed, lang)
    return tuple(guessed)


def import_files(
    url: str,
    kind: Kind,
    paths: Collection[Path],
    *,
    by: str,
    reading: Reading | None = None,
    dry_run: bool = False,
    report: Path | None = None,
    lang: str = "zh",
    told: Told = silent,
) -> Iterator[Imported]:
    """Take ledger files in, each all or nothing; yield how each fared, then write the report.

    Refused rows are reported and the good ones go on. The report tells of every file taken in, also
    where a later one is refused as a whole.

    Raises:
        InputRefusedError: a file as a whole cannot be taken, or the report cannot go there.
        StoreError: the store cannot be opened or written.
    """
    from landwatch.ledger import Instructions, read_ledger, read_mapping, write_issue_workbook
    from landwatch.ledger.report.target import check_report_target

    store, how = bootstrap.the_store(url), reading or Reading()
    if report is not None:
        if not report.absolute().parent.is_dir():
            raise UsageError("error.no_folder", folder=str(report.parent))
        for path in paths:
            check_report_target(report, path)
    mapping = None if how.mapping is None else read_mapping(how.mapping, kind)
    said = Instructions(
        how.encoding, how.crs, how.today, mapping, how.cure, how.repair, adapter=how.adapter
    )
    background = _background(store)
    intakes: list[Intake] = []
    try:
        for path in paths:
            intake = read_ledger(kind, path, said, background)
            done = _take_in(store, intake, _Act(by, dry_run, _noted(how), lang), told)
            intakes.append(intake)
            yield done
    finally:
        if report is not None and intakes:
            what = say("screen.writing_report", lang, file=report.name)
            told(what, 0, 0)
            write_issue_workbook(report, intakes, lang, lambda rows: told(what, rows, 0))


def _background(store: Store) -> Background:
    """Return what the store holds, for those who judge a file; nothing is read yet."""
    from landwatch.ledger import Background

    return Background(contracts_of(store), ground_of(store), held_of(store))


@dataclass(frozen=True, slots=True)
class _Act:
    """Who takes a file in, whether only to see how it would fare, and what is noted of it."""

    by: str
    dry_run: bool
    note: Mapping[str, object]
    lang: str


def _noted(how: Reading) -> dict[str, object]:
    """Return what a person said of the file's coordinates: it stays with the import."""
    said = {"crs": how.crs, "cure": how.cure}
    return {name: value for name, value in said.items() if value is not None}


def _take_in(store: Store, intake: Intake, act: _Act, told: Told) -> Imported:
    """Spool a file's rows into the store, or only read them; return how they fared."""
    groups: dict[tuple[str, str | None], IssueGroup] = {}
    named: set[str] = set()
    receipt, name = None, intake.source.name
    told(name, 0, of := rows_foreseen(intake.path))

    def heard(batch: Batch) -> None:
        _group(groups, batch.issues)
        named.update(contracts_named(intake.kind, batch.records))
        told(name, done := intake.tally.rows, of if done <= of else 0)

    if act.dry_run:
        for batch in intake.batches():
            heard(batch)
    else:
        kept = store.import_rows(intake.kind, intake.source, recorded_by=act.by, note=act.note)
        with kept as writer:
            writer.note |= intake.note
            for batch in intake.batches():
                writer.add(batch.records)
                heard(batch)
            writing, rows = say("screen.writing", act.lang, file=name), intake.tally.rows
            told(writing, 0, rows)
            writer.heard = lambda done: told(writing, min(done, rows), rows)
        receipt = writer.receipt
    return Imported(
        intake.kind, intake.source, intake.tally, intake.mapped, intake.unmapped,
        tuple(groups.values()), receipt, strangers_among(store, named),
    )  # fmt: skip


def _group(groups: dict[tuple[str, str | None], IssueGroup], issues: Iterable[Issue]) -> None:
    for issue in issues:
        place = (issue.code.value, issue.column)
        groups.setdefault(place, IssueGroup(issue)).add(issue)

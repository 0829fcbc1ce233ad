"""Takes a ledger file in: opens it, finds its headers, and streams its rows, each accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from landwatch.errors import InputRefusedError, UnreadableFileError
from landwatch.language.columns import Kind
from landwatch.language.records import Record, SourceFile
from landwatch.ledger.background import NOTHING_KNOWN, Background
from landwatch.ledger.files import open_file
from landwatch.ledger.headers import HeaderUse, folded
from landwatch.ledger.holding import open_notices, told_apart
from landwatch.ledger.instructions import AS_IT_IS, Instructions
from landwatch.ledger.issues import Batch, Issue, IssueCode, RefusedRow, Severity, Tally
from landwatch.ledger.judges import Judge, Judged, judges_for
from landwatch.ledger.layout import Layout, NoHeader, lay_out, refuse_without_header
from landwatch.ledger.mapping import HeaderMapping
from landwatch.ledger.row_stream import RowStream
from landwatch.ledger.rows import Understood
from landwatch.ledger.seen import Seen
from landwatch.ledger.sheets import Notice, OpenedFile, SourceRow
from landwatch.ledger.slid_headers import refuse_slid
from landwatch.ledger.spool import Spool


def read_ledger(
    kind: Kind,
    path: Path,
    said: Instructions = AS_IT_IS,
    background: Background = NOTHING_KNOWN,
) -> Intake:
    """Open a file as records of `kind`; the rows are read when `batches` are asked for.

    Args:
        kind: what its rows are.
        path: a table, a workbook, a spatial file, boundary-point text, or an archive of these.
        said: what the person who imports it says of it.
        background: what is known beside the file, for those who judge its rows.

    Raises:
        UnreadableFileError: the file itself cannot be read.
        InputRefusedError: it can, but has no header, no coordinate system, or is another kind.
        UsageError: the encoding or coordinate system named is none.
    """
    opened = open_file(kind, path, said)
    meant = None if said.mapping is None else said.mapping.meant
    opened = replace(opened, notices=[*opened.notices, *open_notices(path)])
    found = [lay_out(kind, sheet, meant) for sheet in told_apart(opened.sheets)]
    layouts = [each for each in found if isinstance(each, Layout)]
    without = [each for each in found if isinstance(each, NoHeader)]
    way = _Way(path, said, judges_for(kind, background), background)
    return _intake(kind, opened, layouts, without, way)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a file is read: from where, as whom it was said to, judged by whom."""

    path: Path
    said: Instructions
    judges: Sequence[Judge]
    background: Background


def _intake(
    kind: Kind,
    opened: OpenedFile,
    layouts: Sequence[Layout],
    without: Sequence[NoHeader],
    way: _Way,
) -> Intake:
    file = opened.source.name
    if not layouts and without and all(each.told_of for each in without):
        raise InputRefusedError("ledger.error.report_nothing", file=file)
    if not layouts:
        if not any(each.headers for each in without):
            raise UnreadableFileError("ledger.error.empty", file=file)
        raise refuse_without_header(kind, file, without)
    if not any(layout.has_rows for layout in layouts):
        raise InputRefusedError("ledger.error.no_rows", file=file)
    for layout in layouts:
        if layout.slid is not None:
            raise refuse_slid(file, layout.slid)
    notices = [*opened.notices, *(notice for layout in layouts for notice in layout.notices)]
    notices += [_skipped(each) for each in without if each.headers]
    headers = tuple(use for layout in layouts for use in layout.uses)
    notices += _as_mapped(headers, way.said.mapping)
    if way.said.cure is not None:
        from landwatch.ledger.placing import cell_notices

        notices += cell_notices(way.said, {use.column for use in headers})
    remarks = [_said_once(file, notice) for notice in notices]
    return Intake(kind, opened.source, headers, layouts, remarks, way)


def _as_mapped(headers: Sequence[HeaderUse], mapping: HeaderMapping | None) -> list[Notice]:
    """Say which headers were read as the mapping file says, and which it names in vain."""
    if mapping is None:
        return []
    here = {folded(use.header): use for use in headers}
    used = {name: meant for name, meant in mapping.meant.items() if meant.column is not None}
    read = [f"{here[name].header} → {used[name].column}" for name in used if name in here]
    told = {"file": mapping.file, "headers": "、".join(read) or "—"}
    notices = [Notice(IssueCode.MAPPING_USED, None, told)]
    if absent := [name for name in used if name not in here]:
        told = {"file": mapping.file, "headers": "、".join(absent)}
        notices.append(Notice(IssueCode.MAPPING_ABSENT, None, told))
    return notices


def _skipped(sheet: NoHeader) -> Notice:
    if sheet.looks_like is not None:
        told = {"rather": str(sheet.looks_like)}
        return Notice(IssueCode.SHEET_OTHER_KIND, sheet.sheet.name, told)
    headers = "、".join(sheet.headers[:6])
    return Notice(IssueCode.SHEET_SKIPPED, sheet.sheet.name, {"headers": headers})


def _said_once(file: str, notice: Notice) -> Issue:
    column = notice.told.get("column")
    header = column if isinstance(column, str) else None
    return Issue(
        notice.code, Severity.REMARK, file, notice.sheet, column=header, values=notice.told
    )


class Intake:
    """A ledger file being taken in: what it is, what its headers mean, its rows, and their tally.

    `source`, `headers` and `remarks` (what is said once of the file) are known at once; `tally`,
    `issues()` and `refused()` are whole when `batches()` is spent. `batches` can be asked for once.
    """

    def __init__(
        self,
        kind: Kind,
        source: SourceFile,
        headers: tuple[HeaderUse, ...],
        layouts: Sequence[Layout],
        remarks: Sequence[Issue],
        way: _Way,
    ) -> None:
        """Made by `read_ledger`."""
        self.kind = kind
        self.source = source
        self.headers = headers
        self.remarks = tuple(remarks)
        self.tally = Tally()
        self.path = way.path
        self.stream = RowStream(kind, source.name, layouts, way.said, way.background)
        self._judges = way.judges
        self._kept, self._seen, self._said = Spool(), Seen(kind), set[tuple[str, str | None]]()
        self._remarked: dict[str | None, bytearray] = {}
        self._begun = False

    @property
    def mapped(self) -> tuple[HeaderUse, ...]:
        """Return the headers that tell a column."""
        return tuple(use for use in self.headers if use.column is not None)

    @property
    def unmapped(self) -> tuple[HeaderUse, ...]:
        """Return the headers that are kept and not used."""
        return tuple(use for use in self.headers if use.column is None)

    @property
    def note(self) -> dict[str, object]:
        """Return what an import is to keep of how the file was read: the adapters that read it."""
        read = [one.values for one in self.remarks if one.code is IssueCode.ADAPTER_USED]
        return {"adapters": [dict(values) for values in read]} if read else {}

    def batches(self, size: int = 5000) -> Iterator[Batch]:
        """Yield the rows in batches of about `size`, in the order of the file.

        Every row that is not refused gives a record, a duplicate too: the store keeps what is new.
        """
        if self._begun:
            raise InputRefusedError("ledger.error.read_twice", file=self.source.name)
        self._begun = True
        batch = Batch([], list(self.remarks), [])
        self.tally.by_code.update(issue.code.value for issue in self.remarks)
        for row, understood in self.stream.rows():
            if understood is None:
                self.tally.blank += 1
                continue
            self._account(row, understood, batch)
            if len(batch.records) + len(batch.refused) >= size:
                self._kept.add((batch.issues, batch.refused))
                yield batch
                batch = Batch([], [], [])
        self._conclude(batch)
        if batch.records or batch.refused or batch.issues:
            self._kept.add((batch.issues, batch.refused))
            yield batch

    def issues(self) -> Iterator[Issue]:
        """Yield every issue of the file that was met so far."""
        for issues, _ in self._kept:
            yield from issues

    def refused(self) -> Iterator[RefusedRow]:
        """Yield every row that was refused so far, with its cells whole."""
        for _, refused in self._kept:
            yield from refused

    def _account(self, row: SourceRow, understood: Understood, batch: Batch) -> None:
        """Count the row, note what was said of it, and whether it was met before."""
        self.tally.rows += 1
        self.tally.untouched += understood.untouched
        issues = understood.issues
        if understood.record is not None and (two := self._two_of_one_key(understood.record)):
            issues.append(two)
            understood.record = None
        if understood.record is None and issues[0].severity is Severity.ASIDE:
            self.tally.set_aside += 1
        elif understood.record is None:
            self.tally.refused += 1
            sheet = issues[0].sheet
            refused = RefusedRow(sheet, row.number, understood.as_read, tuple(issues))
            batch.refused.append(refused)
        else:
            if (again := self._met_before(understood.record)) is not None:
                issues.append(again)
            issues += self._judged(understood.record)
            batch.records.append(understood.record)
            if issues:
                self.tally.accepted_with_remarks += 1
                self._remarked_before(understood.record.sheet, row.number)
            else:
                self.tally.accepted += 1
        batch.issues.extend(issues)
        self.tally.by_code.update(issue.code.value for issue in issues)
        self._say_once(understood, batch)

    def _judged(self, record: Record) -> list[Issue]:
        """Return what judges say of a row as it goes by."""
        return [self._issue(one) for judge in self._judges for one in judge.see(record)]

    def _conclude(self, batch: Batch) -> None:
        """Add what judges say when all rows were seen; a row of theirs counts as remarked once."""
        for judge in self._judges:
            for one in judge.conclude():
                issue = self._issue(one)
                batch.issues.append(issue)
                self.tally.by_code[issue.code.value] += 1
                if issue.row is not None and not self._remarked_before(issue.sheet, issue.row):
                    self.tally.accepted -= 1
                    self.tally.accepted_with_remarks += 1

    def _issue(self, one: Judged) -> Issue:
        """Return what a judge says as an issue, under the source's own header."""
        reader = self.stream.reader(one.sheet)
        issue = reader.issue(one.code, Severity.REMARK, one.row, one.column, one.value, one.values)
        return replace(issue, sheet=one.sheet)

    def _remarked_before(self, sheet: str | None, row: int) -> bool:
        """Mark a row as remarked, and tell whether it was: a bit a row, for a million rows."""
        marks = self._remarked.setdefault(sheet, bytearray())
        place, bit = row >> 3, 1 << (row & 7)
        if place >= len(marks):
            marks.extend(bytes(place + 1024 - len(marks)))
        before = bool(marks[place] & bit)
        marks[place] |= bit
        return before

    def _say_once(self, understood: Understood, batch: Batch) -> None:
        for issue in understood.once:
            mark = (issue.code.value, issue.column)
            if mark not in self._said:
                self._said.add(mark)
                batch.issues.append(issue)
                self.tally.by_code[issue.code.value] += 1

    def _met_before(self, record: Record) -> Issue | None:
        """Say that the very same row stood before, or that its key did with another content."""
        same, rival = self._seen.note(record)
        if same is not None:
            self.tally.duplicates += 1
            return self._repeated(IssueCode.DUPLICATE_ROW, record, same)
        return None if rival is None else self._repeated(IssueCode.KEY_REPEATED, record, rival)

    def _two_of_one_key(self, record: Record) -> Issue | None:
        """Refuse a row that would overwrite another thing of this file under the same key."""
        before = self._seen.rival(record)
        if before is None:
            return None
        events = record.kind is Kind.EVENTS
        code = IssueCode.EVENT_REPEATED if events else IssueCode.NUMBER_TWICE
        return self._repeated(code, record, before, Severity.REFUSED)

    def _repeated(
        self, code: IssueCode, record: Record, before: int, severity: Severity = Severity.REMARK
    ) -> Issue:
        return Issue(
            code, severity, self.source.name, record.sheet, record.row,
            values={"key": record.key, "before": before},
        )  # fmt: skip

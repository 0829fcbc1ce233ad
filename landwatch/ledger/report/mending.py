"""What a row of a report tells when it is read again: only what somebody mended changes anything.

A row that nobody touched is told again as known (`retold`): it speaks only where the ledger has
nothing under its key, so that it never goes over what was learnt since. A mended row goes over the
record that it was, and tells only what its cells tell otherwise than before: a made key stays,
though it would be made otherwise now. A row that was wrongly numbered and gets its own number
leaves the record it spoke for. A row that was copied or exchanged is another one, or is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from landwatch.language.columns import ColumnType, Kind, columns_of
from landwatch.language.records import Record, Value
from landwatch.ledger.background import Held
from landwatch.ledger.cells import LONGEST, Cell, shown, tidy
from landwatch.ledger.headers import HeaderUse
from landwatch.ledger.issues import Issue, IssueCode, Severity
from landwatch.ledger.keys import MADE, NUMBERS, REQUIRED
from landwatch.ledger.report.anew import rid_of, told_anew
from landwatch.ledger.report.known import GivenRow, Known, keeps_key, looked_through
from landwatch.ledger.report.rivalry import marks_of, torn
from landwatch.ledger.report.tags import HEADER_ROW, digests, mark_of, read_row
from landwatch.ledger.report.way_back import FIRST_AT, NUMBER_AT, TAG_AT, WayBack
from landwatch.ledger.rows import RowReader, Understood
from landwatch.ledger.sheets import Sheet, SourceRow

_CLEAR = "清空"


class MendedRows:
    """The rows of one sheet of a report."""

    def __init__(
        self,
        kind: Kind,
        sheet: Sheet,
        uses: Sequence[HeaderUse],
        way: WayBack,
        reader: RowReader,
        held: Held,
    ) -> None:
        """Prepare to read; `reader` reads rows with these headers, `held` knows the ledger."""
        self._kind, self._sheet, self._uses, self._way = kind, sheet, uses, way
        self._reader, self._held = reader, held
        columns = columns_of(kind)
        fixed = {*NUMBERS[kind], *REQUIRED[kind], "contract_id"}
        self._clearable = {
            use.position
            for use in uses
            if use.column in columns
            and use.column not in fixed
            and columns[use.column].holds is not ColumnType.GEOMETRY
        }
        numeric = (ColumnType.DECIMAL, ColumnType.INTEGER)
        self._numeric = {
            use.position
            for use in uses
            if use.column in columns and columns[use.column].holds in numeric
        }
        self._drawn = next((use.position for use in uses if use.column == "geometry"), None)

    def read(self) -> Iterator[tuple[SourceRow, Understood | None]]:
        """Yield every row with what it tells; None where it holds nothing."""
        known = looked_through(self._kind, self._rows, self._uses, self._key_in, self._held)
        for one in self._rows():
            if one.row.is_blank:
                yield one.row, None
                continue
            yield one.row, self._understood(one, known)

    def _rows(self) -> Iterator[GivenRow]:
        places, inner = self._way.places, set(self._way.places)
        count = self._way.tag.columns
        for row in self._sheet.rows():
            if row.number <= HEADER_ROW:
                continue
            cells: list[Cell] = [
                row.cells[place] if place < len(row.cells) else None for place in places
            ]
            tag_text = shown(row.cells[TAG_AT]) if row.cells else ""
            number = shown(row.cells[NUMBER_AT]) if len(row.cells) > NUMBER_AT else ""
            whole, checks = digests(cells[:count], self._numeric)
            more = [
                cell
                for place, cell in enumerate(row.cells)
                if place >= FIRST_AT and place not in inner and shown(cell).strip()
            ]
            if any(shown(cell).strip() for cell in (*cells[count:], *more)):
                whole = ""  # something was added
            source = SourceRow(row.number, [*cells, *more])
            yield GivenRow(source, read_row(tag_text), tidy(number), whole, checks)

    def _key_in(self, one: GivenRow) -> set[str]:
        """Return the key that the cells of a row make now; nothing where it is refused."""
        record = self._reader.read(one.row).record
        return set() if record is None else {record.key}

    def _understood(self, one: GivenRow, known: Known) -> Understood:
        """Return what a row tells, under the key that it belongs to."""
        tag = one.tag
        if tag is None:
            understood = self._reader.read(one.row)
            self._not_anothers(one, None, understood, known)
            return understood
        if any(known.is_another(one, key) for key in self._key_in(one)):
            return self._another(one, known)
        if self._misplaced(one, known):
            return self._refused(one, IssueCode.ROW_MISPLACED, {"number": tag.row})
        understood = self._reader.read(self._restored(one))
        understood.untouched = one.untouched
        if tag.key is None:
            self._not_again(one, understood, known)
        self._not_anothers(one, tag.key, understood, known)
        if tag.key is not None:
            self._not_emptied(one, tag.key, understood)
            self._under_its_key(one, tag.key, understood, known)
        self._speaking_for_two(understood, known)
        return understood

    def _another(self, one: GivenRow, known: Known) -> Understood:
        """Read a row that is no longer that of its tag as a new one, if it has its own number."""
        understood = self._reader.read(one.row)
        record = understood.record
        if record is None:
            return understood
        if record.key.startswith(MADE) or record.key in known.keys:
            number = 0 if one.tag is None else one.tag.row
            return self._refused(one, IssueCode.ROW_COPIED, {"number": number})
        self._not_anothers(one, None, understood, known)
        return understood

    def _not_emptied(self, one: GivenRow, key: str, understood: Understood) -> None:
        """Refuse a contract whose number was emptied: it would become another one."""
        record = understood.record
        if record is None or not record.key.startswith(MADE) or key.startswith(MADE):
            return
        emptied = self._issue(
            one, IssueCode.NUMBER_EMPTIED, Severity.REFUSED, "contract_id", {"before": key}
        )
        understood.issues.append(emptied)
        understood.record = None

    def _misplaced(self, one: GivenRow, known: Known) -> bool:
        """Tell whether the cells of a row are those of another: only some columns were sorted."""
        if one.tag is None or one.untouched:
            return False
        elsewhere = one.number != str(one.tag.row) or one.whole in known.wholes
        return elsewhere or one.is_scattered

    def _restored(self, one: GivenRow) -> SourceRow:
        """Return a row with what a cell could not hold, and 清空 where a told cell was emptied."""
        if one.tag is None:
            return one.row
        cells = list(one.row.cells)
        for at in one.tag.left_out:
            if 0 <= at < len(cells) and at != self._drawn and self._as_written(one, at):
                cells[at] = shown(cells[at]).ljust(LONGEST + 1, "…")
        if one.tag.key is not None and not one.untouched:
            for at in self._emptied(one):
                cells[at] = _CLEAR
        return replace(one.row, cells=cells)

    def _emptied(self, one: GivenRow) -> list[int]:
        """Return the columns whose cell had told something and is blank now."""
        if one.tag is None:
            return []
        return [
            at
            for at in sorted(self._clearable)
            if one.tag.told(at) and not tidy(shown(one.row.cells[at]))
        ]

    def _as_written(self, one: GivenRow, at: int) -> bool:
        return one.tag is not None and one.is_as_it_was(at)

    def _not_anothers(
        self, one: GivenRow, own: str | None, understood: Understood, known: Known
    ) -> None:
        """Refuse a number that a mended row has taken from another contract of the ledger."""
        record = understood.record
        if record is None or record.key == own or one.untouched:
            return
        held = known.held.get(record.key)
        if held is not None and torn(tuple(map(mark_of, held)), marks_of(record)):
            there = "，".join(name for name in held if name)
            told = {"key": record.key, "there": there}
            understood.issues.append(
                self._issue(one, IssueCode.NUMBER_HELD, Severity.REFUSED, None, told)
            )
            understood.record = None

    def _not_again(self, one: GivenRow, understood: Understood, known: Known) -> None:
        """Refuse once more what only its neighbours in the source had refused, unless mended."""
        record, tag = understood.record, one.tag
        if record is None or tag is None:
            return
        rival = tag.rival
        if rival is not None and record.key == rival.key and rival.key not in known.left:
            if torn(rival.marks, marks_of(record)):
                events = self._kind is Kind.EVENTS
                code = IssueCode.EVENT_REPEATED if events else IssueCode.NUMBER_TWICE
                before = known.places.get(rival.row, rival.row)
                told = {"key": rival.key, "before": before, "marks": rival.marks}
                understood.issues.append(self._issue(one, code, Severity.REFUSED, None, told))
                understood.record = None
        elif self._drawn in tag.left_out and "geometry" not in record.values:
            code = IssueCode.OUTLINE_NOT_CARRIED
            understood.issues.append(self._issue(one, code, Severity.REFUSED, "geometry"))
            understood.record = None

    def _under_its_key(self, one: GivenRow, key: str, understood: Understood, known: Known) -> None:
        """Keep a row under the key of its record, or say which record it no longer speaks for."""
        record, tag = understood.record, one.tag
        if record is None or tag is None:
            return
        if one.untouched or keeps_key(self._kind, tag):
            understood.issues[:] = [_with_key(issue, key) for issue in understood.issues]
            if record.key != key:
                understood.issues += self._numbered(one, record, key)
                understood.record = _kept_under(self._kind, record, key)
        elif record.key != key and key in known.left:
            told = {"before": key, "key": record.key}
            code = IssueCode.KEY_LEFT if key in known.staying else IssueCode.KEY_STAYS
            understood.issues.append(self._issue(one, code, Severity.REMARK, None, told))
        if understood.record is not None and understood.record.key == key:
            understood.record = told_anew(
                one, understood.record, self._uses, headers_changed=self._way.changed
            )
        if one.untouched:
            return
        for at in self._emptied(one):
            column = self._uses[at].column
            understood.issues.append(
                self._issue(one, IssueCode.CELL_EMPTIED, Severity.REMARK, column)
            )

    def _numbered(self, one: GivenRow, record: Record, key: str) -> list[Issue]:
        """Say that a contract which has got its number stays under the key that was made for it."""
        if self._kind is not Kind.CONTRACTS or record.key.startswith(MADE):
            return []
        told = {"key": key, "number": record.key}
        return [self._issue(one, IssueCode.KEY_KEPT, Severity.REMARK, None, told)]

    def _speaking_for_two(self, understood: Understood, known: Known) -> None:
        """Let a row under a key that another has left clear what only the other had told there."""
        record = understood.record
        if record is None or record.key not in known.left:
            return
        understood.record = rid_of(record, known.left[record.key])

    def _refused(self, one: GivenRow, code: IssueCode, told: Mapping[str, object]) -> Understood:
        as_read = self._reader.as_read(one.row)
        issue = self._issue(one, code, Severity.REFUSED, None, told)
        return Understood(as_read, issues=[issue])

    def _issue(
        self,
        one: GivenRow,
        code: IssueCode,
        severity: Severity,
        column: str | None = None,
        told: Mapping[str, object] | None = None,
    ) -> Issue:
        return self._reader.issue(code, severity, one.row.number, column, None, told)


def _with_key(issue: Issue, key: str) -> Issue:
    """Return a remark on a made key with the key that was made first."""
    if issue.code is not IssueCode.KEY_MADE:
        return issue
    return replace(issue, values={**issue.values, "key": key})


def _kept_under(kind: Kind, record: Record, key: str) -> Record:
    """Return a record under another key; a contract's own number is kept among its numbers."""
    if kind is not Kind.CONTRACTS:
        return replace(record, key=key)
    values: dict[str, Value] = dict(record.values)
    told = values.get("contract_id")
    known = (values.get("supervision_no"), values.get("contract_no"))
    if told is not None and not str(told).startswith(MADE) and told not in known:
        values.setdefault("contract_no", told)
    return replace(record, key=key, values={**values, "contract_id": key})

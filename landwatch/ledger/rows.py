"""Understands one row: its cells, the cells against each other, and the key it is kept under."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from landwatch.language.columns import Kind, columns_of
from landwatch.language.records import Record
from landwatch.language.terms import ProgressSource
from landwatch.ledger.asides import aside
from landwatch.ledger.cells import LONGEST, shown
from landwatch.ledger.consistency import not_yet, settle
from landwatch.ledger.credit_codes import is_credit_code
from landwatch.ledger.export_marks import ExportMarks
from landwatch.ledger.headers import TWINS, HeaderUse, folded
from landwatch.ledger.issues import Issue, IssueCode, Severity
from landwatch.ledger.keys import NUMBERS, REQUIRED, key_of, made_contract_id
from landwatch.ledger.outline_repair import mended, mended_reading
from landwatch.ledger.sheets import Geometry, SourceRow
from landwatch.ledger.slides import moved, slid
from landwatch.ledger.synonyms import SOURCE_ID
from landwatch.ledger.telling import (
    SAYS_NOTHING,
    CellReader,
    Told,
    tell_all,
    twins_cleared,
    twins_unreadable,
)

if TYPE_CHECKING:
    from landwatch.ledger.placing import CellWay

_NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class Understood:
    """What became of a row: a record, or none, and what there is to say of it.

    `once` are things that are said once of the whole file, by the first row that shows them. In a
    report, `untouched` says that nobody mended it.
    """

    as_read: dict[str, str]
    record: Record | None = None
    issues: list[Issue] = field(default_factory=list)
    once: list[Issue] = field(default_factory=list)
    untouched: bool = False


class RowReader:
    """Understands the rows of one sheet, whose headers are known."""

    def __init__(
        self,
        kind: Kind,
        file: str,
        sheet: str | None,
        uses: Sequence[HeaderUse],
        placer: CellWay = None,
        today: date | None = None,
        *,
        repair: bool = False,
    ) -> None:
        """Prepare how each header's cells are read; `placer` reads areas drawn in cells.

        What was seen or done after `today` is not believed; None believes every day. `repair` mends
        invalid outlines.
        """
        self._today, self._repair = today, repair
        self._kind, self._file, self._sheet = kind, file, sheet
        self._labels = [use.label for use in uses]
        self._names = [folded(use.header) for use in uses]
        self._columns = columns_of(kind)
        self._marks = ExportMarks(kind, uses)
        self._readers = [CellReader(kind, use, placer) for use in self._marks.others(uses)]
        self._headers = {reader.name: reader.use.header for reader in self._readers}
        for in_m2, in_mu in TWINS.items():
            told = self._headers.get(in_m2) or self._headers.get(in_mu)
            if told is not None:
                self._headers.setdefault(in_m2, told)
                self._headers.setdefault(in_mu, told)

    def read(self, row: SourceRow) -> Understood:
        """Return what a row tells; a row that cannot be kept has no record and says why."""
        texts = [cell if cell.__class__ is str else shown(cell) for cell in row.cells]
        understood = Understood(self._as_read(texts))
        say = _Sayer(self, row, understood.issues)
        if (why := aside(texts, self._names)) is not None:
            first = next((text for text in texts if text.strip()), "")
            issue = self.issue(why, Severity.ASIDE, row.number, values={"shown": first[:40]})
            understood.issues.append(issue)
            return understood
        extra = texts[len(self._labels) :] if len(texts) > len(self._labels) else ()
        if any(text.strip() for text in extra):
            say.refuse(IssueCode.TOO_MANY_CELLS)
            return understood
        told = tell_all(self._readers, *self._marks.whole(row.cells, texts))
        self._heed_marks(texts, told, say)
        if columns := slid(told.strays) or self._moved(texts, told):
            shown_headers = "、".join(self._headers[name] for name in columns)
            say.refuse(IssueCode.SHIFTED_ROW, values={"columns": shown_headers})
            return understood
        self._weigh(row, told, say, understood)
        self._number_the_contract(told, say, understood)
        self._require(told, say)
        if not say.refused:
            self._keep(row, told, understood)
        return understood

    def _moved(self, texts: Sequence[str], told: Told) -> list[str]:
        """Return the columns that show that the row slid; nearly every row has no bad cell."""
        if not told.troubles and not told.strays:
            return []
        unread = [each for each in told.troubles if each.reading.value is None]
        return moved(
            self._readers, texts, {each.column: each.reading for each in unread}, told.strays
        )

    def _heed_marks(self, texts: Sequence[str], told: Told, say: _Sayer) -> None:
        """Take over what an export of landwatch says of this row: what is cleared or unreadable."""
        heeded = self._marks.heed(texts, told)
        if heeded.unreadable:
            columns = {"columns": "、".join(heeded.unreadable)}
            say.remark(IssueCode.MARKED_UNREADABLE, values=columns)
        if heeded.unknown:
            say.remark(IssueCode.MARK_UNKNOWN, values={"columns": "、".join(heeded.unknown)})

    def as_read(self, row: SourceRow) -> dict[str, str]:
        """Return the cells of a row by their headers, as the store can keep them."""
        return self._as_read([shown(cell) for cell in row.cells])

    def header_of(self, column: str | None) -> str | None:
        """Return the source's own header of a column."""
        return None if column is None else self._headers.get(column, column)

    def issue(
        self,
        code: IssueCode,
        severity: Severity,
        row: int | None,
        column: str | None = None,
        value: str | None = None,
        values: Mapping[str, object] | None = None,
    ) -> Issue:
        """Return an issue at its place in this file."""
        cut = None if value is None else value[:200]
        header = self.header_of(column)
        return Issue(code, severity, self._file, self._sheet, row, header, cut, values or {})

    def _as_read(self, texts: Sequence[str]) -> dict[str, str]:
        """Return the cells by their headers, as the store can keep them."""
        if len(texts) <= len(self._labels):
            whole = "".join(texts)
            if len(whole) <= LONGEST and "\0" not in whole:
                return {label: text for label, text in zip(self._labels, texts) if text}  # noqa: B905
        return dict(self._cut(texts))

    def _cut(self, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
        for at, text in enumerate(texts):
            if text:
                label = self._labels[at] if at < len(self._labels) else f"[{at + 1}]"
                yield label, text[:LONGEST].replace("\0", "")

    def _weigh(self, row: SourceRow, told: Told, say: _Sayer, understood: Understood) -> None:
        """Say what is wrong with cells, alone and together, and leave out what cannot be true."""
        for trouble in told.troubles:
            reading = trouble.reading
            if self._repair and reading.code is IssueCode.INVALID_GEOMETRY:
                reading = mended_reading(reading, told.values)
            if reading.code is None:
                continue
            needed = reading.value is None and self._needed(trouble.column, told)
            if reading.code is IssueCode.PLACEHOLDER_KEY and not self._alone(trouble.column, told):
                place = None, trouble.column, trouble.text
                understood.once.append(self.issue(reading.code, Severity.REMARK, *place))
                continue
            speak = say.refuse if needed else say.remark
            speak(reading.code, trouble.column, trouble.text, reading.told)
        if row.geometry is not None:
            self._draw(mended(row.geometry) if self._repair else row.geometry, told, say)
        if self._today is not None:
            for remark in not_yet(told.values, self._today):
                speak = say.refuse if remark.column in REQUIRED[self._kind] else say.remark
                speak(remark.code, remark.column, None, remark.told)
                told.unreadable.update(remark.dropped)
        for remark in settle(self._kind, told.values):
            text = self._text_of(row, remark.column)
            say.remark(remark.code, remark.column, text, remark.told)
            told.unreadable.update(remark.dropped)
        code = told.values.get("holder_uscc")
        if isinstance(code, str) and not is_credit_code(code):
            some = any(sign.isascii() and sign.isalnum() for sign in code)
            why = IssueCode.BAD_CREDIT_CODE if some else IssueCode.NO_CREDIT_CODE
            say.remark(why, "holder_uscc", code)

    def _text_of(self, row: SourceRow, column: str) -> str | None:
        """Return what stands in the cell of a column; None where no cell tells it."""
        places = (one.use.position for one in self._readers if one.name == column)
        at = next(places, len(row.cells))
        return shown(row.cells[at]) or None if at < len(row.cells) else None

    def _draw(self, drawn: Geometry, told: Told, say: _Sayer) -> None:
        """Take in what the row draws, and say what is wrong with it."""
        if drawn.area is not None:
            told.values["geometry"] = drawn.area
        if drawn.trouble is not None:
            say.remark(drawn.trouble, "geometry", None, drawn.told)
        if drawn.flaw is not None:
            say.remark(IssueCode.INVALID_GEOMETRY, "geometry", None, drawn.flaw)
        if drawn.area is None and drawn.trouble not in (None, *SAYS_NOTHING):
            told.unreadable.add("geometry")

    def _alone(self, column: str, told: Told) -> bool:
        """Tell whether a row whose `column` holds a placeholder has no other key to go by."""
        keys = (*REQUIRED[self._kind], *NUMBERS[self._kind])
        if self._kind is Kind.CONTRACTS or column not in keys:
            return False
        return not any(name in told.values for name in NUMBERS[self._kind])

    def _needed(self, column: str, told: Told) -> bool:
        """Tell whether an unreadable cell takes the row's key away.

        A number that stands before the one that could be read would have been the key: the row
        must not be kept under another.
        """
        if column in REQUIRED[self._kind] and column != "contract_id":
            return True
        numbers = NUMBERS[self._kind]
        if column not in numbers:
            return False
        readable = [name for name in numbers if name in told.values]
        return not readable or numbers.index(column) < numbers.index(readable[0])

    def _number_the_contract(self, told: Told, say: _Sayer, understood: Understood) -> None:
        """Find the contract's number; make one for a contract that has none, and say so."""
        values, numbers = told.values, NUMBERS[self._kind]
        speaking = next((name for name in numbers if name in values), None)
        if speaking is not None:
            values["contract_id"] = values[speaking]
            if speaking == SOURCE_ID:
                once = self.issue(IssueCode.KEY_FROM_SOURCE, Severity.REMARK, None, SOURCE_ID)
                understood.once.append(once)
        elif self._kind is Kind.CONTRACTS and not say.refused:
            made = made_contract_id(values)
            if made is None:
                say.refuse(IssueCode.NO_KEY)
                return
            values["contract_id"] = made
            say.remark(IssueCode.KEY_MADE, values={"key": made})

    def _require(self, told: Told, say: _Sayer) -> None:
        """Refuse a row without what it needs; take the weakest source for one that names none."""
        spoken_of = {trouble.column for trouble in told.troubles} | told.unreadable
        for name in REQUIRED[self._kind]:
            if name not in told.values and not (name in spoken_of and say.refused):
                what = {"name": f"{self._columns[name].zh} {name}"}
                say.refuse(IssueCode.MISSING_REQUIRED, name, values=what)
        if self._kind is Kind.PROGRESS and "source" not in told.values and not say.refused:
            told.values["source"] = ProgressSource.HOLDER_REPORT.value
            say.remark(IssueCode.SOURCE_ASSUMED, "source")

    def _keep(self, row: SourceRow, told: Told, understood: Understood) -> None:
        kept = {name: value for name, value in told.values.items() if not name.startswith("_")}
        understood.once += [self._rounded(use) for use in told.rounded]
        cleared = twins_cleared(told) & self._columns.keys() if told.cleared else _NONE
        unreadable = twins_unreadable(told) & self._columns.keys() if told.unreadable else _NONE
        key = key_of(self._kind, kept)
        understood.record = Record(
            self._kind, key, kept, self._sheet, row.number, cleared, understood.as_read, unreadable
        )

    def _rounded(self, use: HeaderUse) -> Issue:
        column = self._columns[use.column or ""]
        kept_unit = "ledger.unit.share" if column.unit == "1" else column.unit
        values = {"unit": use.unit, "kept_unit": kept_unit, "places": column.places}
        return self.issue(
            IssueCode.ROUNDED_CONVERSION, Severity.REMARK, None, use.column, None, values
        )


class _Sayer:
    """Says things of one row, and remembers whether it was refused."""

    def __init__(self, reader: RowReader, row: SourceRow, issues: list[Issue]) -> None:
        self._reader, self._row, self._issues = reader, row, issues
        self.refused = False

    def remark(
        self,
        code: IssueCode,
        column: str | None = None,
        value: str | None = None,
        values: Mapping[str, object] | None = None,
    ) -> None:
        """Say something of a row that is taken all the same."""
        self._issues.append(
            self._reader.issue(code, Severity.REMARK, self._row.number, column, value, values)
        )

    def refuse(
        self,
        code: IssueCode,
        column: str | None = None,
        value: str | None = None,
        values: Mapping[str, object] | None = None,
    ) -> None:
        """Say why the row is not taken."""
        self.refused = True
        self._issues.append(
            self._reader.issue(code, Severity.REFUSED, self._row.number, column, value, values)
        )

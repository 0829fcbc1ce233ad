"""Which rows of a file have any trouble, with all that was said of them, read from it once more.

Only the numbers of such rows are remembered while the file streams by, a bit for each; when a
report is asked for, the file is read again and they are taken out, with the rows that share a key
with one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from landwatch.ledger.intake import Intake
from landwatch.ledger.issues import Issue, IssueCode, Severity
from landwatch.ledger.layout import Layout
from landwatch.ledger.report.rivalry import marks_of, together
from landwatch.ledger.report.tags import Rival
from landwatch.ledger.rows import Understood
from landwatch.ledger.sheets import SourceRow

_OF_TWO = (IssueCode.KEY_REPEATED, IssueCode.NUMBER_TWICE, IssueCode.EVENT_REPEATED)


@dataclass(frozen=True, slots=True)
class Troubled:
    """A row of which there is something to say, or that stands against such a row.

    `key` is that of its record, None where it was refused; `beside` are the rows that were found to
    tell another thing under the same key; `rival` is why it was refused, if for that alone.
    """

    layout: Layout
    row: SourceRow
    understood: Understood
    issues: tuple[Issue, ...]
    key: str | None
    shared: bool = False
    again: bool = False
    rival: Rival | None = None
    beside: tuple[int, ...] = ()

    @property
    def refused(self) -> bool:
        """Tell whether the row was not taken."""
        return self.key is None


@dataclass(slots=True)
class _Rows:
    """Rows of each sheet, a bit for each: a hundred thousand of them in twelve kilobytes."""

    bits: dict[str | None, bytearray] = field(default_factory=dict)

    def add(self, sheet: str | None, row: int) -> None:
        """Remember a row."""
        bits = self.bits.setdefault(sheet, bytearray())
        place = row >> 3
        if place >= len(bits):
            bits.extend(bytes(place + 1024 - len(bits)))
        bits[place] |= 1 << (row & 7)

    def __contains__(self, place: tuple[str | None, int]) -> bool:
        """Tell whether a row is remembered."""
        sheet, row = place
        bits = self.bits.get(sheet, b"")
        return row >> 3 < len(bits) and bool(bits[row >> 3] & 1 << (row & 7))


class _Said:
    """All that was said of a file's rows, by row, though judges speak of a row when all are seen.

    What was said in the order of the file is read as it was laid aside; only the rest is held.
    """

    def __init__(self, intake: Intake) -> None:
        """Look through what was said once."""
        self.rows, self.rivals = _Rows(), _Rows()
        self.rival_keys: dict[str, list[int]] = {}
        self.twice: set[str] = set()
        self.marks: dict[str, tuple[str | None, ...]] = {}
        self.late: dict[tuple[str | None, int], list[Issue]] = {}
        self._order = {one.sheet.name: at for at, one in enumerate(intake.stream.layouts)}
        self._intake = intake
        for issue, in_order in self._issues():
            self._note(issue)
            if not in_order and issue.row is not None:
                self.late.setdefault((issue.sheet, issue.row), []).append(issue)

    def _note(self, issue: Issue) -> None:
        assert issue.row is not None
        self.rows.add(issue.sheet, issue.row)
        before = issue.values.get("before")
        if issue.code in _OF_TWO and isinstance(before, int):
            key, marks = str(issue.values["key"]), issue.values.get("marks")
            self.rival_keys.setdefault(key, []).append(issue.row)
            if issue.code is not IssueCode.KEY_REPEATED:
                self.twice.add(key)
            if isinstance(marks, tuple):  # refused once before, for a row of the first source
                self.marks[key] = marks
            for sheet in self._order:  # only the row was told: its key will show which it is
                self.rivals.add(sheet, before)

    def _issues(self) -> Iterator[tuple[Issue, bool]]:
        """Yield what was said of rows, and whether it follows the order of the file."""
        last = (-1, -1)
        for issue in self._intake.issues():
            if issue.row is None or issue.severity is Severity.ASIDE:
                continue
            place = (self._order.get(issue.sheet, -1), issue.row)
            yield issue, place >= last
            last = max(last, place)

    def in_order(self) -> Iterator[tuple[tuple[str | None, int], list[Issue]]]:
        """Yield what was said in the order of the file, gathered by row."""
        gathered: list[Issue] = []
        for issue, in_order in self._issues():
            if not in_order or issue.row is None:
                continue
            first = gathered[0] if gathered else issue
            if (first.sheet, first.row) != (issue.sheet, issue.row):
                yield (first.sheet, first.row or 0), gathered
                gathered = []
            gathered.append(issue)
        if gathered:
            yield (gathered[0].sheet, gathered[0].row or 0), gathered

    def wanted(self, sheet: str | None, row: int) -> bool:
        """Tell whether a row is to be looked at again."""
        place = (sheet, row)
        return place in self.rows or place in self.rivals


def troubled_rows(intake: Intake) -> Iterator[Troubled]:
    """Yield the rows of a spent file that belong in its report, in the order of the file."""
    said = _Said(intake)
    if not said.rows.bits:
        return
    layouts = {one.sheet.name: one for one in intake.stream.layouts}
    spoken = said.in_order()
    waiting = next(spoken, None)
    marks = _rivals(intake, said)
    for sheet, row, understood in _again(intake, said):
        place = (sheet, row.number)
        issues: list[Issue] = []
        if waiting is not None and waiting[0] == place:
            issues, waiting = list(waiting[1]), next(spoken, None)
        issues += said.late.get(place, [])
        found = _troubled(layouts[sheet], row, understood, issues, said.rival_keys, marks)
        if found is not None:
            yield found


def _rivals(intake: Intake, said: _Said) -> dict[str, tuple[str | None, ...]]:
    """Return what marks the things that other rows were refused for, by their keys."""
    marks: dict[str, tuple[str | None, ...]] = {}
    if not said.twice:
        return marks
    for _, _, understood in intake.stream.placed_rows(lambda *place: place in said.rivals):
        record = None if understood is None else understood.record
        if record is not None and record.key in said.twice:
            marks[record.key] = together(marks.get(record.key), marks_of(record))
    return {**marks, **said.marks}


def _again(intake: Intake, said: _Said) -> Iterator[tuple[str | None, SourceRow, Understood]]:
    for layout, row, understood in intake.stream.placed_rows(said.wanted):
        if understood is not None:
            yield layout.sheet.name, row, understood


def _troubled(
    layout: Layout,
    row: SourceRow,
    understood: Understood,
    issues: list[Issue],
    rival_keys: Mapping[str, list[int]],
    marks: Mapping[str, tuple[str | None, ...]],
) -> Troubled | None:
    """Return a row with what was said of it; None where nothing was and it rivals none."""
    record = understood.record
    refused = any(issue.severity is Severity.REFUSED for issue in issues)
    key = None if refused or record is None else record.key
    beside = () if key is None else tuple(rival_keys.get(key, ()))
    if not issues and not beside:
        return None
    rival = None
    twice = next((one for one in issues if one.code in _OF_TWO and refused), None)
    if twice is not None and (name := str(twice.values["key"])) in marks:
        before = twice.values["before"]
        rival = Rival(name, before if isinstance(before, int) else 0, marks[name])
    shared = bool(beside) or any(issue.code is IssueCode.KEY_REPEATED for issue in issues)
    again = any(issue.code is IssueCode.DUPLICATE_ROW for issue in issues)
    others = tuple(number for number in beside if number != row.number)
    return Troubled(
        layout,
        row,
        understood,
        tuple(issues),
        key,
        shared,
        again,
        rival,
        others,
    )

"""What cannot be trusted of a header, seen in its first rows: it is kept, not used, and said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from landwatch.language.columns import ColumnType, Kind, columns_of
from landwatch.ledger.cells import says_nothing, shown, tidy
from landwatch.ledger.headers import HeaderUse, WhyUnmapped, column_letter, folded
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.measures import measures_rate
from landwatch.ledger.numbers import read_number
from landwatch.ledger.sheets import Notice, SourceRow
from landwatch.ledger.synonyms import NO_USUAL_UNIT, SOURCE_ID

_MOST_HECTARES = 1000
_LEAST_GRANTED_M2 = 100


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of a sheet under its header."""

    rows: Sequence[SourceRow]

    @property
    def is_drawn(self) -> bool:
        """Tell whether rows bring outlines of their own."""
        return any(row.geometry is not None for row in self.rows)

    def cells(self, use: HeaderUse) -> list[str]:
        """Return what stands under a header, row by row; "" where nothing does."""
        at = use.position
        return [tidy(shown(row.cells[at])) if at < len(row.cells) else "" for row in self.rows]

    def told(self, use: HeaderUse) -> list[str]:
        """Return the cells under a header that say anything."""
        return [text for text in self.cells(use) if not says_nothing(text)]


def doubts(
    kind: Kind, uses: tuple[HeaderUse, ...], sample: Sample
) -> tuple[tuple[HeaderUse, ...], list[Notice]]:
    """Keep, and do not use, what cannot be trusted: an area without its unit, a shifted header."""
    kept, notices = list(uses), []
    for at, use in enumerate(uses):
        if not use.unit_said and measures_rate(use.unit):
            notices.append(Notice(IssueCode.RATE_UNIT_UNCLEAR, use.sheet, {"column": use.header}))
        elif not use.unit_said and _may_be_hectares(kind, use, sample):
            kept[at] = use.unmapped(WhyUnmapped.UNIT_UNCLEAR)
            told = {"column": use.header, "example": next(iter(sample.told(use)), "")}
            notices.append(Notice(IssueCode.AREA_UNIT_UNCLEAR, use.sheet, told))
        elif use.why is WhyUnmapped.UNITS_DISAGREE:
            notices.append(Notice(IssueCode.UNITS_DISAGREE, use.sheet, {"column": use.header}))
        elif use.why is WhyUnmapped.UNKNOWN_UNIT:
            notices.append(Notice(IssueCode.UNKNOWN_UNIT, use.sheet, {"column": use.header}))
        elif use.column == SOURCE_ID and _repeats(use, sample):
            kept[at] = use.unmapped(WhyUnmapped.NOT_UNIQUE)
            notices.append(Notice(IssueCode.SOURCE_ID_REPEATS, use.sheet, {"column": use.header}))
        elif use.why is WhyUnmapped.TWICE:
            notices.append(Notice(IssueCode.HEADER_TWICE, use.sheet, {"column": use.label}))
        elif at and use.why is WhyUnmapped.EMPTY and _may_have_shifted(kind, uses, at, sample):
            kept[at - 1] = uses[at - 1].unmapped(WhyUnmapped.GAP)
            told = {"column": uses[at - 1].header, "letter": column_letter(at)}
            notices.append(Notice(IssueCode.HEADER_GAP, use.sheet, told))
    return tuple(kept), notices


def _repeats(use: HeaderUse, sample: Sample) -> bool:
    """Tell whether a record id stands in rows that differ: it names a page, not a record."""
    rows = {tuple(map(shown, row.cells)) for row in sample.rows}
    ids = [cells[use.position] for cells in rows if use.position < len(cells)]
    told = [each for each in ids if not says_nothing(tidy(each))]
    return len(set(told)) < len(told)


def _may_be_hectares(kind: Kind, use: HeaderUse, sample: Sample) -> bool:
    """Tell whether an area without a unit looks like hectares: all small, with decimals.

    So does one that has no usual unit. Nobody is granted less than 100 m²: a contract's area need
    not have decimals for that.
    """
    if folded(use.header) in NO_USUAL_UNIT:
        return True
    column = columns_of(kind)[use.column or ""]
    readings = [read_number(text, column, use.factor) for text in sample.told(use)]
    numbers = [each.value for each in readings if each.value is not None and each.code is None]
    small = all(isinstance(n, int) or n < _MOST_HECTARES for n in numbers)  # type: ignore[operator]
    if kind is Kind.CONTRACTS and numbers and all(n < _LEAST_GRANTED_M2 for n in numbers):  # type: ignore[operator]
        return True
    return bool(numbers) and small and any(n % 1 for n in numbers)  # type: ignore[operator]


def _may_have_shifted(kind: Kind, uses: Sequence[HeaderUse], at: int, sample: Sample) -> bool:
    """Tell whether a header may have slid left over a column without one.

    Only where text stands on its left can that go unseen: dates and numbers would not be readable.
    """
    inner = any(use.header for use in uses[at + 1 :])
    left = columns_of(kind).get(uses[at - 1].column or "")
    if not inner or left is None or left.key or left.holds is not ColumnType.TEXT:
        return False
    return len(sample.told(uses[at])) * 2 > len(sample.rows)

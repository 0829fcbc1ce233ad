"""Periods on which a source reports: whole weeks, months, quarters, half years, years.

A week begins on Monday (ISO 8601); the others are those of the calendar.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from landwatch.language.catalogue import say
from landwatch.language.terms import Rhythm

_MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.HALF_YEARLY: 6, Rhythm.YEARLY: 12}
_FIRST, _LAST = date.min.toordinal(), date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a rhythm, from its first day to its last."""

    rhythm: Rhythm
    start: date
    end: date

    @classmethod
    def of(cls, rhythm: Rhythm, day: date) -> Period:
        """Return the period that a day lies in.

        >>> Period.of(Rhythm.MONTHLY, date(2024, 2, 10)).end
        datetime.date(2024, 2, 29)
        >>> Period.of(Rhythm.WEEKLY, date(2026, 1, 1)).start
        datetime.date(2025, 12, 29)
        """
        if rhythm is Rhythm.WEEKLY:
            first = day.toordinal() - day.weekday()
            return cls(rhythm, date.fromordinal(first), date.fromordinal(min(first + 6, _LAST)))
        months = _MONTHS[rhythm]
        month = (day.month - 1) // months * months + 1
        last = month + months - 1
        days = monthrange(day.year, last)[1]
        return cls(rhythm, date(day.year, month, 1), date(day.year, last, days))

    def next(self) -> Period | None:
        """Return the period after this one; there is none after the last day of all."""
        day = self.end.toordinal() + 1
        return Period.of(self.rhythm, date.fromordinal(day)) if day <= _LAST else None

    def before(self) -> Period | None:
        """Return the period before this one; there is none before the first day of all."""
        day = self.start.toordinal() - 1
        return Period.of(self.rhythm, date.fromordinal(day)) if day >= _FIRST else None

    def due_on(self, grace_days: int) -> date:
        """Return the last day on which a report on this period is in time.

        >>> Period.of(Rhythm.MONTHLY, date(2026, 5, 3)).due_on(10)
        datetime.date(2026, 6, 10)
        """
        return date.fromordinal(min(self.end.toordinal() + grace_days, _LAST))

    @property
    def code(self) -> str:
        """Return the period as a machine reads it.

        >>> [Period.of(rhythm, date(2026, 6, 30)).code for rhythm in Rhythm]
        ['2026-W27', '2026-06', '2026-Q2', '2026-H1', '2026']
        """
        year, month = self.start.year, self.start.month
        match self.rhythm:
            case Rhythm.WEEKLY:
                return "{}-W{:02}".format(*self.start.isocalendar()[:2])
            case Rhythm.MONTHLY:
                return f"{year:04}-{month:02}"
            case Rhythm.YEARLY:
                return f"{year:04}"
            case Rhythm.QUARTERLY | Rhythm.HALF_YEARLY:
                letter = "Q" if self.rhythm is Rhythm.QUARTERLY else "H"
                return f"{year:04}-{letter}{(month - 1) // _MONTHS[self.rhythm] + 1}"

    def in_words(self, lang: str) -> str:
        """Return what the period is called in `lang`.

        >>> Period.of(Rhythm.QUARTERLY, date(2026, 6, 30)).in_words("zh")
        '2026年第2季度'
        >>> Period.of(Rhythm.WEEKLY, date(2026, 6, 30)).in_words("en")
        'week 27 of 2026 (2026-06-29 to 2026-07-05)'
        """
        year, week, _ = self.start.isocalendar()
        if self.rhythm is not Rhythm.WEEKLY:
            year = self.start.year
        part = f"{(self.start.month - 1) // _MONTHS.get(self.rhythm, 1) + 1}"
        key = f"period.{self.rhythm}"
        if self.rhythm is Rhythm.HALF_YEARLY:
            key = "period.first_half" if part == "1" else "period.second_half"
        if self.rhythm is Rhythm.MONTHLY and lang == "en":
            part = part.zfill(2)
        return say(key, lang, year=year, part=part, week=week, start=self.start, end=self.end)


def last_due(rhythm: Rhythm, grace_days: int, day: date) -> Period | None:
    """Return the last period whose reports were to be there by a day, grace included.

    >>> last_due(Rhythm.MONTHLY, 10, date(2026, 6, 9)).code
    '2026-04'
    >>> last_due(Rhythm.MONTHLY, 10, date(2026, 6, 10)).code
    '2026-05'
    """
    ended = day.toordinal() - grace_days
    if ended < _FIRST:
        return None
    period = Period.of(rhythm, date.fromordinal(ended))
    return period if period.end.toordinal() == ended else period.before()

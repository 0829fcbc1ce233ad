"""Periods of a rhythm: their days, their neighbours, and which is the last that is due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landwatch.language.terms import Rhythm
from landwatch.scan.periods import Period, last_due

RHYTHMS = st.sampled_from(list(Rhythm))
DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("rhythm", "day", "start", "end"),
    [
        (Rhythm.MONTHLY, "2024-02-29", "2024-02-01", "2024-02-29"),
        (Rhythm.MONTHLY, "2023-02-01", "2023-02-01", "2023-02-28"),
        (Rhythm.MONTHLY, "2026-12-31", "2026-12-01", "2026-12-31"),
        (Rhythm.QUARTERLY, "2024-03-31", "2024-01-01", "2024-03-31"),
        (Rhythm.QUARTERLY, "2026-10-01", "2026-10-01", "2026-12-31"),
        (Rhythm.HALF_YEARLY, "2026-06-30", "2026-01-01", "2026-06-30"),
        (Rhythm.HALF_YEARLY, "2026-07-01", "2026-07-01", "2026-12-31"),
        (Rhythm.YEARLY, "2024-02-29", "2024-01-01", "2024-12-31"),
        (Rhythm.WEEKLY, "2024-12-31", "2024-12-30", "2025-01-05"),
        (Rhythm.WEEKLY, "2026-06-28", "2026-06-22", "2026-06-28"),
    ],
)
def test_a_day_lies_in_one_whole_period(rhythm: Rhythm, day: str, start: str, end: str) -> None:
    period = Period.of(rhythm, date.fromisoformat(day))
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)


@given(RHYTHMS, DAYS)
def test_periods_follow_one_another_without_a_gap(rhythm: Rhythm, day: date) -> None:
    period = Period.of(rhythm, day)
    after, before = period.next(), period.before()
    assert after is not None and before is not None
    assert period.start <= day <= period.end
    assert after.start - period.end == period.start - before.end == timedelta(days=1)
    assert after.before() == before.next() == period
    assert len({before.code, period.code, after.code}) == 3
    for lang in ("zh", "en"):
        assert len({one.in_words(lang) for one in (before, period, after)}) == 3


@pytest.mark.parametrize(
    ("grace", "day", "due"),
    [
        (0, "2026-05-30", "2026-04"),  # a day before the end
        (0, "2026-05-31", "2026-05"),  # the end itself
        (0, "2026-06-01", "2026-05"),
        (10, "2026-06-09", "2026-04"),  # a day before the last day of grace
        (10, "2026-06-10", "2026-05"),  # the last day of grace
        (10, "2026-06-11", "2026-05"),
        (1, "2024-02-29", "2024-01"),  # February of a leap year ends today, its grace tomorrow
        (1, "2024-03-01", "2024-02"),
        (1, "2023-03-01", "2023-02"),
        (366, "2026-06-30", "2025-05"),
    ],
)
def test_a_period_is_due_from_the_last_day_of_its_grace(grace: int, day: str, due: str) -> None:
    period = last_due(Rhythm.MONTHLY, grace, date.fromisoformat(day))
    assert period is not None
    assert period.code == due


@given(RHYTHMS, st.integers(0, 366), DAYS)
def test_the_period_that_is_due_is_the_last_whose_grace_is_over(
    rhythm: Rhythm, grace: int, day: date
) -> None:
    period = last_due(rhythm, grace, day)
    assert period is not None
    after = period.next()
    assert after is not None
    assert period.due_on(grace) <= day < after.due_on(grace)


@pytest.mark.parametrize("rhythm", list(Rhythm))
def test_the_first_and_the_last_day_of_all_have_their_period(rhythm: Rhythm) -> None:
    assert Period.of(rhythm, date.min).before() is None
    assert Period.of(rhythm, date.max).next() is None
    assert last_due(rhythm, 400, date.min) is None
    assert last_due(rhythm, 0, date.max) is not None
    assert Period.of(rhythm, date.max).due_on(366) == date.max

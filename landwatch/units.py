"""Units of area and calendar periods, exact: 亩, 公顷, m², and years by Civil Code Arts 200–204.

Areas are decided in 亩, because every unit in use becomes 亩 without rounding (1 m² = 0.0015 亩,
1 公顷 = 15 亩), while 1 亩 = 2000/3 m² has no end. Source: rulebook GEO-01, DATE-01.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

MU_PER_HA = 15
M2_PER_HA = 10_000
MU_PER_M2 = Decimal("0.0015")


def mu_from_m2(area_m2: Decimal) -> Decimal:
    """Return the area in 亩, exact.

    >>> mu_from_m2(Decimal("68507.52"))
    Decimal('102.761280')
    """
    return area_m2 * MU_PER_M2


def mu_from_ha(area_ha: Decimal) -> Decimal:
    """Return the area in 亩, exact.

    >>> mu_from_ha(Decimal("253.3"))
    Decimal('3799.5')
    """
    return area_ha * MU_PER_HA


def m2_from_mu(area_mu: Decimal | Fraction) -> Fraction:
    """Return the area in m² as an exact fraction (1 亩 = 2000/3 m²).

    >>> m2_from_mu(Decimal("3"))
    Fraction(2000, 1)
    """
    return Fraction(area_mu) * 2000 / 3


def rounded(value: Decimal | Fraction | int, places: int) -> Decimal:
    """Return `value` rounded half up, as the bureau prints it.

    >>> rounded(Fraction(2000, 3), 2)
    Decimal('666.67')
    >>> rounded(Decimal("0.125"), 2)
    Decimal('0.13')
    """
    exponent = Decimal(1).scaleb(-places)
    if isinstance(value, Fraction):
        twice, below = abs(value.numerator) * 2 * 10**places, value.denominator
        halved_up = (twice + below) // (2 * below)
        sign = -1 if value.numerator < 0 else 1
        return (Decimal(sign * halved_up).scaleb(-places)).quantize(exponent)
    return Decimal(value).quantize(exponent, rounding=ROUND_HALF_UP)


def add_months(start: date, months: int) -> date:
    """Return the last day of a period of `months` that begins after `start`.

    The corresponding day of the month, or the month's last day where there is none; the start day
    itself does not count (Civil Code Arts 201, 202).

    >>> add_months(date(2021, 1, 31), 1)
    datetime.date(2021, 2, 28)
    """
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    month = month0 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def add_years(start: date, years: int) -> date:
    """Return the last day of a period of `years` that begins after `start`; never 365 days.

    >>> add_years(date(2020, 6, 30), 1)
    datetime.date(2021, 6, 30)
    >>> add_years(date(2020, 2, 29), 1)
    datetime.date(2021, 2, 28)
    """
    return add_months(start, 12 * years)


def add_days(start: date, days: int) -> date:
    """Return the day that is `days` calendar days after `start`.

    >>> add_days(date(2008, 3, 3), 7)
    datetime.date(2008, 3, 10)
    """
    return start + timedelta(days=days)


def days_between(earlier: date, later: date) -> int:
    """Return the number of days from `earlier` to `later`, negative when they are the other way.

    >>> days_between(date(2021, 6, 30), date(2021, 7, 1))
    1
    """
    return (later - earlier).days

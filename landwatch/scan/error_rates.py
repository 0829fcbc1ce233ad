"""How often outcomes are wrong, by a random sample that people checked; with 95 % bounds.

One stratum: the exact bound of Clopper and Pearson, for draws without replacement from the outcomes
that there are. Several strata: the bound of Chernoff and Hoeffding on the weighted share of wrong
ones, inverted: every mix of error rates that makes what was seen less likely than 5 % is left out,
and the worst that remains is told. `docs/audit.md` has the formulas and their sources.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

RISK_SHARE = 20
"""A bound is exceeded by chance in one case of so many: 95 % confidence, on one side."""

_LOG_RISK = -math.log(RISK_SHARE)
_STEPS = 60
_SLOPES = 64
_TINY = 1e-300
_EXACT_CHECKED = 500
"""Beyond so many checked, whole numbers grow too long, and logarithms are added instead."""
_ROUGH = 1e-5
"""What those logarithms may be wrong by, and more: it is taken against us."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """Outcomes of one rule and class: how many there are, were drawn, and what people say."""

    size: int
    drawn: int
    right: int = 0
    wrong: int = 0
    cannot_say: int = 0

    @property
    def checked(self) -> int:
        """Return how many have a verdict."""
        return self.right + self.wrong + self.cannot_say

    @property
    def decided(self) -> int:
        """Return how many were found right or wrong."""
        return self.right + self.wrong


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """What the verdicts say of the outcomes of some strata, together.

    `estimate` is the share of wrong ones among those found right or wrong; it weighs each stratum
    by its size and is None while nothing is decided of one of them. `at_least` and `at_most` hold
    each with 95 % confidence. Who could not say counts as wrong for `at_most` and as right for
    `at_least`.
    """

    size: int
    drawn: int
    right: int
    wrong: int
    cannot_say: int
    estimate: float | None
    at_least: float
    at_most: float

    @property
    def checked(self) -> int:
        """Return how many have a verdict."""
        return self.right + self.wrong + self.cannot_say


def rate_of(strata: Sequence[Stratum]) -> ErrorRate:
    """Return the error rate of the outcomes of some strata, with its bounds."""
    told = [one for one in strata if one.size]
    size = sum(one.size for one in told)
    sure = all(one.decided for one in told)
    weighed = sum(one.size / size * one.wrong / one.decided for one in told if one.decided)
    return ErrorRate(
        size,
        sum(one.drawn for one in told),
        sum(one.right for one in told),
        sum(one.wrong for one in told),
        sum(one.cannot_say for one in told),
        weighed if told and sure else None,
        max(0.0, round(1.0 - _at_most(told, lambda one: one.checked - one.wrong), 12)),
        min(1.0, _at_most(told, lambda one: one.wrong + one.cannot_say)),
    )


def at_most(wrong: int, checked: int) -> float:
    """Return the upper bound of an error rate among endlessly many (Clopper and Pearson).

    >>> round(at_most(0, 60), 4), round(at_most(1, 60), 4), at_most(0, 0)
    (0.0487, 0.0766, 1.0)
    """
    if wrong >= checked:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        likely = sum(
            math.exp(
                math.log(math.comb(checked, k))
                + k * math.log(middle)
                + (checked - k) * math.log1p(-middle)
            )
            for k in range(wrong + 1)
        )
        low, high = (middle, high) if likely > 1 / RISK_SHARE else (low, middle)
    return high


def at_most_of(wrong: int, checked: int, of: int) -> float:
    """Return the upper bound among `of` outcomes, of which `checked` were drawn without return.

    It is exact: the most that may be wrong without making so few seen wrong less likely than 5 %.
    Of more than 500 checked the chance is worked out in floating point, and rounded up.

    >>> at_most_of(0, 8, 8), at_most_of(0, 6, 8), round(at_most_of(0, 60, 1_000_000), 4)
    (0.0, 0.125, 0.0487)
    """
    if not of:
        return 0.0
    may_be = _may_be if checked <= _EXACT_CHECKED else _may_be_of_many
    low, high = wrong, of - checked + wrong
    while low < high:
        middle = (low + high + 1) // 2
        if may_be(middle, wrong, checked, of):
            low = middle
        else:
            high = middle - 1
    return low / of


def _may_be(bad: int, wrong: int, checked: int, of: int) -> bool:
    """Tell whether `bad` wrong ones among all leave so few seen wrong more likely than 5 %."""
    first = max(0, checked - (of - bad))
    ways = math.comb(bad, first) * math.comb(of - bad, checked - first)
    likely = 0
    for k in range(first, min(wrong, bad) + 1):
        likely += ways
        rest = of - bad - checked + k + 1
        ways = ways * (bad - k) * (checked - k) // ((k + 1) * rest) if rest > 0 else 0
    return likely * RISK_SHARE > math.comb(of, checked)


def _may_be_of_many(bad: int, wrong: int, checked: int, of: int) -> bool:
    """Tell the same as `_may_be` by logarithms: it may say yes a little too often, never no."""
    import numpy as np

    first, last = max(0, checked - (of - bad)), min(wrong, bad)
    if first > last:
        return False
    k = np.arange(first, last, dtype=float)
    steps = np.log((bad - k) * (checked - k)) - np.log((k + 1) * (of - bad - checked + k + 1))
    start = _log_ways(bad, first) + _log_ways(of - bad, checked - first) - _log_ways(of, checked)
    logs = start + np.concatenate(([0.0], np.cumsum(steps)))
    most = float(logs.max())
    return most + math.log(float(np.exp(logs - most).sum())) > _LOG_RISK - _ROUGH


def _log_ways(of: int, taken: int) -> float:
    """Return the logarithm of how many ways there are to take some."""
    return math.lgamma(of + 1) - math.lgamma(taken + 1) - math.lgamma(of - taken + 1)


def needed_for(most: float) -> int:
    """Return how many must be checked, and none be wrong, to say “at most `most`”.

    >>> needed_for(0.05), needed_for(0.01)
    (59, 299)
    """
    return math.ceil(_LOG_RISK / math.log1p(-most))


def _at_most(strata: Sequence[Stratum], counted: Callable[[Stratum], int]) -> float:
    """Return the upper bound of the share of what `counted` counts, over all strata.

    A stratum that nobody checked may be all wrong; one that was checked whole is certain.
    """
    size = sum(one.size for one in strata)
    if not size:
        return 1.0
    sure = sum(
        one.size if not one.checked else counted(one)
        for one in strata
        if one.checked in (0, one.size)
    )
    open_ = [one for one in strata if 0 < one.checked < one.size]
    if len(open_) == 1:
        (one,) = open_
        worst = at_most_of(counted(one), one.checked, one.size) * one.size
        return (sure + worst) / size
    return sure / size + (_inverted(open_, counted, size) if open_ else 0.0)


def _inverted(strata: Sequence[Stratum], counted: Callable[[Stratum], int], size: int) -> float:
    """Return the largest weighted share that the Chernoff bound does not rule out.

    For every slope s > 0 the chance of seeing no more than t = Σ aₕxₕ is at most
    exp(st) Π(1 − pₕ(1 − exp(−s aₕ)))^nₕ. Each slope gives a valid bound; the least is told.
    """
    import numpy as np

    n = np.array([one.checked for one in strata], dtype=float)
    seen = np.array([counted(one) for one in strata], dtype=float)
    sizes = np.array([one.size for one in strata], dtype=float)
    weight, a = sizes / size, sizes / size / n
    least, most = seen / sizes, (sizes - n + seen) / sizes  # certain, whatever the rest is
    total = float(a @ seen)

    def least_bound(slopes: Any) -> tuple[float, int]:
        shrunk = 1.0 - np.exp(-np.outer(slopes, a))
        bounds = _worst(weight, n, shrunk, (least, most), _LOG_RISK - slopes * total)
        return float(bounds.min()), int(bounds.argmin())

    slopes = np.geomspace(1e-2 / a.max(), 1e3 / a.min(), _SLOPES)
    coarse, at = least_bound(slopes)
    fine, _ = least_bound(
        np.geomspace(slopes[max(at - 1, 0)], slopes[min(at + 1, _SLOPES - 1)], _SLOPES)
    )
    return min(coarse, fine)


def _worst(weight: Any, n: Any, shrunk: Any, ends: tuple[Any, Any], limits: Any) -> Any:
    """Return the most that Σ Wₕpₕ can be while Σ nₕ log(1 − pₕcₕ) stays at a limit or above.

    A line of `shrunk` (the cₕ) and a limit stand for each slope. The rates that are worst at a
    price are pₕ = 1/cₕ − price · nₕ/Wₕ, within what is certain; the price is found by halving.
    """
    import numpy as np

    least, most = ends

    def rates(prices: Any) -> Any:
        return np.clip(1.0 / shrunk - prices[:, None] * n / weight, least, most)

    def fits(prices: Any) -> Any:
        return np.log(np.maximum(1.0 - rates(prices) * shrunk, _TINY)) @ n >= limits

    low = np.zeros(len(limits))
    high = np.max(weight / (n * shrunk), axis=1)
    high[fits(low)] = 0.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        inside = fits(middle)
        low, high = np.where(inside, low, middle), np.where(inside, middle, high)
    return rates(high) @ weight

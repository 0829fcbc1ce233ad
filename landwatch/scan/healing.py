"""What would cure a breach: the smallest change that the rule itself then calls compliant.

No rule has code of its own here. A candidate comes from the rule's own comparisons: each is solved
exactly for one told number that a holder can move, never for the law's figure or the land. An act
(starting, completing) is what a report would tell on the day it is done. Nothing is offered that
the account, deciding again, does not find compliant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, product

from landwatch.language.terms import Status
from landwatch.lawbook.expressions.rowwise import Value
from landwatch.lawbook.expressions.tree import names_in
from landwatch.lawbook.policy import Rule
from landwatch.lawbook.vocabulary import places_of_facts
from landwatch.scan.account import Account, account
from landwatch.scan.acts import CHANGES, INCLUDES, Act, done
from landwatch.scan.cure import Cure, CureKind, CureStep
from landwatch.scan.solving import comparisons_in, deciding_trees, turning_points

_UP, _DOWN = 1, -1
_WAYS: Mapping[str, tuple[int, ...]] = {
    "invested_wan": (_UP,),
    "fixed_assets_wan": (_UP,),
    "developed_area_m2": (_UP,),
    "developed_area_mu": (_UP,),
    "floor_area_m2": (_UP, _DOWN),
    "footprint_m2": (_UP, _DOWN),
    "green_area_m2": (_UP, _DOWN),
    "office_land_m2": (_DOWN,),
    "capacity_actual": (_UP,),
    "output_wan": (_UP,),
    "year_output_wan": (_UP,),
    "tax_wan": (_UP,),
    "year_tax_wan": (_UP,),
    "evaluated_tax_wan": (_UP,),
    "revenue_wan": (_UP,),
    "value_added_wan": (_UP,),
    "rd_wan": (_UP,),
    "employees": (_UP,),
    "energy_tce": (_DOWN,),
    "electricity_wan_kwh": (_DOWN,),
    "emission_kg": (_DOWN,),
    "leading_output_wan": (_UP,),
    "leading_count": (_UP, _DOWN),
    "batch_area_ha": (_DOWN,),
}
"""Which way a holder (or a park) can move a told number. The granted area, the price, the terms of
the contract and the figures of the law are not theirs to move."""

_AMENDED = ("amended_start_on", "amended_completion_on")
_IN_TIME = frozenset({Status.COMPLIANT, Status.DUE_SOON, Status.NOT_DUE})


def cures(taken: Account) -> tuple[Cure, ...]:
    """Return what would cure a breach, or keep a duty that is due soon; nothing for the rest.

    Each cure is the smallest of its kind. Two figures, or a figure and an act, are offered together
    only where nothing alone will do.
    """
    return Healer(taken.rule).cures(taken)


@dataclass(frozen=True, slots=True)
class _Move:
    """A told number and the values at which the rule may turn, the nearest first."""

    fact: str
    told: Fraction
    values: tuple[Fraction, ...]

    def step(self, value: Fraction) -> CureStep:
        return CureStep(self.fact, value - self.told, value)


class Healer:
    """Finds the cures of one rule; what follows from the rule alone is worked out once."""

    def __init__(self, rule: Rule) -> None:
        """List what a holder can move or do in the rule."""
        trees = deciding_trees(rule)
        used = {name for tree in trees for name in names_in(tree)}
        self._comparisons = comparisons_in(trees)
        self._numbers = [name for name in _WAYS if name in used]
        self._acts = [act for act in Act if not CHANGES[act].isdisjoint(used)]
        clock = {
            name for one in (rule.clock.since, rule.clock.limit) for name in names_in(one.tree)
        }
        for definition in reversed(rule.definitions):
            if definition.name in clock:
                clock |= set(names_in(definition.is_.tree))
        self._amended = [name for name in _AMENDED if name in clock]

    def cures(self, taken: Account) -> tuple[Cure, ...]:
        """Return the cures of an outcome of this rule."""
        if taken.status not in (Status.BREACH, Status.DUE_SOON):
            return ()
        limit, code = taken.known["limit_on"], taken.rule.code
        until = limit if taken.status is Status.DUE_SOON and isinstance(limit, date) else None
        doing = [Cure(CureKind.DOING, code, steps, until) for steps in self._doing(taken)]
        if until is not None:
            return tuple(doing)
        if not doing:
            missed = isinstance(limit, date) and self._acting(taken, limit)
            doing = [Cure(CureKind.TOO_LATE if missed else CureKind.NONE, code)]
        agreed = [Cure(CureKind.AMENDMENT, code, (step,)) for step in self._agreed(taken)]
        return (*doing, *agreed)

    def _doing(self, taken: Account) -> list[tuple[CureStep, ...]]:
        """Return single changes that cure; two at once only where no single one does."""
        moves = list(self._moves(taken))
        figures = list(_smallest(taken, moves))
        acts = [step for step, _ in self._acting(taken, taken.as_of)]
        if figures or acts:
            return [(step,) for step in (*figures, *acts)]
        return list(self._joined(taken, moves))[:1]

    def _moves(self, taken: Account) -> Iterator[_Move]:
        places = places_of_facts()
        for name in self._numbers:
            told = taken.known.get(name)
            if not isinstance(told, Fraction):
                continue
            points = turning_points(taken.rule, self._comparisons, taken.known, name)
            step = Fraction(1, 10 ** places.get(name, 6))
            near = {value for point in points for value in _beside(point, step, _WAYS[name], told)}
            yield _Move(name, told, tuple(sorted(near, key=lambda value: abs(value - told))))

    def _acting(self, taken: Account, day: date) -> list[tuple[CureStep, Mapping[str, Value]]]:
        """Return the least acts that cure when done on a day, with what they would change."""
        found: list[tuple[CureStep, Mapping[str, Value]]] = []
        for act, step, changed in self._deeds(taken, day):
            covered = any(one.fact in INCLUDES.get(act, ()) for one, _ in found)
            if not covered and _comes_to(taken, changed) is Status.COMPLIANT:
                found.append((step, changed))
        return found

    def _deeds(
        self, taken: Account, day: date
    ) -> Iterator[tuple[Act, CureStep, Mapping[str, Value]]]:
        for act in self._acts:
            paid = taken.threshold if act is Act.DEPOSIT else None
            changed = done(act, taken.known, day, paid)
            if changed:
                yield act, CureStep(act, paid), changed

    def _joined(self, taken: Account, moves: list[_Move]) -> Iterator[tuple[CureStep, ...]]:
        """Yield an act with a figure, then two figures, that cure together."""
        for _, step, changed in self._deeds(taken, taken.as_of):
            for move in moves:
                for value in move.values:
                    if _comes_to(taken, {**changed, move.fact: value}) is Status.COMPLIANT:
                        yield step, move.step(value)
                        break
        for one, other in combinations(moves, 2):
            for first, second in product(one.values, other.values):
                both = {one.fact: first, other.fact: second}
                if _comes_to(taken, both) is Status.COMPLIANT:
                    yield one.step(first), other.step(second)
                    break

    def _agreed(self, taken: Account) -> Iterator[CureStep]:
        """Yield the earliest day that an amendment may agree on for the breach to fall away.

        Found by halving: a later agreed day never makes a duty overdue that was not.
        """
        agreed = taken.known["clock_from"]
        for name in self._amended:
            if not isinstance(agreed, date) or not _in_time(taken, name, taken.as_of):
                continue
            early, late = agreed, taken.as_of
            while late - early > timedelta(days=1):
                middle = early + (late - early) // 2
                if _in_time(taken, name, middle):
                    late = middle
                else:
                    early = middle
            yield CureStep(name, to=late)


def _beside(
    point: Fraction, step: Fraction, ways: tuple[int, ...], told: Fraction
) -> Iterator[Fraction]:
    """Yield the kept numbers at a turning point and just past it, in the ways allowed."""
    below = point // step * step
    if _UP in ways:
        above = -(-point // step) * step
        yield from (value for value in (above, above + step) if value > told)
    if _DOWN in ways:
        yield from (value for value in (below, below - step) if 0 <= value < told)


def _smallest(taken: Account, moves: list[_Move]) -> Iterator[CureStep]:
    for move in moves:
        for value in move.values:
            if _comes_to(taken, {move.fact: value}) is Status.COMPLIANT:
                yield move.step(value)
                break


def _in_time(taken: Account, name: str, day: date) -> bool:
    return _comes_to(taken, {name: day}) in _IN_TIME


def _comes_to(taken: Account, changed: Mapping[str, Value]) -> Status:
    """Return what the rule decides where these facts are told instead."""
    return account(taken.policy, taken.rule, {**taken.known, **changed}, taken.as_of).status

"""The sum behind a finding: figure and limit with their numbers put in, areas in both units."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from landwatch.language.catalogue import say
from landwatch.lawbook.expressions.functions import Sort
from landwatch.lawbook.expressions.rowwise import Value
from landwatch.lawbook.expressions.tree import Comparison, names_in
from landwatch.lawbook.policy import Definition, Rule
from landwatch.scan.account import Account
from landwatch.scan.figures import places_beside, spelled_number
from landwatch.scan.once import OnceForEachRule
from landwatch.scan.spelling import speller_of
from landwatch.scan.used import used_names


def arithmetic(taken: Account, lang: str) -> list[str]:
    """Return the unit arithmetic and every definition with its numbers put in."""
    spell = speller_of(taken, lang)
    lines = list(_areas(taken, lang))
    for definition, compared in _QUANTITIES(taken.rule):
        if definition.title is None or not (compared is None or any(map(spell.unit, compared))):
            continue
        value = taken.known[definition.name]
        lines.append(
            say(
                "explain.defined",
                lang,
                title=definition.title.in_words(lang),
                how=spell.spell(definition.is_.tree),
                value=spell.value(value, name=definition.name, beside=_beside(taken, value)),
            )
        )
    measured, threshold = taken.measured, taken.threshold
    if measured is not None and threshold is not None and taken.rule.unit is not None:
        unit, places = taken.rule.unit.text, places_beside(measured, threshold)
        sign = "＜" if measured < threshold else "＝" if measured == threshold else "＞"
        lines.append(
            say(
                "explain.against",
                lang,
                measured=spelled_number(measured, places),
                sign=sign,
                threshold=spelled_number(threshold, places),
                unit="" if unit == "1" else unit,
            )
        )
    return lines or [say("explain.no_arithmetic", lang)]


def _beside(taken: Account, value: Value) -> Fraction | None:
    """Return what a figure is held against: it reads alike in its own line and beside its limit."""
    if value == taken.measured:
        return taken.threshold
    return taken.measured if value == taken.threshold else None


def _quantities(rule: Rule) -> list[tuple[Definition, list[str] | None]]:
    """Return the definitions that may work with quantities; days are the calendar's business.

    A number does; a comparison does if any of the names beside it has a unit.
    """
    found: list[tuple[Definition, list[str] | None]] = []
    for definition in rule.definitions:
        tree = definition.is_.tree
        if definition.is_.meaning.sort is Sort.NUMBER:
            found.append((definition, None))
        elif isinstance(tree, Comparison):
            names = [name for name in names_in(tree) if name != "evidence_days"]
            found.append((definition, names))
    return found


_QUANTITIES = OnceForEachRule(_quantities)


def _areas(taken: Account, lang: str) -> list[str]:
    """Return how 亩 came from m²: 15 亩 a hectare, exact."""
    used = used_names(taken)
    lines = []
    for mu, m2 in (
        ("area_mu", "area_m2"),
        ("due_start_area_mu", "due_start_area_m2"),
        ("developed_area_mu", "developed_area_m2"),
    ):
        in_mu, in_m2 = taken.known.get(mu), taken.known.get(m2)
        if mu in used and isinstance(in_mu, Fraction):
            square = in_m2 if isinstance(in_m2, Fraction) else in_mu * 2000 / 3
            lines.append(_area(speller_of(taken, lang).title(m2), in_mu, square, lang))
    return lines


@lru_cache(maxsize=1_000)
def _area(title: str, in_mu: Fraction, in_m2: Fraction, lang: str) -> str:
    """Return the line of an area; every rule of a contract tells the same one."""
    return say(
        "explain.area",
        lang,
        title=title,
        m2=spelled_number(in_m2),
        ha=spelled_number(in_mu / 15, 4),
        mu=spelled_number(in_mu),
    )

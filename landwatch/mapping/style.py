"""Classes and colours of the map: fixed by gravity, never by the order of the data.

The hues are Okabe and Ito's, which people with any colour vision tell apart; quiet outcomes are
tints of them. What only a draft or a press report says is hatched on a pale ground, so that it
never looks darker than law.
"""

from __future__ import annotations

from dataclasses import dataclass

from landwatch.language.catalogue import say
from landwatch.language.terms import Authority, Gravity

NOT_BINDING = frozenset({Authority.DRAFT, Authority.REPORTED})
NO_CONTRACT = "no_contract"
GROUND = "#ffffff"


@dataclass(frozen=True, slots=True)
class MapClass:
    """A line of the legend: a gravity, as law says it or as a draft or report does."""

    code: str
    gravity: str
    hatched: bool
    colour: str
    always_listed: bool = False


COLOURS = {
    Gravity.BREACH: "#d55e00",
    Gravity.TO_VERIFY: "#cc79a7",
    Gravity.DUE_SOON: "#e69f00",
    Gravity.EXEMPT: "#56b4e9",
    Gravity.UNKNOWN: "#9a9a9a",
    Gravity.NOT_DUE: "#b5d6ea",
    Gravity.COMPLIANT: "#5dbb9c",
    Gravity.NOT_APPLICABLE: "#d9d9d9",
}


def _solid(gravity: Gravity, *, always: bool = True) -> MapClass:
    return MapClass(gravity, gravity, False, COLOURS[gravity], always)


def _hatched(gravity: Gravity) -> MapClass:
    return MapClass(f"{gravity}_hatched", gravity, True, COLOURS[gravity])


CLASSES = (
    _solid(Gravity.BREACH),
    _solid(Gravity.TO_VERIFY),
    _solid(Gravity.DUE_SOON),
    _hatched(Gravity.BREACH),
    _hatched(Gravity.TO_VERIFY),
    _hatched(Gravity.DUE_SOON),
    _solid(Gravity.EXEMPT),
    _hatched(Gravity.EXEMPT),
    _solid(Gravity.UNKNOWN),
    _hatched(Gravity.UNKNOWN),
    _solid(Gravity.NOT_DUE, always=False),
    _solid(Gravity.COMPLIANT),
    _solid(Gravity.NOT_APPLICABLE, always=False),
    MapClass(NO_CONTRACT, NO_CONTRACT, False, "#f4f4f0"),
)
"""In the order of the map: a class covers those after it. What law says speaks before a draft."""

CLASS_OF = {(kind.gravity, kind.hatched): at for at, kind in enumerate(CLASSES)}
NO_CONTRACT_CLASS = CLASS_OF[(NO_CONTRACT, False)]


def class_name(kind: MapClass, lang: str) -> str:
    """Return what a class is called: the name of a breach says that it is suspected."""
    if kind.gravity == NO_CONTRACT:
        return say("map.page.no_contract", lang)
    name = Gravity(kind.gravity).in_words(lang)
    return say("map.page.hatched_class", lang, name=name) if kind.hatched else name

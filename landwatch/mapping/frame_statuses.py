"""The statuses of a frame as classes of a map: their order, their names, their colours.

What landwatch itself calls a status keeps its fixed colour. Others get those of Okabe and Ito in
the order of the categories, and stripes of them when more than seven are needed; what is not told
is a class of its own, grey and last.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from landwatch.errors import UnknownNameError, UsageError
from landwatch.language.catalogue import LANGUAGES, say
from landwatch.mapping.columns import Integers
from landwatch.mapping.style import CLASSES, MapClass, class_name

if TYPE_CHECKING:
    import pandas as pd

OKABE_ITO = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")
NOT_TOLD_COLOUR = "#9a9a9a"
MOST_UNCOLOURED = 2 * len(OKABE_ITO)
MOST_STATUSES = 200
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_OWN = {kind.code: kind for kind in CLASSES}


@dataclass(frozen=True, slots=True)
class FrameClass:
    """A line of the legend of a frame, in the order in which it covers those after it."""

    code: str
    colour: str
    hatched: bool
    names: Mapping[str, str]

    def told(self) -> dict[str, object]:
        """Return it as the page reads it."""
        return {
            "code": self.code,
            "gravity": "",
            "hatched": self.hatched,
            "colour": self.colour,
            "always_listed": True,
            **self.names,
        }


@dataclass(frozen=True, slots=True)
class FrameStatuses:
    """The classes of a frame and the class of each of its rows."""

    classes: Sequence[FrameClass]
    codes: Integers


def statuses_of(column: pd.Series[Any], colours: Mapping[Any, str] | None) -> FrameStatuses:
    """Return the classes of a column of statuses; what is missing or blank is not told.

    Raises:
        UsageError: there are too many to be told apart, or a colour is none.
        UnknownNameError: a colour is given to a status that no row has.
    """
    values, codes = _values(column)
    given = _given(colours or {}, values)
    classes = _classes(values, given)
    if (codes < 0).any():
        names = {lang: say("notebook.not_told", lang) for lang in LANGUAGES}
        classes.append(FrameClass("not_told", NOT_TOLD_COLOUR, False, names))
    return FrameStatuses(classes, np.where(codes < 0, len(classes) - 1, codes))


def _values(column: pd.Series[Any]) -> tuple[list[Any], Integers]:
    """Return the different statuses in their order, and which each row has, -1 for none."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        order = list(column.cat.categories)
        codes = column.cat.codes.to_numpy().astype(np.int64)
    else:
        codes, different = pd.factorize(column.astype(object), use_na_sentinel=True)
        order, codes = list(different), codes.astype(np.int64)
    if len(order) > MOST_STATUSES:
        raise UsageError("notebook.error.statuses", count=len(order), most=MOST_STATUSES)
    there = [at for at in range(len(order)) if (codes == at).any() and str(order[at]).strip()]
    if not isinstance(column.dtype, pd.CategoricalDtype) or (
        all(str(order[at]) in _OWN for at in there) and not column.cat.ordered
    ):
        there.sort(key=lambda at: _place(order[at]))
    new = np.full(len(order) + 1, -1, np.int64)
    new[there] = np.arange(len(there))
    return [order[at] for at in there], new[codes]


def _place(value: Any) -> tuple[int, float, str]:
    """Return the place of a status without an order of its own: ours by gravity, then as sorted."""
    if str(value) in _OWN:
        return 0, list(_OWN).index(str(value)), ""
    if isinstance(value, int | float | np.number):
        return 1, float(value), ""
    return 2, 0.0, str(value)


def _given(colours: Mapping[Any, str], values: Sequence[Any]) -> dict[str, str]:
    """Return the colours that the caller gives, as #rrggbb, by the text of the status."""
    from matplotlib.colors import is_color_like, to_hex

    known = [str(value) for value in values]
    given = {}
    for value, colour in colours.items():
        if str(value) not in known:
            raise UnknownNameError("what.status", str(value), known)
        if not is_color_like(colour):
            raise UsageError("notebook.error.colour", status=str(value), colour=str(colour))
        given[str(value)] = to_hex(colour)
    assert all(_HEX.fullmatch(colour) for colour in given.values())
    return given


def _classes(values: Sequence[Any], given: Mapping[str, str]) -> list[FrameClass]:
    texts = [str(value) for value in values]
    own = [_OWN.get(text) for text in texts]
    used = {kind.colour for kind in own if kind is not None} | set(given.values())
    wanting = [text for text, kind in zip(texts, own, strict=True) if kind is None]
    wanting = [text for text in wanting if text not in given]
    free = [colour for colour in OKABE_ITO if colour not in used] or list(OKABE_ITO)
    if len(wanting) > 2 * len(free):
        raise UsageError("notebook.error.statuses", count=len(values), most=MOST_UNCOLOURED)
    plain = dict(zip(wanting, free, strict=False))
    striped = dict(zip(wanting[len(free) :], free, strict=False))
    classes = []
    for at, (text, kind) in enumerate(zip(texts, own, strict=True)):
        code = kind.code if kind is not None else f"s{at}"
        colour = given.get(text) or (kind.colour if kind else plain.get(text) or striped[text])
        hatched = kind.hatched if kind is not None else text in striped
        classes.append(FrameClass(code, colour, hatched, _names(text, kind)))
    return classes


def _names(text: str, kind: MapClass | None) -> dict[str, str]:
    return {lang: text if kind is None else class_name(kind, lang) for lang in LANGUAGES}

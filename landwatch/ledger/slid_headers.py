"""Whether a whole header stands one column beside its values.

A single row that slid is seen in its cells (slides.py). Where the header slid, every row tells
another column's days and amounts, and those columns that can be read by chance accuse: such a table
is refused as a whole, with the columns that show it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from landwatch.errors import InputRefusedError
from landwatch.language.columns import ColumnType, Kind, columns_of
from landwatch.language.terms import Instrument
from landwatch.ledger.codes import names_of
from landwatch.ledger.headers import HeaderUse

_ENOUGH_TOLD, _NEARLY_ALL = 5, 0.8
_ENOUGH_COLUMNS = 2
_DATE = re.compile(r"(?:19|20)[0-9]{2}[年/.-][0-9]{1,2}[月/.-][0-9]{1,2}日?(?: .*)?")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_COMPANY = re.compile(r".{3,}(?:公司|集团|厂|合作社|委员会|中心|局)")
_LAND_USE = re.compile(r".{1,24}用地")
_NUMERIC = (ColumnType.DECIMAL, ColumnType.INTEGER)
_LOOK_OF = {"holder": "company", "land_use": "land_use", "instrument": "instrument"}
_NEVER_LOOKS = {
    # column: looks that its values never have; days and numbers are held against their own type
    "holder": frozenset(("date", "number", "land_use", "instrument")),
    "land_use": frozenset(("date", "number", "company", "instrument")),
    "instrument": frozenset(("date", "number", "company", "land_use")),
    "project_name": frozenset(("date", "number", "instrument")),
    "location": frozenset(("date", "number", "instrument", "land_use")),
    "division": frozenset(("date", "company", "instrument", "land_use")),
}


@dataclass(frozen=True, slots=True)
class Slid:
    """A header that slid: one column that shows it, what stands under it, and how many do."""

    header: str
    example: str
    belongs: str
    count: int


def slid_header(
    kind: Kind, uses: Sequence[HeaderUse], texts_of: Callable[[HeaderUse], Sequence[str]]
) -> Slid | None:
    """Return how a header slid: two columns and their neighbours on one side must say so."""
    strange = {
        use.position: found
        for use in uses
        if use.column and (found := _strange(kind, use.column, texts_of(use))) is not None
    }
    if len(strange) < _ENOUGH_COLUMNS:
        return None
    by_place = {use.position: use for use in uses}
    for step in (1, -1):
        shown = list(_confirmed(kind, by_place, strange, step))
        if len(shown) >= _ENOUGH_COLUMNS:
            use, neighbour = shown[0]
            example = strange[use.position][1]
            return Slid(use.header, example[:40], neighbour.header, len(shown))
    return None


def _confirmed(
    kind: Kind,
    by_place: Mapping[int, HeaderUse],
    strange: Mapping[int, tuple[str, str]],
    step: int,
) -> Iterator[tuple[HeaderUse, HeaderUse]]:
    """Yield the columns whose values are what the header `step` columns before them names."""
    for position, (look, _) in strange.items():
        neighbour = by_place.get(position - step)
        if neighbour is not None and neighbour.column and look == _expected(kind, neighbour.column):
            yield by_place[position], neighbour


def _strange(kind: Kind, column: str, texts: Sequence[str]) -> tuple[str, str] | None:
    """Return what nearly all values of a column look like and an example, where it holds others."""
    if len(texts) < _ENOUGH_TOLD:
        return None
    looks = [_look(text) for text in texts]
    look, times = Counter(looks).most_common(1)[0]
    if not look or times < _NEARLY_ALL * len(texts) or look not in _never(kind, column):
        return None
    return look, texts[looks.index(look)]


def _never(kind: Kind, column: str) -> frozenset[str]:
    expected = _expected(kind, column)
    if expected in ("date", "number"):
        return frozenset(("date", "number", "company", "land_use", "instrument")) - {expected}
    return _NEVER_LOOKS.get(column, frozenset())


def _expected(kind: Kind, column: str) -> str:
    """Return what the values of a column look like, or "" where they may be anything."""
    found = columns_of(kind).get(column)
    if found is None:
        return ""
    if found.holds is ColumnType.DATE:
        return "date"
    return "number" if found.holds in _NUMERIC else _LOOK_OF.get(column, "")


def _look(text: str) -> str:
    if _DATE.fullmatch(text):
        return "date"
    if _NUMBER.fullmatch(text):
        return "number"
    if text.replace(" ", "").casefold() in names_of(Instrument):
        return "instrument"
    if _LAND_USE.fullmatch(text):
        return "land_use"
    return "company" if _COMPANY.fullmatch(text) else ""


def refuse_slid(file: str, slid: Slid) -> InputRefusedError:
    """Return the refusal of a file whose header stands one column beside its values."""
    return InputRefusedError(
        "ledger.error.columns_slid", file=file, header=slid.header, example=slid.example,
        belongs=slid.belongs, count=slid.count,
    )  # fmt: skip

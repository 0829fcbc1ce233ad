"""Whether the division that a row names is one, still is one, and is the one of its code.

An old name is no error: the contract was signed when it was right. It is said once, with what the
division became; only a code that cannot be one is held against each row. Nothing is corrected, and
市本级 is never resolved to a district.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from landwatch.geo.divisions import Division, division_of, divisions_named, heirs, stem
from landwatch.language.records import Record
from landwatch.ledger.cells import tidy
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.judges import Judged

_SIX = re.compile(r"[1-9][0-9]{5}")
_CODE = re.compile(r"[1-9][0-9]{5,11}")
_OF_THE_CITY = re.compile(r"(?P<city>.+?)(?:本级|市直|直属|市辖区)")
_CORPS = re.compile(
    r".*兵团.*|.*第?[一二三四五六七八九十]{1,3}师.*|农[一二三四五六七八九十]{1,3}师.*|[0-9]{1,3}团场?"
)
_CORPS_CODES = "66"
_FIRST_OF_ZONES = "71"
_RANKS = "省市州盟区县旗"
_MOST_REMEMBERED = 20_000
_SHOWN_NAMES = 5


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a division told: of each row with it, or once with the number of rows."""

    code: IssueCode
    column: str
    value: str
    values: Mapping[str, object] = field(default_factory=dict)


_EACH_ROW = frozenset(
    (IssueCode.ADCODE_LENGTH, IssueCode.ADCODE_UNKNOWN, IssueCode.ADCODE_DISAGREES)
)
_ONCE_A_FILE = frozenset((IssueCode.DIVISION_MUNICIPAL, IssueCode.DIVISION_CORPS))


@dataclass(slots=True)
class _Counted:
    """How many rows tell a name that is spoken of once, and the first of them."""

    about: About
    sheet: str | None
    row: int
    rows: int = 0


class DivisionJudge:
    """Judges names and codes of divisions; each pair of them is looked up once."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._known: dict[tuple[str, str], tuple[About, ...]] = {}
        self._counted: dict[tuple[IssueCode, str], _Counted] = {}

    def see(self, record: Record) -> Iterable[Judged]:
        """Return what is held against this row; count what is said once."""
        told = record.values
        pair = str(told.get("division") or ""), str(told.get("adcode") or "")
        if pair == ("", ""):
            return ()
        if (found := self._known.get(pair)) is None:
            found = tuple(about_division(*pair))
            if len(self._known) < _MOST_REMEMBERED:
                self._known[pair] = found
        return [self._of_row(about, record) for about in found if self._is_of_row(about, record)]

    def _is_of_row(self, about: About, record: Record) -> bool:
        """Tell whether it is said of the row; else count the row among those it is said of once."""
        key = (about.code, about.value)
        if about.code in _EACH_ROW:
            return True
        if (counted := self._counted.get(key)) is None:
            if len(self._counted) >= _MOST_REMEMBERED:
                return False
            counted = self._counted[key] = _Counted(about, record.sheet, record.row)
        counted.rows += 1
        return False

    def _of_row(self, about: About, record: Record) -> Judged:
        return Judged(about.code, record.sheet, record.row, about.column, about.value, about.values)

    def conclude(self) -> Iterator[Judged]:
        """Yield what became of each old name, and which names are no county's."""
        for one in self._counted.values():
            if one.about.code not in _ONCE_A_FILE:
                values = {**one.about.values, "count": one.rows}
                yield Judged(
                    one.about.code, one.sheet, one.row, one.about.column, one.about.value, values
                )
        for code in sorted(_ONCE_A_FILE):
            if found := [one for one in self._counted.values() if one.about.code == code]:
                yield _of_file(code, found)


def _of_file(code: IssueCode, found: list[_Counted]) -> Judged:
    found = sorted(found, key=lambda one: (-one.rows, one.about.value))
    names = "、".join(one.about.value for one in found[:_SHOWN_NAMES])
    more = "…" if len(found) > _SHOWN_NAMES else ""
    values = {"count": sum(one.rows for one in found), "names": names + more}
    return Judged(code, column=found[0].about.column, values=values)


def about_division(division: str, adcode: str) -> Iterator[About]:
    """Yield what there is to say of a division's name and code, told in one row; both may be "".

    >>> [about.code.value for about in about_division("广州市本级", "")]
    ['division_municipal']
    >>> [about.code.value for about in about_division("顺德区", "440605")]
    ['adcode_disagrees']
    """
    name = tidy(division).replace(" ", "")
    if adcode:
        yield from _about_code(adcode, name)
    if not name:
        return
    if _CODE.fullmatch(name):
        said = {"hint": _first_six(name) or "—"}
        yield About(IssueCode.DIVISION_CODE, "division", division, said)
    elif _CORPS.fullmatch(name):
        yield About(IssueCode.DIVISION_CORPS, "division", division)
    elif _OF_THE_CITY.fullmatch(name):
        yield About(IssueCode.DIVISION_MUNICIPAL, "division", division)
    elif (named := _named(name)) and named[0].until is not None:
        yield _abolished(IssueCode.DIVISION_ABOLISHED, "division", division, named)


def _about_code(adcode: str, name: str) -> Iterator[About]:
    if not _SIX.fullmatch(adcode):
        first = _first_six(adcode)
        said = {"hint": f" ({first})" if first else ""}
        yield About(IssueCode.ADCODE_LENGTH, "adcode", adcode, said)
    elif adcode.startswith(_CORPS_CODES):
        yield About(IssueCode.DIVISION_CORPS, "adcode", adcode)
    elif (found := division_of(adcode)) is None:
        if not _may_be_zone(adcode):
            yield About(IssueCode.ADCODE_UNKNOWN, "adcode", adcode)
    else:
        if found.until is not None:
            yield _abolished(IssueCode.ADCODE_ABOLISHED, "adcode", adcode, (found,))
        if name and (rather := _disagrees(name, found)):
            said = {"code_name": found.name, "division": name, "rather": rather}
            yield About(IssueCode.ADCODE_DISAGREES, "adcode", adcode, said)


def _may_be_zone(adcode: str) -> bool:
    """Tell whether a code may be one that statistics give to a development zone of a city (…71)."""
    return adcode[4:] >= _FIRST_OF_ZONES and division_of(f"{adcode[:4]}00") is not None


def _first_six(code: str) -> str:
    """Return the division of a longer code's first six digits, as seen in ledgers (440606000)."""
    first = division_of(code[:6]) if _CODE.fullmatch(code) else None
    return f"{first.code} {first.name}" if first else ""


def _abolished(code: IssueCode, column: str, value: str, named: tuple[Division, ...]) -> About:
    """Return that a division is no more, and what it became where all of that name became that."""
    ways = {heirs(each) for each in named}
    became = next(iter(ways)) if len(ways) == 1 else ()
    heir = "、".join(f"{each.name}（{each.code}）" for each in became)
    said = {"name": named[0].name, "until": named[0].until, "heirs": heir or "ledger.heir.unknown"}
    return About(code, column, value, said)


def _named(name: str) -> tuple[Division, ...]:
    """Return the divisions that a name stands for, the provinces and cities before it left out."""
    if found := divisions_named(name):
        return found
    for at in range(1, len(name) - 1):
        if name[at - 1] in _RANKS and (found := divisions_named(name[at:])):
            return found
    return ()


def _disagrees(name: str, found: Division) -> str:
    """Return the codes of a name that is another division than that of the code; else ""."""
    city = _OF_THE_CITY.fullmatch(name)
    named = _named(city["city"] if city else name)
    if not named or any(_are_one(each, found, city is not None) for each in named):
        return ""
    return "、".join(each.code for each in named[:3])


def _are_one(named: Division, coded: Division, of_the_city: bool) -> bool:
    """Tell whether two divisions are one, or one lies in the other, or became the other."""
    for rank in (2, 4):
        above = "0" * (6 - rank)
        if named.code[:rank] == coded.code[:rank] and above in (
            named.code[rank:], coded.code[rank:]
        ):  # fmt: skip
            return True
    if of_the_city and named.code[:4] == coded.code[:4]:
        return True
    if named.code == coded.code or stem(named.name) == stem(coded.name):
        return True
    return bool({each.code for each in heirs(named)} & {each.code for each in heirs(coded)})

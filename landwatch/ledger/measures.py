"""Which factor turns a number told in one unit into the unit of its column, exactly.

1 公顷 = 15 亩 = 10 000 m², 1 亩 = 2000/3 m²; 1 万元/亩 = 15 万元/公顷 = 15 元/m² (rulebook GEO-01,
GEO-02). Factors are fractions, so nothing is lost before the last rounding.
"""

from __future__ import annotations

import unicodedata
from fractions import Fraction

_MU = Fraction(2000, 3)
_AREA_IN_M2 = {
    **dict.fromkeys(("m2", "m^2", "平方米", "平米", "平方", "sqm"), Fraction(1)),
    **dict.fromkeys(("亩", "mu", "市亩"), _MU),
    **dict.fromkeys(("公顷", "ha", "hm2", "hm^2", "万平方米"), Fraction(10_000)),
    **dict.fromkeys(("km2", "km^2", "平方公里", "平方千米"), Fraction(1_000_000)),
}
_MONEY_IN_WAN = {
    **dict.fromkeys(("万元", "万", "wan"), Fraction(1)),
    **dict.fromkeys(("元", "yuan", "rmb"), Fraction(1, 10_000)),
    "千元": Fraction(1, 10),
    **dict.fromkeys(("亿元", "亿"), Fraction(10_000)),
}
_RATIO = {
    "%": Fraction(1, 100),
    "百分比": Fraction(1, 100),
    "‰": Fraction(1, 1000),
    "1": Fraction(1),
}
_PERMILLE = {
    **dict.fromkeys(("‰", "‰/日", "‰/天", "千分之"), Fraction(1)),
    **dict.fromkeys(("%", "%/日"), Fraction(10)),
}
_OTHER = {
    "吨标煤": dict.fromkeys(("吨标煤", "吨标准煤", "tce"), Fraction(1)),
    "kg": {
        **dict.fromkeys(("kg", "千克", "公斤"), Fraction(1)),
        **dict.fromkeys(("吨", "t"), Fraction(1000)),
    },
    "产能": {},
    "万元/吨标煤": {"万元/吨标煤": Fraction(1), "万元/吨标准煤": Fraction(1)},
    "万元/吨": {"万元/吨": Fraction(1), "元/吨": Fraction(1, 10_000)},
    "元/m2": {
        "元/m2": Fraction(1),
        "元/平方米": Fraction(1),
        "万元/亩": Fraction(15),
        "万元/公顷": Fraction(1),
    },
    "万千瓦时": {
        "万千瓦时": Fraction(1),
        "万kwh": Fraction(1),
        "万度": Fraction(1),
        "千瓦时": Fraction(1, 10_000),
        "kwh": Fraction(1, 10_000),
    },
}
_COUNTED = dict.fromkeys(("人", "名", "根", "个"), Fraction(1))


def unit_name(text: str) -> str:
    """Return a unit as written, folded to one spelling.

    >>> unit_name("单位：㎡"), unit_name("万元／公顷")
    ('m2', '万元/公顷')
    """
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    for prefix in ("单位:", "单位", "人民币"):
        folded = folded.removeprefix(prefix)
    return folded.replace("每", "/")


def factor(unit: str, column_unit: str) -> Fraction | None:
    """Return what a number in `unit` is multiplied by to stand in `column_unit`; None if unknown.

    >>> factor("公顷", "m2"), factor("万元/公顷", "万元/亩"), factor("斤", "m2")
    (Fraction(10000, 1), Fraction(1, 15), None)
    """
    unit = unit_name(unit)
    if column_unit in ("m2", "亩", "公顷"):
        told = _AREA_IN_M2.get(unit)
        return None if told is None else told / _AREA_IN_M2[column_unit]
    if column_unit == "万元":
        return _MONEY_IN_WAN.get(unit)
    if column_unit == "万元/亩":
        return _money_per_mu(unit)
    if column_unit == "1":
        return _RATIO.get(unit) or _COUNTED.get(unit)
    if column_unit == "‰/日":
        return _PERMILLE.get(unit)
    return _OTHER.get(column_unit, {}).get(unit)


def _money_per_mu(unit: str) -> Fraction | None:
    money, slash, area = unit.partition("/")
    thousand = 1000 if area.startswith("千平方米") else 1
    told_area = _AREA_IN_M2.get(area.removeprefix("千") if thousand > 1 else area)
    if not slash or told_area is None or money not in _MONEY_IN_WAN:
        return None
    return _MONEY_IN_WAN[money] * _MU / (told_area * thousand)


_MEASURES = ("m2", "万元", "万元/亩", "元/m2", "吨标煤", "kg", "万千瓦时", "‰/日", "万元/吨")


def measure_units(text: str) -> tuple[str, ...]:
    """Return the units of columns that a text is a unit for: none where it is no unit at all.

    >>> measure_units("公顷"), measure_units("某公司")
    (('m2',), ())
    """
    return tuple(unit for unit in _MEASURES if factor(text, unit) is not None)


def measures_rate(column_unit: str | None) -> bool:
    """Tell whether a column holds money per area, told per 亩 or per 公顷: 15 times apart."""
    return column_unit == "万元/亩"


def measures_area(column_unit: str | None) -> bool:
    """Tell whether a column of that unit holds an area in m², the unit most often left unsaid."""
    return column_unit == "m2"

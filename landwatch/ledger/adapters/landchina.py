"""The national land market's supply results (中国土地市场网 供地结果), as its interface tells them.

Two shapes are known: the records of the interface since 2021 (`xmMc`, `gyMj` …), as JSON or as a
CSV with the same fields, and those of a public crawler of the page before it (`idnumber` …). Areas
are in hectares, money in 万元, days are counted in milliseconds, and what the page shows in words
may be a code. This adapter is also the example to copy from: see docs/adapters.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType

from landwatch.ledger.adapters import SOURCE_ID, Cell, LedgerFile, Meaning, Table
from landwatch.ledger.cells import shown
from landwatch.ledger.sheets import Sheet

_BEIJING = timezone(timedelta(hours=8))
_MILLISECONDS = re.compile(r"-?[0-9]{11,14}")
_GUID = re.compile(r"recorderguid=([0-9a-fA-F-]{8,40})")

_INTERFACE: Mapping[str, Meaning] = {
    "gdGuid": Meaning(SOURCE_ID),
    "dzBaBh": Meaning("supervision_no"),
    "bh": Meaning("contract_no"),
    "xmMc": Meaning("project_name"),
    "tdZl": Meaning("location"),
    "xzqFullName": Meaning("division"),
    "xzqDm": Meaning("adcode"),
    "gyMj": Meaning("area_m2", "公顷"),
    "tdYt": Meaning("land_use"),
    "gyFs": Meaning("instrument"),
    "crNx": Meaning("tenure_years"),
    "hyFl": Meaning("industry_code"),
    "je": Meaning("price_wan", "万元"),
    "srr": Meaning("holder"),
    "tdSyqr": Meaning("holder"),
    "minRjl": Meaning("agreed_far_min"),
    "maxRjl": Meaning("agreed_far_max"),
    "jdSj": Meaning("agreed_delivery_on"),
    "dgSj": Meaning("agreed_start_on"),
    "jgSj": Meaning("agreed_completion_on"),
    "qdRq": Meaning("signed_on"),
    "tzQd": Meaning("agreed_intensity_wan_per_mu"),  # 万元/公顷 here and 万元/亩 there: unit unsaid
}
_CRAWLED: Mapping[str, Meaning] = {
    "idnumber": Meaning("supervision_no"),
    "url": Meaning(SOURCE_ID),
    "district": Meaning("division"),
    "name": Meaning("project_name"),
    "location": Meaning("location"),
    "area": Meaning("area_m2", "公顷"),
    "use": Meaning("land_use"),
    "supply": Meaning("instrument"),
    "duration": Meaning("tenure_years"),
    "industry": Meaning("industry_code"),
    "price": Meaning("price_wan", "万元"),
    "holder": Meaning("holder"),
    "plot_ratio_minimum": Meaning("agreed_far_min"),
    "plot_ratio_maximum": Meaning("agreed_far_max"),
    "time4handover_plan": Meaning("agreed_delivery_on"),
    "time4commencement_plan": Meaning("agreed_start_on"),
    "time4completion_plan": Meaning("agreed_completion_on"),
    "time4commencement_reality": Meaning("actual_start_on"),
    "time4completion_reality": Meaning("actual_completion_on"),
    "date4sign": Meaning("signed_on"),
}
_SHAPES = (
    (("xmMc", "gyMj"), _INTERFACE),
    (("xmMc", "dzBaBh"), _INTERFACE),
    (("idnumber", "time4commencement_plan", "date4sign"), _CRAWLED),
)
"""The fields by which a file of each shape is known, and what its fields mean."""

_WAYS = MappingProxyType(
    {
        "1": "划拨",
        "2": "招拍挂出让",
        "21": "招标出让",
        "22": "拍卖出让",
        "23": "挂牌出让",
        "3": "协议出让",
        "4": "租赁",
        "5": "作价出资或入股",
        "6": "授权经营",
    }
)
"""The codes of 供地方式, as the page's own list has them."""


class Landchina:
    """Reads the supply results of the national land market."""

    name = "landchina"
    title = MappingProxyType(
        {
            "zh": "中国土地市场网供地结果（接口或网页采集的 JSON、CSV）",
            "en": "supply results of the national land market (its interface or page, JSON or CSV)",
        }
    )

    def recognises(self, file: LedgerFile) -> bool:
        """Tell whether the file holds supply results: by fields that no other system has."""
        suffix = file.path.suffix.casefold()
        if file.kind != "contracts" or suffix not in (".json", ".jsonl", ".ndjson", ".csv"):
            return False
        start = file.start.replace(b"\0", b"")  # UTF-16: the fields are plain letters
        quoted = suffix != ".csv"
        marks = ([f'"{mark}"' if quoted else mark for mark in marks] for marks, _ in _SHAPES)
        return any(all(mark.encode() in start for mark in some) for some in marks)

    def tables(self, file: LedgerFile) -> Sequence[Table]:
        """Return each list of records of the file with what its fields mean."""
        from landwatch.ledger.delimited import open_delimited
        from landwatch.ledger.json_records import open_records

        csv = file.path.suffix.casefold() == ".csv"
        sheets = (open_delimited if csv else open_records)(file.path, file.encoding)
        return [_table(sheet) for sheet in sheets]


def _table(sheet: Sheet) -> Table:
    """Return a list of records as a table; one of another shape keeps its fields as they are."""
    fields, skipped = sheet.headers, 0
    if fields is None:
        first = next(sheet.rows(), None)
        fields, skipped = tuple(map(shown, first.cells)) if first else (), 1
    shape = next((means for marks, means in _SHAPES if {*marks} <= {*fields}), {})
    ways = [_READS.get(field, _as_it_is) if field in shape else _as_it_is for field in fields]

    def rows() -> Iterator[Sequence[Cell]]:
        for row in sheet.rows():
            if row.number > skipped:
                more = [_as_it_is] * (len(row.cells) - len(ways))
                pairs = zip([*ways, *more], row.cells, strict=False)
                yield [None if cell is None else read(shown(cell)) for read, cell in pairs]

    meanings = {field: means for field, means in shape.items() if field in fields}
    return Table(fields, rows, meanings, sheet.name, 1 + skipped)


def _as_it_is(text: str) -> Cell:
    return text


def _day(text: str) -> Cell:
    """Return the day in China of a moment in milliseconds; days in words are read by the ledger."""
    if not _MILLISECONDS.fullmatch(text):
        return text
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(text))
    return moment.astimezone(_BEIJING).date()


def _division(text: str) -> Cell:
    """Return the six digits of a division that the page writes with nine."""
    return text[:6] if len(text) == 9 and text.isdigit() and text.endswith("000") else text


def _none_if_zero(text: str) -> Cell:
    return None if text.strip("0.") == "" else text


_READS: Mapping[str, Callable[[str], Cell]] = {
    **dict.fromkeys(("jdSj", "dgSj", "jgSj", "qdRq"), _day),
    "gyFs": lambda text: _WAYS.get(text, text),
    "xzqDm": _division,
    "tzQd": _none_if_zero,
    "url": lambda text: found[1] if (found := _GUID.search(text)) else None,
}

"""Ledgers of any content: cells as people and programs write them, for every column of a kind."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

import shapely
from hypothesis import strategies as st

from landwatch.language.columns import Column, ColumnType, Kind, columns_of
from landwatch.language.terms import Term

Row: TypeAlias = dict[str, str]

# What formats and spreadsheets trip over, between ordinary words of a ledger.
PIECES = (
    *(
        "甲",
        "乙公司",
        "（来凤）",
        "12",
        "０７",
        "007",
        "a",
        "Ä",
        " ",
        "\u00a0",
        "\t",
        "\n",
        "😀",
        "𠮷",
    ),
    *("=", "+", "-", "@", "＝", "'", "''", '"', ",", "，", "|", "｜", "、", "\\", "_x0041_", "_x"),
    *("\u200b", "\u0301", "\ufeff", "\uffff", "\u2028", "2020-01-02", "2020/1/2", "1e5", "true"),
    *("(", ")", "%", "<b>", "&amp;", "SRID=4490;", "#", "{", "[", "null", "`"),
)
WHOLE = ("(clear)", "清空", "无", "--", "Nah", "#REF!", "null", "0", "true", "1900-01-01", "12.50")
BAD = ("待定", "12x", "2020-13-45", "约 3", "不知", "1,23", "#VALUE!")

texts = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12),
    st.sampled_from(WHOLE),
)
names = st.text(st.sampled_from("ABC-_/.12９甲乙😀'=+"), min_size=1, max_size=6)


def numbers(low: int, high: int, places: int = 6) -> st.SearchStrategy[str]:
    """Numbers of a column that the reader has no doubt of, with up to `places` decimals."""
    return st.decimals(low, high, places=places).filter(lambda n: n > 0).map(lambda n: f"{n:f}")


# Bounds that no two rows of one contract can contradict: what the ledger holds is put together
# from several rows, and an import of the export judges them as one.
_OF = {
    "agreed_far_min": numbers(0, 1),
    "agreed_far_max": numbers(2, 5),
    "price_wan": numbers(1, 1000),
    "area_m2": numbers(20_000, 900_000, 4),
    "area_mu": numbers(30, 1300, 8),
    "agreed_intensity_wan_per_mu": numbers(1, 4000),
    "pit_share": numbers(0, 1),
    "foundation_share": numbers(0, 1),
    "agreed_density_min": numbers(0, 1),
}
_LAST_SEEN = date(2025, 1, 1)
_IN_ORDER = (
    "signed_on", "supplied_on", "agreed_delivery_on", "delivered_on", "agreed_start_on",
    "actual_start_on", "agreed_completion_on", "actual_completion_on",
)  # fmt: skip


def cells(column: Column, kind: Kind) -> st.SearchStrategy[str]:
    """What may stand in a cell of a column: mostly what it holds, blanks, and things unreadable."""
    odd = st.sampled_from(("", "", "", "(clear)", *BAD))
    return st.one_of(_good(column, kind), _good(column, kind), odd)


def _good(column: Column, kind: Kind) -> st.SearchStrategy[str]:
    if column.name in _OF:
        return _OF[column.name]
    match column.holds:
        case ColumnType.DATE:
            return _days(column.name)
        case ColumnType.DECIMAL:
            return numbers(0, 10**6, min(column.places, 6))
        case ColumnType.INTEGER:
            return st.integers(0, 10**8).map(str)
        case ColumnType.YES_NO:
            return st.sampled_from(("是", "否", "true", "FALSE", "1", "未"))
        case ColumnType.CODE:
            return st.sampled_from([member.value for member in column.choices or Term])
        case ColumnType.GEOMETRY:
            return shapes()
    if column.many:
        return st.lists(names, max_size=3).map(";".join)
    if column.name.endswith(("_id", "_no", "_code")):
        return names
    return texts if kind is not Kind.ZONES else st.one_of(texts, names)


def _days(name: str) -> st.SearchStrategy[str]:
    if name not in _IN_ORDER:
        return st.dates(date(1960, 1, 1), _LAST_SEEN).map(str)
    first = date(2000, 1, 1) + timedelta(days=1000 * _IN_ORDER.index(name))
    return st.dates(first, first + timedelta(days=900)).map(str)


@st.composite
def shapes(draw: st.DrawFn) -> str:
    """Areas in China: one part or several, with holes or none, on any fraction of a degree."""
    parts = []
    for place in range(draw(st.integers(1, 3))):
        west = draw(st.floats(100 + 3 * place, 101 + 3 * place))
        south = draw(st.floats(30, 35))
        size = draw(st.floats(0.001, 0.9))
        outer = shapely.box(west, south, west + size, south + size)
        holes = [
            shapely.box(x := west + size * at, south + size * 0.3, x + size / 5, south + size * 0.6)
            for at in (0.1, 0.5)[: draw(st.integers(0, 2))]
        ]
        parts.append(shapely.Polygon(outer.exterior, [hole.exterior for hole in holes]))
    shape = parts[0] if len(parts) == 1 and draw(st.booleans()) else shapely.MultiPolygon(parts)
    return f"SRID=4490;{shapely.to_wkt(shape, rounding_precision=-1)}"


@st.composite
def imports(draw: st.DrawFn, kind: Kind) -> list[list[Row]]:
    """Two or three files of a kind, the later ones of the same keys as the first, and of others."""
    known = columns_of(kind)
    keys = draw(st.lists(_keys(kind), min_size=2, max_size=9, unique_by=str))
    files: list[list[Row]] = []
    for _ in range(draw(st.integers(1, 3))):
        some = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=9, unique_by=str))
        rows = []
        for key in some:
            told = draw(st.sets(st.sampled_from(sorted(known.keys() - key.keys()))))
            cell = {name: draw(cells(known[name], kind)) for name in sorted(told)}
            rows.append({**key, **cell})
        files.append(rows)
    return files


def _keys(kind: Kind) -> st.SearchStrategy[Row]:
    ids = names.filter(lambda name: any(sign.isalnum() for sign in name))
    if kind is Kind.ZONES:
        return st.fixed_dictionaries({"zone_id": ids})
    if kind is Kind.PARCELS:
        return st.fixed_dictionaries({"parcel_id": ids})
    if kind is Kind.CONTRACTS:
        return st.fixed_dictionaries({"contract_id": ids})
    known = columns_of(kind)
    if kind is Kind.PROGRESS:
        return st.fixed_dictionaries(
            {"contract_id": ids, "observed_on": _days("observed_on"),
             "source": _good(known["source"], kind)},
            optional={"inspector": texts},
        )  # fmt: skip
    return st.fixed_dictionaries(
        {"contract_id": ids, "kind": _good(known["kind"], kind), "on": _days("on")},
        optional={"document_no": names, "amount_wan": numbers(1, 1000)},
    )


def write_rows(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows as CSV with the union of their columns."""
    headers = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, headers, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path

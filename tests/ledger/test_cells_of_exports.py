"""Cells as exports of landwatch write them: areas that name their system, guarded text, marks."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landwatch.language.columns import Kind
from landwatch.ledger.cells import read_list, read_text, tidy, unprotected
from landwatch.reports.plain import guarded
from tests.ledger.conftest import TakeIn

RING = "((103.1 36.1, 103.2 36.1, 103.2 36.2, 103.1 36.1))"
SIGNS = st.text(
    st.sampled_from("a1 '=+-@＝;；|｜、､\u037e\u200b\u0301é\u00a8\u00a0\n😀"), max_size=9
)


@given(SIGNS | st.text(max_size=9))
def test_what_is_tidy_stays_as_it_is(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    told = str(read_text(text).value)
    assert read_text(told).value == told


@given(SIGNS)
def test_a_list_read_again_is_the_same_list(text: str) -> None:
    told = read_list(text).value
    assert told is None or read_list(str(told)).value == told


@given(SIGNS | st.text(max_size=9), st.booleans())
def test_a_guarded_text_comes_back_as_it_was(text: str, runs: bool) -> None:
    told = str(read_text(text).value)
    assert unprotected(guarded(told, runs=runs)) == told or (
        not runs and told[:1] in "=+-@＝＋－＠"
    )


@pytest.mark.parametrize(
    ("cell", "crs", "codes"),
    [
        (f"SRID=4490;POLYGON {RING}", None, []),
        (f"srid=4490; POLYGON {RING}", None, []),
        (f"SRID=4326;POLYGON {RING}", None, ["wgs84_taken"]),
        (f"SRID=4490;POLYGON {RING}", "EPSG:4326", ["crs_overridden"]),
        (f"POLYGON {RING}", "EPSG:4490", []),
        (f"POLYGON {RING}", None, ["geometry_without_crs"]),
        (f"SRID=999999;POLYGON {RING}", None, ["bad_geometry"]),
        ("SRID=4490;POLYGON ((103.1", None, ["bad_geometry"]),
        (f"SRID=4547;POLYGON {RING}", None, ["outside_china"]),
        ("SRID=4490;POINT (103 36)", None, ["not_an_area"]),
    ],
)
def test_an_area_in_a_cell_lies_where_it_says(
    cell: str, crs: str | None, codes: list[str], take_text: TakeIn
) -> None:
    text = f'宗地编号,geometry\nP1,"{cell}"\n'
    taken = take_text(Kind.PARCELS, text, crs=crs)
    drawn = [code for code in taken.codes if code not in ("outline_missing",)]
    assert drawn == codes
    believed = not codes or codes[0] in ("wgs84_taken", "crs_overridden")
    assert ("geometry" in taken.only.values) is believed
    assert ("geometry" in taken.only.unreadable) is not believed
    if believed:
        area = shapely.from_wkt(f"MULTIPOLYGON ({RING})")
        assert shapely.equals_exact(taken.only.values["geometry"], area)


def test_a_geometry_in_pieces_is_one(take_text: TakeIn) -> None:
    drawn = f"SRID=4490;POLYGON {RING}"
    pieces = [drawn[:20], drawn[20:30], drawn[30:]]
    cells = ",".join(f'"{piece}"' for piece in pieces)
    text = f"宗地编号,geometry,geometry_2,geometry_3\nP1,{cells}\n"
    assert "geometry" in take_text(Kind.PARCELS, text).only.values


def test_marks_are_no_columns_of_the_ledger(take_text: TakeIn) -> None:
    text = "合同编号,土地用途,unreadable_columns,清空的列\nA1,工业,price_wan;land_use,holder\n"
    told = take_text(Kind.CONTRACTS, text).only
    assert set(told.values) == {"contract_no", "contract_id", "land_use"}
    assert told.unreadable == {"price_wan"}
    assert told.cleared == {"holder"}
    assert told.as_read["unreadable_columns"] == "price_wan;land_use"

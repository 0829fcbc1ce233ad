"""The exchange text of boundary points: every variant, every bug of its writers, any damage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon

from landwatch.errors import LandwatchError, UnreadableFileError
from landwatch.language.columns import Kind
from landwatch.ledger import read_ledger
from landwatch.ledger.boundary_system import belt_of, stated
from landwatch.ledger.boundary_text import Point, plots_of

TakeIn: TypeAlias = Callable[..., Any]
Write: TypeAlias = Callable[..., Path]

HEADER = """[项目信息]
项目名称=某项目
[属性描述]
格式版本号=1.01版本
数据产生单位=某局
数据产生日期=2020-6-30
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号={belt}
精度=0.01
转换参数=,,,,,,
[地块坐标]
"""
SQUARE = [(3990000.0, 35500000.0), (3990000.0, 35500100.0), (3990100.0, 35500100.0),
          (3990100.0, 35500000.0)]  # fmt: skip
PLOT = "{count},1.0000,ZD-1,某地块,面,K48,工业用地,0601,@"


def lines_of(
    corners: list[tuple[float, float]], ring: int = 1, *, closed: bool = True, j: str = "J"
) -> list[str]:
    corners = [*corners, corners[0]] if closed else corners
    return [f"{j}{at},{ring},{n:.3f},{e:.3f}" for at, (n, e) in enumerate(corners, start=1)]


def text_of(*rows: str, belt: str = "35", count: int | str = 5) -> str:
    plot = PLOT.format(count=count)
    return HEADER.format(belt=belt) + "\n".join([plot, *(rows or lines_of(SQUARE))]) + "\n"


def inner(by: float, size: float = 20.0) -> list[tuple[float, float]]:
    n, e = SQUARE[0]
    n, e = n + by, e + by
    return [(n, e), (n, e + size), (n + size, e + size), (n + size, e)]


@pytest.fixture
def take_points(tmp_path: Path, take_in: TakeIn) -> TakeIn:
    def take(text: str, encoding: str = "utf-8", name: str = "界址点.txt", **options: Any) -> Any:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return take_in(Kind.PARCELS, path, **options)

    return take


def outline(taken: Any) -> MultiPolygon:
    area = taken.only.values["geometry"]
    assert isinstance(area, MultiPolygon)
    return area


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_plot_is_a_parcel_in_every_encoding(
    encoding: str, ending: str, take_points: TakeIn
) -> None:
    taken = take_points(text_of().replace("\n", ending), encoding)
    values = taken.only.values
    assert (values["parcel_id"], values["land_use"]) == ("ZD-1", "工业用地")
    assert values["area_m2"] == 10_000
    west, south, east, north = outline(taken).bounds
    assert (round(west, 6), round(south, 5)) == (105.0, 36.04017)
    assert (east - west, north - south) == pytest.approx((0.00111, 0.0009), abs=1e-5)
    assert taken.only.row == 15
    assert taken.codes == []


@pytest.mark.parametrize(
    "rows",
    [
        lines_of(SQUARE),
        lines_of(SQUARE, closed=False),
        lines_of(SQUARE, j=""),
        [line.replace(",", "，") for line in lines_of(SQUARE)],
        ["  " + line.replace(",", ", ") + "," for line in lines_of(SQUARE)],
        [*lines_of(SQUARE, closed=False), "J1,1,3990000.000,35500000.000"],
    ],
    ids=["closed", "open", "no J", "full width", "blanks", "closing J1"],
)
def test_points_are_read_as_their_writers_vary(rows: list[str], take_points: TakeIn) -> None:
    taken = take_points(text_of(*rows))
    assert taken.codes == []
    assert len(outline(taken).geoms[0].exterior.coords) == 5


@pytest.mark.parametrize(
    ("plot", "name", "use"),
    [
        ("5,1.0,ZD-1,某地块,面,K48,工业,0601,@", "某地块", "工业"),
        ("1.0,ZD-1,某地块,面,K48,工业,0601,@", "某地块", "工业"),
        ("5,1.0公顷,ZD-1,某地块,面,K48,工业,0601,@", "某地块", "工业"),
        (" 5, 1.0, ZD-1, 某地块,面,,工业,,@,", "某地块", "工业"),
        ("5,1.0,ZD-1,某地块,面,K48,工业,0601,耕,旱地,8,9,补,@", "某地块", "工业"),
        ("5,,ZD-1,某地块,,,工业,,@", "某地块", "工业"),
        ("63,,ZD-1, 32,,,地块1,,@", "32", "地块1"),
    ],
)
def test_the_row_of_a_plot_is_read_as_its_writers_vary(
    plot: str, name: str, use: str, take_points: TakeIn
) -> None:
    text = text_of().replace(PLOT.format(count=5), plot.replace("63", "5"))
    record = take_points(text).only
    assert (record.key, record.as_read["地块名称"], record.values["land_use"]) == (
        "ZD-1",
        name,
        use,
    )
    assert record.values.get("area_m2") in (10_000, None)
    assert "geometry" in record.values


def test_a_ring_within_is_a_hole_and_a_ring_beside_is_a_part(take_points: TakeIn) -> None:
    hole, far = lines_of(inner(20), 2), lines_of(inner(500), 3)
    island = lines_of(inner(25, 5), 4)
    area = outline(take_points(text_of(*lines_of(SQUARE), *hole, *far, *island, count=20)))
    assert sorted(len(part.interiors) for part in area.geoms) == [0, 0, 1]
    assert area.is_valid


def test_parts_that_are_all_numbered_1_are_parts(take_points: TakeIn) -> None:
    area = outline(take_points(text_of(*lines_of(SQUARE), *lines_of(inner(500), 1), count=10)))
    assert len(area.geoms) == 2


def test_rings_that_cross_are_no_area(take_points: TakeIn) -> None:
    taken = take_points(text_of(*lines_of(SQUARE), *lines_of(inner(90), 2), count=10))
    assert taken.codes == ["bad_geometry"]
    assert taken.issues[0].values["reason"] == "rings 1 and 2 cross"
    assert "geometry" in taken.only.unreadable


def test_a_closing_point_written_north_north_is_closed_at_its_first(take_points: TakeIn) -> None:
    rows = [*lines_of(SQUARE, closed=False), "J5,1,3990000.000,3990000.000"]
    taken = take_points(text_of(*rows))
    assert taken.codes == ["boundary_closing"]
    assert len(outline(taken).geoms[0].exterior.coords) == 5


def test_a_count_one_apart_is_said_and_more_is_not_believed(take_points: TakeIn) -> None:
    near = take_points(text_of(count=6))
    assert near.codes == ["boundary_count"]
    assert "geometry" in near.only.values
    far = take_points(text_of(count=63))
    assert far.codes == ["boundary_points_missing"]
    assert far.only.unreadable == {"geometry"}
    assert "63" in far.issues[0].in_words("zh")


@pytest.mark.parametrize(
    ("belt", "corners", "crs"),
    [
        ("", SQUARE, "EPSG:4523"),
        ("35", [(n, e - 35e6) for n, e in SQUARE], "EPSG:4544"),
        ("18", [(n, e - 17e6) for n, e in SQUARE], "EPSG:4496"),
    ],
    ids=["by prefix", "by header", "six degrees"],
)
def test_the_belt_is_found_where_it_stands(
    belt: str, corners: list[tuple[float, float]], crs: str, take_points: TakeIn
) -> None:
    text = text_of(*lines_of(corners), belt=belt)
    text = text.replace("几度分带=3", "分带=6度带") if belt == "18" else text
    found = outline(take_points(text))
    named = outline(take_points(text, crs=crs))
    assert found.equals(named)


@pytest.mark.parametrize(
    ("header", "east", "cause"),
    [
        ({"带号": "38"}, 39_500_000.0, "ledger.boundary.other_belt"),
        ({"带号": ""}, 500_000.0, "ledger.boundary.no_belt"),
        ({"带号": "35", "坐标系": ""}, 35_500_000.0, "ledger.boundary.no_datum"),
        ({"带号": "18", "几度分带": "3"}, 500_000.0, "ledger.boundary.not_a_belt"),
        ({"带号": "24"}, 500_000.0, "ledger.boundary.not_a_belt"),
    ],
)
def test_a_belt_in_doubt_is_never_chosen(header: dict[str, str], east: float, cause: str) -> None:
    said = stated({"坐标系": "2000国家大地坐标系", **header})
    belt = belt_of(said, [Point(1, 3_990_000.0, east, 1)])
    assert (belt.crs, belt.trouble) == (None, cause)


def test_a_header_and_points_that_disagree_wait_for_a_person(take_points: TakeIn) -> None:
    text = text_of(belt="38")
    taken = take_points(text)
    assert taken.codes == ["belt_unclear"]
    words = taken.issues[0].in_words("zh")
    assert "38" in words
    assert "35" in words
    assert take_points(text, crs="EPSG:4523").codes == []


def test_points_of_two_belts_in_one_file_lie_each_in_theirs(take_points: TakeIn) -> None:
    second = "\n".join([PLOT.format(count=5).replace("ZD-1", "ZD-2"),
                        *lines_of([(n, e + 1e6) for n, e in SQUARE])])  # fmt: skip
    taken = take_points(text_of(belt="") + second)
    wests = [round(record.values["geometry"].bounds[0], 3) for record in taken.records]
    assert wests == [105.0, 108.0]


def test_a_named_system_of_another_belt_is_not_believed(take_points: TakeIn) -> None:
    taken = take_points(text_of(), crs="EPSG:4524")
    assert taken.codes == ["belt_disagrees"]
    assert "geometry" not in taken.only.values


def test_north_and_east_swapped_are_named_and_not_turned(take_points: TakeIn) -> None:
    taken = take_points(text_of(*lines_of([(e, n) for n, e in SQUARE])))
    assert taken.codes == ["belt_unclear"]
    assert "横纵坐标颠倒" in taken.issues[0].in_words("zh")


def test_an_old_datum_is_taken_and_said(take_points: TakeIn) -> None:
    text = text_of().replace("2000国家大地坐标系", "80国家大地坐标系")
    taken = take_points(text)
    assert taken.codes == ["old_datum"]
    assert "geometry" in taken.only.values


def test_a_line_that_is_no_point_takes_the_outline_away(take_points: TakeIn) -> None:
    rows = lines_of(SQUARE)
    rows[2] = "J3,1,3990100.000"
    taken = take_points(text_of(*rows))
    assert taken.codes == ["boundary_line"]
    assert taken.issues[0].values["line"] == 18
    assert "geometry" in taken.only.unreadable


def test_points_without_a_plots_row_are_not_lost(take_points: TakeIn) -> None:
    text = HEADER.format(belt="35") + "\n".join(lines_of(SQUARE))
    tally = take_points(text).intake.tally
    assert (tally.rows, tally.refused) == (1, 1)


def test_a_header_without_plots_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(HEADER.format(belt="35"), "utf-8")
    with pytest.raises(UnreadableFileError) as refused:
        read_ledger(Kind.PARCELS, path)
    assert refused.value.code == "ledger.error.boundary_empty"


def test_a_file_without_a_suffix_is_known_by_what_it_holds(take_points: TakeIn) -> None:
    assert take_points(text_of(), name="testfile").only.key == "ZD-1"


def test_a_second_header_speaks_for_the_plots_under_it() -> None:
    again = text_of(belt="36").replace("ZD-1", "ZD-2")
    plots = list(plots_of((text_of(belt="35") + again).splitlines()))
    assert [plot.header["带号"] for plot in plots] == ["35", "36"]
    assert [len(plot.points) for plot in plots] == [5, 5]


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.data(), encoding=st.sampled_from(["utf-8", "gbk", "utf-16"]))
def test_no_damage_brings_a_traceback_or_loses_a_plot(
    tmp_path: Path, data: st.DataObject, encoding: str
) -> None:
    whole = text_of(*lines_of(SQUARE), *lines_of(inner(20), 2), count=10)
    damaged = bytearray(whole.encode(encoding))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    path = tmp_path / "a.txt"
    path.write_bytes(bytes(damaged) or b"x")
    try:
        intake = read_ledger(Kind.PARCELS, path)
        batches = list(intake.batches())
    except LandwatchError as error:
        assert error.in_words("zh")
        return
    assert intake.tally.adds_up
    assert intake.tally.rows >= 1
    for batch in batches:
        for issue in batch.issues:
            assert issue.in_words("en")


FIELDS = st.sampled_from(["J1", "1", "2", "35500000.5", "3990000", "面", "@", "", "X", "1.0公顷"])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(FIELDS, max_size=10).map(",".join), max_size=30))
def test_any_lines_give_plots_in_order_and_every_point_once(lines: list[str]) -> None:
    plots = list(plots_of(lines))
    assert [plot.line for plot in plots] == sorted({plot.line for plot in plots})
    told = [point.line for plot in plots for point in plot.points]
    assert told == sorted(set(told))
    assert all(len(plot.parts) >= 13 for plot in plots)

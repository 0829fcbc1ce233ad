"""`landwatch.map`: any frame with a status becomes a page, in a notebook and as a file."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

import landwatch
from landwatch.errors import PageError, UnknownNameError, UsageError
from landwatch.language.terms import Gravity
from landwatch.mapping.frame_statuses import OKABE_ITO, FrameStatuses, statuses_of
from landwatch.mapping.notebook import NotebookMap, map_of
from landwatch.mapping.style import COLOURS
from tests.mapping.conftest import Browser

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data" / "parcels" / "philly"
DOCS = Path(__file__).resolve().parents[2] / "docs"


def squares(rows: int, **columns: Any) -> geopandas.GeoDataFrame:
    """Squares 200 m wide in a row, in CGCS2000."""
    west = 103.8 + 0.003 * np.arange(rows)
    shapes = shapely.box(west, 36.05, west + 0.002, 36.052)
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs=4490)


def names(found: FrameStatuses) -> list[str]:
    return [kind.names["en"] for kind in found.classes]


# --- statuses and their colours ------------------------------------------------------------------


def test_landwatch_s_own_statuses_keep_their_colours_and_their_order() -> None:
    found = statuses_of(pd.Series(["compliant", "breach", "unknown", "breach"]), None)
    assert [kind.code for kind in found.classes] == ["breach", "unknown", "compliant"]
    assert [kind.colour for kind in found.classes] == [
        COLOURS[Gravity(kind.code)] for kind in found.classes
    ]
    assert found.codes.tolist() == [2, 0, 1, 0]
    assert names(found)[0] == "suspected breach"


def test_categories_keep_their_own_order_and_those_without_rows_are_left_out() -> None:
    column = pd.Series(pd.Categorical(["new", "old"], ["old", "lost", "new"], ordered=True))
    found = statuses_of(column, None)
    assert names(found) == ["old", "new"]
    assert [kind.colour for kind in found.classes] == list(OKABE_ITO[:2])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["b", "a", "c"], ["a", "b", "c"]),
        ([10, 9, 100], ["9", "10", "100"]),
        ([True, False, True], ["False", "True"]),
        ([1.5, 0.5], ["0.5", "1.5"]),
        (
            pd.to_datetime(["2021-07-01", "2020-01-01"]),
            ["2020-01-01 00:00:00", "2021-07-01 00:00:00"],
        ),
    ],
    ids=["text", "integers", "booleans", "floats", "days"],
)
def test_any_kind_of_value_is_a_status_as_sorted(values: Any, expected: list[str]) -> None:
    assert names(statuses_of(pd.Series(values), None)) == expected


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(["a", None]),
        pd.Series(["a", float("nan")]),
        pd.Series(["a", pd.NA], dtype="string"),
        pd.Series(["a", "  "]),
        pd.Series([1, pd.NA], dtype="Int64"),
        pd.Series([pd.Timestamp("2021-07-01"), pd.NaT]),
        pd.Series(pd.Categorical(["a", None])),
    ],
    ids=["none", "nan", "na text", "blank", "na number", "no day", "no category"],
)
def test_a_missing_status_is_a_class_of_its_own_and_last(column: Any) -> None:
    found = statuses_of(column, None)
    assert len(found.classes) == 2
    assert names(found)[-1] == "not told"
    assert found.codes.tolist() == [0, 1]


def test_more_than_seven_statuses_are_told_apart_by_stripes() -> None:
    found = statuses_of(pd.Series(list("abcdefghij")), None)
    assert [kind.hatched for kind in found.classes] == [False] * 7 + [True] * 3
    looks = {(kind.colour, kind.hatched) for kind in found.classes}
    assert len(looks) == 10


def test_more_than_can_be_told_apart_are_refused_unless_coloured() -> None:
    column = pd.Series([f"{n:02}" for n in range(15)])
    with pytest.raises(UsageError, match="15 different statuses"):
        statuses_of(column, None)
    colours = {f"{n:02}": f"#0000{n:02x}" for n in range(15)}
    assert len(statuses_of(column, colours).classes) == 15
    with pytest.raises(UsageError, match="25663 different"):
        statuses_of(pd.Series(np.random.default_rng(1).random(25_663)), None)


def test_a_foreign_status_never_has_the_colour_of_one_of_ours_beside_it() -> None:
    found = statuses_of(pd.Series(["breach", "due_soon", "a", "b", "c", "d", "e", "f"]), None)
    looks = [(kind.colour, kind.hatched) for kind in found.classes]
    assert len(set(looks)) == len(looks)
    ours = {COLOURS[Gravity.BREACH], COLOURS[Gravity.DUE_SOON]}
    assert not ours & {kind.colour for kind in found.classes if kind.code not in COLOURS}


def test_colours_of_the_caller_are_taken_by_name_and_by_number() -> None:
    found = statuses_of(pd.Series(["a", "b"]), {"a": "red", "b": "#0A0B0C"})
    assert [kind.colour for kind in found.classes] == ["#ff0000", "#0a0b0c"]
    with pytest.raises(UsageError, match="is no colour"):
        statuses_of(pd.Series(["a"]), {"a": "reddish; } body { display: none"})
    with pytest.raises(UnknownNameError, match="built"):
        statuses_of(pd.Series(["built"]), {"buil": "red"})


# --- what is refused -----------------------------------------------------------------------------


def test_a_frame_without_a_coordinate_system_is_refused_with_what_to_do() -> None:
    frame = squares(1, status=["a"]).set_crs(None, allow_override=True)
    with pytest.raises(UsageError, match="set_crs") as raised:
        landwatch.map(frame)
    assert "坐标系" in raised.value.in_words("zh")


def test_what_is_no_frame_or_has_no_such_column_is_refused() -> None:
    frame = squares(2, status=["a", "b"], plot=["1", "2"])
    with pytest.raises(UsageError, match="this is a DataFrame"):
        landwatch.map(pd.DataFrame({"status": ["a"]}))
    for wrong in ({"status": "stauts"}, {"label": "plott"}, {"tooltip": ["plott"]}):
        with pytest.raises(UnknownNameError, match=r"status|plot"):
            landwatch.map(frame, **wrong)
    with pytest.raises(UnknownNameError):
        landwatch.map(frame, lang="fr")
    twice = pd.concat([frame, frame[["plot"]]], axis=1)
    with pytest.raises(UsageError, match="Several columns"):
        landwatch.map(twice, label="plot")


def test_more_rows_than_a_page_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = squares(3, status=["a"] * 3)
    monkeypatch.setattr("landwatch.mapping.frames.MOST_ROWS", 3)
    assert landwatch.map(frame).rows == 3
    monkeypatch.setattr("landwatch.mapping.frames.MOST_ROWS", 2)
    with pytest.raises(UsageError, match="landwatch tiles"):
        landwatch.map(frame)


def test_it_cannot_be_saved_where_there_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(PageError):
        landwatch.map(squares(1, status=["a"])).save(tmp_path / "none" / "a.html")


# --- in a browser --------------------------------------------------------------------------------

COUNTS = """
    const rows = [...document.querySelectorAll(".lw-legend-row")];
    const count = (row) => Number(row.querySelector(".lw-count").dataset.count);
    const name = (row) => row.querySelector(".lw-legend-name").textContent;
    return Object.fromEntries(rows.map((row) => [name(row), count(row)]));
"""
CARD = """
    const told = (row) => [...row.querySelectorAll("dt")].map((name) =>
      [name.textContent, name.nextSibling.textContent]);
    const facts = [...document.querySelectorAll("#lw-card-body .lw-row")].map((row) =>
      [row.querySelector("h3").textContent, Object.fromEntries(told(row))]);
    return document.getElementById("lw-card").hidden ? null : facts;
"""
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>`${alert(3)}`"


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Any:
    def show(shown: NotebookMap, **size: int) -> Browser:
        browser.open(shown.save(tmp_path / "frame.html"), **size)
        return browser

    return show


@pytest.mark.browser
def test_a_page_tells_every_kind_of_column_of_the_row_that_is_clicked(opened: Any) -> None:
    frame = squares(
        3,
        plot=["甲", "乙", None],
        status=["built", None, "idle"],
        count=[1, 2, 3],
        share=[0.25, np.nan, 12.5],
        day=pd.to_datetime(pd.Series(["2021-07-01", None, "2020-01-01"])),
        flag=[True, False, True],
        words=["x", HOSTILE, ""],
        many=pd.array([2**60, None, 1], dtype="Int64"),
    ).to_crs(4523)
    page = opened(landwatch.map(frame, label="plot", title="试图", lang="en"))
    assert page.run(COUNTS) == {"built": 1, "idle": 1, "not told": 1}
    page.click_place(103.804, 36.051)
    [(label, told)] = page.run(CARD)
    assert label == "乙"
    assert told == {
        "status": "not told", "count": "2", "share": "not told", "day": "not told",
        "flag": "False", "words": HOSTILE, "many": "not told",
    }  # fmt: skip
    page.click_place(103.801, 36.051)
    [(_, told)] = page.run(CARD)
    assert told["many"] == str(2**60)
    assert told["day"].startswith("2021-07-01")
    page.key("Escape")
    assert page.run(CARD) is None
    assert page.complaints() == []
    assert len(page.requests()) == 1


@pytest.mark.browser
def test_the_legend_switches_classes_and_the_search_finds_labels(opened: Any) -> None:
    frame = squares(4, plot=["Aa", "ab", "bc", "cd"], status=["x", "x", "y", "y"])
    page = opened(landwatch.map(frame, label="plot", lang="en"))
    found = "return document.getElementById('lw-found').textContent"
    assert page.run(found) == "4 rows"
    page.changed("document.querySelector('[data-kind=s0]').click()")
    assert page.run(found) == "2 rows"
    page.click_place(103.801, 36.051)
    assert page.run(CARD) is None, "what is switched off is not there"
    page.changed("document.querySelector('[data-kind=s0]').click()")
    search = "const box = document.getElementById('lw-search'); box.value = arguments[0];"
    page.changed(search + "box.dispatchEvent(new Event('input'))", "A")
    assert page.run(found) == "2 rows"
    assert page.run(COUNTS) == {"x": 2, "y": 0}
    page.run("document.querySelector('#lw-list button').click()")
    [(label, _)] = page.run(CARD)
    assert label == "Aa"
    page.run("document.getElementById('lw-lang').click()")
    assert "个" in page.run(found)
    assert page.complaints() == []


@pytest.mark.browser
def test_points_and_lines_are_drawn_and_what_has_no_place_is_said(opened: Any) -> None:
    shapes = [
        shapely.Point(103.8, 36),
        shapely.LineString([(103.81, 36), (103.82, 36.01)]),
        shapely.box(103.83, 36, 103.84, 36.01),
        shapely.Polygon(),
        None,
        shapely.GeometryCollection(
            [shapely.Point(103.85, 36), shapely.box(103.86, 36, 103.87, 36.01)]
        ),
    ]
    frame = geopandas.GeoDataFrame(
        {"name": list("plxene"), "status": ["a"] * 6}, geometry=shapes, crs=4326
    )
    shown = landwatch.map(frame, lang="en")
    assert (shown.rows, shown.drawn) == (6, 4)
    page = opened(shown)
    for place, label in (((103.8, 36), "p"), ((103.815, 36.005), "l"), ((103.865, 36.005), "e")):
        page.click_place(*place)
        assert [row[0] for row in page.run(CARD)] == [label]
        page.key("Escape")
    assert "2 have no shape" in page.run("return document.getElementById('lw-undrawn').textContent")


@pytest.mark.browser
def test_a_notebook_shows_the_page_in_a_frame_that_only_runs_its_own_scripts(
    browser: Browser, tmp_path: Path
) -> None:
    frame = squares(2, name=[HOSTILE, 'a"b&amp;c'], status=[HOSTILE, "b"])
    shown = landwatch.map(frame, title='"><script>alert(4)</script>', lang="en", height=480)
    told = shown._repr_html_()
    assert re.fullmatch(
        r'<iframe title="[^"]*" srcdoc="[^"]*" sandbox="allow-scripts" [^>]*></iframe>', told
    )
    outside = tmp_path / "notebook.html"
    outside.write_text(f"<!doctype html><meta charset=utf-8><body>{told}</body>", "utf-8")
    browser.driver.get_log("browser")
    browser.size(1000, 700)
    browser.driver.get(outside.as_uri())
    assert browser.run("return document.querySelector('iframe').offsetHeight") >= 480
    browser.driver.switch_to.frame(0)
    try:
        browser.wait("const d = document.documentElement.dataset; return d.drawn && d.told")
        assert set(browser.run(COUNTS)) == {HOSTILE, "b"}
        listed = (
            "return [...document.querySelectorAll('#lw-list button')].map((b) => b.textContent)"
        )
        assert set(browser.run(listed)) == {HOSTILE, 'a"b&amp;c'}
        assert browser.run("return document.getElementById('lw-title').textContent") == shown.title
    finally:
        browser.driver.switch_to.default_content()
    assert browser.complaints() == []


@pytest.mark.browser
def test_nothing_on_the_page_bars_people(opened: Any) -> None:
    inside = "axe_playwright_python/axe.min.js"
    try:
        axe = Path(str(distribution("axe-playwright-python").locate_file(inside)))
    except PackageNotFoundError:
        pytest.skip("axe-core is not installed")
    page = opened(landwatch.map(squares(3, name=["a", "b", "c"], status=["x", "y", None])))
    page.run(axe.read_text("utf-8"))
    for language in ("zh-CN", "en"):
        assert page.run("return document.documentElement.lang") == language
        page.run("document.querySelector('#lw-list button').click()")
        page.run("window.seen = null; axe.run().then((found) => (window.seen = found.violations))")
        page.wait("return window.seen !== null")
        found = page.run("return window.seen")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        page.run("document.getElementById('lw-lang').click()")


@pytest.mark.browser
def test_it_fits_a_phone(opened: Any) -> None:
    page = opened(landwatch.map(squares(3, status=["a", "b", "c"])), width=390, height=760)
    assert page.run("return document.documentElement.scrollWidth") <= 390
    assert page.run("return document.getElementById('lw-map').offsetHeight") > 250


@pytest.mark.browser
@pytest.mark.shared
@pytest.mark.timeout(120)
def test_real_parcels_in_feet_open_and_a_click_finds_the_right_one(opened: Any) -> None:
    files = sorted(SHARED.glob("land_*.parquet"))
    if not files:
        pytest.skip("the real files do not stand beside the project")
    frame = geopandas.read_parquet(files[0], columns=["geometry"])
    assert frame.crs.axis_info[0].unit_name.endswith("foot")
    frame["row"] = [f"P-{row}" for row in range(len(frame))]
    frame["kind"] = np.random.default_rng(5).choice(list("abc"), len(frame))
    shown = landwatch.map(frame, "kind", label="row", tooltip=[])
    assert shown.rows == shown.drawn == len(frame)
    page = opened(shown)
    assert sum(page.run(COUNTS).values()) == len(frame)
    shapes = frame.geometry.to_crs(4326).to_numpy()
    tree = shapely.STRtree(shapes)
    invalid = np.flatnonzero(~shapely.is_valid(shapes))
    picked = np.random.default_rng(7).choice(np.flatnonzero(shapely.is_valid(shapes)), 12)
    see = "window.map_landwatch.setView([arguments[1], arguments[0]], 20, {animate: false})"
    for row in [*picked.tolist(), *invalid.tolist()]:
        point = shapely.maximum_inscribed_circle(shapely.make_valid(shapes[row])).coords[0]
        page.run(see, *point)
        page.click_place(*point)
        seen = {label for label, _ in page.run(CARD)}
        under = set(tree.query(shapely.Point(point), predicate="within").tolist()) - set(invalid)
        assert f"P-{row}" in seen
        assert {f"P-{other}" for other in under} <= seen


# --- the name in the package ---------------------------------------------------------------------


def test_the_package_names_what_it_lends() -> None:
    assert set(landwatch.__all__) <= set(dir(landwatch))
    assert landwatch.map is map_of
    with pytest.raises(AttributeError, match="no attribute 'maps'"):
        _ = landwatch.maps


@pytest.mark.parametrize("page", ["notebook.md", "notebook.en.md"])
def test_the_example_of_the_documents_runs_as_it_stands(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (DOCS / page).read_text("utf-8")
    [example] = re.findall(r"<!-- example -->\n```python\n(.*?)```", text, re.S)
    told: dict[str, Any] = {}
    exec(compile(example, page, "exec"), told)
    assert isinstance(told["shown"], NotebookMap)
    assert list(tmp_path.glob("*.html"))

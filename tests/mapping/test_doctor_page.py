"""The doctor's page in a browser that reaches no host: both readings, no script of a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely

from landwatch.errors import PageError
from landwatch.geo.diagnosis import Diagnosis, diagnose
from landwatch.geo.drawings import Drawing
from landwatch.geo.frames import Frame, division_frame
from landwatch.geo.readings import framed_by
from landwatch.geo.seen import sightings
from landwatch.geo.shifts import Shift, shifted
from landwatch.mapping.doctor_page import write_doctor_page
from landwatch.mapping.modules import joined_script, source

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

RUN = "window.ran=(window.ran||0)+1"
HOSTILE = (
    f"</script><script>{RUN}</script><img src=x onerror={RUN}>`${{{RUN}}}`{{{{7*7}}}}"
    "<!-- landwatch: doctor -->{share}\u2028"
)
PATHS = "return document.querySelectorAll('.leaflet-overlay-pane path').length"
TEXT = "return document.body.innerText"


def park(count: int = 25) -> list[Any]:
    middle = shapely.Point(104.11, 35.84)
    return [
        shapely.box(x, y, x + 0.001, y + 0.0008)
        for at in range(count)
        for x, y in [(middle.x + 0.002 * (at % 5), middle.y + 0.002 * (at // 5))]
    ]


def drawing(
    shapes: Sequence[Any], epsg: int | None, frame: Frame | None, name: str = ""
) -> Drawing:
    array = np.array(shapes, dtype=object)
    keys = [f"{name}{at}" for at in range(len(array))]
    crs = None if epsg is None else pyproj.CRS.from_epsg(epsg)
    framed = framed_by([frame] * len(array))
    rows = list(range(1, len(array) + 1))
    return Drawing(name or None, array, rows, keys, framed, crs, total=len(array))


def in_crs(shapes: Sequence[Any], epsg: int) -> list[Any]:
    way = pyproj.Transformer.from_crs(4490, epsg, always_xy=True)
    return [
        shapely.transform(
            one, lambda pairs: np.column_stack(way.transform(pairs[:, 0], pairs[:, 1]))
        )
        for one in shapes
    ]


def written(path: Path, found: Sequence[Diagnosis], *, file: str = "宗地.gpkg") -> Path:
    write_doctor_page(path, file, [(one, sightings(one)) for one in found], lang="zh")
    return path


def test_the_readings_are_drawn_over_the_division_and_can_be_hidden(
    browser: Any, tmp_path: Path
) -> None:
    found = diagnose(drawing(in_crs(park(), 4544), 4545, division_frame("620123")))
    assert found.proposed is not None
    browser.open(written(tmp_path / "a.html", [found]))
    text = browser.run(TEXT)
    assert "按文件原样" in text
    assert "--cure belt:35" in text
    assert "榆中县 25" in text
    assert "建议" in text
    both = browser.run(PATHS)
    browser.run("document.querySelector('#lw-readings input').click()")
    assert browser.run(PATHS) == both - 25
    browser.run("document.getElementById('lw-lang').click()")
    english = browser.run(TEXT)
    assert "as the file says" in english
    assert "proposed" in english
    assert "doctor." not in english
    assert browser.complaints() == []
    assert [url.split("/")[-1] for url in browser.requests()] == ["a.html"]


def test_a_short_move_is_shown_closely(browser: Any, tmp_path: Path) -> None:
    zone = Frame("某园区", shapely.box(104.109, 35.839, 104.121, 35.851))
    moved = [shapely.transform(one, lambda pairs: shifted(pairs, Shift.BD09)) for one in park()]
    found = diagnose(drawing(moved, 4490, zone))
    assert [one.shift for one in found.likenesses if one.strong] == [Shift.BD09]
    browser.open(written(tmp_path / "a.html", [found]))
    zoom = "return window.map_landwatch.getZoom()"
    closely = browser.run(zoom)
    assert closely >= 13
    browser.run("document.getElementById('lw-whole').click()")
    whole = browser.run(zoom)
    browser.run("document.getElementById('lw-close').click()")
    assert browser.run(zoom) == closely >= whole


def test_every_layer_can_be_chosen(browser: Any, tmp_path: Path) -> None:
    frame = division_frame("620123")
    east = diagnose(drawing(park(), 4490, frame, "东区"))
    west = diagnose(drawing(in_crs(park(), 4523), None, frame, "西区"))
    browser.open(written(tmp_path / "a.html", [east, west]))
    assert "没有看出坐标有误" in browser.run(TEXT)
    browser.run(
        "const box = document.getElementById('lw-layer'); box.selectedIndex = 1;"
        "box.dispatchEvent(new Event('change'));"
    )
    text = browser.run(TEXT)
    assert "没有写明坐标系" in text
    assert "--cure belt:35" in text


def test_no_name_is_ever_run(browser: Any, tmp_path: Path) -> None:
    zone = Frame(HOSTILE, shapely.box(104.0, 35.7, 104.3, 36.0))
    strangers = [shapely.box(105.0, 36.0, 105.001, 36.001)]
    found = diagnose(drawing([*park(), *strangers], 4490, zone, HOSTILE))
    broken = diagnose(drawing(in_crs(park(), 4523), None, zone, HOSTILE))
    browser.open(written(tmp_path / "a.html", [found, broken], file=HOSTILE))
    browser.run("document.getElementById('lw-lang').click()")
    assert browser.run("return window.ran ?? 0") == 0
    assert browser.run("return document.querySelectorAll('img, iframe, object').length") == 0
    assert browser.run(TEXT).count("</script>") >= 2
    assert browser.complaints() == []


def test_the_same_diagnosis_gives_the_same_page_without_an_address(tmp_path: Path) -> None:
    found = diagnose(drawing(in_crs(park(), 4544), 4545, division_frame("620123")))
    one, two = (written(tmp_path / name, [found]) for name in ("1.html", "2.html"))
    assert one.read_bytes() == two.read_bytes()
    page = re.sub(r"<(script|style)\b.*?</\1>", "", one.read_text("utf-8"), flags=re.DOTALL)
    assert "//" not in page


def test_points_and_readings_beyond_the_world_are_no_trouble(browser: Any, tmp_path: Path) -> None:
    points = [one.centroid for one in park()]
    frame = division_frame("620123")
    found = [
        diagnose(drawing(in_crs(points, 4523), 4490, frame, "点")),
        diagnose(drawing([shapely.Point(1e9, -1e9)], None, None, "远")),
    ]
    browser.open(written(tmp_path / "a.html", found))
    assert "--cure belt:35" in browser.run(TEXT)
    assert browser.complaints() == []


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    found = diagnose(drawing(park(), 4490, None))
    with pytest.raises(PageError):
        written(tmp_path / "nowhere" / "a.html", [found])


def test_every_word_that_the_page_asks_for_is_there() -> None:
    from landwatch.language.catalogue import says

    script = joined_script("doctor.js") + source("doctor.html")
    asked = set(re.findall(r'words\.say\("([\w.]+)"', script))
    assert len(asked) > 8
    assert {key for key in asked if not says(key)} == set()

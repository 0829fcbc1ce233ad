"""Pictures as files: what stands on them, page by page, and always the same bytes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from matplotlib.image import imread

from landwatch.errors import PageError
from landwatch.mapping.fonts import fonts_for
from landwatch.mapping.picture import sheets_of, write_picture
from landwatch.mapping.picture_cards import entries_of
from landwatch.mapping.picture_page import PictureWishes
from landwatch.mapping.picture_paper import Letters, Sheet
from landwatch.mapping.picture_scene import LEFT_OUT, Scene
from tests.mapping.picture_scenes import fonts_of, many, pages_of, scene, text_of
from tests.mapping.test_hostile import HOSTILE

FONTS = fonts_for()


def words_on(sheet: Sheet) -> list[str]:
    return [one.text for one in sheet.told if isinstance(one, Letters)]


def drawn(of: Scene, wishes: PictureWishes) -> list[Sheet]:
    return sheets_of(of, wishes, FONTS)[0]


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_same_scan_is_the_same_bytes(tmp_path: Path, ending: str) -> None:
    for name in ("a", "b"):
        write_picture(tmp_path / f"{name}.{ending}", scene(), PictureWishes(dpi=72))
    one, two = ((tmp_path / f"{name}.{ending}").read_bytes() for name in ("a", "b"))
    assert one == two


def test_a_pdf_can_be_searched_and_carries_its_fonts(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.pdf", scene(), PictureWishes())
    text = text_of(tmp_path / "a.pdf")
    assert "供地履约图" in text
    assert "黄河机械" in text
    assert "涉嫌" in text
    told = fonts_of(tmp_path / "a.pdf")
    assert told and all(" yes yes yes " in line for line in told)  # embedded, subset, searchable


@pytest.mark.parametrize(
    ("wishes", "size"),
    [
        (PictureWishes(dpi=72), (842, 595)),
        (PictureWishes(dpi=72, landscape=False), (595, 842)),
        (PictureWishes(dpi=72, paper="a3"), (1191, 842)),
    ],
    ids=["a4", "a4 upright", "a3"],
)
def test_a_picture_is_as_large_as_its_paper(
    tmp_path: Path, wishes: PictureWishes, size: tuple[int, int]
) -> None:
    write_picture(tmp_path / "a.png", scene(), wishes)
    high, wide = imread(tmp_path / "a.png").shape[:2]
    assert (wide, high) == pytest.approx(size, abs=1)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("landscape", [True, False], ids=["lying", "upright"])
def test_a_map_says_what_a_paper_must(lang: str, landscape: bool) -> None:
    wishes = PictureWishes(lang=lang, landscape=landscape, note="审图号：甘S(2021)1号")
    (sheet,) = drawn(replace(scene(), made_up=True), wishes)
    told = words_on(sheet)
    text = "\n".join(told)
    assert told[1] == "供地履约图" or told[0] == "供地履约图"
    assert "2021-07-01" in text and "3" in text
    assert any(one.startswith("1:") for one in told)
    assert "EPSG:4544" in text
    assert ("涉嫌" if lang == "zh" else "suspected") in text
    assert "审图号：甘S(2021)1号" in text.replace("\n", "")
    assert ("纯属虚构" if lang == "zh" else "made up") in text
    inside = [one for one in sheet.told if isinstance(one, Letters)]
    for one in inside:
        wide = sheet.face(one.bold).width_mm(one.text, one.points)
        left = one.x - {"left": 0, "center": wide / 2, "right": wide}[one.anchor]
        assert 0 < left < sheet.width_mm - wide, one.text


def test_the_legend_counts_each_contract_once_with_its_area() -> None:
    (sheet,) = drawn(scene(), PictureWishes())
    told = words_on(sheet)
    at = told.index("涉嫌未达标")
    assert told[at + 1 : at + 3] == ["2", "42.0"]
    at = told.index("涉嫌未达标（草案/报道）")
    assert told[at + 1 : at + 3] == ["1", "0.0"]
    at = told.index("无合同宗地")
    assert told[at + 1 : at + 3] == ["1", "20.0"]
    assert "面积合计不含未填面积的 1 项。" in told
    assert "1 份合同没有宗地图形，图上看不到。" in told


def test_every_number_on_the_map_leads_to_a_line_of_the_key() -> None:
    of = many(140)
    (sheet,) = drawn(of, PictureWishes(zone_id="J"))
    (seen,) = sheets_of(of, PictureWishes(zone_id="J"), FONTS)[1]
    told = words_on(sheet)
    numbers = [
        one.text
        for one in sheet.told
        if isinstance(one, Letters) and one.anchor == "center" and one.bold
    ]
    on_map = {text for text in numbers if text.isdecimal()}
    in_key = {
        one.text
        for one in sheet.told
        if isinstance(one, Letters) and one.anchor == "right" and one.bold
    }
    assert on_map and on_map <= in_key
    assert any(f"另有 {seen.listed - len(in_key)} 项" in text for text in told)


def test_the_gravest_come_first_and_what_has_no_outline_bears_no_number() -> None:
    entries = entries_of(scene())
    contracts = [scene().holdings[one.holding or 0].contract_id for one in entries]
    assert contracts == ["HT-1", "HT-4", "HT-2", "HT-3"]
    assert [one.number for one in entries] == [1, None, 2, 3]


def test_of_many_parcels_only_those_that_ask_for_attention_are_numbered() -> None:
    of = many(80)
    quiet = [replace(one, kind=11) if at >= 50 else one for at, one in enumerate(of.holdings)]
    calm = replace(of, holdings=quiet)
    assert len(entries_of(calm)) == 50
    assert len(entries_of(replace(calm, narrowed=True))) == 80


def test_an_atlas_has_a_page_for_all_a_page_for_each_park_and_cards(tmp_path: Path) -> None:
    receipt = write_picture(tmp_path / "a.pdf", scene(), PictureWishes(atlas=True))
    assert [one.zone_id for one in receipt.maps] == [None, "J", "Y"]
    assert receipt.pages == pages_of(tmp_path / "a.pdf") == 5
    text = text_of(tmp_path / "a.pdf")
    assert "甲园区 宗地卡" in text
    assert "第 5 页，共 5 页" in text
    assert "东经 103.801000° 北纬 36.050900°" in text


def test_pages_of_an_atlas_without_pdf_are_numbered_files(tmp_path: Path) -> None:
    receipt = write_picture(tmp_path / "图.svg", scene(), PictureWishes(atlas=True))
    assert [path.name for path in receipt.files] == [f"图-0{n}.svg" for n in range(1, 6)]
    assert all(path.is_file() for path in receipt.files)


def test_more_cards_than_a_page_holds_go_on_to_the_next() -> None:
    sheets = drawn(many(40), PictureWishes(zone_id="J", atlas=True))
    assert len(sheets) == 1 + 3  # 15 cards on a page
    cards = {text for sheet in sheets[1:] for text in words_on(sheet) if text.startswith("HT-")}
    assert len(cards) == 40


def test_one_park_alone_shows_its_own_contracts() -> None:
    (sheet,) = drawn(scene(), PictureWishes(zone_id="Y"))
    text = "\n".join(words_on(sheet))
    assert "白塔食品" in text and "黄河机械" not in text


def test_a_contract_belongs_to_one_park_only() -> None:
    parks = scene().parks()
    held = [one.contract_id for park in parks.values() for one in park.holdings]
    assert sorted(held) == ["HT-1", "HT-2", "HT-3", "HT-4"]
    told_none = replace(scene().holdings[0], zone_id=None)
    of = replace(scene(), holdings=[told_none, *scene().holdings[1:]])
    assert {zone for zone, park in of.parks().items() for one in park.holdings
            if one.contract_id == "HT-1"} == {"J"}  # fmt: skip


def test_a_parcel_whose_contract_was_not_asked_for_is_pale_and_counted_nowhere() -> None:
    of = scene()
    plots = [replace(of.plots[0], kind=LEFT_OUT, holdings=()), *of.plots[1:]]
    (sheet,) = drawn(replace(of, plots=plots, holdings=of.holdings[1:]), PictureWishes())
    at = words_on(sheet).index("无合同宗地")
    assert words_on(sheet)[at + 1] == "1"


def test_parks_far_apart_are_told_on_a_map_of_the_whole_country() -> None:
    of = scene()
    moved = [
        replace(plot, shape=plot.shape if plot.zone_id == "J" else _moved(plot.shape))
        for plot in of.plots
    ]
    (sheet,), (seen,) = sheets_of(replace(of, plots=moved), PictureWishes(), FONTS)
    text = words_on(sheet)
    assert "甲园区 3 份" in text and "乙园区 1 份" in text
    assert seen.plane is not None and "阿尔伯斯" in seen.plane
    assert "内蒙古自治区" in text and "黑龙江省" in text


def _moved(shape: Any) -> Any:
    return shapely.transform(shape, lambda places: np.add(places, (20.0, -6.0)))


def test_nothing_to_draw_is_said_and_not_drawn() -> None:
    of = scene()
    bare = replace(of, plots=[replace(plot, shape=None) for plot in of.plots])
    with pytest.raises(PageError, match="import parcels"):
        sheets_of(bare, PictureWishes(), FONTS)


NAMES = [*HOSTILE, "$x_{1}$ \\frac", "\x00\x1b[31m\ud800", "名" * 400, " "]


@pytest.mark.parametrize("ending", ["svg", "pdf"])
def test_hostile_names_are_text(tmp_path: Path, ending: str) -> None:
    """A warning would fail the test: no sign is written that the font lacks."""
    of = many(len(NAMES))
    named = [
        replace(held, holder=name, project=name, contract_id=f"{at} {name}")
        for at, (held, name) in enumerate(zip(of.holdings, NAMES, strict=True))
    ]
    of = replace(of, holdings=named, title=NAMES[0] + "\ud800", narrowed=True)
    wishes = PictureWishes(zone_id="J", atlas=True, note=" ".join(NAMES))
    receipt = write_picture(tmp_path / f"a.{ending}", of, wishes)
    assert receipt.pages == 1 + -(-len(NAMES) // 15)
    if ending == "pdf":
        assert "<img src=x" in text_of(tmp_path / "a.pdf")
        return
    for path in receipt.files:
        tags = {one.tag.rpartition("}")[2] for one in ElementTree.parse(path).iter()}
        assert tags.isdisjoint({"script", "image", "foreignObject", "a"})

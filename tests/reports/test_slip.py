"""The slip is one page, whole and searchable, in Word and in PDF, whatever the ledger says."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docx import Document

from landwatch.mapping.fonts import fonts_for
from landwatch.mapping.picture_paper import Box, Letters, Shape, Sheet
from landwatch.reports.slip import Slip, SlipFinding
from landwatch.reports.slip_files import write_slip
from landwatch.reports.slip_page import lines_that_fit, slip_sheet
from tests.mapping.picture_scenes import BREACH, pages_of, scene, text_of
from tests.mapping.test_hostile import HOSTILE

FONTS = fonts_for()
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def finding(number: int, long: int = 1) -> SlipFinding:
    parts = (
        (
            "条文",
            f"国有建设用地使用权出让合同第十六条：“在{number}年{number}月之前开工" * long + "”",
        ),
        ("期限", "最后一日 2020-06-30，自 2020-07-01 起逾期；至核对日 2021-07-01 已过 366 日"),
        ("资料", "progress.csv 第10行，2021-06-01 现场核查：是否动工 否"),
    )
    head = f"涉嫌未达标：规则{number}（GC.{number}），超期 366 天"
    return SlipFinding(
        BREACH, 0, 366, f"规则{number}", "涉嫌未达标", head, parts, frozenset({"started"})
    )


def slip(findings: int = 2, name: str = "黄河机械", long: int = 1) -> Slip:
    of = scene()
    land = replace(of, holdings=of.holdings[:1], plots=[of.plots[0]])
    who = (("合同主键", "HT-1"), ("土地使用权人", name), ("项目名称", name), ("项目位置", name))
    return Slip(
        lang="zh",
        contract_id="HT-1",
        when="截至 2021-07-01 · 第 3 次核对",
        made_up=True,
        who=who,
        findings=tuple(finding(number, long) for number in range(1, findings + 1)),
        quiet="没有需要注意的结论（达标）。",
        to_see=("是否动工",),
        code="HT-1\n2021-07-01 #3",
        scene=land,
    )


CASES = {
    "nothing found": slip(0),
    "two findings": slip(2),
    "thirty findings": slip(30),
    "a clause longer than the page": slip(2, long=400),
    "long names": slip(3, "金城沙枣产业园" * 60),
    "hostile names": slip(2, " ".join(HOSTILE)),
    "no outline": replace(slip(2), scene=replace(slip().scene, plots=[])),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_slip_is_one_page_on_which_nothing_overlaps(case: Slip, tmp_path: Path) -> None:
    sheet, told = slip_sheet(case, FONTS)
    assert (told > 0) is bool(case.findings)
    lines = [one for one in sheet.told if isinstance(one, Letters)]
    low = min(one.y for one in lines)
    assert low > 10
    boxes = [
        (one.x, one.y, one.x + sheet.face(one.bold).width_mm(one.text, one.points), one.points)
        for one in lines
        if one.anchor == "left"
    ]
    for left, y, right, points in boxes:
        assert right <= sheet.width_mm - 10
        for other_left, other_y, other_right, _ in boxes:
            apart = right <= other_left + 0.1 or other_right <= left + 0.1
            assert apart or (left, y) == (other_left, other_y) or abs(y - other_y) > points * 0.25
    receipt = write_slip(tmp_path / "a.pdf", case)
    assert pages_of(tmp_path / "a.pdf") == 1
    assert (receipt.findings, receipt.told) == (len(case.findings), told)


@pytest.mark.parametrize("findings", [0, 1, 2, 3])
def test_a_short_slip_uses_its_room_for_a_larger_map_and_notes(findings: int) -> None:
    sheet, told = slip_sheet(slip(findings), FONTS)
    assert told == findings
    full, _ = slip_sheet(slip(30), FONTS)
    assert map_of(sheet).width > map_of(full).width + 15
    drawn = map_of(sheet)
    told_at = {y for one in sheet.told for y in heights_of(one)}
    steps = {drawn.bottom + step for step in range(0, int(drawn.height), 5)}
    filled = sorted(told_at | steps, reverse=True)
    gaps = [above - below for above, below in pairwise(filled)]
    assert max(gaps) < 14, "no part of the page is left blank"
    words = [one.text for one in sheet.told if isinstance(one, Letters)]
    for label in ("现场情况", "照片编号", "核查人（一）签字", "核查人（二）签字", "日期"):
        assert words.count(label) == 1


def map_of(sheet: Sheet) -> Box:
    """Return where the little map stands: nothing of it is drawn beyond its frame."""
    (frame,) = {one.within for one in sheet.told if isinstance(one, Shape) and one.within}
    return frame


def heights_of(one: Letters | Shape) -> list[float]:
    if isinstance(one, Letters):
        return [one.y]
    if one.within is not None:
        return []  # it stands in the map
    return [y for ring in one.rings for y in ring[:, 1].tolist()]


def test_what_does_not_fit_is_counted_and_named() -> None:
    sheet, told = slip_sheet(slip(30), FONTS)
    text = "".join(one.text for one in sheet.told if isinstance(one, Letters))
    assert 1 <= told < 30
    assert f"另有 {30 - told} 条结论此页列不下" in text
    assert f"规则{told + 1}（涉嫌未达标）、" in text


def test_a_finding_stands_whole_or_not_at_all() -> None:
    lines, told = lines_that_fit(slip(30), FONTS.plain, FONTS.bold, 186, 60)
    text = "".join(line.text for line in lines)
    assert told > 1
    assert text.count("现场核查：是否动工 否") == told
    assert "…" not in text


def test_a_pdf_slip_is_searched_by_its_words(tmp_path: Path) -> None:
    write_slip(tmp_path / "a.pdf", slip())
    text = text_of(tmp_path / "a.pdf")
    for words in (
        "供地履约现场核查单",
        "黄河机械",
        "涉嫌未达标",
        "核查人（一）签字",
        "核查人（二）签字",
        "照片编号",
        "演示数据",
    ):
        assert words in text


def test_the_same_slip_is_the_same_pdf(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        write_slip(tmp_path / name, slip())
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_word_slip_opens_and_names_its_font_for_chinese(case: Slip, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    write_slip(path, case)
    document = Document(str(path))
    assert document.paragraphs[0].text == "供地履约现场核查单"
    with zipfile.ZipFile(path) as parts:
        tree = ElementTree.fromstring(parts.read("word/document.xml"))
        assert len([name for name in parts.namelist() if name.startswith("word/media/")]) == 2
    runs = [run for run in tree.iter(f"{W}r") if run.find(f"{W}t") is not None]
    fonts = [run.find(f"{W}rPr/{W}rFonts") for run in runs]
    assert all(font is not None and font.get(f"{W}eastAsia") for font in fonts)
    text = "".join(one.text or "" for one in tree.iter(f"{W}t"))
    assert "□" in text and "涉嫌" in text


def test_every_line_and_row_of_a_word_slip_has_an_exact_height(tmp_path: Path) -> None:
    """So the page ends where it was reckoned to end, whatever font stands in."""
    path = tmp_path / "a.docx"
    write_slip(path, slip(30))
    with zipfile.ZipFile(path) as parts:
        tree = ElementTree.fromstring(parts.read("word/document.xml"))
    spaced = [
        one for one in tree.iter(f"{W}p") if one.find(f".//{W}drawing") is None
    ]  # fmt: skip
    lines = [one.find(f"{W}pPr/{W}spacing") for one in spaced if "".join(one.itertext()).strip()]
    rules = {None if line is None else line.get(f"{W}lineRule") for line in lines}
    assert rules == {"exact"}
    rows = [row.find(f"{W}trPr/{W}trHeight") for row in tree.iter(f"{W}tr")]
    assert {row.get(f"{W}hRule") if row is not None else None for row in rows} == {"exact"}

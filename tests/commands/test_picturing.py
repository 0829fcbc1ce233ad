"""`landwatch picture` and `landwatch slip`, as a person types them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import matplotlib
import pytest
from docx import Document

from tests.commands.conftest import CONTRACT, Door

WITHOUT_CHINESE = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
OUTLINE = (
    "SRID=4490;POLYGON ((103.8 36.05, 103.802 36.05, 103.802 36.052, 103.8 36.052, 103.8 36.05))"
)


@pytest.fixture
def drawn(ready: Door, tmp_path: Path) -> Door:
    """A scan of two contracts: one late, on a parcel with an outline, one without any."""
    parcel = {"parcel_id": "P1", "area_m2": "40000", "geometry": OUTLINE, "land_use": "工业用地"}
    ready.takes("parcels", tmp_path / "parcels.csv", [parcel])
    rows = [
        {**CONTRACT, "parcel_id": "P1"},
        {**CONTRACT, "contract_id": "C2", "holder": "无图纺织", "signed_on": "2018-07-01"},
    ]
    ready.takes("contracts", tmp_path / "contracts.csv", rows)
    seen = {"contract_id": "C1", "observed_on": "2021-07-15", "source": "inspection"}
    ready.takes("progress", tmp_path / "progress.csv", [seen | {"started": "no"}])
    ready.does("scan", "--as-of", "2021-08-01")
    return ready


def text_of(path: Path) -> str:
    done = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True)
    return done.stdout


def test_a_picture_tells_its_scale_plane_and_what_it_left_out(drawn: Door, tmp_path: Path) -> None:
    said = drawn.does("picture", tmp_path / "图.pdf", "--title", "城关区供地图", "--made-up")
    assert "EPSG:4544" in said.err and "1:" in said.err
    assert "（1 份没有图形）" in said.err
    text = text_of(tmp_path / "图.pdf")
    for words in ("城关区供地图", "示范机械有限公司", "2021-08-01", "纯属虚构", "涉嫌未达标"):
        assert words in text


def test_the_receipt_of_an_atlas_is_json(drawn: Door, tmp_path: Path) -> None:
    said = drawn.does("picture", tmp_path / "a.svg", "--atlas", "--paper", "a3", "--json")
    told = json.loads(said.out)
    assert [Path(name).name for name in told["files"]] == ["a-01.svg", "a-02.svg"]
    assert (told["maps"][0]["parcels_drawn"], told["maps"][0]["contracts"]) == (1, 2)
    assert told["maps"][0]["contracts_without_geometry"] == 1


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["图.gif"], 2, "图.gif"),
        (["图.png", "--paper", "a9"], 2, "a9"),
        (["图.png", "--link", "file:///x"], 2, "file:///x"),
        (["图.png", "--status", "breech"], 2, "breach"),
        (["图.png", "--zone", "Z9"], 2, "Z9"),
        (["图.png", "--status", "exempt"], 3, "--status"),
        (["图.png", "--font", str(WITHOUT_CHINESE)], 3, "DejaVuSans.ttf"),
        (["没有/图.png"], 3, "图.png"),
    ],
    ids=["ending", "paper", "link", "status", "park", "nothing", "font", "folder"],
)
def test_what_cannot_be_drawn_is_refused_in_words(
    drawn: Door, words: list[str], code: int, told: str
) -> None:
    said = drawn("picture", *words)
    assert (said.code, told in said.err) == (code, True), said.err
    assert "Traceback" not in said.err
    assert not list(Path().glob("*.png"))


def test_a_slip_tells_the_finding_with_file_and_row(drawn: Door, tmp_path: Path) -> None:
    said = drawn.does("slip", "C1", tmp_path / "C1.pdf", "--json")
    receipt = json.loads(said.out)
    assert receipt["contract_id"] == "C1" and 1 <= receipt["findings_told"] <= receipt["findings"]
    text = text_of(tmp_path / "C1.pdf")
    for words in ("供地履约现场核查单", "示范机械有限公司", "涉嫌未达标", "progress.csv 第2行"):
        assert words in text
    assert "无图纺织" not in text  # nobody else's name


def test_a_slip_in_word_is_in_the_readers_language(drawn: Door, tmp_path: Path) -> None:
    drawn.does("slip", "C2", tmp_path / "C2.docx", "--lang", "en")
    document = Document(str(tmp_path / "C2.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert document.paragraphs[0].text == "Slip for a visit to supplied land"
    assert "无图纺织" in cells
    assert any("□ not started" in text for text in cells)


def test_a_slip_of_nobody_offers_the_nearest(drawn: Door) -> None:
    said = drawn("slip", "C11", "x.pdf")
    assert said.code == 2 and "C1" in said.err
    said = drawn("slip", "C1", "x.odt")
    assert said.code == 2 and "x.odt" in said.err

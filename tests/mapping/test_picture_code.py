"""The code on a paper reads back as what it was to say, from the squares that are printed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from landwatch.mapping.fonts import fonts_for
from landwatch.mapping.picture_code import Marked, code_shapes, linked, modules, said
from landwatch.mapping.picture_paper import Sheet
from landwatch.mapping.picture_write import write_sheets
from tests.mapping.qr_reader import read

DAY = date(2021, 7, 1)
PLACED = Marked("甘2021-合同〔17〕号", "620102001GB00001", (103.8012, 36.0501), 12, DAY)


@pytest.mark.parametrize("marked", [PLACED, Marked("HT-1", None, None, None, DAY)], ids=("a", "b"))
def test_a_code_reads_back_as_its_text(marked: Marked) -> None:
    assert read(modules(said(marked))) == said(marked)


def test_the_printed_code_reads_back(tmp_path: Path) -> None:
    text = said(PLACED)
    side = len(modules(text)) + 8
    sheet = Sheet(25.0, 25.0, fonts_for())
    sheet.told += code_shapes(text, 0, 0, 25.0)
    (path,) = write_sheets(tmp_path / "code.png", [sheet], title="", dpi=300)
    picture = imread(path)[:, :, :3].mean(axis=2) < 0.5
    middles = ((np.arange(side) + 0.5) * len(picture) / side).astype(int)
    squares = picture[np.ix_(middles, middles)]
    assert not squares[:4].any() and not squares[:, :4].any()  # the quiet margin
    assert read(squares[4:-4, 4:-4]) == text


def test_a_code_says_where_and_when_and_nothing_of_what_was_found() -> None:
    assert said(PLACED).splitlines() == [
        "甘2021-合同〔17〕号",
        "620102001GB00001",
        "36.050100,103.801200 CGCS2000",
        "2021-07-01 #12",
        "geo:36.050100,103.801200",
    ]


def test_a_long_number_is_cut_so_that_the_code_stays_readable() -> None:
    text = said(Marked("9" * 500, "P" * 500, (103.8, 36.0), 1, DAY))
    assert len(modules(text)) <= 53
    assert text.splitlines()[0].endswith("…")


def test_a_code_with_an_address_opens_the_contract_on_the_served_map() -> None:
    assert linked("https://map.example/x.html#old", PLACED) == (
        "https://map.example/x.html#contract="
        "%E7%94%982021-%E5%90%88%E5%90%8C%E3%80%9417%E3%80%95%E5%8F%B7"
    )
    bare = Marked(None, "P 1&b=2", None, 1, DAY)
    assert linked("https://map.example/", bare) == "https://map.example/#parcel=P%201%26b%3D2"

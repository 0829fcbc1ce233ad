"""Chinese is written by the face of simplified Chinese, by the signs it needs, or not at all."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import pytest
from fontTools.ttLib import TTFont

from landwatch.errors import PageError
from landwatch.language.catalogue import LANGUAGES
from landwatch.mapping import fonts
from landwatch.mapping.fonts import LACKING, fonts_for, write_part

WITHOUT_CHINESE = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")


def test_of_a_collection_the_face_of_simplified_chinese_is_taken() -> None:
    face = fonts_for().plain
    if face.path.suffix.lower() == ".ttc":
        assert "SC" in face.name and "Mono" not in face.name


def test_a_part_holds_the_signs_asked_for_and_no_others(tmp_path: Path) -> None:
    face = fonts_for().plain
    write_part(face, "涉嫌ab", tmp_path / "part.ttf")
    font = TTFont(tmp_path / "part.ttf")
    assert set(font.getBestCmap()) == {ord(sign) for sign in f"涉嫌ab {LACKING}"}
    assert "glyf" in font and "CFF " not in font
    sizes = {ord(sign): font["hmtx"][font.getBestCmap()[ord(sign)]][0] for sign in "涉a"}
    for sign, width in sizes.items():
        assert width / font["head"].unitsPerEm == pytest.approx(face.widths[sign], abs=0.01)


def test_a_part_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_part(fonts_for().plain, "供地履约", tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_where_no_font_writes_chinese_the_words_say_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "_files_there", dict)
    with pytest.raises(PageError) as raised:
        fonts_for()
    for lang in LANGUAGES:
        assert "--font" in raised.value.in_words(lang)


def test_a_font_without_chinese_is_refused_with_the_signs_it_lacks() -> None:
    with pytest.raises(PageError, match="涉嫌"):
        fonts_for(WITHOUT_CHINESE)


def test_a_file_that_is_no_font_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "no.ttf").write_bytes(b"no font at all")
    with pytest.raises(PageError, match=r"no\.ttf"):
        fonts_for(tmp_path / "no.ttf")
    with pytest.raises(PageError, match=r"gone\.ttf"):
        fonts_for(tmp_path / "gone.ttf")

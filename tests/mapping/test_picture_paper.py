"""Text on paper: it wraps, it is cut with a sign, and no label stands on another."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from landwatch.mapping.fonts import LACKING, fonts_for
from landwatch.mapping.picture_labels import Wish, put_labels
from landwatch.mapping.picture_look import fill_of, pale
from landwatch.mapping.picture_paper import Box, fitted, wrapped
from landwatch.mapping.style import CLASSES

FACE = fonts_for().plain


def test_lines_are_no_wider_than_they_may_be_and_lose_nothing() -> None:
    text = (
        "金城沙枣产业园（演示）有限公司，涉嫌未达标：2021-07-01 lanzhou-contracts.xlsx 第8行。" * 3
    )
    lines = wrapped(FACE, text, 8, 42)
    assert all(FACE.width_mm(line, 8) <= 42 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not any(line[0] in "，。：）" for line in lines)


def test_a_word_without_a_break_is_broken_all_the_same() -> None:
    lines = wrapped(FACE, "W" * 200, 8, 30)
    assert "".join(lines) == "W" * 200
    assert all(FACE.width_mm(line, 8) <= 30 for line in lines)


def test_what_is_cut_ends_with_a_sign() -> None:
    (line,) = wrapped(FACE, "使用权人" * 50, 8, 30, most=1)
    assert line.endswith("…")
    assert FACE.width_mm(line, 8) <= 30
    assert fitted(FACE, "短", 8, 30) == "短"


def test_controls_leave_no_trace_and_what_the_font_lacks_is_seen() -> None:
    assert FACE.written("甲\x00\u202e乙\ud800\n丙") == "甲乙 丙"
    assert FACE.written("\U0001f3ed") == LACKING
    assert FACE.written(None) == ""


def test_no_label_covers_another_or_leaves_the_map() -> None:
    random = np.random.default_rng(1)
    places = random.uniform(0, 100, (250, 2))
    wishes = [Wish(float(x), float(y), 5.0, 3.2, 0.5) for x, y in places]
    window, taken = Box(0, 0, 100, 100), [Box(80, 80, 20, 20)]
    put = [one.box for one in put_labels(wishes, window, taken) if one is not None]
    assert len(put) > 200
    assert all(box.inside(window) for box in put)
    boxes = [*put, *taken]
    clashes = [
        (a, b) for at, a in enumerate(boxes) for b in boxes[at + 1 :] if a.meets(b)
    ]  # fmt: skip
    assert clashes == []


def test_a_label_stands_in_a_wide_parcel_and_beside_a_narrow_one() -> None:
    window = Box(0, 0, 100, 100)
    (inside,) = put_labels([Wish(50, 50, 5, 3, 10)], window)
    assert inside is not None and not inside.led
    assert inside.box.middle == (50, 50)
    spared = np.array([shapely.box(48, 20, 52, 80)], dtype=object)
    (beside,) = put_labels([Wish(50, 50, 5, 3, 1)], window, (), spared)
    assert beside is not None and beside.led
    assert beside.box.left >= 52 or beside.box.right <= 48


def test_a_label_without_any_room_is_not_drawn() -> None:
    assert put_labels([Wish(5, 5, 20, 20)], Box(0, 0, 10, 10)) == [None]


@pytest.mark.parametrize("kind", range(len(CLASSES)), ids=lambda kind: CLASSES[kind].code)
def test_what_only_a_draft_says_is_striped_on_a_ground_paler_than_law(kind: int) -> None:
    fill, stripes = fill_of(kind)
    one = CLASSES[kind]
    assert (stripes is not None) is one.hatched
    assert fill == (pale(one.colour) if one.hatched else one.colour)

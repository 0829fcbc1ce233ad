"""The months before a page as bytes: small where little changed, and never another class."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from landwatch.language.terms import Gravity
from landwatch.lawbook.shelf import shelf
from landwatch.mapping.arranging import arranged
from landwatch.mapping.data import MapData
from landwatch.mapping.moments import NOT_THERE, Classes, class_of
from landwatch.mapping.months import MonthEnd, Months, changes_packed, ends_of_months
from landwatch.mapping.style import CLASSES


def unpacked(told: bytes, after: Classes) -> Classes:
    """Read the bytes of a month as the page does."""
    if told[0] == 0:
        return np.frombuffer(told[1:], np.uint8)
    numbers: list[int] = []
    at = 1
    while not numbers or len(numbers) <= numbers[0]:
        value, shift = 0, 0
        while told[at] > 127:
            value, shift, at = value | (told[at] & 127) << shift, shift + 7, at + 1
        numbers.append(value | told[at] << shift)
        at += 1
    places = np.cumsum(np.array(numbers[1:], np.int64) + 1) - 1
    found = after.copy()
    found[places] = np.frombuffer(told[at:], np.uint8)
    return found


@pytest.mark.parametrize("share", [0.0, 0.01, 0.4, 1.0])
def test_a_month_is_read_as_it_was_packed(share: float) -> None:
    random = np.random.default_rng(7)
    after = random.integers(0, len(CLASSES), 5000).astype(np.uint8)
    now = after.copy()
    other = random.random(5000) < share
    now[other] = random.integers(0, len(CLASSES), int(other.sum()))
    assert unpacked(changes_packed(now, after), after).tolist() == now.tolist()


def test_a_month_in_which_few_changed_costs_little() -> None:
    after = np.full(100_000, 10, np.uint8)
    now = after.copy()
    now[::100] = NOT_THERE
    assert changes_packed(after, after) == bytes([1, 0])
    assert len(changes_packed(now, after)) == 1 + 2 + 1000 + 1000
    assert len(changes_packed(np.zeros(0, np.uint8), np.zeros(0, np.uint8))) <= 2


@pytest.mark.parametrize(
    ("before", "ends"),
    [
        ("2021-07-01", ["2021-05-31", "2021-06-30"]),
        ("2021-06-30", ["2021-04-30", "2021-05-31"]),  # its own month has not ended before it
        ("2024-03-31", ["2024-01-31", "2024-02-29"]),
        ("2023-01-15", ["2022-11-30", "2022-12-31"]),
    ],
)
def test_the_months_are_those_that_ended_before_the_day(before: str, ends: list[str]) -> None:
    assert [str(day) for day in ends_of_months(date.fromisoformat(before), 2)] == ends


def test_the_head_counts_each_month_and_the_page(park: MapData) -> None:
    rows = arranged(park)
    blind = np.full(7, NOT_THERE, np.uint8)
    same = rows.classes.astype(np.uint8)
    end = MonthEnd(date(2021, 6, 30), None, None, same)
    part = Months((MonthEnd(date(2021, 5, 31), None, None, blind), end), as_known_now=False)
    first, last = part.columns(park, rows)
    assert last.parts[0] == bytes([1, 0]), "nothing is different from the page"
    assert set(unpacked(first.parts[0], same[rows.contracts]).tolist()) == {NOT_THERE}
    counts = np.array(part.head(park, rows)["counts"])
    assert counts.sum(axis=1).tolist() == [7, 7, 7]
    assert counts[0].tolist() == [*[0] * len(CLASSES), 7]
    assert counts[1].tolist() == counts[2].tolist()


def test_what_a_draft_says_is_hatched_only_where_it_speaks() -> None:
    law, draft = shelf()["order-53-2012"], shelf()["urumqi-hitech-bond"]
    assert CLASSES[class_of(Gravity.BREACH, law)].code == "breach"
    assert CLASSES[class_of(Gravity.BREACH, draft)].code == "breach_hatched"
    assert CLASSES[class_of(Gravity.TO_VERIFY, draft)].code == "to_verify_hatched"
    assert CLASSES[class_of(Gravity.COMPLIANT, draft)].code == "compliant"

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landwatch.language.columns import Column, ColumnType, Kind, columns_of
from landwatch.ledger.cells import Reading
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.measures import factor
from landwatch.ledger.numbers import read_number

PRICE = columns_of(Kind.CONTRACTS)["price_wan"]
AREA = columns_of(Kind.CONTRACTS)["area_m2"]
INTENSITY = columns_of(Kind.CONTRACTS)["agreed_intensity_wan_per_mu"]
FOUNDATION = columns_of(Kind.PROGRESS)["foundation_share"]
PILES = columns_of(Kind.PROGRESS)["piles_driven"]
PENALTY = columns_of(Kind.CONTRACTS)["start_penalty_permille"]
NUMBERS = [
    column
    for kind in Kind
    for column in columns_of(kind).values()
    if column.holds in (ColumnType.DECIMAL, ColumnType.INTEGER)
]


def read(cell: object, column: Column, in_unit: Fraction = Fraction(1)) -> Reading:
    return read_number(cell, column, in_unit)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("10,643.5", "10643.5"),
        ("１２３．５", "123.5"),
        ("790 000 000", "790000000"),
        ("￥300", "300"),
        (".5", "0.5"),
        ("1.5e3", "1500"),
        (0.1 + 0.2, "0.3"),  # Excel keeps fifteen digits, and so do we
        (12, "12"),
        ("0", "0"),
        ("0.0000", "0"),
    ],
)
def test_numbers_as_ledgers_write_them(cell: object, told: str) -> None:
    assert read(cell, PRICE) == Reading(Decimal(told))


@pytest.mark.parametrize(
    ("cell", "column", "told"),
    [
        ("300万元", PRICE, "300"),
        ("3000000元", PRICE, "300"),
        ("1.2亿元", PRICE, "12000"),
        ("0.364公顷", AREA, "3640"),
        ("3640㎡", AREA, "3640"),
        ("1500万元/公顷", INTENSITY, "100"),
        ("0.5‰", PENALTY, "0.5"),
        ("0.1%", PENALTY, "1"),
        ("33.3%", FOUNDATION, "0.333"),
        ("12 根", PILES, "12"),
    ],
)
def test_a_unit_in_the_cell_decides(cell: str, column: Column, told: str) -> None:
    reading = read(cell, column)
    assert reading.value == Decimal(told)
    assert reading.code in (None, IssueCode.UNIT_IN_CELL)


def test_a_unit_that_differs_from_the_header_is_said() -> None:
    reading = read("12.5亩", AREA, Fraction(10_000))
    assert reading.value == Decimal("8333.3333")
    assert reading.code is IssueCode.UNIT_IN_CELL
    assert reading.told["unit"] == "亩"


@pytest.mark.parametrize(
    ("cell", "told"), [("1/3", "0.333334"), ("三分之一", "0.333334"), ("1/4", "0.25"), (0.5, "0.5")]
)
def test_a_third_reported_never_falls_short_of_a_third(cell: object, told: str) -> None:
    reading = read(cell, FOUNDATION)
    assert reading.value == Decimal(told)
    assert reading.code is None


@pytest.mark.parametrize(
    ("cell", "column", "code"),
    [
        ("约12", PRICE, IssueCode.BAD_NUMBER),
        ("≥1.0", PRICE, IssueCode.BAD_NUMBER),
        ("12,5", PRICE, IssueCode.BAD_NUMBER),
        ("1_000", PRICE, IssueCode.BAD_NUMBER),
        ("12斤", PRICE, IssueCode.BAD_NUMBER),
        ("7320.06平方米（合10.9801亩）", AREA, IssueCode.BAD_NUMBER),
        (date(2020, 1, 3), FOUNDATION, IssueCode.BAD_NUMBER),  # Excel made a date of 1/3
        (True, PRICE, IssueCode.BAD_NUMBER),
        ("1/0", FOUNDATION, IssueCode.BAD_NUMBER),
        ("-1", PRICE, IssueCode.NEGATIVE_NUMBER),
        ("1000000000", PRICE, IssueCode.NUMBER_OUT_OF_RANGE),
        (float("inf"), PRICE, IssueCode.BAD_NUMBER),
        (float("nan"), PRICE, IssueCode.BAD_NUMBER),
        ("1e99", PRICE, IssueCode.NUMBER_OUT_OF_RANGE),
        ("30", FOUNDATION, IssueCode.SHARE_OVER_ONE),
        ("12.5", PILES, IssueCode.NOT_WHOLE),
    ],
)
def test_what_cannot_be_the_measure_tells_nothing(
    cell: object, column: Column, code: IssueCode
) -> None:
    reading = read(cell, column)
    assert reading.value is None
    assert reading.code is code


@given(
    st.one_of(st.text(), st.floats(), st.integers(), st.dates(), st.booleans(), st.none()),
    st.sampled_from(NUMBERS),
    st.sampled_from([Fraction(1), Fraction(1, 15), Fraction(10_000), Fraction(2000, 3)]),
)
def test_no_cell_makes_the_reader_of_numbers_fail(
    cell: object, column: Column, in_unit: Fraction
) -> None:
    reading = read(cell, column, in_unit)
    assert reading.value is not None or reading.code is not None
    if isinstance(reading.value, Decimal):
        assert 0 <= reading.value <= 10**9
        exponent = reading.value.as_tuple().exponent
        assert isinstance(exponent, int)
        assert -exponent <= column.places


@given(st.from_regex(r"[+-]?[0-9,. ]{1,45}([eE][+-]?[0-9]{1,3})?[%‰亩元/]{0,3}", fullmatch=True))
def test_no_text_like_a_number_makes_it_fail(text: str) -> None:
    for column in (PRICE, FOUNDATION, PILES, PENALTY):
        reading = read(text, column)
        assert reading.value is not None or reading.code is not None


@given(st.decimals(0, 10**8, places=4))
def test_a_number_told_in_its_own_unit_comes_back_exactly(number: Decimal) -> None:
    assert read(format(number, "f"), AREA).value == number


@pytest.mark.parametrize(
    ("unit", "column_unit", "times"),
    [
        ("公顷", "m2", Fraction(10_000)),
        ("亩", "m2", Fraction(2000, 3)),
        ("平方公里", "m2", Fraction(1_000_000)),
        ("m²", "亩", Fraction(3, 2000)),
        ("公顷", "亩", Fraction(15)),
        ("亩", "公顷", Fraction(1, 15)),
        ("元", "万元", Fraction(1, 10_000)),
        ("万元/公顷", "万元/亩", Fraction(1, 15)),
        ("元/平方米", "万元/亩", Fraction(1, 15)),
        ("万元/千平方米", "万元/亩", Fraction(2, 3)),
    ],
)
def test_units_turn_into_each_other_exactly(unit: str, column_unit: str, times: Fraction) -> None:
    assert factor(unit, column_unit) == times


@given(
    st.text(max_size=12),
    st.sampled_from(["m2", "亩", "公顷", "万元", "万元/亩", "1", "‰/日", "kg"]),
)
def test_no_unit_makes_the_conversion_fail(unit: str, column_unit: str) -> None:
    told = factor(unit, column_unit)
    assert told is None or told > 0


@pytest.mark.parametrize(
    ("cell", "column", "told"),
    [
        ("贰仟伍佰万元整", PRICE, "2500"),
        ("人民币壹亿贰仟万元", PRICE, "12000"),
        ("五百", PRICE, "500"),
        ("一万二千元", PRICE, "1.2"),
        ("三十亩", AREA, "20000"),
        ("一点五公顷", AREA, "15000"),
    ],
)
def test_chinese_numerals_are_numbers(cell: str, column: Column, told: str) -> None:
    assert read(cell, column).value == Decimal(told)


@pytest.mark.parametrize("cell", ["五百万", "三百五", "三万五", "万", "十十", "一点", "五千万亿"])
def test_numerals_that_could_tell_two_numbers_tell_none(cell: str) -> None:
    assert read(cell, PRICE).code is IssueCode.BAD_NUMBER

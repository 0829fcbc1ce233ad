from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landwatch.ledger.cells import Cell, Reading
from landwatch.ledger.dates import read_date
from landwatch.ledger.issues import IssueCode


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2005年01月31日", date(2005, 1, 31)),
        ("2019年3月4日", date(2019, 3, 4)),
        ("2016/1/4", date(2016, 1, 4)),
        ("2017-09-21", date(2017, 9, 21)),
        ("2017.9.21", date(2017, 9, 21)),
        ("20170921", date(2017, 9, 21)),
        ("２０１７年９月２１日", date(2017, 9, 21)),
        ("\xa02017-09-21\n", date(2017, 9, 21)),
        ("2007/9/7 0:00:00", date(2007, 9, 7)),
        ("2017-09-21T08:30:00", date(2017, 9, 21)),
        ("2017-09-21T08:30:00+08:00", date(2017, 9, 21)),
        ("2017-09-20T16:00:00.000Z", date(2017, 9, 21)),  # midnight in Beijing
        ("二〇一七年九月二十一日", date(2017, 9, 21)),
        ("二0一七年九月二十一日", date(2017, 9, 21)),
        ("公元2017年九月二十一日", date(2017, 9, 21)),
        ("民国106年9月21日", date(2017, 9, 21)),
        ("中华民国一百零六年九月二十一日", date(2017, 9, 21)),
        ("民国一〇六年九月二十一号", date(2017, 9, 21)),
        ("1505923200000", date(2017, 9, 21)),  # the API's milliseconds
        (datetime.fromisoformat("2017-09-21T13:05"), date(2017, 9, 21)),
        (datetime(2017, 9, 20, 16, tzinfo=UTC), date(2017, 9, 21)),
        (date(2017, 9, 21), date(2017, 9, 21)),
    ],
)
def test_every_form_seen_in_ledgers_is_read(cell: object, day: date) -> None:
    assert read_date(cell) == Reading(day)  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["43831", 43831, 43831.0, 43831.5])
def test_an_excel_serial_is_read_and_said(cell: object) -> None:
    reading = read_date(cell)  # type: ignore[arg-type]
    assert reading.value == date(2020, 1, 1)
    assert reading.code is IssueCode.SERIAL_DATE


@pytest.mark.parametrize(
    "cell",
    [
        *("1900-01-01", "1901年01月02日", "1970-01-01", "0001-01-01", "1899-12-30", "9999-12-31"),
        *("0", 0, "0000-00-00", date(1900, 1, 1)),
    ],
)
def test_a_filler_date_tells_nothing(cell: object) -> None:
    assert read_date(cell) == Reading(code=IssueCode.SENTINEL_DATE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("待定", IssueCode.BAD_DATE),
        ("2019-02-30", IssueCode.BAD_DATE),
        ("31/01/2020", IssueCode.BAD_DATE),  # day and month are never guessed
        ("03/04/2020", IssueCode.BAD_DATE),
        ("19-3-4", IssueCode.BAD_DATE),
        ("2019年", IssueCode.PARTIAL_DATE),
        ("2019年3月", IssueCode.PARTIAL_DATE),
        ("2019", IssueCode.PARTIAL_DATE),
        ("2919-01-01", IssueCode.DATE_OUT_OF_RANGE),
        ("1919-01-01", IssueCode.DATE_OUT_OF_RANGE),
        (True, IssueCode.BAD_DATE),
        (timedelta(days=1), IssueCode.BAD_DATE),
    ],
)
def test_what_is_no_day_is_said_and_not_guessed(cell: object, code: IssueCode) -> None:
    assert read_date(cell) == Reading(code=code)  # type: ignore[arg-type]


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes()))
def test_no_cell_makes_the_reader_of_dates_fail(cell: object) -> None:
    reading = read_date(cell)  # type: ignore[arg-type]
    assert isinstance(reading.value, date) or reading.code is not None


@given(st.from_regex(r"[0-9]{1,5}[年/.-][0-9]{1,3}[月/.-][0-9]{1,3}日?( [0-9]{1,2}:[0-9]{1,2}Z?)?"))
def test_no_text_like_a_date_makes_it_fail(text: str) -> None:
    reading = read_date(text)
    assert reading.value is not None or reading.code is not None


@given(
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]),
)
def test_a_day_written_in_any_form_comes_back(day: date, form: str) -> None:
    reading = read_date(day.strftime(form))
    assert reading.value == day or day == date(1970, 1, 1)


@given(
    st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2090-01-01")),
    st.integers(-12, 14),
)
def test_a_moment_told_with_its_offset_is_the_day_in_beijing(moment: datetime, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    moment = moment.replace(second=0, microsecond=0, tzinfo=zone)
    expected = moment.astimezone(timezone(timedelta(hours=8))).date()
    assert read_date(moment.isoformat()).value == expected


@pytest.mark.parametrize("cell", ["20196", "201906", 201906, 20191.0, "19996", "12345", "73051"])
def test_a_year_and_month_without_signs_is_no_excel_serial(cell: Cell) -> None:
    assert read_date(cell).value is None
    assert read_date(cell).code is not None


@pytest.mark.parametrize(
    "cell",
    ["一七年九月二十一日", "17年9月21日", "元年三月四日", "二〇一七年十三月一日", "二〇一七年九月"],
)
def test_a_day_in_numerals_that_lacks_its_century_or_its_day_is_none(cell: str) -> None:
    assert read_date(cell).value is None

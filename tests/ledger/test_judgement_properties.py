"""What holds of judges whatever the rows are."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landwatch.language.columns import Kind
from landwatch.ledger import Intake, Issue, Tally, read_ledger
from landwatch.ledger.tenure import read_tenure

QUIET = settings(
    max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
HEADERS = (
    *("合同编号", "土地使用权人", "行政区", "行政区划代码", "土地用途", "供地方式"),
    *("面积(亩)", "成交价格(万元)", "合同签订日期", "容积率下限", "容积率上限", "土地使用年限"),
)
CELLS = {
    "合同编号": ["A1", "A2", "A3", "B1", ""],
    "土地使用权人": ["甲食品有限公司", "甲食品公司", "（甲）食品有限公司", "乙厂", "个人", ""],
    "行政区": ["来凤县", "萧山市", "广州市本级", "兵团第八师", "330109000", "某某", ""],
    "行政区划代码": ["422827", "330181", "999999", "4406", "440606000", "660801", ""],
    "土地用途": ["工业用地", "其他普通商品住房用地", "公路用地", ""],
    "供地方式": ["挂牌出让", "划拨", ""],
    "面积(亩)": ["10", "10.05", "12", "0", "坏", ""],
    "成交价格(万元)": ["120", "0.0001", "90000", "0", "1.2", ""],
    "合同签订日期": ["2019-03-04", "2019-03-20", "2018-01-01", "待定", ""],
    "容积率下限": ["1", "3", "", "0"],
    "容积率上限": ["2", "1", "", "80"],
    "土地使用年限": ["50", "70/40", "2069-3-16", "7040", "长期", "0", ""],
}
ROWS = st.lists(
    st.tuples(*(st.sampled_from(CELLS[name]) for name in HEADERS)), min_size=1, max_size=30
)


def read(path: Path, rows: Iterable[Sequence[str]], headers: Sequence[str] = HEADERS) -> Intake:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, *rows])
    return read_ledger(Kind.CONTRACTS, path)


def spent(intake: Intake, size: int = 5000) -> tuple[Tally, list[Issue]]:
    issues = [issue for batch in intake.batches(size) for issue in batch.issues]
    return intake.tally, issues


@QUIET
@given(rows=ROWS, size=st.integers(1, 9))
def test_judges_only_remark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[tuple[str, ...]], size: int
) -> None:
    """With judges and without: the same rows are kept and refused; every remark has its row."""
    path = tmp_path / "a.csv"
    judged, issues = spent(read(path, rows), size)
    with monkeypatch.context() as without:
        without.setattr("landwatch.ledger.intake.judges_for", lambda kind, background: [])
        plain, _ = spent(read(path, rows), size)
    assert judged.adds_up
    assert plain.adds_up
    for name in ("rows", "refused", "set_aside", "blank", "duplicates"):
        assert getattr(judged, name) == getattr(plain, name), name
    assert judged.accepted <= plain.accepted
    remarked = {issue.row for issue in issues if issue.row and issue.severity == "remark"}
    refused = {issue.row for issue in issues if issue.severity == "refused"}
    assert judged.accepted_with_remarks == len(remarked - refused)
    assert sum(judged.by_code.values()) == len(issues)
    for issue in issues:
        assert "{" not in issue.in_words("zh") + issue.in_words("en")


CONTRACT = st.tuples(
    st.sampled_from(["甲食品有限公司", "甲食品公司", "乙机械厂", "丙（来凤）有限公司"]),
    st.sampled_from(["100", "100.5", "101", "101.5", "102", "250"]),
    st.sampled_from(["2019-03-04", "2019-03-20", "2019-04-04", "2019-05-04", "2020-01-01"]),
    st.sampled_from(["大道1号", "大道2号"]),
)


def pairs(issues: Iterable[Issue]) -> set[tuple[str, frozenset[object]]]:
    return {
        (issue.code.value, frozenset((issue.values["key"], issue.values["other"])))
        for issue in issues
        if issue.code.value in ("near_duplicate", "same_content")
    }


@QUIET
@given(contracts=st.lists(CONTRACT, min_size=2, max_size=14), data=st.data())
def test_the_order_of_rows_changes_no_pair(
    tmp_path: Path, contracts: list[tuple[str, ...]], data: st.DataObject
) -> None:
    headers = ("合同编号", "土地使用权人", "面积(公顷)", "合同签订日期", "项目位置")
    rows = [(f"K{at}", *told) for at, told in enumerate(contracts)]
    other = data.draw(st.permutations(rows))
    found = pairs(spent(read(tmp_path / "a.csv", rows, headers))[1])
    again = pairs(spent(read(tmp_path / "a.csv", other, headers))[1])
    assert found == again
    for code, keys in found:
        one, two = (contracts[int(str(key)[1:])] for key in keys)
        assert (one == two or code == "near_duplicate") and one[0][0] == two[0][0]


@QUIET
@given(
    told=st.lists(
        st.tuples(st.integers(100, 900), st.integers(20, 400), st.integers(1, 28)),
        min_size=1,
        max_size=40,
    )
)
def test_a_file_without_oddities_gives_no_remark(
    tmp_path: Path, told: list[tuple[int, int, int]]
) -> None:
    rows = [
        (
            f"合{at}", f"第{at}食品有限公司", "来凤县", "422827", "工业用地", "挂牌出让", str(area),
            str(Decimal(area) * price), f"2019-03-{day:02d}", "1.0", "2.5", "50",
        )
        for at, (area, price, day) in enumerate(told)
    ]  # fmt: skip
    tally, issues = spent(read(tmp_path / "a.csv", rows))
    assert issues == []
    assert tally.accepted == len(told)


YEARS = st.decimals(Decimal("0.5"), Decimal(70), places=1).map(lambda years: years.normalize())


@given(
    years=st.lists(YEARS, min_size=1, max_size=4, unique=True),
    joint=st.sampled_from([";", "；", "、", "/", "，", "年 ", "年、", "年，住宅"]),
    last=st.sampled_from(["", "年", "年期"]),
)
def test_terms_in_any_order_and_spelling_are_the_same_terms(
    years: list[Decimal], joint: str, last: str
) -> None:
    told = [format(each, "f") for each in years]
    read = read_tenure(joint.join(told) + last)
    assert read.code is None
    assert str(read.value).split(";") == [format(each, "f") for each in sorted(years)]
    assert read_tenure(str(read.value)) == read


@given(st.text(alphabet="0123456789.年至;/、-商住一七十〇长期 ", max_size=12))
def test_no_text_tells_more_than_the_law_allows_or_nothing_without_a_word(text: str) -> None:
    read = read_tenure(text)
    if isinstance(read.value, str):
        assert all(0 < Decimal(each) <= 70 for each in read.value.split(";"))
    else:
        assert read.code is not None

"""Any table a clerk could make: no traceback, no hang, and no row lost or invented."""

from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landwatch.errors import LandwatchError
from landwatch.language.columns import Kind
from landwatch.ledger import guess_headers, read_ledger

WORDS = st.sampled_from(
    [
        *("合同编号", "宗地编号", "面积", "公顷", "亩", "约定容积率", "下限", "上限", "合同约定"),
        *(
            "开工时间",
            "核查日期",
            "成交价格（万元）",
            "单位：公顷",
            "单位：万元、亩",
            "某台账",
            "受让人",
        ),
        *(
            "基本情况",
            "合计",
            "小计",
            "注：略",
            "填表人：甲",
            "一、国家级",
            "1",
            "2",
            "3",
            "甲",
            "乙",
        ),
        *(
            "A1",
            "A2",
            "2020-06-30",
            "二〇二〇年六月三十日",
            "五百万元",
            "三十亩",
            "民国109年1月1日",
        ),
        *(
            "44012",
            "１２．５",
            "--",
            "1/3",
            "清空",
            "#REF!",
            "(",
            ")",
            "：",
            "（）",
            "单位：",
            "约定",
        ),
    ]
)
CELLS = st.one_of(st.just(""), WORDS, st.text(max_size=6))
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=7), min_size=1, max_size=14)


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(table=TABLES, kind=st.sampled_from(list(Kind)))
def test_any_table_is_accounted_for_or_refused(
    tmp_path: Path, table: list[list[str]], kind: Kind
) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows(table)
    try:
        guessed = guess_headers(kind, path)
        intake = read_ledger(kind, path)
        batches = list(intake.batches())
    except LandwatchError as error:
        assert error.in_words("zh")
        return
    assert guessed
    tally = intake.tally
    kept = [record.row for batch in batches for record in batch.records]
    refused = [row.row for batch in batches for row in batch.refused]
    aside = [
        issue.row for batch in batches for issue in batch.issues if issue.severity == "aside"
    ]  # fmt: skip
    told = sorted([*kept, *refused, *(row for row in aside if row is not None)])
    assert len(told) == len(set(told)) == tally.rows
    with path.open(encoding="utf-8", newline="") as file:
        lines = sum(1 for _ in csv.reader(file))
    assert tally.rows + tally.blank <= lines - 1
    if told:
        assert told[-1] - told[0] + 1 <= tally.rows + tally.blank

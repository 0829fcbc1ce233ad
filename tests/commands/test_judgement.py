"""What an import says of rows beside each other, and beside the ledger, as a person reads it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.conftest import Door, write_csv

Row = dict[str, object]


def contracts(*prices: object, prefix: str = "A") -> list[Row]:
    return [
        {
            "合同编号": f"{prefix}{at}", "土地使用权人": f"第{prefix}{at}食品有限公司",
            "行政区": "来凤县", "供地方式": "挂牌出让", "土地用途": "工业用地",
            "面积(亩)": 10 + at, "成交价格(万元)": price, "合同签订日期": "2019-03-04",
        }
        for at, price in enumerate(prices)
    ]  # fmt: skip


def test_a_price_is_held_against_what_the_ledger_holds(ready: Door, tmp_path: Path) -> None:
    ready.takes("contracts", tmp_path / "一.csv", contracts(*range(100, 109)))
    said = ready.takes("contracts", tmp_path / "二.csv", contracts(90_000, prefix="B"))
    assert "第 2 行：成交价格 90000 万元" in said.err
    assert "来凤县同类 10 宗中位数" in said.err
    assert "price_above_median" in said.err


def test_a_contract_told_again_does_not_count_beside_itself(ready: Door, tmp_path: Path) -> None:
    ready.takes("contracts", tmp_path / "一.csv", contracts(*range(100, 107)))
    said = ready.takes("contracts", tmp_path / "二.csv", contracts(90_000))
    assert "中位数" not in said.err  # A0 and six others: seven


def test_a_dry_run_names_the_rows_of_each_kind_with_an_example(ready: Door, tmp_path: Path) -> None:
    rows = contracts(*range(100, 110))
    for at in range(0, 8, 2):
        rows[at + 1] |= {"土地使用权人": rows[at]["土地使用权人"], "面积(亩)": rows[at]["面积(亩)"]}
    rows[9]["行政区"] = "萧山市"
    file = tmp_path / "三.csv"
    ready.takes("contracts", file, rows)
    zh = ready.does("import", "contracts", file, "--dry-run").err
    assert "第 3、5、7、9 行，共 4 处，如第 3 行：与第 2 行使用权人相同" in zh
    assert "萧山区（330109）" in zh
    en = ready.does("import", "contracts", file, "--dry-run", "--lang", "en").err
    assert "rows 3, 5, 7, 9 (4 in all), such as row 3: Like row 2" in en
    assert "division_abolished" in en


def test_codes_are_counted_for_scripts(ready: Door, tmp_path: Path) -> None:
    file = tmp_path / "四.csv"
    ready.takes("contracts", file, contracts(*range(100, 109), 90_000))
    told = json.loads(ready.does("import", "contracts", file, "--dry-run", "--json").out)
    assert told["by_code"] == {"price_above_median": 1}
    assert (told["accepted"], told["accepted_with_remarks"]) == (9, 1)


def test_a_header_beside_its_values_is_refused_and_nothing_kept(
    ready: Door, tmp_path: Path
) -> None:
    rows = contracts(*range(100, 109))
    names = list(rows[0])
    cells = [list(row.values()) for row in rows]
    slid = [dict(zip(names, [row[0], *row[2:], ""], strict=True)) for row in cells]
    file = tmp_path / "五.csv"
    write_csv(file, slid)
    said = ready("import", "contracts", file)
    assert said.code == 3
    assert "错开了一列" in said.err


def test_a_contract_of_the_ledger_under_a_new_number_is_told_with_both(
    ready: Door, tmp_path: Path
) -> None:
    """Without a number, a corrected area makes another key: the first one would stay unseen."""
    rows = [row | {"合同编号": ""} for row in contracts(*range(100, 104))]
    ready.takes("contracts", tmp_path / "一.csv", rows)
    again = [row | {"面积(亩)": float(str(row["面积(亩)"])) + 0.05} for row in rows]
    for _ in ("checked", "checked again"):
        said = ready.does(
            "import", "contracts", write_csv(tmp_path / "二.csv", again), "--dry-run", "--json"
        )
        assert json.loads(said.out)["by_code"]["near_in_ledger"] == 4
    said = ready.does("import", "contracts", tmp_path / "二.csv", "--lang", "en")
    assert "Like contract row-" in said.err
    after = ready.does("import", "contracts", tmp_path / "二.csv", "--json")
    assert "near_in_ledger" not in json.loads(after.out)["by_code"]  # it was said when it was new


def test_the_same_file_again_is_like_nothing_but_itself(ready: Door, tmp_path: Path) -> None:
    rows = contracts(*range(100, 104))
    for _ in range(2):
        said = ready.takes("contracts", tmp_path / "一.csv", rows)
        assert "•" not in said.err

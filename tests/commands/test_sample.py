"""A sample is drawn, checked by people on a sheet, and says how often a scan is wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from landwatch.cli import run
from landwatch.store import create_store, open_store
from tests.commands.conftest import CONTRACT, Door, write_csv

AS_OF = "2021-08-01"
HEADERS = ("条目号", "规则", "合同或园区", "系统结果", "复核结论", "应为", "错在哪里", "复核日期",
           "复核人", "备注")  # fmt: skip
Fill = Callable[[int, Mapping[str, Any]], Mapping[str, Any]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with 24 contracts, some not started in time, scanned once."""
    folder = tmp_path_factory.mktemp("made")
    store = folder / "landwatch.gpkg"
    contracts = [
        {**CONTRACT, "contract_id": f"C{n:02}", "location": f"东路{n}号"} for n in range(24)
    ]
    seen = [
        {
            "contract_id": f"C{n:02}", "observed_on": "2021-07-15", "source": "inspection",
            "started": "no" if n % 3 else "yes",
        }
        for n in range(20)
    ]  # fmt: skip
    for words in (
        ("init",),
        ("import", "contracts", write_csv(folder / "contracts.csv", contracts)),
        ("import", "progress", write_csv(folder / "progress.csv", seen)),
        ("scan", "--as-of", AS_OF),
    ):
        assert run([*map(str, words), "--store", str(store), "--by", "张三"]) == 0
    return store


@pytest.fixture
def audited(made: Path, door: Door) -> Door:
    """A copy of it, and a shell beside it."""
    shutil.copy(made, door.store)
    return door


def fill(path: Path, said: Fill) -> None:
    """Fill a sheet by hand: `said` is asked for the cells of each row."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    header = next(n for n in range(1, 12) if sheet.cell(n, 1).value == "条目号")
    at = {str(cell.value): place for place, cell in enumerate(sheet[header], start=1)}
    for number in range(header + 1, sheet.max_row + 1):
        row = {name: sheet.cell(number, place).value for name, place in at.items()}
        for name, value in said(number - header, row).items():
            sheet.cell(number, at[name]).value = value
    book.save(path)


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a sheet."""
    found: list[dict[str, Any]] = []

    def look(_: int, row: Mapping[str, Any]) -> Mapping[str, Any]:
        found.append(dict(row))
        return {}

    fill(path, look)
    return found


def show(door: Door, sample: int = 1) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(door.does("sample", "show", sample, "--json").out)
    return told


def right(_: int, __: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"复核结论": "对"}


def test_the_sheet_has_what_a_checker_needs(audited: Door) -> None:
    said = audited.does("sample", "draw", "-o", "a.xlsx", "--size", 40, "--seed", 7)
    assert "抽查第 1 号" in said.err and "种子 7" in said.err
    rows = rows_of(Path("a.xlsx"))
    assert len(rows) == 40
    assert set(HEADERS) <= set(rows[0])
    row = next(one for one in rows if one["系统结果"] == "涉嫌未达标" and "O53.A2" in one["规则"])
    assert row["使用权人"] == "示范机械有限公司" and "东路" in row["位置"]
    assert (
        "contracts.csv 第" in row["所用资料及出处"] and "progress.csv 第" in row["所用资料及出处"]
    )
    assert "约定开工时间 2019-06-30" in row["所用资料及出处"]
    assert row["条文"] and row["系统理由"]
    assert row["复核结论"] is None and row["应为"] is None


def test_a_row_of_the_sheet_is_as_high_as_its_facts(audited: Door) -> None:
    audited.does("sample", "draw", "-o", "a.xlsx", "--size", 40, "--seed", 7)
    sheet = load_workbook("a.xlsx").worksheets[0]
    told = next(row for row in sheet.iter_rows() if row[0].value == "条目号")
    at = next(cell.column for cell in told if cell.value == "所用资料及出处")
    for number in range((told[0].row or 0) + 1, sheet.max_row + 1):
        cell = sheet.cell(number, at)
        assert cell.alignment.wrap_text
        assert sheet.row_dimensions[number].height >= 14.0 * len(str(cell.value).split("\n"))


def test_the_same_seed_draws_the_same_and_another_does_not(audited: Door) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        audited.does("sample", "draw", "-o", f"{name}.xlsx", "--size", 40, "--seed", seed)

    def drawn(sample: int) -> list[tuple[str, str]]:
        return [(one["contract_id"], one["rule"]) for one in show(audited, sample)["drawn"]]

    assert drawn(1) == drawn(2) != drawn(3)
    assert [one["seed"] for one in json.loads(audited.does("sample", "list", "--json").out)] == [
        7, 7, 8,
    ]  # fmt: skip


def test_a_blind_sheet_keeps_back_what_landwatch_says(audited: Door) -> None:
    audited.does("sample", "draw", "-o", "a.xlsx", "--size", 40, "--seed", 7, "--blind")
    rows = rows_of(Path("a.xlsx"))
    assert "系统结果" not in rows[0] and "系统理由" not in rows[0]
    told = {one["item_id"]: one for one in show(audited)["drawn"]}
    words = {"breach": "未达标", "compliant": "达标"}

    def guess(number: int, row: Mapping[str, Any]) -> Mapping[str, Any]:
        status = told[row["条目号"]]["status"]
        if number == 1:
            return {"复核结论": "无法判断"}
        if number == 2:
            return {"复核结论": "对"}
        return {"应为": words.get(status, status)}

    fill(Path("a.xlsx"), guess)
    said = audited("sample", "enter", "a.xlsx")
    assert said.code == 3 and "盲查表不显示系统结果" in said.err
    rates = show(audited)["rates"]["whole"]
    assert (rates["right"], rates["wrong"], rates["cannot_say"]) == (38, 0, 1)


def test_blind_and_wrong_is_found_by_comparison(audited: Door) -> None:
    audited.does("sample", "draw", "-o", "a.xlsx", "--size", 40, "--seed", 7, "--blind")
    told = {one["item_id"]: one for one in show(audited)["drawn"]}
    fill(Path("a.xlsx"), lambda _, row: {"应为": "除外"})
    audited.does("sample", "enter", "a.xlsx")
    rates = show(audited)["rates"]["whole"]
    exempt = sum(one["status"] == "exempt" for one in told.values())
    assert (rates["right"], rates["wrong"]) == (exempt, 40 - exempt)
    assert show(audited)["drawn"][0]["verdicts"][0]["should_be"] == "exempt"


def test_verdicts_come_back_and_give_error_rates(audited: Door) -> None:
    audited.does("sample", "draw", "-o", "a.xlsx", "--size", 60, "--seed", 3)
    accused = [one for one in show(audited)["drawn"] if one["status"] == "breach"]
    quiet = [one for one in show(audited)["drawn"] if one["stratum"].endswith("|quiet")]
    wrong = {accused[0]["item_id"]: "除外", quiet[0]["item_id"]: "未达标"}

    def said(_: int, row: Mapping[str, Any]) -> Mapping[str, Any]:
        if row["条目号"] in wrong:
            return {
                "复核结论": "错", "应为": wrong[row["条目号"]], "错在哪里": "台账有误",
                "复核日期": "2021年8月9日", "复核人": "李四", "备注": "去看过",
            }  # fmt: skip
        return {"复核结论": "对"}

    fill(Path("a.xlsx"), said)
    entered = audited.does("sample", "enter", "a.xlsx", "--by", "王五")
    assert "新录入 60 条" in entered.err and "尚未复核 0 条" in entered.err
    found = show(audited)
    assert (found["rates"]["whole"]["wrong"], found["judged"]) == (2, 60)
    assert found["rates"]["by_class"]["accused"]["wrong"] == 1, "a false accusation"
    assert found["rates"]["by_class"]["quiet"]["wrong"] == 1, "a silent pass"
    assert found["rates"]["causes"] == {"data_wrong": 2}
    for one in (found["rates"]["whole"], *found["rates"]["by_class"].values()):
        assert one["at_least_95"] <= one["estimate"] <= one["at_most_95"]
    verdict = next(o for o in found["drawn"] if o["item_id"] == accused[0]["item_id"])["verdicts"][
        0
    ]
    assert (verdict["checked_on"], verdict["checked_by"]) == ("2021-08-09", "李四")
    assert (verdict["recorded_by"], verdict["note"]) == ("王五", "去看过")
    again = audited.does("sample", "enter", "a.xlsx")
    assert "新录入 0 条，更改 0 条，未变 60 条" in again.err
    shown = audited.does("sample", "show", 1).out
    assert "错即冤枉" in shown and "错即漏判" in shown and "台账有误 2" in shown
    assert "wrong: a false accusation" in audited.does("sample", "show", 1, "--lang", "en").out


def test_the_status_tells_how_far_outcomes_can_be_relied_on(audited: Door) -> None:
    assert json.loads(audited.does("status", "--json").out)["audit"] is None
    audited.does("sample", "draw", "-o", "a.xlsx", "--per-rule", 12, "--seed", 3)
    assert json.loads(audited.does("status", "--json").out)["audit"] is None, "nobody judged yet"
    fill(Path("a.xlsx"), right)
    audited.does("sample", "enter", "a.xlsx")
    audit = json.loads(audited.does("status", "--json").out)["audit"]
    assert audit["sample_id"] == 1 and audit["whole"]["wrong"] == 0
    assert {one["rule"] for one in audit["rules"]} >= {"O53.A1", "O53.A2"}
    assert all(one["checked"] == one["drawn"] for one in audit["rules"])
    assert "结果有多可靠" in audited.does("status").out
    assert "O53.A1" in audited.does("status", "--lang", "en").out


TROUBLES: list[tuple[Mapping[str, Any], str]] = [
    ({"复核结论": "大概对"}, "「大概对」不认识。可填：对、错、无法判断"),
    ({"复核结论": "错", "应为": "坏"}, "「坏」不认识"),
    ({"备注": "去过"}, "没有填复核结论"),
    ({"复核结论": "对", "错在哪里": "台账有误"}, "不应填“错在哪里”"),
    ({"复核结论": "对", "复核日期": "2149-01-01"}, "还没到"),
    ({"复核结论": "对", "复核日期": "下周"}, "不是日期"),
    ({"复核结论": "对", "合同或园区": "C99"}, "写的是「C99」"),
    ({"复核结论": "对", "规则": "满一年未动工 XX.Y"}, "写的是「XX.Y」"),
    ({"复核结论": "对", "系统结果": "除外"}, "写的是「除外」，抽中时系统结果是「"),
    ({"复核结论": "对", "备注": "=去过现场"}, "公式（读到 #VALUE!）"),
    ({"复核结论": "对", "复核人": "=#REF!"}, "公式（读到 #"),
    ({"复核结论": "对", "条目号": 9999}, "「9999」不在抽查第 1 号之内"),
    ({"复核结论": "对", "条目号": "一"}, "「一」不在抽查第 1 号之内"),
]


def test_a_row_that_cannot_be_taken_says_where_and_why_and_the_others_are_taken(
    audited: Door,
) -> None:
    audited.does("sample", "draw", "-o", "a.xlsx", "--size", 40, "--seed", 7)
    fill(
        Path("a.xlsx"),
        lambda n, _: TROUBLES[n - 1][0] if n <= len(TROUBLES) else {"复核结论": "right"},
    )
    said = audited("sample", "enter", "a.xlsx")
    assert said.code == 3
    assert (
        f"新录入 {40 - len(TROUBLES)} 条" in said.err and f"未采用 {len(TROUBLES)} 条" in said.err
    )
    lines = [line for line in said.err.splitlines() if "•" in line]
    assert len(lines) == len(TROUBLES)
    for line, (_, words) in zip(lines, TROUBLES, strict=True):
        assert words in line and "行“" in line
    english = audited("sample", "enter", "a.xlsx", "--lang", "en")
    assert english.code == 3 and "is not known. One of: right" in english.err
    told = json.loads(audited("sample", "enter", "a.xlsx", "--json").out)
    assert [one["code"] for one in told["troubles"]][:3] == [
        "not_one_of",
        "not_one_of",
        "no_verdict",
    ]


def test_a_sheet_of_another_sample_or_store_is_refused_with_both_marks(
    audited: Door, tmp_path: Path
) -> None:
    draw = ("sample", "draw", "--size", 40)
    audited.does(*draw, "-o", "a.xlsx", "--seed", 7)
    other = tmp_path / "other.gpkg"
    shutil.copy(audited.store, other)
    audited.does(*draw, "-o", "b.xlsx", "--seed", 8)
    audited.does(*draw, "-o", "c.xlsx", "--seed", 8, "--store", other)
    marks = {name: mark_in(Path(f"{name}.xlsx")) for name in "abc"}
    assert len(set(marks.values())) == 3, "the seed and the numbers of b and c are the same"
    for name in "abc":
        fill(Path(f"{name}.xlsx"), right)
    refused = audited("sample", "enter", "c.xlsx")
    assert refused.code == 3 and marks["b"] in refused.err and marks["c"] in refused.err
    assert marks["c"] in audited("sample", "enter", "c.xlsx", "--lang", "en").err
    audited.does("sample", "enter", "a.xlsx", "--store", other)
    book = load_workbook("a.xlsx")
    book.worksheets[0].delete_rows(5)
    book.save("a.xlsx")
    assert "没有本表标记" in audited("sample", "enter", "a.xlsx").err
    audited.does(*draw, "-o", "d.xlsx", "--seed", 8)
    assert "没有这一次抽查" in audited("sample", "enter", "d.xlsx", "--store", other).err
    assert [show(audited, one)["judged"] for one in (1, 2, 3)] == [0, 0, 0]


def mark_in(path: Path) -> str:
    """Return the mark above the table."""
    (cell,) = (str(row[0]) for row in load_workbook(path).worksheets[0].iter_rows(
        max_row=8, max_col=1, values_only=True) if "LW-" in str(row[0]))  # fmt: skip
    return cell.partition("LW-")[2].partition("（")[0]


def test_what_is_wrong_and_not_explained_is_taken_with_a_remark(audited: Door) -> None:
    audited.does("sample", "draw", "-o", "a.xlsx", "--size", 40, "--seed", 7)
    fill(Path("a.xlsx"), lambda n, _: {"复核结论": "错" if n == 1 else "对"})
    said = audited.does("sample", "enter", "a.xlsx")
    assert "行“应为”：判为错，这一格没有填" in said.err
    assert show(audited)["rates"]["whole"]["wrong"] == 1
    told = json.loads(audited.does("sample", "enter", "a.xlsx", "--json").out)
    assert [one["column"] for one in told["remarks"]] == ["should_be"] and not told["troubles"]


def test_a_verdict_against_itself_is_refused(audited: Door) -> None:
    audited.does("sample", "draw", "-o", "a.xlsx", "--size", 40, "--seed", 7)
    one = show(audited)["drawn"][0]
    item, status = one["item_id"], one["status"]
    other = "breach" if status != "breach" else "exempt"
    same = audited("sample", "verdict", item, "wrong", "--should-be", status)
    assert same.code == 2 and "而“应为”与系统结果相同" in same.err
    assert audited("sample", "verdict", item, "right", "--should-be", other).code == 2
    assert audited("sample", "verdict", item, "right", "--cause", "stale").code == 2
    assert audited("sample", "verdict", item, "right", "--on", "2999-01-01").code == 2
    typed = audited("sample", "verdict", item, "wright", "--lang", "en")
    assert typed.code == 2 and "right" in typed.err
    assert audited("sample", "verdict", 999, "right").code == 2
    assert show(audited)["judged"] == 0


def test_a_later_verdict_stands_for_an_earlier_and_both_are_kept(audited: Door) -> None:
    audited.does("sample", "draw", "-o", "a.xlsx", "--size", 40, "--seed", 7)
    item = show(audited)["drawn"][0]["item_id"]
    audited.does("sample", "verdict", item, "right")
    audited.does("sample", "verdict", item, "wrong", "--cause", "rule_error", "--note", "看错")
    assert "没有变化" in audited.does(
        "sample", "verdict", item, "wrong", "--cause", "rule_error", "--note", "看错"
    ).err  # fmt: skip
    said = show(audited)["drawn"][0]["verdicts"]
    assert [one["verdict"] for one in said] == ["right", "wrong"]
    assert show(audited)["rates"]["whole"]["wrong"] == 1
    audited.does("sample", "sheet", 1, "-o", "again.xlsx")
    (row,) = (one for one in rows_of(Path("again.xlsx")) if one["条目号"] == item)
    assert (row["复核结论"], row["错在哪里"], row["备注"]) == ("错", "规则或程序有误", "看错")
    audited.does("sample", "sheet", 1, "-o", "blind.xlsx", "--blind")
    assert item not in {one["条目号"] for one in rows_of(Path("blind.xlsx"))}


def test_what_cannot_be_drawn_is_said(audited: Door) -> None:
    few = audited("sample", "draw", "-o", "a.xlsx", "--size", 2)
    assert few.code == 2 and "每层至少抽一条" in few.err
    both = audited("sample", "draw", "-o", "a.xlsx", "--size", 40, "--per-rule", 5)
    assert both.code == 2
    assert audited("sample", "draw", "-o", "a.csv").code == 2
    assert audited("sample", "draw", "-o", "a.xlsx", "--scan", 9).code == 2
    assert audited("sample", "show", 1).code == 2
    assert "还没有抽查过" in audited.does("sample", "list").out
    assert not Path("a.xlsx").exists()


def test_a_file_that_is_no_sheet_is_refused(audited: Door) -> None:
    audited.does("report", "report.xlsx")
    other = audited("sample", "enter", "report.xlsx")
    assert other.code == 3 and "没有抽查表" in other.err
    Path("broken.xlsx").write_bytes(b"PK\x03\x04 no")
    assert audited("sample", "enter", "broken.xlsx").code == 3
    assert audited("sample", "enter", "nowhere.xlsx").code == 3


def test_a_sheet_is_no_ledger(audited: Door) -> None:
    audited.does("sample", "draw", "-o", "a.xlsx", "--size", 40)
    before = len(open_store(str(audited.store)).imports())
    audited("import", "contracts", "a.xlsx")
    assert len(open_store(str(audited.store)).imports()) == before


def test_a_store_on_a_server_keeps_samples_alike(
    postgis_url: str, made: Path, audited: Door
) -> None:
    """The very same outcomes are drawn for the same seed, whatever keeps the store."""
    folder = made.parent
    create_store(postgis_url)
    server = ("--store", postgis_url)
    for words in (
        ("init",),
        ("import", "contracts", folder / "contracts.csv"),
        ("import", "progress", folder / "progress.csv"),
        ("scan", "--as-of", AS_OF),
        ("sample", "draw", "-o", "a.xlsx", "--size", 40, "--seed", 7),
    ):
        audited.does(*words, *server)
    audited.does("sample", "draw", "-o", "b.xlsx", "--size", 40, "--seed", 7)
    there = json.loads(audited.does("sample", "show", 1, "--json", *server).out)
    assert there["drawn"] == show(audited)["drawn"]
    fill(Path("a.xlsx"), right)
    audited.does("sample", "enter", "a.xlsx", *server)
    told = json.loads(audited.does("status", "--json", *server).out)
    assert told["audit"]["whole"]["right"] == 40
    assert {"postgresql", "postgis"} <= set(told["versions"])

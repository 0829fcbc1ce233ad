"""Comparing two scans, as a person does it: one thing changes, and that thing is named."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from landwatch.screen.comparing import LISTED
from tests.commands.conftest import CONTRACT, Door, write_csv
from tests.scan.own_city import OWN_CITY
from tests.scan.worlds import world

DAY = "2021-08-01"
SEEN = {"contract_id": "C1", "observed_on": "2021-07-15", "source": "inspection"}


def compared(door: Door, *words: object) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(door.does("compare", *words, "--json").out)
    return answer


def changes(door: Door, *words: object) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the changes between two scans by contract (or park) and rule."""
    found = compared(door, *words)["changes"]
    return {(row["contract_id"] or row["zone_id"], row["rule"]): row for row in found}


def causes(change: Mapping[str, Any]) -> list[str]:
    return [f"{cause['kind']}.{cause['what']}" for cause in change["causes"]]


def rescanned(door: Door, *words: object, day: str = DAY) -> dict[tuple[str, str], dict[str, Any]]:
    """Scan again, and return what changed since the scan before."""
    door.does("scan", "--as-of", day)
    return changes(door, *words)


START = ("--rule", "O53.A1")
"""Narrows what is looked into, where one rule is enough."""


def took(door: Door, kind_: str, file: str, /, **row: object) -> None:
    door.takes(kind_, Path(file), [row])


def test_a_new_report_is_named_with_its_file_row_and_column(scanned: Door) -> None:
    took(scanned, "progress", "visit.csv", **SEEN | {"observed_on": "2021-07-20", "started": "yes"})
    found = rescanned(scanned, *START)["C1", "O53.A1"]
    assert (found["kind"], found["before_status"], found["after_status"]) == (
        "cured", "breach", "compliant",
    )  # fmt: skip
    (cause,) = found["causes"]
    assert (cause["kind"], cause["what"], cause["column"]) == ("data", "report", "started")
    assert (cause["old"], cause["new"], cause["on"]) == (False, True, "2021-07-20")
    assert (cause["file"], cause["row"], cause["old_file"]) == ("visit.csv", 2, "progress.csv")
    assert cause["recorded_by"] == "张三"
    assert "2021-07-20 的新报告：是否动工 否 → 是" in cause["words_zh"]
    assert "visit.csv, row 2" in cause["words_en"]


def test_a_new_contract_is_new_data(scanned: Door) -> None:
    took(scanned, "contracts", "more.csv", **{**CONTRACT, "contract_id": "C2"})
    found = rescanned(scanned, *START)
    assert found["C2", "O53.A1"]["kind"] == "new"
    assert causes(found["C2", "O53.A1"]) == ["data.new"]
    assert found["C2", "O53.A1"]["causes"][0]["file"] == "more.csv"
    assert {subject for subject, _ in found} == {"C2"}


def test_a_cell_told_first_is_new_data_and_one_told_otherwise_a_correction(scanned: Door) -> None:
    took(scanned, "contracts", "a.csv", contract_id="C1", start_penalty_permille="1")
    (cause,) = rescanned(scanned)["C1", "GC.START"]["causes"]
    assert (cause["kind"], cause["what"]) == ("data", "cell")
    assert (cause["column"], cause["old"], cause["new"]) == ("start_penalty_permille", None, "1")
    took(scanned, "contracts", "b.csv", contract_id="C1", agreed_start_on="2021-06-30")
    found = rescanned(scanned)
    assert found["C1", "O53.A1"]["kind"] == "eased"
    (cause,) = found["C1", "O53.A1"]["causes"]
    assert (cause["kind"], cause["what"]) == ("correction", "cell")
    assert (cause["old"], cause["new"]) == ("2019-06-30", "2021-06-30")
    assert (cause["old_file"], cause["file"]) == ("contracts.csv", "b.csv")


def test_a_report_of_the_same_day_told_otherwise_is_a_correction(scanned: Door) -> None:
    took(scanned, "progress", "mended.csv", **SEEN | {"started": "yes"})
    (cause,) = rescanned(scanned, *START)["C1", "O53.A1"]["causes"]
    assert (cause["kind"], cause["what"], cause["column"]) == ("correction", "cell", "started")


def test_a_cleared_cell_is_a_correction(scanned: Door) -> None:
    took(scanned, "contracts", "cleared.csv", contract_id="C1", agreed_start_on="清空")
    found = rescanned(scanned, *START)["C1", "O53.A1"]
    assert (found["before_status"], found["after_status"]) == ("breach", "unknown")
    assert causes(found) == ["correction.cleared"]


def test_a_new_event_is_new_data(scanned: Door) -> None:
    took(scanned, "events", "amended.csv", contract_id="C1", kind="amendment", on="2021-07-01",
         agreed_start_on="2021-07-30", document_no="补1")  # fmt: skip
    found = rescanned(scanned, *START)["C1", "O53.A1"]
    assert found["kind"] == "eased"
    assert causes(found)[0] == "data.event"
    assert "补充协议" in found["causes"][0]["words_zh"]


def test_an_import_taken_back_and_let_stand_again_is_a_correction(scanned: Door) -> None:
    scanned.does("undo", 2, "--reason", "张冠李戴")
    (cause,) = rescanned(scanned, *START)["C1", "O53.A1"]["causes"]
    assert (cause["kind"], cause["what"]) == ("correction", "undone")
    assert (cause["old_import_id"], cause["by"], cause["reason"]) == (2, "张三", "张冠李戴")
    scanned.does("redo", 2)
    found = rescanned(scanned, *START)["C1", "O53.A1"]
    assert (found["kind"], causes(found)) == ("escalated", ["correction.redone"])


def test_a_contract_taken_back_vanishes_and_the_act_is_named(scanned: Door) -> None:
    scanned.does("undo", 1, "--reason", "重复")
    found = rescanned(scanned)
    assert {row["kind"] for row in found.values()} == {"vanished"}
    assert {tuple(causes(row)) for row in found.values()} == {("correction.taken_away",)}
    assert found["C1", "O53.A1"]["causes"][0]["reason"] == "重复"
    scanned.does("redo", 1)
    assert causes(rescanned(scanned, *START)["C1", "O53.A1"]) == ["correction.back"]


@pytest.mark.parametrize(
    ("days", "rule", "what"),
    [
        (("2020-06-30", "2020-07-01"), "O53.A1", "limit"),
        (("2020-03-31", "2020-04-01"), "O53.A1", "window"),
        (("2022-01-11", "2022-01-12"), "O53.A1", "stale"),
    ],
)
def test_a_new_day_names_what_came_with_it(
    scanned: Door, days: tuple[str, str], rule: str, what: str
) -> None:
    for day in days:
        scanned.does("scan", "--as-of", day)
    found = changes(scanned, "2", "3", *START)
    assert causes(found["C1", rule]) == [f"day.{what}"]
    other = changes(scanned, "3", "2", *START)["C1", rule]
    assert causes(other) == ["day.moved"], "a day that moves back passes no limit"


def test_a_report_whose_day_came_counts_since_then(scanned: Door) -> None:
    took(scanned, "progress", "ahead.csv",
         **SEEN | {"observed_on": "2021-08-10", "started": "yes"})  # fmt: skip
    scanned.does("scan", "--as-of", DAY)
    found = rescanned(scanned, *START, day="2021-08-15")["C1", "O53.A1"]
    assert (found["kind"], causes(found)) == ("cured", ["day.dated"])
    assert found["causes"][0]["on"] == "2021-08-10"


def test_where_a_report_and_its_day_are_both_needed_both_are_said(scanned: Door) -> None:
    took(scanned, "progress", "later.csv",
         **SEEN | {"observed_on": "2021-08-10", "started": "yes"})  # fmt: skip
    found = rescanned(scanned, *START, day="2021-08-15")["C1", "O53.A1"]
    assert causes(found) == ["data.report", "day.dated"]
    assert "其日期已到" not in scanned.does("digest").out


def test_a_policy_adopted_and_dropped_names_where_and_by_whom(scanned: Door) -> None:
    took(scanned, "zones", "zones.csv", zone_id="Z", name="园", level="county")
    took(scanned, "contracts", "zoned.csv", contract_id="C1", zone_id="Z", supplied_on="2018-06-30")
    Path("own.yaml").write_text(OWN_CITY, "utf-8")
    scanned.does("scan", "--as-of", DAY)
    scanned.does("policy", "adopt", "own.yaml", "--zone", "Z", "--by", "李四")
    found = rescanned(scanned)
    assert set(found) == {("C1", "OWN.START")}
    assert found["C1", "OWN.START"]["kind"] == "new"
    (cause,) = found["C1", "OWN.START"]["causes"]
    assert (cause["kind"], cause["what"], cause["zone_id"], cause["by"]) == (
        "policy", "adopted", "Z", "李四",
    )  # fmt: skip
    scanned.does("policy", "drop", "own-city-2024", "--by", "王五")
    found = rescanned(scanned)
    assert found["C1", "OWN.START"]["kind"] == "vanished"
    (cause,) = found["C1", "OWN.START"]["causes"]
    assert (cause["what"], cause["by"]) == ("dropped", "王五")


def own(door: Door, text: str) -> None:
    Path("own.yaml").write_text(text, "utf-8")
    door.does("policy", "adopt", "own.yaml", "--by", "李四")


@pytest.fixture
def judged(scanned: Door) -> Door:
    """The same contract under a policy of its own city, scanned by it alone."""
    took(scanned, "contracts", "supplied.csv", contract_id="C1", supplied_on="2018-06-30")
    for policy in ("order-53-2012", "grant-contract"):
        scanned.does("policy", "drop", policy)
    own(scanned, OWN_CITY)
    scanned.does("scan", "--as-of", DAY)
    return scanned


def test_another_number_in_a_policy_is_named_with_its_clause(judged: Door) -> None:
    own(judged, OWN_CITY.replace("{always: 1}", "{always: 5}"))
    found = rescanned(judged)["C1", "OWN.START"]
    (cause,) = found["causes"]
    assert (cause["kind"], cause["what"], cause["parameter"]) == (
        "policy", "value", "years_to_start",
    )  # fmt: skip
    assert (cause["old"], cause["new"], cause["article"]) == ("1 年", "5 年", "第一条")
    assert "李四" in cause["words_zh"]


def test_another_wording_of_a_rule_is_named(judged: Door) -> None:
    own(
        judged, OWN_CITY.replace("    met: start_shown", "    met: start_shown or as_of > limit_on")
    )
    found = rescanned(judged)["C1", "OWN.START"]
    assert (found["kind"], causes(found)) == ("cured", ["policy.rule"])


def test_a_value_of_the_policy_from_a_day_on_comes_with_the_day(judged: Door) -> None:
    dated = OWN_CITY.replace("{always: 1}", "{2010-01-01: 1, 2021-08-10: 5}")
    dated = dated.replace(
        "add_years(supplied_on, years_to_start)", "add_years(as_of, -years_to_start)"
    )
    dated = dated.replace("from: supplied_on", "from: as_of")
    own(judged, dated.replace("as_of > limit_on and not", "supplied_on < limit_on and not"))
    judged.does("scan", "--as-of", DAY)
    found = rescanned(judged, day="2021-08-15")["C1", "OWN.START"]
    assert "day.value" in causes(found)


def test_an_adoption_that_begins_on_a_day_comes_with_the_day(judged: Door) -> None:
    judged.does("policy", "drop", "own-city-2024")
    judged.does("policy", "adopt", "own-city-2024", "--from", "2021-08-10")
    judged.does("scan", "--as-of", DAY)
    found = rescanned(judged, day="2021-08-15")["C1", "OWN.START"]
    assert (found["kind"], causes(found)) == ("new", ["day.adopted"])


def test_a_parcel_that_lies_elsewhere_moves_its_contract_into_another_park(judged: Door) -> None:
    for zone in ("A", "B"):
        took(judged, "zones", f"{zone}.csv", zone_id=zone, name=zone, level="county")
    took(judged, "parcels", "parcels.csv", parcel_id="P", zone_id="A")
    took(judged, "contracts", "of.csv", contract_id="C1", parcel_id="P")
    judged.does("policy", "drop", "own-city-2024")
    judged.does("policy", "adopt", "own-city-2024", "--zone", "B")
    judged.does("scan", "--as-of", DAY)
    took(judged, "parcels", "moved.csv", parcel_id="P", zone_id="B")
    found = rescanned(judged)["C1", "OWN.START"]
    assert (found["kind"], causes(found)) == ("new", ["data.imports"])
    assert "moved.csv" in found["causes"][0]["words_zh"]


def altered(door: Door, statement: str) -> None:
    with sqlite3.connect(door.store) as connection:
        connection.execute(statement)
    connection.close()


def test_a_row_altered_by_another_program_is_no_cause_of_ours(scanned: Door) -> None:
    altered(scanned, "UPDATE contracts SET agreed_start_on = '2021-06-30'")
    scanned.does("scan", "--as-of", "2021-08-02")
    found = changes(scanned, *START)["C1", "O53.A1"]
    assert causes(found) == ["edit.otherwise"]
    for words, told in (((), "库外"), (("--lang", "en"), "altered outside")):
        said = scanned.does("compare", *START, *words)
        assert told in said.out and "contracts" in said.err and "doctor store" in said.err
    altered(scanned, "UPDATE scans SET landwatch_version = '0.0.1' WHERE scan_id = 1")
    assert causes(changes(scanned, *START)["C1", "O53.A1"]) == ["version.otherwise"]


def test_a_breach_that_another_program_took_away_is_never_told_as_cured(scanned: Door) -> None:
    altered(scanned, "UPDATE progress SET started = 1")
    again = scanned.does("scan", "--as-of", "2021-08-02")
    assert "progress" in again.err and "doctor store" in again.err
    assert json.loads(scanned.does("scan", "--as-of", "2021-08-02", "--json").out)["edited"]
    found = changes(scanned, *START)["C1", "O53.A1"]
    assert (found["kind"], causes(found)) == ("cured", ["edit.otherwise"])
    digest = scanned.does("digest").out
    assert "库外改动，先查" in digest and "【已达标" not in digest and "[已达标]" not in digest
    (plain,) = json.loads(scanned.does("digest", "--json").out)
    assert plain["altered"] and "cured" not in plain["counts"]
    listed = scanned.does("compare", *START).out
    assert listed.index("先查：") < listed.index("O53.A1", listed.index("先查："))


def test_a_cause_that_many_share_is_said_once_and_a_long_list_ends(scanned: Door) -> None:
    numbers = [f"LZ-2018-出让-{at:04d}" for at in range(LISTED + 9)]
    rows = [{**CONTRACT, "contract_id": number} for number in numbers]
    scanned.takes("contracts", Path("many.csv"), rows)
    scanned.does("scan", "--as-of", DAY)
    scanned.does("policy", "drop", "order-53-2012")
    scanned.does("scan", "--as-of", DAY)
    said = scanned.does("compare", *START).out
    assert said.count("停用了") == 1
    assert sum(number in said for number in numbers) in (LISTED - 1, LISTED)
    assert "用 -o 变化.xlsx 写出全部" in said


def test_totals_add_up_and_a_scan_beside_itself_has_no_change(scanned: Door) -> None:
    took(scanned, "contracts", "more.csv", **{**CONTRACT, "contract_id": "C2"})
    scanned.does("scan", "--as-of", "2022-02-01")
    answer = compared(scanned, "1", "2", "--no-causes")
    assert answer["rules"]
    assert {sum(rule["counts"].values()) for rule in answer["rules"]} == {2}
    same = compared(scanned, "2", "2", "--no-causes")
    assert same["changes"] == []
    assert all(set(rule["counts"]) == {"unchanged"} for rule in same["rules"])
    day = compared(scanned, DAY, "2", "--no-causes")
    assert day["before"]["scan_id"] is None
    said = scanned.does("compare", "2", "2")
    assert "没有需要阅读的变化" in said.out


def test_it_fails_on_what_it_is_asked_to_fail_on(scanned: Door) -> None:
    scanned.does("scan", "--as-of", "2021-08-02")
    assert scanned("compare", "--no-causes", "--fail-on", "any").code == 0
    took(scanned, "contracts", "more.csv", **{**CONTRACT, "contract_id": "C2"})
    scanned.does("scan", "--as-of", "2021-08-03")
    assert scanned("compare", "--no-causes", "--fail-on", "new-breach").code == 0
    assert scanned("compare", "--no-causes", "--fail-on", "any").code == 1
    took(scanned, "progress", "seen.csv", **SEEN | {"contract_id": "C2", "started": "no"})
    scanned.does("scan", "--as-of", "2021-08-03")
    assert scanned("compare", "--no-causes", "--fail-on", "new-breach").code == 1


REFUSED = [
    (("2", "1"), "compare 1 2"),
    (("9",), "9"),
    (("soon",), "soon"),
    (("--since", "last", "--kind", "newer"), "new"),
    (("1", "2", "--since", "last"), "--since"),
    (("1", "2", "-o", "out.txt"), "out.txt"),
    (("1", "2", "-o", "out.csv", "--json"), "--json"),
]


def test_what_cannot_be_compared_is_said(scanned: Door) -> None:
    took(scanned, "contracts", "more.csv", **{**CONTRACT, "contract_id": "C2"})
    scanned.does("scan", "--as-of", DAY)
    for words, told in REFUSED:
        said = scanned("compare", *words)
        assert said.code == 2 and told in said.err, words


def test_one_scan_alone_has_nothing_before_it(scanned: Door) -> None:
    said = scanned("compare")
    assert said.code == 2 and "landwatch scan" in said.err
    scanned.does("scan", "--as-of", DAY)
    assert "日期和数据都还没有不同" in scanned("compare").err


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_changes_go_out_as_csv_and_workbook(scanned: Door) -> None:
    took(scanned, "progress", "visit.csv", **SEEN | {"observed_on": "2021-07-20", "started": "yes"})
    took(scanned, "contracts", "evil.csv", contract_id="C1", holder="=HYPERLINK(1)")
    scanned.does("scan", "--as-of", DAY)
    said = scanned.does("compare", "--rule", "O53.A1", "-o", "changes.csv")
    rows = rows_of(Path("changes.csv"))
    assert f"已写出 {len(rows)} 处变化" in said.err
    cured = next(row for row in rows if row["rule"] == "O53.A1")
    assert (cured["kind"], cured["after_status"], cured["after_scan_id"]) == (
        "cured",
        "compliant",
        "2",
    )
    assert cured["holder"] == "'=HYPERLINK(1)"
    assert json.loads(cured["causes"])[0]["file"] == "visit.csv"
    scanned.does("compare", "--rule", "O53.A1", "-o", "changes.xlsx", "--lang", "en")
    sheet = openpyxl.load_workbook("changes.xlsx").worksheets[0]
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "cured" in cells and "C1" in cells
    assert any("visit.csv" in str(cell) for cell in cells)


def test_without_causes_nothing_is_worked_out_again(scanned: Door) -> None:
    took(scanned, "contracts", "more.csv", **{**CONTRACT, "contract_id": "C2"})
    scanned.does("scan", "--as-of", DAY)
    found = changes(scanned, "1", "2", "--no-causes")
    assert {row["kind"] for row in found.values()} == {"new"}
    assert all(row["causes"] == [] for row in found.values())


def test_a_reader_of_either_language_sees_kinds_causes_and_the_advice(scanned: Door) -> None:
    took(scanned, "progress", "visit.csv", **SEEN | {"observed_on": "2021-07-20", "started": "yes"})
    scanned.does("scan", "--as-of", DAY)
    zh = scanned.does("compare", *START).out
    assert "已达标" in zh and "新数据" in zh and "涉嫌" in zh
    en = scanned.does("compare", *START, "--lang", "en").out
    assert "cured" in en and "new data" in en and "suspicion" in en
    listed = scanned.does("compare", *START, "--kind", "new", "--no-causes", "--lang", "en").out
    assert "Nothing changed" in listed


def test_every_change_of_a_made_up_world_has_a_cause(ready: Door) -> None:
    """Contracts near every limit; some rows told anew, an import undone, a policy, a later day."""
    drawn = world(5, 60)
    ready.does("policy", "adopt", "real-estate-law-26")
    _import_world(ready, drawn, "w1")
    ready.does("scan", "--as-of", "2021-07-01")
    rng, other = Random(7), world(6, 60)
    mixed = {name: other[name] for name in drawn if rng.random() < 0.4}
    _import_world(ready, mixed, "w2")
    ready.does("undo", 2)
    ready.does("policy", "drop", "real-estate-law-26")
    ready.does("policy", "adopt", "lanzhou-2012-148")
    ready.does("scan", "--as-of", "2021-09-20")
    found = compared(ready, "1", "2", "--quiet")
    kinds = {cause["kind"] for row in found["changes"] for cause in row["causes"]}
    assert {"data", "correction", "day", "policy"} <= kinds
    assert not kinds & {"edit", "version"}
    assert len(found["changes"]) > 300
    for row in found["changes"]:
        assert row["causes"], (row["contract_id"], row["rule"])
        for cause in row["causes"]:
            assert cause["words_zh"] and cause["words_en"]


def _import_world(door: Door, drawn: Mapping[str, Any], name: str) -> None:
    told: dict[str, list[dict[str, object]]] = {"contracts": [], "progress": [], "events": []}
    for contract, worked in drawn.items():
        told["contracts"].append({"contract_id": contract, **worked.contract})
        told["progress"] += [{"contract_id": contract, **row} for row in worked.progress]
        told["events"] += [{"contract_id": contract, **row} for row in worked.events]
    for kind, rows in told.items():
        plain = [{column: _cell(value) for column, value in row.items()} for row in rows]
        path = write_csv(Path(f"{name}-{kind}.csv"), plain)
        assert door("import", kind, path).code in (0, 3), "what cannot be is refused"


def _cell(value: object) -> object:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value

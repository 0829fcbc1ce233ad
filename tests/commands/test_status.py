"""What is expected of whom, and how the store stands, as a person asks for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from landwatch import commands
from landwatch.scan.freshness_at import freshness_at
from landwatch.store import open_store
from tests.commands.conftest import CONTRACT, Door

AS_OF = "2021-08-05"
EXPECT = ("source", "expect", "progress:inspection", "monthly")


def fresh(door: Door, *words: object) -> dict[str, Any]:
    """Return the freshness that a status tells."""
    told = json.loads(door.does("status", "--as-of", AS_OF, "--json", *words).out)
    found: dict[str, Any] = told["freshness"]
    return found


def only(door: Door, *words: object) -> Mapping[str, Any]:
    """Return the one source that is expected."""
    (line,) = fresh(door, *words)["sources"]
    found: Mapping[str, Any] = line
    return found


def now(door: Door) -> str:
    moment = open_store(str(door.store)).latest_moment()
    assert moment is not None
    return moment.isoformat()


def test_an_empty_store_has_a_status(ready: Door) -> None:
    said = ready.does("status", "--as-of", AS_OF)
    for part in ("GeoPackage", "最近导入：还没有", "最近核对：还没有", "landwatch source expect"):
        assert part in said.out
    english = ready.does("status", "--as-of", AS_OF, "--lang", "en").out
    assert "Nobody has said" in english and "none yet" in english


def test_nothing_is_expected_until_a_person_says_so(scanned: Door) -> None:
    found = fresh(scanned)
    assert (found["late"], found["sources"]) == (0, [])
    assert {one["source"] for one in found["not_expected"]} >= {"progress:inspection", "contracts"}
    assert scanned("status", "--as-of", AS_OF, "--fail-on", "late").code == 0


def test_a_late_source_is_told_with_who_should_send_what(scanned: Door) -> None:
    scanned.does("source", "expect", "progress:holder_report", "monthly", "--grace", 3)
    said = scanned.does("status", "--as-of", AS_OF).out.replace("\n", "")
    for part in ("逾期", "企业填报进度", "2021年7月", "2021-08-03", "2021-08-04", "C1 示范机械"):
        assert part in said
    assert scanned("status", "--as-of", AS_OF, "--fail-on", "late").code == 1
    assert scanned("status", "--as-of", "2021-08-03", "--fail-on", "late").code == 1, "June's"


@pytest.mark.parametrize(
    ("grace", "standing", "code"), [(4, "late", 1), (5, "last_day", 0), (6, "complete", 0)]
)
def test_a_batch_job_fails_only_after_the_last_day(
    scanned: Door, tmp_path: Path, grace: int, standing: str, code: int
) -> None:
    seen = {"contract_id": "C1", "observed_on": "2021-06-10", "source": "holder_report"}
    scanned.takes("progress", tmp_path / "june.csv", [seen])
    scanned.does("source", "expect", "progress:holder_report", "monthly", "--grace", grace)
    assert only(scanned)["standing"] == standing
    assert scanned("status", "--as-of", AS_OF, "--fail-on", "late").code == code


def test_coverage_follows_what_is_imported(scanned: Door, tmp_path: Path) -> None:
    scanned.does(*EXPECT)
    line = only(scanned)
    assert (line["standing"], line["covered"], line["expected"]) == ("complete", 1, 1)
    scanned.takes("contracts", tmp_path / "more.csv", [{**CONTRACT, "contract_id": "C2"}])
    line = only(scanned)
    assert (line["standing"], line["covered"], line["expected"]) == ("late", 1, 2)
    assert [one["contract_id"] for one in line["lacking"]] == ["C2"]
    seen = {"contract_id": "C2", "observed_on": "2021-07-31", "source": "inspection"}
    scanned.takes("progress", tmp_path / "late.csv", [seen])
    assert only(scanned)["standing"] == "complete"


def test_a_report_recorded_later_was_not_known_at_a_moment_before(
    scanned: Door, tmp_path: Path
) -> None:
    scanned.does("source", "expect", "progress:holder_report", "monthly")
    then = now(scanned)
    seen = {"contract_id": "C1", "observed_on": "2021-07-31", "source": "holder_report"}
    scanned.takes("progress", tmp_path / "late.csv", [seen])
    assert only(scanned)["standing"] == "complete"
    assert only(scanned, "--known-at", then)["standing"] == "late"
    assert fresh(scanned, "--known-at", "2001-01-01")["sources"] == []


def test_a_withdrawn_import_covers_nothing_and_is_listed(scanned: Door, tmp_path: Path) -> None:
    scanned.does("source", "expect", "progress:holder_report", "monthly")
    seen = {"contract_id": "C1", "observed_on": "2021-07-31", "source": "holder_report"}
    scanned.takes("progress", tmp_path / "wrong.csv", [seen])
    then = now(scanned)
    store = open_store(str(scanned.store))
    number = store.imports()[-1].import_id
    assert number is not None
    assert store.withdraw(number, by="李四", reason="发错文件")
    assert only(scanned)["standing"] == "late"
    assert only(scanned, "--known-at", then)["standing"] == "complete"
    said = scanned.does("status", "--as-of", AS_OF).out
    assert "已撤回的导入（1 次" in said and "wrong.csv" in said and "发错文件" in said
    (back,) = json.loads(scanned.does("status", "--json").out)["withdrawn"]
    assert (back["import_id"], back["withdrawn_by"]) == (number, "李四")


def test_a_file_source_is_met_by_an_import_or_by_word_that_nothing_changed(
    scanned: Door, tmp_path: Path
) -> None:
    scanned.does("source", "expect", "events", "yearly")
    assert only(scanned)["standing"] == "late"
    scanned.does("source", "received", "events")
    assert only(scanned)["standing"] == "complete"
    scanned.does("source", "expect", "contracts", "yearly")
    standing = {one["source"]: one["standing"] for one in fresh(scanned)["sources"]}
    assert standing == {"events": "complete", "contracts": "complete"}


def test_a_withdrawn_file_did_not_come(scanned: Door) -> None:
    scanned.does("source", "expect", "contracts", "yearly")
    store = open_store(str(scanned.store))
    assert store.withdraw(1, by="李四", reason="旧表")
    assert only(scanned)["standing"] == "late"


def test_a_zone_may_have_a_rhythm_of_its_own(scanned: Door, tmp_path: Path) -> None:
    zones = [{"zone_id": "Z1", "name": "甲园区"}, {"zone_id": "Z2", "name": "乙园区"}]
    scanned.takes("zones", tmp_path / "zones.csv", zones)
    rows = [{**CONTRACT, "contract_id": "C2", "zone_id": "Z1"}]
    scanned.takes("contracts", tmp_path / "more.csv", rows)
    scanned.does(*EXPECT)
    scanned.does(*EXPECT[:3], "quarterly", "--zone", "Z1")
    general, own = fresh(scanned)["sources"]
    assert (general["zones_left_out"], general["expected"]) == (["Z1"], 1)
    assert (own["zone_id"], own["period"], own["lacking"][0]["contract_id"]) == (
        "Z1", "2021-Q2", "C2"
    )  # fmt: skip
    said = scanned.does("status", "--as-of", AS_OF).out
    assert "甲园区" in said and "另有约定的园区" in said
    scanned.does("source", "drop", "progress:inspection", "--zone", "Z1")
    assert only(scanned)["expected"] == 2


def test_who_said_what_when_is_listed(ready: Door) -> None:
    ready.does(*EXPECT, "--grace", 10, "--by", "李四")
    ready.does(*EXPECT[:3], "weekly")
    ready.does("source", "drop", "progress:inspection")
    assert "source expect" in ready.does("source", "list").out
    acts = ready.does("source", "list", "--history", "--json").rows
    assert [(one["act"], one["recorded_by"], one["rhythm"], one["grace_days"]) for one in acts] == [
        ("expect", "李四", "monthly", 10), ("expect", "张三", "weekly", 0),
        ("drop", "张三", None, None),
    ]  # fmt: skip
    assert "李四" in ready.does("source", "list", "--history").out
    then = acts[0]["recorded_at"]
    (held,) = ready.does("source", "list", "--json", "--known-at", then).rows
    assert (held["rhythm"], held["grace_days"]) == ("monthly", 10)


def test_saying_it_twice_says_so_and_changes_nothing(ready: Door) -> None:
    assert "已约定" in ready.does(*EXPECT).err
    assert "未作改动" in ready.does(*EXPECT).err
    assert "未作改动" in ready.does("source", "drop", "events").err
    assert len(ready.does("source", "list", "--history", "--json").rows) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("expect", "progress:inspektion", "monthly"), "progress:inspection"),
        (("expect", "progress:inspection", "montly"), "monthly"),
        (("expect", "progress:inspection", "monthly", "--zone", "Z9"), "Z9"),
        (("expect", "contracts", "monthly", "--zone", "Z9"), "整份文件"),
        (("expect", "contracts", "monthly", "--grace", "367"), "366"),
        (("expect", "contracts", "monthly", "--grace", "-1"), "366"),
        (("received", "progress:inspection"), "landwatch import progress"),
        (("drop", "nothing"), "nothing"),
        (("list", "--known-at", "yesterday"), "yesterday"),
    ],
)
def test_what_cannot_be_is_said_in_words(ready: Door, words: tuple[str, ...], says: str) -> None:
    said = ready("source", *words)
    assert said.code == 2
    assert says in said.err
    assert ready.does("source", "list", "--json").rows == []


def test_a_scan_says_in_short_what_is_late(scanned: Door) -> None:
    scanned.does("source", "expect", "progress:holder_report", "monthly")
    said = scanned.does("scan", "--as-of", AS_OF)
    assert "逾期：企业填报进度" in said.out
    assert "未竣工合同 1 份" in said.out
    told = json.loads(scanned.does("scan", "--as-of", AS_OF, "--json").out)
    assert told["freshness"]["late"] == 1


def test_the_freshness_of_a_past_scan_is_worked_out_again_the_same(
    scanned: Door, tmp_path: Path
) -> None:
    scanned.does("source", "expect", "progress:holder_report", "monthly")
    made = commands.scan(str(scanned.store), date(2021, 8, 5), by="张三")
    seen = {"contract_id": "C1", "observed_on": "2021-07-31", "source": "holder_report"}
    scanned.takes("progress", tmp_path / "late.csv", [seen])
    scanned.does("source", "drop", "progress:holder_report")
    store = open_store(str(scanned.store))
    again = freshness_at(store, made.summary.as_of, made.summary.known_at)
    assert made.freshness is not None and made.freshness.late
    assert again == made.freshness
    assert freshness_at(store, made.summary.as_of, None) != made.freshness


def test_the_report_of_a_scan_tells_what_is_late(scanned: Door, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    scanned.does("source", "expect", "progress:holder_report", "monthly", "--grace", 3)
    scanned.does("scan", "--as-of", AS_OF)
    scanned.does("report", tmp_path / "report.xlsx")
    book = load_workbook(tmp_path / "report.xlsx")
    rows = [[cell for cell in row if cell is not None] for row in book.worksheets[0].values]
    (line,) = [row for row in rows if row and str(row[0]).startswith("企业填报进度")]
    assert line[1:6] == [1, 0, 1, "0%", "逾期"]
    assert str(line[6]).startswith("2021-08-04")
    assert any("1 项资料逾期" in str(row[0]) for row in rows if row)
    (ages,) = [row for row in rows if row and row[0] == "合计" and len(row) == 9]
    assert ages[1:] == [1, 0, 0, 0, 0, 0, 0, 1]


def test_a_day_as_a_moment_is_its_end() -> None:
    from landwatch.cli.options import moment_of

    moment = moment_of("2021-08-05")
    assert moment is not None
    assert (moment.day, moment.hour, moment.minute, moment.second) == (5, 23, 59, 59)
    end = datetime(2021, 8, 5, 1, 0, 0, 999_999, tzinfo=UTC)
    assert moment_of("2021-08-05T09:00:00+08:00") == end
    assert moment_of("2021-08-05T09:00:00.5+08:00") == end.replace(microsecond=500_000)
    assert moment_of("2021-08-05T09:00+08:00") == end.replace(second=59)
    assert moment_of("20210805") == moment
    assert moment_of(None) is None


def test_a_store_on_a_server_has_a_status_too(postgis_url: str) -> None:
    commands.init(postgis_url, by="张三")
    assert commands.expect_source(postgis_url, "progress:inspection", "monthly", by="张三")
    found = commands.status(postgis_url, date(2021, 8, 5))
    assert (found.store.form, found.store.size_bytes) == ("postgis", None)
    assert [str(line.standing) for line in found.freshness.lines] == ["nobody"]


def test_the_days_at_the_edge_of_the_calendar_have_a_status(scanned: Door) -> None:
    scanned.does(*EXPECT, "--grace", 366)
    for day, standing in (("0001-01-01", "not_due"), ("9999-12-31", "late")):
        told = json.loads(scanned.does("status", "--as-of", day, "--json").out)
        assert told["freshness"]["sources"][0]["standing"] == standing
        assert scanned.does("status", "--as-of", day).code == 0

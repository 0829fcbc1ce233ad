"""Old scans' outcomes are let go; what stays, why, and what is said where they are asked for."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from landwatch.cli import run
from landwatch.store import create_store, open_store
from landwatch.store.gpkg_dialect import gpkg_engine
from landwatch.store.prunings import Fate, Retention, ScanHold, fates
from landwatch.store.samples import Judgement
from tests.commands.conftest import CONTRACT, Door, write_csv

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
DAYS = ("2021-05-01", "2021-06-01", "2021-07-01", "2021-08-01")


def hold(number: int, days_ago: float, **more: Any) -> ScanHold:
    """Return a scan made so many days ago."""
    made = NOW - timedelta(days=days_ago)
    told = {"bytes": 10, "pruned": False, "builders": (), "sample": None, **more}
    return ScanHold(number, made, made, **told)


def whys(found: list[Fate]) -> dict[int, str]:
    return {fate.scan.scan_id: "goes" if fate.goes else fate.why for fate in found}


# --- the plan ------------------------------------------------------------------------------------


def test_each_rule_keeps_its_scans() -> None:
    scans = [
        hold(1, 400), hold(2, 395), hold(3, 200, sample=7), hold(4, 199), hold(5, 198),
        hold(6, 120, builders=(8,)), hold(7, 110, pruned=True), hold(8, 30), hold(9, 1),
    ]  # fmt: skip
    found = fates(scans, Retention(days=90, months=0, named=frozenset({4})), NOW)
    assert whys(found) == {
        1: "goes", 2: "goes", 3: "sample", 4: "named", 5: "goes", 6: "base", 7: "pruned",
        8: "recent", 9: "latest",
    }  # fmt: skip
    assert [(f.scan.scan_id, f.number) for f in found if f.why in ("sample", "base")] == [
        (3, 7), (6, 8),
    ]  # fmt: skip


def test_the_last_scan_of_each_month_stays_as_long_as_is_said() -> None:
    scans = [hold(number, days) for number, days in enumerate((100, 99, 70, 69, 40, 39, 2, 1), 1)]
    monthly = whys(fates(scans, Retention(days=0, months=24), NOW))
    assert monthly == {
        1: "goes", 2: "monthly", 3: "goes", 4: "monthly", 5: "goes", 6: "monthly",
        7: "goes", 8: "latest",
    }  # fmt: skip
    two = whys(fates(scans, Retention(days=0, months=2), NOW))
    assert [number for number, why in two.items() if why == "monthly"] == [6]


def test_a_chain_of_differences_goes_as_a_whole_or_stays_as_a_whole() -> None:
    def chain(last: float) -> list[ScanHold]:
        return [
            hold(1, 300, builders=(2,)), hold(2, 299, builders=(3,)), hold(3, last), hold(4, 0),
        ]  # fmt: skip

    assert whys(fates(chain(298), Retention(90, 0), NOW)) == {
        1: "goes", 2: "goes", 3: "goes", 4: "latest",
    }  # fmt: skip
    assert whys(fates(chain(10), Retention(90, 0), NOW)) == {
        1: "base", 2: "base", 3: "recent", 4: "latest",
    }  # fmt: skip


def test_a_scan_of_later_knowledge_is_the_latest_though_another_was_made_after_it() -> None:
    made = [hold(1, 300), hold(2, 200)]
    old_knowledge = ScanHold(3, NOW - timedelta(900), NOW - timedelta(100), 10, False, (), None)
    found = whys(fates([*made, old_knowledge], Retention(0, 0), NOW))
    assert found == {1: "goes", 2: "latest", 3: "latest"}


@given(st.lists(st.integers(0, 2_000), max_size=30), st.integers(0, 400), st.integers(0, 30))
def test_something_always_stays_and_nothing_young_ever_goes(
    ages: list[int], days: int, months: int
) -> None:
    scans = [hold(number, age) for number, age in enumerate(sorted(ages, reverse=True), 1)]
    found = fates(scans, Retention(days, months), NOW)
    assert [fate.scan for fate in found] == scans
    assert not scans or any(not fate.goes for fate in found)
    assert all(NOW - fate.scan.made_at > timedelta(days=days) for fate in found if fate.goes)


# --- the verb ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with four scans."""
    folder = tmp_path_factory.mktemp("made")
    store = folder / "landwatch.gpkg"
    rows = [{**CONTRACT, "contract_id": f"C{n}"} for n in range(5)]
    contracts = write_csv(folder / "contracts.csv", rows)
    every = [("init",), ("import", "contracts", contracts)]
    every += [("scan", "--as-of", day) for day in DAYS]
    for words in every:
        assert run([*map(str, words), "--store", str(store), "--by", "张三"]) == 0
    return store


@pytest.fixture
def four(made: Path, door: Door) -> Door:
    """A copy of it, and a shell beside it."""
    shutil.copy(made, door.store)
    return door


def prune(door: Door, *words: object) -> Mapping[int, str]:
    """Prune all that no other rule keeps, and return the fate of each scan."""
    said = door.does("prune", "--keep-days", 0, "--keep-monthly", 0, "--json", *words)
    told = json.loads(said.out)["scans"]
    return {one["scan_id"]: "goes" if one["goes"] else one["why"] for one in told}


def test_by_default_nothing_young_goes(four: Door) -> None:
    said = four.does("prune")
    assert "清理了 0 次" in said.err and "90 天以内" in said.out


def test_a_dry_run_says_what_would_go_and_lets_nothing_go(four: Door) -> None:
    before = four.store.read_bytes()
    assert prune(four, "--dry-run") == {1: "goes", 2: "goes", 3: "goes", 4: "latest"}
    assert four.store.read_bytes() == before
    tried = four.does("prune", "--keep-days", 0, "--keep-monthly", 0, "--dry-run")
    assert "（试算，尚未清理）" in tried.err
    assert "不在保留之列" in tried.out and "0 天" not in tried.out


def test_counts_stay_and_who_pruned_why_is_kept(four: Door) -> None:
    before = open_store(str(four.store)).scans()
    assert prune(four, "--reason", "归档", "--by", "李四") == {
        1: "goes", 2: "goes", 3: "goes", 4: "latest",
    }  # fmt: skip
    store = open_store(str(four.store))
    assert store.scans() == before
    kept = store.prunings.every()
    assert {one.recorded_by for one in kept.values()} == {"李四"}
    assert {one.reason for one in kept.values()} == {"归档"}
    assert prune(four) == {1: "pruned", 2: "pruned", 3: "pruned", 4: "latest"}


@pytest.mark.parametrize(
    "words",
    [
        ("findings", "--scan", 1), ("findings", "--scan", 1, "--format", "csv"),
        ("explain", "C1", "--scan", 1), ("map", "map.html", "--scan", 1),
        ("report", "report.xlsx", "--scan", 1), ("compare", 1, 4),
        ("sample", "draw", "-o", "a.xlsx", "--scan", 1),
    ],
    ids=lambda words: " ".join(map(str, words)),
)  # fmt: skip
def test_whoever_asks_for_a_pruned_scan_is_told_and_told_what_to_do(
    four: Door, words: tuple[object, ...]
) -> None:
    prune(four, "--by", "李四")
    said = four(*words)
    assert said.code == 2
    assert "第 1 次核对的明细已于" in said.err and "由 李四 清理" in said.err
    assert "landwatch scan --again 1" in said.err
    assert said.out == "", "no header without rows"
    assert "landwatch scan --again 1" in four(*words, "--lang", "en").err
    assert not Path("map.html").exists() and not Path("report.xlsx").exists()


def test_a_pruned_scan_is_made_again_byte_for_byte(four: Door) -> None:
    def findings(scan: int, out: str) -> str:
        four.does("findings", "--scan", scan, "-o", out)
        lines = Path(out).read_text("utf-8").splitlines()
        return "\n".join(line.rpartition(",")[0] for line in lines)  # without scan_id

    before = findings(2, "before.csv")
    prune(four)
    four.does("scan", "--again", 2)
    assert findings(5, "after.csv") == before


def test_the_day_of_a_pruned_scan_can_be_asked_for_all_the_same(four: Door) -> None:
    before = four.does("findings", "--as-of", DAYS[0], "--format", "json").rows
    prune(four)
    after = four.does("findings", "--as-of", DAYS[0], "--format", "json").rows
    assert [{**row, "scan_id": 0} for row in after] == [{**row, "scan_id": 0} for row in before]


def test_what_is_named_stays_and_what_is_not_there_cannot_be_named(four: Door) -> None:
    assert prune(four, "--keep", 2, "--dry-run")[2] == "named"
    wrong = four("prune", "--keep", 44)
    assert wrong.code == 2 and "44" in wrong.err


def test_a_scan_whose_sample_waits_stays_until_it_is_checked(four: Door) -> None:
    four.does("sample", "draw", "-o", "a.xlsx", "--scan", 1, "--per-rule", 5)
    assert prune(four)[1] == "sample"
    four.does("findings", "--scan", 1)
    store = open_store(str(four.store))
    items = store.samples.items(1)
    store.samples.judge({item.item_id: Judgement("right") for item in items}, by="李四")
    assert prune(four)[1] == "goes"
    rates = json.loads(four.does("sample", "show", 1, "--json").out)["rates"]
    assert rates["whole"]["right"] == rates["whole"]["drawn"], "what people said stays"


def past_the_store(path: Path, *statements: str) -> None:
    with gpkg_engine(path, 5).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_scan_that_another_builds_on_stays_and_says_so(four: Door) -> None:
    past_the_store(four.store, "UPDATE scans SET base_scan_id = 2 WHERE scan_id = 4")
    said = four.does("prune", "--keep-days", 0, "--keep-monthly", 0)
    assert "第 4 次核对只记了与它的差别" in said.out
    assert not open_store(str(four.store)).prunings.prune(2, by="李四", reason="")
    four.does("findings", "--scan", 2)


def test_unfinished_scans_that_were_given_up_are_swept(four: Door) -> None:
    long_ago, just_now = "2020-01-01T00:00:00.000000Z", "2999-01-01T00:00:00.000000Z"
    past_the_store(
        four.store,
        *(
            "INSERT INTO scan_works (fingerprint, as_of, known_at, pieces, begun_at, begun_by)"
            f" VALUES ('f', '2020-01-01', '{begun}', 2, '{begun}', 'x')"
            for begun in (long_ago, just_now)
        ),
        "INSERT INTO scan_work_pieces (work_id, number, content) SELECT work_id, 1, x'00'"
        " FROM scan_works",
    )
    told = json.loads(four.does("prune", "--dry-run", "--json").out)
    assert told["unfinished_swept"] == 1
    assert "清除了 1 次中断" in four.does("prune").err
    with gpkg_engine(four.store, 5).connect() as connection:
        for table in ("scan_works", "scan_work_pieces"):
            assert connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 1


def test_compacting_gives_the_room_back_and_the_store_is_whole(four: Door) -> None:
    from osgeo_utils.samples.validate_gpkg import check

    past_the_store(
        four.store,
        "INSERT INTO scan_parts (scan_id, content) VALUES (1, randomblob(3000000))",
    )
    before = four.store.stat().st_size
    said = four.does("prune", "--keep-days", 0, "--keep-monthly", 0, "--compact")
    assert "文件已压缩" in said.err
    assert four.store.stat().st_size < before - 2_900_000
    assert json.loads(four.does("doctor", "store", "--all", "--json").out)["sick"] is False
    four.does("findings", "--scan", 4)
    assert check(str(four.store), abort_at_first_error=False, extra_checks=True) == []


def test_there_must_be_room_to_compact(four: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    full = shutil._ntuple_diskusage(100, 100, 0)
    monkeypatch.setattr("landwatch.commands.pruning.shutil.disk_usage", lambda _: full)
    said = four("prune", "--keep-days", 0, "--keep-monthly", 0, "--compact")
    assert said.code == 3 and "没有清理，也没有压缩" in said.err
    assert open_store(str(four.store)).prunings.every() == {}


def test_on_a_server_scans_are_pruned_alike(postgis_url: str, made: Path, door: Door) -> None:
    create_store(postgis_url)
    server = ("--store", postgis_url)
    door.does("init", *server)
    door.does("import", "contracts", made.parent / "contracts.csv", *server)
    for day in DAYS[:2]:
        door.does("scan", "--as-of", day, *server)
    assert prune(door, *server) == {1: "goes", 2: "latest"}
    assert "scan --again 1" in door("findings", "--scan", 1, *server).err
    said = door.does("prune", "--compact", *server)
    assert "清理了 0 次" in said.err
    door.does("scan", "--again", 1, *server)
    assert door.does("findings", "--scan", 3, "--format", "json", *server).rows

"""The plan of an inbox, and what lies in one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from landwatch.errors import UsageError
from landwatch.language.columns import Kind
from landwatch.operations.inbox import place_for, put_away, waiting_in
from landwatch.operations.night import NightNotes, keep_notes, notes_of
from landwatch.operations.plan import Plan, PlannedFiles, read_plan

GOOD = """
settle_seconds: 5
files:
  - {kind: zones, glob: "*园区*"}
  - kind: contracts
    glob: "*.xlsx"
    adapter: landchina
    mapping: 对照.yaml
    crs: EPSG:4523
    encoding: gb18030
    cure: swap
    repair: yes
"""


@pytest.fixture
def said(tmp_path: Path) -> Callable[[str], Plan]:
    (tmp_path / "对照.yaml").write_text("headers: []", encoding="utf-8")

    def read(text: str) -> Plan:
        path = tmp_path / "nightly.yaml"
        path.write_text(text, encoding="utf-8")
        return read_plan(path)

    return read


def test_a_plan_says_what_each_file_is_and_how_it_is_read(
    said: Callable[[str], Plan], tmp_path: Path
) -> None:
    plan = said(GOOD)
    assert plan.settle_s == 5
    assert plan.files == (
        PlannedFiles(Kind.ZONES, "*园区*"),
        PlannedFiles(
            Kind.CONTRACTS, "*.xlsx", "landchina", tmp_path / "对照.yaml", "gb18030", "EPSG:4523",
            "swap", True,
        ),
    )  # fmt: skip
    assert [plan.entry_of(name) for name in ("园区.xlsx", "A.XLSX", "a.csv")] == [0, 1, None]
    assert plan.files[0].means("e\u0301园区") and said('files: [{kind: zones, glob: "é*"}]').files[
        0
    ].means("e\u0301园区")


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("files: [", "plan.not_yaml", 1),
        ("a: &x 1\nfiles: *x", "plan.not_yaml", 2),
        ("", "plan.no_files", 1),
        ("files: 3", "plan.no_files", 1),
        ("files: " + "[" * 50_000, "plan.too_deep", 1),
        ("? [a]\n: 1\nfiles: []", "plan.no_text", 1),
        ("files: []\nignore: x", "plan.ignore", 2),
        ("files: []\nignore: [a/b]", "plan.glob", 2),
        ("settle_seconds: 3", "plan.no_files", 1),
        ("files: []\nfiles: []", "plan.key_twice", 2),
        ("files:\n  - {kind: zones, golb: x}", "plan.key", 2),
        ("files:\n  - kind: zone\n    glob: x", "plan.kind", 2),
        ("files:\n  - glob: x", "plan.kind", 2),
        ("files:\n  - kind: zones", "plan.glob", 2),
        ("files:\n  - kind: zones\n    glob: a/b", "plan.glob", 3),
        ("files:\n  - kind: zones\n    glob: [x]", "plan.no_text", 3),
        ("files:\n  - zones", "plan.no_mapping", 2),
        ("files: []\nsettle_seconds: soon", "plan.seconds", 2),
        ("files: []\nsettle_seconds: -1", "plan.seconds", 2),
        ("files:\n  - kind: zones\n    glob: x\n    repair: perhaps", "plan.yes_no", 4),
        ("files:\n  - kind: zones\n    glob: x\n    mapping: none.yaml", "plan.mapping", 4),
    ],
)
def test_what_is_off_in_a_plan_is_told_with_its_line(
    said: Callable[[str], Plan], text: str, code: str, line: int
) -> None:
    with pytest.raises(UsageError) as refused:
        said(text)
    assert (refused.value.code, refused.value.values["line"]) == (code, line)
    for lang in ("zh", "en"):
        assert "nightly.yaml" in refused.value.in_words(lang)


def test_a_plan_that_is_far_too_large_is_not_read(said: Callable[[str], Plan]) -> None:
    with pytest.raises(UsageError) as refused:
        said("files: []\n" + "#" * 200_000)
    assert refused.value.code == "plan.too_large"
    assert "nightly.yaml" in refused.value.in_words("zh")


def test_a_plan_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        read_plan(tmp_path / "nightly.yaml")
    assert "--example plan" in refused.value.in_words("zh")


PLAN = Plan((PlannedFiles(Kind.ZONES, "z*"), PlannedFiles(Kind.PARCELS, "*.shp")), 60)


def old(path: Path) -> Path:
    path.write_text("x", encoding="utf-8")
    os.utime(path, (time.time() - 3600,) * 2)
    return path


def said_plain(folder: Path) -> set[str]:
    return {one.path.name for one in waiting_in(folder, PLAN) if not one.no_file}


def test_files_are_taken_in_by_the_order_of_the_plan_then_of_their_names(tmp_path: Path) -> None:
    for name in ("z2", "a.shp", "z10", "z1", "other", "a.dbf", "a.shp.xml", ".hidden", "~$z1"):
        old(tmp_path / name)
    (tmp_path / "done").mkdir()
    (tmp_path / "z.gdb").mkdir()
    found = [(one.path.name, one.entry, one.arriving) for one in waiting_in(tmp_path, PLAN)]
    assert found == [
        ("z.gdb", 0, False),
        ("z1", 0, True),  # open in somebody's office program
        ("z10", 0, False),
        ("z2", 0, False),
        ("a.shp", 1, False),
        ("other", None, False),
    ]
    assert said_plain(tmp_path) == {"z.gdb", "z1", "z10", "z2", "a.shp", "other"}
    (tmp_path / "b.dbf").symlink_to(tmp_path / "other")
    old(tmp_path / "b.shp")
    assert "b.shp" not in said_plain(tmp_path), "a link beside a shape would be read with it"
    (tmp_path / "b.shp").unlink()
    (tmp_path / "b.dbf").unlink()
    shape = next(one for one in waiting_in(tmp_path, PLAN) if one.entry == 1)
    assert [part.name for part in shape.beside] == ["a.dbf", "a.shp.xml"]
    assert not list(waiting_in(tmp_path, Plan(()), [*tmp_path.iterdir()]))


def test_a_file_that_was_just_changed_or_bears_a_name_of_the_road_is_still_arriving(
    tmp_path: Path,
) -> None:
    old(tmp_path / "z-old")
    old(tmp_path / "z.part")
    (tmp_path / "z-new").write_text("x")
    arriving = {one.path.name for one in waiting_in(tmp_path, PLAN) if one.arriving}
    assert arriving == {"z.part", "z-new"}
    os.utime(tmp_path / "z-new", (time.time() + 7200,) * 2)
    (ahead,) = (one for one in waiting_in(tmp_path, PLAN) if one.path.name == "z-new")
    assert not ahead.arriving, "a clock that runs ahead keeps no file back for ever"


def test_what_was_dealt_with_goes_away_whole_and_covers_nothing(tmp_path: Path) -> None:
    into = place_for(tmp_path, "done", date(2026, 11, 22))
    for _ in range(2):
        old(tmp_path / "a.shp")
        old(tmp_path / "a.dbf")
        (shape,) = waiting_in(tmp_path, PLAN)
        assert put_away(shape, into).exists()
    names = sorted(path.name for path in into.iterdir())
    assert len(names) == 4 and {"a.shp", "a.dbf"} <= set(names)
    assert [path.name for path in tmp_path.iterdir()] == ["done"]
    stems = {path.stem for path in into.iterdir()}
    assert len(stems) == 2, "what belongs together is called alike"


def test_the_notes_of_a_run_count_over_which_file_it_died(tmp_path: Path) -> None:
    assert notes_of(tmp_path).ended, "there was none"
    (tmp_path / ".landwatch-nightly.json").write_text("{half", encoding="utf-8")
    assert notes_of(tmp_path).ended
    first = keep_notes(tmp_path, NightNotes(at="a.csv"))
    again = notes_of(tmp_path).gone_on()
    assert (again.deaths, again.at, again.began_at) == ({"a.csv": 1}, "", first.began_at)
    keep_notes(tmp_path, NightNotes(at="a.csv", deaths=again.deaths))
    assert notes_of(tmp_path).gone_on().deaths == {"a.csv": 2}
    assert again.without("a.csv").deaths == {}
    keep_notes(tmp_path, NightNotes(ended=True, deaths={"a.csv": 2}))
    assert notes_of(tmp_path).gone_on().deaths == {}
    keep_notes(tmp_path, NightNotes(ended=True, scan=(7, "then"), edits=2))
    kept = notes_of(tmp_path).gone_on()
    assert (kept.scan, kept.edits) == ((7, "then"), 2)

"""Eight at once in one store, each a process of its own, and what must be true afterwards.

Run as `python -m tests.store.at_once [SECONDS]`: the long run on each store; figures go to
docs/soak-writers.md.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from landwatch.language.columns import Kind
from landwatch.lawbook.policy import About
from landwatch.lawbook.shelf import shelf
from landwatch.store import Store, create_store, open_store
from tests.conftest import PostgresServer
from tests.store.writing import CONTRACTS, DAY, act, contract, write

EIGHT = (
    ("import", "甲"), ("import", "乙"), ("scan", "丙"), ("scan", "丁"),
    ("visit", "戊"), ("visit", "己"), ("check", "庚"), ("read", "辛"),
)  # fmt: skip
OLD_SCANS, SEED, SECONDS = 6, 20261122, 60
PATIENCE_S = "300"
"""A busy computer is no bug: who waits longer than this was forgotten."""
ROOT = Path(__file__).parents[2]
Act = dict[str, Any]


@dataclass(frozen=True)
class Done:
    """What everybody did, by name, and what was there before them."""

    acts: dict[str, list[Act]]
    imports_before: int

    def of(self, *verbs: str) -> list[Act]:
        """Return every act of some verbs."""
        return [one for acts in self.acts.values() for one in acts if one["words"][0] in verbs]


def begin(url: str, folder: Path) -> None:
    """Make a small ledger with old scans in it."""
    store = create_store(url)
    store.adopt("lanzhou-2012-148", by="从前")
    rows = [contract(f"C{n}") for n in range(CONTRACTS)]
    words = ["import", "contracts", write(folder / "first.csv", rows), "--by", "从前"]
    for one in (words, *[["scan", "--as-of", DAY, "--full", "--by", "从前"]] * OLD_SCANS):
        done = act([*one, "--store", url])
        assert done["code"] == 0, done
    with store._keeper.writing() as file:
        table = sa.table("scans", sa.column("made_at"))
        file.execute(sa.update(table).values(made_at=sa.text("'2020-01-01T00:00:00.000000Z'")))


def all_at_once(url: str, folder: Path, seconds: float, seed: int = SEED) -> Done:
    """Have eight work in a store for a while."""
    begin(url, folder)
    before = len(open_store(url).imports())
    running = {}
    for role, who in EIGHT:
        own = folder / who
        own.mkdir()
        words = [sys.executable, "-m", "tests.store.writing", role, who, url, str(seconds)]
        environment = {
            **os.environ, "LANDWATCH_USER": who, "PYTHONPATH": str(ROOT),
            "LANDWATCH_ASIDE_SECONDS": "0", "LANDWATCH_LOCK_SECONDS": PATIENCE_S,
        }  # fmt: skip
        running[who] = subprocess.Popen(
            [*words, str(seed)], cwd=own, env=environment, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
    acts = {}
    for who, process in running.items():
        out, err = process.communicate(timeout=seconds + 240)
        assert process.returncode == 0, err
        acts[who] = [json.loads(line) for line in out.splitlines()]
    return Done(acts, before)


def told(one: Act) -> Any:
    return json.loads(one["out"])


def hold_true(url: str, done: Done) -> None:
    """Everything that anybody was told is in the store, once, and nothing else."""
    failed = [one for acts in done.acts.values() for one in acts if one["code"] != 0]
    assert not failed, "\n".join(
        f"{one['words']} {one['seconds']} s: {one['err']}" for one in failed
    )
    assert all(done.acts.values()), "everybody came to act"
    store = open_store(url)
    _imports_are_kept(store, done)
    _scans_are_kept(store, done)
    _acts_are_kept(store, done)


def _imports_are_kept(store: Store, done: Done) -> None:
    brought = [told(one) for one in done.of("import")]
    visits = done.of("visit")
    receipts = store.imports()
    assert len(receipts) == done.imports_before + len(brought) + len(visits)
    new = sum(one["new"] for one in brought)
    assert len(store.known_keys(Kind.CONTRACTS)) == CONTRACTS + new
    rows = CONTRACTS + new + sum(one["changed"] for one in brought)
    assert store.columns(Kind.CONTRACTS).num_rows == rows
    withdrawn = store.withdrawn_imports()
    seen = sum(one.new + one.changed for one in receipts if one.kind is Kind.PROGRESS)
    hidden = sum(one.new + one.changed for one in receipts if one.import_id in withdrawn)
    assert seen == len(visits)
    assert store.columns(Kind.PROGRESS).num_rows == len(visits) - hidden
    moments = [one.recorded_at for one in receipts]
    assert moments == sorted(set(moments)), "each has a moment of its own, in order"


def _scans_are_kept(store: Store, done: Done) -> None:
    answers = [told(one) for one in done.of("scan")]
    made = [one["scan_id"] for one in answers if not one["shared"]]
    kept = {one.scan_id: one for one in store.scans()}
    assert len(made) == len(set(made)), "two scans of one number"
    assert set(kept) == {*made, *(n for n, one in kept.items() if one.made_by == "从前")}
    parks = {
        rule.code for one in shelf().values() for rule in one.rules if rule.about is About.PARK
    }
    for answer in answers:
        scan = kept[answer["scan_id"]]
        assert scan.counts == answer["counts"]
        assert scan.as_of == date.fromisoformat(DAY)
        for rule, counts in scan.counts.items():
            assert rule in parks or sum(counts.values()) == scan.contracts, "totals add up"
    for number in kept.keys() - store.prunings.every().keys():
        assert number is not None
        assert list(store.scan_parts(number)), "a scan without its outcomes"
    with store._keeper.reading() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM scan_work_pieces").scalar()
    assert left == 0, "nothing is left unfinished"


def _acts_are_kept(store: Store, done: Done) -> None:
    undone = {int(one["words"][1]) for one in done.of("undo")}
    redone = {int(one["words"][1]) for one in done.of("redo")}
    assert set(store.withdrawn_imports()) == undone - redone
    pruned = [told(one) for one in done.of("prune")]
    assert len(store.prunings.every()) == min(OLD_SCANS, len(pruned))
    with store._keeper.reading() as connection:
        drawn = connection.exec_driver_sql("SELECT count(*) FROM samples").scalar()
    assert drawn == len(done.of("sample"))


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    lines = []
    folder = Path(tempfile.mkdtemp(prefix="lwat", dir="/tmp"))
    server = PostgresServer(folder)
    try:
        server.start()
        server.sql("CREATE DATABASE eight TEMPLATE with_postgis")
        stores = {"GeoPackage": str(folder / "eight.gpkg"), "PostGIS": server.url("eight")}
        for name, url in stores.items():
            own = folder / name
            own.mkdir()
            done = all_at_once(url, own, seconds)
            hold_true(url, done)
            lines += _figures(name, done)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    _write(seconds, lines)


def _figures(name: str, done: Done) -> list[str]:
    verbs = Counter(one["words"][0] for acts in done.acts.values() for one in acts)
    found = []
    for verb, count in sorted(verbs.items()):
        took = sorted(one["seconds"] for one in done.of(verb))
        middle, longest = statistics.median(took), took[-1]
        found.append(f"| {name} | {verb} | {count} | {middle:.2f} | {longest:.2f} | 0 |")
    return found


def _write(seconds: float, lines: list[str]) -> None:
    text = "\n".join(
        [
            "# 八个进程同时工作 · Eight at once",
            "",
            "由 `python -m tests.store.at_once` 生成，请勿手改。Made by that run, not by hand.",
            "",
            f"{seconds:.0f} s, seed {SEED}, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} CPU, "
            f"Python {platform.python_version()}. 2 import, 2 scan, 2 visit/undo/redo, "
            "1 sample/prune, 1 findings; 0.2–0.9 s between two acts of each.",
            "",
            "| store | verb | acts | median s | longest s | errors |",
            "| --- | --- | --: | --: | --: | --: |",
            *lines,
            "",
            "每一次的回执都与数据库核对：不丢、不重、合计相符。Every receipt was held against the "
            "store: nothing lost, nothing doubled, totals add up.",
            "",
        ]
    )
    (ROOT / "docs" / "soak-writers.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

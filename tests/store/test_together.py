"""Several people write at once, and everything that each of them told is kept."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

from landwatch.language.columns import Kind
from landwatch.store import Store, create_store, open_store

IMPORTS, ROWS = 10, 20
TAKE_IN = """
import sys
from landwatch.language.columns import Kind
from landwatch.language.records import Record, SourceFile
from landwatch.store import open_store
url, who = sys.argv[1:]
for turn in range(10):
    store = open_store(url)
    with store.import_rows(Kind.CONTRACTS, SourceFile(who, who, 1), recorded_by=who) as writer:
        writer.add([Record(Kind.CONTRACTS, f"{who}-{turn}-{i}", {}, None, i) for i in range(20)])
"""


def whole(store: Store, writers: tuple[str, ...]) -> None:
    keys = {f"{who}-{turn}-{i}" for who in writers for turn in range(IMPORTS) for i in range(ROWS)}
    assert store.known_keys(Kind.CONTRACTS) == keys
    table = store.columns(Kind.CONTRACTS)
    assert table.num_rows == len(keys), "and none of it twice"
    moments = [receipt.recorded_at for receipt in store.imports()]
    assert len(moments) == IMPORTS * len(writers)
    assert moments == sorted(set(moments)), "each import has a moment of its own, in order"


def test_two_writers_in_two_processes_are_both_kept(store: Store) -> None:
    writers = ("甲", "乙")
    running = [subprocess.Popen([sys.executable, "-c", TAKE_IN, store.url, who]) for who in writers]
    assert [process.wait() for process in running] == [0, 0]
    whole(store, writers)


def test_writers_and_readers_in_threads_do_not_disturb_each_other(
    store: Store, ledger: Any
) -> None:
    def write(who: str) -> None:
        for turn in range(IMPORTS):
            rows = [ledger.contract(f"{who}-{turn}-{i}", i) for i in range(ROWS)]
            ledger.take_in(open_store(store.url), rows, name=f"{who}-{turn}")

    def read(_: int) -> None:
        assert open_store(store.url).columns(Kind.CONTRACTS).num_rows % ROWS == 0

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, who) for who in "甲乙"]
        list(pool.map(read, range(20)))
        for done in writing:
            done.result()
    whole(store, ("甲", "乙"))


def test_two_people_who_make_the_store_at_once_share_it(store_url: str, ledger: Any) -> None:
    def make(who: int) -> None:
        store = create_store(store_url)
        ledger.take_in(store, [ledger.contract(f"C{who}", price_wan=Decimal(who))], name=str(who))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(make, range(4)))
    assert open_store(store_url).known_keys(Kind.CONTRACTS) == {f"C{who}" for who in range(4)}
    if "://" not in store_url:
        assert [entry.name for entry in Path(store_url).parent.iterdir()] == [Path(store_url).name]

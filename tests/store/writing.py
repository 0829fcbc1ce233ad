"""One of several who work in a store at once: acts until its time is up, and says what it was told.

Run as `python -m tests.store.writing ROLE WHO URL SECONDS SEED`, in a folder of its own. Every line
that it writes is an act as JSON: words, exit code, what was said on each stream, seconds taken.
"""

from __future__ import annotations

import csv
import io
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from landwatch.cli import run
from landwatch.store import open_store

DAY = "2021-08-01"
ROWS, PAUSE_S = 12, (0.2, 0.9)
CONTRACTS = 10
"""So many contracts are there before anybody begins."""
Words = Iterator[list[str]]


def contract(name: str, price_wan: int = 1000) -> dict[str, object]:
    return {
        "contract_id": name, "instrument": "grant", "holder": "示范机械有限公司",
        "area_m2": "66666.6667", "price_wan": price_wan, "signed_on": "2018-06-30",
        "agreed_start_on": "2019-06-30",
    }  # fmt: skip


def write(path: Path, rows: list[dict[str, object]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def imports(who: str, url: str, dice: random.Random) -> Words:
    """Bring new contracts again and again, and now and then the ones before at another price."""
    turn = 0
    while True:
        turn += 1
        names = [f"{who}-{turn}-{n}" for n in range(dice.randint(1, ROWS))]
        rows = [contract(name) for name in names]
        yield ["import", "contracts", write(Path(f"{turn}.csv"), rows), "--json"]
        if turn % 3 == 0:
            changed = [contract(name, 1000 + turn) for name in names]
            yield ["import", "contracts", write(Path(f"{turn}b.csv"), changed), "--json"]


def scans(who: str, url: str, dice: random.Random) -> Words:
    """Scan, each time what the others told meanwhile."""
    while True:
        yield ["scan", "--as-of", DAY, "--json"]


def visits(who: str, url: str, dice: random.Random) -> Words:
    """Enter visits; take every third back, and let every other of those stand again."""
    turn = 0
    while True:
        turn += 1
        name = f"C{dice.randrange(CONTRACTS)}"
        yield ["visit", name, "--started", "no", "--on", "2021-07-15", "--note", f"{who} {turn}"]
        if turn % 3:
            continue
        own = [one.import_id for one in open_store(url).imports() if one.recorded_by == who]
        yield ["undo", str(own[-1]), "--json"]
        if turn % 2 == 0:
            yield ["redo", str(own[-1])]


def checks(who: str, url: str, dice: random.Random) -> Words:
    """Draw samples of the latest scan and let old scans go, one at a time."""
    turn = 0
    while True:
        turn += 1
        yield ["sample", "draw", "--per-rule", "4", "-o", f"{turn}.xlsx", "--json"]
        store = open_store(url)
        gone = store.prunings.every()
        old = [one.scan_id for one in store.scans() if one.made_by == "从前"]
        stay = [number for number in old if number not in gone][1:]
        keep = [word for number in stay for word in ("--keep", str(number))]
        yield ["prune", "--keep-days", "1", "--keep-monthly", "0", *keep, "--json"]


def reads(who: str, url: str, dice: random.Random) -> Words:
    """Read the findings of the latest scan."""
    while True:
        yield ["findings", "--format", "json"]


ROLES: dict[str, Callable[[str, str, random.Random], Words]] = {
    "import": imports, "scan": scans, "visit": visits, "check": checks, "read": reads,
}  # fmt: skip


def act(words: list[str]) -> dict[str, Any]:
    """Do one act by the front door and return how it went."""
    began, out, err = time.monotonic(), io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(words)
    told = out.getvalue()
    if words[:3] == ["findings", "--format", "json"] and code == 0:
        told = json.dumps(len(json.loads(told)))
    return {
        "words": words, "code": code, "out": told, "err": err.getvalue(),
        "seconds": round(time.monotonic() - began, 3),
    }  # fmt: skip


def main(role: str, who: str, url: str, seconds: str, seed: str) -> None:
    dice = random.Random(f"{seed} {who}")
    ends = time.monotonic() + float(seconds)
    for words in ROLES[role](who, url, dice):
        if time.monotonic() >= ends:
            return
        done = act([*words, "--store", url])
        sys.stdout.write(json.dumps(done, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        time.sleep(dice.uniform(*PAUSE_S))


if __name__ == "__main__":
    main(*sys.argv[1:])

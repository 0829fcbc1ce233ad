"""Forks a child for each job that a test sends, so that the child can be killed at any moment.

A line is `JOB<TAB>URL<TAB>PREFIX<TAB>SECONDS<TAB>POINT`; the answer is the child's exit status.
After SECONDS, where they are told, the child is killed; it has not been waited for until then, so
its number is still its own. POINT says where it kills itself: `link:1`, the first call of os.link.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NoReturn

import pyarrow  # noqa: F401 (loaded before the fork, not in each child)
import shapely
from sqlalchemy import Engine, event

from landwatch import files
from landwatch.language.columns import Kind
from landwatch.language.records import Record, SourceFile
from landwatch.store import ScanSummary, blobs, create_store, embedded, open_store, server

ROWS = 600
PARTS = 4


def make(url: str, prefix: str) -> None:
    create_store(url)


def take_in(url: str, prefix: str) -> None:
    source = SourceFile(f"{prefix}.xlsx", prefix.ljust(64, "0"), 1)
    with open_store(url).import_rows(Kind.PARCELS, source, recorded_by="张三") as writer:
        for start in range(0, ROWS, 100):
            writer.add([parcel(prefix, i) for i in range(start, start + 100)])


def parcel(prefix: str, i: int) -> Record:
    values = {"area_m2": Decimal(i), "geometry": shapely.box(100 + i / 100, 30, 101 + i / 100, 31)}
    as_read = {"面积": str(i), "备注": "一宗" * 40}
    return Record(Kind.PARCELS, f"{prefix}-{i}", values, None, i, as_read=as_read)


def keep_scan(url: str, prefix: str) -> None:
    now = datetime.now(UTC)
    counts = {"O53.A1": {"breach": 1}}
    summary = ScanSummary(None, date(2026, 1, 1), now, now, prefix, "0", {}, counts, 1)
    open_store(url).save_scan(summary, (bytes([i]) * 1_000_000 for i in range(PARTS)))


JOBS = {"make": make, "take_in": take_in, "keep_scan": keep_scan}


def die_at(point: str) -> None:
    """Have this process kill itself at the n-th pass of a point."""
    where, _, count = point.partition(":")
    left = int(count)

    def dying(go_on: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return go_on(*arguments, **named)

        return call

    def nothing(*_: Any, **__: Any) -> None:
        return None

    match where:
        case "link":
            os.link = dying(os.link)
        case "flush":
            vars(embedded)["flush"] = dying(files.flush)
        case "trigger":
            blobs.SQL_FUNCTIONS["ST_MinX"] = dying(blobs.SQL_FUNCTIONS["ST_MinX"])
        case "copy":
            server._driver = dying(server._driver)
        case "statement":
            event.listen(Engine, "before_cursor_execute", dying(nothing))
        case "commit":
            event.listen(Engine, "commit", dying(nothing))


def main() -> None:
    for line in sys.stdin:
        job, url, prefix, after_s, point = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            work(job, url, prefix, point)
        if after_s:
            time.sleep(float(after_s))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


def work(job: str, url: str, prefix: str, point: str) -> NoReturn:
    try:
        if point:
            die_at(point)
        JOBS[job](url, prefix)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


if __name__ == "__main__":
    main()

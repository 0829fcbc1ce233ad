"""What the benchmark of the scan measures, each stage in a process of its own.

Run by `benchmarks.scan`: `python -m benchmarks.scan_stages STAGE JSON`; the last line that a stage
prints is what it took and found, as JSON.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.by_rows import WANTED
from landwatch.language.columns import Kind

AS_OF = date(2026, 3, 1)
POLICIES = ("grant-contract", "order-53-2012", "real-estate-law-26")
ROW_CELLS = ("key", "record_id", "cleared", "unreadable")
Found = dict[str, Any]


class Watch:
    """The time that the acts inside it took: wall and CPU of this process and its children."""

    def __init__(self) -> None:
        self.wall_s = self.cpu_s = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the time of the block."""
        wall, cpu = time.perf_counter(), cpu_seconds()
        yield
        self.wall_s += time.perf_counter() - wall
        self.cpu_s += cpu_seconds() - cpu


def cpu_seconds() -> float:
    """Return the CPU time of this process and of its children that ended."""
    return sum(os.times()[:4])


def peak_mb() -> float:
    """Return the largest resident set that this process ever had."""
    line = next(
        line
        for line in Path("/proc/self/status").read_text("ascii").splitlines()
        if line.startswith("VmHWM")
    )
    return int(line.split()[1]) / 1024


def told_of(watch: Watch, **more: object) -> Found:
    """Return what a stage took."""
    return {"wall_s": watch.wall_s, "cpu_s": watch.cpu_s, "peak_mb": peak_mb(), **more}


def make(folder: str, contracts: int) -> Found:
    """Make the ledger and lay its tables down as Parquet."""
    from benchmarks.made_ledger import made_ledger

    watch, rows = Watch(), {}
    with watch.running():
        tables = made_ledger(contracts)
    for kind, table in tables.items():
        rows[kind.value] = table.num_rows
        pq.write_table(table, Path(folder) / f"{kind.value}.parquet", compression="lz4")
    return told_of(watch, rows=rows)


def columns(folder: str) -> dict[Kind, pa.Table]:
    """Return the columns that the rules need of what was made, in memory."""
    return {
        kind: pq.read_table(
            Path(folder) / f"{kind.value}.parquet",
            columns=[*ROW_CELLS, *WANTED[kind]] if kind in WANTED else None,
        )
        for kind in Kind
    }


def adopted() -> list[Any]:
    """Return the policies of `init`, and Article 26, adopted everywhere."""
    from landwatch.bootstrap import the_lawbook
    from landwatch.scan.adoption import Adoption
    from landwatch.scan.run import Adopted

    book = the_lawbook()
    return [Adopted(book[name], Adoption(everywhere=True)) for name in POLICIES]


def landwatch(folder: str, keep: bool = False) -> Found:
    """Measure landwatch's scan from columns to outcomes; keep them for comparing where asked."""
    from landwatch.scan import run
    from landwatch.scan.dossier import Ledger

    told, law = columns(folder), adopted()
    base, watch, gathering, counts = peak_mb(), Watch(), Watch(), {}
    patched(run, "facts_alone", gathering)
    with watch.running():
        found = run.decide(Ledger(told, None), law, AS_OF)
        one = next(found, None)
    while one is not None:
        counts[one.rule.code] = one.counts()
        if keep:
            pq.write_table(one.table, Path(folder) / f"ours-{one.rule.code}.parquet")
        with watch.running():
            one = next(found, None)
    return told_of(watch, gather_s=gathering.wall_s, columns_mb=base, counts=counts)


def patched(owner: object, name: str, watch: Watch) -> None:
    """Let a watch count the time of a function, by the name under which it is called."""
    inner: Callable[..., Any] = getattr(owner, name)

    def timed(*given: Any, **named: Any) -> Any:
        with watch.running():
            return inner(*given, **named)

    setattr(owner, name, timed)


def by_hand(folder: str, keep: bool = False) -> Found:
    """Measure the hand-written query from columns to outcomes."""
    from benchmarks import by_hand as hand

    told = columns(folder)
    base, watch = peak_mb(), Watch()
    with watch.running():
        outcomes = hand.outcomes(told, AS_OF)
    found = told_of(watch, columns_mb=base)
    if keep:
        pq.write_table(outcomes, Path(folder) / "by-hand.parquet")
    return found


def by_rows(folder: str, keep: bool = False) -> Found:
    """Measure the pandas script from columns to outcomes."""
    from benchmarks import by_rows as rows

    told = columns(folder)
    base, watch = peak_mb(), Watch()
    with watch.running():
        outcomes = rows.outcomes(told, AS_OF)
    found = told_of(watch, columns_mb=base)
    if keep:
        outcomes.to_pickle(Path(folder) / "by-rows.pickle")
    return found


def by_rows_from_store(path: str) -> Found:
    """Measure the pandas script from a store's file to findings written to a table of it."""
    from benchmarks import by_rows as rows
    from benchmarks.by_rows_store import frames_of

    watch, parts = Watch(), {name: Watch() for name in ("read", "decide", "keep")}
    with watch.running(), closing(sqlite3.connect(path)) as connection:
        with parts["read"].running():
            frames = frames_of(connection)
        with parts["decide"].running():
            outcomes = rows.outcomes_of(frames, AS_OF)
        with parts["keep"].running():
            plain = outcomes.astype({"measured": float, "threshold": float, "amount_wan": float})
            plain.to_sql("findings_by_rows", connection, index=False, if_exists="replace")
            connection.commit()
    return told_of(watch, parts={name: one.wall_s for name, one in parts.items()})


def equal(folder: str, other: str) -> Found:
    """Compare landwatch's outcomes with those of `by_hand` or `by_rows`, every row and column."""
    from benchmarks.scan_equal import differences

    differ = differences(Path(folder), other)
    return {"rows": sum(one.rows for one in differ), "differ": [
        f"{one.rule} {one.column}: {one.count}" for one in differ if one.count
    ]}  # fmt: skip


def fill(folder: str, url: str) -> Found:
    """Put the made ledger into a new store that has adopted the policies."""
    from benchmarks.made_store import fill as filled

    watch = Watch()
    tables = {kind: pq.read_table(Path(folder) / f"{kind.value}.parquet") for kind in Kind}
    with watch.running():
        store = filled(url, tables)
    for name in POLICIES:
        store.adopt(name, by="benchmark")
    return told_of(watch)


def change(folder: str, url: str, share: float) -> Found:
    """Import a small file: a new report on some of the contracts, evenly spread."""
    from benchmarks.scan_change import take_in_reports

    watch = Watch()
    with watch.running():
        rows = take_in_reports(Path(folder), url, share)
    return told_of(watch, rows=rows)


def scan(url: str, days_later: int = 0, whole: bool = True) -> Found:
    """Measure a scan from the store to its kept findings, and its stages."""
    from benchmarks.scan_store import scanned

    watch = Watch()
    with watch.running():
        parts, scan_id = scanned(url, AS_OF + timedelta(days=days_later), whole=whole)
    return told_of(watch, parts=parts, scan_id=scan_id)


def same(url: str, scans: Iterable[int]) -> Found:
    """Compare the outcomes of kept scans byte by byte, as the findings' file tells them."""
    from benchmarks.scan_store import digest_of

    digests = [digest_of(url, one) for one in scans]
    return {"same": len(set(digests)) == 1, "sha256": digests}


STAGES: dict[str, Callable[..., Found]] = {
    stage.__name__: stage
    for stage in (
        make, landwatch, by_hand, by_rows, by_rows_from_store, equal, fill, change, scan, same,
    )
}  # fmt: skip


def main() -> None:
    stage, given = sys.argv[1:]
    print(json.dumps(STAGES[stage](**json.loads(given))))


if __name__ == "__main__":
    main()

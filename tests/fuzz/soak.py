"""The long run: `python -m tests.fuzz.soak [SECONDS]`; figures go to docs/soak.md.

Two fuzzers run at a time. One that finds something is begun again with another seed, until the
time is up; what it found is written down, and the run has failed.
"""

from __future__ import annotations

import importlib.metadata
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path
from typing import TypeAlias

from tests.fuzz.watching import GUIDED, ROOT, Run, cleared, damage, guide

SECONDS, SEED, AT_ONCE = 1200.0, 20261122, 2
LIBRARIES = ("atheris", "hypothesis", "fiona", "pyogrio", "python-calamine", "pyarrow", "shapely")
MOST_GROWTH_MB = 100.0

Fuzzer: TypeAlias = Callable[[float, int, Path], Run]


def fuzzers() -> tuple[tuple[Fuzzer, float], ...]:
    """Return each fuzzer with its share of the time."""

    def damaging(how: str) -> Fuzzer:
        return lambda seconds, seed, folder: damage(how, seconds, seed, folder)

    def guided(target: str) -> Fuzzer:
        return lambda seconds, seed, folder: guide(target, seconds, seed, folder)

    shares = ((damaging("reader"), 0.4), (damaging("door"), 0.3))
    return (*shares, *((guided(target), 0.1) for target in GUIDED))


def soak(seconds: float, folder: Path) -> list[Run]:
    """Run every fuzzer for its share of `seconds`; return what each did, the troubles among it."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [
            pool.submit(_one, fuzzer, seconds * share, folder / str(at))
            for at, (fuzzer, share) in enumerate(fuzzers())
        ]
        return [run for job in jobs for run in job.result()]


def _one(fuzzer: Fuzzer, seconds: float, folder: Path) -> list[Run]:
    """Run a fuzzer until its time is up, begun again after each finding."""
    began, runs = time.monotonic(), list[Run]()
    while (left := seconds - (time.monotonic() - began)) > 1:
        turn = 1000 * len(runs)
        runs.append(fuzzer(left, SEED + turn, folder / str(turn)))
        if not runs[-1].trouble:
            break
    return runs


def page(runs: Sequence[Run], seconds: float) -> str:
    """Return the figures as a page."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    troubles = [run for run in runs if run.trouble]
    lines = [
        "# 损坏文件试验 · Damaged files, for twenty minutes",
        "",
        f"由 `python -m tests.fuzz.soak {seconds:.0f}`（`make soak`）写成 · written by it, "
        f"{datetime.now(UTC):%Y-%m-%d}.",
        "",
        "| fuzzer | s | executions | taken | found | slowest | MB at 25 % | 50 % | 75 % | 100 % |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *map(_line, runs),
        "",
        f"- {sum(run.executions for run in runs):,} files, {len(troubles)} findings",
        f"- Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{cpu_count()} cores (shared with others at work), "
        f"{AT_ONCE} fuzzers at a time; seed {SEED}",
        f"- {versions}",
        "",
        _EXPLAINED,
    ]
    return "\n".join(lines)


_EXPLAINED = """\
- `reader`：好文件（CSV 各编码、XLSX、XLS、JSON、GeoJSON、GeoPackage、FlatGeobuf、Shapefile、
  FileGDB、KML、KMZ、DXF、GeoParquet、ZIP、界址点 TXT）由 hypothesis 选取，损坏后读取；
  `door`：整条 `landwatch import` 命令，含台账库、问题表和屏幕；`atheris`：按代码覆盖率引导。
- `reader` damages good files of every format, picked by hypothesis, and reads them; `door` is the
  whole command with its store, its report and its screen; `atheris` is led by coverage.
- 每个文件：要么以话拒收，要么每一行都有交代（行数由 csv、json、SQLite 另数一遍）；
  三十秒内结束；库不得自行输出。
- Of every file: it is refused in words, or each row is accounted for (counted once more by csv,
  json or SQLite), within 30 seconds, and no library says a word of its own.
- 内存为常驻内存；工作簿在子进程中读取，不计入。Memory is resident; workbooks are read by a
  child and not counted.
"""


def _line(run: Run) -> str:
    memory = " | ".join(str(run.rss_mb.get(at, "—")) for at in ("25", "50", "75", "100"))
    slowest = "—" if run.slowest_s is None else f"{run.slowest_s} s"
    found = "1" if run.trouble else "0"
    return (
        f"| {run.fuzzer} | {run.seconds:.0f} | {run.executions:,} | {run.taken:,} | {found} "
        f"| {slowest} | {memory} |"
    )


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    runs = soak(seconds, folder)
    (ROOT / "docs" / "soak.md").write_text(page(runs, seconds), "utf-8")
    for run in runs:
        sys.stdout.write(f"{_line(run)}\n{run.trouble}\n" if run.trouble else f"{_line(run)}\n")
    grown = [run for run in runs if run.growth_mb > MOST_GROWTH_MB]
    if any(run.trouble for run in runs) or grown:
        sys.stdout.write(f"files: {folder}\n")
        sys.exit(1)
    cleared(folder)


if __name__ == "__main__":
    main()

"""A long file streams by: what an import holds in memory does not grow with its rows."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

ROWS, WARM = 60_000, 6_000
MOST_MB = 50
GROWTH = """
import gc, sys
from pathlib import Path
from landwatch.language.columns import Kind

def mb(what):
    told = next(line for line in open("/proc/self/status") if line.startswith(what))
    return int(told.split()[1]) / 1024

def from_here():
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    return mb("VmRSS")
"""
READ = (
    GROWTH
    + """
from landwatch.ledger import read_ledger

def read(path, held):
    intake = read_ledger(Kind.CONTRACTS, Path(path))
    for batch in intake.batches():
        if held is not None:
            held.append(batch)
    return intake.tally.rows

warm, whole, how = sys.argv[1:]
read(warm, None)
before = from_here()
rows = read(whole, [] if how == "hold" else None)
print(rows, mb("VmHWM") - before)
"""
)
TAKE_IN = (
    GROWTH
    + """
from landwatch.commands import import_files

def take_in(path):
    (done,) = import_files(sys.argv[3], Kind.CONTRACTS, [Path(path)], by="test")
    return done.receipt.new

take_in(sys.argv[1])
take_in(sys.argv[1])  # now judges ask what the ledger holds, and load what they ask it with
before = from_here()
rows = take_in(sys.argv[2])
print(rows, mb("VmHWM") - before)
"""
)
HEADERS = ("合同编号", "项目名称", "土地使用权人", "行政区", "出让面积(公顷)", "成交价格(万元)",
           "合同签订日期", "约定开工时间")  # fmt: skip
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="only Linux tells a peak from a moment on"
)


def write_contracts(path: Path, name: str, rows: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADERS)
        for at in range(rows):
            day = f"{2008 + at % 15}-{at % 12 + 1:02d}-{at % 28 + 1:02d}"
            holder = f"某某第{at}装备制造有限公司"
            place, area = ("来凤县", "大冶市")[at % 2], f"{1 + at % 90}.{at % 997:03d}"
            told = (f"{name}-{at:07d}", f"年产{at}吨项目", holder, place, area, f"{at % 5000}.5")
            table.writerow((*told, day, "1900-01-01" if at % 50 == 0 else day))
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Write a short file, that everything is loaded by, and a long one."""
    folder = tmp_path_factory.mktemp("long")
    short = write_contracts(folder / "short.csv", "短", WARM)
    return short, write_contracts(folder / "long.csv", "长", ROWS)


def grown_mb(script: str, *arguments: str | Path) -> float:
    """Run a script in a process of its own; return by how much the long file raised its peak."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows, grown = done.stdout.split()
    assert int(rows) == ROWS
    return float(grown)


def test_sixty_thousand_rows_are_read_in_the_memory_of_a_few_thousand(
    files: tuple[Path, Path],
) -> None:
    assert grown_mb(READ, *files, "stream") < MOST_MB


def test_the_bound_would_tell_a_reader_that_holds_all_rows(files: tuple[Path, Path]) -> None:
    assert grown_mb(READ, *files, "hold") > MOST_MB


def test_sixty_thousand_rows_are_taken_into_a_store_in_bounded_memory(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    from landwatch.store import create_store

    url = str(tmp_path / "store.gpkg")
    create_store(url)
    assert grown_mb(TAKE_IN, *files, url) < MOST_MB

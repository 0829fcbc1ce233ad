"""What the benchmark of space asserts at size holds for two parks too: geopandas says the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BEGIN = """
import sys
from pathlib import Path
import pandas as pd
import pyarrow.parquet as pq
from benchmarks.space import WAYS, answer, equal
from benchmarks.space_land import write_parcels, zones
from benchmarks.space_stages import STAGES
folder, count = Path(sys.argv[1]), 2500
write_parcels(folder / "parcels.parquet", count)
pq.write_table(zones(), folder / "zones.parquet")
"""
ASK_ALL = """
for stage in STAGES:
    for way in WAYS:
        answer(stage, way, count, folder)
    same = equal(stage, count, folder)
    assert same.answers > 20 and same.apart_ppm < 10, same
few = pq.read_table(write_parcels(folder / "few.parquet", 1200))
assert few.equals(pq.read_table(folder / "parcels.parquet").slice(0, 1200))
"""
DIFFER = """
for way in WAYS:
    answer("areas", way, count, folder)
path = folder / f"areas-naive-{count}.parquet"
told = pd.read_parquet(path)
"""


def ran(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program beside the benchmarks, which are no part of what is installed."""
    command = [sys.executable, "-c", BEGIN + program, str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_geopandas_gives_the_same_answers(tmp_path: Path) -> None:
    done = ran(ASK_ALL, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count('"answers"') == 12


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("told['area_m2'] *= 1.00001", "area_m2 differs"),
        ("told = told.iloc[1:]", "1 answers of one only"),
    ],
    ids=["a number", "a parcel"],
)
def test_an_answer_that_differs_ends_the_benchmark(change: str, said: str, tmp_path: Path) -> None:
    save = "told.to_parquet(path)\nequal('areas', count, folder)"
    done = ran(f"{DIFFER}{change}\n{save}", tmp_path)
    assert done.returncode == 1
    assert said in done.stderr

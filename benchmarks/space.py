"""Space at size: zones, shares, overlaps, areas and encroachment of a million parcels.

Run `python -m benchmarks.space` on a quiet machine; it writes docs/benchmarks-space.md and a plot.
Every question is answered by landwatch for more and more parcels, and by geopandas for as many as
it is asked for, each in a process of its own; where both answered, the answers must be equal.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.space_page import WAYS, Equal, Ran, load_now, page, plot

DOCS = Path(__file__).parents[1] / "docs"
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
NAIVE_UP_TO = 300_000
MB = 1024


def peak_mb() -> float:
    """Return the largest resident set of this process, since it became this program."""
    import resource

    status = Path("/proc/self/status")
    if status.exists():  # getrusage also counts the process that this one was born of
        lines = status.read_text("ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / MB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB


def answer(stage: str, way: str, count: int, folder: Path) -> None:
    """Answer a question in this process, write the answer beside the land and tell what it took."""
    from benchmarks.space_stages import STAGES, Land, Watch

    land, watch = Land(folder, count), Watch()
    land.parcels("parcel_id", "geometry")
    before = peak_mb()
    asked = STAGES[stage].ours if way == "ours" else STAGES[stage].naive
    found = asked(land, watch)
    ran = Ran(stage, way, count, watch.wall_s, watch.cpu_s, before, peak_mb(), len(found))
    found.to_parquet(_answer_of(folder, stage, way, count), index=False)
    print(json.dumps(asdict(ran)))


def _answer_of(folder: Path, stage: str, way: str, count: int) -> Path:
    return folder / f"{stage}-{way}-{count}.parquet"


def run(stage: str, way: str, count: int, folder: Path) -> Ran:
    """Answer a question in a process of its own; one that fails ends the benchmark."""
    asked = ["--answer", stage, way, str(count), "--folder", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.space", *asked],
        capture_output=True, text=True, check=False, cwd=DOCS.parent,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{stage} {way} {count}\n{done.stdout}{done.stderr}")
    ran = Ran(**json.loads(done.stdout.splitlines()[-1]))
    print(ran, flush=True)
    return ran


def equal(stage: str, count: int, folder: Path) -> Equal:
    """Return how far the two answers are apart; answers that are not equal end the benchmark."""
    import numpy as np
    import pandas as pd

    from benchmarks.space_stages import STAGES

    asked = STAGES[stage]
    both = [pd.read_parquet(_answer_of(folder, stage, way, count)) for way in WAYS]
    ours, naive = (one.set_index(list(asked.keys)).sort_index() for one in both)
    if not ours.index.equals(naive.index):
        odd = ours.index.symmetric_difference(naive.index)
        raise SystemExit(f"{stage} {count}: {len(odd)} answers of one only, such as {odd[:5]}")
    ppm = m2 = 0.0
    for name in ours.columns:
        apart = np.abs(ours[name].to_numpy() - naive[name].to_numpy())
        size = np.abs(naive[name].to_numpy())
        room = asked.parts * size + (asked.m2 if name.endswith("_m2") else asked.parts)
        if not (apart <= room).all():
            raise SystemExit(f"{stage} {count}: {name} differs, by {apart.max()} at most")
        if name.endswith("_m2") and len(apart):
            ppm, m2 = float((apart / size).max() * 1e6), float(apart.max())
    return Equal(stage, count, len(ours), ppm, m2)


def measured(sizes: list[int], naive_up_to: int, folder: Path) -> tuple[list[Ran], list[Equal]]:
    """Answer every question for every number of parcels, and hold the answers together."""
    from benchmarks.space_stages import STAGES

    runs, equals = list[Ran](), list[Equal]()
    for stage in STAGES:
        for count in sizes:
            runs.append(run(stage, "ours", count, folder))
            if count <= naive_up_to:
                runs.append(run(stage, "naive", count, folder))
                equals.append(equal(stage, count, folder))
                print(equals[-1], flush=True)
    return runs, equals


def main() -> None:
    """Measure all, or answer one question for the process that asked."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options.add_argument("--naive-up-to", type=int, default=NAIVE_UP_TO)
    options.add_argument("--docs", type=Path, default=DOCS, help="where the page and plot go")
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--answer", nargs=3, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.answer:
        stage, way, count = asked.answer
        answer(stage, way, int(count), asked.folder)
        return
    import pyarrow.parquet as pq

    from benchmarks.space_land import write_parcels, zones

    load = load_now()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_parcels(folder / "parcels.parquet", max(asked.sizes))
        pq.write_table(zones(), folder / "zones.parquet")
        runs, equals = measured(sorted(asked.sizes), asked.naive_up_to, folder)
    command = " ".join(["python -m benchmarks.space", *sys.argv[1:]])
    text = page(runs, equals, command, load)
    (asked.docs / "benchmarks-space.md").write_text(text, "utf-8")
    plot(runs, asked.docs / "benchmarks-space.svg")
    print(text)


if __name__ == "__main__":
    main()

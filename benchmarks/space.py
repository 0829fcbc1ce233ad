"""Space at size: zones, shares, overlaps, areas and encroachment of a million parcels.

Run `python -m benchmarks.space` on a quiet machine; it writes docs/benchmarks-space.md and a plot.
Every question is answered by landwatch for more and more parcels, and by geopandas for as many as
it is asked for, each in a process of its own; where both answered, the answers must be equal.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
NAIVE_UP_TO = 300_000
WAYS = ("ours", "naive")
DRIVERS = ("shapely", "geopandas", "pyproj", "numpy", "pyarrow", "pandas")
MB = 1024


@dataclass(frozen=True, slots=True)
class Ran:
    """What one process took to answer a question: time, memory before and at most, answers."""

    stage: str
    way: str
    parcels: int
    wall_s: float
    cpu_s: float
    table_mb: float
    peak_mb: float
    answers: int


@dataclass(frozen=True, slots=True)
class Equal:
    """Both ways gave the same answers for so many parcels; how far their numbers are apart."""

    stage: str
    parcels: int
    answers: int
    apart_ppm: float
    apart_m2: float


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


def exponent(runs: list[Ran]) -> float:
    """Return the power of the number of parcels that the time grows with: 1 is a straight line."""
    import numpy as np

    if len(runs) < 2:
        return float("nan")
    count = np.log([float(one.parcels) for one in runs])
    return float(np.polyfit(count, np.log([one.cpu_s for one in runs]), 1)[0])


def page(runs: list[Ran], equals: list[Equal], command: str, load: str) -> str:
    """Return the page of the documentation."""
    from benchmarks.space_land import (
        CROSSED,
        GROWN,
        LARGER,
        PARCEL_CORNERS,
        PARKS,
        REDRAWN,
        RIVALS,
        SEED,
        SUB_PARKS,
        ZONE_CORNERS,
    )

    zones = PARKS + SUB_PARKS + RIVALS
    made = (
        f"- Made-up land (benchmarks/space_land.py, seed {SEED}): {zones:,} parks of "
        f"{ZONE_CORNERS} corners, {SUB_PARKS} of them within another and {RIVALS} over another; "
        f"parcels of {PARCEL_CORNERS} corners in nets around {PARKS} parks, neighbours with common "
        f"corners; {REDRAWN:.0%} drawn again with errors of 2 cm, {LARGER:.0%} drawn "
        f"over their neighbours, {CROSSED:.1%} invalid, {GROWN:.0%} grown by 3 m since the grant."
    )
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in DRIVERS)
    machine = (
        f"- {platform.system()} {platform.machine()}, {os.cpu_count()} cores shared with other "
        f"work (load {load} at the beginning, {_load()} at the end), "
        f"Python {platform.python_version()}; {versions}. "
        "Trust the ratios of CPU time, not the seconds."
    )
    top = max(one.parcels for one in runs)
    parts = [
        "# Space at size",
        f"Written by `{command}` on {datetime.now(UTC):%Y-%m-%d}.",
        _READ,
        f"## {top:,} parcels × {zones:,} zones\n\n" + _ours_table(runs, top),
        "![CPU seconds and peak memory, from ten thousand parcels on](benchmarks-space.svg)",
        "## Beside geopandas, equal answers\n\n" + _beside_table(runs, equals),
        _EQUAL,
        made + "\n" + machine,
    ]
    return "\n\n".join(parts) + "\n"


_READ = """\
What landwatch asks of outlines, for a million parcels: in which zone each lies (asked at every scan
of parcels that name none), how much of it in which zone, which parcels lie over each other, how
large each is on the ellipsoid, which reach out of their zone, and which beyond the outline that was
granted (`landwatch doctor ledger`). Each run is a process of its own that begins with the outlines
as a store hands them over (WKB in an Arrow table, already in memory) and ends with the answer.

CPU seconds are user and system time of all threads; seconds on the wall depend on what else the
machine does. Peak is the largest resident set; “of it the table” is what was resident when the
libraries and the outlines were loaded, before the question was asked. Growth is the power of the
number of parcels by which CPU time grows: 1 is a straight line."""

_EQUAL = """\
“Times” is geopandas' CPU time over landwatch's for the same parcels in the same run; geopandas
works in one thread, landwatch in one for each core, so on the wall the ratio is larger on a quiet
machine. Where both answered, the same parcels and pairs were asserted, and numbers equal to 10
parts in a million or 0.05 m² (areas against geodesics: to one part in a million); the last columns
tell how far apart they really were. geopandas knows no invalid outlines, so they are left out of
what is compared; it reads areas from `to_crs` to the equal-area conic of China, where a long edge
is a little beside the geodesic. “Which zone” asks more than `sjoin` answers: the smallest of nested
zones, and every zone where two claim the land; the lines of pandas that say so are counted."""


def _ours_table(runs: list[Ran], top: int) -> str:
    from benchmarks.space_stages import STAGES

    head = (
        "| question | answers | wall s | CPU s | parcels per CPU second | peak MB "
        "| of it the table MB | growth |\n|---|---:|---:|---:|---:|---:|---:|---:|"
    )
    lines = [head]
    for name, stage in STAGES.items():
        mine = [one for one in runs if one.stage == name and one.way == "ours"]
        one = next(one for one in mine if one.parcels == top)
        lines.append(
            f"| {stage.title} | {one.answers:,} | {one.wall_s:.1f} | {one.cpu_s:.1f} "
            f"| {one.parcels / one.cpu_s:,.0f} | {one.peak_mb:,.0f} | {one.table_mb:,.0f} "
            f"| {exponent(mine):.2f} |"
        )
    return "\n".join(lines)


def _beside_table(runs: list[Ran], equals: list[Equal]) -> str:
    from benchmarks.space_stages import STAGES

    head = (
        "| question | geopandas by | parcels | CPU s, geopandas | CPU s, landwatch | times "
        "| peak MB, geopandas | peak MB, landwatch | growth, geopandas | equal answers "
        "| apart ppm | apart m² |\n|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    lines = [head]
    by = {(one.stage, one.way, one.parcels): one for one in runs}
    for same in equals:
        ours, naive = (by[same.stage, way, same.parcels] for way in WAYS)
        theirs = [one for one in runs if one.stage == same.stage and one.way == "naive"]
        last = same.parcels == max(one.parcels for one in theirs)
        stage = STAGES[same.stage]
        lines.append(
            f"| {stage.title} | {stage.beside} | {same.parcels:,} | {naive.cpu_s:.2f} "
            f"| {ours.cpu_s:.2f} | **{naive.cpu_s / ours.cpu_s:.1f}** | {naive.peak_mb:,.0f} "
            f"| {ours.peak_mb:,.0f} | {f'{exponent(theirs):.2f}' if last else ''} "
            f"| {same.answers:,} | {same.apart_ppm:.3f} | {same.apart_m2:.4f} |"
        )
    return "\n".join(lines)


def plot(runs: list[Ran], path: Path) -> None:
    """Draw CPU seconds and peak memory against the number of parcels, both by powers of ten."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams |= {"svg.hashsalt": "landwatch", "svg.fonttype": "none", "font.size": 10}
    from matplotlib import pyplot as plt

    from benchmarks.space_stages import STAGES

    figure, (times, memory) = plt.subplots(1, 2, figsize=(12, 5.5), layout="constrained")
    colours = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
    for colour, (name, stage) in zip(colours, STAGES.items(), strict=True):
        for way, line in zip(WAYS, ("o-", "s--"), strict=True):
            some = [one for one in runs if one.stage == name and one.way == way]
            count = [one.parcels for one in some]
            label = f"{stage.title}" if way == "ours" else None
            times.plot(count, [one.cpu_s for one in some], line, color=colour, ms=4, label=label)
            memory.plot(count, [one.peak_mb for one in some], line, color=colour, ms=4)
    count = [min(one.parcels for one in runs), max(one.parcels for one in runs)]
    times.plot(count, [at / count[-1] for at in count], ":", color="grey", label="a straight line")
    _dressed(times, "CPU seconds")
    _dressed(memory, "peak MB, libraries and outlines included")
    memory.yaxis.set_major_formatter("{x:,.0f}")
    memory.yaxis.set_minor_formatter("{x:,.0f}")
    figure.legend(loc="outside lower center", ncols=4, frameon=False)
    figure.suptitle("landwatch: lines · geopandas: dashes")
    figure.savefig(path, metadata={"Date": None})


def _dressed(axes: Any, title: str) -> None:
    axes.set(xscale="log", yscale="log", xlabel="parcels", title=title)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.grid(visible=True, which="major", alpha=0.3)


def _load() -> str:
    return ", ".join(f"{number:.1f}" for number in os.getloadavg())


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

    load = _load()
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

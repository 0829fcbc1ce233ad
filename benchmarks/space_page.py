"""What the benchmark of space measured, as a page of the documentation and a plot."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

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
from benchmarks.space_stages import STAGES

WAYS = ("ours", "naive")
DRIVERS = ("shapely", "geopandas", "pyproj", "numpy", "pyarrow", "pandas")


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


def exponent(runs: list[Ran]) -> float:
    """Return the power of the number of parcels that the time grows with: 1 is a straight line."""
    if len(runs) < 2:
        return float("nan")
    count = np.log([float(one.parcels) for one in runs])
    return float(np.polyfit(count, np.log([one.cpu_s for one in runs]), 1)[0])


def page(runs: list[Ran], equals: list[Equal], command: str, load: str) -> str:
    """Return the page of the documentation."""
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
        f"work (load {load} at the beginning, {load_now()} at the end), "
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
        _bar(runs, equals),
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


def _bar(runs: list[Ran], equals: list[Equal]) -> str:
    """Return whether the bar of the areas held at every number of parcels."""
    took = {(one.way, one.parcels): one.cpu_s for one in runs if one.stage == "areas"}
    same = [one for one in equals if one.stage == "areas"]
    times = min(took["naive", one.parcels] / took["ours", one.parcels] for one in same)
    ppm = max(one.apart_ppm for one in same)
    held = "held" if times >= 6 and ppm <= 1 else "MISSED"
    return (
        f"The bar of areas (6 times as fast as geodesics, 1 ppm apart at most): **{held}**, "
        f"{times:.1f} times and {ppm:.3f} ppm at worst."
    )


def _beside_table(runs: list[Ran], equals: list[Equal]) -> str:
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


def load_now() -> str:
    """Return how many processes wanted a core of late."""
    return ", ".join(f"{number:.1f}" for number in os.getloadavg())

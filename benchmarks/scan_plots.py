"""The plots of a run of the scan's benchmark, and what they and the page show of it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Run = Mapping[str, Any]
STORE_STAGES = ("read", "gather", "decide", "keep")
GROWTH_PLOT, STAGES_PLOT = "benchmarks-scan-growth.svg", "benchmarks-scan-stages.svg"


def kinds(run: Run) -> list[str]:
    """Return the stores that were measured."""
    return [kind for kind in ("GeoPackage", "PostGIS") if f"{kind} whole" in run["stages"]]


def grown(run: Run) -> list[tuple[int, Run, Run]]:
    """Return the sizes with what landwatch and the query took."""
    stages, full = run["stages"], run["contracts"]
    return [
        (n, stages["landwatch" if n == full else f"landwatch {n}"],
         stages["by_hand" if n == full else f"by_hand {n}"])
        for n in sorted({*run["growth"], full})
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line of CPU time by contracts, and how far the furthest figure is off."""

    fixed_s: float
    each_us: float
    furthest: float

    def at(self, contracts: int) -> float:
        """Return the seconds of so many contracts."""
        return self.fixed_s + self.each_us * contracts / 1e6


def straight_line(run: Run) -> Line:
    """Return the line that landwatch's CPU times lie nearest to, each by its relative error."""
    import numpy as np

    told = np.array([(n, ours["cpu_s"]) for n, ours, _ in grown(run)], dtype=float)
    each, fixed = np.polyfit(told[:, 0], told[:, 1], 1, w=1 / told[:, 1])
    off = np.abs(told[:, 1] / (fixed + each * told[:, 0]) - 1)
    return Line(float(fixed), float(each * 1e6), float(off.max()))


def plots(run: Run) -> Iterator[tuple[str, str]]:
    """Yield the plots as SVG, by the name of their file."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "landwatch", "svg.fonttype": "none", "font.size": 10})
    yield GROWTH_PLOT, _growth_plot(run)
    yield STAGES_PLOT, _stages_plot(run)


def _svg(figure: Any) -> str:
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None}, bbox_inches="tight")
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def _growth_plot(run: Run) -> str:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.6))
    axes = figure.subplots()
    told = grown(run)
    sizes = [n for n, _, _ in told]
    axes.plot(sizes, [ours["cpu_s"] for _, ours, _ in told], "o-", label="landwatch")
    axes.plot(sizes, [hand["cpu_s"] for _, _, hand in told], "s-", label="hand-written query")
    peers = run["peer_contracts"]
    rows = [run["stages"][f"by_rows {n}"]["cpu_s"] for n in peers]
    axes.plot(peers, rows, "^-", label="pandas script")
    line = straight_line(run)
    axes.plot(sizes, [line.at(n) for n in sizes], "k:", label="a straight line: fixed + each")
    axes.set(xscale="log", yscale="log", xlabel="contracts", ylabel="CPU seconds",
             title="From columns to outcomes, 13 rules")  # fmt: skip
    axes.grid(True, which="major", alpha=0.3)
    axes.legend()
    return _svg(figure)


def _stages_plot(run: Run) -> str:
    from matplotlib.figure import Figure

    names = ("first", "whole", "day later", "changed")
    lines = [(f"{kind}: {name}", run["stages"][f"{kind} {name}"]) for kind in kinds(run)
             for name in names][::-1]  # fmt: skip
    figure = Figure(figsize=(7, 0.5 * len(lines) + 1.2))
    axes = figure.subplots()
    left = [0.0] * len(lines)
    for part in STORE_STAGES:
        took = [found["parts"].get(part, 0.0) for _, found in lines]
        axes.barh([name for name, _ in lines], took, left=left, label=part)
        left = [before + now for before, now in zip(left, took, strict=True)]
    axes.set(
        xlabel="seconds", title=f"From the store to kept findings, {run['contracts']:,} contracts"
    )
    axes.legend()
    return _svg(figure)

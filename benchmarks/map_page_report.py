"""What the benchmark of the map page tells: the tables, a verdict for each bar, and the plot."""

from __future__ import annotations

import importlib.metadata
import io
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from benchmarks.map_browser import TYPING_SECONDS
from benchmarks.map_parcels import SEED

MEGABYTE = 1e6
ALIKE, MANY = 100_000, 1_000_000
PANELS = (
    ("bytes", "bytes of the page"),
    ("ready", "seconds until ready"),
    ("zoom", "seconds for a zoom step"),
    ("added", "bytes of memory beyond an empty tab"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """What was promised and what was measured."""

    promise: str
    measured: str
    held: bool | None

    def line(self) -> str:
        """Return it as a line of a table."""
        verdict = {True: "held", False: "**missed**", None: "not measured"}[self.held]
        return f"| {self.promise} | {self.measured} | {verdict} |"


def _runs(told: dict[str, Any], name: str) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = told.get(name, {}).get("runs", [])
    return runs


def middle(told: dict[str, Any], name: str, figure: str) -> float | None:
    """Return the median of a figure over all runs of a page."""
    if figure == "bytes":
        size = told.get(name, {}).get("bytes")
        return None if size is None else float(size)
    values = _flat(_runs(told, name), figure)
    return statistics.median(values) if values else None


def worst(told: dict[str, Any], name: str, figure: str) -> float | None:
    """Return the median over the runs of each run's worst."""
    values = [max(run[figure]) for run in _runs(told, name) if run[figure]]
    return statistics.median(values) if values else None


def _flat(runs: Sequence[dict[str, Any]], figure: str) -> list[float]:
    values: list[float] = []
    for run in runs:
        told = run["memory"] - run["empty"] if figure == "added" else run[figure]
        values += told if isinstance(told, list) else [told]
    return values


def bars(told: dict[str, Any]) -> list[Bar]:
    """Return every bar with what was measured."""
    ratios = (
        ("bytes", "bytes ≤ 1/10 of explore's", 10.0),
        ("ready", "ready ≥ 100 times sooner", 100.0),
        ("zoom", "zoom step ≥ 30 times faster", 30.0),
        ("added", "tab memory, beyond an empty tab's, ≤ 1/15", 15.0),
    )
    out = []
    for figure, promise, least in ratios:
        ours, theirs = (middle(told, f"{who}-{ALIKE}", figure) for who in ("ours", "explore"))
        if ours is None or theirs is None:
            out.append(Bar(f"{ALIKE:,} parcels: {promise}", "–", None))
            continue
        out.append(
            Bar(
                f"{ALIKE:,} parcels: {promise}",
                f"{theirs / ours:,.1f} : 1",
                theirs / ours >= least,
            )
        )
    name = f"ours-{MANY}"
    limits = (
        ("ready ≤ 5 s", middle(told, name, "ready"), 5.0),
        ("worst zoom step ≤ 350 ms", worst(told, name, "zoom"), 0.35),
        ("worst filter ≤ 200 ms", worst(told, name, "filter"), 0.2),
        ("worst search ≤ 250 ms", worst(told, name, "search"), 0.25),
    )
    for promise, value, most in limits:
        shown = "–" if value is None else f"{value:.3f} s"
        held = None if value is None else value <= most
        out.append(Bar(f"{MANY:,} parcels: {promise}", shown, held))
    return out


def table(told: dict[str, Any], sizes: Sequence[int]) -> list[str]:
    """Return the figures of each page."""
    lines = [
        "| parcels | page | bytes | bytes/parcel | build | ready | zoom step (worst) "
        "| tab memory (beyond an empty tab) | peak "
        "| openings |",
        "|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for count in sizes:
        for who, called in (("explore", "geopandas.explore"), ("ours", "landwatch")):
            entry = told.get(f"{who}-{count}")
            if entry is None or not (entry["runs"] or entry.get("gave_up")):
                lines.append(f"| {count:,} | {called} | – | – | – | not tried | – | – | – | 0 |")
                continue
            lines.append(_row(told, count, who, called, entry))
    return lines


def _row(told: dict[str, Any], count: int, who: str, called: str, entry: dict[str, Any]) -> str:
    name = f"{who}-{count}"
    size = f"| {count:,} | {called} | {entry['bytes']:,} | {entry['bytes'] / count:,.0f} "
    build = entry.get("written", entry["build"])
    if not entry["runs"]:
        return f"{size}| {build:.1f} s | not within {entry['gave_up']:.0f} s | – | – | – | 0 |"
    ready, zoom = middle(told, name, "ready"), middle(told, name, "zoom")
    memory, added = middle(told, name, "memory"), middle(told, name, "added")
    return (
        f"{size}| {build:.1f} s | {ready:.2f} s | {zoom:.3f} s ({worst(told, name, 'zoom'):.3f}) "
        f"| {(memory or 0) / MEGABYTE:,.0f} MB ({(added or 0) / MEGABYTE:,.0f}) "
        f"| {_peak(told, name)} | {len(entry['runs'])} |"
    )


def _peak(told: dict[str, Any], name: str) -> str:
    """Return the peak of the tab; openings of before it was measured tell none."""
    peaks = [run["peak"] for run in _runs(told, name) if run.get("peak")]
    return f"{statistics.median(peaks) / MEGABYTE:,.0f} MB" if peaks else "–"


def quickness(told: dict[str, Any], sizes: Sequence[int]) -> list[str]:
    """Return how quick filters and search are; explore has neither."""
    lines = [
        "| parcels | filter, median (worst) | search, median (worst) | the first search |",
        "|--:|--:|--:|--:|",
    ]
    for count in sizes:
        name = f"ours-{count}"
        if not _runs(told, name):
            continue
        cells = [
            f"{middle(told, name, figure):.3f} s ({worst(told, name, figure):.3f})"
            for figure in ("filter", "search")
        ]
        first = middle(told, name, "first_search")
        lines.append(f"| {count:,} | {cells[0]} | {cells[1]} | {first:.3f} s |")
    return lines


def report(told: dict[str, Any], sizes: Sequence[int], browser: str, seconds: float) -> str:
    """Return the page for docs/, with what is needed to measure it again."""
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}"
        for name in ("geopandas", "folium", "shapely", "numpy", "django-js-lib-leaflet")
    )
    loads = [run["load"] for entry in told.values() for run in entry["runs"]]
    load = f"{min(loads, default=0):.1f} to {max(loads, default=0):.1f}"
    verdicts = "\n".join(
        ["| bar | measured | verdict |", "|---|--:|---|", *(bar.line() for bar in bars(told))]
    )
    pages, quick = "\n".join(table(told, sizes)), "\n".join(quickness(told, sizes))
    return f"""# The map page against geopandas.explore

Written by `python -m benchmarks.map_page` on {datetime.now(UTC).date().isoformat()}.

{verdicts}

{pages}

![Bytes, seconds until ready, seconds for a zoom step and memory, by parcels](benchmarks-map.svg)

{quick}

- Made-up parcels of 5 to 12 corners around four cities, seed {SEED}; one contract and one finding
  each, the same twelve attributes on both pages (explore shows them in its tooltip). Medians over
  all openings, each in a new headless Chromium {browser} without network, 1280 × 900.
- explore's Leaflet is read from the same installed wheel as ours; jQuery, Bootstrap and its icons
  are blanked, which favours explore. Neither page has a tile backdrop. All openings of one explore
  page share {seconds:,.0f} s, room for five of {ALIKE:,} parcels; one that would not fit is not
  begun, and the table tells how many were. Beyond {ALIKE:,} parcels
  explore is not tried: its page would be of more than a thousand megabytes.
- Ready: from the start of navigation until the data are unpacked, every visible tile is painted and
  two frames have passed.
- Zoom step: two steps in and two out, from `setZoom` without animation until painted; worst: the
  median over the openings of each opening's slowest.
- Filter and search: from the change until the map, the legend and the list have followed and are
  painted (classes, park, rule, to verify, on and off again; words of which many, few or none are
  found). The {TYPING_SECONDS * 1000:.0f} ms that the page waits for the next letter are not
  counted. The first search also reads the texts, once.
- Memory: what the page's own process alone keeps by the kernel's account (PSS), after a collection
  of rubbish. An empty tab's, measured in the same browser before, is taken off for the bar: the
  engine itself is no page's doing. Both figures stand in the table. Peak: the most that the process
  ever held until it was ready (VmHWM), before any collection.
- {platform.system()} {platform.machine()}, {os.cpu_count()} cores (load {load} while measured),
  Python {platform.python_version()}; {versions}. Trust the ratios, not the seconds.
"""


def plotted(told: dict[str, Any], sizes: Sequence[int]) -> str:
    """Return the four figures over the number of parcels as an SVG."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "landwatch", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(9, 5.4), layout="constrained")
        for axes, (name, title) in zip(figure.subplots(2, 2).flat, PANELS, strict=True):
            for who, called, colour, mark in (
                ("explore", "geopandas.explore", "#d55e00", "s--"),
                ("ours", "landwatch", "#0072b2", "o-"),
            ):
                points = [(n, middle(told, f"{who}-{n}", name)) for n in sizes]
                known = [(n, value) for n, value in points if value is not None]
                axes.loglog(
                    *zip(*known, strict=True) if known else ((), ()),
                    mark,
                    color=colour,
                    label=called,
                )
            axes.set_title(title, fontsize=10)
            axes.set_xlabel("parcels")
            axes.grid(visible=True, which="major", color="#dddddd")
        figure.axes[0].legend(frameon=False)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"

"""The map page against geopandas.explore(column=…): same parcels, same attributes, same browser.

Run `python -m benchmarks.map_page --folder F` on a quiet machine. Of each number of parcels it
writes both pages, opens each several times in a fresh headless Chromium without network, and writes
docs/benchmarks-map.md and its plot. What F holds already is not measured again, so that a run which
was stopped goes on where it stood.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import geopandas

from benchmarks.map_browser import browser_version, kept, opened
from benchmarks.map_page_report import plotted, report
from benchmarks.map_parcels import as_map_data, made_up_parcels
from landwatch.mapping.page import write_page

SIZES = (1_000, 10_000, 100_000, 1_000_000)
DOCS = Path(__file__).parents[1] / "docs"


def write_explore(frame: geopandas.GeoDataFrame, path: Path) -> None:
    """Write the page of explore; its links are served from the same wheel as ours, or blanked."""
    page = frame.explore(column="gravity", tiles=None, categorical=True)
    page.save(str(path))
    text = path.read_text("utf-8")
    wheel = importlib.metadata.distribution("django-js-lib-leaflet")
    folder = Path(str(wheel.locate_file("js_lib_leaflet/static/js_lib_leaflet")))

    def local(found: re.Match[str]) -> str:
        name = found[2].rsplit("/", 1)[-1]
        known = name in ("leaflet.js", "leaflet.css")
        return f'{found[1]}="{(folder / name).as_uri() if known else "data:,"}"'

    path.write_text(re.sub(r'(src|href)="(https://[^"]+)"', local, text), "utf-8")


class Bench:
    """What was measured so far, kept in a folder after every run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "measured.json"
        self.told: dict[str, Any] = kept(self.file)

    def page(self, name: str, write: Callable[[Path], object]) -> dict[str, Any]:
        """Return what is told of a page, written first where it is not there."""
        path = self.folder / f"{name}.html"
        entry: dict[str, Any] = self.told.setdefault(name, {"runs": []})
        if "bytes" not in entry or not path.exists():
            began = time.perf_counter()
            write(path)
            entry["build"] = time.perf_counter() - began
            entry["bytes"] = path.stat().st_size
            self.keep()
            print(f"{name}: {entry['bytes']:,} bytes in {entry['build']:.1f} s", flush=True)
        return entry

    def run(self, name: str, *, ours: bool, repeats: int, seconds: float) -> None:
        """Open a page until it was opened `repeats` times, or it was too slow to be opened again.

        `seconds` is the most that all openings may take: one that would not fit is not begun, but
        the first always is.
        """
        entry = self.told[name]
        while len(entry["runs"]) < repeats and not entry.get("gave_up"):
            spent = sum(run["took"] for run in entry["runs"])
            longest = max((run["took"] for run in entry["runs"]), default=0.0)
            if entry["runs"] and spent + longest > seconds:
                break
            began = time.perf_counter()
            run = opened(self.folder / f"{name}.html", ours=ours, seconds=seconds)
            took = time.perf_counter() - began
            if run is None:
                entry["gave_up"] = seconds
            else:
                entry["runs"].append({**asdict(run), "took": took, "load": os.getloadavg()[0]})
                print(f"{name}: ready {run.ready:.2f} s, took {took:.0f} s", flush=True)
            self.keep()

    def keep(self) -> None:
        """Write what was measured, at once or not at all."""
        beside = self.file.with_suffix(".part")
        beside.write_text(json.dumps(self.told, ensure_ascii=False, indent=1), "utf-8")
        beside.replace(self.file)


def measure(bench: Bench, asked: argparse.Namespace) -> None:
    """Measure whatever the folder does not hold yet."""
    write_page(bench.folder / "warm.html", as_map_data(made_up_parcels(100)))
    for count in asked.sizes:
        frame: geopandas.GeoDataFrame | None = None

        def parcels(count: int = count) -> geopandas.GeoDataFrame:
            nonlocal frame
            frame = made_up_parcels(count) if frame is None else frame
            return frame

        def ours(path: Path) -> None:
            data = as_map_data(parcels())
            began = time.perf_counter()
            write_page(path, data)
            bench.told.setdefault(path.stem, {"runs": []})["written"] = time.perf_counter() - began

        bench.page(f"ours-{count}", ours)
        bench.run(f"ours-{count}", ours=True, repeats=asked.repeats, seconds=600)
        if count > asked.explore_most:
            continue
        bench.page(f"explore-{count}", lambda path: write_explore(parcels(), path))
        bench.run(
            f"explore-{count}", ours=False, repeats=asked.repeats, seconds=asked.explore_seconds
        )


def _explorable() -> None:
    """Stop before an hour is spent when explore's own needs are not installed."""
    for needed in ("matplotlib", "mapclassify"):
        try:
            importlib.metadata.version(needed)
        except importlib.metadata.PackageNotFoundError:
            raise SystemExit(f"geopandas.explore needs {needed}: pip install {needed}") from None


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument(
        "--explore-most", type=int, default=100_000, help="explore is not asked for more parcels"
    )
    options.add_argument(
        "--explore-seconds", type=float, default=1_200, help="for all openings of one explore page"
    )
    options.add_argument("--out", type=Path, default=DOCS / "benchmarks-map.md")
    asked = options.parse_args()
    _explorable()
    asked.folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(asked.folder)
    measure(bench, asked)
    asked.out.with_suffix(".svg").write_text(plotted(bench.told, asked.sizes), "utf-8")
    text = report(bench.told, asked.sizes, browser_version(), asked.explore_seconds)
    asked.out.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()

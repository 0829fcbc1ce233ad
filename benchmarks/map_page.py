"""The map page against geopandas.explore(column=…): same parcels, same attributes, same browser.

Run `python -m benchmarks.map_page` on a quiet machine. It writes both pages, opens each in a
headless Chromium without network, and prints and writes the table of docs/benchmarks-map.md.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas
from selenium import webdriver

from benchmarks.map_parcels import SEED, as_map_data, made_up_parcels
from landwatch.mapping.page import write_page

PAGE_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Measured:
    """What one page took; seconds, but for the bytes."""

    name: str
    bytes: int
    build: float
    ready: list[float]
    zoom: list[float]


def write_explore(frame: geopandas.GeoDataFrame, path: Path) -> None:
    """Write the page of explore; its links are served from the same wheel as ours, or blanked."""
    page = frame.explore(column="gravity", tiles=None, categorical=True)
    page.save(str(path))
    text = path.read_text("utf-8")
    folder = Path(
        str(
            importlib.metadata.distribution("django-js-lib-leaflet").locate_file(
                "js_lib_leaflet/static/js_lib_leaflet"
            )
        )
    )

    def local(found: re.Match[str]) -> str:
        name = found[2].rsplit("/", 1)[-1]
        kept = name in ("leaflet.js", "leaflet.css")
        return f'{found[1]}="{(folder / name).as_uri() if kept else "data:,"}"'

    path.write_text(re.sub(r'(src|href)="(https://[^"]+)"', local, text), "utf-8")


@contextmanager
def chromium() -> Iterator[Any]:
    """Start a fresh headless Chromium that reaches no host."""
    options = webdriver.ChromeOptions()
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--window-size=1280,900",
        "--allow-file-access-from-files",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    ):
        options.add_argument(argument)
    options.binary_location = "/usr/bin/chromium"
    driver = webdriver.Chrome(
        options=options, service=webdriver.ChromeService("/usr/bin/chromedriver")
    )
    driver.set_page_load_timeout(PAGE_SECONDS)
    driver.set_script_timeout(PAGE_SECONDS)
    waiting: Any = driver.command_executor
    waiting.client_config.timeout = PAGE_SECONDS
    try:
        yield driver
    finally:
        driver.quit()


READY = """
    const done = arguments[0], told = document.documentElement.dataset;
    const ours = !!document.getElementById("lw-map");
    const painted = () => requestAnimationFrame(() =>
      requestAnimationFrame(() => done(performance.now() / 1000)));
    const look = () => (ours && !(told.drawn && told.told)) ? setTimeout(look, 1) : painted();
    look();
"""

ZOOM = """
    const [step, done] = arguments, began = performance.now();
    const map = Object.entries(window).find(([name]) => name.startsWith("map_"))[1];
    let layer = null;
    map.eachLayer((each) => { if (each instanceof L.GridLayer) layer = each; });
    const painted = () => requestAnimationFrame(() =>
      requestAnimationFrame(() => done((performance.now() - began) / 1000)));
    if (layer) layer.once("load", painted);
    map.setZoom(map.getZoom() + step, { animate: false });
    if (!layer) painted();
"""


def opened(path: Path) -> tuple[float, list[float]]:
    """Return when a page is ready, and how long each step of zooming in and out again takes."""
    with chromium() as driver:
        driver.get(path.as_uri())
        ready = driver.execute_async_script(READY)
        zoom = [driver.execute_async_script(ZOOM, step) for step in (1, 1, -1, -1)]
        return float(ready), [float(seconds) for seconds in zoom]


def measured(name: str, path: Path, write: Callable[[], object], repeats: int) -> Measured:
    """Write a page and open it `repeats` times, each time in a new browser."""
    began = time.perf_counter()
    write()
    build = time.perf_counter() - began
    runs = []
    for turn in range(repeats):
        runs.append(opened(path))
        print(f"{name}, run {turn + 1}: ready {runs[-1][0]:.2f} s", flush=True)
    zoom = [seconds for _, steps in runs for seconds in steps]
    return Measured(name, path.stat().st_size, build, [ready for ready, _ in runs], zoom)


def table(count: int, ours: Measured, explore: Measured, full: Measured) -> str:
    """Return the table, ours as a ratio to explore's."""
    lines = [
        "| page | bytes | bytes/parcel | build | ready (median) | zoom step (median) |",
        "|---|---|---|---|---|---|",
    ]
    for page in (explore, ours, full):
        ready, zoom = statistics.median(page.ready), statistics.median(page.zoom)
        lines.append(
            f"| {page.name} | {page.bytes:,} | {page.bytes / count:.0f} | {page.build:.1f} s "
            f"| {ready:.2f} s (of {len(page.ready)}) | {zoom:.3f} s |"
        )
    sooner = statistics.median(explore.ready) / statistics.median(ours.ready)
    quicker = statistics.median(explore.zoom) / statistics.median(ours.zoom)
    lines += [
        "",
        f"- ready **{sooner:.0f} times** sooner (bar: 50)",
        f"- bytes **1/{explore.bytes / ours.bytes:.1f}** (bar: 1/8)",
        f"- zoom step {quicker:.0f} times quicker, build {explore.build / ours.build:.1f} times",
    ]
    return "\n".join(lines)


def report(count: int, lines: str) -> str:
    """Return the page for docs/, with what is needed to measure it again."""
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}"
        for name in ("geopandas", "folium", "shapely", "numpy", "django-js-lib-leaflet")
    )
    with chromium() as driver:
        browser = driver.capabilities["browserVersion"]
    day = datetime.now(UTC).date().isoformat()
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return f"""# The map page against geopandas.explore

Written by `python -m benchmarks.map_page --parcels {count}` on {day}.

{lines}

- {count:,} made-up parcels of 5 to 12 corners around four cities, seed {SEED}; one contract and one
  finding each, the same twelve attributes on both pages (explore shows them in its tooltip). The
  last line is our page with five findings on each contract, which explore was not asked to carry.
- Ready: from the start of navigation until the data are unpacked, every visible tile is painted and
  two frames have passed; each run in a new headless Chromium {browser} without network, 1280 × 900.
  explore's Leaflet is read from the same installed wheel as ours; jQuery, Bootstrap and its icons
  are blanked, which favours explore. Neither page has a tile backdrop.
- Zoom step: two steps in and two out, from `setZoom` without animation until painted.
- {platform.system()} {platform.machine()}, {os.cpu_count()} cores shared with other work
  (load {load} at the end), Python {platform.python_version()}; {versions}.
  Trust the ratios, not the seconds.
"""


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
    options.add_argument("--parcels", type=int, default=100_000)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--explore-repeats", type=int, default=1)
    options.add_argument(
        "--out", type=Path, default=Path(__file__).parents[1] / "docs" / "benchmarks-map.md"
    )
    asked = options.parse_args()
    frame = made_up_parcels(asked.parcels)
    _explorable()
    with tempfile.TemporaryDirectory() as folder:
        page, five, explore = (Path(folder, f"{n}.html") for n in ("ours", "five", "explore"))
        write_page(Path(folder, "warm.html"), as_map_data(made_up_parcels(100)))
        one, many = as_map_data(frame), as_map_data(frame, findings_each=5)
        ours = measured("landwatch", page, lambda: write_page(page, one), asked.repeats)
        full = measured(
            "landwatch, five findings each", five, lambda: write_page(five, many), asked.repeats
        )
        theirs = measured(
            "geopandas.explore",
            explore,
            lambda: write_explore(frame, explore),
            asked.explore_repeats,
        )
    lines = table(asked.parcels, ours, theirs, full)
    print(lines)
    asked.out.write_text(report(asked.parcels, lines), "utf-8")


if __name__ == "__main__":
    main()

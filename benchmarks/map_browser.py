"""A page in a fresh headless Chromium without network: when it is ready, how quick, how large."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import WebDriverException

TYPING_SECONDS = 0.06  # the page waits so long for the next letter; see page_modules/page.js
STEPS = (1, 1, -1, -1)
WORDS = ("食品（3", "机械（12", "620102", "物流项目", "黄河 2015B00", "没有这样的词")


@dataclass(frozen=True, slots=True)
class Run:
    """What one opening took: seconds, and bytes of memory."""

    ready: float
    zoom: list[float]
    filter: list[float]
    search: list[float]
    first_search: float
    memory: int
    empty: int
    peak: int = 0


@contextmanager
def chromium(seconds: float) -> Iterator[Any]:
    """Start a fresh headless Chromium that reaches no host and gives up after some seconds."""
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
    driver.set_page_load_timeout(seconds)
    driver.set_script_timeout(seconds)
    waiting: Any = driver.command_executor
    waiting.client_config.timeout = int(seconds) + 60
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

CHANGE = """
    const [id, value, done] = arguments, told = document.documentElement.dataset;
    const box = document.querySelector(id), before = told.changes, began = performance.now();
    const painted = () => requestAnimationFrame(() =>
      requestAnimationFrame(() => done((performance.now() - began) / 1000)));
    const follow = new MutationObserver(() => {
      if (told.changes === before) return;
      follow.disconnect();
      painted();
    });
    follow.observe(document.documentElement, { attributes: true });
    if (value === null) box.click();
    else {
      box.value = value;
      box.dispatchEvent(new Event("input"));
      if (box.tagName === "SELECT") box.dispatchEvent(new Event("change"));
    }
"""

CLASS = '#lw-legend input[data-kind="breach"]'
FILTERS: tuple[tuple[str, str | None], ...] = (
    (CLASS, None),
    ("#lw-zone", "2"),
    ("#lw-zone", "-1"),
    (CLASS, None),
    ("#lw-rule", "1"),
    ("#lw-rule", "-1"),
    ("#lw-verify", None),
    ("#lw-verify", None),
)


def opened(path: Path, *, ours: bool, seconds: float) -> Run | None:
    """Open a page in a new browser and use it; nothing if it is not ready in time."""
    try:
        with chromium(seconds) as driver:
            driver.get("about:blank")
            empty = tab_memory(driver)
            driver.get(path.as_uri())
            ready = float(driver.execute_async_script(READY))
            memory, peak = tab_memory(driver), tab_peak(driver)
            zoom = [float(driver.execute_async_script(ZOOM, step)) for step in STEPS]
            if not ours:
                return Run(ready, zoom, [], [], 0.0, memory, empty, peak)
            filters = [float(driver.execute_async_script(CHANGE, *one)) for one in FILTERS]
            first, *search = [
                float(driver.execute_async_script(CHANGE, "#lw-search", word)) - TYPING_SECONDS
                for word in WORDS
            ]
            return Run(ready, zoom, filters, search, first, memory, empty, peak)
    except (WebDriverException, TimeoutError):
        return None


def tab_memory(driver: Any) -> int:
    """Return the memory that the page's own process alone keeps, after a collection of rubbish.

    It is the proportional share (PSS) that the kernel tells, the same for every page: what the
    engine keeps outside its heap (typed arrays, pictures, the text of the page) counts too.
    """
    driver.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
    time.sleep(1)
    driver.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
    shares = [_share(process) for process in _descendants(driver.service.process.pid)]
    return max((share for share in shares if share), default=0)


def tab_peak(driver: Any) -> int:
    """Return the most memory that the page's own process ever held (VmHWM), rubbish and all."""
    return max(map(_most, _descendants(driver.service.process.pid)), default=0)


def _descendants(root: int) -> list[int]:
    """Return the processes under a process that draw pages."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        parents.setdefault(parent, []).append(int(folder.name))
    found, left = [], [root]
    while left:
        children = parents.get(left.pop(), [])
        found += children
        left += children
    return [process for process in found if "--type=renderer" in _command(process)]


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _share(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _most(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def browser_version() -> str:
    """Return which Chromium it is."""
    with chromium(60) as driver:
        return str(driver.capabilities["browserVersion"])


def kept(path: Path) -> dict[str, Any]:
    """Return what earlier runs measured."""
    if not path.exists():
        return {}
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return told

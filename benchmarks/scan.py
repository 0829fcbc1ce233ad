"""How fast a scan is: beside a pandas script and a hand-written query, from columns, from stores.

Run `python -m benchmarks.scan` (a million contracts, five million reports) on a quiet machine, or
`--quick` to see that it runs; it prints what it measures and writes docs/benchmarks-scan.md with
its plots. Every stage is a process of its own, so that its time and its memory are its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.scan_page import page
from benchmarks.scan_plots import plots
from benchmarks.scan_stages import AS_OF, POLICIES

DOCS = Path(__file__).parents[1] / "docs"
WHEELS = ("duckdb", "numpy", "pyarrow", "pandas", "SQLAlchemy", "psycopg")
GROWTH = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000)
SMALL_CHANGE = 0.01
PARTS = ("peers", "pure", "stores", "growth")
Found = dict[str, Any]


@dataclass(slots=True)
class Run:
    """What one run of the benchmark was asked, and everything that its stages told."""

    command: str
    contracts: int
    peer_contracts: list[int]
    growth: list[int]
    stages: dict[str, Found] = field(default_factory=dict)
    machine: Found = field(default_factory=dict)

    kept_in: str = ""

    def measure(self, name: str, stage: str, *, turn: int = 1, **given: Any) -> Found:
        """Run a stage in a process of its own; keep what it told, of several turns the quickest.

        A turn that an earlier, broken-off run has measured is not measured again.
        """
        best = self.stages.get(name, {})
        if best.get("turns", 0) >= turn:
            return best
        before = os.getloadavg()[0]
        words = [sys.executable, "-m", "benchmarks.scan_stages", stage, json.dumps(given)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{name}: {done.stdout}{done.stderr}")
        found: Found = json.loads(done.stdout.splitlines()[-1]) | {"load": before}
        quicker = found.get("wall_s", 0) < best.get("wall_s", float("inf"))
        self.stages[name] = (found if quicker else best) | {"turns": turn}
        self.save()
        shown = {key: value for key, value in found.items() if key not in ("counts", "sha256")}
        print(f"{datetime.now(UTC):%H:%M:%S} {name}: {json.dumps(shown)}", flush=True)
        return found

    def save(self) -> None:
        """Write all that is known so far down."""
        Path(self.kept_in).write_text(json.dumps(asdict(self), indent=1), "utf-8")


def measured(run: Run, folder: Path, asked: argparse.Namespace) -> None:
    """Measure everything that was asked for."""
    urls = [str(folder / "store.gpkg"), *([asked.url] if asked.url else [])]
    acts: dict[str, Callable[[], None]] = {
        "peers": lambda: peers(run, folder),
        "pure": lambda: pure(run, folder, asked.repeats),
        "stores": lambda: stores(run, folder, urls),
        "growth": lambda: growth(run, folder),
    }
    for part in asked.parts:
        acts[part]()
    run.machine["load"] = os.getloadavg()
    run.save()


def made(run: Run, folder: Path, contracts: int) -> str:
    """Return the folder of a made ledger of so many contracts."""
    there = folder / f"ledger-{contracts}"
    there.mkdir(exist_ok=True)
    run.measure(f"make {contracts}", "make", folder=str(there), contracts=contracts)
    return str(there)


def peers(run: Run, folder: Path) -> None:
    """Measure the pandas script on a few sizes, its outcomes held against landwatch's at each."""
    for contracts in run.peer_contracts:
        there = made(run, folder, contracts)
        run.measure(f"by_rows {contracts}", "by_rows", folder=there, keep=True)
        run.measure(f"landwatch {contracts}", "landwatch", folder=there, keep=True)
        held(run, f"by_rows {contracts}", there, "by_rows")
    small = folder / "peer.gpkg"
    there = made(run, folder, run.peer_contracts[0])
    run.measure("fill peer", "fill", folder=there, url=str(small))
    run.measure("by_rows store", "by_rows_from_store", path=str(small))
    small.unlink(missing_ok=True)


def pure(run: Run, folder: Path, repeats: int) -> None:
    """Measure columns to outcomes at full size: landwatch and the hand-written query in turn."""
    there = made(run, folder, run.contracts)
    for turn in range(1, repeats + 1):
        keep = turn == repeats
        run.measure("by_hand", "by_hand", turn=turn, folder=there, keep=keep)
        run.measure("landwatch", "landwatch", turn=turn, folder=there, keep=keep)
    held(run, "by_hand", there, "by_hand")
    for file in Path(there).glob("ours-*.parquet"):
        file.unlink()


def held(run: Run, name: str, there: str, other: str) -> None:
    """End the benchmark where two ways of deciding differ in a row."""
    found = run.measure(f"equal {name}", "equal", folder=there, other=other)
    if found["differ"]:
        raise SystemExit(f"{name} and landwatch differ: {found['differ']}")


def stores(run: Run, folder: Path, urls: Sequence[str]) -> None:
    """Measure store to kept findings: first, again, a day later, after a small import."""
    there = made(run, folder, run.contracts)
    for url in urls:
        kind = "PostGIS" if "://" in url else "GeoPackage"
        run.measure(f"{kind} fill", "fill", folder=there, url=url)
        run.measure(f"{kind} first", "scan", url=url)
        run.measure(f"{kind} whole", "scan", url=url)
        later = run.measure(f"{kind} day later", "scan", url=url, days_later=1, whole=False)
        again = run.measure(f"{kind} day later, whole", "scan", url=url, days_later=1)
        alike(run, url, f"{kind} day later", later, again)
        run.measure(f"{kind} change", "change", folder=there, url=url, share=SMALL_CHANGE)
        small = run.measure(f"{kind} changed", "scan", url=url, days_later=1, whole=False)
        again = run.measure(f"{kind} changed, whole", "scan", url=url, days_later=1)
        alike(run, url, f"{kind} changed", small, again)


def alike(run: Run, url: str, name: str, *scans: Found) -> None:
    """End the benchmark where two scans of one day and knowledge differ."""
    numbers = [one["scan_id"] for one in scans]
    if not run.measure(f"same {name}", "same", url=url, scans=numbers)["same"]:
        raise SystemExit(f"{name}: scans {numbers} differ")


def growth(run: Run, folder: Path) -> None:
    """Measure columns to outcomes at growing sizes."""
    for contracts in run.growth:
        if contracts != run.contracts:
            there = made(run, folder, contracts)
            run.measure(f"landwatch {contracts}", "landwatch", folder=there)
            run.measure(f"by_hand {contracts}", "by_hand", folder=there)
            for file in Path(there).glob("*.parquet"):
                file.unlink()


def machine() -> Found:
    """Return where this ran."""
    chip = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "system": f"{platform.system()} {platform.machine()}, {chip}, {os.cpu_count()} cores, "
        f"{memory:,.0f} GB",
        "python": platform.python_version(),
        "wheels": {name: version(name) for name in WHEELS},
        "policies": POLICIES,
        "as_of": str(AS_OF),
        "on": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--contracts", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it runs")
    parser.add_argument("--repeats", type=int, default=2, help="of columns to outcomes; best told")
    parser.add_argument("--url", help="also measure this (empty!) PostgreSQL database")
    parser.add_argument("--folder", type=Path, help="where to work (some 10 GB), and to go on")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="only some")
    parser.add_argument("--out", type=Path, default=DOCS, help="where the page and plots go")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = asked.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        run = begun(asked, folder / "benchmarks-scan.json")
        measured(run, folder, asked)
    if len(asked.parts) < len(PARTS):
        return  # the page tells of whole runs
    told = asdict(run)
    asked.out.mkdir(exist_ok=True)
    for name, text in [*plots(told), ("benchmarks-scan.md", page(told))]:
        (asked.out / name).write_text(text, "utf-8")


def begun(asked: argparse.Namespace, kept_in: Path) -> Run:
    """Return the run of a folder that was broken off, or a new one."""
    if kept_in.exists():
        return Run(**json.loads(kept_in.read_text("utf-8")))
    contracts = 2_000 if asked.quick else asked.contracts
    plain = "--quick" if asked.quick else f"--contracts {contracts}"
    return Run(
        command=f"python -m benchmarks.scan {plain} --repeats {asked.repeats}",
        contracts=contracts,
        peer_contracts=[100, 200, 400] if asked.quick else [5_000, 10_000, 20_000],
        growth=[500, 1_000, 2_000] if asked.quick else [n for n in GROWTH if n <= 3 * contracts],
        machine=machine(),
        kept_in=str(kept_in),
    )


if __name__ == "__main__":
    main()

"""How long a whole store takes from a file to a server and back, and whether its findings stay.

Run `python -m benchmarks.copy_store --parcels 1000000`: it makes a GeoPackage of made-up parcels,
contracts and reports, starts a PostgreSQL of its own, runs `landwatch copy` both ways, scans the
file, the server and the file that came back, each in a process of its own, compares all outcomes
byte by byte and writes docs/benchmarks-copy.md. Read the ratios: the seconds are the machine's.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import numpy as np
import shapely

from benchmarks.scan_stages import POLICIES, Found
from landwatch.language.columns import Kind
from landwatch.store import blobs
from landwatch.store.gpkg_dialect import gpkg_engine
from landwatch.store.models import Import, table_of, table_of_model
from landwatch.store.opening import create_store
from landwatch.store.registration import note_change
from tests.conftest import PostgresServer

SEED = 20210701
ROOT = Path(__file__).resolve().parents[1]
_AT_ONCE = 20_000
_CORNERS = 12
_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Run:
    """One way of copying, measured from outside."""

    name: str
    rows: int
    wall_s: float
    cpu_s: float
    peak_mb: float


def outlines(random: np.random.Generator, first: int, count: int) -> list[bytes]:
    """Return WKB of parcels of twelve corners, about 200 m across, side by side in a county."""
    number = np.arange(first, first + count)
    west, south = 103 + number % 1000 * 0.003, 35 + number // 1000 * 0.003
    turn = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    reach = random.uniform(0.0006, 0.0012, (count, _CORNERS))
    x = west[:, None] + reach * np.cos(turn)
    y = south[:, None] + reach * np.sin(turn)
    polygons = shapely.polygons(np.stack([x, y], axis=-1))
    return list(shapely.to_wkb(shapely.multipolygons(polygons, indices=np.arange(count))))


def parcels(random: np.random.Generator, first: int, count: int) -> Iterator[tuple[Any, ...]]:
    """Yield rows of the table of parcels."""
    areas = random.uniform(2_000, 90_000, count).round(4).tolist()
    shapes = blobs.packed_wkb(outlines(random, first, count))
    for i, (area, shape) in enumerate(zip(areas, shapes, strict=True), first):
        key = f"LZ{i:08d}"
        digest = hashlib.sha256(key.encode()).digest()[:16]
        told = f'{{"宗地编号": "{key}", "宗地面积": "{area}", "用途": "工业用地"}}'
        yield (key, 1, None, i + 2, told, digest, key, f"Z{i % 40}", "工业用地", area, shape)


_PARCELS = (
    "record_key", "import_id", "source_sheet", "source_row", "as_read", "content_hash",
    "parcel_id", "zone_id", "land_use", "area_m2", "geometry",
)  # fmt: skip


def contracts(random: np.random.Generator, first: int, count: int) -> Iterator[tuple[Any, ...]]:
    """Yield rows of the table of contracts."""
    areas = random.uniform(2_000, 90_000, count).round(2).tolist()
    prices = random.uniform(100, 9_000, count).round(2).tolist()
    for i, (area, price) in enumerate(zip(areas, prices, strict=True), first):
        key = f"6201002012B{i:08d}"
        digest = hashlib.sha256(key.encode()).digest()[:16]
        day = f"{2010 + i % 12}-{1 + i % 12:02d}-{1 + i % 28:02d}"
        told = f'{{"电子监管号": "{key}", "出让面积": "{area}", "成交价格": "{price}"}}'
        yield (
            key, 2, "供地", i + 2, told, digest, key, f"LZ{i:08d}", "grant",
            f"甘肃第{i % 7000}装备制造有限公司", area, price, day, day,
        )  # fmt: skip


_CONTRACTS = (
    "record_key", "import_id", "source_sheet", "source_row", "as_read", "content_hash",
    "contract_id", "parcel_id", "instrument", "holder", "area_m2", "price_wan", "signed_on",
    "agreed_start_on",
)  # fmt: skip


def reports(random: np.random.Generator, first: int, count: int) -> Iterator[tuple[Any, ...]]:
    """Yield rows of the table of progress: one contract in four was looked at lately."""
    days = random.integers(1, 28, count).tolist()
    started = (random.random(count) < 0.5).tolist()
    for i, (day, begun) in enumerate(zip(days, started, strict=True), first):
        if i % 4:
            continue
        contract, on = f"6201002012B{i:08d}", f"2026-02-{day:02d}"
        key = f"{contract}|{on}|inspection|"
        digest = hashlib.sha256(key.encode()).digest()[:16]
        yield key, 3, None, i + 2, "{}", digest, contract, on, "inspection", int(begun)


_REPORTS = (
    "record_key", "import_id", "source_sheet", "source_row", "as_read", "content_hash",
    "contract_id", "observed_on", "source", "started",
)  # fmt: skip
_MADE = (
    (Kind.PARCELS, _PARCELS, parcels),
    (Kind.CONTRACTS, _CONTRACTS, contracts),
    (Kind.PROGRESS, _REPORTS, reports),
)


def make_store(path: Path, count: int) -> int:
    """Make a GeoPackage of so many parcels and contracts; return how many rows it has."""
    store, rows_made = create_store(str(path)), 0
    for name in POLICIES:
        store.adopt(name, by="benchmark")
    random = np.random.default_rng(SEED)
    engine = gpkg_engine(path, 5).execution_options(writing=True)
    with engine.connect() as connection, connection.begin():
        for number, (kind, _, _) in enumerate(_MADE, start=1):
            connection.execute(
                table_of_model(Import).insert(),
                {
                    "import_id": number, "kind": kind.value, "source_name": f"{kind.value}.gpkg",
                    "sha256": hashlib.sha256(kind.value.encode()).hexdigest(), "size": count,
                    "recorded_at": datetime.now(UTC), "recorded_by": "benchmark",
                    "rows_new": count, "rows_changed": 0, "rows_unchanged": 0, "note": "{}",
                },
            )  # fmt: skip
        for kind, names, rows_of in _MADE:
            table = table_of(kind).name
            insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES"
            places = ", ".join("?" * len(names))
            for first in range(0, count, _AT_ONCE):
                rows = list(rows_of(random, first, min(_AT_ONCE, count - first)))
                connection.exec_driver_sql(f"{insert} ({places})", rows)
                rows_made += len(rows)
            note_change(connection, table, "geometry" in table_of(kind).columns)
    return rows_made


def copied(name: str, rows: int, source: str, target: str) -> Run:
    """Run `landwatch copy` in a process of its own and measure it."""
    words = [sys.executable, "-m", "landwatch.cli", "copy", source, target, "--lang", "en"]
    return ran(name, rows, words, subprocess.DEVNULL)


def scanned(name: str, rows: int, url: str, answer: Path) -> tuple[Run, Found]:
    """Scan a store in a process of its own; return what that took, and what was found."""
    words = [sys.executable, "-m", "benchmarks.copy_findings", url]
    with answer.open("wb") as output:
        run = ran(name, rows, words, output)
    return run, json.loads(answer.read_text("utf-8").splitlines()[-1])


def ran(name: str, rows: int, words: list[str], output: IO[bytes] | int) -> Run:
    """Run a program in a process of its own and measure it."""
    began = time.monotonic()
    process = subprocess.Popen(words, cwd=ROOT, stdout=output)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name}: exit code {process.returncode}")
    wall = time.monotonic() - began
    return Run(name, rows, wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / _MB)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was run, what each scan found, how large the file is, and on which server."""

    runs: list[Run]
    found: dict[str, Found]
    size_mb: float
    server: str


def measured(count: int, folder: Path, *, twin: bool) -> Measured:
    """Copy a made store to a server and back (and to a file), and scan it at each place."""
    made, back = folder / "made.gpkg", folder / "back.gpkg"
    rows = make_store(made, count)
    place = Path(tempfile.mkdtemp(prefix="lwcopy", dir="/tmp"))  # a socket's path must be short
    server = PostgresServer(place)
    try:
        server.start()
        server.sql("CREATE DATABASE copied TEMPLATE with_postgis")
        url = server.url("copied")
        runs = [
            copied("GeoPackage → PostGIS", rows, str(made), url),
            copied("PostGIS → GeoPackage", rows, url, str(back)),
        ]
        found = dict[str, Found]()
        places = {"GeoPackage": str(made), "PostGIS": url, "GeoPackage that came back": str(back)}
        for name, where in places.items():
            run, found[name] = scanned(f"scan of the {name}", rows, where, folder / "answer")
            runs.append(run)
        if twin:
            runs.append(
                copied("GeoPackage → GeoPackage", rows, str(made), str(folder / "twin.gpkg"))
            )
        told = subprocess.run(
            ["psql", "-AtqX", "-h", place, "-U", "postgres", "-d", "copied", "-c",
             "SELECT split_part(version(), ' ', 2) || ', PostGIS ' || postgis_lib_version()"],
            check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        return Measured(runs, found, made.stat().st_size / _MB, told)
    finally:
        server.stop()
        shutil.rmtree(place, ignore_errors=True)


def page(count: int, taken: Measured) -> str:
    """Return the document."""
    table = "\n".join(
        f"| {run.name} | {run.rows:,} | {run.wall_s:.1f} | {run.cpu_s:.1f} |"
        f" {run.rows / run.wall_s:,.0f} | {run.peak_mb:.0f} |"
        for run in taken.runs
    )
    digests = {one["sha256"] for one in taken.found.values()}
    if len(digests) > 1:
        raise SystemExit(f"the findings differ: {taken.found}")
    one = next(iter(taken.found.values()))
    counts = ", ".join(f"{number:,} {status}" for status, number in sorted(one["counts"].items()))
    return f"""# Copying a store

Written by `python -m benchmarks.copy_store --parcels {count}` on {datetime.now(UTC):%Y-%m-%d}.

`landwatch copy` reads every table of a store, writes it into the other, makes the indexes, then
reads both stores once more and compares the rows and the hash of every table; the time is that of
all of it. Peak memory is that of the process that copies. The bar: below 1,024 MB.

Then the file, the server and the file that came back are scanned, each as a store of its own, and
kept; the time of a scan is that from the rows to the kept findings and their hash.

| run | rows | wall s | CPU s | rows a second | peak MB |
|---|---:|---:|---:|---:|---:|
{table}

**The findings are equal byte for byte**: {one["outcomes"]:,} outcomes of {one["rules"]} rules on
{one["as_of"]} ({counts}),
as a CSV by contract and rule without the scan's number, SHA-256 `{one["sha256"][:16]}…` at all
three places.

{_notes(count, taken.size_mb, taken.server)}
"""


def _notes(count: int, size_mb: float, server: str) -> str:
    """Return what was copied, on which machine, with which versions."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    used = ", ".join(f"{name} {version(name)}" for name in ("SQLAlchemy", "psycopg", "shapely"))
    return (
        f"- A made-up store of {count:,} parcels ({_CORNERS} corners each), {count:,} contracts and"
        f" a report on every fourth, {size_mb:,.0f} MB (seed {SEED}); a private PostgreSQL {server}"
        f" over a socket, without fsync.\n- {platform.system()} {platform.machine()},"
        f" {os.cpu_count()} cores shared with other work (load {load} at the end),"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; {used}. Trust the"
        f" ratios, not the seconds."
    )


def main() -> None:
    """Measure and write the document."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--parcels", type=int, default=100_000)
    options.add_argument("--twin", action="store_true", help="copy the file to a file, too")
    options.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "benchmarks-copy.md")
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        taken = measured(told.parcels, Path(folder), twin=told.twin)
    told.output.write_text(page(told.parcels, taken), encoding="utf-8")
    sys.stdout.write(told.output.read_text("utf-8"))


if __name__ == "__main__":
    main()

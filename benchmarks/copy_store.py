"""How long a whole store takes from a file to a server and back, and how much memory.

Run `python -m benchmarks.copy_store --parcels 1000000`: it makes a GeoPackage of made-up parcels
and contracts, starts a PostgreSQL of its own, runs `landwatch copy` both ways, each in a process of
its own, and writes docs/benchmarks-copy.md. Read the ratios: the seconds are those of the machine.
"""

from __future__ import annotations

import argparse
import hashlib
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
from typing import Any

import numpy as np
import shapely

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


def make_store(path: Path, count: int) -> None:
    """Make a GeoPackage of so many parcels and as many contracts, straight into its tables."""
    create_store(str(path))
    random = np.random.default_rng(SEED)
    engine = gpkg_engine(path, 5).execution_options(writing=True)
    with engine.connect() as connection, connection.begin():
        for number, kind in ((1, Kind.PARCELS), (2, Kind.CONTRACTS)):
            connection.execute(
                table_of_model(Import).insert(),
                {
                    "import_id": number, "kind": kind.value, "source_name": f"{kind.value}.gpkg",
                    "sha256": hashlib.sha256(kind.value.encode()).hexdigest(), "size": count,
                    "recorded_at": datetime.now(UTC), "recorded_by": "benchmark",
                    "rows_new": count, "rows_changed": 0, "rows_unchanged": 0, "note": "{}",
                },
            )  # fmt: skip
        for kind, names, rows_of in (
            (Kind.PARCELS, _PARCELS, parcels),
            (Kind.CONTRACTS, _CONTRACTS, contracts),
        ):
            table = table_of(kind).name
            insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES"
            places = ", ".join("?" * len(names))
            for first in range(0, count, _AT_ONCE):
                rows = list(rows_of(random, first, min(_AT_ONCE, count - first)))
                connection.exec_driver_sql(f"{insert} ({places})", rows)
            note_change(connection, table, "geometry" in table_of(kind).columns)


def copied(name: str, rows: int, source: str, target: str) -> Run:
    """Run `landwatch copy` in a process of its own and measure it."""
    words = [sys.executable, "-m", "landwatch.cli", "copy", source, target, "--lang", "en"]
    began = time.monotonic()
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name}: exit code {process.returncode}")
    wall = time.monotonic() - began
    return Run(name, rows, wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / _MB)


def measured(count: int, folder: Path) -> tuple[list[Run], float, str]:
    """Copy a made store to a server and back; return the runs, the file's size, the server."""
    made, back = folder / "made.gpkg", folder / "back.gpkg"
    make_store(made, count)
    place = Path(tempfile.mkdtemp(prefix="lwcopy", dir="/tmp"))  # a socket's path must be short
    server = PostgresServer(place)
    try:
        server.start()
        server.sql("CREATE DATABASE copied TEMPLATE with_postgis")
        rows, url = 2 * count, server.url("copied")
        runs = [
            copied("GeoPackage → PostGIS", rows, str(made), url),
            copied("PostGIS → GeoPackage", rows, url, str(back)),
            copied("GeoPackage → GeoPackage", rows, str(made), str(folder / "twin.gpkg")),
        ]
        told = subprocess.run(
            ["psql", "-AtqX", "-h", place, "-U", "postgres", "-d", "copied", "-c",
             "SELECT split_part(version(), ' ', 2) || ', PostGIS ' || postgis_lib_version()"],
            check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        return runs, made.stat().st_size / _MB, told
    finally:
        server.stop()
        shutil.rmtree(place, ignore_errors=True)


def page(count: int, runs: list[Run], size_mb: float, server: str) -> str:
    """Return the document."""
    table = "\n".join(
        f"| {run.name} | {run.rows:,} | {run.wall_s:.1f} | {run.cpu_s:.1f} |"
        f" {run.rows / run.wall_s:,.0f} | {run.peak_mb:.0f} |"
        for run in runs
    )
    return f"""# Copying a store

Written by `python -m benchmarks.copy_store --parcels {count}` on {datetime.now(UTC):%Y-%m-%d}.

`landwatch copy` reads every table of a store, writes it into the other, makes the indexes, then
reads both stores once more and compares the rows and the hash of every table; the time is that of
all of it. Peak memory is that of the process that copies. The bar: below 1,024 MB.

| copy | rows | wall s | CPU s | rows a second | peak MB |
|---|---:|---:|---:|---:|---:|
{table}

{_notes(count, size_mb, server)}
"""


def _notes(count: int, size_mb: float, server: str) -> str:
    """Return what was copied, on which machine, with which versions."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    used = ", ".join(f"{name} {version(name)}" for name in ("SQLAlchemy", "psycopg", "shapely"))
    return (
        f"- A made-up store of {count:,} parcels ({_CORNERS} corners each) and {count:,} contracts,"
        f" {size_mb:,.0f} MB (seed {SEED}); a private PostgreSQL {server} over a socket, without"
        f" fsync.\n- {platform.system()} {platform.machine()}, {os.cpu_count()} cores shared with"
        f" other work (load {load} at the end), Python {platform.python_version()}, SQLite"
        f" {sqlite3.sqlite_version}; {used}. Trust the ratios, not the seconds."
    )


def main() -> None:
    """Measure and write the document."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--parcels", type=int, default=100_000)
    options.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "benchmarks-copy.md")
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        runs, size_mb, server = measured(told.parcels, Path(folder))
    told.output.write_text(page(told.parcels, runs, size_mb, server), encoding="utf-8")
    sys.stdout.write(told.output.read_text("utf-8"))


if __name__ == "__main__":
    main()

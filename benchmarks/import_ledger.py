"""Imports of large files beside pandas.to_sql and ogr2ogr: rows a second and peak memory of each.

Run `python -m benchmarks.import_ledger --rows 1000000 --megabytes 300` on a quiet machine; it
prints and writes the tables of docs/benchmarks-import.md. Every run is a process of its own; its
CPU time and its peak memory are what the system counted of it and of its children.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from benchmarks.import_files import (
    BYTES_A_PARCEL,
    CORNERS,
    HEADERS,
    SEED,
    write_contracts,
    write_parcels,
    write_workbook,
)

DOC = Path(__file__).parents[1] / "docs" / "benchmarks-import.md"
SHEET_ROWS = 50_000
TO_SQL = """
import sqlite3, sys
import pandas as pd
source, target, at_once = sys.argv[1], sys.argv[2], int(sys.argv[3])
with sqlite3.connect(target) as connection:
    if source.endswith(".xlsx"):
        parts = [pd.read_excel(source, dtype=str)]
    elif at_once:
        parts = pd.read_csv(source, dtype=str, chunksize=at_once)
    else:
        parts = [pd.read_csv(source, dtype=str)]
    for part in parts:
        part.to_sql("contracts", connection, index=False, if_exists="append")
"""
Command: TypeAlias = "list[str | Path]"
DRIVERS = ("pandas", "geopandas", "fiona", "pyogrio", "openpyxl", "python-calamine", "SQLAlchemy")


LAUNCH = """
import os, sys, time
began = time.perf_counter()
child = os.spawnvp(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(child, 0)
told = time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
print("\\n", os.waitstatus_to_exitcode(status), *told)
"""
"""A small process in between: a child's peak memory begins with that of the one it was born of."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run took of the machine."""

    name: str
    rows: int
    wall_s: float
    cpu_s: float
    peak_mb: float

    @property
    def line(self) -> str:
        """Return the run as a line of the table."""
        rate = self.rows / self.cpu_s
        return (
            f"| {self.name} | {self.rows:,} | {self.wall_s:,.1f} | {self.cpu_s:,.1f} "
            f"| {rate:,.0f} | {self.peak_mb:,.0f} |"
        )


def run(name: str, rows: int, command: Command) -> Ran:
    """Run a command to its end and return what it took; one that fails ends the benchmark."""
    launch = [sys.executable, "-I", "-S", "-c", LAUNCH, *map(str, command)]
    done = subprocess.run(launch, capture_output=True, text=True, check=False)
    code, *told = done.stdout.rsplit("\n", 2)[-2].split()
    if code != "0":
        raise SystemExit(f"{name}: {code}\n{done.stdout}{done.stderr}")
    ran = Ran(name, rows, *map(float, told))
    print(ran.line, flush=True)
    return ran


class Landwatch:
    """The imports of one store."""

    def __init__(self, store: Path) -> None:
        """Make the store."""
        self._store = store
        subprocess.run(self._verb("init"), check=True, capture_output=True)

    def _verb(self, *words: str | Path) -> Command:
        return [sys.executable, "-m", "landwatch", *words, "--store", self._store]

    def take_in(self, name: str, rows: int, kind: str, file: Path, *options: str) -> Ran:
        """Import a file."""
        return run(name, rows, self._verb("import", kind, file, "--by", "benchmark", *options))


def tables(rows: int, folder: Path, *, once: bool) -> list[Ran]:
    """Measure delimited text: first, unchanged, mended, GBK; then pandas and ogr2ogr."""
    utf8 = write_contracts(folder / "contracts.csv", rows)
    ours = Landwatch(folder / "contracts.gpkg")
    sql: Command = [sys.executable, "-c", TO_SQL, utf8]
    runs = [ours.take_in("landwatch import", rows, "contracts", utf8)]
    if not once:
        gbk = write_contracts(folder / "gbk.csv", rows, encoding="gbk")
        mended = write_contracts(folder / "mended.csv", rows, changed=True)
        runs += [
            ours.take_in("landwatch import, the same file again", rows, "contracts", utf8),
            ours.take_in("landwatch import, 1 % of rows mended", rows, "contracts", mended),
            ours.take_in("landwatch import --dry-run, GBK", rows, "contracts", gbk, "--dry-run"),
        ]
    return [
        *runs,
        run("pandas.read_csv + to_sql", rows, [*sql, folder / "whole.db", "0"]),
        run("pandas.read_csv(chunksize=50000) + to_sql", rows, [*sql, folder / "p.db", "50000"]),
        run("ogr2ogr CSV → GPKG", rows, ["ogr2ogr", folder / "ogr.gpkg", utf8]),
    ]


def workbooks(rows: int, folder: Path) -> list[Ran]:
    """Measure a workbook."""
    book = write_workbook(folder / "contracts.xlsx", rows)
    sql: Command = [sys.executable, "-c", TO_SQL, book, folder / "book.db", "0"]
    ours = Landwatch(folder / "book.gpkg")
    return [
        ours.take_in("landwatch import", rows, "contracts", book),
        run("pandas.read_excel + to_sql", rows, sql),
    ]


def outlines(megabytes: int, folder: Path, *, once: bool) -> tuple[list[Ran], float]:
    """Measure a GeoPackage of parcels; return its size in MB as well."""
    count = megabytes * 1_000_000 // BYTES_A_PARCEL
    parcels = write_parcels(folder / "parcels.gpkg", count)
    ours = Landwatch(folder / "ground.gpkg")
    moved: Command = ["ogr2ogr", "-t_srs", "EPSG:4490", folder / "moved.gpkg", parcels]
    runs = [ours.take_in("landwatch import", count, "parcels", parcels)]
    if not once:
        again = "landwatch import, the same file again"
        runs.append(ours.take_in(again, count, "parcels", parcels))
    runs.append(run("ogr2ogr GPKG → GPKG, -t_srs EPSG:4490", count, moved))
    return runs, parcels.stat().st_size / 1e6


HEAD = """| run | rows | wall s | CPU s | rows per CPU second | peak MB |
|---|---:|---:|---:|---:|---:|
"""


def page(runs: dict[str, list[Ran]], command: str) -> str:
    """Return the page of the documentation."""
    parts = [
        "# Imports of large files",
        f"Written by `{command}` on {datetime.now(UTC):%Y-%m-%d}.",
        _READ,
    ]
    for title, lines in runs.items():
        parts.append(f"## {title}\n\n{HEAD}" + "\n".join(ran.line for ran in lines))
    parts.append(_machine())
    return "\n\n".join(parts) + "\n"


_READ = """\
pandas and ogr2ogr do far less: they copy text into a table. landwatch reads every cell by what its
column means, in the unit of its header, holds the cells of a row against each other and the rows
against the file and the ledger, keeps each row's source cells, and writes only what is new, in one
transaction that another program never sees half done. The question that the table answers is
whether the memory stays flat and the time bearable, not who copies faster.

Rows a second are of CPU time (user and system, children too), because other work shares the
machine; peak memory is the largest resident set of the process or of a child. The bar: every run of
landwatch stays below 1,024 MB."""


def _machine() -> str:
    drivers = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in DRIVERS)
    gdal = subprocess.run(["ogr2ogr", "--version"], capture_output=True, text=True, check=True)
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    return (
        f"- Made-up files (benchmarks/import_files.py, seed {SEED}): contracts of {len(HEADERS)} "
        f"columns, a third of them with a sentinel date to remark on; parcels of {CORNERS} "
        "corners in a 3° belt.\n"
        f"- {platform.system()} {platform.machine()}, {os.cpu_count()} cores shared with other "
        f"work (load {load} at the end), Python {platform.python_version()}; {drivers}; "
        f"{gdal.stdout.split(',')[0]} for ogr2ogr. Trust the ratios, not the seconds."
    )


def main() -> None:
    """Measure, print and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--megabytes", type=int, default=20, help="of the GeoPackage")
    parser.add_argument("--once", action="store_true", help="only the first import of each file")
    parser.add_argument("--out", type=Path, default=DOC)
    asked = parser.parse_args()
    runs: dict[str, list[Ran]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs[f"A CSV of {asked.rows:,} contracts"] = tables(asked.rows, folder, once=asked.once)
        book_rows = min(asked.rows, SHEET_ROWS)
        runs[f"A workbook of {book_rows:,} contracts"] = workbooks(book_rows, folder)
        ground, size = outlines(asked.megabytes, folder, once=asked.once)
        runs[f"A GeoPackage of {ground[0].rows:,} parcels, {size:,.0f} MB"] = ground
    command = f"python -m benchmarks.import_ledger --rows {asked.rows} --megabytes "
    command += f"{asked.megabytes}{' --once' if asked.once else ''}"
    asked.out.write_text(page(runs, command), "utf-8")


if __name__ == "__main__":
    main()

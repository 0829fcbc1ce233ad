"""How fast rows go into a store and come out of it by columns, beside pandas in the same run.

pandas.to_sql and read_sql keep no source, no history and no exact number; they are what a user
would write without landwatch. Read the ratios: the seconds are those of the machine.
"""

from __future__ import annotations

import argparse
import hashlib
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from landwatch.language.columns import COLUMNS, Kind
from landwatch.language.records import Record, SourceFile
from landwatch.store import Store, create_store

CHUNK = 20_000
DAY = date(2010, 1, 1)


def values_of(i: int) -> dict[str, str | date | Decimal]:
    """Return a contract with 21 of its columns told, as a full ledger tells them."""
    signed = DAY + timedelta(days=i % 5000)
    return {
        "contract_id": f"6201002012B{i:08d}",
        "contract_no": f"兰国土出让〔{2010 + i % 15}〕{i}号",
        "parcel_id": f"LZ{i:08d}",
        "zone_id": f"Z{i % 40}",
        "instrument": "grant",
        "project_name": f"年产{i % 900}万吨装备制造项目",
        "location": f"兰州新区纬{i % 60}路",
        "division": "兰州新区",
        "holder": f"甘肃第{i % 7000}装备制造有限公司",
        "land_use": "工业用地",
        "area_m2": Decimal(1_000_000 + i % 900_000) / 100,
        "price_wan": Decimal(100_000 + i % 70_000) / 100,
        "signed_on": signed,
        "supplied_on": signed,
        "agreed_delivery_on": signed + timedelta(days=30),
        "agreed_start_on": signed + timedelta(days=180),
        "agreed_completion_on": signed + timedelta(days=900),
        "agreed_fixed_investment_wan": Decimal(300_000 + i % 1000) / 10,
        "agreed_intensity_wan_per_mu": Decimal(250 + i % 90),
        "agreed_far_min": Decimal("0.8"),
        "start_penalty_permille": Decimal("1"),
    }


def records(rows: int) -> Iterator[list[Record]]:
    """Return the contracts chunk by chunk, as a reader of files hands them in."""
    for start in range(0, rows, CHUNK):
        chunk = []
        for i in range(start, min(start + CHUNK, rows)):
            values = values_of(i)
            as_read = {name: str(value) for name, value in values.items()}
            chunk.append(Record(Kind.CONTRACTS, f"C{i}", values, "Sheet1", i + 2, as_read=as_read))
        yield chunk


def seconds(act: Callable[[], object]) -> float:
    """Return how long an act takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def take_in(store: Store, chunks: list[list[Record]], name: str) -> None:
    source = SourceFile(name, hashlib.sha256(name.encode()).hexdigest(), 1)
    with store.import_rows(Kind.CONTRACTS, source, recorded_by="bench") as writer:
        for chunk in chunks:
            writer.add(chunk)


def of_store(store: Store, chunks: list[list[Record]]) -> dict[str, float]:
    return {
        "import": seconds(lambda: take_in(store, chunks, "first")),
        "import again": seconds(lambda: take_in(store, chunks, "again")),
        "columns": seconds(lambda: store.columns(Kind.CONTRACTS)),
    }


def of_pandas(rows: int, path: Path) -> dict[str, float]:
    """Return what the plainest table takes, with the same 21 columns and the rest empty."""
    names = [column.name for column in COLUMNS[Kind.CONTRACTS]]
    frame = pd.DataFrame([values_of(i) for i in range(rows)]).reindex(columns=names)
    told = list(values_of(0))
    for name in told:
        if isinstance(frame[name][0], Decimal):
            frame[name] = frame[name].astype(float)
    days = [name for name in told if name.endswith("_on")]
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
    wrote = seconds(lambda: frame.to_sql("contracts", engine, index=False, chunksize=CHUNK))

    def read() -> None:
        with closing(sqlite3.connect(path)) as connection:
            pd.read_sql("SELECT * FROM contracts", connection, parse_dates=days)

    return {"import": wrote, "columns": seconds(read)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--url", help="also measure this (empty!) PostgreSQL database")
    asked = parser.parse_args()
    chunks = list(records(asked.rows))
    with tempfile.TemporaryDirectory() as folder:
        measured = {"pandas, SQLite": of_pandas(asked.rows, Path(folder) / "plain.db")}
        path = Path(folder) / "store.gpkg"
        measured["landwatch, GeoPackage"] = of_store(create_store(str(path)), chunks)
        size = path.stat().st_size / asked.rows
    if asked.url:
        measured["landwatch, PostGIS"] = of_store(create_store(asked.url), chunks)
    plain = measured["pandas, SQLite"]
    print(f"{asked.rows:,} contracts; the store's file has {size:,.0f} bytes a row")
    print(f"{'':24}{'':14}{'s':>8}{'rows/s':>12}{'of pandas':>11}")
    for who, times in measured.items():
        for what, took in times.items():
            ratio = f"×{took / plain[what]:.2f}" if what in plain else ""
            print(f"{who:24}{what:14}{took:8.2f}{asked.rows / took:12,.0f}{ratio:>11}")


if __name__ == "__main__":
    main()

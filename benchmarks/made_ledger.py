"""A likely ledger of any size, made by columns: for measuring, never for showing.

Run `python -m benchmarks.made_ledger --contracts 1000000` to see what it holds and what it took.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.made_contracts import (
    contracts_block,
    corrections_block,
    made_story,
    parcels_block,
    zones_block,
)
from benchmarks.made_events import event_blocks
from benchmarks.made_progress import progress_blocks
from benchmarks.made_store import fill
from benchmarks.made_table import stacked
from landwatch.language.columns import Kind

SEED = 20261122


def made_ledger(contracts: int, *, reports: int = 5, seed: int = SEED) -> dict[Kind, pa.Table]:
    """Return the tables that `Store.columns` would give of so many contracts.

    The same size and seed give the same cells. Imports are numbered in the order of recording:
    zones, parcels, contracts, events, reports wave by wave, and last the corrections.
    """
    rng = np.random.default_rng(seed)
    zones = max(8, contracts // 1000)
    story = made_story(contracts, zones, rng)
    tables = {
        Kind.ZONES: stacked([zones_block(zones, rng, 1)]),
        Kind.PARCELS: stacked([parcels_block(story, rng, 2)]),
    }
    first = contracts_block(story, rng, 3)
    tables[Kind.EVENTS] = stacked(event_blocks(story, rng, 4))
    tables[Kind.PROGRESS] = stacked(progress_blocks(story, reports, rng, 20))
    last = pc.max(tables[Kind.PROGRESS]["import_id"]).as_py() + 1
    tables[Kind.CONTRACTS] = stacked([first, corrections_block(story, rng, last)])
    return {kind: tables[kind] for kind in Kind}


def told_cells(table: pa.Table) -> int:
    """Return how many cells of a table are told."""
    return sum(table.num_rows - column.null_count for column in table.columns)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--contracts", type=int, default=100_000)
    parser.add_argument("--store", help="also put it into this new store")
    asked = parser.parse_args()
    began = time.perf_counter()
    tables = made_ledger(asked.contracts)
    took = time.perf_counter() - began
    for kind, table in tables.items():
        print(f"{kind:10}{table.num_rows:12,} rows {told_cells(table):14,} told cells")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"made in {took:.1f} s, peak {peak:,.0f} MB")
    if asked.store:
        began = time.perf_counter()
        fill(asked.store, tables)
        print(f"put into the store in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()

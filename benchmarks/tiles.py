"""How fast tiles are written, how large they are and how much memory it takes.

    python -m benchmarks.tiles --counts 100000 1000000 --out docs/benchmarks-tiles.md

Each count runs in a process of its own, so that the peak of memory is its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio

from benchmarks.map_parcels import AS_OF, made_up_parcels
from landwatch.mapping.style import CLASS_OF
from landwatch.mapping.tiles.attributes import Attribute, attribute
from landwatch.mapping.tiles.data import TileData, in_world_units
from landwatch.mapping.tiles.writing import LAST_ZOOM, LEAST_ZOOM, write_tiles

FORMS = ("mbtiles", "pmtiles")
PEER = "gdal"


def tile_data(frame: geopandas.GeoDataFrame) -> TileData:
    """Return made-up parcels as the tiles of a scan take them."""
    return TileData(
        shapes=in_world_units(frame.geometry.to_numpy()),
        ids=np.arange(len(frame)) + 1,
        told=told(frame),
        grave=np.array([CLASS_OF[gravity, False] for gravity in frame["gravity"]]),
        title="",
        as_of=AS_OF,
        contracts=len(frame),
    )


def told(frame: geopandas.GeoDataFrame) -> list[Attribute]:
    names = {"parcel": "parcel_id", "contract": "contract_id", "holder": "holder"}
    return [
        *(attribute(k, frame[v].tolist(), "String", identity=True) for k, v in names.items()),
        *(attribute(k, frame[k].tolist(), "String") for k in ("gravity", "rule", "zone")),
        attribute("class", frame["gravity"].tolist(), "String"),
        attribute("land_use", frame["land_use"].tolist(), "String"),
        attribute("days_past", frame["days_past"].tolist(), "Number"),
        attribute("area_mu", frame["area_mu"].tolist(), "Number"),
    ]


def measured(count: int, form: str, folder: Path) -> dict[str, Any]:
    """Write the tiles of `count` parcels and return what it took."""
    frame = made_up_parcels(count)
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    data = tile_data(frame)
    del frame
    ready = time.perf_counter()
    receipt = write_tiles(folder / f"{count}.{form}", data, lang="en")
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    zooms = [asdict(zoom) for zoom in receipt.zooms]
    return {
        "count": count,
        "form": form,
        "prepared": ready - began,
        "written": done - ready,
        "tiles": receipt.tiles,
        "bytes": receipt.bytes,
        "base_mb": base / 1024,
        "peak_mb": peak / 1024,
        "zooms": zooms,
    }


def measured_peer(count: int, folder: Path) -> dict[str, Any]:
    """Write the same parcels with GDAL's own driver of MBTiles, the same zooms."""
    frame = made_up_parcels(count).drop(columns=["explanation", "limit_on"])
    path = folder / "peer.mbtiles"
    began = time.perf_counter()
    pyogrio.write_dataframe(
        frame.to_crs(3857), path, layer="parcels", driver="MBTiles",
        dataset_options={"MINZOOM": str(LEAST_ZOOM), "MAXZOOM": str(LAST_ZOOM), "TYPE": "overlay"},
    )  # fmt: skip
    written = time.perf_counter() - began
    with closing(sqlite3.connect(path)) as base:
        [tiles] = base.execute("SELECT count(*) FROM tiles").fetchone()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "count": count, "form": "mbtiles", "written": written, "tiles": tiles,
        "bytes": path.stat().st_size, "peak_mb": peak,
    }  # fmt: skip


def page(runs: list[dict[str, Any]], peer: dict[str, Any] | None) -> str:
    """Return the page of the documents."""
    between = f"{LEAST_ZOOM}–{LAST_ZOOM}"
    lines = [
        "# 瓦片的性能 · Tiles, measured",
        "",
        f"虚构宗地（每宗 5–12 个角点，四座城市），两核、共用的机器；缩放 {between}，全部属性。  ",
        "Made-up parcels of 5 to 12 corners around four cities, two cores that others used too;",
        f"zooms {between}, all attributes. `python -m benchmarks.tiles`",
        "",
        "| parcels | written by | prepared | written | tiles | tiles/s | MB | largest | peak |",
        "|--:|---|--:|--:|--:|--:|--:|--:|--:|",
        *(_line(run) for run in [*runs, *([peer] if peer else [])]),
    ]
    last = runs[-1]
    lines += [
        "",
        f"内存为整个进程的峰值；造出宗地后、写瓦片前已是 {last['base_mb']:,.0f} MB（最后一行）。  ",
        "Memory is the peak of the whole process; before tiles were made it already was",
        f"{last['base_mb']:,.0f} MB (last line of ours), made-up parcels included.",
        "",
        f"## {last['count']:,} 宗地，逐级 · zoom by zoom",
        "",
        "| zoom | tiles | as areas | told by points | tell less | largest tile |",
        "|--:|--:|--:|--:|--:|--:|",
    ]
    for zoom in last["zooms"]:
        lines.append(
            f"| {zoom['zoom']} | {zoom['tiles']:,} | {zoom['areas']:,} | {zoom['points']:,} "
            f"| {zoom['thinned']:,} | {zoom['largest_bytes'] / 1000:,.1f} kB |"
        )
    return "\n".join(lines) + "\n"


def _line(run: dict[str, Any]) -> str:
    """Return what was measured as a line of the table; a peer tells less of itself."""
    largest = max((zoom["largest_bytes"] for zoom in run.get("zooms", [])), default=None)
    cells = [
        f"{run['count']:,}",
        f"landwatch, {run['form']}" if "zooms" in run else f"GDAL, {run['form']}",
        f"{run['prepared']:.1f} s" if "prepared" in run else "",
        f"{run['written']:.1f} s",
        f"{run['tiles']:,}",
        f"{run['tiles'] / run['written']:,.0f}",
        f"{run['bytes'] / 1e6:,.1f}",
        "" if largest is None else f"{largest / 1000:,.0f} kB",
        f"{run['peak_mb']:,.0f} MB",
    ]
    return f"| {' | '.join(cells)} |"


def in_a_process(count: int, form: str) -> dict[str, Any]:
    """Measure in a process of its own, so that the peak of memory is its own."""
    words = [sys.executable, "-m", "benchmarks.tiles", "--one", str(count), form]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
    run: dict[str, Any] = json.loads(done.stdout)
    print(f"{count:,} {form}: {run['written']:.1f} s", file=sys.stderr, flush=True)
    return run


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--counts", type=int, nargs="+", default=[100_000])
    options.add_argument("--forms", nargs="+", choices=FORMS, default=list(FORMS))
    options.add_argument("--peer", type=int, help="parcels for GDAL's own driver; 0 leaves it out")
    options.add_argument("--out", type=Path)
    options.add_argument("--one", nargs=2, metavar=("COUNT", "FORM"), help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.one:
        with tempfile.TemporaryDirectory() as folder:
            count, form = int(asked.one[0]), asked.one[1]
            if form == PEER:
                print(json.dumps(measured_peer(count, Path(folder))))
            else:
                print(json.dumps(measured(count, form, Path(folder))))
        return
    pairs = [(count, form) for count in asked.counts for form in asked.forms]
    runs = [in_a_process(*pair) for pair in pairs]
    peer = in_a_process(asked.peer, PEER) if asked.peer else None
    text = page(runs, peer)
    if asked.out:
        asked.out.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()

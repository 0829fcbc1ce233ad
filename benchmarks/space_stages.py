"""The questions that the benchmark of space asks, each answered by landwatch and by geopandas.

Both begin with the outlines as WKB, as a store hands them over, and end with the same table. The
answer of geopandas is what its users write: `overlay`, `sjoin`, `to_crs` before `area`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely

from landwatch.geo.areas import SLIVER_M2, SLIVER_WIDTH_M, areas_m2
from landwatch.geo.encroachment import redrawn
from landwatch.geo.overlaps import OverlapSearch
from landwatch.geo.overlay import locate_parcels
from landwatch.geo.zones import ZoneOutlines, zone_shares

EQUAL_AREA = "+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +ellps=GRS80"
"""The conic projection of equal areas that maps of China use."""
GEODESIC = pyproj.Geod(ellps="GRS80")
AT_ONCE = 20_000
Frame: TypeAlias = Any
"""A GeoDataFrame: geopandas tells no types."""


class Watch:
    """Counts the time on the wall and of the processor while it is entered."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.wall_s = self.cpu_s = 0.0

    def __enter__(self) -> None:
        self.wall_s -= time.perf_counter()
        self.cpu_s -= time.process_time()

    def __exit__(self, *_: object) -> None:
        self.wall_s += time.perf_counter()
        self.cpu_s += time.process_time()


@dataclass(frozen=True)
class Land:
    """The first parcels of the made-up land, and its parks."""

    folder: Path
    count: int

    def parcels(self, *columns: str) -> pa.Table:
        """Return some columns of the parcels."""
        file, groups, rows = pq.ParquetFile(self.folder / "parcels.parquet"), 0, 0
        while rows < self.count:
            rows += file.metadata.row_group(groups).num_rows
            groups += 1
        return file.read_row_groups(range(groups), columns=list(columns)).slice(0, self.count)

    @cached_property
    def zones(self) -> pa.Table:
        """Return the parks."""
        return pq.read_table(self.folder / "zones.parquet")

    def zone_frame(self) -> Frame:
        """Return the parks as geopandas holds them."""
        shapes = shapely.from_wkb(self.zones["geometry"].to_pylist())
        return gpd.GeoDataFrame(
            {"zone_id": self.zones["zone_id"].to_pylist()}, geometry=shapes, crs=4490
        )


def frame(parcels: pa.Table, outline: str = "geometry", **more: Iterable[object]) -> Frame:
    """Return valid parcels as geopandas holds them; the others would stop its overlays."""
    shapes = gpd.GeoSeries.from_wkb(parcels[outline].to_pylist(), crs=4490)
    every = gpd.GeoDataFrame(
        {"parcel_id": parcels["parcel_id"].to_pylist(), **more}, geometry=shapes
    )
    return every[every.is_valid]


def of_valid(found: pa.Table, parcels: pa.Table) -> Frame:
    """Return an answer without the parcels whose outline is invalid: geopandas has none of them."""
    names: set[str] = set()
    for start in range(0, len(parcels), AT_ONCE):
        some = parcels.slice(start, AT_ONCE)
        good = shapely.is_valid(shapely.from_wkb(some["geometry"].to_pylist()))
        names.update(some["parcel_id"].filter(pa.array(good)).to_pylist())
    kept = [name in names for name in found["parcel_id"].to_pylist()]
    return found.filter(pa.array(kept, pa.bool_())).to_pandas()


def land_of(pieces: Frame, by: list[str]) -> Frame:
    """Return the area of pieces in m², slivers left out, added up by some columns."""
    pieces = pieces.explode(index_parts=False)
    plane = pieces.geometry.to_crs(EQUAL_AREA)
    area = plane.area.to_numpy()
    wide = 2 * area / np.maximum(plane.length.to_numpy(), 1e-9)
    real = (area > SLIVER_M2) & (wide > SLIVER_WIDTH_M)
    return pieces[by][real].assign(area_m2=area[real]).groupby(by, as_index=False).sum()


def place_ours(land: Land, watch: Watch) -> Frame:
    parcels = land.parcels("parcel_id", "zone_id", "geometry")
    with watch:
        found = locate_parcels(parcels, land.zones)
    return of_valid(found, parcels)


def place_naive(land: Land, watch: Watch) -> Frame:
    """Join inner points with parks; of several the smallest, if it lies within all the others."""
    parcels = land.parcels("parcel_id", "geometry")
    with watch:
        zones, drawn = land.zone_frame(), frame(parcels)
        points = drawn.set_geometry(drawn.representative_point())
        hits = gpd.sjoin(points, zones, predicate="intersects")[["parcel_id", "zone_id"]]
        hits["size"] = hits["zone_id"].map(dict(zip(zones["zone_id"], zones.area, strict=True)))
        hits = hits.sort_values(["parcel_id", "size"])
        hits["first"] = hits.groupby("parcel_id")["zone_id"].transform("first")
        kept = hits[(hits["first"] == hits["zone_id"]) | ~_nested(hits, zones)]
    return kept[["parcel_id", "zone_id"]]


def _nested(hits: Frame, zones: Frame) -> Frame:
    """Tell of which hits the smallest park lies, but for 2 %, within the one that was hit too."""
    shapes = zones.set_index("zone_id").geometry
    pairs = hits[["first", "zone_id"]].drop_duplicates()
    small, large = (shapes.loc[pairs[name]].reset_index(drop=True) for name in pairs)
    inside = (small.intersection(large).area >= 0.98 * small.area).to_numpy()
    nested = set(pairs[inside].itertuples(index=False, name=None))
    pairs_of = zip(hits["first"], hits["zone_id"], strict=True)
    return pd.Series([pair in nested for pair in pairs_of], hits.index, dtype=bool)


def shares_ours(land: Land, watch: Watch) -> Frame:
    parcels = land.parcels("parcel_id", "geometry")
    with watch:
        found = zone_shares(parcels, land.zones)
    return found.to_pandas()


def shares_naive(land: Land, watch: Watch) -> Frame:
    parcels = land.parcels("parcel_id", "geometry")
    with watch:
        drawn = frame(parcels)
        drawn["whole_m2"] = drawn.to_crs(EQUAL_AREA).area
        pieces = gpd.overlay(drawn, land.zone_frame(), how="intersection")
        pieces["area_m2"] = pieces.to_crs(EQUAL_AREA).area
        pieces["share"] = pieces["area_m2"] / pieces["whole_m2"]
    return pieces.loc[pieces["area_m2"] > 0, ["parcel_id", "zone_id", "share", "area_m2"]]


def overlaps_ours(land: Land, watch: Watch) -> Frame:
    parcels = land.parcels("parcel_id", "geometry")
    with watch:
        wkb = np.array(parcels["geometry"].to_pylist(), dtype=object)
        boxes = np.empty((len(wkb), 4))
        for start in range(0, len(wkb), AT_ONCE):
            shapes = shapely.from_wkb(wkb[start : start + AT_ONCE])
            sound = shapely.is_valid(shapes)[:, None]
            boxes[start : start + AT_ONCE] = np.where(sound, shapely.bounds(shapes), np.nan)
        search = OverlapSearch(boxes, lambda places: shapely.from_wkb(wkb[places]))
        found = [(one.first, one.second, one.area_m2) for one in search if not one.sliver]
    assert not search.untried
    first, second, area = zip(*found, strict=True)
    names = parcels["parcel_id"]
    pairs = {"parcel_id": names.take(first).to_pylist(), "other": names.take(second).to_pylist()}
    return pd.DataFrame({**pairs, "area_m2": area})


def overlaps_naive(land: Land, watch: Watch) -> Frame:
    parcels = land.parcels("parcel_id", "geometry")
    with watch:
        drawn = frame(parcels)
        other = drawn.rename(columns={"parcel_id": "other"})
        pieces = gpd.overlay(drawn, other, how="intersection", keep_geom_type=True)
        found = land_of(pieces[pieces["parcel_id"] < pieces["other"]], ["parcel_id", "other"])
    return found


def areas_ours(land: Land, watch: Watch) -> Frame:
    parcels = land.parcels("parcel_id", "geometry")
    areas = []
    for start in range(0, len(parcels), AT_ONCE):
        shapes = shapely.from_wkb(parcels["geometry"].slice(start, AT_ONCE).to_pylist())
        with watch:
            areas.append(areas_m2(shapes))
    names = parcels["parcel_id"]
    return of_valid(pa.table({"parcel_id": names, "area_m2": np.concatenate(areas)}), parcels)


def areas_naive(land: Land, watch: Watch) -> Frame:
    """Measure one geodesic area after another: what is exact, and what one is told to use."""
    drawn = frame(land.parcels("parcel_id", "geometry"))
    with watch:
        areas = [abs(GEODESIC.geometry_area_perimeter(shape)[0]) for shape in drawn.geometry]
    return pd.DataFrame({"parcel_id": drawn["parcel_id"], "area_m2": areas})


def outside_ours(land: Land, watch: Watch) -> Frame:
    parcels = land.parcels("parcel_id", "park", "geometry")
    found = []
    with watch:
        outlines = zip(
            *(land.zones[name].to_pylist() for name in ("zone_id", "geometry")), strict=True
        )
        zones = ZoneOutlines(dict(outlines))
        for start in range(0, len(parcels), AT_ONCE):
            some = parcels.slice(start, AT_ONCE)
            shapes = shapely.from_wkb(some["geometry"].to_pylist())
            good = shapely.is_valid(shapes)
            named = [
                zone if sound else None
                for zone, sound in zip(some["park"].to_pylist(), good, strict=True)
            ]
            areas = zones.outside(shapes, named).areas_m2
            over = np.flatnonzero(areas > 0)
            found.append(
                pa.table({"parcel_id": some["parcel_id"].take(over), "area_m2": areas[over]})
            )
    return pa.concat_tables(found).to_pandas()


def outside_naive(land: Land, watch: Watch) -> Frame:
    parcels = land.parcels("parcel_id", "park", "geometry")
    with watch:
        drawn = frame(parcels, park=parcels["park"].to_pylist()).reset_index(drop=True)
        bounds = land.zone_frame().set_index("zone_id").geometry
        outside = drawn.difference(bounds.loc[drawn["park"]].reset_index(drop=True))
        found = land_of(drawn.set_geometry(outside)[~outside.is_empty], ["parcel_id"])
    return found


def grown_ours(land: Land, watch: Watch) -> Frame:
    parcels = land.parcels("key", "geometry", "now")
    now = parcels.select(["key", "now"]).rename_columns(["key", "geometry"])
    history = pa.concat_tables([parcels.select(["key", "geometry"]), now])
    with watch:
        found = [(one.key, one.more_m2) for one in redrawn(history)]
    return pd.DataFrame(found, columns=["parcel_id", "area_m2"])


def grown_naive(land: Land, watch: Watch) -> Frame:
    parcels = land.parcels("parcel_id", "geometry", "now")
    with watch:
        granted, now = frame(parcels), frame(parcels, "now")
        beyond = now.difference(granted)
        found = land_of(now.set_geometry(beyond)[~beyond.is_empty], ["parcel_id"])
    return found


@dataclass(frozen=True)
class Stage:
    """A question, two ways to its answer, and what must be equal: keys, and numbers nearly."""

    title: str
    ours: Callable[[Land, Watch], Frame]
    naive: Callable[[Land, Watch], Frame]
    beside: str
    keys: tuple[str, ...] = ("parcel_id",)
    parts: float = 1e-5
    """How far the numbers may be apart, as a share."""
    m2: float = 0.05


STAGES = {
    "place": Stage(
        "which zone", place_ours, place_naive, "sjoin of inner points", ("parcel_id", "zone_id")
    ),
    "shares": Stage(
        "share of area in each zone", shares_ours, shares_naive,
        "overlay intersection, to_crs, area", ("parcel_id", "zone_id"),
    ),
    "overlaps": Stage(
        "overlaps", overlaps_ours, overlaps_naive, "overlay intersection with itself",
        ("parcel_id", "other"),
    ),
    "areas": Stage(
        "area on the ellipsoid", areas_ours, areas_naive, "pyproj.Geod one by one",
        parts=1e-6, m2=0,
    ),
    "outside": Stage("reach out of their zone", outside_ours, outside_naive, "difference, aligned"),
    "grown": Stage("reach beyond the grant", grown_ours, grown_naive, "difference, aligned"),
}  # fmt: skip

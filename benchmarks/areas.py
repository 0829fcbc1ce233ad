"""Areas on the ellipsoid: ours for many shapes at once, beside one geodesic after another.

Run `python -m benchmarks.areas` on a quiet machine. Both measure the same made-up parcels in one
run; it prints how much faster ours is, and by how many parts in a million the two differ.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from landwatch.geo.areas import Numbers, Shapes, areas_m2, mean_widths_m

SEED = 20210701
METRE = 1 / 111_000
GEODESIC = pyproj.Geod(ellps="GRS80")


@dataclass(frozen=True, slots=True)
class Compared:
    """One size of parcel: how long each took for all of them, and the largest difference."""

    metres: float
    corners: int
    shapes: int
    ours_s: float
    geodesic_s: float
    parts_per_million: float

    @property
    def times(self) -> float:
        """Return how many times as fast ours is."""
        return self.geodesic_s / self.ours_s


def made_up_parcels(count: int, metres: float, corners: int) -> Shapes:
    """Return valid outlines about so many metres across, anywhere in China."""
    random = np.random.default_rng(SEED)
    turns = np.sort(random.uniform(0, 2 * np.pi, (count, corners)), axis=1)
    reach = metres / 2 * random.uniform(0.6, 1, (count, corners))
    east, north = random.uniform(75, 134, (count, 1)), random.uniform(18, 53, (count, 1))
    x = east + reach * np.cos(turns) * METRE / np.cos(np.radians(north))
    y = north + reach * np.sin(turns) * METRE
    polygons = shapely.polygons(np.stack([x, y], axis=-1))
    parcels: Shapes = shapely.multipolygons(polygons, indices=np.arange(count))
    whole: Shapes = parcels[shapely.is_valid(parcels)]
    # A strip's area is the small difference of large ones: both ways lose digits there.
    areas = areas_m2(whole)
    thick: NDArray[np.bool_] = areas > (metres / 4) ** 2
    thick &= mean_widths_m(shapely.get_geometry(whole, 0), areas) > metres / 10
    return np.array(whole[thick], dtype=object)


def compared(count: int, metres: float, corners: int) -> Compared:
    """Measure both ways on the same parcels, by the time of the processor."""
    parcels = made_up_parcels(count, metres, corners)

    def one_by_one(shapes: Shapes) -> Numbers:
        return np.array([abs(GEODESIC.geometry_area_perimeter(shape)[0]) for shape in shapes])

    ours, ours_s = _timed(areas_m2, parcels)
    theirs, geodesic_s = _timed(one_by_one, parcels)
    apart = float(np.abs(ours / theirs - 1).max() * 1e6)
    return Compared(metres, corners, len(parcels), ours_s, geodesic_s, apart)


def _timed(measure: Callable[[Shapes], Numbers], parcels: Shapes) -> tuple[Numbers, float]:
    measure(parcels[:10])
    start = time.process_time()
    return measure(parcels), time.process_time() - start


def main() -> None:
    """Compare parcels of several sizes and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shapes", type=int, default=20_000)
    count = options.parse_args().shapes
    write = sys.stdout.write
    write("| across | corners | parcels | ours µs | Geod µs | times | differ by ppm |\n")
    write("|---|---|---|---|---|---|---|\n")
    for metres, corners in ((50, 8), (200, 8), (200, 40), (1000, 40), (5000, 100)):
        one = compared(count, metres, corners)
        ours, theirs = (1e6 * took / one.shapes for took in (one.ours_s, one.geodesic_s))
        write(
            f"| {metres} m | {corners} | {one.shapes} | {ours:.1f} | {theirs:.1f}"
            f" | {one.times:.1f} | {one.parts_per_million:.4f} |\n"
        )


if __name__ == "__main__":
    main()

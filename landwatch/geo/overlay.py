"""Which zone a parcel lies in, by place: for parcels whose ledger names none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from landwatch.geo.threads import OfThread, in_order
from landwatch.geo.told import (
    last_told,
    outlines_by_rows,
    outlines_now,
    told_in,
)

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.intp]

NO_ZONE = ""
"""Stands beside the zones of a parcel that may lie in none of them."""
_NONE = -1
_Found: TypeAlias = "tuple[Places, Places]"
"""Places of parcels and, beside each, the place of a zone; `_NONE` is `NO_ZONE`."""


def locate_parcels(parcels: pa.Table, zones: pa.Table) -> pa.Table:
    """Return the zone of each parcel that names none, by the place of its inner point.

    An invalid outline has no certain inside. Whatever it is, it lies within the hull of its
    corners: such a parcel lies in a zone only where its hull does, and one that may lie in an
    invalid zone, or across a border, gets every zone that it may lie in, a row each.

    Each parcel is located by itself: a table of some of the parcels gives just their rows.

    Args:
        parcels: records with parcel_id, zone_id and geometry (WKB, EPSG:4490), latest row last.
        zones: records with zone_id and geometry, latest row last.

    Returns:
        Columns parcel_id and zone_id. A parcel in a sub-park within its park gets the sub-park; one
        in two zones of which neither lies within the other gets both, a row each; one in none, or
        without an outline, is left out. Several rows of a parcel leave its zone open; `NO_ZONE`
        among them is none at all.
    """
    return ZonePlaces(outlines_now(zones, "zone_id")).located(parcels)


class ZonePlaces:
    """The places of all zones, asked where parcels lie; made once for many tables of parcels."""

    def __init__(self, outlines: Mapping[str, bytes]) -> None:
        """Name the zones by their outlines now (WKB, EPSG:4490)."""
        self._outlines = outlines
        self._zones = OfThread(lambda: _Zones.of(list(outlines.values())))

    def located(self, parcels: pa.Table) -> pa.Table:
        """Return the zone of each parcel that names none, as `locate_parcels` does."""
        import numpy as np
        import pyarrow as pa

        keys, rows = last_told(parcels, "parcel_id", "geometry")
        wanted = np.flatnonzero(told_in(parcels, "geometry", rows) & ~_named(parcels))
        code_of = np.full(len(parcels), -1)
        code_of[rows[wanted]] = wanted
        parcel, zone = [np.empty(0, np.intp)], [np.empty(0, np.intp)]
        drawn = outlines_by_rows(parcels, rows[wanted]) if self._outlines else ()
        for at, (place, of) in in_order(self._locate, drawn):
            parcel.append(code_of[at[place]])
            zone.append(of)
        names = pa.array([*self._outlines, NO_ZONE], pa.string())  # `_NONE` is the last of them
        columns = {
            "parcel_id": keys.cast(pa.string()).take(pa.array(np.concatenate(parcel))),
            "zone_id": names.take(pa.array(np.concatenate(zone) % len(names))),
        }
        return pa.table(columns)

    def _locate(self, drawn: tuple[Places, list[bytes]]) -> tuple[Places, _Found]:
        """Return the rows as they came, and the zones of the parcels by their places there."""
        at, outlines = drawn
        return at, self._zones.own.around(outlines)


def _named(parcels: pa.Table) -> Flags:
    """Tell of each key whether its zone is told now."""
    import pyarrow as pa
    import pyarrow.compute as pc

    _, rows = last_told(parcels, "parcel_id", "zone_id")
    zones = parcels.column("zone_id").cast(pa.string()).take(pa.array(rows, mask=rows < 0))
    named: Flags = pc.not_equal(pc.fill_null(zones, ""), "").to_numpy()
    return named


@dataclass(slots=True)
class _Zones:
    """Zones in the order of their size, smallest first, and how they lie within each other."""

    shapes: Shapes
    sure: Flags
    place: Places
    """Of each, its place among the zones as they were named."""
    nested: dict[tuple[int, int], bool]

    @classmethod
    def of(cls, outlines: list[bytes]) -> _Zones:
        """Read zones; of an invalid one the hull of its corners is all that is sure."""
        import numpy as np
        import shapely

        shapes, sure = _hulls_of_invalid(outlines)
        order = np.argsort(shapely.area(shapes), kind="stable")
        shapely.prepare(shapes)
        return cls(shapes[order], sure[order], order, {})

    def around(self, outlines: list[bytes]) -> _Found:
        """Return the parcels that may lie in a zone, each with its zone or with all it may be."""
        import numpy as np
        import shapely

        places, sure_place = _places(outlines)
        zone, place = shapely.STRtree(places).query(self.shapes, predicate="intersects")
        order = np.lexsort((zone, place))
        zone, place = zone[order], place[order]
        surely = self.sure[zone] & sure_place[place]
        doubted = np.flatnonzero(self.sure[zone] & ~sure_place[place])
        surely[doubted] = shapely.covers(self.shapes[zone[doubted]], places[place[doubted]])
        starts = np.flatnonzero(np.diff(place, prepend=-1))
        plain = self._plain(zone, surely, starts)
        found = [(place[starts[plain]], self.place[zone[starts[plain]]])]
        ends = np.append(starts[1:], len(place))
        for start, end in zip(starts[~plain].tolist(), ends[~plain].tolist(), strict=True):
            one = self._open(zone[start:end].tolist(), surely[start:end].tolist())
            found.append((np.full(len(one), place[start]), np.array(one, dtype=np.intp)))
        return np.concatenate([at for at, _ in found]), np.concatenate([of for _, of in found])

    def _plain(self, zone: Places, surely: Flags, starts: Places) -> Flags:
        """Tell which parcels surely lie in their smallest zone, and it in all others around."""
        import numpy as np

        if not len(starts):
            return np.zeros(0, dtype=bool)
        first = np.repeat(zone[starts], np.diff(np.append(starts, len(zone))))
        many = len(self.shapes)
        pairs, which = np.unique(first * many + zone, return_inverse=True)
        within = np.array([self._within(*divmod(pair, many)) for pair in pairs.tolist()])
        plain: Flags = surely[starts] & np.logical_and.reduceat(within[which], starts)
        return plain

    def _open(self, zones: list[int], surely: list[bool]) -> list[int]:
        """Return the zones that a parcel may lie in, of those it touches, smallest first."""
        first = None
        settled = False
        maybe: list[int] = []
        for zone, sure in zip(zones, surely, strict=True):
            if first is not None and not self._within(first, zone):
                maybe += [zone] if maybe else [first, zone]
            if settled:
                continue
            if sure and not maybe:
                first = zone
            else:
                maybe.append(zone)
            settled = sure
        found = [int(self.place[zone]) for zone in maybe]
        return found if settled else [_NONE, *found]

    def _within(self, small: int, large: int) -> bool:
        """Tell whether a zone lies (nearly) within another, as a sub-park does in its park."""
        known = self.nested.get((small, large))
        if known is None:
            known = small == large or _nearly_within(self.shapes[small], self.shapes[large])
            self.nested[small, large] = known
        return known


_NEARLY_ALL = 0.98
"""Of a sub-park's area: two surveys of one border never agree to the centimetre."""


def _nearly_within(small: Any, large: Any) -> bool:
    import shapely

    return bool(shapely.intersection(small, large).area >= _NEARLY_ALL * small.area)


def _places(parcels: list[bytes]) -> tuple[Shapes, Flags]:
    """Return where each parcel lies: a point within it, or the hull that an invalid one is in."""
    import shapely

    shapes, sure = _hulls_of_invalid(parcels)
    shapes[sure] = shapely.point_on_surface(shapes[sure])
    return shapes, sure


def _hulls_of_invalid(outlines: list[bytes]) -> tuple[Shapes, Flags]:
    """Return the outlines, the hull of its corners for each invalid one; and which are valid."""
    import shapely

    shapes = shapely.from_wkb(outlines)
    sure: Flags = shapely.is_valid(shapes)
    shapes[~sure] = shapely.convex_hull(shapely.extract_unique_points(shapes[~sure]))
    return shapes, sure

"""Geometries as GeoPackage writes them: a header of srs and bounds, then plain WKB."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from landwatch.errors import StoreError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SRID = 4490
"""Everything is kept in CGCS2000 longitude and latitude."""

_HEADER = struct.Struct("<2sBBi")
_BOUNDS = struct.Struct("<4d")
_LITTLE_ENDIAN, _WITH_BOUNDS, _EMPTY = 0x01, 0x02, 0x10
_BOUNDS_BYTES = (0, 32, 48, 48, 64)


def multipolygon(shape: BaseGeometry, key: str) -> BaseGeometry:
    """Return the shape as the flat MultiPolygon that the tables hold.

    Raises:
        StoreError: it is no area, or one of its coordinates is no number.
    """
    import shapely

    if shape.geom_type == "Polygon":
        shape = shapely.MultiPolygon([shape] if not shape.is_empty else [])
    if shape.geom_type != "MultiPolygon":
        raise StoreError("error.store_geometry_kind", key=key, kind=shape.geom_type)
    shape = shapely.force_2d(shape)
    if not shape.is_empty and not _finite(shape):
        raise StoreError("error.store_geometry_numbers", key=key)
    return shape


def _finite(shape: BaseGeometry) -> bool:
    import numpy as np
    import shapely

    return bool(np.isfinite(shapely.get_coordinates(shape)).all())


def packed(shape: BaseGeometry | None, srid: int = SRID) -> bytes | None:
    """Return the geometry as a GeoPackage blob."""
    import shapely

    if shape is None:
        return None
    wkb: bytes = shapely.to_wkb(shape, byte_order=1)
    if shape.is_empty:
        return _HEADER.pack(b"GP", 0, _LITTLE_ENDIAN | _EMPTY, srid) + wkb
    west, south, east, north = shape.bounds
    header = _HEADER.pack(b"GP", 0, _LITTLE_ENDIAN | _WITH_BOUNDS, srid)
    return header + _BOUNDS.pack(west, east, south, north) + wkb


def wkb_of(blob: bytes) -> bytes:
    """Return the plain WKB inside a GeoPackage blob."""
    return blob[_HEADER.size + _BOUNDS_BYTES[blob[3] >> 1 & 7] :]


def unpacked(blob: bytes | None) -> BaseGeometry | None:
    """Return the geometry of a GeoPackage blob."""
    import shapely

    return None if blob is None else shapely.from_wkb(wkb_of(blob))


def _edge(place: int) -> Callable[[bytes | None], float | None]:
    """Return the function that reads one edge (west, east, south, north) of a blob."""

    def edge(blob: bytes | None) -> float | None:
        if blob is None:
            return None
        if blob[3] >> 1 & 7:
            order = "<" if blob[3] & _LITTLE_ENDIAN else ">"
            return float(struct.unpack_from(order + "4d", blob, _HEADER.size)[place])
        shape = unpacked(blob)
        assert shape is not None
        return float(shape.bounds[(0, 2, 1, 3)[place]])

    return edge


def _is_empty(blob: bytes | None) -> int | None:
    return None if blob is None else int(bool(blob[3] & _EMPTY))


SQL_FUNCTIONS: dict[str, Callable[[bytes | None], float | int | None]] = {
    "ST_MinX": _edge(0),
    "ST_MaxX": _edge(1),
    "ST_MinY": _edge(2),
    "ST_MaxY": _edge(3),
    "ST_IsEmpty": _is_empty,
}
"""What the standard r-tree triggers call; SQLite itself has none of them."""


_FLAT = b"\x01\x06\x00\x00\x00"
"""How the WKB of a flat MultiPolygon begins, little end first."""


def flat_wkb(wkb: bytes) -> bytes:
    """Return WKB as the tables hold it: of a flat MultiPolygon, little end first.

    Another program may have written another sort of area into a GeoPackage.
    """
    if wkb.startswith(_FLAT):
        return wkb
    import shapely

    flat: bytes = shapely.to_wkb(multipolygon(shapely.from_wkb(wkb), "?"), byte_order=1)
    return flat


def packed_wkb(shapes: Sequence[bytes | None]) -> list[bytes | None]:
    """Return the blobs of many flat MultiPolygons, told as WKB."""
    import shapely

    around = shapely.bounds(shapely.from_wkb(list(shapes))).tolist()
    bounded = _HEADER.pack(b"GP", 0, _LITTLE_ENDIAN | _WITH_BOUNDS, SRID)
    empty = _HEADER.pack(b"GP", 0, _LITTLE_ENDIAN | _EMPTY, SRID)
    blobs: list[bytes | None] = []
    for wkb, (west, south, east, north) in zip(shapes, around, strict=True):
        if wkb is None:
            blobs.append(None)
        elif west != west:  # an empty shape reaches nowhere
            blobs.append(empty + wkb)
        else:
            blobs.append(bounded + _BOUNDS.pack(west, east, south, north) + wkb)
    return blobs


def extended(wkb: bytes) -> bytes:
    """Return the WKB of a flat MultiPolygon as PostGIS takes it, with its reference system."""
    return _EXTENDED + wkb[len(_FLAT) :]


_EXTENDED = b"\x01\x06\x00\x00\x20" + SRID.to_bytes(4, "little")

"""How drawn areas come to the ledger's coordinates: by the file's own system or a named one.

A coordinate system that nobody names is never guessed (AMB-29): the file is refused with words.
"""

from __future__ import annotations

from collections.abc import Callable

import pyproj
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from landwatch.errors import InputRefusedError, UsageError
from landwatch.geo.coordinates import AreaPlacer, coordinate_system, is_wgs84
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.sheets import Geometry, Notice

_OLD_DATUMS = ("Xian 1980", "Beijing 1954", "New Beijing")
"""China's datums before 2008; the ways from them to CGCS2000 are local and secret."""


def placer_of(
    file: str, layer: str | None, own_system: str, crs: str | None
) -> tuple[AreaPlacer, list[Notice]]:
    """Return the way from the layer's coordinate system, or from the one that a person named.

    `own_system` is what the file says, empty where it says nothing.
    """
    own = coordinate_system(own_system) if own_system else None
    if crs is None:
        if own is None:
            raise InputRefusedError("ledger.error.no_crs", file=file, layer=layer or file)
        return AreaPlacer(own), _datum(own, layer)
    named = named_system(crs)
    if own is None or own == named:
        return AreaPlacer(named), _datum(named, layer)
    told = {"own": own.name, "named": named.name}
    return AreaPlacer(named), [
        Notice(IssueCode.CRS_OVERRIDDEN, layer, told),
        *_datum(named, layer),
    ]


def _datum(crs: pyproj.CRS, layer: str | None) -> list[Notice]:
    notice = datum_notice(crs, layer)
    return [] if notice is None else [notice]


def datum_notice(crs: pyproj.CRS, layer: str | None) -> Notice | None:
    """Return what is to be said of a datum that is not CGCS2000: by how much it may be off."""
    if is_wgs84(crs):
        return Notice(IssueCode.WGS84_TAKEN, layer)
    datum = crs.geodetic_crs
    if datum is None or not datum.name.startswith(_OLD_DATUMS):
        return None
    return Notice(IssueCode.OLD_DATUM, layer, {"datum": datum.name})


def named_system(crs: str) -> pyproj.CRS:
    """Return the coordinate system that a person named with --crs."""
    named = coordinate_system(crs)
    if named is None:
        raise UsageError("ledger.error.crs_unknown", crs=crs)
    return named


def placed(draw: Callable[[], BaseGeometry], placer: AreaPlacer) -> Geometry:
    """Return what `draw` draws, in EPSG:4490, or what is wrong with it."""
    try:
        drawn = draw()
        lying = placer.place(drawn)
    except (ShapelyError, ValueError, TypeError, LookupError) as error:
        return bad_geometry(str(error))
    trouble = IssueCode(lying.trouble) if lying.trouble else None
    return Geometry(lying.area, trouble, lying.told)


def bad_geometry(reason: str) -> Geometry:
    """Return a geometry that cannot be read, and why."""
    return Geometry(trouble=IssueCode.BAD_GEOMETRY, told={"reason": reason[:200]})

"""How drawn areas come to the ledger's coordinates: by the file's own system or a named one.

A coordinate system that nobody names is never guessed (AMB-29): the file is refused with words. A
cure of coordinates is done only where a person chose it, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import numpy as np
import pyproj
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from landwatch.errors import InputRefusedError, UsageError
from landwatch.geo.belts import datum_of, degrees_of, is_old
from landwatch.geo.coordinates import AreaPlacer, coordinate_system, is_wgs84
from landwatch.geo.cures import AS_WRITTEN, NAMES, Cure, cure_named
from landwatch.ledger.instructions import Instructions
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.sheets import Geometry, Notice
from landwatch.ledger.sketching import AsWritten, OwnSystem

CellWay: TypeAlias = AreaPlacer | Cure | None


def placer_of(
    file: str, layer: str | None, own_system: str, said: Instructions
) -> tuple[AreaPlacer, list[Notice]]:
    """Return the way from the layer's coordinate system, or from the one that a person named.

    `own_system` is what the file says, empty where it says nothing.
    """
    own = coordinate_system(own_system) if own_system else None
    if said.sketch:
        return AsWritten(OwnSystem(own)), []
    cure = cure_of(said)
    named = named_system(said.crs) if said.crs else None
    used = cured_system(named or own, cure)
    if used is None:
        raise InputRefusedError("ledger.error.no_crs", file=file, layer=layer or file)
    notices = []
    if own is not None and own != used:
        told = {"own": own.name, "named": used.name}
        notices.append(Notice(IssueCode.CRS_OVERRIDDEN, layer, told))
    notices += cured_notice(cure, used, layer)
    if (notice := datum_notice(used, layer)) is not None:
        notices.append(notice)
    return AreaPlacer(used, cure), notices


def cure_of(said: Instructions) -> Cure:
    """Return the cure that a person chose.

    Raises:
        UsageError: there is no cure of that name.
    """
    if said.cure is None:
        return AS_WRITTEN
    cure = cure_named(said.cure)
    if cure is None:
        raise UsageError("ledger.error.cure_unknown", cure=said.cure, known="、".join(NAMES))
    return cure


def cured_system(stated: pyproj.CRS | None, cure: Cure) -> pyproj.CRS | None:
    """Return the system that the numbers are read by; an internet map's is degrees."""
    system = cure.system_on(datum_of(stated))
    if system is None and stated is None and cure.shift is not None:
        return degrees_of()
    return system or stated


def cured_notice(cure: Cure, used: pyproj.CRS, layer: str | None) -> list[Notice]:
    """Say which cure was done, and by which system the numbers were read."""
    if cure is AS_WRITTEN:
        return []
    return [Notice(IssueCode.CURE_APPLIED, layer, {"cure": cure.text, "crs": used.name})]


def datum_notice(crs: pyproj.CRS, layer: str | None) -> Notice | None:
    """Return what is to be said of a datum that is not CGCS2000: by how much it may be off."""
    if is_wgs84(crs):
        return Notice(IssueCode.WGS84_TAKEN, layer)
    datum = crs.geodetic_crs
    if datum is None or not is_old(crs):
        return None
    return Notice(IssueCode.OLD_DATUM, layer, {"datum": datum.name})


def named_system(crs: str) -> pyproj.CRS:
    """Return the coordinate system that a person named with --crs."""
    named = coordinate_system(crs)
    if named is None:
        raise UsageError("ledger.error.crs_unknown", crs=crs)
    return named


def cell_way(said: Instructions) -> CellWay:
    """Return the way for areas drawn in cells, whose coordinate system only a person can name.

    A cure that names no system goes with the one that a cell names itself.
    """
    cure = cure_of(said)
    used = cured_system(named_system(said.crs) if said.crs else None, cure)
    if used is not None:
        return AreaPlacer(used, cure)
    return None if cure is AS_WRITTEN else cure


def cell_notices(said: Instructions, columns: Iterable[str | None]) -> list[Notice]:
    """Say which cure was done to the areas drawn in cells, where the file has any."""
    way = cell_way(said)
    if way is None or "geometry" not in columns:
        return []
    if isinstance(way, Cure):
        return [Notice(IssueCode.CURE_APPLIED, None, {"cure": way.text, "crs": "SRID"})]
    return cured_notice(way.cure, way.crs, None)


def placed(draw: Callable[[], BaseGeometry], placer: AreaPlacer) -> Geometry:
    """Return what `draw` draws, in EPSG:4490, or what is wrong with it."""
    try:
        with np.errstate(all="ignore"):  # what is no number, or too large for one, lies nowhere
            lying = placer.place(_without_gaps(draw()))
    except (ShapelyError, ValueError, TypeError, LookupError) as error:
        return bad_geometry(str(error))
    trouble = IssueCode(lying.trouble) if lying.trouble else None
    flaw = None if lying.flaw is None else lying.flaw.told
    return Geometry(lying.area, trouble, lying.told, flaw)


def _without_gaps(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape of which no hole is empty; measuring such a one ends the process.

    Raises:
        ValueError: one is.
    """
    for part in getattr(shape, "geoms", (shape,)):
        if any(ring.is_empty for ring in getattr(part, "interiors", ())):
            raise ValueError("a hole without corners")
    return shape


def bad_geometry(reason: str) -> Geometry:
    """Return a geometry that cannot be read, and why."""
    return Geometry(trouble=IssueCode.BAD_GEOMETRY, told={"reason": reason[:200]})

"""Areas drawn as text in a cell: WKT, which may name its system as PostGIS does (`SRID=4490;…`)."""

from __future__ import annotations

import re
from functools import cache

import shapely

from landwatch.geo.coordinates import AreaPlacer, coordinate_system
from landwatch.geo.cures import AS_WRITTEN, Cure
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.placing import CellWay, bad_geometry, datum_notice, placed
from landwatch.ledger.sheets import Geometry

_SYSTEM = re.compile(r"SRID ?= ?(?P<code>[0-9]{1,9}) ?; ?", re.IGNORECASE)


def drawn_in_cell(text: str, way: CellWay) -> Geometry:
    """Return the area that a tidied cell draws; `way` is by the system that a person named.

    The person goes before the cell, as everywhere, and it is said where the two differ.
    """
    named, cure = (None, way) if isinstance(way, Cure) else (way, AS_WRITTEN)
    said = _SYSTEM.match(text)
    wkt = text[said.end() :] if said else text
    own = _placer_of(said["code"], cure) if said else None
    if said and own is None and named is None:
        return bad_geometry(f"SRID={said['code']}")
    placer = named or own
    if placer is None:
        return Geometry(trouble=IssueCode.GEOMETRY_WITHOUT_CRS)
    found = placed(lambda: shapely.from_wkt(wkt), placer)
    if found.trouble is not None:
        return found
    if named is not None and own is not None and own.crs != named.crs:
        told = {"own": own.crs.name, "named": named.crs.name}
        return Geometry(found.area, IssueCode.CRS_OVERRIDDEN, told)
    if named is None and (notice := datum_notice(placer.crs, None)) is not None:
        return Geometry(found.area, notice.code, notice.told)
    return found


@cache
def _placer_of(code: str, cure: Cure) -> AreaPlacer | None:
    system = coordinate_system(f"EPSG:{code}")
    return None if system is None else AreaPlacer(system, cure)

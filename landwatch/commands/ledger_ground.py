"""What the outlines of a whole ledger say: flaws, overlaps, zones, and areas told otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from landwatch.language.columns import Kind

if TYPE_CHECKING:
    import pyarrow as pa

    from landwatch.ledger import Granted

Said: TypeAlias = tuple[str, str, Mapping[str, Any]]
"""A code, the key of what it is said of, and what fills its words."""


@dataclass(frozen=True, slots=True)
class GroundTold:
    """What the ledger holds of the ground now, by key; outlines are WKB in EPSG:4490."""

    outlines: Mapping[str, bytes]
    parcels: Iterable[str]
    zone_of: Mapping[str, str | None]
    certificates: Mapping[str, Decimal | None]
    zones: Mapping[str, bytes | None]
    grants: Iterable[Granted]


def ground_told(parcels: pa.Table, zones: pa.Table, grants: Iterable[Granted]) -> GroundTold:
    """Return what stands now of the records as told."""
    from landwatch.geo.overlay import outlines_now, told_now

    return GroundTold(
        outlines_now(parcels, "key"),
        sorted(set(parcels.column("key").to_pylist())),
        told_now(parcels, "key", "zone_id"),
        told_now(parcels, "key", "area_m2"),
        told_now(zones, "key", "geometry"),
        list(grants),
    )


def said_of_ground(ground: GroundTold) -> Iterator[Said]:
    """Yield what the outlines say, kind by kind."""
    undrawn = (key for key in ground.parcels if key not in ground.outlines)
    yield from (("outline_missing", key, {}) for key in undrawn)
    yield from _flaws(Kind.PARCELS, ground.outlines)
    yield from _flaws(Kind.ZONES, {key: it for key, it in ground.zones.items() if it is not None})
    if ground.outlines:
        yield from _Held(ground).said()


def _flaws(kind: Kind, outlines: Mapping[str, bytes]) -> Iterator[Said]:
    import shapely

    from landwatch.geo.validity import flaw_of

    for key, outline in outlines.items():
        if (flaw := flaw_of(shapely.from_wkb(outline))) is not None:
            yield "invalid_geometry", key, {"kind": f"doctor.kind.{kind.value}", **flaw.told}


class _Held:
    """Holds the valid outlines against each other, their zones, and the areas told."""

    def __init__(self, ground: GroundTold) -> None:
        """Read and measure every outline."""
        import numpy as np
        import shapely

        from landwatch.geo.areas import areas_m2

        self._ground = ground
        self._keys = list(ground.outlines)
        self._wkb = np.array([ground.outlines[key] for key in self._keys], dtype=object)
        shapes = shapely.from_wkb(self._wkb)
        self._valid = shapely.is_valid(shapes)
        self._areas = areas_m2(shapes)
        self._boxes = shapely.bounds(shapes)
        self._boxes[~self._valid] = np.nan

    def said(self) -> Iterator[Said]:
        """Yield what they say."""
        yield from self._overlaps()
        yield from self._zones()
        yield from self._certificates()
        yield from self._grants()

    def _copies(self) -> Iterator[tuple[int, int]]:
        """Yield each outline that is drawn as another to the last corner, after the first."""
        first: dict[bytes, int] = {}
        for at in self._valid.nonzero()[0].tolist():
            before = first.setdefault(self._wkb[at], at)
            if before != at:
                yield before, at

    def _overlaps(self) -> Iterator[Said]:
        import numpy as np
        import shapely

        from landwatch.geo.overlaps import OverlapSearch
        from landwatch.ledger.area_words import in_both_units, percent

        boxes = self._boxes.copy()
        for first, copy in self._copies():
            boxes[copy] = np.nan
            told = {"other": self._keys[copy], **in_both_units("area", self._areas[copy])}
            yield "same_outline", self._keys[first], {**told, "share": percent(1)}
        search = OverlapSearch(boxes, lambda places: shapely.from_wkb(self._wkb[places]))
        for found in sorted(search, key=lambda one: (-one.area_m2, one.first, one.second)):
            told = {
                "other": self._keys[found.second],
                **in_both_units("area", found.area_m2),
                "share": percent(found.share),
            }
            code = "same_outline" if found.same else "outlines_overlap"
            yield "overlap_strips" if found.sliver else code, self._keys[found.first], told
        if search.untried:
            yield "overlaps_untried", str(search.untried), {}

    def _zones(self) -> Iterator[Said]:
        import shapely

        from landwatch.geo.zones import ZoneOutlines
        from landwatch.ledger.area_words import in_both_units, percent

        zones, at_once = ZoneOutlines(self._ground.zones), 5000
        unsound: dict[str, int] = {}
        for start in range(0, len(self._keys), at_once):
            keys = self._keys[start : start + at_once]
            named = [self._ground.zone_of.get(key) for key in keys]
            sound = self._valid[start : start + at_once]
            asked = [zone if good else None for zone, good in zip(named, sound, strict=True)]
            for zone in (zone for zone in asked if zone in zones.unsound):
                unsound[str(zone)] = unsound.get(str(zone), 0) + 1
            shapes = shapely.from_wkb(self._wkb[start : start + at_once])
            shares = zones.outside_shares(shapes, asked)
            for at in (shares > 0).nonzero()[0].tolist():
                area = float(shares[at] * self._areas[start + at])
                told = {"zone": named[at], "share": percent(shares[at])}
                yield "outside_zone", keys[at], {**told, **in_both_units("area", area)}
        yield from (("zone_not_drawn", zone, {"parcels": n}) for zone, n in sorted(unsound.items()))

    def _certificates(self) -> Iterator[Said]:
        from landwatch.geo.areas import differs
        from landwatch.ledger.area_words import apart

        for at in self._valid.nonzero()[0].tolist():
            told, drawn = self._ground.certificates.get(self._keys[at]), float(self._areas[at])
            if told is not None and differs(drawn, told):
                yield "drawn_area_disagrees", self._keys[at], apart(drawn, told)

    def _grants(self) -> Iterator[Said]:
        """Hold grants of the same parcels against all their outlines, where all are known."""
        from landwatch.geo.areas import as_told
        from landwatch.ledger.area_words import granted_otherwise

        drawn = {
            self._keys[at]: as_told(self._areas[at]) for at in self._valid.nonzero()[0].tolist()
        }
        together: dict[frozenset[str], list[Granted]] = {}
        for grant in self._ground.grants:
            if all(parcel in drawn for parcel in grant.parcels):
                together.setdefault(frozenset(grant.parcels), []).append(grant)
        for parcels, grants in together.items():
            whole = sum((drawn[parcel] for parcel in parcels), Decimal(0))
            for told in granted_otherwise(grants, whole):
                yield "granted_area_disagrees", str(told["contract"]), told

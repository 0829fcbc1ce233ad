"""What the outlines of a whole ledger say: flaws, overlaps, zones, and areas told otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from landwatch.language.columns import Kind

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from landwatch.geo.zones import ZoneOutlines
    from landwatch.ledger import Granted

Said: TypeAlias = tuple[str, str, Mapping[str, Any]]
"""A code, the key of what it is said of, and what fills its words."""
_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class GroundTold:
    """What the ledger holds of the ground now, by key; outlines are WKB in EPSG:4490.

    `history` is every row of the parcels as it was told, in the order told.
    """

    history: pa.Table
    outlines: Mapping[str, bytes]
    parcels: Iterable[str]
    zone_of: Mapping[str, str | None]
    certificates: Mapping[str, Decimal | None]
    zones: Mapping[str, bytes | None]
    grants: Iterable[Granted]


def ground_told(parcels: pa.Table, zones: pa.Table, grants: Iterable[Granted]) -> GroundTold:
    """Return what stands now of the records as told."""
    from landwatch.geo.told import outlines_now, told_now

    return GroundTold(
        parcels,
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
    yield from _flaws(Kind.ZONES, {key: it for key, it in ground.zones.items() if it is not None})
    if ground.outlines:
        held = _Held(ground)
        yield from _flaws(Kind.PARCELS, held.invalid)
        yield from held.said()
        yield from _redrawn(ground.history)


def _flaws(kind: Kind, outlines: Mapping[str, bytes]) -> Iterator[Said]:
    import shapely

    from landwatch.geo.validity import flaw_of

    for key, outline in outlines.items():
        if (flaw := flaw_of(shapely.from_wkb(outline))) is not None:
            yield "invalid_geometry", key, {"kind": f"doctor.kind.{kind.value}", **flaw.told}


def _redrawn(parcels: pa.Table) -> Iterator[Said]:
    """Yield the parcels that reach beyond an outline that was told before, widest first."""
    from landwatch.geo.encroachment import redrawn
    from landwatch.ledger.area_words import in_both_units, percent
    from landwatch.units import rounded

    imports, rows = parcels.column("import_id"), parcels.column("row")
    for one in sorted(redrawn(parcels), key=lambda one: (-one.more_m2, one.key)):
        told = {
            **in_both_units("area", one.more_m2),
            **in_both_units("less", one.less_m2),
            "share": percent(one.more_m2 / one.before_m2 if one.before_m2 else 1.0),
            "reach": rounded(Decimal(one.reach_m), 1),
            "now_import": imports[one.now].as_py(),
            "now_row": rows[one.now].as_py(),
            "before_import": imports[one.before].as_py(),
            "before_row": rows[one.before].as_py(),
        }
        yield "outline_grown" if one.grew else "outline_moved", one.key, told


class _Held:
    """Holds the valid outlines against each other, their zones, and the areas told."""

    def __init__(self, ground: GroundTold) -> None:
        """Read and measure every outline, some thousands at a time."""
        import numpy as np
        import shapely

        from landwatch.geo.areas import areas_m2
        from landwatch.geo.threads import in_order

        self._ground = ground
        self._keys = list(ground.outlines)
        self._wkb = np.array([*ground.outlines.values(), None], dtype=object)[:-1]

        def measured(start: int) -> tuple[NDArray[Any], ...]:
            shapes = shapely.from_wkb(self._wkb[start : start + _AT_ONCE])
            return shapely.is_valid(shapes), areas_m2(shapes), shapely.bounds(shapes)

        each = in_order(measured, range(0, len(self._keys), _AT_ONCE))
        self._valid, self._areas, self._boxes = map(np.concatenate, zip(*each, strict=True))
        self._boxes[~self._valid] = np.nan

    @property
    def invalid(self) -> Mapping[str, bytes]:
        """Return the outlines that bound no certain land."""
        places = (~self._valid).nonzero()[0].tolist()
        return {self._keys[at]: self._wkb[at] for at in places}

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
        from landwatch.geo.zones import ZoneOutlines

        zones = ZoneOutlines(self._ground.zones)
        unsound: dict[str, int] = {}
        for start in range(0, len(self._keys), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            named = [self._ground.zone_of.get(key) for key in self._keys[some]]
            sound = self._valid[some].tolist()
            asked = [zone if good else None for zone, good in zip(named, sound, strict=True)]
            for zone in (zone for zone in asked if zone in zones.unsound):
                unsound[str(zone)] = unsound.get(str(zone), 0) + 1
            yield from self._outside(start, asked, zones)
        yield from (("zone_not_drawn", zone, {"parcels": n}) for zone, n in sorted(unsound.items()))

    def _outside(self, start: int, named: list[str | None], zones: ZoneOutlines) -> Iterator[Said]:
        """Yield the parcels that reach out of the zone they name, and where else they lie."""
        import shapely

        from landwatch.geo.zones import shares_of
        from landwatch.ledger.area_words import in_both_units, percent
        from landwatch.units import rounded

        shapes = shapely.from_wkb(self._wkb[start : start + len(named)])
        beyond = zones.outside(shapes, named)
        places = (beyond.areas_m2 > 0).nonzero()[0]
        shares = shares_of(beyond.areas_m2, self._areas[start : start + len(named)])
        elsewhere = _elsewhere(zones, shapes[places], [named[at] for at in places.tolist()])
        for at, other in zip(places.tolist(), elsewhere, strict=True):
            told = {
                "zone": named[at],
                "share": percent(shares[at]),
                **in_both_units("area", float(beyond.areas_m2[at])),
                "width": rounded(Decimal(float(beyond.widths_m[at])), 2),
            }
            if other is not None:
                told |= {"elsewhere": other[0], "elsewhere_share": percent(other[1])}
            yield "outside_zone", self._keys[start + at], told

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


def _elsewhere(
    zones: ZoneOutlines, shapes: NDArray[np.object_], named: list[str | None]
) -> list[tuple[str, float] | None]:
    """Return the zone, other than the named one, that most of each outline lies in: its share."""
    from landwatch.geo.areas import SLIVER_M2

    found: list[tuple[str, float] | None] = [None] * len(named)
    for at, zone, share, area in zip(
        *(each.tolist() for each in zones.shares(shapes)), strict=True
    ):
        name, known = zones.names[zone], found[at]
        if name != named[at] and area > SLIVER_M2 and (known is None or share > known[1]):
            found[at] = name, share
    return found

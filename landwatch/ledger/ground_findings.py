"""What a shelf of outlines shows: areas and zones row by row, then overlaps, then contracts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from landwatch.geo.areas import areas_m2, as_told, differs, mean_widths_m, polygons_of, slivers
from landwatch.geo.overlaps import Overlap, OverlapSearch
from landwatch.geo.zones import ZoneOutlines
from landwatch.ledger.area_words import (
    Told,
    apart,
    areas_of,
    granted_otherwise,
    in_both_units,
    percent,
)
from landwatch.ledger.ground import NO_GROUND, Granted, Ground
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.judges import Judged
from landwatch.ledger.outline_shelf import Drawn, Entry, OutlineShelf

_SHOWN = 5
_NOT = -1


@dataclass(slots=True)
class _Beside:
    """What the search found for each entry: its greatest overlap, how many, and a copy of it."""

    area_m2: NDArray[np.float64]
    other: NDArray[np.int32]
    count: NDArray[np.int32]
    copy: NDArray[np.int32]
    strips: int = 0
    widest: Overlap | None = None

    @classmethod
    def nothing_yet(cls, count: int) -> _Beside:
        """Return room for so many entries."""
        none = np.full(count, _NOT, dtype=np.int32)
        return cls(np.zeros(count), none, np.zeros(count, dtype=np.int32), none.copy())

    def note(self, found: Overlap, at: int, other: int) -> None:
        """Note an overlap at one of its two entries."""
        if found.sliver:
            self.strips += 1
            if self.widest is None or found.area_m2 > self.widest.area_m2:
                self.widest = found
        elif found.same:
            self.copy[at] = other
        else:
            self.count[at] += 1
            if found.area_m2 > self.area_m2[at]:
                self.area_m2[at], self.other[at] = found.area_m2, other


@dataclass(slots=True)
class GroundFindings:
    """Says what the outlines on a shelf show; `ground` is what is known beside them."""

    shelf: OutlineShelf
    ground: Ground
    zones: ZoneOutlines = field(init=False)
    open_zones: dict[str, int] = field(default_factory=dict)
    joint: dict[str, Granted] = field(default_factory=dict)
    """Contracts of several parcels: judged when all were measured."""

    def __post_init__(self) -> None:
        """Read the outlines of the zones."""
        self.zones = ZoneOutlines(self.ground.zones())

    def all(self) -> Iterator[Judged]:
        """Yield everything, the rows in their order first."""
        for drawn in self.shelf.measured():
            yield from self._areas(drawn)
            yield from self._slivers(drawn)
            yield from self._zone(drawn)
            yield from self._granted(drawn)
        of_file = len(self.shelf)
        yield from self._joint_contracts()
        self._take_neighbours(of_file)
        yield from self._overlaps(of_file)
        if self.open_zones and self.ground is not NO_GROUND:
            names = ", ".join(list(self.open_zones)[:_SHOWN])
            told = {"count": sum(self.open_zones.values()), "zones": names}
            yield Judged(IssueCode.ZONE_NOT_DRAWN, values=told)

    def _areas(self, drawn: Drawn) -> Iterator[Judged]:
        """Hold the drawn area against the certificate's."""
        for at in np.flatnonzero(drawn.valid).tolist():
            entry, area = drawn.entries[at], float(drawn.areas_m2[at])
            if entry.area_m2 is not None and differs(area, entry.area_m2):
                told = {"parcel": entry.key, **apart(area, entry.area_m2)}
                yield _said(IssueCode.DRAWN_AREA_DISAGREES, entry, told, "area_m2")

    def _slivers(self, drawn: Drawn) -> Iterator[Judged]:
        places = np.flatnonzero(drawn.valid)
        parts, of = polygons_of(drawn.shapes[places])
        thin = np.flatnonzero(slivers(parts))
        first, counts = np.unique(of[thin], return_index=True, return_counts=True)[1:]
        for at, count in zip(thin[first].tolist(), counts.tolist(), strict=True):
            entry, part = drawn.entries[places[of[at]]], parts[at : at + 1]
            area = areas_m2(part)
            width = 100 * float(mean_widths_m(part, area)[0])
            told = {
                "parcel": entry.key,
                "count": count,
                "area": f"{area[0]:.2f}",
                "width": f"{width:.1f}",
            }
            yield _said(IssueCode.SLIVER, entry, told)

    def _zone(self, drawn: Drawn) -> Iterator[Judged]:
        """Hold the outline against the zone that the row tells, else that of the ledger."""
        silent = {entry.key for entry in drawn.entries if entry.zone_id is None}
        known = {one.parcel_id: one.zone_id for one in self.ground.named(silent)} if silent else {}
        named = [entry.zone_id or known.get(entry.key) for entry in drawn.entries]
        asked = [zone if good else None for zone, good in zip(named, drawn.valid, strict=True)]
        for zone in (zone for zone in asked if zone is not None and zone not in self.zones):
            self.open_zones[zone] = self.open_zones.get(zone, 0) + 1
        shares = self.zones.outside_shares(drawn.shapes, asked)
        for at in np.flatnonzero(shares > 0).tolist():
            entry, area = drawn.entries[at], shares[at] * drawn.areas_m2[at]
            told = {
                "parcel": entry.key,
                "zone": named[at],
                "share": percent(shares[at]),
                **in_both_units("area", area),
            }
            yield _said(IssueCode.OUTSIDE_ZONE, entry, told, "zone_id")

    def _granted(self, drawn: Drawn) -> Iterator[Judged]:
        """Hold the drawn area against what contracts of this parcel alone granted."""
        places = {entry.key: at for at, entry in enumerate(drawn.entries)}
        alone: dict[str, list[Granted]] = {}
        for grant in self.ground.granted(places.keys()):
            if len(grant.parcels) > 1:
                self.joint[grant.contract_id] = grant
            else:
                alone.setdefault(grant.parcels[0], []).append(grant)
        for parcel, of_it in alone.items():
            at = places[parcel]
            if drawn.valid[at]:
                for told in granted_otherwise(of_it, as_told(drawn.areas_m2[at])):
                    yield _said(IssueCode.GRANTED_AREA_DISAGREES, drawn.entries[at], told)

    def _joint_contracts(self) -> Iterator[Judged]:
        """Hold what contracts of several parcels granted against all their outlines together."""
        if not self.joint:
            return
        places, areas = self._places_of_joint(), self.shelf.areas_m2
        for grant in self.joint.values():
            here = {name: places[hash(name)] for name in grant.parcels if hash(name) in places}
            beside = [name for name in grant.parcels if name not in here]
            known = areas_of(self.ground.named(beside)) if beside else {}
            each = {name: as_told(areas[at]) for name, at in here.items()} | known
            if len(each) < len(grant.parcels) or not all(
                area.is_finite() for area in each.values()
            ):
                continue  # an outline is missing or invalid: nobody knows what all are
            drawn = sum(each.values(), Decimal(0))
            for told in granted_otherwise([grant], drawn):
                at = self.shelf.entry(next(iter(here.values())))
                yield _said(IssueCode.GRANTED_AREA_DISAGREES, at, told)

    def _places_of_joint(self) -> dict[int, int]:
        """Return where the parcels of joint contracts stand last, by the hash of their key."""
        named = {hash(name) for grant in self.joint.values() for name in grant.parcels}
        keys = self.shelf.keys
        found = np.flatnonzero(np.isin(keys, np.array(sorted(named), dtype=np.int64)))
        return {int(keys[at]): int(at) for at in found}

    def _take_neighbours(self, of_file: int) -> None:
        """Put the ledger's own parcels around beside those of the file that they are not."""
        boxes = self.shelf.boxes
        boxes = boxes[np.isfinite(boxes).all(axis=1)]
        if not len(boxes):
            return
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        mine = set(self.shelf.keys[:of_file].tolist())
        for known in self.ground.within((*low.tolist(), *high.tolist())):
            if known.outline is not None and hash(known.parcel_id) not in mine:
                self.shelf.add(Entry(known.parcel_id, None, None, None, None, known.outline))
        for _ in self.shelf.measured():
            pass  # measured to be searched; the ledger's own areas are the doctor's business

    def _overlaps(self, of_file: int) -> Iterator[Judged]:
        """Say which parcels of the file lie over another, of the file or of the ledger."""
        boxes, keys = self.shelf.boxes, self.shelf.keys
        boxes[:of_file][_told_again(keys[:of_file])] = np.nan
        beside = _Beside.nothing_yet(len(boxes))
        self._set_copies_aside(boxes, of_file, beside)
        search = OverlapSearch(boxes, self.shelf.shapes, np.arange(len(boxes)) < of_file)
        for found in search:
            last = found.second if found.second < of_file else found.first
            beside.note(found, last, found.first + found.second - last)
        for at in range(of_file):
            if beside.copy[at] != _NOT:
                told = self._other(int(beside.copy[at]))
                yield self._said_at(IssueCode.SAME_OUTLINE, at, told)
            if beside.count[at]:
                yield self._overlap(at, beside)
        if beside.widest is not None:
            yield self._strips(beside.strips, beside.widest)
        if search.untried:
            yield Judged(IssueCode.OVERLAPS_UNTRIED, values={"count": search.untried})

    def _set_copies_aside(self, boxes: NDArray[np.float64], of_file: int, beside: _Beside) -> None:
        """Take outlines that are drawn alike to the last corner out of the search, but for one.

        That one is the ledger's where it has one, else the first of the file.
        """
        there = np.flatnonzero(np.isfinite(boxes).all(axis=1))
        order = np.concatenate([there[there >= of_file], there[there < of_file]])
        same = np.unique(self.shelf.outlines[order], return_index=True, return_inverse=True)
        first = order[same[1]][same[2]]
        beside.copy[order] = np.where(first == order, _NOT, first)
        boxes[order[first != order]] = np.nan

    def _overlap(self, at: int, beside: _Beside) -> Judged:
        area = float(beside.area_m2[at])
        told = {
            **self._other(int(beside.other[at])),
            **in_both_units("area", area),
            "share": percent(area / float(self.shelf.areas_m2[at])),
            "count": int(beside.count[at]),
        }
        return self._said_at(IssueCode.OUTLINES_OVERLAP, at, told)

    def _strips(self, count: int, widest: Overlap) -> Judged:
        pair = [self.shelf.entry(at).key for at in (widest.first, widest.second)]
        told = {"count": count, "one": pair[0], "other": pair[1], "area": f"{widest.area_m2:.2f}"}
        return Judged(IssueCode.OVERLAP_STRIPS, values=told)

    def _other(self, place: int) -> dict[str, object]:
        entry = self.shelf.entry(place)
        where = "ledger.ground.in_ledger" if entry.row is None else "ledger.ground.in_file"
        return {"other": entry.key, "where": where, "other_row": entry.row or "—"}

    def _said_at(self, code: IssueCode, place: int, told: Told) -> Judged:
        entry = self.shelf.entry(place)
        return _said(code, entry, {"parcel": entry.key, **told})


def _told_again(keys: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which entries of a file are superseded by a later one of the same key."""
    again = np.ones(len(keys), dtype=bool)
    again[len(keys) - 1 - np.unique(keys[::-1], return_index=True)[1]] = False
    return again


def _said(code: IssueCode, entry: Entry, told: Told, column: str = "geometry") -> Judged:
    return Judged(code, entry.sheet, entry.row, column, None, told)

"""What a picture shows of a kept scan: plots of land, who holds them, and what was found there.

No words of findings are made here: of thirty thousand contracts a picture tells the gravest outcome
and which rules it came from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landwatch.language.terms import Gravity
from landwatch.lawbook.policy import About, Policy
from landwatch.mapping.data import ZoneOutline
from landwatch.mapping.gather import FindingColumns, cards, page_of
from landwatch.mapping.gravest import ASKING, GRAVITIES, gravest_of, ranks_of
from landwatch.mapping.ground import Ground, ground
from landwatch.mapping.shapes import drawable
from landwatch.mapping.style import CLASS_OF, CLASSES, NO_CONTRACT_CLASS
from landwatch.scan.findings import Wanted, outcomes_of
from landwatch.store import ScanSummary, Store

LEFT_OUT = len(CLASSES)
"""The class of a plot whose contracts were not asked for: drawn pale, counted nowhere."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule that made a contract's class, and its last day."""

    title_zh: str
    title_en: str
    limit_on: date | None
    days_past: int | None


@dataclass(frozen=True, slots=True)
class Holding:
    """A contract: who holds what, and the class that the map gives it."""

    contract_id: str
    holder: str | None
    project: str | None
    zone_id: str | None
    area_mu: float | None
    kind: int
    asked: tuple[Asked, ...] = ()
    plots: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """A parcel and the contracts on it, the gravest first; `shape` is None where none is told."""

    parcel_id: str
    zone_id: str | None
    area_mu: float | None
    shape: BaseGeometry | None
    kind: int
    holdings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that the pages of a picture show.

    Attributes:
        plots: the parcels.
        holdings: the contracts that were asked for.
        zones: the parks.
        title: of the pages.
        as_of: the day that the findings speak of.
        scan_id: which scan.
        known_at: the moment whose knowledge is shown, None where it is the scan's own.
        made_up: whether to say that all of it is made up.
        narrowed: whether only some outcomes were asked for.
    """

    plots: Sequence[Plot]
    holdings: Sequence[Holding]
    zones: Sequence[ZoneOutline]
    title: str
    as_of: date
    scan_id: int | None
    known_at: datetime | None = None
    made_up: bool = False
    narrowed: bool = False

    def parks(self) -> dict[str | None, Scene]:
        """Return what belongs to each park, in the order of the parks; None: what is in none.

        A contract belongs to the park that it tells, else to that of a parcel of it.
        """
        holdings: dict[str | None, list[int]] = {}
        plots: dict[str | None, set[int]] = {}
        for at, plot in enumerate(self.plots):
            if plot.zone_id is not None or not plot.holdings:
                plots.setdefault(plot.zone_id, set()).add(at)
        for at, one in enumerate(self.holdings):
            zone_id = one.zone_id or next(
                (told for p in one.plots if (told := self.plots[p].zone_id) is not None), None
            )
            holdings.setdefault(zone_id, []).append(at)
            plots.setdefault(zone_id, set()).update(one.plots)
        there = holdings.keys() | plots.keys()
        zones = {zone.zone_id: zone for zone in self.zones}
        order: list[str | None] = [zone_id for zone_id in zones if zone_id in there]
        order += sorted(name for name in there - zones.keys() if name is not None)
        order += [None] if None in there else []
        return {
            zone_id: self._of(
                sorted(plots.get(zone_id, ())),
                holdings.get(zone_id, ()),
                [zones[zone_id]] if zone_id is not None and zone_id in zones else [],
            )
            for zone_id in order
        }

    def _of(
        self, plots: Sequence[int], holdings: Sequence[int], zones: Sequence[ZoneOutline]
    ) -> Scene:
        plot_at = {old: new for new, old in enumerate(plots)}
        held_at = {old: new for new, old in enumerate(holdings)}
        return replace(
            self,
            zones=zones,
            plots=[
                _kept_plot(self.plots[old], held_at, self.holdings) for old in plots
            ],
            holdings=[
                replace(
                    self.holdings[old],
                    plots=tuple(plot_at[p] for p in self.holdings[old].plots if p in plot_at),
                )
                for old in holdings
            ],
        )  # fmt: skip

    def shapes(self) -> NDArray[np.object_]:
        """Return the shape of each plot."""
        shapes = np.empty(len(self.plots), object)
        shapes[:] = [plot.shape for plot in self.plots]
        return shapes

    def placed(self, holding: Holding) -> bool:
        """Tell whether any land of a contract can be drawn."""
        return any(self.plots[plot].shape is not None for plot in holding.plots)


def _kept_plot(
    plot: Plot, held_at: Mapping[int, int], holdings: Sequence[Holding]
) -> Plot:  # fmt: skip
    """Return a plot with those of its contracts that stay; without any it is left out or bare."""
    kept = [old for old in plot.holdings if old in held_at]
    kind = min((holdings[old].kind for old in kept), default=None)
    if kind is None:
        kind = LEFT_OUT if plot.holdings else plot.kind
    return replace(plot, holdings=tuple(held_at[old] for old in kept), kind=kind)


def scene_of(
    store: Store,
    scan: ScanSummary,
    shelf: Mapping[str, Policy],
    *,
    title: str,
    statuses: Collection[str] = (),
    known_at: datetime | None = None,
    made_up: bool = False,
) -> Scene:
    """Return what a scan found, narrowed to the contracts with one of `statuses`."""
    place = ground(store, scan)
    names = [row["contract_id"] for row in place.contracts]
    gravest = gravest_of(store, scan, shelf, names, frozenset(statuses))
    judged = gravest.judged
    classes = np.where(judged, gravest.grave, CLASS_OF[Gravity.NOT_APPLICABLE, False])
    found = _asking(store, scan, shelf, names, frozenset(statuses))
    rules = cards(shelf, found.columns.get("rule", []))
    gravities = gravest.gravities()
    page = page_of(store, scan, place, found, gravities, rules=rules, title=title)
    asked = _asked(found, rules, classes)
    holdings: list[Holding] = []
    kept: dict[int, int] = {}
    for at, row in enumerate(place.contracts):
        if statuses and not judged[at]:
            continue
        kept[at] = len(holdings)
        area = row["area_mu"]
        holdings.append(
            Holding(
                row["contract_id"], row["holder"], row["project_name"], row["zone_id"],
                None if area is None else float(area), int(classes[at]),
                tuple(asked.get(at, ())), tuple(page.contracts["parcels"][at]),
            )
        )  # fmt: skip
    plots = _plots(place, page.geometry, page.contracts["parcels"], kept, holdings)
    return Scene(
        plots, holdings, page.zones, title, scan.as_of, scan.scan_id, known_at, made_up,
        bool(statuses),
    )  # fmt: skip


def _asking(
    store: Store,
    scan: ScanSummary,
    shelf: Mapping[str, Policy],
    contracts: Sequence[str],
    statuses: frozenset[str],
) -> FindingColumns:
    """Return the outcomes that ask for attention, without words."""
    found = FindingColumns({name: at for at, name in enumerate(contracts)})
    asks = np.array([gravity in ASKING for gravity in GRAVITIES])
    names = ["contract_id", "status", "to_verify", "limit_on", "days_past"]
    for kept in outcomes_of(store, scan, Wanted(statuses=statuses, about=About.CONTRACT)):
        policy = shelf.get(kept.policy)
        if policy is None or policy.rule(kept.rule) is None:
            continue  # nobody could look its clause up
        some = kept.table.select(names).filter(asks[ranks_of(kept.table)])
        for row in some.to_pylist():
            found.add({**row, "rule": kept.rule})
    return found


def _asked(
    found: FindingColumns, rules: Mapping[str, Any], classes: NDArray[np.int64]
) -> dict[int, list[Asked]]:
    """Return the rules behind the class of each contract, those longest past their day first."""
    asked: dict[int, list[Asked]] = {}
    names = ("contract", "rule", "gravity", "limit_on", "days_past")
    columns = [found.columns.get(name, []) for name in names]
    for contract, rule, gravity, limit, days in zip(*columns, strict=True):
        kind, card = CLASSES[classes[contract]], rules[rule]
        hatched = card.authority in ("draft", "reported")
        if (kind.gravity, kind.hatched) == (gravity, hatched):
            day = date.fromisoformat(limit) if limit else None
            told = Asked(card.title_zh, card.title_en, day, days)
            asked.setdefault(contract, []).append(told)
    for told_of in asked.values():
        told_of.sort(key=lambda one: (-(one.days_past or 0), one.limit_on or date.max))
    return asked


def _plots(
    place: Ground,
    shapes: NDArray[np.object_],
    parcels_of: Sequence[Sequence[int]],
    kept: Mapping[int, int],
    holdings: Sequence[Holding],
) -> list[Plot]:
    everyone: dict[int, list[int]] = {}
    for at, parcels in enumerate(parcels_of):
        for parcel in dict.fromkeys(parcels):
            everyone.setdefault(parcel, []).append(at)
    can_be = drawable(shapes)
    plots = []
    for at, row in enumerate(place.parcels):
        here = everyone.get(at, [])
        shown = sorted((kept[one] for one in here if one in kept), key=_graver(holdings))
        kind = holdings[shown[0]].kind if shown else LEFT_OUT if here else NO_CONTRACT_CLASS
        area = None if row["area_m2"] is None else float(row["area_m2"]) * 0.0015
        shape = shapely.force_2d(shapes[at]) if can_be[at] else None
        plots.append(Plot(row["parcel_id"], row["zone_id"], area, shape, kind, tuple(shown)))
    return plots


def _graver(holdings: Sequence[Holding]) -> Any:
    return lambda at: (holdings[at].kind, holdings[at].contract_id)

"""The order of a page's rows, and the class of each: what the columns of its packs are made by."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from landwatch.mapping.columns import Integers
from landwatch.mapping.data import MapData
from landwatch.mapping.gravest import ASKING, GRAVITIES, class_of_rank, gravity_ranks
from landwatch.mapping.shapes import along_the_curve, drawable
from landwatch.mapping.style import CLASSES, NO_CONTRACT_CLASS, NOT_BINDING


@dataclass(frozen=True, slots=True)
class Arranged:
    """Rows in the order of the page: parcels along a curve, contracts by parcel, findings by both.

    Attributes:
        parcels: the row of the data for each parcel of the page.
        contracts: likewise.
        findings: likewise, those of a contract together and the gravest first.
        drawn: how many of the parcels have a shape; they come first.
        places: for each row of contracts in the data, the rows of its parcels on the page.
        classes: for each row of contracts in the data, its class on the map.
    """

    parcels: Integers
    contracts: Integers
    findings: Integers
    drawn: int
    places: list[list[int]]
    classes: Integers

    @property
    def without_shape(self) -> NDArray[np.bool_]:
        """Tell which contracts (in the order of the page) cannot be drawn."""
        first = np.array([min(rows, default=self.drawn) for rows in self.places], np.int64)
        unseen: NDArray[np.bool_] = first[self.contracts] >= self.drawn
        return unseen


def arranged(data: MapData) -> Arranged:
    """Put the rows into the order in which neighbours stand together."""
    parcels = along_the_curve(data.geometry)
    place_of = np.empty(len(parcels), np.int64)
    place_of[parcels] = np.arange(len(parcels))
    places = [sorted({int(place_of[row]) for row in rows}) for rows in data.contracts["parcels"]]
    first = np.array([min(rows, default=len(parcels)) for rows in places], np.int64)
    contracts = np.argsort(first, kind="stable")
    rank = gravity_ranks(data.findings["gravity"])
    contract_of = np.asarray(data.findings["contract"], np.int64)
    position = np.empty(data.contract_count, np.int64)
    position[contracts] = np.arange(data.contract_count)
    findings = np.lexsort((rank, position[contract_of]))
    drawn = int(drawable(data.geometry).sum())
    return Arranged(parcels, contracts, findings, drawn, places, contract_classes(data))


def contract_classes(data: MapData) -> Integers:
    """Return the class of each contract: the gravest that law says, else what a draft says.

    The gravity that the caller gives stands wherever no finding explains it, so that nothing grave
    is lost on the way to the map.
    """
    told = gravity_ranks(data.contracts["gravity"])
    classes = class_of_rank(hatched=False)[told]
    contract = np.asarray(data.findings["contract"], np.int64)
    ranks = gravity_ranks(data.findings["gravity"])
    hatched = {code: card.authority in NOT_BINDING for code, card in data.rules.items()}
    pale = np.array([hatched[rule] for rule in data.findings["rule"]], np.bool_)
    found = np.where(pale, class_of_rank(hatched=True)[ranks], class_of_rank(hatched=False)[ranks])
    speaks = np.array([gravity in ASKING for gravity in GRAVITIES])[ranks]
    explained = speaks & (ranks == told[contract])
    gravest = classes.copy()
    gravest[contract[explained]] = len(CLASSES)
    np.minimum.at(gravest, contract[speaks], found[speaks])
    return gravest


def parcel_classes(arranged: Arranged) -> Integers:
    """Return the class of each parcel of the page: the gravest of the contracts on it."""
    classes = np.full(len(arranged.parcels), NO_CONTRACT_CLASS, np.int64)
    rows = np.fromiter(chain.from_iterable(arranged.places), np.int64)
    counts = [len(places) for places in arranged.places]
    np.minimum.at(classes, rows, np.repeat(arranged.classes, counts))
    return classes

"""What a page is made of: plain columns, no database and no scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landwatch.errors import PageError
from landwatch.mapping.parts import Part
from landwatch.scan.freshness_figures import Freshness

CONTRACT_COLUMNS = (
    "contract_id",
    "holder",
    "project",
    "zone",
    "area_mu",
    "parcels",
    "gravity",
)
USE_COLUMNS = ("land_use", "industry")
EVIDENCE_COLUMNS = ("seen_on", "seen_by")
FINDING_COLUMNS = ("contract", "rule", "gravity", "status", "to_verify")
FINDING_DETAILS = (
    "reason",
    "clock_from",
    "limit_on",
    "days_past",
    "measured",
    "threshold",
    "unit",
    "amount_wan",
    "remedies",
    "explanation_zh",
    "explanation_en",
)


@dataclass(frozen=True, slots=True)
class RuleCard:
    """A rule as a card shows it: what it asks, the clause word for word, and its force."""

    title_zh: str
    title_en: str
    policy_title: str
    article: str
    quote: str
    authority: str
    policy_title_en: str = ""
    parameters: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What the policy calls its parameters, in zh and en: a reason may name one."""


@dataclass(frozen=True, slots=True)
class ZoneOutline:
    """A park; without geometry it is a name in the filter."""

    zone_id: str
    name: str
    level: str
    geometry: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class ParkFinding:
    """What a rule about parks found of one park; it colours no parcel.

    Attributes:
        zone: the name of the park, as the contracts name it.
        rule: the code of the rule.
        gravity: the code of its gravity.
        status: the code of its status.
        details: any of `FINDING_DETAILS`; one left out is not told.
    """

    zone: str
    rule: str
    gravity: str
    status: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MapData:
    """Everything on the page, by columns.

    Attributes:
        parcel_id: one for each parcel.
        geometry: shapely shapes in EPSG:4490, None where there is none.
        parcel_zone: the name of the parcel's park, None where it lies in none.
        parcel_land_use: what the land is for.
        parcel_area_mu: nan where it is not told.
        contracts: the columns of `CONTRACT_COLUMNS`; `parcels` lists the rows of the parcels,
            `gravity` is the code of the gravest outcome. Those of `USE_COLUMNS` may be there
            (what the land is for), and of `EVIDENCE_COLUMNS`: the day each was last seen, and by
            which source.
        findings: the columns of `FINDING_COLUMNS` (`contract` is the row of the contract), and any
            of `FINDING_DETAILS`; a detail left out is not told.
        rules: the card of each rule that a finding names.
        zones: the parks.
        park_findings: what rules about parks found, park by park, the gravest first.
        park_rules: the card of each rule that a finding of a park names.
        freshness: how fresh the ledger was, None where that is not told.
        title: of the page.
        as_of: the day that the findings speak of.
        scan_id: None where there was no scan.
        made_up: whether to say on the page that all of it is made up.
        parts: what more the page tells: see `landwatch.mapping.parts`.
    """

    parcel_id: Sequence[str]
    geometry: NDArray[np.object_]
    parcel_zone: Sequence[str | None]
    parcel_land_use: Sequence[str | None]
    parcel_area_mu: NDArray[np.float64]
    contracts: Mapping[str, Sequence[Any]]
    findings: Mapping[str, Sequence[Any]]
    rules: Mapping[str, RuleCard]
    title: str
    as_of: date
    zones: Sequence[ZoneOutline] = field(default_factory=tuple)
    park_findings: Sequence[ParkFinding] = field(default_factory=tuple)
    park_rules: Mapping[str, RuleCard] = field(default_factory=dict)
    freshness: Freshness | None = None
    scan_id: int | None = None
    made_up: bool = False
    parts: Sequence[Part] = ()

    def __post_init__(self) -> None:
        """Refuse columns that do not fit together: a page must not shift one by a row."""
        _same_length(
            "parcels",
            {
                "parcel_id": self.parcel_id,
                "geometry": self.geometry,
                "parcel_zone": self.parcel_zone,
                "parcel_land_use": self.parcel_land_use,
                "parcel_area_mu": self.parcel_area_mu,
            },
        )
        _all_there("contracts", self.contracts, CONTRACT_COLUMNS)
        _same_length("contracts", self.contracts)
        _all_there("findings", self.findings, FINDING_COLUMNS)
        _same_length("findings", self.findings)
        self._refer_to_what_is_there()

    def _refer_to_what_is_there(self) -> None:
        """Refuse a finding of no contract or rule, and a contract on no such parcel."""
        contracts = np.asarray(self.findings["contract"], np.int64)
        if len(contracts) and not 0 <= contracts.min() <= contracts.max() < self.contract_count:
            raise PageError("map.error.row", what="contract", rows=self.contract_count)
        rows = [row for parcels in self.contracts["parcels"] for row in parcels]
        if rows and not 0 <= min(rows) <= max(rows) < len(self.parcel_id):
            raise PageError("map.error.row", what="parcel", rows=len(self.parcel_id))
        unknown = set(self.findings["rule"]) - set(self.rules)
        unknown |= {one.rule for one in self.park_findings} - set(self.park_rules)
        if unknown:
            raise PageError("map.error.rule", rules=", ".join(sorted(unknown)))

    @property
    def contract_count(self) -> int:
        """Return how many contracts there are."""
        return len(self.contracts["contract_id"])

    @property
    def finding_count(self) -> int:
        """Return how many findings there are."""
        return len(self.findings["contract"])

    def detail(self, name: str) -> Sequence[Any]:
        """Return a column of the findings, blanks where it was left out."""
        return self.findings.get(name, [None] * self.finding_count)


def _all_there(table: str, columns: Mapping[str, Sequence[Any]], needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in columns]
    if missing:
        raise PageError("map.error.columns", table=table, columns=", ".join(missing))


def _same_length(table: str, columns: Mapping[str, Any]) -> None:
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name}={length}" for name, length in lengths.items())
        raise PageError("map.error.length", table=table, lengths=told)

"""Which columns of the ledger a scan reads: those that its rules speak of, and no others.

A ledger has some hundred and fifty columns and a rule speaks of ten. A column that nobody told is
read by no scan at all. A test holds each fact that is worked out with its own extent alone equal to
the same fact of the whole dossier.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from landwatch.language.columns import COLUMNS, Column, ColumnType, Kind
from landwatch.lawbook.policy import Policy
from landwatch.lawbook.reading import names_of
from landwatch.lawbook.vocabulary import progress_columns

EVIDENCE = (
    "start_shown", "start_basis", "started_on", "started_by_on", "not_started_seen_on",
    "not_started_last_on", "start_gap", "start_contradicted_on", "completion_on",
    "completion_seen_by_on", "built_seen_on", "still_not_complete", "not_complete_last_on",
    "production_on", "production_seen_by_on", "still_not_producing", "not_producing_last_on",
)  # fmt: skip
"""The facts of `evidence`, which are worked out together."""
YEARS = ("year_tax_wan", "year_tax_on", "year_output_wan", "year_output_on")
OF_PARKS = frozenset({"leading_count"})

_ALWAYS = {
    Kind.ZONES: (),
    Kind.PARCELS: ("parcel_id", "zone_id"),
    Kind.CONTRACTS: (
        "contract_id", "contract_no", "supervision_no", "parcel_id", "zone_id", "adcode",
    ),
    Kind.PROGRESS: ("contract_id", "observed_on", "source"),
    Kind.EVENTS: (),
}  # fmt: skip
_REPORTS = {
    **dict.fromkeys(
        EVIDENCE,
        (
            "started", "permit_on", "foundation", "pit_share", "piles_driven", "piles_total",
            "foundation_share", "works_without_permit", "stage", "in_production_on",
            "completed_on", "floor_area_m2",
        ),
    ),
    **dict.fromkeys(YEARS, ("tax_wan", "output_wan", "stat_year")),
    "developed_area_mu": ("developed_area_mu", "developed_area_m2"),
    "working_seen_on": ("stage",),
    "means_shown": ("means_to_build",),
    "means_seen_on": ("means_to_build",),
}  # fmt: skip
_CONTRACT = {
    **dict.fromkeys(EVIDENCE, ("actual_start_on", "actual_completion_on")),
    "area_mu": ("area_mu", "area_m2"),
    "due_start_area_mu": ("due_start_area_mu", "due_start_area_m2"),
    "handover_on": ("delivered_on",),
    "industry_class": ("industry_code",),
}


@dataclass(frozen=True, slots=True)
class Extent:
    """The facts that are wanted; None wants all of them."""

    facts: frozenset[str] | None = None

    @property
    def numbered(self) -> bool:
        """Tell whether contracts go by numbers: where no rule speaks of the id itself."""
        return self.facts is not None and "contract_id" not in self.facts

    def wants(self, *names: str) -> bool:
        """Tell whether any of these facts is wanted."""
        return self.facts is None or not self.facts.isdisjoint(names)

    def columns(self, kind: Kind) -> frozenset[str]:
        """Return the columns of a kind that the facts are worked out from."""
        every = frozenset(
            column.name for column in COLUMNS[kind] if column.holds is not ColumnType.GEOMETRY
        )
        if self.facts is None or kind in (Kind.ZONES, Kind.EVENTS):
            return every
        behind = {Kind.PROGRESS: _REPORTS, Kind.CONTRACTS: _CONTRACT}.get(kind, {})
        wanted = {name for fact in self.facts for name in behind.get(fact, (fact,))}
        return every & (wanted | set(_ALWAYS[kind]))


WHOLE = Extent()


def extent_of(policies: Iterable[Policy]) -> Extent:
    """Return the facts that the rules of these policies speak of."""
    names: set[str] = set()
    for policy in policies:
        for rule in policy.rules:
            names |= names_of(rule).union(*(names_of(part.is_) for part in rule.definitions))
        names |= {one.by for one in policy.parameters.values() if one.by is not None}
    seen = {f"{column.name}_seen_on" for column in progress_columns() if column.name in names}
    return Extent(frozenset(names | seen))


_SQL_TYPES = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.CODE: "VARCHAR",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.DATE: "DATE",
    ColumnType.YES_NO: "BOOLEAN",
}


def blank(column: Column) -> str:
    """Return the SQL of a column that nobody told."""
    exact = f"DECIMAL(18, {column.places})"
    return f"CAST(NULL AS {_SQL_TYPES.get(column.holds, exact)})"

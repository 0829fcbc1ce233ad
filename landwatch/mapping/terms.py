"""What a card tells of a contract: its terms beside what was done, events, and how findings came.

All travels in the pack that the first card reads. Of each contract there is a cell in every column
that anybody told; reports, events and facts stand in rows of their own; each contract or finding
tells how many are its.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from landwatch.language.catalogue import LANGUAGES
from landwatch.language.columns import Column, ColumnType, Kind, columns_of
from landwatch.lawbook.vocabulary import contract_columns, progress_columns
from landwatch.mapping.columns import (
    Column as Packed,
)
from landwatch.mapping.columns import (
    Integers,
    codes_column,
    day_column,
    naturals_column,
    number_column,
    text_column,
)
from landwatch.mapping.reason_columns import reason_columns
from landwatch.mapping.reasoning import COLUMNS as REASONS
from landwatch.mapping.reasoning import FactUsed
from landwatch.scan.told_contracts import ToldContracts, told_contracts

if TYPE_CHECKING:
    import pyarrow as pa

    from landwatch.mapping.arranging import Arranged
    from landwatch.mapping.data import MapData
    from landwatch.mapping.gather import Gathered

ON_THE_PAGE = frozenset(
    ("contract_id", "holder", "project_name", "zone_id", "parcel_id", "area_m2", "area_mu")
)
"""What the page itself tells of each contract."""
TOLD_IN_MU = frozenset(("due_start_area_m2", "developed_area_m2"))
"""Areas that are told in 亩 too, worked out exactly."""
DERIVED = (
    "start_shown", "start_basis", "started_by_on", "not_started_last_on",
    "completion_seen_by_on", "not_complete_last_on", "production_seen_by_on",
    "not_producing_last_on", "amended_start_on", "amended_completion_on", "year_tax_wan",
    "year_tax_on", "year_output_wan", "year_output_on",
)  # fmt: skip
"""What follows from several rows of the ledger, as the rules have it."""
_DAYS = frozenset(name for name in DERIVED if name.endswith("_on"))


MOST_CONTRACTS = 300_000
"""Terms take some 140 bytes a contract: a page of more is told without them."""


def card_part(gathered: Gathered) -> TermsPart | NoTerms:
    """Return what the cards of a page tell of its contracts; of too many, that it is left out."""
    scan = gathered.scan
    if len(gathered.place.contracts) > MOST_CONTRACTS:
        return NoTerms(MOST_CONTRACTS)
    reasoned = all(name in gathered.findings for name in REASONS)
    told = told_contracts(gathered.store, scan.as_of, scan.known_at, gathered.ledger)
    place_of = {name: at for at, name in enumerate(told.facts.column("contract_id").to_pylist())}
    places = [place_of[row["contract_id"]] for row in gathered.place.contracts]
    return TermsPart(told, np.array(places, np.int64), gathered.findings if reasoned else {})


@dataclass(frozen=True, slots=True)
class NoTerms:
    """In the place of the terms of too many contracts: the cards say so, and where they are.

    Attributes:
        most: how many contracts a page tells the terms of.
    """

    most: int

    name = "card"
    later = True

    def columns(self, data: MapData, rows: Arranged) -> list[Packed]:
        """Return no column."""
        return []

    def head(self, data: MapData, rows: Arranged) -> dict[str, object]:
        """Return up to how many contracts a page tells the terms of."""
        return {"left_out": self.most}


@dataclass(frozen=True, slots=True)
class TermsPart:
    """The part of a page that its cards read.

    Attributes:
        told: what the ledger tells of every contract.
        places: the row in `told.facts` for each contract of the page's data.
        findings: the columns of the findings, with those of `reasoning`.
    """

    told: ToldContracts
    places: Integers
    findings: Mapping[str, Sequence[Any]]

    name = "card"
    later = True

    def columns(self, data: MapData, rows: Arranged) -> list[Packed]:
        """Return the columns, contracts in the order of the page."""
        at = self.places[rows.contracts]
        return [
            *self._terms(at),
            *self._reports(at),
            *self._events(at),
            *reason_columns(self.findings, rows),
        ]

    def head(self, data: MapData, rows: Arranged) -> dict[str, object]:
        """Return what each column is called, in which unit, and what its codes mean."""
        return {
            "contract": {c.name: described(c) for c in self._told(agreed_columns())},
            "progress": {c.name: described(c) for c in self._told(done_columns())},
            "events": {c.name: described(c) for c in event_columns()},
            "known": [name for name in DERIVED if self._is_told(name)],
            "facts": _fact_heads(self.findings.get("facts_used", ())),
        }

    def _is_told(self, name: str) -> bool:
        column = self.told.facts.column(name)
        return bool(column.null_count < len(column))

    def _told(self, columns: Iterable[Column]) -> list[Column]:
        return [column for column in columns if self._is_told(column.name)]

    def _terms(self, at: Integers) -> list[Packed]:
        """Return a cell for each contract in every column that anybody told."""
        facts = self.told.facts
        agreed, done = self._told(agreed_columns()), self._told(done_columns())
        found = [_cells(f"agreed_{c.name}", c, facts.column(c.name), at) for c in agreed]
        found += [_cells(f"done_{c.name}", c, facts.column(c.name), at) for c in done]
        derived = [name for name in DERIVED if self._is_told(name)]
        found += [_cells(f"known_{n}", _of_fact(n), facts.column(n), at) for n in derived]
        unread = [
            ";".join(cells or ()) for cells in facts.column("unreadable").take(at).to_pylist()
        ]
        return [*found, text_column("terms_unreadable", unread)]

    def _reports(self, at: Integers) -> list[Packed]:
        """Return the reports that say the last word, and which says it on each column."""
        spoken = self.told.reports
        begins, counts, order = _grouped(spoken.contract, at, self.told.facts.num_rows)
        found = [
            naturals_column("contract_reports", counts),
            day_column("report_on", _iso(spoken.day[order])),
            text_column("report_source", [spoken.source[row] for row in order.tolist()]),
        ]
        for column in self._told(done_columns()):
            says = _last_word(spoken.of, column.name)[at]
            own = np.where(says >= 0, says - begins[at] + 1, 0)
            found.append(codes_column(f"by_{column.name}", own))
        return found

    def _events(self, at: Integers) -> list[Packed]:
        """Return what happened to each contract, in the order of days."""
        _, counts, order = _grouped(self.told.event_contract, at, self.told.facts.num_rows)
        cells = self.told.events
        return [
            naturals_column("contract_events", counts),
            *(_cells(f"event_{c.name}", c, cells.column(c.name), order) for c in event_columns()),
        ]


def agreed_columns() -> list[Column]:
    """Return the columns of a contract that a card tells."""
    left_out = ON_THE_PAGE | TOLD_IN_MU
    return [column for column in contract_columns() if column.name not in left_out]


def done_columns() -> list[Column]:
    """Return the columns of the reports that a card tells."""
    started = columns_of(Kind.PROGRESS)["started"]
    return [started, *(c for c in progress_columns() if c.name not in TOLD_IN_MU)]


def event_columns() -> list[Column]:
    """Return the columns of the events that a card tells."""
    return [c for name, c in columns_of(Kind.EVENTS).items() if name != "contract_id"]


def described(column: Column) -> dict[str, object]:
    """Return how a page reads a column: its names, what it holds, its unit and its codes."""
    told: dict[str, object] = {"zh": column.zh, "en": column.en, "holds": str(column.holds)}
    if column.unit not in (None, "1"):
        told["unit"] = column.unit
    if column.choices is not None:
        told["codes"] = {
            str(code): [code.in_words(lang) for lang in LANGUAGES] for code in column.choices
        }
    return told


def _of_fact(name: str) -> Column:
    """Return a derived fact as a column."""
    if name in _DAYS:
        return Column(name, ColumnType.DATE, "", "")
    holds = {"start_basis": ColumnType.TEXT, "start_shown": ColumnType.YES_NO}
    return Column(name, holds.get(name, ColumnType.DECIMAL), "", "")


def _cells(name: str, column: Column, told: pa.ChunkedArray, at: Integers) -> Packed:
    """Pack a column in another order; what is not told stays blank."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = told.take(pa.array(at))
    match column.holds:
        case ColumnType.DATE:
            return day_column(name, cells.to_pylist())
        case ColumnType.DECIMAL | ColumnType.INTEGER:
            numbers = pc.cast(cells, pa.float64()).to_numpy()
            return number_column(name, numbers.tolist())
        case ColumnType.YES_NO:
            coded = pc.add(pc.cast(cells, pa.int8()), pa.scalar(1, pa.int8())).fill_null(0)
            return codes_column(name, coded.to_numpy())
        case _:
            return text_column(name, _texts(cells))


def _texts(cells: pa.ChunkedArray) -> list[str | None]:
    """Return texts; several of one cell stand as they are written in a file."""
    return [";".join(v) if isinstance(v, list) else v for v in cells.to_pylist()]


def _grouped(
    groups: Integers, at: Integers, contracts: int
) -> tuple[Integers, Integers, NDArray[np.int64]]:
    """Return where each contract's rows begin, how many the contracts `at` have, and their order.

    `groups` names the contract of each row, in ascending order.
    """
    every = np.bincount(groups, minlength=contracts).astype(np.int64)
    begins = np.cumsum(every) - every
    counts = every[at]
    shift = np.repeat(begins[at] - (np.cumsum(counts) - counts), counts)
    return begins, counts, np.arange(int(counts.sum())) + shift


def _iso(days: NDArray[np.int32]) -> list[str]:
    return [str(day) for day in days.astype("datetime64[D]")]


def _last_word(of: Mapping[str, Integers], name: str) -> Integers:
    """Return which report says the last word on a column; an area may be told in m² alone."""
    in_m2 = name.removesuffix("_mu") + "_m2"
    says, other = of.get(name), of.get(in_m2) if name.endswith("_mu") else None
    if says is None or other is None:
        return other if says is None and other is not None else of[name]
    return np.where(says >= 0, says, other)


def _fact_heads(used: Iterable[Iterable[FactUsed]]) -> dict[str, object]:
    """Return how a page reads each fact that any finding used; an event tells several columns."""
    names = sorted({fact.name for facts in used for fact in facts})
    pairs = [(name, *name.split(".", 1)) for name in names]
    return {
        name: described(columns_of(Kind(kind))[column])
        for name, kind, column in pairs
        if column in columns_of(Kind(kind))
    }

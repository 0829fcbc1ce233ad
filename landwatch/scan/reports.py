"""What the reports of a ledger tell of each contract on a day.

Beside the facts there is the table `reports`, those of contracts with cells that cannot be read;
and, where the whole dossier is wanted, `verdicts` and `starts`: what each report and all of them
say of the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

import numpy as np

from landwatch.language.columns import Kind, columns_of
from landwatch.scan.evidence import evidence_columns, told_of
from landwatch.scan.extent import EVIDENCE, YEARS, Extent
from landwatch.scan.latest import days_column, latest_columns, year_columns
from landwatch.scan.report_rows import Cells, Merged, Places, ReportRows, fact_type
from landwatch.scan.starts import VERDICTS, Spoken, Starts, spoken, starts

if TYPE_CHECKING:
    import pyarrow as pa

    from landwatch.scan.told_rows import Rows


class Taken(Protocol):
    """What of the ledger does not hang on the day."""

    @property
    def extent(self) -> Extent:
        """Return which facts are wanted."""

    @property
    def reports(self) -> Rows:
        """Return the reports as told."""

    @property
    def numbers(self) -> Places:
        """Return the contract of each report."""

    @property
    def merged(self) -> Merged:
        """Return the reports that were told more than once."""

    @property
    def names(self) -> pa.Array:
        """Return the id of each contract."""

    @property
    def started(self) -> Cells:
        """Return when each contract tells that it was started."""

    @property
    def completed(self) -> Cells:
        """Return when each contract tells that it was completed."""


@dataclass(frozen=True, slots=True)
class ToldByReports:
    """What the reports tell: a column for each fact, by contract, and the tables beside them."""

    columns: dict[str, pa.Array]
    tables: dict[str, pa.Table]


def told_by_reports(taken: Taken, as_of: date) -> ToldByReports:
    """Return what the reports tell of each contract by a day."""
    import pyarrow as pa

    extent, contracts = taken.extent, len(taken.names)
    reports = ReportRows(taken.reports, taken.numbers, taken.merged, as_of)
    marked = _with_unreadable(taken, reports)
    undated = _undated(taken, reports).select(marked.column_names).cast(marked.schema)
    tables = {"reports": pa.concat_tables([marked, undated])}
    columns = latest_columns(reports, contracts, extent)
    if extent.wants(*EVIDENCE):
        said = spoken(reports)
        shown = starts(said, contracts)
        told = told_of(taken.started, taken.completed, reports, as_of)
        columns |= evidence_columns(told, shown, reports, as_of)
        if extent.facts is None:
            tables["verdicts"] = _verdicts(taken, reports, said)
            tables["starts"] = _starts(taken, shown)
    if extent.wants(*YEARS):
        columns |= year_columns(reports, contracts, as_of)
    return ToldByReports(columns, tables)


def _with_unreadable(taken: Taken, reports: ReportRows) -> pa.Table:
    """Return the reports of contracts that have a cell in them which cannot be read."""
    import pyarrow as pa

    marked = reports.marked()
    of_marked = np.zeros(len(taken.names), dtype=bool)
    of_marked[marked] = True
    places = np.flatnonzero(of_marked[reports.contract]) if len(marked) else marked
    wanted = taken.extent.columns(Kind.PROGRESS) - {"contract_id"}
    marks = reports.table(places, ["unreadable"])
    unread = {name for one in marks.column("unreadable").unique().to_pylist() if one
              for name in one.split(";")}  # fmt: skip
    told = reports.table(places, sorted(wanted & unread))
    table = told.append_column("unreadable", marks.column("unreadable"))
    for name in sorted(wanted - unread):  # whether they are told makes no difference
        blank = pa.nulls(len(places), fact_type(columns_of(Kind.PROGRESS)[name]))
        table = table.append_column(name, blank)
    return table.add_column(0, "contract_id", _ids(taken, reports.contract[places]))


def _undated(taken: Taken, reports: ReportRows) -> pa.Table:
    """Return a row, the last of all, for each contract that has a report of an unreadable day.

    Whatever such a report tells may be later than what others tell: none of it can be read.
    """
    import pyarrow as pa

    wanted = taken.extent.columns(Kind.PROGRESS) - {"contract_id"}
    of = reports.undated()
    last = pa.array(np.full(len(of), len(reports) + 1), pa.int64())
    every = pa.array([f";{';'.join(sorted(wanted))};"] * len(of), pa.string())
    blank = {
        name: pa.nulls(len(of), fact_type(columns_of(Kind.PROGRESS)[name]))
        for name in sorted(wanted)
    }
    return pa.table({"contract_id": _ids(taken, of), "rank": last, "unreadable": every, **blank})


def _ids(taken: Taken, contract: Places) -> pa.Array:
    """Return contracts as the engine names them."""
    import pyarrow as pa

    if taken.extent.numbered:
        return pa.array((contract + 1).astype(np.int32))
    return taken.names.take(pa.array(contract))


def _verdicts(taken: Taken, reports: ReportRows, said: Spoken) -> pa.Table:
    import pyarrow as pa

    columns = columns_of(Kind.PROGRESS)
    named = reports.table(said.row, ["source", "started"])
    return pa.table(
        {
            "contract_id": _ids(taken, said.contract),
            "observed_on": days_column(said.day),
            "source": named.column("source"),
            columns["started"].name: named.column("started"),
            "verdict": pa.array(VERDICTS).take(pa.array(said.verdict.astype(np.int32))),
        }
    )


def _starts(taken: Taken, shown: Starts) -> pa.Table:
    """Return what all reports of a contract say of its start; the days on which one denied it."""
    import pyarrow as pa

    there = np.flatnonzero(shown.verdict)
    ends = np.searchsorted(shown.denied_contract, there, side="right")
    begins = np.searchsorted(shown.denied_contract, there, side="left")
    taken_days = [shown.denied_on[a:b] for a, b in zip(begins, ends, strict=True)]
    flat = np.concatenate(taken_days) if taken_days else np.empty(0, dtype=np.int32)
    offsets = np.concatenate(([0], np.cumsum(ends - begins))).astype(np.int32)
    return pa.table(
        {
            "contract_id": _ids(taken, there),
            "stays": pa.array(shown.stays[there]),
            "anchor_verdict": pa.array(VERDICTS).take(
                pa.array(shown.verdict[there].astype(np.int32))
            ),
            "anchor_on": days_column(shown.on[there]),
            "no_days": pa.ListArray.from_arrays(offsets, days_column(flat)),
        }
    )

"""The peer: what a user writes today with pandas, contract by contract, for the same 13 rules.

Order 53, the grant contract and Article 26 as the ledger's page words them (its sections 2 and 4),
written without landwatch's engine: `groupby` for the reports of a contract, `apply(axis=1)` for the
rules. Exact decimals and calendar days, as a careful user would; `by_rows_rules` has the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa

from benchmarks.by_rows_evidence import evidence_of, latest, told
from benchmarks.by_rows_rules import RULES, settled
from benchmarks.by_rows_saying import years_after
from landwatch.language.columns import Kind

WEAKEST_FIRST = ("holder_report", "statistics", "remote_sensing", "permit_system", "inspection")
TERMS = (
    "instrument", "price_wan", "area_m2", "area_mu", "signed_on", "delivered_on",
    "agreed_start_on", "agreed_completion_on", "actual_start_on", "actual_completion_on",
    "agreed_total_investment_wan", "agreed_total_investment_land_price_wan",
    "agreed_total_investment_taxes_wan", "agreed_intensity_wan_per_mu", "agreed_far_min",
    "agreed_far_max", "agreed_density_min", "agreed_tax_wan_per_mu", "agreed_output_wan_per_mu",
    "due_start_area_m2", "due_start_area_mu", "start_penalty_permille",
    "completion_penalty_permille", "contract_form",
)  # fmt: skip
MEASURES = (
    "developed_area_m2", "developed_area_mu", "invested_wan", "invested_land_price_wan",
    "invested_taxes_wan", "fixed_assets_wan", "fixed_land_price_wan", "floor_area_m2",
    "footprint_m2", "suspended_since", "resumed_on", "stage", "completed_on", "in_production_on",
)  # fmt: skip
WANTED = {
    Kind.PARCELS: ("parcel_id", "zone_id"),
    Kind.CONTRACTS: (
        "contract_id", "contract_no", "supervision_no", "parcel_id", "zone_id", *TERMS,
    ),
    Kind.PROGRESS: (
        "contract_id", "observed_on", "source", "started", "permit_on", "foundation", "pit_share",
        "piles_driven", "piles_total", "foundation_share", "works_without_permit", "stat_year",
        "tax_wan", "output_wan", *MEASURES,
    ),
    Kind.EVENTS: ("contract_id", "kind", "on", "until", "cause", "verified", "agreed_start_on",
                  "agreed_completion_on"),
}  # fmt: skip
DAYS = ("permit_on", "suspended_since", "resumed_on", "completed_on", "in_production_on")
MARKS = ("cleared", "unreadable")
MU_A_M2 = Decimal("0.0015")


def outcomes(tables: Mapping[Kind, pa.Table], as_of: date) -> pd.DataFrame:
    """Return what every rule says of every contract on a day, one row each."""
    return outcomes_of({kind: _frame(tables[kind], WANTED[kind]) for kind in WANTED}, as_of)


def outcomes_of(told_frames: Mapping[Kind, pd.DataFrame], as_of: date) -> pd.DataFrame:
    """Return the same of rows as they were told, later ones over earlier ones."""
    frames = {kind: merged(frame) for kind, frame in told_frames.items()}
    contracts = frames[Kind.CONTRACTS]
    reports = _on_the_day(_own_numbers(frames[Kind.PROGRESS], contracts), as_of)
    events = _own_numbers(frames[Kind.EVENTS], contracts)
    events = events[events["on"] <= as_of].sort_values(["on", "record_id"])
    of_reports = dict(list(reports.groupby("contract_id")))
    of_events = dict(list(events.groupby("contract_id")))
    none_reported, nothing_happened = reports.iloc[:0], events.iloc[:0]
    zone_of_parcel = frames[Kind.PARCELS].set_index("parcel_id")["zone_id"]

    def facts(contract: pd.Series[Any]) -> pd.Series[Any]:
        number = contract["contract_id"]
        reported = of_reports.get(number, none_reported)
        happened = of_events.get(number, nothing_happened)
        known = facts_of(contract, reported, happened, as_of)
        return pd.Series(known | {"zone_id": zone_of(contract, zone_of_parcel)}, dtype=object)

    known = contracts.apply(facts, axis=1)
    decided = [
        known.apply(settled, axis=1, result_type="expand", rule=rule, as_of=as_of) for rule in RULES
    ]
    return pd.concat(decided, ignore_index=True).sort_values(["contract_id", "rule"])


def _frame(table: pa.Table, wanted: tuple[str, ...]) -> pd.DataFrame:
    """Return the columns that the rules need, dates as dates, numbers as exact decimals."""
    frame: pd.DataFrame = table.select(["key", "record_id", *MARKS, *wanted]).to_pandas()
    return frame.astype(object).where(frame.notna(), None)


def merged(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each key: what was told last, column by column.

    A blank erases nothing; a cleared cell does, and so does one that cannot be read.
    """
    several = frame["key"].duplicated(keep=False)
    rows = [_one_row(rows) for _, rows in frame[several].groupby("key")]
    return pd.concat([frame[~several], pd.DataFrame(rows, columns=frame.columns)])


def _one_row(rows: pd.DataFrame) -> dict[str, Any]:
    row: dict[str, Any] = {}
    unreadable: set[str] = set()
    for told_row in rows.sort_values("record_id").to_dict("records"):
        cleared, unread = _listed(told_row["cleared"]), _listed(told_row["unreadable"])
        for column, value in told_row.items():
            if told(value) or column in cleared or column in unread or column not in row:
                row[str(column)] = value
                unreadable.discard(str(column))
        unreadable |= unread
    return row | {"cleared": None, "unreadable": ";".join(sorted(unreadable)) or None}


def _listed(mark: str | None) -> set[str]:
    return {name for name in mark.split(";") if name} if told(mark) and mark else set()


def _own_numbers(frame: pd.DataFrame, contracts: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the contract's own id where they name it by another number of its."""
    numbers = pd.concat(
        contracts[[column, "contract_id"]].set_axis(["number", "contract_id"], axis=1)
        for column in ("contract_no", "supervision_no")
    ).dropna()
    numbers = numbers[~numbers["number"].isin(contracts["contract_id"])].drop_duplicates()
    only = numbers[~numbers["number"].duplicated(keep=False)].set_index("number")["contract_id"]
    return frame.assign(contract_id=frame["contract_id"].map(only).fillna(frame["contract_id"]))


def _on_the_day(reports: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the reports made by the day, the one that speaks last at the end."""
    strength = reports["source"].map({name: place for place, name in enumerate(WEAKEST_FIRST)})
    reports = reports.assign(strength=strength)[reports["observed_on"] <= as_of].copy()
    for column in DAYS:
        reports[column] = [day if told(day) and day <= as_of else None for day in reports[column]]
    return reports.sort_values(["observed_on", "strength", "record_id"])


def zone_of(contract: pd.Series[Any], zone_of_parcel: pd.Series[Any]) -> str | None:
    """Return the zone that a contract names, else that in which all its parcels lie."""
    if told(contract["zone_id"]):
        return str(contract["zone_id"])
    parcels = str(contract["parcel_id"] or "").split(";")
    zones = {zone_of_parcel.get(parcel.strip()) for parcel in parcels} - {None}
    return str(zones.pop()) if len(zones) == 1 else None


def facts_of(
    contract: pd.Series[Any], reports: pd.DataFrame, events: pd.DataFrame, as_of: date
) -> dict[str, Any]:
    """Return all that the rules ask about a contract on a day."""
    facts = {name: contract[name] for name in ("contract_id", *TERMS)}
    for column in MEASURES:
        facts[column], facts[f"{column}_seen_on"] = latest(reports, column)
    facts |= evidence_of(contract, reports, facts, as_of)
    facts |= _years(reports, as_of) | _of_events(contract, events, as_of)
    for name in ("area", "due_start_area", "developed_area"):
        if not told(facts[f"{name}_mu"]) and told(facts[f"{name}_m2"]):
            facts[f"{name}_mu"] = facts[f"{name}_m2"] * MU_A_M2
    facts["unread"] = _unread(contract, reports, events)
    return facts


def _years(reports: pd.DataFrame, as_of: date) -> dict[str, Any]:
    """Return the tax and the output of the latest full year that a report tells."""
    found: dict[str, Any] = {}
    for name in ("tax", "output"):
        best: tuple[int, int] | None = None
        found[f"year_{name}_wan"] = found[f"year_{name}_on"] = None
        for place, (_, report) in enumerate(reports.iterrows()):
            seen, year = report["observed_on"], report["stat_year"]
            if not told(year):
                year = seen.year if (seen.month, seen.day) == (12, 31) else None
            if not told(report[f"{name}_wan"]) or year is None or not 1900 <= year <= 9998:
                continue
            last_day = date(int(year), 12, 31)
            if last_day <= seen and last_day < as_of and (best is None or (year, place) > best):
                best = (year, place)
                found[f"year_{name}_wan"] = report[f"{name}_wan"]
                found[f"year_{name}_on"] = last_day
    return found


GOVERNMENT = ("G1", "G2", "G3", "G4", "G5", "G6", "FM")


def _of_events(contract: pd.Series[Any], events: pd.DataFrame, as_of: date) -> dict[str, Any]:
    """Return what amendments, handovers and verified delays come to on the day."""
    amendments = events[events["kind"] == "amendment"]
    starts = amendments[amendments["agreed_start_on"].notna()]
    ends = amendments["agreed_completion_on"].dropna()
    handed = events[events["kind"] == "delivery"]["on"]
    delivered = contract["delivered_on"]
    handover = handed.max() if len(handed) else None
    if handover is None and told(delivered) and delivered <= as_of:
        handover = delivered
    start = starts["agreed_start_on"].iloc[-1] if len(starts) else contract["agreed_start_on"]
    completion = ends.iloc[-1] if len(ends) else contract["agreed_completion_on"]
    amended = starts["on"].max() if len(starts) else None
    delays = events[(events["kind"] == "delay") & (events["verified"] == True)]  # noqa: E712
    return {
        "start_due_on": start if told(start) else None,
        "completion_due_on": completion if told(completion) else None,
        "idle_from": start if told(start) else years_after(handover, 1),
        "amended_on": amendments["on"].max() if len(amendments) else None,
        **_delay(delays, "", GOVERNMENT, amended, as_of),
        **_delay(delays, "statute_", (*GOVERNMENT, "P"), amended, as_of),
        "cause_untold": any(
            _stands(until, amended, as_of) for until in delays[delays["cause"].isna()]["until"]
        ),
    }


def _delay(
    delays: pd.DataFrame, name: str, causes: tuple[str, ...], amended: date | None, as_of: date
) -> dict[str, Any]:
    mine = delays[delays["cause"].isin(causes)]
    lasting = mine[[not told(until) or until >= as_of for until in mine["until"]]]
    return {
        f"{name}delay": lasting["cause"].iloc[-1] if len(lasting) else None,
        f"{name}mixed": any(
            told(until) and until < as_of and _stands(until, amended, as_of)
            for until in mine["until"]
        ),
    }


def _stands(until: Any, amended: date | None, as_of: date) -> bool:
    """Return whether a delay lasts, or no later amendment agreed on a new start."""
    return not told(until) or until >= as_of or amended is None or amended <= until


def _unread(contract: pd.Series[Any], reports: pd.DataFrame, events: pd.DataFrame) -> list[str]:
    """Return the cells that were told and cannot be read, and stand."""
    cells = {f"contracts.{name}" for name in _listed(contract["unreadable"])}
    for _, event in events[events["unreadable"].notna()].iterrows():
        cells |= {f"events.{event['kind']}.{name}" for name in _listed(event["unreadable"])}
    for place, mark in enumerate(reports["unreadable"]):
        for name in _listed(mark):
            if name in reports and not reports[name].iloc[place + 1 :].notna().any():
                cells.add(f"progress.{name}")
    return sorted(cells)

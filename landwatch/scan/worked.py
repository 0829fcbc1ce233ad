"""Worked cases as a ledger: what a case tells becomes records, as the store gives them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from landwatch.language.columns import Column, ColumnType, Kind, columns_of
from landwatch.lawbook.case_rows import Told
from landwatch.lawbook.cases import Worked
from landwatch.lawbook.policy import About
from landwatch.scan.dossier import Ledger
from landwatch.units import m2_from_mu, mu_from_m2, rounded

if TYPE_CHECKING:
    import pyarrow as pa

_IN_BOTH = (
    ("area_m2", "area_mu"),
    ("due_start_area_m2", "due_start_area_mu"),
    ("developed_area_m2", "developed_area_mu"),
)


def zone_of(contract_id: str) -> str:
    """Return the id of the zone that is made up for a case."""
    return f"zone of {contract_id}"


def with_both_areas(facts: Worked) -> Worked:
    """Return what a case tells with each area in m² and in 亩, as the importer completes them."""
    return replace(
        facts,
        contract=_completed(Kind.CONTRACTS, facts.contract),
        progress=tuple(_completed(Kind.PROGRESS, row) for row in facts.progress),
    )


def _completed(kind: Kind, row: Told) -> Told:
    columns, told = columns_of(kind), dict(row)
    for m2, mu in _IN_BOTH:
        if m2 not in columns:
            continue
        if told.get(m2) is not None:
            told.setdefault(mu, mu_from_m2(told[m2]))
        elif told.get(mu) is not None:
            told[m2] = rounded(m2_from_mu(told[mu]), columns[m2].places)
    return told


def ledger_of(cases: Mapping[str, Worked]) -> Ledger:
    """Return a ledger of what cases tell, each under the id given and in a zone of its own."""
    rows: dict[Kind, list[Told]] = {kind: [] for kind in Kind}
    for contract_id, worked in cases.items():
        contract = dict(worked.contract) | {"contract_id": contract_id}
        if worked.zone is not None:
            contract["zone_id"] = zone_of(contract_id)
            rows[Kind.ZONES].append(dict(worked.zone) | {"zone_id": contract["zone_id"]})
        if worked.about is About.CONTRACT:
            rows[Kind.CONTRACTS].append(contract)
        for row in worked.progress:
            rows[Kind.PROGRESS].append(dict(row) | {"contract_id": contract_id})
        for row in worked.events:
            rows[Kind.EVENTS].append(dict(row) | {"contract_id": contract_id})
    return Ledger({kind: table_of(kind, rows[kind]) for kind in Kind})


def table_of(kind: Kind, rows: Iterable[Told]) -> pa.Table:
    """Return records as the store gives them: typed columns, in order of recording."""
    import pyarrow as pa

    numbered = [
        dict(row) | {"record_id": place, "import_id": 1, "row": place + 1, "key": _key(kind, row)}
        for place, row in enumerate(rows, start=1)
    ]
    fields = [
        ("record_id", pa.int64()),
        ("import_id", pa.int64()),
        ("key", pa.string()),
        ("row", pa.int64()),
        ("cleared", pa.string()),
    ]
    fields += [
        (column.name, _arrow(column))
        for column in columns_of(kind).values()
        if column.holds is not ColumnType.GEOMETRY
    ]
    return pa.Table.from_pylist(numbered, schema=pa.schema(fields))


def _key(kind: Kind, row: Told) -> str:
    names = [column.name for column in columns_of(kind).values() if column.key]
    return json.dumps([str(row.get(name, "")) for name in names], ensure_ascii=False)


def _arrow(column: Column) -> Any:
    import pyarrow as pa

    match column.holds:
        case ColumnType.DECIMAL:
            return pa.decimal128(18, column.places)
        case ColumnType.INTEGER:
            return pa.int64()
        case ColumnType.DATE:
            return pa.date32()
        case ColumnType.YES_NO:
            return pa.bool_()
        case _:
            return pa.string()

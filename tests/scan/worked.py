"""Worked cases as a ledger: the told columns of a case become records, as the store gives them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from landwatch.language.columns import Column, ColumnType, Kind, columns_of
from landwatch.scan.dossier import Ledger

CASES = Path(__file__).parents[2] / "landwatch" / "lawbook" / "cases"
Told = Mapping[str, Any]


@dataclass(frozen=True)
class Worked:
    """One contract with its zone, reports and events, in order of recording."""

    contract: Told
    zone: Told | None = None
    progress: tuple[Told, ...] = ()
    events: tuple[Told, ...] = ()


@dataclass(frozen=True)
class Case:
    """A worked case of the lawbook, and what it expects."""

    policy: str
    id: str
    rule: str
    as_of: date
    facts: Worked
    expect: Told
    shows: str
    extra: Told = field(default_factory=dict)


def told(kind: Kind, values: Told) -> dict[str, Any]:
    """Return a mapping of a YAML case with the ledger's types: decimals exact, areas in both."""
    columns = columns_of(kind)
    typed = {name: _typed(columns[name], value) for name, value in values.items()}
    for m2, mu in (
        ("area_m2", "area_mu"),
        ("due_start_area_m2", "due_start_area_mu"),
        ("developed_area_m2", "developed_area_mu"),
    ):
        if m2 in columns and mu in columns and typed.get(m2) is not None and mu not in typed:
            typed[mu] = typed[m2] * Decimal("0.0015")
        elif m2 in columns and mu in columns and typed.get(mu) is not None and m2 not in typed:
            typed[m2] = (typed[mu] * 2000 / 3).quantize(Decimal("0.0001"))
    return {name: value for name, value in typed.items() if value is not None}


def _typed(column: Column, value: Any) -> Any:
    if value is None:
        return None
    match column.holds:
        case ColumnType.DECIMAL:
            return Decimal(str(value))
        case ColumnType.INTEGER:
            return int(value)
        case ColumnType.DATE:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        case ColumnType.YES_NO:
            return value if isinstance(value, bool) else str(value) == "yes"
        case _:
            return str(value)


def cases() -> list[Case]:
    """Return every worked case of the lawbook."""
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        document = yaml.safe_load(path.read_text("utf-8"))
        for body in document["cases"]:
            found.append(
                Case(
                    policy=document["policy"],
                    id=body["id"],
                    rule=body["rule"],
                    as_of=body["as_of"],
                    facts=Worked(
                        told(Kind.CONTRACTS, body.get("contract") or {}),
                        told(Kind.ZONES, body["zone"]) if body.get("zone") else None,
                        tuple(told(Kind.PROGRESS, row) for row in body.get("progress") or ()),
                        tuple(told(Kind.EVENTS, row) for row in body.get("events") or ()),
                    ),
                    expect=body["expect"],
                    shows=body["shows"],
                    extra=body,
                )
            )
    return found


def ledger_of(contracts: Mapping[str, Worked]) -> Ledger:
    """Return a ledger of worked contracts, each under its id and with a zone of its own."""
    rows: dict[Kind, list[dict[str, Any]]] = {kind: [] for kind in Kind}
    for contract_id, worked in contracts.items():
        contract = dict(worked.contract) | {"contract_id": contract_id}
        if worked.zone is not None:
            contract["zone_id"] = f"zone of {contract_id}"
            rows[Kind.ZONES].append(dict(worked.zone) | {"zone_id": contract["zone_id"]})
        rows[Kind.CONTRACTS].append(contract)
        for row in worked.progress:
            rows[Kind.PROGRESS].append(dict(row) | {"contract_id": contract_id})
        for row in worked.events:
            rows[Kind.EVENTS].append(dict(row) | {"contract_id": contract_id})
    return Ledger({kind: table_of(kind, rows[kind]) for kind in Kind})


def table_of(kind: Kind, rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Return records as the store gives them: typed columns, in order of recording."""
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


def _arrow(column: Column) -> pa.DataType:
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

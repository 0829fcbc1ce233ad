"""The JSON Schema of a file of worked cases: the ledger's columns, and what a case may expect."""

from __future__ import annotations

from landwatch.language.catalogue import say
from landwatch.language.columns import Column, ColumnType, Kind, columns_of
from landwatch.language.terms import Remedy, Status
from landwatch.lawbook.case_rows import EXPECTED, MADE_UP, NEEDED
from landwatch.lawbook.cases import CASE_KEYS, TOP_KEYS, Shows
from landwatch.lawbook.schema import (
    DAY,
    DIALECT,
    NOTHING,
    TEXT,
    Schema,
    either,
    in_order,
    listed,
    mapping,
    matching,
    one_of,
)

NUMBER = either(matching(r"[0-9]+(?:\.[0-9]+)?"), {"type": "number", "minimum": 0})
SIGNED = either(matching(r"-?[0-9]+(?:\.[0-9]+)?"), {"type": "number"})
COUNT = either(matching("[0-9]{1,6}"), {"type": "integer", "minimum": 0})
ANYTHING: Schema = {}
YES_NO: Schema = {"enum": ["yes", "no", "true", "false", True, False]}


def schema_of_cases() -> Schema:
    """Return the schema of a file of worked cases."""
    parts = {"policy": TEXT, "cases": listed(_case())}
    return {
        "$schema": DIALECT,
        "title": say("reading.cases_title", "zh"),
        "description": say("reading.cases_title", "en"),
        **mapping(in_order(TOP_KEYS, parts), needed=TOP_KEYS),
    }


def _case() -> Schema:
    parts = {
        "id": TEXT,
        "rule": TEXT,
        "shows": one_of(Shows),
        "as_of": matching(DAY),
        "contract": _row(Kind.CONTRACTS),
        "zone": _row(Kind.ZONES),
        "progress": listed(_row(Kind.PROGRESS)),
        "events": listed(_row(Kind.EVENTS)),
        "expect": _expect(),
        **dict.fromkeys(("en", "why_zh", "why_en"), ANYTHING),
        "vector": either(TEXT, {"type": "integer"}),
        "suppose": listed(TEXT),
    }
    needed = ("id", "rule", "shows", "as_of", "expect")
    none: Schema = {"maxItems": 0}
    park = {"required": ["zone"], "properties": {"progress": none, "events": none}}
    told = either({"required": ["contract"]}, park)
    return mapping(in_order(CASE_KEYS, parts), needed=needed) | told


def _row(kind: Kind) -> Schema:
    columns = columns_of(kind)
    cells = {
        name: either(_cell(column), NOTHING) | {"description": f"{column.zh} {column.en}"}
        for name, column in columns.items()
        if name not in MADE_UP[kind]
    }
    row = mapping(cells, needed=NEEDED.get(kind, ()))
    return row if kind in NEEDED else either(row, NOTHING)


def _cell(column: Column) -> Schema:
    match column.holds:
        case ColumnType.DECIMAL | ColumnType.INTEGER:
            return NUMBER
        case ColumnType.DATE:
            return matching(DAY)
        case ColumnType.YES_NO:
            return YES_NO
        case _ if column.many:
            return either(TEXT, listed(TEXT))
        case _ if column.choices is not None:
            return one_of(column.choices)
        case _:
            return TEXT


def _expect() -> Schema:
    forms = {
        "status": one_of(Status),
        "reason": TEXT,
        "to_verify": YES_NO,
        "clock_from": matching(DAY),
        "limit_on": matching(DAY),
        "days_past": COUNT,
        "measured": SIGNED,
        "threshold": SIGNED,
        "amount_wan": SIGNED,
        "remedies": listed(one_of(Remedy)),
    }
    parts = {
        name: form if name == "status" else either(form, NOTHING)
        for name, form in in_order(tuple(EXPECTED), forms).items()
    }
    return mapping(parts, needed=("status",))

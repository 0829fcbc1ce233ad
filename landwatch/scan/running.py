"""Figures of a breach that grow from day to day, worked out on a later day from what was kept.

The outcome itself has not turned (`scan.turning`): its clock, its reason and its remedies stand.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from landwatch.lawbook.expressions.columnwise import quoted
from landwatch.lawbook.expressions.functions import Sort
from landwatch.lawbook.policy import Policy, Rule
from landwatch.lawbook.reading import deciding_names
from landwatch.lawbook.turning_days import TurningDays, running_figures
from landwatch.scan.evaluate import PLACES, query_of
from landwatch.scan.turning import LATER, constants_of_all

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

PLACE = "kept/place"


def on_a_day(
    engine: duckdb.DuckDBPyConnection, table: pa.Table, policy: Policy, rule: Rule, as_of: date
) -> pa.Table:
    """Return the outcomes of a rule on a later day, before any of them turns."""
    figures = _figures(policy, rule, as_of)
    if not figures:
        return table
    import numpy as np
    import pyarrow as pa

    source = _source(table, policy, rule, as_of)
    shown = [
        f"CASE WHEN status = 'breach' THEN {sql} END AS {quoted(name)}"
        for name, sql in figures.items()
    ]
    numbered = table.append_column(PLACE, pa.array(np.arange(len(table))))
    engine.register("outcomes_kept", numbered)
    try:
        found = engine.sql(
            f"SELECT {', '.join((quoted(PLACE), *shown))} FROM {source}"
        ).to_arrow_table()
    finally:
        engine.unregister("outcomes_kept")
    if not np.array_equal(found.column(PLACE).to_numpy(), np.arange(len(table))):
        found = found.sort_by(PLACE)  # an engine may hand out rows in another order
    for name in figures:
        place = table.column_names.index(name)
        table = table.set_column(place, table.schema.field(name), found.column(name))
    return table


def _figures(policy: Policy, rule: Rule, as_of: date) -> dict[str, str]:
    """Return the SQL of each figure that grows."""
    query = query_of(policy, rule, as_of)
    printer = query.printer
    figures = running_figures(rule, constants_of_all(printer))
    asked = TurningDays.of(rule, constants_of_all(printer))
    deciding = deciding_names(rule)
    for figure in figures.values():
        for name in asked.moving(figure.tree):
            if name in printer.ratios:
                exact = name in deciding or name == "days_past"
                moved = replace(printer, only_shown=not exact).ratio(asked.parts[name])
                printer = replace(printer, ratios={**printer.ratios, name: moved})
    shown = {}
    for name, figure in figures.items():
        if name == "days_past":
            shown[name] = f"CAST({printer.ratio(figure.tree).as_double()} AS INTEGER)"
        else:
            number = replace(printer, only_shown=True).ratio(figure.tree)
            shown[name] = f"round({number.as_double()}, {PLACES})"
    return shown


def _source(table: pa.Table, policy: Policy, rule: Rule, as_of: date) -> str:
    """Return what the figures are worked out from: what was kept, and days that move."""
    kept = [name for name in table.column_names if name.startswith(LATER)]
    own = [quoted(name) for name in (PLACE, "status", "clock_from", "limit_on")]
    own += [f"{quoted(name)} AS {quoted(name.removeprefix(LATER))}" for name in kept]
    source = f"(SELECT {', '.join(own)} FROM outcomes_kept)"
    printer = query_of(policy, rule, as_of).printer
    asked = TurningDays.of(rule, constants_of_all(printer))
    figures = running_figures(rule, constants_of_all(printer)).values()
    moving = dict.fromkeys(name for one in figures for name in asked.moving(one.tree))
    definitions = {one.name: one.is_ for one in rule.definitions}
    for name in moving:
        if name in definitions and definitions[name].meaning.sort is not Sort.NUMBER:
            column = printer.plain(definitions[name].tree)
            source = f"(SELECT *, {column} AS {quoted(name)} FROM {source})"
    return source

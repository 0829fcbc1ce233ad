"""What an outcome is kept with, so that a later day need not work it out again.

Beside the outcome of each contract stand the first day on which it can turn by itself (`turns_on`)
and, for a breach whose figures grow from day to day, what these are worked out from (columns named
`later/…`). Of an outcome that has not turned, `scan.running` gives the figures of that day by the
very expressions that gave those of the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from landwatch.lawbook.expressions.columnwise import ONE, SqlPrinter, literal, quoted
from landwatch.lawbook.expressions.rowwise import Value
from landwatch.lawbook.policy import Rule
from landwatch.lawbook.turning_days import (
    Turn,
    TurningDays,
    deciding_turns,
    running_figures,
)

TURNS_ON = "turns_on"
LATER = "later/"
_KEPT_ANYWAY = ("limit_on", "clock_from")


def columns_for_later(rule: Rule, printer: SqlPrinter, as_of: date) -> list[str]:
    """Return the SQL of the columns that a rule's outcomes are kept with."""
    constants = constants_of_all(printer)
    turns = deciding_turns(rule, constants)
    next_day = f"({literal(as_of)} + 1)"
    if turns.daily:
        first = f"CAST({next_day} AS DATE)"
    else:
        days = dict.fromkeys(_turn_sql(turn, printer, as_of, next_day) for turn in turns.days)
        first = f"least({', '.join((*days, 'CAST(NULL AS DATE)'))})"
    return [f"{first} AS {TURNS_ON}", *_inputs(rule, printer)]


def _turn_sql(turn: Turn, printer: SqlPrinter, as_of: date, next_day: str) -> str:
    """Return the first day after the scan on which a comparison can turn; NULL where none is."""
    day = f"CAST({printer.plain(turn.on)} AS DATE)"
    if turn.plus_days:
        day = f"({day} + ({turn.plus_days}))"
    return f"(CASE WHEN {day} >= {literal(as_of)} THEN greatest({day}, {next_day}) END)"


def constants_of_all(printer: SqlPrinter) -> Mapping[str, Value]:
    """Return what is the same for every contract: no column tells it."""
    return {name: value for name, value in printer.constants.items() if name not in printer.ratios}


def _inputs(rule: Rule, printer: SqlPrinter) -> Iterator[str]:
    for name in _wanted(rule, printer):
        yield f"CASE WHEN status = 'breach' THEN {quoted(name)} END AS {quoted(LATER + name)}"


def _wanted(rule: Rule, printer: SqlPrinter) -> list[str]:
    """Return the columns behind the figures that grow, but for those that an outcome has."""
    constants = constants_of_all(printer)
    asked = TurningDays.of(rule, constants)
    figures = running_figures(rule, constants).values()
    names = {name for figure in figures for name in asked.inputs(figure.tree)}
    columns = []
    for name in sorted(names.difference(_KEPT_ANYWAY)):
        ratio = printer.ratios.get(name)
        if ratio is None:
            columns.append(name)
            continue
        columns.append(f"{name}/top")
        if ratio.denominator != ONE:
            columns.append(f"{name}/bottom")
    return columns

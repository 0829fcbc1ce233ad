"""Which contracts a later day or later knowledge can have changed, and the ledger of these alone.

A number in a file may be a contract's own id or another number of it, and what it means hangs on
every contract that tells it. So changes are followed by numbers: a contract is affected if any of
its rows tells a number to which something happened, whether or not the number means it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from landwatch.language.columns import COLUMNS, ColumnType, Kind
from landwatch.lawbook.expressions.columnwise import literal, quoted
from landwatch.scan.dossier import Ledger, open_engine
from landwatch.scan.tables import keep
from landwatch.scan.told_rows import told_names, told_sql

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

NUMBERS = ("contract_id", "contract_no", "supervision_no")
_AS_IT_STANDS = ("actual_start_on", "actual_completion_on")
"""Days that mean "not by today" on every day before them."""

Located = Callable[[frozenset[str]], "pa.Table | None"]
"""Gives where parcels of some ids lie, by their place."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What is different from the scan before: its day and the new one, and what was touched.

    `numbers` are those told by rows of contracts, reports and events to which something happened,
    `parcels` the ids of such parcels, `turned` the contracts whose outcome turns by the new day.
    """

    since: date
    until: date
    numbers: frozenset[str]
    parcels: frozenset[str]
    turned: frozenset[str]


def affected(ledger: Ledger, happened: Happened) -> frozenset[str]:
    """Return the contracts whose outcomes may differ; ids that are no contract's may be there."""
    engine = open_engine(ledger)
    try:
        _tell(engine, "touched", happened.numbers)
        _tell(engine, "turned", happened.turned)
        _tell(engine, "parcels_touched", happened.parcels)
        with_days = ("contract_id", *_days_of(Kind.CONTRACTS))
        _open(engine, ledger, Kind.CONTRACTS, {*NUMBERS, "parcel_id", *with_days})
        for kind in (Kind.PROGRESS, Kind.EVENTS):
            _open(engine, ledger, kind, {"contract_id", *_days_of(kind)})
            engine.execute(f"INSERT INTO touched {_whose_day_came(kind, happened)}")
        engine.execute(f"INSERT INTO turned {_whose_day_came(Kind.CONTRACTS, happened)}")
        if happened.parcels:
            engine.execute(f"INSERT INTO turned {_NAMING}")
        found = engine.sql(_AFFECTED).fetchall()
    finally:
        engine.close()
    return frozenset(row[0] for row in found if row[0] is not None)


_NAMING = """
SELECT contract_id FROM (
  SELECT contract_id, trim(unnest(string_split(parcel_id, ';'))) AS parcel_id
  FROM told_contracts WHERE parcel_id IS NOT NULL
) WHERE parcel_id IN (SELECT name FROM parcels_touched)"""
_AFFECTED = """
SELECT DISTINCT contract_id FROM told_contracts
WHERE contract_id IN (SELECT name FROM touched) OR contract_no IN (SELECT name FROM touched)
  OR supervision_no IN (SELECT name FROM touched)
UNION SELECT name FROM touched UNION SELECT name FROM turned"""


def ledger_of_some(ledger: Ledger, contracts: frozenset[str], located: Located) -> Ledger:
    """Return the ledger of some contracts: every row that may speak of them, and of no others.

    With them are the contracts that tell a number of theirs too: only then is it known what the
    number means. All zones are there.
    """
    engine = open_engine(ledger)
    try:
        _tell(engine, "wanted", contracts)
        for kind in Kind:
            _open(engine, ledger, kind, None)
        engine.execute(_NUMBERS_OF_THEM)
        records = {
            Kind.ZONES: _rows(engine, Kind.ZONES, "TRUE"),
            Kind.CONTRACTS: _rows(engine, Kind.CONTRACTS, _TELLING),
            Kind.PROGRESS: _rows(engine, Kind.PROGRESS, _UNDER_THEM),
            Kind.EVENTS: _rows(engine, Kind.EVENTS, _UNDER_THEM),
        }
        engine.register("contracts_cut", records[Kind.CONTRACTS])
        engine.execute(_PARCELS_OF_THEM)
        records[Kind.PARCELS] = _rows(
            engine, Kind.PARCELS, "parcel_id IN (SELECT parcel_id FROM parcels_wanted)"
        )
        names = engine.sql("SELECT parcel_id FROM parcels_wanted").fetchall()
    finally:
        engine.close()
    return Ledger({kind: records[kind] for kind in Kind}, located(frozenset(n for (n,) in names)))


_NUMBERS_OF_THEM = """
CREATE TEMP TABLE numbers AS
SELECT name FROM wanted
UNION SELECT contract_no FROM told_contracts JOIN wanted ON name = contract_id
UNION SELECT supervision_no FROM told_contracts JOIN wanted ON name = contract_id"""
_TELLING = """key IN (SELECT key FROM told_contracts
  WHERE contract_id IN (SELECT name FROM numbers WHERE name IS NOT NULL)
    OR contract_no IN (SELECT name FROM numbers WHERE name IS NOT NULL)
    OR supervision_no IN (SELECT name FROM numbers WHERE name IS NOT NULL))"""
_UNDER_THEM = "contract_id IN (SELECT name FROM numbers)"
_PARCELS_OF_THEM = """
CREATE TEMP TABLE parcels_wanted AS
SELECT DISTINCT parcel_id FROM (
  SELECT trim(unnest(string_split(parcel_id, ';'))) AS parcel_id
  FROM contracts_cut WHERE parcel_id IS NOT NULL)"""


def _open(
    engine: duckdb.DuckDBPyConnection, ledger: Ledger, kind: Kind, columns: Iterable[str] | None
) -> None:
    """Make the view `told_KIND` of the rows of a kind, with some columns or all that are told."""
    rows = ledger.records[kind]
    told = told_names(rows)
    known = {column.name for column in COLUMNS[kind] if column.holds is not ColumnType.GEOMETRY}
    wanted = known & (told if columns is None else set(columns))
    blanks = {name: _blank(kind, name) for name in (wanted - told) | (_KEYS[kind] - told)}
    sql = told_sql(engine, kind, rows, wanted & told, blanks)
    engine.execute(f"CREATE TEMP VIEW told_{kind.value} AS {sql}")


_KEYS: Mapping[Kind, frozenset[str]] = {
    Kind.ZONES: frozenset({"zone_id"}),
    Kind.PARCELS: frozenset({"parcel_id"}),
    Kind.CONTRACTS: frozenset({*NUMBERS, "parcel_id"}),
    Kind.PROGRESS: frozenset({"contract_id"}),
    Kind.EVENTS: frozenset({"contract_id"}),
}


def _blank(kind: Kind, name: str) -> str:
    from landwatch.scan.extent import blank

    return next(blank(column) for column in COLUMNS[kind] if column.name == name)


def _rows(engine: duckdb.DuckDBPyConnection, kind: Kind, where: str) -> pa.Table:
    """Return rows in the order of recording; columns that nobody tells are blank again."""
    import pyarrow as pa

    from landwatch.store.arrow import arrow_type

    found = engine.sql(
        f"SELECT * FROM told_{kind.value} WHERE {where} ORDER BY record_id"
    ).to_arrow_table()
    for column in COLUMNS[kind]:
        if column.holds is not ColumnType.GEOMETRY and column.name not in found.column_names:
            found = found.append_column(column.name, pa.nulls(len(found), arrow_type(column)))
    return found


def _tell(engine: duckdb.DuckDBPyConnection, table: str, names: Iterable[str]) -> None:
    import pyarrow as pa

    keep(engine, table, pa.table({"name": pa.array(sorted(names), pa.string())}))


def _days_of(kind: Kind) -> tuple[str, ...]:
    return tuple(column.name for column in COLUMNS[kind] if column.holds is ColumnType.DATE)


def _whose_day_came(kind: Kind, happened: Happened) -> str:
    """Return the names of the rows that tell a day from the day of the scan before to the new one.

    What is told of a day holds from it on, what is told until a day no more on the day after it.
    """
    if happened.until == happened.since:
        return "SELECT NULL WHERE FALSE"
    first, last = literal(happened.since), literal(happened.until)
    tests = [f"{quoted(name)} BETWEEN {first} AND {last}" for name in _days_of(kind)]
    if kind is Kind.CONTRACTS:
        tests += [f"{name} >= {first}" for name in _AS_IT_STANDS]
    return f"SELECT DISTINCT contract_id FROM told_{kind.value} WHERE {' OR '.join(tests)}"

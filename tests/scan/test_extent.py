"""A fact worked out from no more columns than it needs is the fact of the whole dossier."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from benchmarks.made_ledger import made_ledger
from landwatch.language.columns import Kind
from landwatch.lawbook.vocabulary import DERIVED, contract_columns, progress_columns
from landwatch.scan.dossier import Ledger, facts_alone, gather, open_engine
from landwatch.scan.extent import Extent
from landwatch.scan.tables import rows_in_order

AS_OF = date(2024, 12, 31)
LEDGER = Ledger(made_ledger(400))
FACTS = sorted({one.name for one in DERIVED if one.name != "as_of"})
COLUMNS = sorted({one.name for one in (*contract_columns(), *progress_columns())} - {"contract_id"})


@pytest.fixture(scope="module")
def whole() -> pa.Table:
    engine = open_engine()
    gather(engine, LEDGER, AS_OF)
    return rows_in_order(engine, "SELECT * FROM dossiers", "contract_id")


def alone(*facts: str) -> pa.Table:
    engine = facts_alone(LEDGER, AS_OF, Extent(frozenset(facts)))
    return rows_in_order(engine, "SELECT * FROM dossiers", "contract_id")


@pytest.mark.parametrize("fact", FACTS)
def test_each_derived_fact_alone_is_that_of_the_whole(fact: str, whole: pa.Table) -> None:
    assert alone(fact).column(fact).to_pylist() == whole.column(fact).to_pylist()


@pytest.mark.parametrize("part", range(8))
def test_columns_of_contracts_and_reports_are_those_of_the_whole(
    part: int, whole: pa.Table
) -> None:
    names = COLUMNS[part::8]
    some = alone(*names)
    for name in names:
        assert some.column(name).to_pylist() == whole.column(name).to_pylist(), name


def test_a_ledger_that_tells_neither_number_beside_the_id_has_the_same_facts(
    whole: pa.Table,
) -> None:
    records = dict(LEDGER.records)
    contracts = records[Kind.CONTRACTS]
    assert isinstance(contracts, pa.Table)
    for name in ("contract_no", "supervision_no"):
        place = contracts.column_names.index(name)
        contracts = contracts.set_column(place, name, pa.nulls(len(contracts), pa.string()))
    bare = Ledger({**records, Kind.CONTRACTS: contracts})
    engine = facts_alone(bare, AS_OF, Extent(frozenset({"price_wan"})))
    found = rows_in_order(engine, "SELECT * FROM dossiers", "contract_id")
    assert found.column("price_wan").to_pylist() == whole.column("price_wan").to_pylist()

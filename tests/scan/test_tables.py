from __future__ import annotations

import pyarrow as pa

from landwatch.scan.sources import columns_behind
from landwatch.scan.tables import in_order


def test_rows_that_an_engine_handed_out_with_their_halves_exchanged_are_put_in_order() -> None:
    numbers = [*range(50, 100), *range(50)]
    table = pa.table({"c.contract_id": numbers, "x": [str(n) for n in numbers]})
    found = in_order(table, "c.contract_id")
    assert found.column("c.contract_id").to_pylist() == list(range(100))
    assert found.column("x").to_pylist() == [str(n) for n in range(100)]


def test_rows_in_order_are_left_as_they_are() -> None:
    table = pa.table({"id": ["甲", "乙"][::-1]})
    assert in_order(table, "id") is table
    assert in_order(table.slice(0, 0), "id").num_rows == 0


def test_an_area_that_cannot_be_read_in_mu_is_not_told_by_an_older_one_in_square_metres() -> None:
    assert {"contracts.area_mu", "contracts.area_m2"} <= set(columns_behind("area_mu"))
    behind = columns_behind("developed_area_mu")
    assert {"progress.developed_area_mu", "progress.developed_area_m2"} <= set(behind)

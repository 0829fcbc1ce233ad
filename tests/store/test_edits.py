from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from landwatch.store import create_store
from landwatch.store.edits import edits


def test_a_row_that_another_program_changes_or_takes_away_is_counted(
    store_url: str, ledger: Any, engine: Callable[[str], sa.Engine]
) -> None:
    ledger.take_in(create_store(store_url), [ledger.contract("C1"), ledger.contract("C2")])
    past_the_store = engine(store_url)
    with past_the_store.begin() as connection:
        assert edits(connection) == {}, "what landwatch writes is no edit"
        connection.exec_driver_sql("UPDATE contracts SET holder = 'X' WHERE record_key = 'C1'")
    with past_the_store.begin() as connection:
        assert edits(connection) == {"contracts": 1}
        connection.exec_driver_sql("DELETE FROM contracts WHERE record_key = 'C2'")
    with past_the_store.begin() as connection:
        assert edits(connection) == {"contracts": 2}

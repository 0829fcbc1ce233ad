"""What was met before in a file is known again, in bounded memory a row."""

from __future__ import annotations

import sys

from hypothesis import given
from hypothesis import strategies as st

from landwatch.language.columns import Kind
from landwatch.language.records import Record
from landwatch.ledger.seen import RowsByHash, Seen

HASHES = (
    st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3) | st.integers(0, 40).map((1024).__mul__)
)


@given(st.lists(HASHES, max_size=300))
def test_rows_by_hash_are_a_dict_of_hashes(hashes: list[int]) -> None:
    table, expected = RowsByHash(words=1), dict[int, int]()
    for row, key in enumerate(hashes, start=1):
        assert table.rows[table.slot(key)] == expected.get(key, 0)
        if key not in expected:
            table.words[0][table.put(key, row)] = -row
            expected[key] = row
    assert len(table) == len(expected)
    for key, row in expected.items():
        at = table.slot(key)
        assert (table.rows[at], table.words[0][at]) == (row, -row)


def test_tables_that_grew_many_times_find_every_row_in_a_hundred_bytes_each() -> None:
    keys, contents = RowsByHash(words=2), RowsByHash()
    for row in range(1, 50_001):
        keys.put(hash(f"key {row}"), row)
        contents.put(hash(f"content {row}"), row)
    assert all(keys.rows[keys.slot(hash(f"key {row}"))] == row for row in range(1, 50_001))
    arrays = [keys.rows, *keys.words, keys._hashes, contents.rows, contents._hashes]
    assert sum(map(sys.getsizeof, arrays)) <= 100 * 50_000


def contract(row: int, key: str, **values: str) -> Record:
    return Record(Kind.CONTRACTS, key, values, None, row, as_read={"编号": key, **values})


def test_a_row_is_held_against_the_first_of_its_content_and_the_last_of_its_key() -> None:
    seen = Seen(Kind.CONTRACTS)
    assert seen.note(contract(2, "A", holder="甲")) == (None, None)
    assert seen.note(contract(3, "A", holder="甲")) == (2, 2)
    assert seen.note(contract(4, "A", holder="甲", note="改")) == (None, 3)
    assert seen.note(contract(5, "A", holder="甲")) == (2, 4)
    assert seen.note(contract(6, "B", holder="甲")) == (None, None)


def test_two_contracts_of_one_number_are_two_where_place_or_holder_differs() -> None:
    seen = Seen(Kind.CONTRACTS)
    seen.note(contract(2, "1", division="来凤县"))
    seen.note(contract(3, "1", holder="甲"))  # what was not told before is told now
    assert seen.rival(contract(4, "1", division="来凤县", holder="甲")) is None
    assert seen.rival(contract(5, "1", division="大冶市")) == 3
    assert seen.rival(contract(6, "1", holder="乙")) == 3
    assert seen.rival(contract(7, "2", holder="乙")) is None

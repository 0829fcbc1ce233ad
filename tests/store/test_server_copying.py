"""A store is copied into another, file or server: every row, every number; whole or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from landwatch.errors import StoreError, StoreMissingError, UsageError
from landwatch.language.columns import Kind
from landwatch.store import carriage, copying, create_store, open_store
from landwatch.store.column_types import Area, Exact, Moment
from landwatch.store.copying import CopiedTable, copy_store, tables
from landwatch.store.edits import WATCHED

MOMENT = datetime(2026, 3, 1, 8, 30, 5, 120_001, tzinfo=UTC)
WORDS = ("园区\t一号\n“厂房”\\N", "", "\\.", "a,b;'c'\r\n", "𠀀🏭", "NULL", " ")
SHAPES = (
    "MULTIPOLYGON (((103 36, 103.1 36, 103.1 36.1, 103 36)))",
    "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 2 1, 2 2, 1 1)), ((9 9, 10 9, 10 10, 9 9)))",
    "MULTIPOLYGON EMPTY",
)
ROWS = 7
EngineOf = Callable[[str], sa.Engine]


def cell(column: sa.Column[Any], row: int) -> Any:
    """Return a cell that tells one row from another; every third of those that may be is blank."""
    if column.foreign_keys:
        return row
    if column.nullable and row % 3 == 0:
        return None
    held = column.type
    if isinstance(held, Area):
        return shapely.from_wkt(SHAPES[row % len(SHAPES)])
    if isinstance(held, Exact):
        return Decimal(row * 1_000_003).scaleb(-held.places) - 2
    if isinstance(held, Moment):
        return MOMENT + timedelta(microseconds=row)
    if isinstance(held, sa.LargeBinary):
        return bytes(range(256)) * row
    if isinstance(held, sa.Boolean):
        return row % 2 == 0
    if isinstance(held, sa.Date):
        return date(1999, 12, 31) + timedelta(days=row)
    return row if isinstance(held, sa.BigInteger) else f"{column.name} {WORDS[row % len(WORDS)]}"


def fill(engine: sa.Engine) -> None:
    """Write rows into every table there is, as a store of many years would hold."""
    with engine.begin() as connection:
        for table in tables():
            connection.execute(table.delete())
            rows = [
                {column.name: cell(column, row) for column in table.columns}
                for row in range(1, ROWS + 1)
            ]
            for row, told in enumerate(rows, start=1):
                told[next(iter(table.primary_key.columns)).name] = row
            connection.execute(table.insert(), rows)


def plain(value: Any) -> Any:
    return value.wkb_hex if isinstance(value, BaseGeometry) else value


def content(engine: sa.Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, by the models."""
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(map(plain, row))
                for row in connection.execute(
                    sa.select(table).order_by(next(iter(table.primary_key.columns)))
                )
            ]
            for table in tables()
        }


def copied(source: str, target: str) -> tuple[CopiedTable, ...]:
    return copy_store(source, target, adopted_by_init={"order-53-2012"}, told=lambda *_: None)


@pytest.fixture
def full(store_url: str, engine: EngineOf) -> str:
    """A store, file or server, that has rows in every table."""
    create_store(store_url)
    fill(engine(store_url))
    return store_url


@pytest.fixture
def way(
    full: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], str]]:
    """A way to the address of a store that is not there yet, of either sort."""
    server = request.getfixturevalue("postgres_server")
    name = f"c{abs(hash(request.node.nodeid))}"

    def address(sort: str) -> str:
        if sort == "file":
            return str(tmp_path / "副本 1.gpkg")
        server.sql(f"CREATE DATABASE {name} TEMPLATE with_postgis")
        return str(server.url(name))

    yield address
    server.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.mark.parametrize("sort", ["file", "server"])
def test_every_row_of_every_table_arrives_as_it_was(
    full: str, way: Callable[[str], str], sort: str, engine: EngineOf
) -> None:
    target = way(sort)
    found = copied(full, target)
    assert {one.name for one in found} == {table.name for table in tables()}
    assert all(one.same and one.there.rows == one.here.rows == ROWS for one in found)
    assert sum(one.shortened for one in found) == 0
    assert content(engine(target)) == content(engine(full))
    open_store(target)


@pytest.mark.parametrize("sort", ["file", "server"])
def test_what_comes_next_is_numbered_after_all_that_ever_was(
    full: str, way: Callable[[str], str], sort: str, engine: EngineOf, ledger: Any
) -> None:
    with engine(full).begin() as connection:
        connection.execute(sa.text("INSERT INTO edits (table_name, times) VALUES ('a', 1)"))
        connection.execute(sa.text("DELETE FROM edits WHERE table_name = 'a'"))
        if "://" in full:  # the rows were numbered by hand
            connection.execute(
                sa.text("SELECT setval(pg_get_serial_sequence('imports', 'import_id'), 20)")
            )
    target = way(sort)
    copied(full, target)
    store = open_store(target)
    with engine(target).begin() as connection:
        connection.execute(sa.text("INSERT INTO edits (table_name, times) VALUES ('a', 1)"))
        number = connection.execute(sa.text("SELECT max(edit_id) FROM edits")).scalar()
    assert number == len(WATCHED) + 2, "a row that is gone keeps its number"
    receipt = ledger.take_in(store, [ledger.contract("C-新")])
    assert receipt.import_id == (21 if "://" in full else ROWS + 1)


def test_the_copied_file_is_a_valid_geopackage(
    full: str, tmp_path: Path, valid: Callable[[Path], None]
) -> None:
    path = tmp_path / "copied.gpkg"
    copied(full, str(path))
    valid(path)
    assert [entry.name for entry in tmp_path.iterdir() if "creating" in entry.name] == []


def test_indexes_and_references_stand_again_after_a_copy(
    full: str, way: Callable[[str], str], engine: EngineOf
) -> None:
    target = way("server")
    twin = create_store(full)
    copied(full, target)
    inspected = sa.inspect(engine(target))
    for table in tables():
        indexes = {index["name"] for index in inspected.get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= indexes
        references = inspected.get_foreign_keys(table.name)
        assert len(references) == len(table.foreign_keys)
    assert twin.keys_within(Kind.PARCELS, (103, 36, 104, 37)) == open_store(target).keys_within(
        Kind.PARCELS, (103, 36, 104, 37)
    )


def test_a_store_that_init_made_is_as_good_as_none(
    full: str, way: Callable[[str], str], engine: EngineOf
) -> None:
    for sort in ("file", "server"):
        target = way(sort)
        create_store(target).adopt("order-53-2012", by="张三")
        copied(full, target)
        assert content(engine(target)) == content(engine(full))


def test_a_store_that_holds_anything_is_refused_and_says_what(
    full: str, way: Callable[[str], str], ledger: Any, engine: EngineOf
) -> None:
    for sort in ("file", "server"):
        target = way(sort)
        ledger.take_in(create_store(target), [ledger.contract("C1")])
        before = content(engine(target))
        with pytest.raises(StoreError) as refused:
            copied(full, target)
        assert refused.value.code == "error.copy_not_empty"
        assert "contracts 1" in refused.value.in_words("zh")
        assert content(engine(target)) == before


def test_a_policy_that_a_person_adopted_is_not_taken_away(
    full: str, way: Callable[[str], str]
) -> None:
    target = way("server")
    create_store(target).adopt("lanzhou-2012-148", by="张三")
    with pytest.raises(StoreError, match="adoptions 1"):
        copied(full, target)
    assert [one.policy_id for one in open_store(target).adoptions()] == ["lanzhou-2012-148"]


def test_a_store_is_not_copied_onto_itself(full: str, tmp_path: Path) -> None:
    again = full if "://" in full else str(tmp_path / "." / ".." / tmp_path.name / Path(full).name)
    with pytest.raises(UsageError) as refused:
        copied(full, again)
    assert refused.value.code == "error.copy_itself"


def test_a_store_under_another_name_is_the_same_one(full: str, tmp_path: Path) -> None:
    if "://" in full:
        again = full.replace("?host=/tmp/", "?host=/tmp/../tmp/")
    else:
        again = str(tmp_path / "又名.gpkg")
        Path(again).hardlink_to(full)
    assert again != full
    began = time.monotonic()
    with pytest.raises(UsageError) as refused:
        copied(full, again)
    assert refused.value.code == "error.copy_itself"
    assert time.monotonic() - began < 5, "nobody is waited for"


def nothing_is_left(target: str) -> None:
    with pytest.raises(StoreMissingError):
        open_store(target)
    if "://" not in target:
        assert [one.name for one in Path(target).parent.iterdir() if "副本" in one.name] == []


@pytest.mark.parametrize("sort", ["file", "server"])
def test_a_copy_that_reads_back_otherwise_is_undone(
    full: str, way: Callable[[str], str], sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry = carriage.carry

    def spoiling(source: sa.Connection, target: sa.Connection, table: sa.Table) -> Iterator[int]:
        yield from carry(source, target, table)
        if table.name == "contracts":
            target.execute(sa.text("UPDATE contracts SET price_wan = 1 WHERE record_id = 2"))
        if table.name == "events":
            target.execute(sa.text("DELETE FROM events WHERE record_id = 7"))

    monkeypatch.setattr(copying, "carry", spoiling)
    target = way(sort)
    with pytest.raises(StoreError) as refused:
        copied(full, target)
    assert refused.value.code == "error.copy_differs"
    assert refused.value.values["tables"] == "contracts, events"
    nothing_is_left(target)


@pytest.mark.parametrize("sort", ["file", "server"])
def test_a_copy_that_is_killed_leaves_nothing_and_the_next_one_goes_through(
    full: str, way: Callable[[str], str], sort: str
) -> None:
    target = way(sort)
    code = (
        "import sys, time\n"
        "from landwatch.store.copying import copy_store\n"
        "def told(step, table, done, of):\n"
        "    if step == 'compare':\n"
        "        print('half way', flush=True); time.sleep(60)\n"
        "copy_store(*sys.argv[1:], adopted_by_init=(), told=told)\n"
    )
    command = [sys.executable, "-c", code, full, target]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half way\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    with pytest.raises(StoreMissingError):
        open_store(target)
    _wait_for_rollback(target)
    assert all(one.same for one in copied(full, target))


def _wait_for_rollback(target: str) -> None:
    """A server notices a moment later that its client is gone; the next copy waits for that."""
    if "://" not in target:
        return
    engine = sa.create_engine(target, poolclass=sa.NullPool)
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    until = time.monotonic() + 10
    with engine.connect() as connection:
        while time.monotonic() < until:
            if connection.exec_driver_sql(others).scalar() == 1:
                return
            connection.rollback()
            time.sleep(0.05)
    raise AssertionError("the server still holds the dead copy's connection")


@pytest.mark.parametrize(
    ("statement", "column"),
    [
        ("UPDATE contracts SET price_wan = '约一千' WHERE record_id = 1", "price_wan"),
        ("UPDATE progress SET observed_on = '去年' WHERE record_id = 1", "…"),
    ],
    ids=["words for a number", "words for a day"],
)
def test_a_cell_that_another_program_spoiled_is_named(
    tmp_path: Path, postgis_url: str, engine: EngineOf, statement: str, column: str
) -> None:
    source = str(tmp_path / "a.gpkg")
    create_store(source)
    fill(engine(source))
    with engine(source).begin() as connection:
        connection.exec_driver_sql(statement)
    with pytest.raises(StoreError) as refused:
        copied(source, postgis_url)
    assert refused.value.code == "error.copy_cell"
    assert str(refused.value.values["table"]) in statement
    nothing_is_left(postgis_url)


def test_numbers_longer_than_a_file_can_hold_are_counted_not_refused(
    tmp_path: Path, postgis_url: str, ledger: Any
) -> None:
    store = create_store(postgis_url)
    long = Decimal("123456789012.123457")
    ledger.take_in(store, [ledger.contract("C1", price_wan=long)])
    found = copied(postgis_url, str(tmp_path / "a.gpkg"))
    assert {one.name: one.shortened for one in found if one.shortened} == {"contracts": 1}
    assert all(one.same for one in found)


def test_an_area_that_qgis_drew_in_a_file_is_carried_as_the_server_holds_it(
    tmp_path: Path, postgis_url: str, engine: EngineOf
) -> None:
    source = str(tmp_path / "a.gpkg")
    create_store(source)
    fill(engine(source))
    ring = "103 36 {z}, 103.1 36 {z}, 103.1 36.1 {z}, 103 36 {z}"
    drawn = shapely.from_wkt(f"POLYGON Z (({ring.format(z=9)}))")
    head = b"GP\x00\x01" + (4490).to_bytes(4, "little")
    blob = head + shapely.to_wkb(drawn, byte_order=0, output_dimension=3)
    with engine(source).begin() as connection:
        connection.exec_driver_sql("UPDATE parcels SET geometry = ? WHERE record_id = 1", (blob,))
    copied(source, postgis_url)
    told = content(engine(postgis_url))["parcels"][0][-1]
    assert shapely.from_wkb(told).equals(shapely.from_wkt(f"POLYGON (({ring.format(z='')}))"))


def test_progress_comes_to_all_rows_of_both_steps(full: str, tmp_path: Path) -> None:
    heard: list[tuple[str, str, int, int]] = []

    def told(step: str, table: str, done: int, of: int) -> None:
        heard.append((step, table, done, of))

    copy_store(full, str(tmp_path / "b.gpkg"), adopted_by_init=(), told=told)
    rows = ROWS * len(tables())
    last = {step: (done, of) for step, _, done, of in heard}
    assert last == {"copy": (rows, rows), "compare": (2 * rows, 2 * rows)}


def test_a_folder_that_cannot_be_written_is_said_in_words(full: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        copied(full, str(tmp_path / "没有" / "a.gpkg"))
    assert refused.value.code == "error.store_no_folder"


def test_a_store_that_another_made_meanwhile_is_not_written_over(
    full: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "b.gpkg"
    compare: Any = copying._compare  # the last step before the copy gets its name

    def slow(*arguments: Any) -> Sequence[CopiedTable]:
        create_store(str(target)).adopt("order-53-2012", by="李四")
        found: Sequence[CopiedTable] = compare(*arguments)
        return found

    monkeypatch.setattr(copying, "_compare", slow)
    with pytest.raises(StoreError) as refused:
        copied(full, str(target))
    assert refused.value.code == "error.copy_overtaken"
    assert [one.recorded_by for one in open_store(str(target)).lawbook_acts()] == ["李四"]
    assert [one.name for one in tmp_path.iterdir() if "creating" in one.name] == []

"""What stands in a store's way is said in words, and nothing is left half written."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from landwatch.errors import (
    StoreBusyError,
    StoreError,
    StoreMissingError,
    StoreVersionError,
    UsageError,
)
from landwatch.language.columns import Kind
from landwatch.store import create_store, open_store

CodeOf = Callable[..., str]


def test_a_store_that_is_not_there(tmp_path: Path, postgis_url: str, code_of: CodeOf) -> None:
    for url in (str(tmp_path / "none.gpkg"), str(tmp_path / "no folder" / "a.gpkg"), postgis_url):
        assert code_of(open_store, url, kind=StoreMissingError) == "error.store_missing"
    assert list(tmp_path.iterdir()) == [], "asking makes no file"


def test_a_store_taken_away_while_open(path: Path, code_of: CodeOf) -> None:
    store = open_store(str(path))
    path.unlink()
    assert code_of(store.imports, kind=StoreMissingError) == "error.store_missing"
    assert not path.exists()


def test_a_folder_in_place_of_the_file(tmp_path: Path, code_of: CodeOf) -> None:
    for act in (open_store, create_store):
        assert code_of(act, str(tmp_path)) == "error.store_is_folder"


def test_a_folder_that_is_not_there(tmp_path: Path, code_of: CodeOf) -> None:
    missing = str(tmp_path / "none" / "a.gpkg")
    assert code_of(create_store, missing) == "error.store_no_folder"


@pytest.mark.parametrize("content", [b"", b"contract_id,holder\n1,x\n" * 200, b"PK\x03\x04" * 999])
def test_a_file_that_is_no_store_is_left_alone(
    tmp_path: Path, content: bytes, code_of: CodeOf
) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(content)
    for act in (open_store, create_store):
        assert code_of(act, str(path)) == "error.store_not_a_store"
    assert path.read_bytes() == content


def test_somebody_elses_geopackage_is_left_alone(tmp_path: Path, code_of: CodeOf) -> None:
    path = tmp_path / "qgis.gpkg"
    other = sqlite3.connect(path)
    other.execute("PRAGMA application_id = 0x47504B47")
    other.execute("CREATE TABLE parcels (fid INTEGER PRIMARY KEY, geom BLOB)")
    other.commit()
    other.close()
    before = path.read_bytes()
    for act in (open_store, create_store):
        assert code_of(act, str(path)) == "error.store_not_a_store"
    assert path.read_bytes() == before


def test_a_file_cut_short_is_damaged(path: Path, code_of: CodeOf) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert code_of(open_store, str(path)) == "error.store_damaged"
    assert code_of(create_store, str(path)) == "error.store_damaged"


def test_a_page_overwritten_is_damaged(path: Path, code_of: CodeOf) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)

    def read_all() -> object:
        return open_store(str(path)).columns(Kind.CONTRACTS)

    assert code_of(read_all) == "error.store_damaged"


def test_a_file_that_another_program_writes_is_busy(
    path: Path, ledger: Any, code_of: CodeOf
) -> None:
    store = open_store(str(path), patience_s=0.2)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    rows = [ledger.contract("C2")]
    assert code_of(ledger.take_in, store, rows, kind=StoreBusyError) == "error.store_busy"
    assert store.known_keys(Kind.CONTRACTS) == {"C1"}, "reading goes on"
    other.execute("ROLLBACK")
    other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    assert code_of(store.imports, kind=StoreBusyError) == "error.store_busy"
    assert time.monotonic() - began > 0.15, "it waits before it gives up"
    other.execute("ROLLBACK")
    other.close()
    assert ledger.take_in(store, rows).new == 1


def test_a_server_that_another_program_writes_is_busy(
    postgis_url: str, ledger: Any, engine: Callable[[str], sa.Engine], code_of: CodeOf
) -> None:
    store = create_store(postgis_url)
    impatient = open_store(postgis_url, patience_s=0.2)
    with engine(postgis_url).begin() as other:
        other.exec_driver_sql("LOCK TABLE imports IN EXCLUSIVE MODE")
        rows = [ledger.contract("C2")]
        busy = code_of(ledger.take_in, impatient, rows, kind=StoreBusyError)
        assert busy == "error.store_busy_by"
        assert store.known_keys(Kind.CONTRACTS) == set(), "reading goes on"
    assert ledger.take_in(impatient, rows).new == 1


def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://bureau:geheim@/land?host={tmp_path}"
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert caught.value.code == "error.store_unreachable"
    assert "geheim" not in str(caught.value) + caught.value.in_words("zh")
    assert "geheim" not in repr(caught.value.__cause__)


def test_a_database_that_is_not_there(postgis_url: str, code_of: CodeOf) -> None:
    other = postgis_url.replace("/t", "/none_t", 1)
    assert code_of(open_store, other) == "error.store_unreachable"


def test_a_user_without_the_right_is_told_so(
    postgis_url: str, engine: Callable[[str], sa.Engine], ledger: Any, code_of: CodeOf
) -> None:
    create_store(postgis_url)
    with engine(postgis_url).begin() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS landwatch_reader")
        connection.exec_driver_sql("CREATE ROLE landwatch_reader LOGIN")
        connection.exec_driver_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC")
    store = open_store(postgis_url.replace("postgres@", "landwatch_reader@"))
    assert code_of(ledger.take_in, store, [ledger.contract("C1")]) == "error.store_no_right"


def test_a_file_of_a_newer_landwatch(
    path: Path, engine: Callable[[str], sa.Engine], code_of: CodeOf
) -> None:
    with engine(str(path)).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'later'")
    assert code_of(open_store, str(path), kind=StoreVersionError) == "error.store_newer"


@pytest.mark.parametrize(
    "url", ["mysql://root:geheim@db/land", "sqlite:///a.gpkg", "sqlite+gpkg://", "://", "pg://h:x/"]
)
def test_an_address_of_another_kind_is_a_wrong_usage(url: str, code_of: CodeOf) -> None:
    assert code_of(open_store, url, kind=UsageError) == "error.store_url"
    with pytest.raises(UsageError) as caught:
        create_store(url)
    assert "geheim" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_file_may_be_named_by_an_address_too(path: Path) -> None:
    assert open_store(f"sqlite+gpkg:///{path}").known_keys(Kind.CONTRACTS) == {"C1"}

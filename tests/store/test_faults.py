"""What stands in a store's way is said in words, and nothing is left half written."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from landwatch.language.records import Record
from landwatch.store import create_store, open_store

NOBODY = 65534


def code_of(
    act: Callable[..., object], *arguments: object, kind: type[Exception] = StoreError
) -> str:
    """Return the catalogue key of what goes wrong; both languages must be able to say it."""
    with pytest.raises(kind) as caught:
        act(*arguments)
    error = caught.value
    assert isinstance(error, StoreError | UsageError)
    assert error.in_words("zh")
    assert error.in_words("en") == str(error)
    return error.code


@pytest.fixture
def path(tmp_path: Path, ledger: Any) -> Path:
    """A store in a file, with one contract."""
    path = tmp_path / "a.gpkg"
    ledger.take_in(create_store(str(path)), [ledger.contract("C1")])
    return path


def test_a_store_that_is_not_there(tmp_path: Path, postgis_url: str) -> None:
    for url in (str(tmp_path / "none.gpkg"), str(tmp_path / "no folder" / "a.gpkg"), postgis_url):
        assert code_of(open_store, url, kind=StoreMissingError) == "error.store_missing"
    assert list(tmp_path.iterdir()) == [], "asking makes no file"


def test_a_store_taken_away_while_open(path: Path) -> None:
    store = open_store(str(path))
    path.unlink()
    assert code_of(store.imports, kind=StoreMissingError) == "error.store_missing"
    assert not path.exists()


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    for act in (open_store, create_store):
        assert code_of(act, str(tmp_path)) == "error.store_is_folder"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    missing = str(tmp_path / "none" / "a.gpkg")
    assert code_of(create_store, missing) == "error.store_no_folder"


@pytest.mark.parametrize("content", [b"", b"contract_id,holder\n1,x\n" * 200, b"PK\x03\x04" * 999])
def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(content)
    for act in (open_store, create_store):
        assert code_of(act, str(path)) == "error.store_not_a_store"
    assert path.read_bytes() == content


def test_somebody_elses_geopackage_is_left_alone(tmp_path: Path) -> None:
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


def test_a_file_cut_short_is_damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert code_of(open_store, str(path)) == "error.store_damaged"
    assert code_of(create_store, str(path)) == "error.store_damaged"


def test_a_page_overwritten_is_damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)

    def read_all() -> object:
        return open_store(str(path)).columns(Kind.CONTRACTS)

    assert code_of(read_all) == "error.store_damaged"


@contextmanager
def without_rights() -> Iterator[None]:
    """Be nobody for a while: root may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own are private."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


def test_a_read_only_folder_can_be_read_and_nothing_more(open_folder: Path, ledger: Any) -> None:
    path = open_folder / "a.gpkg"
    ledger.take_in(create_store(str(path)), [ledger.contract("C1")])
    before = path.read_bytes()
    open_store(str(path)).columns(Kind.CONTRACTS)  # nobody may not even load what this needs
    for file_mode in (0o444, 0o666):  # a file that may be written, but not its journal
        path.chmod(file_mode)
        open_folder.chmod(0o555)
        with without_rights():
            store = open_store(str(path))
            assert store.columns(Kind.CONTRACTS).num_rows == 1
            assert (
                code_of(ledger.take_in, store, [ledger.contract("C2")]) == "error.store_read_only"
            )
            other = str(open_folder / "b.gpkg")
            assert code_of(create_store, other) == "error.store_read_only"
    assert path.read_bytes() == before
    assert [entry.name for entry in open_folder.iterdir()] == ["a.gpkg"]


def test_a_file_that_may_not_be_read(open_folder: Path) -> None:
    path = open_folder / "a.gpkg"
    create_store(str(path))
    path.chmod(0o000)
    with without_rights():
        assert code_of(open_store, str(path)) == "error.store_read_only"


def much(ledger: Any) -> list[Record]:
    return [ledger.contract(f"D{i}", i, holder=os.urandom(400).hex()) for i in range(600)]


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_that_cannot_grow_stays_as_it_was(path: Path, ledger: Any, valid: Any) -> None:
    before, rows = path.read_bytes(), much(ledger)
    with no_file_above(path.stat().st_size + 8192):
        code = code_of(ledger.take_in, open_store(str(path)), rows)
    assert code in ("error.store_full", "error.store_disk")
    assert open_store(str(path)).known_keys(Kind.CONTRACTS) == {"C1"}
    assert path.read_bytes() == before
    valid(path)
    ledger.take_in(open_store(str(path)), rows)
    assert len(open_store(str(path)).known_keys(Kind.CONTRACTS)) == 601


def test_a_store_that_finds_no_room_leaves_no_draft(tmp_path: Path) -> None:
    with no_file_above(40_000):
        code = code_of(create_store, str(tmp_path / "a.gpkg"))
    assert code in ("error.store_full", "error.store_disk")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("may not mount a disk of half a megabyte here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_leaves_the_store_as_it_was(tiny_disk: Path, ledger: Any, valid: Any) -> None:
    path = tiny_disk / "a.gpkg"
    ledger.take_in(create_store(str(path)), [ledger.contract("C1")])
    before, rows = path.read_bytes(), much(ledger)
    assert code_of(ledger.take_in, open_store(str(path)), rows) == "error.store_full"
    assert path.read_bytes() == before
    valid(path)
    for name in ("b.gpkg", "c.gpkg"):
        made = tiny_disk / name
        try:
            create_store(str(made))
        except StoreError as error:
            assert error.code == "error.store_full"
            assert not made.exists()
            return
    pytest.fail("the disk did not fill up")


def test_a_file_that_another_program_writes_is_busy(path: Path, ledger: Any) -> None:
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
    postgis_url: str, ledger: Any, engine: Callable[[str], sa.Engine]
) -> None:
    store = create_store(postgis_url)
    impatient = open_store(postgis_url, patience_s=0.2)
    with engine(postgis_url).begin() as other:
        other.exec_driver_sql("LOCK TABLE imports IN EXCLUSIVE MODE")
        rows = [ledger.contract("C2")]
        assert code_of(ledger.take_in, impatient, rows, kind=StoreBusyError) == "error.store_busy"
        assert store.known_keys(Kind.CONTRACTS) == set(), "reading goes on"
    assert ledger.take_in(impatient, rows).new == 1


def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://bureau:geheim@/land?host={tmp_path}"
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert caught.value.code == "error.store_unreachable"
    assert "geheim" not in str(caught.value) + caught.value.in_words("zh")
    assert "geheim" not in repr(caught.value.__cause__)


def test_a_database_that_is_not_there(postgis_url: str) -> None:
    other = postgis_url.replace("/t", "/none_t", 1)
    assert code_of(open_store, other) == "error.store_unreachable"


def test_a_user_without_the_right_is_told_so(
    postgis_url: str, engine: Callable[[str], sa.Engine], ledger: Any
) -> None:
    create_store(postgis_url)
    with engine(postgis_url).begin() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS landwatch_reader")
        connection.exec_driver_sql("CREATE ROLE landwatch_reader LOGIN")
        connection.exec_driver_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC")
    store = open_store(postgis_url.replace("postgres@", "landwatch_reader@"))
    assert code_of(ledger.take_in, store, [ledger.contract("C1")]) == "error.store_no_right"


def test_a_file_of_a_newer_landwatch(path: Path, engine: Callable[[str], sa.Engine]) -> None:
    with engine(str(path)).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'later'")
    assert code_of(open_store, str(path), kind=StoreVersionError) == "error.store_newer"


@pytest.mark.parametrize(
    "url", ["mysql://root:geheim@db/land", "sqlite:///a.gpkg", "sqlite+gpkg://", "://", "pg://h:x/"]
)
def test_an_address_of_another_kind_is_a_wrong_usage(url: str) -> None:
    assert code_of(open_store, url, kind=UsageError) == "error.store_url"
    with pytest.raises(UsageError) as caught:
        create_store(url)
    assert "geheim" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_file_may_be_named_by_an_address_too(path: Path) -> None:
    assert open_store(f"sqlite+gpkg:///{path}").known_keys(Kind.CONTRACTS) == {"C1"}

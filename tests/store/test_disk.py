"""A disk that is full or may not be written leaves the store as it was."""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from landwatch.errors import StoreError
from landwatch.language.columns import Kind
from landwatch.language.records import Record
from landwatch.store import create_store, open_store
from tests.rights import without_rights

CodeOf = Callable[..., str]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own are private."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


def test_a_read_only_folder_can_be_read_and_nothing_more(
    open_folder: Path, ledger: Any, code_of: CodeOf
) -> None:
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


def test_a_file_that_may_not_be_read(open_folder: Path, code_of: CodeOf) -> None:
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


def test_a_file_that_cannot_grow_stays_as_it_was(
    path: Path, ledger: Any, valid: Any, code_of: CodeOf
) -> None:
    before, rows = path.read_bytes(), much(ledger)
    with no_file_above(path.stat().st_size + 8192):
        code = code_of(ledger.take_in, open_store(str(path)), rows)
    assert code in ("error.store_full", "error.store_disk")
    assert open_store(str(path)).known_keys(Kind.CONTRACTS) == {"C1"}
    assert path.read_bytes() == before
    valid(path)
    ledger.take_in(open_store(str(path)), rows)
    assert len(open_store(str(path)).known_keys(Kind.CONTRACTS)) == 601


def test_a_store_that_finds_no_room_leaves_no_draft(tmp_path: Path, code_of: CodeOf) -> None:
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


def test_a_full_disk_leaves_the_store_as_it_was(
    tiny_disk: Path, ledger: Any, valid: Any, code_of: CodeOf
) -> None:
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

"""Both stores, so that every test of the room asks the file and the server alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from landwatch.errors import StoreError, UsageError
from landwatch.language.columns import Kind
from landwatch.language.records import Record, SourceFile
from landwatch.store import ImportReceipt, Store, create_store
from landwatch.store.gpkg_dialect import gpkg_engine


@pytest.fixture(params=["geopackage", "postgis"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store that is not made yet, in a file and on a server."""
    if request.param == "geopackage":
        return str(tmp_path / "台账 1.gpkg")
    return str(request.getfixturevalue("postgis_url"))


@pytest.fixture
def store(store_url: str) -> Store:
    """An empty store, in a file and on a server."""
    return create_store(store_url)


class Ledger:
    """Short ways to tell a store something."""

    @staticmethod
    def source(name: str = "台账.xlsx") -> SourceFile:
        return SourceFile(name, name.encode().hex().ljust(64, "0")[:64], 1234)

    @staticmethod
    def contract(key: str, row: int = 2, /, **values: Any) -> Record:
        return Record(Kind.CONTRACTS, key, {"contract_id": key, **values}, "供地", row)

    def take_in(
        self, store: Store, records: Sequence[Record], *, name: str = "台账.xlsx"
    ) -> ImportReceipt:
        kind = records[0].kind
        with store.import_rows(kind, self.source(name), recorded_by="张三") as writer:
            writer.add(records)
        return writer.receipt


@pytest.fixture(scope="session")
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture(scope="session")
def engine() -> Callable[[str], sa.Engine]:
    """A way past the store, to look at (or spoil) its tables themselves."""

    def engine_of(url: str) -> sa.Engine:
        if "://" in url:
            return sa.create_engine(url, poolclass=sa.NullPool)
        return gpkg_engine(Path(url), 5)

    return engine_of


@pytest.fixture(scope="session")
def valid() -> Callable[[Path], None]:
    """GDAL's own validator finds nothing, warnings included."""
    from osgeo_utils.samples.validate_gpkg import check

    def find_nothing(path: Path) -> None:
        found = check(
            str(path), abort_at_first_error=False, extra_checks=True, warning_as_error=True
        )
        assert found == []

    return find_nothing


@pytest.fixture
def path(tmp_path: Path, ledger: Any) -> Path:
    """A store in a file, with one contract."""
    path = tmp_path / "a.gpkg"
    ledger.take_in(create_store(str(path)), [ledger.contract("C1")])
    return path


@pytest.fixture(scope="session")
def code_of() -> Callable[..., str]:
    """A way to the catalogue key of what goes wrong; both languages must be able to say it."""

    def code_of(
        act: Callable[..., object], *arguments: object, kind: type[Exception] = StoreError
    ) -> str:
        with pytest.raises(kind) as caught:
            act(*arguments)
        error = caught.value
        assert isinstance(error, StoreError | UsageError)
        assert error.in_words("zh")
        assert error.in_words("en") == str(error)
        return error.code

    return code_of

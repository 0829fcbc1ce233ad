"""Both stores, so that every test of the room asks the file and the server alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from landwatch.language.columns import Kind
from landwatch.language.records import Record, SourceFile
from landwatch.store import ImportReceipt, Store, create_store


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
    def contract(key: str, row: int = 2, /, **values: object) -> Record:
        return Record(Kind.CONTRACTS, key, {"contract_id": key, **values}, "供地", row)  # type: ignore[dict-item]

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

"""The tables are the ledger's columns, and migrations make just these tables on both stores."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from landwatch.errors import StoreUpgradedWarning, StoreVersionError
from landwatch.language.columns import COLUMNS, Column, ColumnType, Kind
from landwatch.store import Store, create_store, open_store, schema
from landwatch.store.column_types import Area, Exact
from landwatch.store.models import Base, table_of

HOLDS: dict[ColumnType, type[Any]] = {
    ColumnType.TEXT: sa.Text,
    ColumnType.CODE: sa.Text,
    ColumnType.DATE: sa.Date,
    ColumnType.DECIMAL: Exact,
    ColumnType.INTEGER: sa.BigInteger,
    ColumnType.YES_NO: sa.Boolean,
    ColumnType.GEOMETRY: Area,
}
CARRIED = [
    "record_id", "record_key", "import_id", "source_sheet", "source_row", "cleared",
    "unreadable", "as_read", "content_hash",
]  # fmt: skip


@pytest.mark.parametrize("kind", Kind)
def test_a_model_holds_just_the_columns_of_the_ledger(kind: Kind) -> None:
    table = table_of(kind)
    assert table.name == kind.value
    assert list(table.columns.keys()) == CARRIED + [column.name for column in COLUMNS[kind]]


@pytest.mark.parametrize(
    ("kind", "column"), [(kind, column) for kind in Kind for column in COLUMNS[kind]], ids=str
)
def test_a_column_of_a_model_holds_what_the_ledger_says(kind: Kind, column: Column) -> None:
    stored = table_of(kind).columns[column.name]
    assert isinstance(stored.type, HOLDS[column.holds])
    assert stored.nullable, "what is not told is missing"
    if isinstance(stored.type, Exact):
        assert stored.type.places == column.places


def test_migrations_make_just_the_tables_of_the_models(
    store: Store, engine: Callable[[str], sa.Engine]
) -> None:
    with engine(store.url).connect() as connection:
        options = {
            "include_name": schema.is_ours,
            "include_object": schema.is_on_both,
            # What a GeoPackage knows of a geometry is checked by its validator.
            "compare_type": lambda _, __, column, *___: (
                None if not isinstance(column.type, Area) else False
            ),
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_making_a_store_that_is_there_leaves_it_as_it_is(store_url: str) -> None:
    create_store(store_url)
    before = Path(store_url).read_bytes() if "://" not in store_url else b""
    create_store(store_url)
    open_store(store_url)
    if before:
        assert Path(store_url).read_bytes() == before


def test_a_store_of_a_newer_landwatch_is_left_alone(
    store: Store, engine: Callable[[str], sa.Engine]
) -> None:
    with engine(store.url).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for enter in (open_store, create_store):
        with pytest.raises(StoreVersionError, match="newer landwatch") as caught:
            enter(store.url)
        assert "更新版本" in caught.value.in_words("zh")


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A landwatch whose tables are one version newer; returns where its migration ran."""
    ran: list[str] = []
    newest = schema.newest_version()

    def next_step(connection: sa.Connection) -> None:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9001'")
        ran.append(connection.dialect.name)

    monkeypatch.setattr(schema, "newest_version", lambda: "9001")
    monkeypatch.setattr(schema, "known_versions", lambda: frozenset({newest, "9001"}))
    monkeypatch.setattr(schema, "bring_up_to_date", next_step)
    return ran


def test_an_older_server_waits_for_init(store: Store, next_version: list[str]) -> None:
    if store.url.startswith("postgresql"):
        with pytest.raises(StoreVersionError, match="landwatch init"):
            open_store(store.url)
        assert next_version == []
    else:
        with pytest.warns(StoreUpgradedWarning, match="9001"):
            open_store(store.url)
        assert next_version == ["sqlite"]


def test_init_runs_the_migrations_that_an_older_store_has_not_seen(
    store: Store, next_version: list[str]
) -> None:
    with pytest.warns(StoreUpgradedWarning, match="9001"):
        create_store(store.url)
    create_store(store.url)
    assert len(next_version) == 1
    open_store(store.url)


def test_the_file_is_marked_as_a_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    create_store(str(path))
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
    assert connection.execute("PRAGMA user_version").fetchone() == (10400,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.gpkg"]

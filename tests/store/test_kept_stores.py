"""Stores made by older versions of landwatch, kept since then, are opened by this one.

`kept/0001.gpkg.gz` to `0003.gpkg.gz` were made by the versions of their names: three made-up
contracts, one of them renamed by a second file, two reports, a policy adopted for a zone, one scan;
in 0003 also an import taken back, one that told a contract again, and a source that is expected.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from landwatch.errors import StoreError, StoreUpgradedWarning, StoreVersionError
from landwatch.language.columns import Kind
from landwatch.store import Store, create_store, open_store, schema

KEPT = Path(__file__).parent / "kept"
OLD = ("0001", "0002", "0003")


def kept(version: str, folder: Path) -> Path:
    """Unpack a kept store under the name that a person would have given it."""
    path = folder / "台账.gpkg"
    path.write_bytes(gzip.decompress((KEPT / f"{version}.gpkg.gz").read_bytes()))
    return path


def latest_names(store: Store) -> dict[str, str]:
    table = store.columns(Kind.CONTRACTS)
    keys, names = (table.column(name).to_pylist() for name in ("key", "project_name"))
    return dict(zip(keys, names, strict=True))


@pytest.mark.parametrize("version", OLD)
def test_an_older_file_is_upgraded_when_it_is_opened_with_a_backup_beside_it(
    version: str, tmp_path: Path, valid: Callable[[Path], None]
) -> None:
    path = kept(version, tmp_path)
    before = path.read_bytes()
    with pytest.warns(StoreUpgradedWarning) as told:
        store = open_store(str(path))
    backups = [found for found in tmp_path.iterdir() if found != path]
    assert len(backups) == 1, "no draft is left"
    assert str(backups[0]) in str(told[0].message)
    for lang in ("zh", "en"):
        words = told[0].message.in_words(lang)  # type: ignore[union-attr]
        assert version in words
        assert schema.newest_version() in words
    assert latest_names(store) == {
        "K-001": "一号厂房", "K-002": "二号厂房(更名)", "K-003": "三号厂房",
    }  # fmt: skip
    assert [scan.contracts for scan in store.scans()] == [3]
    held = {(one.policy_id, one.scope.zone_id) for one in store.adoptions()}
    assert ("lanzhou-2012-148", "LZ-DEMO") in held
    valid(path)
    backup = tmp_path / "backup.gpkg"
    backups[0].rename(backup)
    assert _rows(backup) == _rows_of(before, tmp_path)
    open_store(str(path))  # and says nothing more


def _rows(path: Path) -> dict[str, list[Any]]:
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).scalars()
        return {
            name: [tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')]
            for name in names.all()
        }


def _rows_of(content: bytes, folder: Path) -> dict[str, list[Any]]:
    path = folder / "as-it-was.gpkg"
    path.write_bytes(content)
    return _rows(path)


@pytest.mark.parametrize("version", OLD)
def test_an_upgraded_store_goes_on_where_it_stood(
    version: str, tmp_path: Path, ledger: Any
) -> None:
    with pytest.warns(StoreUpgradedWarning):
        store = open_store(str(kept(version, tmp_path)))
    told = store.latest_moment()
    second = ledger.take_in(store, [ledger.contract("K-001", price_wan=Decimal(1300))])
    assert (second.new, second.changed) == (0, 1)
    assert store.withdraw(second.import_id, by="李四")
    table = store.columns(Kind.CONTRACTS, known_at=told).to_pylist()
    assert table == store.columns(Kind.CONTRACTS).to_pylist()


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept("0001", tmp_path)
    before = _rows(path)

    def broken(connection: sa.Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE half_way (a)")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(schema, "bring_up_to_date", broken)
    with pytest.raises(StoreError):
        open_store(str(path))
    assert _rows(path) == before


def test_a_kept_store_of_a_newer_landwatch_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = kept("0002", tmp_path)
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
    before = path.read_bytes()
    for enter in (open_store, create_store):
        with pytest.raises(StoreVersionError) as refused:
            enter(str(path))
        assert "0099" in refused.value.in_words("zh")
        assert "Upgrade landwatch" in refused.value.in_words("en")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_server_of_an_older_version_is_upgraded_by_init_only_with_its_backup(
    postgis_url: str, engine: Callable[[str], sa.Engine]
) -> None:
    with engine(postgis_url).begin() as connection:
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")
        command.upgrade(schema.migrations(connection), "0002")
        connection.exec_driver_sql(
            "INSERT INTO adoptions (act, policy_id, recorded_at, recorded_by)"
            " VALUES ('adopt', 'order-53-2012', now(), '张三')"
        )
    with pytest.raises(StoreVersionError, match="landwatch init"):
        open_store(postgis_url)
    with pytest.warns(StoreUpgradedWarning) as told:
        store = create_store(postgis_url)
    backup = told[0].message.values["backup"]  # type: ignore[union-attr]
    assert [one.policy_id for one in store.adoptions()] == ["order-53-2012"]
    with engine(postgis_url).connect() as connection:
        kept_there = connection.exec_driver_sql(f'SELECT policy_id FROM "{backup}".adoptions')
        assert kept_there.scalars().all() == ["order-53-2012"]
        version = connection.exec_driver_sql(f'SELECT * FROM "{backup}".alembic_version')
        assert version.scalar() == "0002"


def test_what_version_0003_remembered_is_still_known(tmp_path: Path) -> None:
    with pytest.warns(StoreUpgradedWarning):
        store = open_store(str(kept("0003", tmp_path)))
    assert list(store.withdrawn_imports()) == [5]
    assert [one.source for one in store.rhythms.in_force()] == ["progress:inspection"]
    told_again = store.history(Kind.CONTRACTS, of={"contract_id": ["K-003"]})
    assert [len(record.again) for record in told_again] == [1]

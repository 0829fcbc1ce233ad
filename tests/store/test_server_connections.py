"""Connections to a server end in words: too slow, asleep, killed, restarted in the middle."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from landwatch.errors import StoreError, UsageError
from landwatch.language.columns import Kind
from landwatch.settings import read_store_settings
from landwatch.store import Store, connecting, create_store, open_store
from landwatch.store.intake import ImportWriter
from tests.conftest import POSTGRES, PostgresServer

OURS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() ORDER BY pid"
)
EngineOf = Callable[[str], sa.Engine]


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that keeps two connections, as a service would."""
    monkeypatch.setenv("LANDWATCH_PG_POOL", "2")
    kept: list[sa.Engine] = []
    make = connecting._engine

    def noting(*told: Any, **pooled: Any) -> sa.Engine:
        kept.append(make(*told, **pooled))
        return kept[-1]

    monkeypatch.setattr(connecting, "_engine", noting)
    yield
    connecting._kept.cache_clear()
    for engine in kept:
        engine.dispose()


def connected(engine: sa.Engine) -> list[int]:
    """Return which processes of the server talk to anybody but us."""
    with engine.connect() as connection:
        return list(connection.exec_driver_sql(OURS).scalars())


def test_a_verb_keeps_no_connection(postgis_url: str, engine: EngineOf) -> None:
    create_store(postgis_url).imports()
    assert connected(engine(postgis_url)) == []


def test_a_service_keeps_its_connections_for_the_next_call(
    postgis_url: str, engine: EngineOf, pool: None, ledger: Any
) -> None:
    ledger.take_in(create_store(postgis_url), [ledger.contract("C1")])
    before = connected(engine(postgis_url))
    assert 1 <= len(before) <= 2
    assert open_store(postgis_url).known_keys(Kind.CONTRACTS) == {"C1"}
    assert connected(engine(postgis_url)) == before


def test_a_connection_that_died_between_two_calls_is_replaced(
    postgis_url: str, engine: EngineOf, pool: None, ledger: Any
) -> None:
    store = create_store(postgis_url)
    ledger.take_in(store, [ledger.contract("C1")])
    admin = engine(postgis_url)
    before = connected(admin)
    with admin.connect() as connection:
        for number in before:
            connection.exec_driver_sql(f"SELECT pg_terminate_backend({number})")
    assert store.known_keys(Kind.CONTRACTS) == {"C1"}
    ledger.take_in(store, [ledger.contract("C2")])
    assert not set(connected(admin)) & set(before)


def test_a_child_process_uses_connections_of_its_own(postgis_url: str) -> None:
    code = (
        "import os, sys\n"
        "from landwatch.store import create_store\n"
        "store = create_store(sys.argv[1])\n"
        "number = os.fork()\n"
        "for _ in range(20):\n"
        "    assert store.imports() == []\n"
        "if number:\n"
        "    sys.exit(os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, postgis_url],
        env={"PATH": "/usr/bin:/bin", "LANDWATCH_PG_POOL": "2", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("", "keepalives_idle", "30"),
        ("&keepalives_idle=7", "keepalives_idle", "7"),
        ("&connect_timeout=3", "connect_timeout", "3"),
        ("", "connect_timeout", "10"),
        ("&application_name=nightly", "application_name", "nightly"),
    ],
    ids=str,
)
def test_what_the_address_says_comes_before_the_settings(
    postgis_url: str, query: str, name: str, value: str
) -> None:
    create_store(postgis_url)
    store = open_store(postgis_url + query)
    with store._keeper.reading() as connection:
        driver: Any = connection.connection.driver_connection
        assert driver.info.get_parameters()[name] == value


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("LANDWATCH_PG_POOL", "-1", "error.pool"),
        ("LANDWATCH_PG_POOL", "viele", "error.pool"),
        ("LANDWATCH_PG_POOL", "101", "error.pool"),
        ("LANDWATCH_PG_STATEMENT_SECONDS", "-2", "error.seconds_or_none"),
        ("LANDWATCH_PG_CONNECT_SECONDS", "0", "error.seconds"),
        ("LANDWATCH_LOCK_SECONDS", "nan", "error.seconds"),
    ],
)
def test_a_setting_that_is_no_such_number_is_named(
    name: str, value: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError) as refused:
        read_store_settings()
    assert refused.value.code == code
    assert name in refused.value.in_words("zh")


def test_the_settings_say_how_long_to_wait_for_another_writer(
    postgis_url: str, engine: EngineOf, ledger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_store(postgis_url)
    monkeypatch.setenv("LANDWATCH_LOCK_SECONDS", "0.2")
    with engine(postgis_url).begin() as other:
        other.exec_driver_sql("SELECT pg_advisory_xact_lock(7236479)")
        with pytest.raises(StoreError) as busy:
            ledger.take_in(open_store(postgis_url), [ledger.contract("C1")])
    assert busy.value.code == "error.store_busy_by"


def slow(store: Store, seconds: float) -> None:
    with store._keeper.writing() as connection:
        connection.exec_driver_sql("UPDATE imports SET rows_new = rows_new + 100")
        connection.exec_driver_sql(f"SELECT pg_sleep({seconds})")


def test_a_statement_that_takes_too_long_is_stopped_and_nothing_is_written(
    postgis_url: str, ledger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.take_in(create_store(postgis_url), [ledger.contract("C1")])
    monkeypatch.setenv("LANDWATCH_PG_STATEMENT_SECONDS", "0.2")
    store = open_store(postgis_url)
    with pytest.raises(StoreError) as stopped:
        slow(store, 5)
    assert stopped.value.code == "error.store_too_slow"
    assert [one.new for one in store.imports()] == [1]


def test_a_stricter_limit_of_the_database_stays(
    postgis_url: str, engine: EngineOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_store(postgis_url)
    name = postgis_url.partition("@/")[2].partition("?")[0]
    with engine(postgis_url).begin() as admin:
        admin.exec_driver_sql(f"ALTER DATABASE {name} SET statement_timeout = '200ms'")
    monkeypatch.setenv("LANDWATCH_PG_STATEMENT_SECONDS", "50")
    with pytest.raises(StoreError) as stopped:
        slow(open_store(postgis_url), 5)
    assert stopped.value.code == "error.store_too_slow"


def test_a_transaction_in_which_nothing_happens_is_let_go(
    postgis_url: str, engine: EngineOf, ledger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_store(postgis_url)
    monkeypatch.setenv("LANDWATCH_PG_IDLE_SECONDS", "0.2")
    asleep = open_store(postgis_url)
    with pytest.raises(StoreError) as gone, asleep._keeper.writing() as connection:
        while connected(engine(postgis_url)):
            pass
        connection.exec_driver_sql("SELECT 1")
    assert gone.value.code in ("error.store_idle", "error.store_unreachable")
    monkeypatch.delenv("LANDWATCH_PG_IDLE_SECONDS")
    assert ledger.take_in(open_store(postgis_url), [ledger.contract("C1")]).new == 1


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server that may be killed: nobody else's test is on it."""
    if not (POSTGRES / "initdb").exists():
        pytest.skip("PostgreSQL 15 is not there")
    folder = Path(tempfile.mkdtemp(prefix="lwpg", dir="/tmp"))
    server = PostgresServer(folder)
    try:
        server.start()
        yield server
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def test_a_server_killed_in_the_middle_of_an_import_leaves_nothing_half(
    own_server: PostgresServer, ledger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_server.sql("CREATE DATABASE land TEMPLATE with_postgis")
    store = create_store(own_server.url("land"))
    first = [ledger.contract(f"A{i}", i) for i in range(50)]
    assert ledger.take_in(store, first, name="甲").new == 50
    enter = ImportWriter._close

    def killed(*arguments: Any) -> None:
        own_server.stop()  # at once, as a power cut: rows are written, nothing is committed
        enter(*arguments)

    with monkeypatch.context() as patch, pytest.raises(StoreError) as cut:
        patch.setattr(ImportWriter, "_close", killed)
        ledger.take_in(store, [ledger.contract(f"B{i}", i) for i in range(50)], name="乙")
    assert cut.value.code == "error.store_unreachable"
    with pytest.raises(StoreError) as away:
        store.imports()
    assert away.value.code == "error.store_unreachable"
    own_server.launch()
    assert [one.source.name for one in store.imports()] == ["甲"]
    assert store.known_keys(Kind.CONTRACTS) == {f"A{i}" for i in range(50)}
    again = ledger.take_in(store, [ledger.contract(f"B{i}", i) for i in range(50)], name="乙")
    assert again.new == 50
    assert store.columns(Kind.CONTRACTS).num_rows == 100

"""What holds for the tests of every room."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

# A busy machine is no bug: examples have no deadline of their own, a test has its timeout. Under
# CI hypothesis takes its own profile, which has none either and repeats the same examples.
if not os.environ.get("CI"):
    settings.register_profile("landwatch", deadline=None)
    settings.load_profile("landwatch")

POSTGRES = Path("/usr/lib/postgresql/15/bin")
CHROMIUM, CHROMEDRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")


def _wanting(what: str) -> NoReturn:
    """A test that cannot run is skipped on somebody's computer, and has failed under CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is not there, and CI must have it")
    pytest.skip(f"{what} is not there")


class PostgresServer:
    """A private PostgreSQL with PostGIS, reached by a socket in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._data = folder / "data"
        # The server refuses to run as root.
        self._user = "postgres" if os.getuid() == 0 else None
        if self._user:
            account = pwd.getpwnam(self._user)
            os.chown(folder, account.pw_uid, account.pw_gid)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [POSTGRES / program, *arguments],
            user=self._user,
            cwd=self.folder,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        self._run(
            "initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        self.launch()
        self.sql("CREATE DATABASE with_postgis")
        self.sql("CREATE EXTENSION postgis", "with_postgis")

    def launch(self) -> None:
        """Start the server on its data: the first time, or after it was stopped."""
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self._data), "-o", options, "-l", log, "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")

    def sql(self, statement: str, database: str = "postgres") -> None:
        self._run(
            "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", "postgres",
            "-d", database, "-c", statement,
        )  # fmt: skip

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real server that lives as long as the tests."""
    if not (POSTGRES / "initdb").exists():
        _wanting("PostgreSQL 15")
    if not list(Path("/usr/share/postgresql/15/extension").glob("postgis.control")):
        _wanting("PostGIS 3")
    folder = Path(tempfile.mkdtemp(prefix="lwpg", dir="/tmp"))  # a socket's path must be short
    server = PostgresServer(folder)
    try:
        server.start()
        yield server
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgis_url(postgres_server: PostgresServer, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh database with PostGIS, gone after the test."""
    name = f"t{abs(hash(request.node.nodeid))}"
    postgres_server.sql(f"CREATE DATABASE {name} TEMPLATE with_postgis")
    yield postgres_server.url(name)
    postgres_server.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    """A headless Chromium with a profile of its own that keeps the log of its console."""
    if not (CHROMIUM.exists() and CHROMEDRIVER.exists()):
        _wanting("Chromium with its driver")
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (
        "headless=new", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run",
        "disable-background-networking", "disable-component-update", "disable-sync",
        f"user-data-dir={tmp_path / 'chromium'}",
    ):  # fmt: skip
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(CHROMEDRIVER)))
    yield driver
    driver.quit()

"""The front door, as a person uses it: words in; an exit code, stdout and stderr out."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from landwatch.cli import run

SHARED = Path(__file__).parents[2] / ".." / "shared"


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said on each stream."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the JSON of stdout, where it holds rows."""
        found: list[dict[str, Any]] = json.loads(self.out)
        return found


class Door:
    """The command line in this process, with a store of its own."""

    def __init__(self, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.store = store
        self._capsys = capsys

    def __call__(self, *words: object) -> Said:
        """Run one command and return how it went."""
        self._capsys.readouterr()
        code = run([str(word) for word in words])
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)

    def does(self, *words: object) -> Said:
        """Run one command that must succeed."""
        said = self(*words)
        assert said.code == 0, said.err
        return said

    def takes(self, kind: str, path: Path, rows: Iterable[Mapping[str, object]]) -> Said:
        """Write rows as a CSV file and import it."""
        write_csv(path, rows)
        return self.does("import", kind, path)

    def findings(self, *words: object) -> list[dict[str, Any]]:
        """Return the findings of the latest scan."""
        return self.does("findings", "--format", "json", *words).rows


def write_csv(path: Path, rows: Iterable[Mapping[str, object]]) -> Path:
    """Write rows with the union of their headers; a cell not told is blank."""
    listed = list(rows)
    names = list(dict.fromkeys(name for row in listed for name in row))
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names, restval="")
        writer.writeheader()
        writer.writerows(listed)
    return path


@pytest.fixture
def door(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Door:
    """A shell in a folder of its own, where nothing has been done yet."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("LANDWATCH_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LANDWATCH_USER", "张三")
    return Door(tmp_path / "landwatch.gpkg", capsys)


@pytest.fixture
def ready(door: Door) -> Door:
    """The same, with a store."""
    door.does("init")
    return door


@pytest.fixture
def shared() -> Path:
    """The real files beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the real files beside the project are not there")
    return SHARED.resolve()


@pytest.fixture
def child(door: Door) -> Callable[..., Said]:
    """A way to run a command in a process of its own."""

    def run_child(*words: object, **environment: str) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "landwatch.cli", *(str(word) for word in words)],
            cwd=door.store.parent,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return run_child


CONTRACT: Mapping[str, object] = {
    "contract_id": "C1",
    "instrument": "grant",
    "holder": "示范机械有限公司",
    "area_m2": "66666.6667",
    "price_wan": "1000",
    "signed_on": "2018-06-30",
    "agreed_start_on": "2019-06-30",
}


@pytest.fixture
def scanned(ready: Door, tmp_path: Path) -> Door:
    """A store with one contract, seen not started after two years, scanned."""
    ready.takes("contracts", tmp_path / "contracts.csv", [CONTRACT])
    seen = {"contract_id": "C1", "observed_on": "2021-07-15", "source": "inspection"}
    ready.takes("progress", tmp_path / "progress.csv", [seen | {"started": "no"}])
    ready.does("scan", "--as-of", "2021-08-01")
    return ready

"""Ctrl-C during an import: words, exit code 130, and nothing half-written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from landwatch.language.catalogue import say
from landwatch.language.columns import Kind
from landwatch.store import open_store
from tests.commands.conftest import Door, write_csv

ROWS = 6_500
INTERRUPTED = """
import os, signal, sys
import landwatch.ledger, landwatch.store
from landwatch.cli import main
from landwatch.ledger.intake import Intake
from landwatch.store.embedded import GeoPackageKeeper

# A shell that runs the tests in the background has its children ignore the signal.
signal.signal(signal.SIGINT, signal.default_int_handler)

def interrupts(owner, name, at):
    whole, calls = getattr(owner, name), 0

    def counted(*given, **named):
        nonlocal calls
        calls += 1
        if calls == at:
            os.kill(os.getpid(), signal.SIGINT)
        return whole(*given, **named)

    setattr(owner, name, counted)

owner = {"reading": Intake, "writing": GeoPackageKeeper}[sys.argv[1]]
interrupts(owner, *{"reading": ("_account", 3000), "writing": ("insert", 2)}[sys.argv[1]])
main(sys.argv[2:])
"""


def contract(at: int) -> dict[str, object]:
    return {"合同编号": f"LF-{at:06d}", "土地使用权人": f"某某第{at}公司", "出让面积(公顷)": "1.5"}


@pytest.mark.parametrize(("phase", "lang"), [("reading", "zh"), ("writing", "en")])
def test_an_import_that_is_interrupted_leaves_words_and_nothing_else(
    ready: Door, tmp_path: Path, phase: str, lang: str
) -> None:
    ready.takes("contracts", tmp_path / "first.csv", [contract(0)])
    path = tmp_path / "long.csv"
    write_csv(path, [contract(at) for at in range(1, ROWS)])
    left, before = tmp_path / "left", ready.store.read_bytes()
    left.mkdir()
    words = ["import", "contracts", str(path), "--store", str(ready.store), "--lang", lang]
    words += ["--report", str(tmp_path / "report.xlsx")]
    stopped = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, phase, *words],
        capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(left)},
    )  # fmt: skip
    assert stopped.returncode == 130, stopped.stderr
    assert say("error.stopped", lang) in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert ready.store.read_bytes() == before
    assert not list(left.iterdir())
    again = ready("import", "contracts", path)
    assert again.code == 0, again.err
    assert open_store(str(ready.store)).columns(Kind.CONTRACTS, only=()).num_rows == ROWS

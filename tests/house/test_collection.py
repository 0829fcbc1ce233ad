"""The tests are the same tests in every process: workers that collect differently run none."""

import os
import subprocess
import sys
from pathlib import Path

TREE = Path(__file__).parents[2]


def _collected(seed: str) -> list[str]:
    listing = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:xdist"],
        cwd=TREE,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return [line for line in listing.stdout.splitlines() if "::" in line]


def test_names_and_order_of_tests_do_not_depend_on_the_hash_seed() -> None:
    first = _collected("1")
    assert len(first) > 1000
    assert _collected("2") == first
    assert _collected("3") == first

"""Asking for help must not cost a database, a data frame and a map."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

HEAVY = {
    *("pandas", "geopandas", "numpy", "shapely", "pyogrio", "fiona", "pyproj", "pyarrow"),
    *("folium", "sqlalchemy", "alembic", "geoalchemy2", "duckdb", "openpyxl"),
    *("matplotlib", "fontTools", "docx", "segno"),
}
HELP = "import sys; sys.argv = ['landwatch', '--help']; from landwatch.cli import main; main()"
SECONDS = 2.0


def loaded_by(program: str) -> set[str]:
    """Return the top-level modules that a fresh Python holds when the program has ended."""
    told = "import atexit, sys\natexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
    run = subprocess.run(
        [sys.executable, "-c", told + program], check=True, capture_output=True, text=True
    )
    return {name.partition(".")[0] for name in run.stderr.splitlines()[-1].split()}


@pytest.mark.parametrize(
    "module",
    [
        "landwatch",
        "landwatch.errors",
        "landwatch.units",
        "landwatch.language.catalogue",
        "landwatch.language.columns",
        "landwatch.language.records",
        "landwatch.language.terms",
        "landwatch.cli",
    ],
)
def test_importing_it_loads_no_heavy_library(module: str) -> None:
    assert loaded_by(f"import {module}").isdisjoint(HEAVY)


def test_a_heavy_import_would_be_seen() -> None:
    assert "sqlalchemy" in loaded_by("import sqlalchemy")


def test_help_loads_no_heavy_library() -> None:
    assert loaded_by(HELP).isdisjoint(HEAVY)


def test_help_is_there_before_one_grows_impatient() -> None:
    def seconds() -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", HELP], check=True, capture_output=True)
        return time.perf_counter() - begun

    assert min(seconds() for _ in range(3)) < SECONDS

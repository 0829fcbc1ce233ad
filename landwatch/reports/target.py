"""Where an export lands: never over somebody's data.

A GeoPackage that holds anything but what an export wrote (a ledger's store) is never replaced.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from landwatch import files
from landwatch.errors import LandwatchError

LAYER = "findings"
"""The only layer of a GeoPackage of findings."""

_SQLITE = b"SQLite format 3\0"


@contextmanager
def whole_file(path: Path, ending: str | None = None, layer: str = LAYER) -> Iterator[Path]:
    """Give a path to write to; when all went well, what was written there becomes `path`.

    `ending` is for a format that asks for its own (`.gpkg`), whatever the target is called; `layer`
    is the only one of a GeoPackage that may be replaced.

    Raises:
        LandwatchError: it cannot be written, or is a database with other things in it.
    """
    spare_other_data(path, layer)
    with files.whole_file(path, ending) as beside:
        yield beside


def spare_other_data(path: Path, layer: str = LAYER) -> None:
    """Refuse a target that is a database with anything in it but the layer that an export writes.

    Raises:
        LandwatchError: it is one, or cannot be looked into.
    """
    try:
        if not path.is_file():
            return
        with path.open("rb") as file:
            if file.read(len(_SQLITE)) != _SQLITE:
                return
        layers = _layers(path)
    except (OSError, sqlite3.Error) as error:
        raise files.unwritable(path, error) from error
    if layers != {layer}:
        named = ", ".join(sorted(layers - {layer})[:5])
        raise LandwatchError("report.error.other_data", file=str(path), layers=named or "-")


def _layers(path: Path) -> set[str]:
    """Return the layers that a GeoPackage lists; none where it is another database."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if "gpkg_contents" not in tables:
            return set()
        return {name for (name,) in connection.execute("SELECT table_name FROM gpkg_contents")}

"""What can go wrong with a store that is one file: the file, SQLite, GeoPackage's own tables."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from landwatch.store.ailments import Ailment, note, suspect, wrong
from landwatch.store.edits import WATCHED
from landwatch.store.gpkg_dialect import APPLICATION_ID
from landwatch.store.models import Base
from landwatch.store.registration import TREE_TRIGGERS

SPATIAL = ("zones", "parcels")
_LEAST_FREE = 100_000_000
_GAPS_SHARE, _GAPS_LEAST = 0.25, 10_000_000
_STALE_S = 3_600
_SHOWN = 5
_HEX = "[0-9a-f]"


def around(path: Path) -> Iterator[Ailment]:
    """Yield what lies beside the file, and how much room is left; the file is not opened."""
    for ending in ("-journal", "-wal"):
        beside = path.with_name(path.name + ending)
        with suppress(OSError):
            if beside.stat().st_size:
                yield suspect("journal", file=beside.name)
    strays = [one for one in _strays(path) if _age_s(one) > _STALE_S]
    if strays:
        yield note("strays", count=len(strays), files=_named(strays), size=_megabytes(strays))
    backups = backups_of(path)
    if backups:
        newest = max(_modified(one) for one in backups)
        told = {"count": len(backups), "size": _megabytes(backups), "newest": newest}
        yield note("backups", **told, files=_named(backups))
    free, size = shutil.disk_usage(path.absolute().parent).free, path.stat().st_size
    if free < max(size, _LEAST_FREE):
        told = {"free": f"{free / 1e6:.0f}", "size": f"{size / 1e6:.1f}"}
        yield (wrong if free < _LEAST_FREE // 2 else suspect)("disk", **told)


def backups_of(path: Path) -> list[Path]:
    """Return the copies that upgrades left beside the file."""
    name = f"{_quoted(path.stem)}.before-*{_quoted(path.suffix)}"
    return sorted(path.parent.glob(name))


def _strays(path: Path) -> list[Path]:
    """Return what killed writings left beside the file."""
    creating = path.parent.glob(f".{_quoted(path.name)}.*.creating*")
    written = path.parent.glob(f".{_quoted(path.stem)}.{_HEX * 8}{_quoted(path.suffix)}")
    return sorted({*creating, *written})


def _quoted(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


def _age_s(path: Path) -> float:
    with suppress(OSError):
        return time.time() - path.stat().st_mtime
    return 0.0


def _modified(path: Path) -> str:
    return f"{datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone():%Y-%m-%d %H:%M}"


def _megabytes(paths: list[Path]) -> str:
    return f"{sum(path.stat().st_size for path in paths) / 1e6:.1f}"


def _named(paths: list[Path]) -> str:
    return ", ".join(path.name for path in paths[:_SHOWN]) + (" …" if len(paths) > _SHOWN else "")


def cheap(connection: Connection) -> Iterator[Ailment]:
    """Yield what is told without reading rows: marks, triggers, registration, gaps."""
    if connection.exec_driver_sql("PRAGMA application_id").scalar() != APPLICATION_ID:
        yield wrong("not_geopackage")
    there = {
        (row.type, row.name)
        for row in connection.exec_driver_sql("SELECT type, name FROM sqlite_master")
    }
    names = {name for kind, name in there if kind == "trigger"}
    lacking = sorted(_triggers() - names)
    if lacking:
        yield wrong("trigger_gone", count=len(lacking), names=", ".join(lacking[:_SHOWN]))
    ours = {table.name for table in Base.metadata.sorted_tables}
    listed = {
        str(name) for (name,) in connection.exec_driver_sql("SELECT table_name FROM gpkg_contents")
    }
    drawn = {
        str(name)
        for (name,) in connection.exec_driver_sql("SELECT table_name FROM gpkg_geometry_columns")
    }
    unlisted = sorted((ours - listed) | (set(SPATIAL) - drawn))
    if unlisted:
        yield suspect("not_registered", count=len(unlisted), tables=", ".join(unlisted[:_SHOWN]))
    pragma = {
        name: int(connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0)
        for name in ("page_size", "page_count", "freelist_count")
    }
    gaps = pragma["freelist_count"] * pragma["page_size"]
    if gaps > _GAPS_LEAST and pragma["freelist_count"] > _GAPS_SHARE * pragma["page_count"]:
        yield note("gaps", size=f"{gaps / 1e6:.1f}")


def _triggers() -> set[str]:
    edits = {f"edits_{table}_{act}" for table in WATCHED for act in ("update", "delete")}
    trees = {f"rtree_{table}_geometry_{name}" for table in SPATIAL for name in TREE_TRIGGERS}
    return edits | trees


def whole(connection: Connection, *, every: bool) -> Iterator[Ailment]:
    """Yield what is told by reading the file: damage, references, r-trees."""
    said = _said_of_pages(connection, "integrity_check" if every else "quick_check")
    if said != ["ok"]:
        yield wrong("damaged", count=len(said), detail="; ".join(said[:_SHOWN]))
    torn: dict[str, int] = {}
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        torn[row[0]] = torn.get(row[0], 0) + 1
    for table, count in sorted(torn.items()):
        yield wrong("reference", table=table, count=count)
    for table in SPATIAL:
        yield from _tree(connection, table)


def _said_of_pages(connection: Connection, check: str) -> list[str]:
    """Return what SQLite says of the file's pages; of a root page that is gone it only raises."""
    try:
        return [str(line) for (line,) in connection.exec_driver_sql(f"PRAGMA {check}(20)")]
    except DBAPIError as error:
        return [str(error.orig)]


def _tree(connection: Connection, table: str) -> Iterator[Ailment]:
    tree = f"rtree_{table}_geometry"
    try:
        said = str(connection.exec_driver_sql(f"SELECT rtreecheck('{tree}')").scalar())
        if said != "ok":
            yield wrong("tree_damaged", table=table, detail=said.partition("\n")[0])
        has = "geometry IS NOT NULL AND NOT ST_IsEmpty(geometry)"
        drawn = connection.exec_driver_sql(f'SELECT count(*) FROM "{table}" WHERE {has}').scalar()
        lacking = connection.exec_driver_sql(
            f'SELECT count(*) FROM "{table}" WHERE {has}'
            f' AND record_id NOT IN (SELECT id FROM "{tree}")'
        ).scalar()
        kept = connection.exec_driver_sql(f'SELECT count(*) FROM "{tree}"').scalar()
    except DBAPIError as error:
        yield wrong("tree_damaged", table=table, detail=str(error.orig).partition("\n")[0])
        return
    if (drawn, 0) != (kept, lacking):
        yield wrong("tree_disagrees", table=table, drawn=drawn, kept=kept, lacking=lacking)


def compact(path: Path, patience_s: float) -> None:
    """Write the file anew without its gaps; others wait meanwhile.

    Raises:
        sqlite3.Error: somebody else uses it for too long, or there is no room.
    """
    with closing(sqlite3.connect(path, timeout=patience_s, isolation_level=None)) as connection:
        connection.execute("VACUUM")

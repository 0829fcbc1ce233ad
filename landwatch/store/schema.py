"""Which version the tables of a store have, and the way to the newest one."""

from __future__ import annotations

import threading
from collections.abc import MutableMapping
from functools import cache
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_NOT_OURS = ("gpkg_", "rtree_", "sqlite_", "spatial_ref_sys", "geometry_columns")
_ONE_AT_A_TIME = threading.Lock()
"""Alembic's `op` and `context` are one for the whole process."""
_POSTGIS_SCHEMAS = ("topology", "tiger")


def migrations(connection: Connection | None = None) -> Config:
    """Return Alembic's view of our migrations, to be run on `connection`."""
    config = Config()
    config.set_main_option("script_location", "landwatch.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@cache
def newest_version() -> str:
    """Return the version that this landwatch makes."""
    head = ScriptDirectory.from_config(migrations()).get_current_head()
    assert head is not None
    return head


@cache
def known_versions() -> frozenset[str]:
    """Return every version that this landwatch can bring up to the newest."""
    steps = ScriptDirectory.from_config(migrations()).walk_revisions()
    return frozenset(step.revision for step in steps)


def version_of(connection: Connection) -> str | None:
    """Return the version of the tables, None where landwatch has made none."""
    return MigrationContext.configure(connection).get_current_revision()


def bring_up_to_date(connection: Connection) -> None:
    """Run every migration that the store has not seen, in the transaction of the connection."""
    with _ONE_AT_A_TIME:
        command.upgrade(migrations(connection), "head")


def is_ours(name: str | None, kind: str, _: MutableMapping[Any, str | None]) -> bool:
    """Tell Alembic's comparison which tables are ours: not GeoPackage's, not PostGIS's."""
    if kind == "schema":
        return name not in _POSTGIS_SCHEMAS
    return kind != "table" or not (name or "").startswith(_NOT_OURS)


def is_on_both(_: object, name: str | None, kind: str, *__: object) -> bool:
    """Tell Alembic's comparison to leave out PostGIS's indexes: a GeoPackage has r-trees."""
    return kind != "index" or not (name or "").endswith("_geometry")

"""What makes a SQLite file a GeoPackage: its own tables, and each of ours entered in them.

Migrations call these; on PostgreSQL they do nothing. `batch_alter_table` of Alembic copies a table
and strips its triggers: a later migration that uses it calls `register_features` again.
"""

from __future__ import annotations

from sqlalchemy import Connection

from landwatch.store.blobs import SRID
from landwatch.store.gpkg_dialect import APPLICATION_ID, USER_VERSION

_OWN_TABLES = (
    """CREATE TABLE IF NOT EXISTS gpkg_spatial_ref_sys (
        srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
        organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)""",
    """CREATE TABLE IF NOT EXISTS gpkg_contents (
        table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
        description TEXT DEFAULT '',
        last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
        min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
        CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE IF NOT EXISTS gpkg_geometry_columns (
        table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
        srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
        CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
        CONSTRAINT uk_gc_table_name UNIQUE (table_name),
        CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
        CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))""",
    """CREATE TABLE IF NOT EXISTS gpkg_extensions (
        table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
        scope TEXT NOT NULL,
        CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))""",
)

_TRIGGERS = {
    "insert": """AFTER INSERT ON "{t}"
        WHEN (NEW."{c}" NOT NULL AND NOT ST_IsEmpty(NEW."{c}"))
        BEGIN INSERT OR REPLACE INTO "{r}" VALUES (NEW."{i}", {bounds}); END""",
    "update2": """AFTER UPDATE OF "{c}" ON "{t}"
        WHEN OLD."{i}" = NEW."{i}" AND (NEW."{c}" ISNULL OR ST_IsEmpty(NEW."{c}"))
        BEGIN DELETE FROM "{r}" WHERE id = OLD."{i}"; END""",
    "update4": """AFTER UPDATE ON "{t}"
        WHEN OLD."{i}" != NEW."{i}" AND (NEW."{c}" ISNULL OR ST_IsEmpty(NEW."{c}"))
        BEGIN DELETE FROM "{r}" WHERE id IN (OLD."{i}", NEW."{i}"); END""",
    "update5": """AFTER UPDATE ON "{t}"
        WHEN OLD."{i}" != NEW."{i}" AND (NEW."{c}" NOTNULL AND NOT ST_IsEmpty(NEW."{c}"))
        BEGIN DELETE FROM "{r}" WHERE id = OLD."{i}";
        INSERT OR REPLACE INTO "{r}" VALUES (NEW."{i}", {bounds}); END""",
    "update6": """AFTER UPDATE OF "{c}" ON "{t}"
        WHEN OLD."{i}" = NEW."{i}" AND (NEW."{c}" NOTNULL AND NOT ST_IsEmpty(NEW."{c}"))
        AND (OLD."{c}" NOTNULL AND NOT ST_IsEmpty(OLD."{c}"))
        BEGIN UPDATE "{r}" SET minx = ST_MinX(NEW."{c}"), maxx = ST_MaxX(NEW."{c}"),
        miny = ST_MinY(NEW."{c}"), maxy = ST_MaxY(NEW."{c}") WHERE id = NEW."{i}"; END""",
    "update7": """AFTER UPDATE OF "{c}" ON "{t}"
        WHEN OLD."{i}" = NEW."{i}" AND (NEW."{c}" NOTNULL AND NOT ST_IsEmpty(NEW."{c}"))
        AND (OLD."{c}" ISNULL OR ST_IsEmpty(OLD."{c}"))
        BEGIN INSERT INTO "{r}" VALUES (NEW."{i}", {bounds}); END""",
    "delete": """AFTER DELETE ON "{t}" WHEN OLD."{c}" NOT NULL
        BEGIN DELETE FROM "{r}" WHERE id = OLD."{i}"; END""",
}
"""The triggers of GeoPackage 1.4's r-tree extension, word for word in what they do."""

TREE_TRIGGERS = tuple(_TRIGGERS)
"""Their names, after that of the tree."""

_BOUNDS = 'ST_MinX(NEW."{c}"), ST_MaxX(NEW."{c}"), ST_MinY(NEW."{c}"), ST_MaxY(NEW."{c}")'


def make_geopackage(connection: Connection) -> None:
    """Give the file GeoPackage's mark and its own tables; nothing on PostgreSQL."""
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {USER_VERSION}")
    for statement in _OWN_TABLES:
        connection.exec_driver_sql(statement)
    for code, name in ((-1, "Cartesian"), (0, "geographic")):
        connection.exec_driver_sql(
            "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, 'NONE', ?, 'undefined', NULL)",
            (f"Undefined {name} SRS", code, code),
        )
    for code in (4326, SRID):
        _know_reference_system(connection, code)


def _know_reference_system(connection: Connection, code: int) -> None:
    from pyproj import CRS
    from pyproj.enums import WktVersion

    system = CRS.from_epsg(code)
    connection.exec_driver_sql(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, 'EPSG', ?, ?, NULL)",
        (system.name, code, code, system.to_wkt(WktVersion.WKT1_GDAL)),
    )


def register_features(connection: Connection, table: str, title: str, description: str) -> None:
    """Enter a table with a `geometry` column, and give it its r-tree; nothing on PostgreSQL."""
    if connection.dialect.name != "sqlite":
        return
    column, tree = "geometry", f"rtree_{table}_geometry"
    _enter(connection, table, "features", title, description, SRID)
    connection.exec_driver_sql(
        "INSERT INTO gpkg_geometry_columns VALUES (?, ?, 'MULTIPOLYGON', ?, 0, 0)",
        (table, column, SRID),
    )
    connection.exec_driver_sql(
        "INSERT INTO gpkg_extensions VALUES (?, ?, 'gpkg_rtree_index',"
        " 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
        (table, column),
    )
    connection.exec_driver_sql(
        f'CREATE VIRTUAL TABLE "{tree}" USING rtree(id, minx, maxx, miny, maxy)'
    )
    names = {"t": table, "c": column, "i": "record_id", "r": tree}
    for name, body in _TRIGGERS.items():
        body = body.format(bounds=_BOUNDS.format(c=column), **names)
        connection.exec_driver_sql(f'CREATE TRIGGER "{tree}_{name}" {body}')


def register_attributes(connection: Connection, table: str, title: str, description: str) -> None:
    """Enter a table without geometry; nothing on PostgreSQL."""
    if connection.dialect.name == "sqlite":
        _enter(connection, table, "attributes", title, description, None)


def _enter(
    connection: Connection, table: str, holds: str, title: str, description: str, srs: int | None
) -> None:
    connection.exec_driver_sql(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
        " VALUES (?, ?, ?, ?, ?)",
        (table, holds, title, description, srs),
    )


def note_change(connection: Connection, table: str, spatial: bool) -> None:
    """Tell readers of the GeoPackage that a table changed, and how far its shapes reach now."""
    now = "last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now')"
    extent = (
        ", (min_x, min_y, max_x, max_y) = "
        f'(SELECT min(minx), min(miny), max(maxx), max(maxy) FROM "rtree_{table}_geometry")'
    )
    connection.exec_driver_sql(
        f"UPDATE gpkg_contents SET {now}{extent if spatial else ''} WHERE table_name = ?", (table,)
    )

"""Who may do what on a server: three roles without a password, given to people's own logins.

The reader sees the views for maps and nothing else. The clerk does the daily work, which only adds:
what was told can be neither changed nor taken away. The owner makes and upgrades the tables, and
lets old outcomes go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.errors import UsageError
from landwatch.store.edits import noting
from landwatch.store.keeper import check_version
from landwatch.store.models import Base
from landwatch.store.server import PostgisKeeper
from landwatch.store.server_views import PUBLISHED, VIEW_SCHEMAS

PREFIX = "landwatch"
_ONLY_READ = frozenset({"edits", "prunings", "alembic_version"})
"""Written by triggers, by the owner, by migrations."""
_MAY_UPDATE = {
    "imports": ("rows_new", "rows_changed", "rows_unchanged"),
    "withdrawn_rows": ("until_id",),
}
"""An import counts its rows when it ends; a withdrawal that is taken back ends."""
_MAY_DELETE = ("scan_works", "scan_work_pieces")
"""What a scan lays aside until it is finished."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


@dataclass(frozen=True, slots=True)
class Roles:
    """The names of the three roles; a server may hold the stores of several bureaus."""

    prefix: str = PREFIX

    def __post_init__(self) -> None:
        """Refuse a prefix that would not do as the beginning of a name."""
        if not _NAME.fullmatch(self.prefix):
            raise UsageError("error.role_prefix", prefix=self.prefix)

    @property
    def reader(self) -> str:
        """Return who sees the views."""
        return f"{self.prefix}_reader"

    @property
    def clerk(self) -> str:
        """Return who takes in, scans and checks."""
        return f"{self.prefix}_clerk"

    @property
    def owner(self) -> str:
        """Return who makes and upgrades the tables."""
        return f"{self.prefix}_owner"

    def __iter__(self) -> Iterator[str]:
        """Return the three names."""
        return iter((self.reader, self.clerk, self.owner))


def statements_for(keeper: PostgisKeeper, roles: Roles) -> list[str]:
    """Return the SQL that makes the roles and gives each its rights on this store.

    Run again it changes nothing, and it takes away what was given beyond them.

    Raises:
        StoreError: the store is not there, or of another version.
    """
    with keeper.reading() as connection:
        check_version(connection, keeper.shown)
        return list(_statements(connection, roles))


def give(keeper: PostgisKeeper, roles: Roles) -> list[str]:
    """Make the roles, all or nothing, and return the SQL that was run.

    Raises:
        StoreError: the login may not make roles, or does not own the tables.
    """
    with keeper.writing() as connection:
        check_version(connection, keeper.shown)
        statements = list(_statements(connection, roles))
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))
    return statements


def _statements(connection: Connection, roles: Roles) -> Iterator[str]:
    database, schema = connection.exec_driver_sql(
        "SELECT quote_ident(current_database()), quote_ident(current_schema())"
    ).one()
    for role in roles:
        yield (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
            f" THEN CREATE ROLE {role} NOLOGIN; END IF; END $$"
        )
    yield f"GRANT {roles.owner} TO CURRENT_USER"
    yield f"GRANT CONNECT ON DATABASE {database} TO {', '.join(roles)}"
    yield f"GRANT CREATE ON DATABASE {database} TO {roles.owner}"
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {', '.join(roles)}"
    yield f"GRANT CREATE ON SCHEMA {schema} TO {roles.owner}"
    yield from _of_tables(roles, schema)
    yield from noting(schema)
    function = f"{schema}.landwatch_note_edit()"
    yield f"ALTER FUNCTION {function} OWNER TO {roles.owner}"
    yield f"REVOKE ALL ON FUNCTION {function} FROM {roles.reader}, {roles.clerk}"
    there = set(sa.inspect(connection).get_schema_names())
    yield from _of_published(roles, there)


def _of_tables(roles: Roles, schema: str) -> Iterator[str]:
    """Return the rights on the tables that the store is kept in."""
    for table in (*(one.name for one in Base.metadata.sorted_tables), "alembic_version"):
        name = f'{schema}."{table}"'
        yield f"ALTER TABLE {name} OWNER TO {roles.owner}"
        yield f"REVOKE ALL ON TABLE {name} FROM PUBLIC, {roles.reader}, {roles.clerk}"
        rights = ["SELECT"] + (["INSERT"] if table not in _ONLY_READ else [])
        rights += [f"UPDATE ({', '.join(_MAY_UPDATE[table])})"] if table in _MAY_UPDATE else []
        rights += ["DELETE"] if table in _MAY_DELETE else []
        yield f"GRANT {', '.join(rights)} ON TABLE {name} TO {roles.clerk}"
    for model in Base.metadata.sorted_tables:
        (key,) = model.primary_key.columns
        sequence = f'{schema}."{model.name}_{key.name}_seq"'
        yield f"REVOKE ALL ON SEQUENCE {sequence} FROM PUBLIC, {roles.reader}"
        yield f"GRANT USAGE, SELECT ON SEQUENCE {sequence} TO {roles.clerk}"


def _of_published(roles: Roles, there: Iterable[str]) -> Iterator[str]:
    """Return the rights on what is published for maps, where that was done already."""
    for schema in (PUBLISHED, *VIEW_SCHEMAS.values()):
        if schema not in there:
            continue
        reader = f"{roles.reader}, {roles.clerk}"
        yield f"ALTER SCHEMA {schema} OWNER TO {roles.owner}"
        yield (
            f"DO $$ DECLARE one record; BEGIN FOR one IN SELECT c.oid::regclass AS name FROM"
            f" pg_class c WHERE c.relnamespace = '{schema}'::regnamespace AND c.relkind IN"
            f" ('r', 'v') LOOP EXECUTE format('ALTER TABLE %s OWNER TO {roles.owner}', one.name);"
            f" END LOOP; END $$"
        )
        if schema == PUBLISHED:
            yield f"GRANT USAGE ON SCHEMA {schema} TO {roles.clerk}"
            yield (
                f"GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA {schema} TO {roles.clerk}"
            )
        else:
            yield f"GRANT USAGE ON SCHEMA {schema} TO {reader}"
            yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {reader}"

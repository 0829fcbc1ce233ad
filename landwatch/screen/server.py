"""What is shown of the roles of a server and of what is published on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landwatch.screen.console import err, out, phrase, print_json

if TYPE_CHECKING:
    from landwatch.commands import Published, RolesGiven


def roles(given: RolesGiven, lang: str) -> None:
    """Print the SQL for a machine, or say that it was run."""
    if not given.applied:
        out().print("BEGIN;", markup=False)
        for statement in given.statements:
            out().print(statement + ";", markup=False, soft_wrap=True)
        out().print("COMMIT;", markup=False)
        return
    reader, clerk, owner = given.names
    console = err()
    console.print(phrase("server.roles_given", lang, reader=reader, clerk=clerk, owner=owner))
    console.print(phrase("server.roles_again", lang))


def published(done: Published, lang: str, *, as_json: bool) -> None:
    """Say which scan is published and where to find it."""
    rows = {str(kind): count for kind, count in done.rows.items()}
    if as_json:
        print_json(
            {
                "scan_id": done.scan.scan_id,
                "as_of": done.scan.as_of.isoformat(),
                "rows": rows,
                "schemas": list(done.schemas),
            }
        )
        return
    told = {kind: f"{count:,}" for kind, count in rows.items()}
    console = err()
    scan = done.scan
    console.print(phrase("server.published", lang, scan=scan.scan_id, as_of=scan.as_of, **told))
    console.print(phrase("server.published_where", lang))

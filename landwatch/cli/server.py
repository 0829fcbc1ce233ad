"""Verbs of a store on a server: who may do what, and what maps are shown."""

from __future__ import annotations

from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.options import (
    ByOption,
    JsonOption,
    LangOption,
    ScanOption,
    StoreOption,
    by_of,
    h,
    lang_of,
    store_of,
)
from landwatch.errors import UsageError

server_app = typer.Typer(help=h("server"), no_args_is_help=True, rich_markup_mode=None)
app.add_typer(server_app, name="server")


@server_app.command("roles", help=h("server_roles"))
def roles(
    sql: Annotated[bool, typer.Option("--sql", help=h("option.roles_sql"))] = False,
    apply: Annotated[bool, typer.Option("--apply", help=h("option.roles_apply"))] = False,
    prefix: Annotated[str | None, typer.Option("--prefix", help=h("option.roles_prefix"))] = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    if sql and apply:
        raise UsageError("error.roles_sql_or_apply")
    screen.roles(commands.server_roles(store_of(store), prefix=prefix, apply=apply), words)


@server_app.command("publish", help=h("server_publish"))
def publish(
    scan: ScanOption = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    with screen.progress(words) as told:
        done = commands.publish(store_of(store), scan, by=by_of(by), told=told)
    screen.published(done, words, as_json=as_json)

"""Verbs of the lawbook."""

from __future__ import annotations

from typing import Annotated

import typer

from landwatch.cli.app import policy_app
from landwatch.cli.options import (
    ByOption,
    JsonOption,
    LangOption,
    StoreOption,
    ZoneOption,
    by_of,
    day_of,
    h,
    lang_of,
    store_of,
)

LevelOption = Annotated[str | None, typer.Option("--level", help=h("option.level"))]
DivisionOption = Annotated[str | None, typer.Option("--division", help=h("option.division"))]


@policy_app.command("list", help=h("policy_list"))
def policy_list(
    history: Annotated[bool, typer.Option("--history", help=h("option.history"))] = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    if history:
        screen.lawbook_history(commands.policy_history(store_of(store)), words, as_json=as_json)
    else:
        screen.shelf(commands.policies(store_of(store)), words, as_json=as_json)


@policy_app.command("adopt", help=h("policy_adopt"))
def policy_adopt(
    name: Annotated[str, typer.Argument(help=h("argument.policy_or_file"), metavar="ID|FILE.yaml")],
    zone: ZoneOption = None,
    level: LevelOption = None,
    division: DivisionOption = None,
    since: Annotated[str | None, typer.Option("--from", help=h("option.holds_from"))] = None,
    until: Annotated[str | None, typer.Option("--to", help=h("option.holds_to"))] = None,
    replace: Annotated[bool, typer.Option("--replace", help=h("option.replace"))] = False,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    days = [None if day is None else day_of(day) for day in (since, until)]
    scope = commands.Scope(zone, level, division, *days)
    done = commands.adopt(store_of(store), name, scope, by=by_of(by), replace=replace)
    screen.adopted(done, words)


@policy_app.command("drop", help=h("policy_drop"))
def policy_drop(
    policy_id: Annotated[str, typer.Argument(help=h("argument.policy"), metavar="ID")],
    zone: ZoneOption = None,
    level: LevelOption = None,
    division: DivisionOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words, scope = lang_of(lang), commands.Scope(zone, level, division)
    gone = commands.drop(store_of(store), policy_id, scope, by=by_of(by))
    screen.dropped(policy_id, scope, words, gone=gone)

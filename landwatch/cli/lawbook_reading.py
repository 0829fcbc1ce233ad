"""Verbs that find one's way in the lawbook: search, show, diff, new, schema."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.app import policy_app
from landwatch.cli.options import (
    EXIT_FINDINGS,
    JsonOption,
    LangOption,
    StoreOption,
    day_of,
    h,
    lang_of,
    listed,
    store_of,
)

NAMED = "ID|FILE"


@policy_app.command("search", help=h("policy_search"))
def policy_search(
    words: Annotated[list[str], typer.Argument(help=h("argument.words"), metavar="WORDS…")],
    classes: Annotated[list[str] | None, typer.Option("--class", help=h("option.class"))] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help=h("option.limit"))] = 20,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    answer = commands.search_policies(store_of(store), words, classes=listed(classes), limit=limit)
    screen.searched(answer, lang_of(lang), as_json=as_json)


@policy_app.command("show", help=h("policy_show"))
def policy_show(
    named: Annotated[str, typer.Argument(help=h("argument.named"), metavar=NAMED)],
    on: Annotated[str | None, typer.Option("--on", help=h("option.policy_on"))] = None,
    rule: Annotated[str | None, typer.Option("--rule", help=h("option.one_rule"))] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    day = day_of(on) if on is not None else None
    shown = commands.read_policy(store_of(store), named, lang=words, on=day, rule=rule)
    screen.portrait(shown, words, as_json=as_json)


@policy_app.command("diff", help=h("policy_diff"))
def policy_diff(
    old: Annotated[str, typer.Argument(help=h("argument.old"), metavar="A")],
    new: Annotated[str, typer.Argument(help=h("argument.new"), metavar="B")],
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    found = commands.compare_policies(store_of(store), old, new)
    screen.compared(found, lang_of(lang), as_json=as_json)
    if not found.same:
        raise typer.Exit(EXIT_FINDINGS)


@policy_app.command("new", help=h("policy_new"))
def policy_new(
    path: Annotated[Path, typer.Argument(help=h("argument.new_policy"), metavar="FILE.yaml")],
    policy_id: Annotated[str | None, typer.Option("--id", help=h("option.policy_id"))] = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    screen.begun(commands.begin_policy(path, policy_id), words)


@policy_app.command("schema", help=h("policy_schema"))
def policy_schema(
    cases: Annotated[bool, typer.Option("--cases", help=h("option.cases_schema"))] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help=h("option.out"))] = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    screen.schema(commands.policy_schema(cases=cases), out, words)

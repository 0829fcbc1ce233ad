"""Verbs that hold a policy to account: check, test."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.app import policy_app
from landwatch.cli.options import EXIT_FINDINGS, EXIT_REFUSED, JsonOption, LangOption, h, lang_of


@policy_app.command("check", help=h("policy_check"))
def policy_check(
    named: Annotated[str, typer.Argument(help=h("argument.checked"), metavar="FILE|ID")],
    cases: Annotated[Path | None, typer.Option("--cases", help=h("option.cases"))] = None,
    source: Annotated[list[Path] | None, typer.Option("--source", help=h("option.source"))] = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    done = commands.check_policy(named, cases=cases, sources=source or ())
    screen.policy_checked(done, words, as_json=as_json)
    if done.refused:
        raise typer.Exit(EXIT_REFUSED)


@policy_app.command("test", help=h("policy_test"))
def policy_test(
    named: Annotated[
        list[str] | None, typer.Argument(help=h("argument.tested"), metavar="[ID|FILE]…")
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    with screen.progress(words) as told:
        done = commands.try_policies(named or (), told=told)
    screen.cases_tried(done, words, as_json=as_json)
    if done.failed or done.nothing_tried:
        raise typer.Exit(EXIT_FINDINGS)

"""The applications that the verbs join, and the options that stand before a verb."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from landwatch import __version__
from landwatch.cli.options import LangOption, h, lang_of

app = typer.Typer(
    name="landwatch",
    help=h("help"),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
policy_app = typer.Typer(help=h("policy"), no_args_is_help=True, rich_markup_mode=None)
app.add_typer(policy_app, name="policy")
source_app = typer.Typer(help=h("source"), no_args_is_help=True, rich_markup_mode=None)
app.add_typer(source_app, name="source")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"landwatch {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    lang: LangOption = None,
    version: Annotated[
        bool, typer.Option("--version", help=h("option.version"), callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options that stand before the verb."""
    if lang is not None:
        os.environ["LANDWATCH_LANG"] = lang_of(lang)

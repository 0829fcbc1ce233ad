"""The verb that records what an inspector saw."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.options import (
    ByOption,
    LangOption,
    StoreOption,
    by_of,
    day_of,
    h,
    lang_of,
    store_of,
)


class Answer(StrEnum):
    """Yes or no."""

    YES = "yes"
    NO = "no"


@app.command(help=h("visit"))
def visit(
    contract: Annotated[str, typer.Argument(help=h("argument.contract"), metavar="CONTRACT")],
    started: Annotated[Answer, typer.Option(help=h("option.started"))],
    on: Annotated[str, typer.Option(help=h("option.on"))],
    stage: Annotated[str | None, typer.Option(help=h("option.stage"))] = None,
    note: Annotated[str | None, typer.Option(help=h("option.note"))] = None,
    photo: Annotated[Path | None, typer.Option(help=h("option.photo"))] = None,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    receipt = commands.visit(
        store_of(store),
        contract,
        started=started is Answer.YES,
        on=day_of(on),
        today=day_of(None),
        by=by_of(by),
        stage=stage,
        note=note,
        photo=photo,
    )
    screen.visited(contract, receipt, words)

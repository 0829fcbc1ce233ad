"""Verbs of who is in charge of which park or division."""

from __future__ import annotations

from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.options import (
    ByOption,
    JsonOption,
    LangOption,
    StoreOption,
    ZoneOption,
    by_of,
    h,
    lang_of,
    store_of,
)

charge_app = typer.Typer(help=h("charge"), no_args_is_help=True, rich_markup_mode=None)
app.add_typer(charge_app, name="charge")

PersonArgument = Annotated[str, typer.Argument(help=h("argument.person"), metavar="PERSON")]
DivisionOption = Annotated[str | None, typer.Option("--division", help=h("option.division"))]


@charge_app.command("set", help=h("charge_set"))
def set_(
    person: PersonArgument,
    zone: ZoneOption = None,
    division: DivisionOption = None,
    mail: Annotated[str | None, typer.Option("--mail", help=h("option.mail"))] = None,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    new = commands.put_in_charge(
        store_of(store), person, zone=zone, division=division, mail=mail, by=by_of(by)
    )
    screen.charge_set(person, words, zone=zone, division=division, new=new)


@charge_app.command("end", help=h("charge_end"))
def end(
    person: PersonArgument,
    zone: ZoneOption = None,
    division: DivisionOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    gone = commands.end_charge(store_of(store), person, zone=zone, division=division, by=by_of(by))
    screen.charge_ended(person, words, zone=zone, division=division, gone=gone)


@charge_app.command("list", help=h("charge_list"))
def list_(
    history: Annotated[bool, typer.Option("--history", help=h("option.charge_history"))] = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    screen.charges(commands.charges(store_of(store)), words, history=history, as_json=as_json)

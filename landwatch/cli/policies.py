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
    h,
    lang_of,
    store_of,
)


@policy_app.command("list", help=h("policy_list"))
def policy_list(
    as_json: JsonOption = False, store: StoreOption = None, lang: LangOption = None
) -> None:
    from landwatch import commands, screen

    screen.shelf(commands.policies(store_of(store)), lang_of(lang), as_json=as_json)


@policy_app.command("show", help=h("policy_show"))
def policy_show(
    policy_id: Annotated[str, typer.Argument(help=h("argument.policy"), metavar="ID")],
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    screen.policy(commands.policy(policy_id), lang_of(lang))


@policy_app.command("adopt", help=h("policy_adopt"))
def policy_adopt(
    policy_id: Annotated[str, typer.Argument(help=h("argument.policy"), metavar="ID")],
    zone: ZoneOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    new = commands.adopt(store_of(store), policy_id, zone, by=by_of(by))
    screen.adopted("adopted" if new else "already", policy_id, zone, words)


@policy_app.command("drop", help=h("policy_drop"))
def policy_drop(
    policy_id: Annotated[str, typer.Argument(help=h("argument.policy"), metavar="ID")],
    zone: ZoneOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    gone = commands.drop(store_of(store), policy_id, zone, by=by_of(by))
    screen.adopted("dropped" if gone else "not_adopted", policy_id, zone, words)

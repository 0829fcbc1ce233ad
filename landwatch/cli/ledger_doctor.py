"""The doctor of the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.doctor import doctor_app
from landwatch.cli.options import (
    AsOfOption,
    JsonOption,
    KnownAtOption,
    LangOption,
    QuietOption,
    StoreOption,
    day_of,
    h,
    lang_of,
    moment_of,
    store_of,
)


@doctor_app.command("ledger", help=h("doctor_ledger"))
def doctor_ledger(
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    out: Annotated[Path | None, typer.Option("-o", "--output", help=h("option.doctor_csv"))] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    if out is not None:
        commands.place_of_ledger_seen(out)
    day, moment = day_of(as_of), moment_of(known_at)
    with screen.progress(words) as told:
        seen = commands.doctor_ledger(store_of(store), day, known_at=moment, told=told)
    screen.ledger_seen(seen, words, as_json=as_json)
    if out is not None:
        screen.ledger_seen_written(commands.write_ledger_seen(seen, out, lang=words), words)

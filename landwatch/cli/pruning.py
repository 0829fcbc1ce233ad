"""The verb that lets the outcomes of old scans go."""

from __future__ import annotations

from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.options import (
    ByOption,
    JsonOption,
    LangOption,
    StoreOption,
    by_of,
    h,
    lang_of,
    store_of,
)

_DAYS, _MONTHS = 90, 24


@app.command(help=h("prune"))
def prune(
    keep_days: Annotated[
        int, typer.Option("--keep-days", min=0, max=36_600, help=h("option.keep_days"))
    ] = _DAYS,
    keep_monthly: Annotated[
        int, typer.Option("--keep-monthly", min=0, max=1_200, help=h("option.keep_monthly"))
    ] = _MONTHS,
    keep: Annotated[
        list[int] | None, typer.Option("--keep", min=1, max=2**31, help=h("option.keep_scan"))
    ] = None,
    reason: Annotated[str, typer.Option(help=h("option.prune_reason"))] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help=h("option.prune_dry_run"))] = False,
    compact: Annotated[bool, typer.Option("--compact", help=h("option.compact"))] = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen
    from landwatch.store.prunings import Retention

    words = lang_of(lang)
    rule = Retention(keep_days, keep_monthly, frozenset(keep or ()))
    with screen.progress(words) as told:
        done = commands.prune(
            store_of(store), rule, by=by_of(by), reason=reason, dry_run=dry_run, compact=compact,
            told=told,
        )  # fmt: skip
    screen.pruned(done, words, as_json=as_json)

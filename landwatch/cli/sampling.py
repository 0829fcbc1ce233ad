"""Verbs of the random sample that people check: draw it, enter what they say, see what it means."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.options import (
    EXIT_REFUSED,
    ByOption,
    JsonOption,
    LangOption,
    ScanOption,
    StoreOption,
    by_of,
    day_of,
    h,
    lang_of,
    store_of,
)

sample_app = typer.Typer(help=h("sample"), no_args_is_help=True, rich_markup_mode=None)
app.add_typer(sample_app, name="sample")

_MOST = 2**31
SampleArgument = Annotated[
    int, typer.Argument(help=h("argument.sample"), metavar="SAMPLE", min=1, max=_MOST)
]
SheetOption = Annotated[Path, typer.Option("-o", "--output", help=h("option.sample_sheet"))]
BlindOption = Annotated[bool, typer.Option("--blind", help=h("option.blind"))]


@sample_app.command("draw", help=h("sample_draw"))
def draw(
    output: SheetOption,
    scan_id: ScanOption = None,
    size: Annotated[
        int | None, typer.Option("--size", min=1, max=100_000, help=h("option.sample_size"))
    ] = None,
    per_rule: Annotated[
        int | None, typer.Option("--per-rule", min=1, max=10_000, help=h("option.per_rule"))
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, max=_MOST, help=h("option.seed"))
    ] = None,
    blind: BlindOption = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    seen = commands.draw_sample(
        store_of(store), output, by=by_of(by), lang=words, scan_id=scan_id, size=size,
        per_rule=per_rule, seed=seed, blind=blind,
    )  # fmt: skip
    screen.sample_drawn(seen, output, words, as_json=as_json)


@sample_app.command("sheet", help=h("sample_sheet"))
def sheet(
    number: SampleArgument,
    output: SheetOption,
    blind: BlindOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    commands.write_sample(store_of(store), number, output, lang=words, blind=blind)
    screen.sample_written(output, words)


@sample_app.command("enter", help=h("sample_enter"))
def enter(
    file: Annotated[Path, typer.Argument(help=h("argument.sample_file"), metavar="FILE")],
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    done = commands.enter_sample(store_of(store), file, by=by_of(by), today=day_of(None))
    screen.sample_entered(done, file, lang_of(lang), as_json=as_json)
    if done.troubles:
        raise typer.Exit(EXIT_REFUSED)


@sample_app.command("verdict", help=h("sample_verdict"))
def verdict(
    item: Annotated[
        int, typer.Argument(help=h("argument.sample_item"), metavar="ITEM", min=1, max=_MOST)
    ],
    said: Annotated[str, typer.Argument(help=h("argument.verdict"), metavar="VERDICT")],
    should_be: Annotated[str | None, typer.Option(help=h("option.should_be"))] = None,
    cause: Annotated[str | None, typer.Option(help=h("option.audit_cause"))] = None,
    on: Annotated[str | None, typer.Option(help=h("option.checked_on"))] = None,
    note: Annotated[str, typer.Option(help=h("option.audit_note"))] = "",
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    judged, done = commands.judge_item(
        store_of(store), item, said, by=by_of(by), today=day_of(None), should_be=should_be,
        cause=cause, on=None if on is None else day_of(on), note=note,
    )  # fmt: skip
    screen.item_judged(judged, done, words)


@sample_app.command("list", help=h("sample_list"))
def list_(as_json: JsonOption = False, store: StoreOption = None, lang: LangOption = None) -> None:
    from landwatch import commands, screen

    screen.samples_listed(commands.samples(store_of(store)), lang_of(lang), as_json=as_json)


@sample_app.command("show", help=h("sample_show"))
def show(
    number: SampleArgument,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    screen.sample_shown(commands.sample(store_of(store), number), lang_of(lang), as_json=as_json)

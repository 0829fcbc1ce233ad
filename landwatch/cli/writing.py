"""Verbs that write a file of a kept scan, and the demo that writes them all."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.backdrop_options import (
    ApprovalOption,
    BesideOption,
    CreditOption,
    Gcj02Option,
    LayerOption,
    TiandituLayerOption,
    TiandituOption,
    TilesMbOption,
    TilesOption,
    WmtsOption,
    XyzOption,
    backdrops_of,
)
from landwatch.cli.options import (
    AsOfOption,
    ByOption,
    KnownAtOption,
    LangOption,
    MadeUpOption,
    QuietOption,
    ScanOption,
    StatusOption,
    StoreOption,
    TitleOption,
    ZoneOption,
    by_of,
    h,
    lang_of,
    listed,
    store_of,
    which_of,
)


@app.command("map", help=h("map"))
def map_(
    out: Annotated[Path, typer.Argument(help=h("argument.map"), metavar="OUT.html")],
    status: StatusOption = None,
    zone: ZoneOption = None,
    anyway: Annotated[bool, typer.Option("--anyway", help=h("option.map_anyway"))] = False,
    title: TitleOption = None,
    made_up: MadeUpOption = False,
    compare: Annotated[
        str | None,
        typer.Option("--compare", metavar="SCAN|DATE|last", help=h("option.map_compare")),
    ] = None,
    months: Annotated[
        int | None, typer.Option("--months", metavar="N", help=h("option.map_months"))
    ] = None,
    as_known_now: Annotated[
        bool, typer.Option("--months-as-known-now", help=h("option.map_months_now"))
    ] = False,
    layer: LayerOption = None,
    tiles: TilesOption = None,
    tiles_beside: BesideOption = False,
    tiles_mb: TilesMbOption = None,
    tianditu: TiandituOption = None,
    tianditu_layer: TiandituLayerOption = "vec",
    xyz: XyzOption = None,
    wmts: WmtsOption = None,
    gcj02: Gcj02Option = False,
    map_approval: ApprovalOption = "",
    map_credit: CreditOption = "",
    scan_id: ScanOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words, which = lang_of(lang), which_of(scan_id, as_of, known_at)
    backdrops = backdrops_of(
        out, layers=layer, tiles=tiles, beside=tiles_beside, tiles_mb=tiles_mb, tianditu=tianditu,
        tianditu_layer=tianditu_layer, xyz=xyz, wmts=wmts, gcj02=gcj02, approval=map_approval,
        credit=map_credit,
    )  # fmt: skip
    with screen.progress(words) as told:
        time = commands.TimeWishes(compare, months, as_known_now, told)
        receipt = commands.draw_map(
            store_of(store), out, lang=words, statuses=listed(status), which=which, title=title,
            zone=zone, anyway=anyway, made_up=made_up,
            wishes=commands.PageWishes(time=time, backdrops=backdrops),
        )  # fmt: skip
    screen.drawn(receipt, words)


@app.command(help=h("report"))
def report(
    out: Annotated[Path, typer.Argument(help=h("argument.report"), metavar="OUT.xlsx")],
    title: TitleOption = None,
    scan_id: ScanOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words, which = lang_of(lang), which_of(scan_id, as_of, known_at)
    path = commands.report(store_of(store), out, lang=words, which=which, title=title)
    screen.reported(path, words)


@app.command(help=h("demo"))
def demo(
    folder: Annotated[Path, typer.Argument(help=h("argument.folder"), metavar="[FOLDER]")] = Path(
        "landwatch-demo"
    ),
    quiet: QuietOption = False,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    with screen.progress(words) as told:
        shown = commands.demo(folder, by=by_of(by), lang=words, told=told)
    screen.demo_shown(shown, words)

"""The verb that writes the ledger out."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.options import (
    JsonOption,
    KnownAtOption,
    LangOption,
    QuietOption,
    StoreOption,
    h,
    lang_of,
    moment_of,
    store_of,
)
from landwatch.errors import UnknownNameError
from landwatch.language.columns import Kind


class LedgerForm(StrEnum):
    """Forms that the ledger goes out in."""

    CSV = "csv"
    XLSX = "xlsx"
    GPKG = "gpkg"
    PARQUET = "parquet"
    GEOJSON = "geojson"


@app.command(help=h("export"))
def export(
    kind: Annotated[str, typer.Argument(help=h("argument.kind"), metavar="KIND")],
    out: Annotated[Path, typer.Argument(help=h("argument.export"), metavar="OUT")],
    form: Annotated[
        LedgerForm | None, typer.Option("--format", help=h("option.export_format"))
    ] = None,
    history: Annotated[bool, typer.Option("--history", help=h("option.export_history"))] = False,
    known_at: KnownAtOption = None,
    bom: Annotated[bool, typer.Option("--bom", help=h("option.bom"))] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    if kind not in set(Kind):
        raise UnknownNameError("what.kind", kind, list(Kind))
    with screen.progress(words) as told:
        done = commands.export(
            store_of(store), Kind(kind), out, form=form.value if form else None,
            known_at=moment_of(known_at), history=history, bom=bom, told=told,
        )  # fmt: skip
    screen.exported(done, words, as_json=as_json, history=history)

"""What is shown of tiles that were written: how each zoom tells the parcels, what was left out."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.table import Table

from landwatch.language.catalogue import say
from landwatch.screen.console import err, phrase, print_json

if TYPE_CHECKING:
    from landwatch.mapping.tiles.writing import TilesReceipt

_COLUMNS = ("zoom", "tiles", "areas", "points", "thinned", "largest")


def tiled(receipt: TilesReceipt, lang: str, *, as_json: bool) -> None:
    """Say what was written where, zoom by zoom, and what the tiles cannot show."""
    if as_json:
        print_json({**asdict(receipt), "path": str(receipt.path)})
        return
    console = err()
    console.print(_table(receipt, lang))
    console.print(
        phrase(
            "tiles.written",
            lang,
            file=receipt.path,
            size=f"{receipt.bytes / 1e6:,.2f}",
            tiles=f"{receipt.tiles:,}",
            different=f"{receipt.different:,}",
            parcels=f"{receipt.parcels:,}",
            contracts=f"{receipt.contracts:,}",
        ),
        soft_wrap=True,
    )
    if receipt.undrawn or receipt.contracts_undrawn:
        told = {"parcels": receipt.undrawn, "contracts": receipt.contracts_undrawn}
        console.print(phrase("tiles.undrawn", lang, **told), soft_wrap=True)
    if any(zoom.points for zoom in receipt.zooms):
        console.print(phrase("tiles.by_points", lang), soft_wrap=True)
    if thinned := sum(zoom.thinned for zoom in receipt.zooms):
        console.print(phrase("tiles.thinned", lang, tiles=f"{thinned:,}"), soft_wrap=True)


def _table(receipt: TilesReceipt, lang: str) -> Table:
    table = Table()
    for name in _COLUMNS:
        table.add_column(say(f"tiles.column.{name}", lang), justify="right")
    for zoom in receipt.zooms:
        counts = (zoom.zoom, zoom.tiles, zoom.areas, zoom.points, zoom.thinned)
        kilobytes = f"{zoom.largest_bytes / 1000:,.1f} kB"
        table.add_row(*(f"{count:,}" for count in counts), kilobytes)
    return table

"""Options of `landwatch map` for what lies under and over the parcels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landwatch.cli.options import h

if TYPE_CHECKING:
    from landwatch.mapping.backdrops.wishes import BackdropWishes


LayerOption = Annotated[
    list[str] | None,
    typer.Option("--layer", metavar="FILE[:LAYER][,…]", help=h("option.backdrop.layer")),
]
TilesOption = Annotated[
    list[str] | None, typer.Option("--tiles", metavar="PATH", help=h("option.backdrop.tiles"))
]
BesideOption = Annotated[
    bool, typer.Option("--tiles-beside", help=h("option.backdrop.tiles_beside"))
]
TilesMbOption = Annotated[
    int | None,
    typer.Option("--tiles-mb", metavar="N", min=1, max=4000, help=h("option.backdrop.tiles_mb")),
]
TiandituOption = Annotated[
    str | None,
    typer.Option("--tianditu", metavar="TOKEN|@FILE", help=h("option.backdrop.tianditu")),
]
TiandituLayerOption = Annotated[
    str,
    typer.Option(
        "--tianditu-layer", metavar="vec|img|ter", help=h("option.backdrop.tianditu_layer")
    ),
]
XyzOption = Annotated[
    list[str] | None, typer.Option("--xyz", metavar="[NAME=]URL", help=h("option.backdrop.xyz"))
]
WmtsOption = Annotated[
    list[str] | None, typer.Option("--wmts", metavar="[NAME=]URL", help=h("option.backdrop.wmts"))
]
Gcj02Option = Annotated[bool, typer.Option("--gcj02", help=h("option.backdrop.gcj02"))]
ApprovalOption = Annotated[
    str, typer.Option("--map-approval", metavar="TEXT", help=h("option.backdrop.map_approval"))
]
CreditOption = Annotated[
    str, typer.Option("--map-credit", metavar="TEXT", help=h("option.backdrop.map_credit"))
]


def backdrops_of(page: Path, **asked: Any) -> BackdropWishes:
    """Return what was asked for; an option that may be repeated comes as a list or not at all."""
    from landwatch.mapping.backdrops.wishes import BackdropWishes

    for name in ("layers", "tiles", "xyz", "wmts"):
        asked[name] = tuple(asked[name] or ())
    return BackdropWishes(page=page, **asked)

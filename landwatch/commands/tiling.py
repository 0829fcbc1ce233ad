"""The tiles of a kept scan: the map of as many parcels as there are."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.drawing import titled
from landwatch.commands.finding import wanted_findings
from landwatch.commands.scanning import LATEST, Which, scan_meant
from landwatch.commands.telling import Told, silent
from landwatch.language.catalogue import say

if TYPE_CHECKING:
    from landwatch.mapping.tiles.writing import TilesReceipt


def tiles(
    url: str,
    path: Path,
    *,
    lang: str,
    zooms: tuple[int, int],
    statuses: Collection[str] = (),
    zone: str | None = None,
    which: Which = LATEST,
    title: str | None = None,
    told: Told = silent,
) -> TilesReceipt:
    """Write vector tiles of a kept scan, MBTiles or PMTiles by the file's name.

    Args:
        url: the store.
        path: where to; its ending says the form.
        lang: of the title and of what the file says of itself.
        zooms: the first and the last.
        statuses: only contracts with an outcome of these.
        zone: only this park.
        which: which scan.
        title: of the tiles.
        told: hears of progress.

    Raises:
        UsageError: the name has another ending, or the zooms are none.
        UnknownNameError: a status or park that is not there.
        PageError: nothing can be drawn, or the file cannot be written.
    """
    from landwatch.mapping.tiles.files import form_of
    from landwatch.mapping.tiles.gather import tile_data
    from landwatch.mapping.tiles.writing import check_zooms, write_tiles

    form_of(path)
    check_zooms(*zooms)
    store = bootstrap.the_store(url)
    summary = scan_meant(store, which)
    wanted_findings(store, summary, statuses=statuses, zones=[zone] if zone else ())
    data = tile_data(
        store,
        summary,
        bootstrap.lawbook_of(store, summary),
        title=titled(title or say("cli.map_title", lang), which, lang),
        statuses=frozenset(statuses),
        zone=zone,
    )
    return write_tiles(path, data, lang=lang, zooms=zooms, told=told)

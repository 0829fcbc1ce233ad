"""The findings of a kept scan as a GeoDataFrame, for notebooks and scripts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landwatch import bootstrap
from landwatch.commands.finding import findings
from landwatch.commands.scanning import Which

if TYPE_CHECKING:
    import geopandas

CGCS2000 = 4490
_LISTS = ("remedies",)


def findings_frame(
    store: str | Path,
    *,
    scan: int | None = None,
    as_of: date | None = None,
    known_at: datetime | None = None,
    statuses: Collection[str] = (),
    rules: Collection[str] = (),
    zones: Collection[str] = (),
) -> geopandas.GeoDataFrame:
    """Return the findings of a kept scan with the shapes of their parcels, one row a finding.

    The columns are those of `landwatch findings`, and `gravity`, which tells what is to be verified
    from what is only unknown. A finding of a contract on several parcels has all of them in one
    shape; one without a drawn parcel, or about a park, has none.

    Args:
        store: the store, a file or the address of a server.
        scan: the number of a scan; the latest unless one is named.
        as_of: the day of a scan, instead of a number.
        known_at: leave out what was recorded later.
        statuses: only these.
        rules: only these.
        zones: only these parks.

    Raises:
        StoreMissingError: there is no store.
        UsageError: nothing has been scanned yet.
        UnknownNameError: a scan, status, rule or park that is not there.
    """
    import geopandas
    import pandas as pd

    from landwatch.mapping.ground import parcel_outlines
    from landwatch.scan.findings import FINDING_COLUMNS, gravity_of

    found = findings(
        str(store), which=Which(scan, as_of, known_at), statuses=statuses, rules=rules, zones=zones
    )
    rows = [{**_plain(row), "gravity": str(gravity_of(row))} for row in found.rows]
    outlines = parcel_outlines(bootstrap.the_store(str(store)), found.summary)
    shapes = [_shape(row["parcel_id"], outlines) for row in rows]
    frame = pd.DataFrame(rows, columns=[*FINDING_COLUMNS, "gravity"])
    return geopandas.GeoDataFrame(frame, geometry=shapes, crs=CGCS2000)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a finding as a data frame takes it: numbers as floats, lists as text."""
    return {
        name: float(value)
        if isinstance(value, Decimal)
        else ";".join(map(str, value))
        if name in _LISTS and value is not None
        else value
        for name, value in row.items()
    }


def _shape(parcels: str | None, outlines: dict[str, Any]) -> Any:
    """Return the shapes of some parcels as one, None where none of them is drawn."""
    import shapely

    names = [name.strip() for name in (parcels or "").split(";")]
    shapes = [outlines[name] for name in dict.fromkeys(names) if name in outlines]
    if len(shapes) < 2:
        return shapes[0] if shapes else None
    return shapely.union_all([shapely.make_valid(shape) for shape in shapes])

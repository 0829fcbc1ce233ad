"""Whether what contracts have from their zones is another than it was: then all are decided."""

from __future__ import annotations

from datetime import datetime

from landwatch.geo.told import told_now
from landwatch.language.columns import Kind
from landwatch.store import Store

_OF_CONTRACTS = ("zone_id", "level", "adcode", "parent_zone_id", "geometry")


def zones_moved(store: Store, since: datetime, until: datetime) -> bool:
    """Tell whether zones are other ones, elsewhere, or of another level or division."""
    one, other = (
        [list(told_now(rows, "key", name).items()) for name in _OF_CONTRACTS]
        for rows in (
            store.columns(Kind.ZONES, known_at=moment, geometry=True) for moment in (since, until)
        )
    )
    return one != other

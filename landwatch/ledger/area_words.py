"""Drawn areas beside told ones, as remarks say them: in m² and in 亩, with the share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import numpy as np
import shapely

from landwatch.geo.areas import Shapes, areas_m2, as_told, differs
from landwatch.ledger.ground import Granted, KnownParcel
from landwatch.units import mu_from_m2, rounded

Told = Mapping[str, object]
_SHOWN = 5


def areas_of(parcels: Iterable[KnownParcel]) -> dict[str, Decimal]:
    """Return the drawn area of each parcel that has a valid outline, in m²."""
    drawn = [one for one in parcels if one.outline is not None]
    if not drawn:
        return {}
    shapes: Shapes = np.atleast_1d(shapely.from_wkb([one.outline for one in drawn]))
    good = shapely.is_valid(shapes).tolist()
    each = zip(drawn, areas_m2(shapes).tolist(), good, strict=True)
    return {one.parcel_id: as_told(area) for one, area, valid in each if valid}


def granted_otherwise(grants: Sequence[Granted], drawn: Decimal) -> Iterator[Told]:
    """Yield what to say of grants of the same parcels that are not as large as the outlines.

    Each of them may grant all of the land, one after the other, or all together may share it: only
    what is neither, by more than 0.5 %, is told.
    """
    if not differs(float(drawn), sum((grant.area_m2 for grant in grants), Decimal(0))):
        return
    for grant in grants:
        if differs(float(drawn), grant.area_m2):
            named = ", ".join(grant.parcels[:_SHOWN])
            told = apart(float(drawn), grant.area_m2)
            yield {"contract": grant.contract_id, "parcel": named, **told}


def apart(drawn: float, told: Decimal) -> Told:
    """Return a drawn and a told area in both units, and by how much they are apart."""
    share = percent(abs(drawn - float(told)) / float(told)) if told else "—"
    return {**in_both_units("drawn", drawn), **in_both_units("told", float(told)), "share": share}


def in_both_units(name: str, area_m2: float) -> dict[str, object]:
    """Return an area in m² and in 亩, as a sentence shows it."""
    exact = as_told(area_m2)
    return {name: rounded(exact, 2), f"{name}_mu": rounded(mu_from_m2(exact), 3)}


def percent(share: float) -> str:
    """Return a share in percent; what is left of two equal numbers is none.

    >>> percent(0.0312), percent(0.0000001), percent(1.0), percent(1e-16)
    ('3.12%', '<0.01%', '100%', '0%')
    """
    if 1e-9 < share < 0.0001:
        return "<0.01%"
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"

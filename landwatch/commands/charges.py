"""Who is in charge of which park or division, so that each reads of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from landwatch import bootstrap
from landwatch.commands.policies import digits_of_division
from landwatch.commands.telling import each_known
from landwatch.errors import UsageError
from landwatch.language.columns import Kind
from landwatch.ledger.cells import tidy
from landwatch.store import Charge, ChargeAct, Store

_MAIL = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+")
"""What goes into the head of a letter as it is: one address, and no second line."""


@dataclass(frozen=True, slots=True)
class ChargesSeen:
    """Who is in charge now, every act that led there, and the parks that nobody is in charge of."""

    charges: tuple[Charge, ...]
    acts: tuple[ChargeAct, ...]
    zones: Mapping[str, str]
    unowned: tuple[str, ...]


def charges(url: str) -> ChargesSeen:
    """Return who is in charge of what, and which parks are nobody's."""
    store = bootstrap.the_store(url)
    held, parks = store.charges.in_force(), parks_of(store)
    return ChargesSeen(
        tuple(held),
        tuple(store.charges.acts()),
        {zone_id: name for zone_id, (name, _) in parks.items()},
        tuple(
            zone_id
            for zone_id, (_, adcode) in parks.items()
            if not any(one.covers(zone_id, adcode) for one in held)
        ),
    )


def put_in_charge(
    url: str,
    person: str,
    *,
    zone: str | None = None,
    division: str | None = None,
    mail: str | None = None,
    by: str,
) -> bool:
    """Record that a person is in charge of a park or a division; return whether that is new.

    Raises:
        UsageError: no place or two, no name, no code of a division, or no e-mail address.
        UnknownNameError: no such park; the nearest is offered.
    """
    name = tidy(person)
    if not name:
        raise UsageError("charge.error.no_name")
    if (zone is None) == (division is None):
        raise UsageError("charge.error.one_place")
    if mail is not None and not _MAIL.fullmatch(mail):
        raise UsageError("charge.error.mail", value=mail)
    store = bootstrap.the_store(url)
    if zone is not None:
        each_known("what.zone", [zone], parks_of(store))
    digits = None if division is None else digits_of_division(division)
    return store.charges.assign(Charge(name, mail, zone, digits), by=by)


def end_charge(
    url: str, person: str, *, zone: str | None = None, division: str | None = None, by: str
) -> bool:
    """Record that a person is no longer in charge; return whether the person was.

    Raises:
        UnknownNameError: nobody of that name is in charge of anything; the nearest is offered.
        UsageError: two places, or no code of a division.
    """
    if zone is not None and division is not None:
        raise UsageError("charge.error.one_place")
    store, name = bootstrap.the_store(url), tidy(person)
    each_known("what.person", [name], {one.person for one in store.charges.in_force()})
    digits = None if division is None else digits_of_division(division)
    return store.charges.end(name, zone_id=zone, division=digits, by=by)


def parks_of(store: Store) -> dict[str, tuple[str, str | None]]:
    """Return the name and the division of every park, by its id, as the ledger has them now."""
    table = store.columns(Kind.ZONES, only=("zone_id", "name", "adcode"))
    found: dict[str, tuple[str, str | None]] = {}
    for row in table.select(["zone_id", "name", "adcode"]).to_pylist():
        if row["zone_id"] is not None:
            name, adcode = found.get(row["zone_id"], (row["zone_id"], None))
            found[row["zone_id"]] = (row["name"] or name, row["adcode"] or adcode)
    return dict(sorted(found.items()))

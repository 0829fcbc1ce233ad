"""The shelf of policies, and where each is adopted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.errors import UnknownNameError
from landwatch.language.columns import Kind

if TYPE_CHECKING:
    from landwatch.lawbook.policy import Policy


@dataclass(frozen=True, slots=True)
class Shelved:
    """A policy on the shelf, and where it is adopted (None: everywhere)."""

    policy: Policy
    adopted_for: tuple[str | None, ...]


def policies(url: str | None) -> list[Shelved]:
    """Return every policy with where it is adopted; without a store, where none is."""
    from landwatch.errors import StoreMissingError

    scopes: dict[str, list[str | None]] = {}
    if url is not None:
        try:
            for act in bootstrap.the_store(url).adoptions():
                scopes.setdefault(act.policy_id, []).append(act.zone_id)
        except StoreMissingError:
            scopes = {}
    return [
        Shelved(policy, tuple(scopes.get(policy.id, ())))
        for policy in bootstrap.the_lawbook().values()
    ]


def policy(policy_id: str) -> Policy:
    """Return one policy.

    Raises:
        UnknownNameError: there is none of that id; the nearest is offered.
    """
    shelf = bootstrap.the_lawbook()
    if policy_id not in shelf:
        raise UnknownNameError("what.policy", policy_id, shelf)
    return shelf[policy_id]


def adopt(url: str, policy_id: str, zone_id: str | None, *, by: str) -> bool:
    """Adopt a policy everywhere or for a zone; False where it already was.

    Raises:
        UnknownNameError: no such policy, or no such zone in the ledger.
    """
    wanted, store = policy(policy_id), bootstrap.the_store(url)
    if zone_id is not None:
        zones = set(store.columns(Kind.ZONES).column("zone_id").to_pylist())
        if zone_id not in zones:
            raise UnknownNameError("what.zone", zone_id, zones)
    return store.adopt(wanted.id, zone_id, by=by)


def drop(url: str, policy_id: str, zone_id: str | None, *, by: str) -> bool:
    """Drop a policy everywhere or for a zone; False where it was not adopted."""
    return bootstrap.the_store(url).drop(policy(policy_id).id, zone_id, by=by)

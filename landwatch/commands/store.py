"""Making a store, or bringing one up to date."""

from __future__ import annotations

from dataclasses import dataclass

from landwatch import bootstrap


@dataclass(frozen=True, slots=True)
class Made:
    """A store that is there now, and the policies adopted in it."""

    url: str
    adopted: tuple[str, ...]


def init(url: str, *, by: str) -> Made:
    """Make or upgrade the store, and adopt the policies that hold everywhere from the start."""
    store = bootstrap.a_new_store(url)
    known = store.ever_adopted()  # what a person dropped stays dropped
    for policy in bootstrap.the_lawbook().values():
        if policy.adopted_by_init and policy.id not in known:
            store.adopt(policy.id, None, by=by)
    return Made(store.url, tuple(sorted({act.policy_id for act in store.adoptions()})))

"""The shelf of policies, and where each is adopted."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.telling import each_known
from landwatch.errors import StoreMissingError, UnknownNameError, UsageError
from landwatch.language.columns import Kind
from landwatch.language.terms import ZoneLevel
from landwatch.store import EVERYWHERE

if TYPE_CHECKING:
    from landwatch.lawbook.policy import Policy
    from landwatch.store import Adoption, LawbookAct, Scope, Store


@dataclass(frozen=True, slots=True)
class Shelved:
    """A policy, where it is adopted, and the file it was brought in where it is the store's own.

    `policy` is None where this version of landwatch lacks a policy that is adopted.
    """

    policy_id: str
    policy: Policy | None
    adoptions: tuple[Adoption, ...] = ()
    own_file: str | None = None


def policies(url: str | None) -> list[Shelved]:
    """Return every policy with where it is adopted; without a store, where none is."""
    store = _store_if_any(url)
    lawbook = bootstrap.the_lawbook(store)
    own = store.brought_texts() if store else {}
    held: dict[str, list[Adoption]] = {}
    for adoption in store.adoptions() if store else ():
        held.setdefault(adoption.policy_id, []).append(adoption)
    return [
        Shelved(
            policy_id,
            lawbook.get(policy_id),
            tuple(held.get(policy_id, ())),
            own[policy_id].file_name if policy_id in own else None,
        )
        for policy_id in [*lawbook, *sorted(held.keys() - lawbook.keys())]
    ]


def _store_if_any(url: str | None) -> Store | None:
    try:
        return None if url is None else bootstrap.the_store(url)
    except StoreMissingError:
        return None


def policy(policy_id: str, url: str | None = None) -> Policy:
    """Return one policy: the store's own text where there is one, else the shelf's.

    Raises:
        UnknownNameError: there is none of that id; the nearest is offered.
    """
    lawbook = bootstrap.the_lawbook(_store_if_any(url))
    if policy_id not in lawbook:
        raise UnknownNameError("what.policy", policy_id, lawbook)
    return lawbook[policy_id]


@dataclass(frozen=True, slots=True)
class Adopted:
    """What adopting a policy changed, and where it holds now.

    `text` tells whether a file was taken in as the store's own wording; `lost` are the rules that
    stood before and that the file leaves out; `scopes` are all that the policy holds for now.
    """

    policy_id: str
    scope: Scope
    adoption: bool
    version: str
    text: bool = False
    lost: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()


def adopt(
    url: str, name: str, scope: Scope | None = None, *, by: str, replace: bool = False
) -> Adopted:
    """Adopt a policy of the lawbook, or a policy file, in a scope (None: everywhere).

    A file becomes the store's own wording of the policy. It may stand in place of the shelf's only
    where `replace` says so, and its rules' codes may be no other policy's.

    Raises:
        UnknownNameError: no such policy, zone or level.
        UsageError: the scope cannot be, or the file's id or rules are another policy's.
        LawbookError: the file does not say what it should; nothing is stored then.
    """
    store = bootstrap.the_store(url)
    where = _checked(store, scope or EVERYWHERE)
    path = Path(name)
    if path.suffix.lower() in (".yaml", ".yml"):
        done = _bring(store, path, where, by=by, replace=replace)
    else:
        wanted = policy(name, url)
        done = Adopted(wanted.id, where, store.adopt(wanted.id, where, by=by), wanted.version)
    return dataclasses.replace(done, scopes=_scopes(store, done.policy_id))


def _scopes(store: Store, policy_id: str) -> tuple[Scope, ...]:
    return tuple(held.scope for held in store.adoptions() if held.policy_id == policy_id)


def _bring(store: Store, path: Path, scope: Scope, *, by: str, replace: bool) -> Adopted:
    """Take in a policy file as the store's own wording, and adopt it."""
    from landwatch.lawbook.shelf import read_file
    from landwatch.store import PolicyText

    wanted, file = read_file(path), path.name
    own = store.brought_texts().get(wanted.id)
    on_the_shelf = bootstrap.the_lawbook().get(wanted.id)
    standing = on_the_shelf
    if own is not None:
        standing = bootstrap.policy_as_it_was(store, wanted.id, own.version)
    elif on_the_shelf is not None and on_the_shelf.version == wanted.version:
        adoption = store.adopt(wanted.id, scope, by=by)  # the shelf's own file: nothing to keep
        return Adopted(wanted.id, scope, adoption, wanted.version)
    elif on_the_shelf is not None and not replace:
        raise UsageError("error.policy_id_taken", file=file, policy=wanted.id)
    _codes_free(wanted, file, bootstrap.the_lawbook(store, without=wanted.id))
    text = PolicyText(wanted.id, wanted.version, file, wanted.text)
    brought = store.bring(text, scope, by=by)
    kept = {rule.code for rule in wanted.rules}
    lost = (rule.code for rule in standing.rules if rule.code not in kept) if standing else ()
    return Adopted(
        wanted.id, scope, brought.adoption, wanted.version, text=brought.text, lost=tuple(lost)
    )


def _codes_free(wanted: Policy, file: str, others: Mapping[str, Policy]) -> None:
    codes = {rule.code: policy.id for policy in others.values() for rule in policy.rules}
    for code in (rule.code for rule in wanted.rules if rule.code in codes):
        raise UsageError("error.rule_code_taken", file=file, code=code, policy=codes[code])


_DIVISION = re.compile(r"(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])([0-9]{2}|[0-9]{4})?")
"""A code of a division: its first two digits are those of a province (GB/T 2260)."""


def _checked(store: Store, scope: Scope) -> Scope:
    """Return a scope whose names are known, its division as the digits that its codes begin with.

    Raises:
        UnknownNameError: no such zone or level; the nearest is offered.
        UsageError: more than one place, days the wrong way round, or no code of a division.
    """
    if sum(part is not None for part in scope.place) > 1:
        raise UsageError("error.one_place")
    if scope.zone_id is not None:
        zones = set(store.columns(Kind.ZONES).column("zone_id").to_pylist())
        each_known("what.zone", [scope.zone_id], zones)
    if scope.level is not None:
        each_known("what.level", [scope.level], list(ZoneLevel))
    if None not in (scope.holds_from, scope.holds_to) and not _in_order(scope):
        raise UsageError("error.days_order", since=scope.holds_from, until=scope.holds_to)
    if scope.division is None:
        return scope
    return dataclasses.replace(scope, division=digits_of_division(scope.division))


def _in_order(scope: Scope) -> bool:
    return any(scope.holds_on(day) for day in (scope.holds_from, scope.holds_to) if day)


def digits_of_division(code: str) -> str:
    """Return the digits that all codes of a division begin with: 620100 is the city 6201."""
    if not _DIVISION.fullmatch(code):
        raise UsageError("error.division", value=code)
    return re.sub(r"(?<=^..)(00|0000)$|(?<=^....)00$", "", code)


def drop(url: str, policy_id: str, scope: Scope | None = None, *, by: str) -> bool:
    """Drop a policy in a place (None: anywhere); False where it was not adopted for it.

    Raises:
        UnknownNameError: there is no policy of that id, and none was ever adopted.
    """
    store = bootstrap.the_store(url)
    known = {*bootstrap.the_lawbook(), *store.brought_texts(), *store.ever_adopted()}
    each_known("what.policy", [policy_id], known)
    where = scope or EVERYWHERE
    if where.division is not None:
        where = dataclasses.replace(where, division=digits_of_division(where.division))
    return store.drop(policy_id, where, by=by)


def policy_history(url: str) -> list[LawbookAct]:
    """Return who adopted, dropped or brought which policy when, oldest first."""
    return bootstrap.the_store(url).lawbook_acts()

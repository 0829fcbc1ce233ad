"""Finding one's way in the lawbook: search it, read a policy, compare two, begin one's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.telling import each_known
from landwatch.errors import StoreMissingError, UnknownNameError
from landwatch.language.terms import PolicyClass

if TYPE_CHECKING:
    from landwatch.lawbook.difference import Change
    from landwatch.lawbook.policy import Policy
    from landwatch.lawbook.portrait import Portrait
    from landwatch.lawbook.search import Answer

FILE_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Differing:
    """Two policies and what changed from the first to the second."""

    old: Policy
    new: Policy
    changes: tuple[Change, ...]
    same: bool
    """Nothing changed, or only spellings did."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The files of a new policy, and its id."""

    policy: Path
    cases: Path
    policy_id: str


def search_policies(
    url: str, words: Collection[str], *, classes: Collection[str] = (), limit: int = 20
) -> Answer:
    """Return where the lawbook speaks of the words, best first; without a store, the shelf.

    Raises:
        UnknownNameError: a class that is not one of the ten.
    """
    from landwatch.lawbook.search import Library

    each_known("what.policy_class", classes, list(PolicyClass))
    library = Library(lawbook_at(url).values())
    return library.search(words, classes=[PolicyClass(one) for one in classes], limit=limit)


def read_policy(
    url: str, named: str, *, lang: str, on: date | None = None, rule: str | None = None
) -> Portrait:
    """Return a policy as it is read, whole or one rule of it.

    Raises:
        UnknownNameError: no such policy, version or rule; the nearest is offered.
        LawbookError: a file that cannot be read as a policy.
    """
    from landwatch.lawbook.portrait import portrait

    policy = policy_named(url, named)
    chosen = None
    if rule is not None:
        chosen = policy.rule(rule)
        if chosen is None:
            raise UnknownNameError("what.rule", rule, [one.code for one in policy.rules])
    return portrait(policy, lang, on=on, rule=chosen)


def compare_policies(url: str, old: str, new: str) -> Differing:
    """Return what changed between two policies, named by id, ID@VERSION or file.

    Raises:
        UnknownNameError: no such policy or version; the nearest is offered.
        LawbookError: a file that cannot be read as a policy.
    """
    from landwatch.lawbook.difference import difference, same

    before, after = policy_named(url, old), policy_named(url, new)
    changes = difference(before, after)
    return Differing(before, after, changes, same(changes))


def begin_policy(path: Path, policy_id: str | None) -> Begun:
    """Write a policy to begin with, and its worked cases beside it; the id is the file's name.

    Raises:
        UsageError: the file is there already, is no YAML file, or its id is no id.
    """
    from landwatch.lawbook.template import write_template

    cases, written = write_template(path, policy_id)
    return Begun(path, cases, written)


def policy_schema(*, cases: bool = False) -> Mapping[str, object]:
    """Return the JSON Schema of a policy's file, or of a file of worked cases."""
    from landwatch.lawbook.case_schema import schema_of_cases
    from landwatch.lawbook.schema import schema_of_policies

    return schema_of_cases() if cases else schema_of_policies()


def lawbook_at(url: str) -> Mapping[str, Policy]:
    """Return the lawbook of a store, with what was brought to it; the shelf where none is there."""
    try:
        return bootstrap.the_lawbook(bootstrap.the_store(url))
    except StoreMissingError:
        return bootstrap.the_lawbook()


def policy_named(url: str, named: str) -> Policy:
    """Return the policy of an id, of ID@VERSION (as a store kept it), or of a file.

    Raises:
        UnknownNameError: there is none; the nearest is offered.
        LawbookError: a file that cannot be read as a policy.
    """
    from landwatch.lawbook.shelf import read_file

    path = Path(named)
    if path.suffix in FILE_ENDINGS or "/" in named or "\\" in named:
        return read_file(path)
    policy_id, _, version = named.partition("@")
    lawbook = lawbook_at(url)
    found = lawbook.get(policy_id)
    if found is None and not version:
        raise UnknownNameError("what.policy", named, lawbook)
    if not version or (found is not None and found.version == version):
        assert found is not None  # a policy without a version was looked for above
        return found
    return _kept(url, policy_id, version, found)


def _kept(url: str, policy_id: str, version: str, found: Policy | None) -> Policy:
    """Return a version that a store kept, or that the shelf holds beneath a store's own."""
    from landwatch.lawbook.draft import read_policy as read_text

    on_shelf = bootstrap.the_lawbook().get(policy_id)
    if on_shelf is not None and on_shelf.version == version:
        return on_shelf
    try:
        text = bootstrap.the_store(url).policy_text(policy_id, version)
    except StoreMissingError:
        text = None
    if text is None:
        known = {one.version for one in (found, on_shelf) if one is not None}
        raise UnknownNameError("what.version", f"{policy_id}@{version}", known)
    return read_text(text, f"{policy_id}@{version}")

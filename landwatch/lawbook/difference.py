"""What changed between two policies, or two versions of one: in words, part by part, rule by rule.

The order of keys and rules, comments and line breaks do not count. What is only spelled another way
(`sameness`) is told apart from what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from typing import TypeVar

from landwatch.lawbook.passages import Place
from landwatch.lawbook.pieces import (
    Piece,
    Pieces,
    head_pieces,
    parameter_pieces,
    rule_pieces,
    vocabulary_pieces,
)
from landwatch.lawbook.policy import Parameter, Policy, Rule, Vocabulary, Words

_T = TypeVar("_T")


class Became(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RESPELLED = "respelled"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: whose part it is (rules may share it), and how it stood and stands."""

    became: Became
    place: Place
    names: tuple[str, ...]
    part: str
    old: Piece | None
    new: Piece | None


def difference(old: Policy, new: Policy) -> tuple[Change, ...]:
    """Return what changed from one policy to the other; nothing where they say the same."""
    return (
        *_between(Place.POLICY, (), head_pieces(old), head_pieces(new)),
        *_each(Place.PARAMETER, old.parameters, new.parameters, _of_parameter),
        *_each(Place.VOCABULARY, old.vocabularies, new.vocabularies, _of_vocabulary),
        *_shared(_each(Place.RULE, _by_code(old), _by_code(new), _of_rule)),
    )


def same(changes: Sequence[Change]) -> bool:
    """Tell whether nothing changed but spellings."""
    return all(change.became is Became.RESPELLED for change in changes)


_Owned = tuple[Policy, Rule]
_Taken = tuple[Words, Pieces]


def _by_code(policy: Policy) -> dict[str, _Owned]:
    return {rule.code: (policy, rule) for rule in policy.rules}


def _of_parameter(parameter: Parameter) -> _Taken:
    return parameter.title, parameter_pieces(parameter)


def _of_vocabulary(vocabulary: Vocabulary) -> _Taken:
    return vocabulary.title, vocabulary_pieces(vocabulary)


def _of_rule(owned: _Owned) -> _Taken:
    policy, rule = owned
    return rule.title, rule_pieces(policy, rule)


def _each(
    place: Place,
    old: Mapping[str, _T],
    new: Mapping[str, _T],
    taken: Callable[[_T], _Taken],
) -> Iterator[Change]:
    """Return the changes of what is named on both sides, and what came or went as a whole."""
    for name in dict.fromkeys((*old, *new)):
        if name in old and name in new:
            yield from _between(place, (name,), taken(old[name])[1], taken(new[name])[1])
            continue
        title, _ = taken(old[name] if name in old else new[name])
        whole = Piece(title, title, title)
        if name in old:
            yield Change(Became.REMOVED, place, (name,), "", whole, None)
        else:
            yield Change(Became.ADDED, place, (name,), "", None, whole)


def _between(place: Place, names: tuple[str, ...], old: Pieces, new: Pieces) -> Iterator[Change]:
    """Return the changes of one part's keys, in the order of the keys."""
    renamed = not _differ(old, new)
    for key in dict.fromkeys((*old, *new)):
        for change in _at(place, names, key, old.get(key), new.get(key)):
            defined = key.startswith("define ") and change.became in (Became.ADDED, Became.REMOVED)
            yield replace(change, became=Became.RESPELLED) if defined and renamed else change


def _differ(old: Pieces, new: Pieces) -> bool:
    """Tell whether two rules differ, their definitions put in for their names."""
    keys = [key for key in (*old, *new) if not key.startswith("define ")]
    return any(_depths(old.get(key)) != _depths(new.get(key)) for key in keys)


def _depths(pieces: Piece | tuple[Piece, ...] | None) -> tuple[object, ...]:
    if pieces is None:
        return ()
    listed = pieces if isinstance(pieces, tuple) else (pieces,)
    return tuple(piece.deep for piece in listed)


def _at(
    place: Place,
    names: tuple[str, ...],
    key: str,
    old: Piece | tuple[Piece, ...] | None,
    new: Piece | tuple[Piece, ...] | None,
) -> Iterator[Change]:
    if isinstance(old, tuple) or isinstance(new, tuple):
        before = old if isinstance(old, tuple) else ()
        after = new if isinstance(new, tuple) else ()
        yield from _listed(place, names, key, before, after)
    elif (became := _became(old, new)) is not None:
        yield Change(became, place, names, key, old, new)


def _became(old: Piece | None, new: Piece | None) -> Became | None:
    """Return what became of a piece, None where nothing did."""
    if old is None or new is None:
        return (Became.REMOVED if new is None else Became.ADDED) if old is not new else None
    if old.says == new.says:
        return None if old.spelling == new.spelling else Became.RESPELLED
    return Became.RESPELLED if old.deep == new.deep else Became.CHANGED


def _listed(
    place: Place,
    names: tuple[str, ...],
    key: str,
    old: Sequence[Piece],
    new: Sequence[Piece],
) -> Iterator[Change]:
    """Return the changes of a list: what stands on both sides is paired, the rest in order."""
    paired, left = _paired(old, new)
    for before, after in paired:
        if before.spelling != after.spelling:
            yield Change(Became.RESPELLED, place, names, key, before, after)
    gone = [piece for piece in old if all(piece is not one for one, _ in paired)]
    for before, after in zip_longest(gone, left):
        became = _became(before, after)
        if became is not None:
            yield Change(became, place, names, key, before, after)
    order = [new.index(after) for _, after in paired]
    if order != sorted(order):
        moved = next(
            pair for pair, at, first in zip(paired, order, sorted(order), strict=True)
            if at != first
        )  # fmt: skip
        yield Change(Became.MOVED, place, names, key, *moved)


def _paired(
    old: Sequence[Piece], new: Sequence[Piece]
) -> tuple[list[tuple[Piece, Piece]], list[Piece]]:
    left = list(new)
    pairs = []
    for piece in old:
        match = next((one for one in left if one.says == piece.says), None) or next(
            (one for one in left if one.deep == piece.deep), None
        )
        if match is not None:
            left = [one for one in left if one is not match]
            pairs.append((piece, match))
    return pairs, left


def _shared(changes: Iterator[Change]) -> Iterator[Change]:
    """Return changes of rules, each that several rules share once: what the policy defines."""
    merged: dict[tuple[object, ...], Change] = {}
    for number, change in enumerate(changes):
        once = change.part.startswith("define ") or change.part == "applies"
        sides = [piece and (piece.deep, piece.spelling) for piece in (change.old, change.new)]
        key = (change.became, change.part, *map(repr, sides), "" if once else number)
        kept = merged.get(key)
        merged[key] = replace(kept, names=kept.names + change.names) if kept else change
    yield from merged.values()

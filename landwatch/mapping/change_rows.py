"""The changes of a page, one row each, read when the first card or the list of them opens."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from landwatch.language.catalogue import LANGUAGES
from landwatch.lawbook.policy import Policy
from landwatch.mapping.arranging import Arranged
from landwatch.mapping.columns import (
    Column,
    codes_column,
    day_column,
    naturals_column,
    number_column,
    text_column,
)
from landwatch.mapping.data import MapData
from landwatch.mapping.moments import NOT_THERE, class_of
from landwatch.scan.changes import Change, Outcome
from landwatch.scan.compare import ChangeKind

_KINDS = tuple(ChangeKind)


def _unsaid(_change: Change, _lang: str) -> str:
    """Say nothing of causes."""
    return ""


@dataclass(frozen=True, slots=True)
class ChangeRows:
    """What became of outcomes and why: of contracts on the page, of those gone, of parks.

    Attributes:
        here: the row of the contract in the page's data, and the change.
        gone: changes of contracts that are no longer in the ledger.
        parks: changes of parks.
        law: the policies of either scan.
        zones: the names of the parks by their id.
        causes: says the causes of a change in a language.
    """

    here: Sequence[tuple[int, Change]]
    gone: Sequence[Change]
    parks: Sequence[Change]
    law: Mapping[str, Policy] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    causes: Callable[[Change, str], str] = _unsaid
    name: str = "changes"
    later: bool = True

    def _ordered(self, rows: Arranged) -> tuple[list[int], list[Change]]:
        """Return the place of each contract on the page, and all changes: here, gone, parks."""
        position = np.empty(len(rows.contracts), np.int64)
        position[rows.contracts] = np.arange(len(rows.contracts))
        here = sorted(self.here, key=lambda pair: (position[pair[0]], pair[1].gravity))
        places = [int(position[row]) for row, _ in here]
        return places, [*(one for _, one in here), *self.gone, *self.parks]

    def columns(self, data: MapData, rows: Arranged) -> Sequence[Column]:
        """Return the changes by columns, those of a contract together."""
        places, changes = self._ordered(rows)
        rules = self._rules()
        away = changes[len(places) :]
        return [
            naturals_column("change_gap", np.diff(places, prepend=0) if places else []),
            codes_column("change_rule", [rules.index(one.rule) for one in changes]),
            codes_column("change_kind", [_KINDS.index(one.kind) for one in changes]),
            codes_column("change_altered", [int(one.altered) for one in changes]),
            text_column("change_name", [self._name(one) for one in away]),
            text_column("change_holder", [one.holding.holder for one in away]),
            *(column for when in ("before", "after") for column in self._sides(when, changes)),
            *(
                text_column(f"change_why_{lang}", [self.causes(one, lang) for one in changes])
                for lang in LANGUAGES
            ),
        ]

    def _sides(self, when: str, changes: Sequence[Change]) -> list[Column]:
        stood: list[Outcome | None] = [getattr(one, when) for one in changes]
        pairs = zip(changes, stood, strict=True)
        classes = [self._class(one.policy, outcome) for one, outcome in pairs]
        measured = [None if one is None or one.measured is None else one.measured for one in stood]
        limits: list[date | None] = [None if one is None else one.limit_on for one in stood]
        return [
            codes_column(f"change_{when}", classes),
            number_column(f"change_measured_{when}", measured),
            day_column(f"change_limit_{when}", limits),
        ]

    def _class(self, policy_id: str, outcome: Outcome | None) -> int:
        policy = self.law.get(policy_id)
        if outcome is None or policy is None:
            return NOT_THERE
        return class_of(outcome.gravity, policy)

    def _name(self, one: Change) -> str:
        zone = one.holding.zone_id or ""
        return one.holding.contract_id or self.zones.get(zone, zone)

    def _rules(self) -> list[str]:
        every = (*(one for _, one in self.here), *self.gone, *self.parks)
        return sorted({one.rule for one in every})

    def head(self, data: MapData, rows: Arranged) -> Mapping[str, object]:
        """Return how many rows are of what, and what the rules are called."""
        titles = {rule.code: rule.title for policy in self.law.values() for rule in policy.rules}
        told: list[dict[str, Any]] = []
        for code in self._rules():
            title = titles.get(code)
            words = {f"title_{lang}": getattr(title, lang, "") for lang in LANGUAGES}
            told.append({"code": code, **words})
        return {
            "here": len(self.here),
            "gone": len(self.gone),
            "parks": len(self.parks),
            "rules": told,
        }


def change_rows(
    changes: Sequence[Change], row_of: Mapping[str, int], there: Collection[str]
) -> ChangeRows:
    """Return the changes of contracts on the page, of contracts gone, and of parks.

    Those of contracts that are `there`, but that the page leaves out, are in none of the three.
    """
    here, gone, parks = [], [], []
    for one in changes:
        contract = one.holding.contract_id
        if contract is None:
            parks.append(one)
        elif contract in row_of:
            here.append((row_of[contract], one))
        elif contract not in there:
            gone.append(one)
    return ChangeRows(tuple(here), tuple(gone), tuple(parks))

"""What the cases of a policy cover: which articles have a rule, which rules have which cases.

A rule needs a case below, at and above its limit, and one with nothing told. Two kinds of rule have
no limit to stand at, by what they say and never by their name: one that never finds a breach (it
only reports a figure), and one whose limit waits for a number that nobody has filled in. They need
the case with nothing told alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from landwatch.lawbook.cases import Case, Shows
from landwatch.lawbook.expressions.tree import Constant
from landwatch.lawbook.policy import Clause, Parameter, Policy, Rule
from landwatch.lawbook.reading import names_of

SIDES = (Shows.BELOW, Shows.AT, Shows.ABOVE)


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """How many cases of each kind a rule has, and which kinds it lacks."""

    rule: Rule
    counts: Mapping[Shows, int]
    excused: str | None
    """Why the rule has no limit to stand at: `no_breach`, or `no_value:` and the parameter."""

    @property
    def lacking(self) -> tuple[Shows, ...]:
        """Return the kinds of case that the rule should have and has not."""
        needed = (Shows.NOTHING_TOLD,) if self.excused else (*SIDES, Shows.NOTHING_TOLD)
        return tuple(shows for shows in needed if not self.counts[shows])


@dataclass(frozen=True, slots=True)
class ArticleCoverage:
    """An article that the policy quotes, and what rests on it."""

    article: str
    rules: tuple[str, ...]
    parameters: tuple[str, ...]
    vocabularies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the cases of one policy cover."""

    policy: Policy
    articles: tuple[ArticleCoverage, ...]
    rules: tuple[RuleCoverage, ...]

    @property
    def with_rule(self) -> int:
        """Return how many of the quoted articles a rule rests on."""
        return sum(1 for article in self.articles if article.rules)

    @property
    def speaks(self) -> bool:
        """Return whether the document has rules at all; a vocabulary or table of slots has none."""
        return bool(self.policy.rules)


def coverage_of(policy: Policy, cases: Sequence[Case]) -> Coverage:
    """Return what the cases of a policy cover, article by article and rule by rule."""
    counts: dict[str, Counter[Shows]] = {rule.code: Counter() for rule in policy.rules}
    for case in cases:
        counts[case.rule][case.shows] += 1
    return Coverage(
        policy,
        _articles(policy),
        tuple(
            RuleCoverage(
                rule,
                {shows: counts[rule.code][shows] for shows in Shows},
                without_limit(policy, rule),
            )
            for rule in policy.rules
        ),
    )


def without_limit(policy: Policy, rule: Rule) -> str | None:
    """Return why a rule has no limit that a case could stand below, at or above; else None."""
    if isinstance(rule.breach.tree, Constant) and rule.breach.tree.value is False:
        return "no_breach"
    waited = _reached(rule, {*names_of(rule.clock.limit), *names_of(rule.breach)})
    empty = [name for name, one in policy.parameters.items() if name in waited and is_empty(one)]
    return f"no_value:{empty[0]}" if empty else None


def is_empty(parameter: Parameter) -> bool:
    """Return whether a parameter holds no number on any day."""
    return all(
        dated.value is None and all(value is None for value in (dated.by_code or {}).values())
        for dated in parameter.values
    )


def _reached(rule: Rule, names: Collection[str]) -> set[str]:
    """Return the names with those that their definitions and the clock use in turn."""
    found = set(names)
    if "limit_on" in found:
        found |= names_of(rule.clock.limit)
    for definition in reversed(rule.definitions):
        if definition.name in found:
            found |= names_of(definition.is_)
    return found


def _articles(policy: Policy) -> tuple[ArticleCoverage, ...]:
    resting: dict[str, tuple[dict[str, None], ...]] = {}

    def rests(clause: Clause | None, place: int, name: str) -> None:
        if clause is not None:
            resting.setdefault(clause.article, ({}, {}, {}))[place][name] = None

    for rule in policy.rules:
        for clause in rule.clauses:
            rests(clause, 0, rule.code)
    for parameter in policy.parameters.values():
        rests(parameter.clause, 1, parameter.name)
    for vocabulary in policy.vocabularies.values():
        rests(vocabulary.clause, 2, vocabulary.name)
    return tuple(
        ArticleCoverage(article, *(tuple(names) for names in by_place))
        for article, by_place in resting.items()
    )

"""What follows from a rule alone is worked out once, and comes to what a walk each time would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from landwatch.lawbook.expressions.rowwise import Facts
from landwatch.lawbook.expressions.tree import names_in
from landwatch.lawbook.policy import Rule
from landwatch.lawbook.shelf import shelf
from landwatch.lawbook.vocabulary import fact_names
from landwatch.scan.account import Account, account
from landwatch.scan.once import OnceForEachRule
from landwatch.scan.spelling import Speller, speller_of
from landwatch.scan.used import used_facts, used_names

DAY = date(2026, 3, 1)


def accounts() -> list[Account]:
    """Every rule of the shelf, for a contract of which nothing is told and one with a start."""
    names = [*fact_names(), *(f"{name}_seen_on" for name in fact_names())]
    nothing: Facts = {**dict.fromkeys(names), "unreadable": None}
    some = {**nothing, "agreed_start_on": date(2020, 1, 5), "area_mu": Fraction(30)}
    return [
        account(policy, rule, facts, DAY)
        for policy in shelf().values()
        for rule in policy.rules
        for facts in (nothing, some)
    ]


def walked(taken: Account, *, clock: bool) -> set[str]:
    """Return the names that an account used, by walking all its trees."""
    rule = taken.rule
    trees = [rung.when.tree for rung, _ in taken.rungs]
    trees += [one.tree for one in (rule.measured, rule.threshold, rule.amount_wan) if one]
    trees += [rule.clock.since.tree, rule.clock.limit.tree] if clock else []
    used = {name for tree in trees for name in names_in(tree)}
    for definition in reversed(rule.definitions):
        if definition.name in used:
            used |= set(names_in(definition.is_.tree))
    return used


def test_the_names_that_an_account_used_are_those_of_a_walk() -> None:
    taken = accounts()
    assert len({len(one.rungs) for one in taken}) > 3
    for one in taken:
        assert used_names(one) == walked(one, clock=False)
        assert list(used_facts(one)) == sorted(walked(one, clock=True))


def test_a_speller_that_is_kept_speaks_of_its_own_account_alone() -> None:
    for one in accounts():
        for lang in ("zh", "en"):
            fresh = Speller(one.policy, one.rule, one.known, lang)
            for definition in one.rule.definitions:
                tree = definition.is_.tree
                assert speller_of(one, lang).spell(tree) == fresh.spell(tree)


def test_another_rule_of_the_same_words_is_worked_out_for_itself() -> None:
    asked: list[Rule] = []

    def heard(rule: Rule) -> str:
        asked.append(rule)
        return rule.code

    once = OnceForEachRule(heard)
    rule = shelf()["order-53-2012"].rules[0]
    twin = replace(rule)
    assert [once(rule), once(rule), once(twin)] == [rule.code] * 3
    assert len(asked) == 2
    assert asked[0] is rule
    assert asked[1] is twin

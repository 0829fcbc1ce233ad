"""What the cases of the shelf cover, as properties that hold for every rule of every policy."""

from __future__ import annotations

import pytest

from landwatch.lawbook.cases import CaseFile, Shows, held_to, read_cases, shipped_cases
from landwatch.lawbook.coverage import SIDES, Coverage, coverage_of, is_empty, without_limit
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.policy import Policy
from landwatch.lawbook.shelf import shelf
from tests.lawbook.small_policy import CASES, POLICY, with_changes


def covered(policy: Policy) -> Coverage:
    told = shipped_cases(policy.id)
    return coverage_of(policy, held_to(policy, told).cases if told else ())


@pytest.mark.parametrize("policy", shelf().values(), ids=lambda policy: policy.id)
def test_every_rule_of_the_shelf_has_a_case_on_every_side_of_its_limit(policy: Policy) -> None:
    assert {one.rule.code: one.lacking for one in covered(policy).rules if one.lacking} == {}


@pytest.mark.parametrize("policy", shelf().values(), ids=lambda policy: policy.id)
def test_only_a_rule_without_a_limit_is_excused_and_it_says_why(policy: Policy) -> None:
    for one in covered(policy).rules:
        if one.excused is None:
            assert all(one.counts[shows] for shows in (*SIDES, Shows.NOTHING_TOLD))
        elif one.excused != "no_breach":
            waited = one.excused.removeprefix("no_value:")
            assert is_empty(policy.parameters[waited])


@pytest.mark.parametrize("policy", shelf().values(), ids=lambda policy: policy.id)
def test_every_case_is_counted_once_and_every_rule_rests_on_an_article(policy: Policy) -> None:
    coverage = covered(policy)
    told = shipped_cases(policy.id)
    cases = told.cases if told else ()
    assert sum(sum(one.counts.values()) for one in coverage.rules) == len(cases)
    resting = {code for article in coverage.articles for code in article.rules}
    assert resting == {rule.code for rule in policy.rules}
    assert coverage.speaks == bool(policy.rules)


def small(cases: str = CASES, *changes: tuple[str, str]) -> Coverage:
    policy = read_policy(with_changes(POLICY, *changes), "small.yaml")
    told: CaseFile = read_cases(cases, "c")
    return coverage_of(policy, held_to(policy, told).cases)


def test_a_rule_with_all_four_kinds_lacks_nothing() -> None:
    (rule,) = small().rules
    assert rule.lacking == ()
    assert rule.excused is None
    assert dict(rule.counts) == {
        Shows.BELOW: 1, Shows.AT: 1, Shows.ABOVE: 1, Shows.NOTHING_TOLD: 1, Shows.OTHER: 0,
    }  # fmt: skip


@pytest.mark.parametrize("shows", [*SIDES, Shows.NOTHING_TOLD])
def test_each_kind_that_is_not_there_is_told(shows: Shows) -> None:
    (rule,) = small(with_changes(CASES, (f"shows: {shows}", "shows: other"))).rules
    assert rule.lacking == (shows,)


def test_a_rule_whose_limit_waits_for_a_number_needs_only_the_case_with_nothing_told() -> None:
    (rule,) = small(CASES, ("values: {2020-01-01: 100}", "values: {always: }")).rules
    assert rule.excused == "no_value:floor"
    one = with_changes(CASES, ("shows: nothing_told", "shows: other"))
    assert small(one, ("values: {2020-01-01: 100}", "values: {always: }")).rules[0].lacking == (
        Shows.NOTHING_TOLD,
    )


def test_a_rule_that_never_finds_a_breach_has_no_limit() -> None:
    never = with_changes(
        POLICY,
        ("breach: seen_on(fixed_assets_wan) > limit_on and intensity < floor", "breach: 'False'"),
    )
    policy = read_policy(never, "small.yaml")
    assert without_limit(policy, policy.rules[0]) == "no_breach"


def test_an_article_with_a_number_and_no_rule_is_counted_as_such() -> None:
    coverage = small(CASES, ("article: 第一条, quote", "article: 第二条, quote"))
    assert {one.article: bool(one.rules) for one in coverage.articles} == {
        "第一条": True,
        "第二条": False,
    }
    assert coverage.with_rule == 1

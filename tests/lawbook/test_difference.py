"""What changed between two policies is told in words; what only is spelled otherwise is told so."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from landwatch.lawbook.difference import Became, Change, difference, same
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.pieces import (
    head_pieces,
    parameter_pieces,
    rule_pieces,
    vocabulary_pieces,
)
from landwatch.lawbook.policy import Parameter, Policy, Rule
from landwatch.lawbook.shelf import shelf
from landwatch.lawbook.template import policy_template
from tests.lawbook.test_schema import EVERYTHING_ELSE


def read(text: str) -> Policy:
    return read_policy(text, "x.yaml")


def changed(old: str, new: str, text: str | None = None) -> tuple[Change, ...]:
    """Return the changes of the template where a piece of its text becomes another."""
    before = text or policy_template()
    assert old in before
    return difference(read(before), read(before.replace(old, new)))


def told(change: Change) -> tuple[Became, tuple[str, ...], str, str | None, str | None]:
    old, new = (
        None if piece is None else piece.written or piece.words.zh
        for piece in (change.old, change.new)
    )
    return change.became, change.names, change.part, old, new


@pytest.mark.parametrize("policy", shelf().values(), ids=list(shelf()))
def test_a_policy_does_not_differ_from_itself(policy: Policy) -> None:
    assert difference(policy, policy) == ()
    assert same(())


def test_comments_and_the_order_of_keys_and_line_breaks_are_no_difference() -> None:
    text = policy_template()
    document = yaml.load(text, yaml.BaseLoader)
    document["effective"] = {key: value or None for key, value in document["effective"].items()}
    for parameter in document["parameters"].values():
        parameter["values"] = {day: value or None for day, value in parameter["values"].items()}

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(one) for one in value] if isinstance(value, list) else value

    names = ("definitions",)  # a definition may use those before it: their order is a meaning
    shuffled = {key: document[key] if key in names else turned(document[key])
                for key in reversed(document)}  # fmt: skip
    shuffled["rules"] = list(reversed(shuffled["rules"]))
    other = read(yaml.safe_dump(shuffled, allow_unicode=True, sort_keys=False, width=40))
    assert other.version != read(text).version
    assert difference(read(text), other) == ()


def test_a_number_that_changed_is_told_by_day_and_code() -> None:
    assert [told(one) for one in changed("national: 300", "national: 310")] == [
        (Became.CHANGED, ("min_intensity",), "values 2026-01-01 national",
         "300 万元/亩", "310 万元/亩")
    ]  # fmt: skip
    added = changed("values: {2026-01-01: 1}", "values: {2026-01-01: 1, 2030-01-01: 2}")
    assert [told(one) for one in added] == [
        (Became.ADDED, ("start_years",), "values 2030-01-01", None, "2 年")
    ]
    filled = changed("values: {2026-01-01: }", "values: {2026-01-01: 3}")
    assert [told(one)[0] for one in filled] == [Became.CHANGED]
    assert filled[0].old is not None and "待填" in filled[0].old.words.zh


def test_the_same_number_in_another_unit_is_another_spelling() -> None:
    text = policy_template()
    other = text.replace("    unit: 万元/亩\n    by: level", "    unit: 万元/公顷\n    by: level")
    other = other.replace(
        "{national: 300, provincial: 200, county: 150}",
        "{national: 4500, provincial: 3000, county: 2250}",
    )
    changes = difference(read(text), read(other))
    assert {change.became for change in changes} == {Became.RESPELLED}
    assert {change.part.split(" ")[0] for change in changes} == {"unit", "values"}
    assert same(changes)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("met: intensity >= min_intensity ", "met: min_intensity <= intensity "),
        ("met: intensity >= min_intensity ", "met: (intensity) ≥ (min_intensity) "),
        (
            "breach: seen_measure_on > limit_on and intensity < min_intensity",
            "breach: intensity < min_intensity and seen_measure_on > limit_on",
        ),
        (
            "is: (fixed_assets_wan + fixed_land_price_wan) / area_mu",
            "is: (fixed_land_price_wan + 固定资产投资) / area_mu",
        ),
        ("add_years(supply_on, start_years)", "加年(supply_on，start_years)"),
        ("not told(level)", "not (not (not told(level)))"),
    ],
)
def test_another_spelling_of_one_meaning_is_said_to_be_so(old: str, new: str) -> None:
    changes = changed(old, new)
    assert [change.became for change in changes] == [Became.RESPELLED]
    assert same(changes)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("met: intensity >= min_intensity ", "met: intensity > min_intensity "),
        ("met: intensity >= min_intensity ", "met: min_intensity >= intensity "),
        ("limit_on and intensity <", "limit_on or intensity <"),
        ("(fixed_assets_wan + fixed_land_price_wan) / area_mu",
         "(fixed_assets_wan - fixed_land_price_wan) / area_mu"),
        ("days_between(limit_on, first_told(started_on, as_of))",
         "days_between(limit_on, first_told(as_of, started_on))"),
        ("add_years(supply_on, start_years)", "add_months(supply_on, start_years / 1 * 12)"),
        ("not told(level)", "told(level)"),
    ],
)  # fmt: skip
def test_another_meaning_is_a_change(old: str, new: str) -> None:
    if "add_months" in new:
        text = policy_template().replace("unit: 年 ", "unit: 月 ")
        base = text.replace("add_years(", "add_months(")
        changes = difference(read(base), read(base.replace("2026-01-01: 1}", "2026-01-01: 12}")))
    else:
        changes = changed(old, new)
    assert Became.CHANGED in {change.became for change in changes}
    assert not same(changes)
    for change in changes:
        assert change.old is not None and change.new is not None
        assert change.old.words.zh != change.new.words.zh
        assert change.old.words.en != change.new.words.en


def test_a_definition_under_another_name_is_another_spelling() -> None:
    text = policy_template()
    renamed = re.sub(r"\bseen_measure_on\b", "figures_seen_on", text)
    changes = difference(read(text), read(renamed))
    assert changes and same(changes)


def test_a_definition_that_changed_is_told_once_for_all_rules_that_use_it() -> None:
    changes = changed(
        "first_told(supplied_on, handover_on,", "first_told(handover_on, supplied_on,"
    )
    assert [(one.became, one.names, one.part) for one in changes] == [
        (Became.CHANGED, ("MYCITY.START", "MYCITY.INTENSITY"), "define supply_on")
    ]


def test_doubts_in_another_order_are_told_because_the_first_decides() -> None:
    one = '      - {when: start_shown, reason: missing("actual_start_on")}\n'
    two = "      - {when: told(not_started_seen_on), reason: stale(not_started_seen_on)}\n"
    changes = changed(one + two, two + one)
    assert [change.became for change in changes] == [Became.MOVED]
    assert not same(changes)


def test_a_rule_or_parameter_that_came_or_went_is_named() -> None:
    text = policy_template()
    start = text.index("  - code: MYCITY.START"[2:]) - 2
    end = text.index("  # 第二条：")
    fewer = text[:start] + text[end:]
    gone = [one for one in difference(read(text), read(fewer)) if one.part == ""]
    assert [(one.became, one.names) for one in gone] == [(Became.REMOVED, ("MYCITY.START",))]
    came = [one for one in difference(read(fewer), read(text)) if one.part == ""]
    assert [(one.became, one.names) for one in came] == [(Became.ADDED, ("MYCITY.START",))]
    assert came[0].new is not None and came[0].new.words.zh == "供地一年内开工"


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("quote: 应当开工", "quote: 应当按期开工", "clauses"),
        ("warn_days: 30", "warn_days: 31", "warn_days"),
        ("evidence_days: 90", "evidence_days: 91", "evidence_days"),
        ("remedies: [urge, {remedy: report, when: short}]", "remedies: [urge]", "remedies"),
        ("{remedy: report, when: short}", "{remedy: report, when: not short}", "remedies"),
        ("{remedy: report, when: short}", "report", "remedies"),
        ("until: delay_until", "until: as_of", "exempt.until"),
        ("force: binding", "force: recommended", "force"),
        ("serves: casefile", "serves: reference", "serves"),
        ("by: industry_class", "by: province", "by"),
        ("word: 在建, means: under_construction", "word: 在建, means: planned", "words 在建"),
        ("word: 其他", "word: 别的", "words 别的"),
        ("class: land_law", "class: taxation", "class"),
        ("to: 2030-12-31", "to: ", "effective.to"),
        ("unknown: missing(\"instrument\")", "unknown: missing(\"level\")", "applies"),
        ("reason: not_started}", "reason: not_urged}", "applies"),
        ("met: leading_count <= 3", "met: leading_count <= 4", "met"),
        ("adopted_by_init: no", "adopted_by_init: yes", "adopted_by_init"),
        ("first: [{when: short", "first: [{when: not short", "first"),
        ("unless: [{when: delay_ended, reason: '\"conflict\"'}]", "", "unless"),
        ("en: note}\n    clauses", "en: remark}\n    clauses", "note"),
    ],
)  # fmt: skip
def test_each_part_of_a_policy_is_compared(old: str, new: str, part: str) -> None:
    changes = changed(old, new, EVERYTHING_ELSE)
    assert part in {change.part for change in changes}
    assert not same(changes)


NOT_COMPARED = {"version", "text", "rules", "parameters", "vocabularies", "name"}


@pytest.mark.parametrize(
    ("of", "change"),
    [
        (Policy, head_pieces),
        (Parameter, lambda p: parameter_pieces(p.parameters["steps"])),
        (Rule, lambda p: rule_pieces(p, p.rules[0])),
    ],
)
def test_no_field_is_left_out_of_comparing(
    of: type, change: Callable[[Policy], dict[str, object]]
) -> None:
    """A field that is added to a policy one day must be compared too."""
    known = {
        "policy_class": "class", "effective_from": "effective.from",
        "effective_to": "effective.to", "exemption": "exempt.when", "clock": "clock.from",
        "conditions": "applies", "definitions": "define half", "values": "values 2026-01-01",
    }  # fmt: skip
    text = EVERYTHING_ELSE.replace("adopted_by_init: no", "adopted_by_init: yes")
    text = text.replace("serves: casefile,", "serves: casefile, force: binding, ")
    pieces = change(read(text))
    fields = {one.name for one in dataclasses.fields(of)} - NOT_COMPARED
    if of is Rule:
        fields -= {"code"}
    if of is Parameter:
        fields -= {"by"}  # of a parameter picked by code; compared above
    assert {name for name in fields if known.get(name, name) not in pieces} == set()


def test_vocabularies_are_compared_word_by_word() -> None:
    (vocabulary,) = read(EVERYTHING_ELSE).vocabularies.values()
    assert set(vocabulary_pieces(vocabulary)) == {"title", "clause", "words 在建", "words 其他"}


def test_definitions_that_use_each_other_twice_are_compared_in_no_time() -> None:
    """Sixty definitions, each the sum of the one before with itself: 2^60 when written out."""
    steps = "\n".join(
        f"      d{n}: {f'd{n - 1} + d{n - 1}' if n else 'price_wan * 1'}" for n in range(60)
    )
    text = EVERYTHING_ELSE.replace("      half:", "      half:")
    text = text.replace(
        "    define: {half: share * 2}", f"    define:\n      half: share * 2\n{steps}"
    )
    text = text.replace("amount_wan: price_wan * 0.1", "amount_wan: d59")
    changes = difference(read(text), read(text.replace("price_wan * 1\n", "price_wan * 2\n")))
    assert [change.part for change in changes] == ["define d0"]

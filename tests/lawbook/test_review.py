"""Each weakness of a policy is found, on its line, in words of both languages, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from landwatch.errors import LawbookError
from landwatch.lawbook.cases import held_to, read_cases
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.proofreading import place_of, proofread
from landwatch.lawbook.review import others_of, review
from landwatch.lawbook.source import read_parts
from landwatch.lawbook.weakness import Review, Weakness
from tests.lawbook.small_policy import CASES, POLICY, line_of, with_changes

SOURCE = "某市规定：投资强度不低于 每亩一百万元。"


def weaknesses(text: str, cases: str = CASES, *, sources: tuple[str, ...] = ()) -> list[Weakness]:
    policy = read_policy(text, "small.yaml")
    told = read_cases(cases, "small.cases.yaml") if cases else None
    found = review(Review(policy, read_parts(text, "small.yaml"), told, sources=sources))
    for weak in found:
        for lang in ("zh", "en"):
            assert weak.in_words(lang)
    return found


def codes(text: str, cases: str = CASES, **more: tuple[str, ...]) -> list[str]:
    return [weak.code for weak in weaknesses(text, cases, **more)]


def test_a_policy_in_which_nothing_is_weak_is_said_to_be_so() -> None:
    assert codes(POLICY, sources=(SOURCE,)) == []


PARAMETER = "    values: {2020-01-01: 100}\n"
CLAUSE = "    clause: {row: X-1, article: 第一条, quote: 投资强度不低于每亩一百万元}\n"


def valued(values: str, by: str | None = None) -> tuple[str, str]:
    """Return the change that gives the parameter other values, picked by a fact if told."""
    picked = f"    by: {by}\n" if by else ""
    return PARAMETER, f"{picked}    values: {values}\n"


WEAK: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("parameter_without_quote", "zh: 最低强度", [(CLAUSE, "")]),
    (
        "dead_parameter",
        "zh: 从不",
        [
            (
                "definitions:",
                "  idle:\n    {zh: 从不, en: never, unit: 1, values: {2020-01-01: 1}, "
                "clause: {row: X, article: 一, quote: 这一句话没有人用到}}\ndefinitions:",
            )
        ],
    ),
    ("dead_definition", "unused:", [("definitions:", "definitions:\n  unused: area_mu")]),
    (
        "dead_definition",
        "unused:",
        [("    clock:", "    define:\n      unused: area_mu\n    clock:")],
    ),
    ("effective_reversed", "effective", [("to: }", "to: 2019-12-31}"), valued("{always: 100}")]),
    ("values_gap", "values", [valued("{2021-01-01: 100}")]),
    ("values_gap", "values", [valued("{2020-01-01: 100, 2021-01-01: , 2022-01-01: 90}")]),
    ("values_twice", "values", [valued("{always: 100, 0001-01-01: 2}")]),
    (
        "value_after_end",
        "values",
        [("to: }", "to: 2020-12-31}"), valued("{2020-01-01: 100, 2021-01-01: 120}")],
    ),
    (
        "code_gone",
        "values",
        [valued("{2020-01-01: {13: 1, 14: 2}, 2021-01-01: {13: 3}}", by="industry_class")],
    ),
    (
        "code_unknown",
        "values",
        [valued("{2020-01-01: {national: 1, provincial: 1, county: 1, town: 1}}", by="level")],
    ),
    (
        "code_lacking",
        "values",
        [valued("{2020-01-01: {national: 1, provincial: 1}}", by="level")],
    ),
    (
        "quote_short",
        "clauses:",
        [("quote: 投资强度不低于每亩一百万元}\n    clock", "quote: 每亩百万}\n    clock")],
    ),
    ("rule_without_remedy", "code: SMALL", [("[urge]", "[]")]),
    ("text_same", "title: {zh: 小政策", [("en: a small policy", "en: 小政策")]),
    ("text_missing", "title: {zh: 小政策", [("en: a small policy", 'en: " "')]),
    (
        "text_missing",
        "{word: 在建",
        [
            (
                "rules:",
                "vocabularies:\n  stages:\n    zh: 阶段\n    en: stages\n    words:\n"
                "      - {word: 在建}\nrules:",
            )
        ],
    ),
    (
        "reason_without_words",
        "code: SMALL",
        [("rules:", "applies:\n  - {when: told(area_mu), reason: too_strange}\nrules:")],
    ),
]


@pytest.mark.parametrize(
    ("code", "at", "changes"), WEAK, ids=[f"{one[0]}-{n}" for n, one in enumerate(WEAK)]
)
def test_each_weakness_is_found_where_it_stands(
    code: str, at: str, changes: list[tuple[str, str]]
) -> None:
    text = with_changes(POLICY, *changes)
    found = weaknesses(text)
    assert [weak.code for weak in found] == [code]
    near = line_of(text, at)
    assert near <= found[0].line <= near + 1


def test_a_slot_without_a_hint_is_weak_and_one_with_a_hint_is_not() -> None:
    nothing_told = with_changes(POLICY, (PARAMETER, "    values: {2020-01-01: }\n"))
    assert codes(nothing_told) == ["slot_without_hint"]
    hinted = with_changes(nothing_told, (CLAUSE, CLAUSE + "    where_to_find: 见另行制定的标准\n"))
    assert codes(hinted) == []
    by_code = "    by: level\n    values: {2020-01-01: {national: 1, provincial: , county: 1}}\n"
    assert codes(with_changes(POLICY, (PARAMETER, by_code))) == ["slot_without_hint"]


def test_a_number_repealed_is_no_slot_and_no_gap() -> None:
    repealed = "    values: {2020-01-01: 100, 2022-01-01: }\n"
    assert codes(with_changes(POLICY, (PARAMETER, repealed))) == []


def test_a_number_for_the_case_file_is_not_dead() -> None:
    days = (
        "  days: {zh: 期限, en: period, unit: 日, serves: casefile, values: {2020-01-01: 30}, "
        "clause: {row: X, article: 一, quote: 自收到之日起三十日内}}\ndefinitions:"
    )
    assert codes(with_changes(POLICY, ("definitions:", days))) == []


def test_a_rule_without_a_case_and_one_that_lacks_a_side_are_told_apart() -> None:
    assert codes(POLICY, "") == ["rule_without_case"]
    one_side = CASES[: CASES.index("  - id: 恰好")]
    (weak,) = weaknesses(POLICY, one_side)
    assert weak.code == "rule_lacks_cases"
    assert "恰在界限、界限之上、未填" in weak.in_words("zh")


def test_a_quote_is_looked_for_in_every_source_without_regard_to_width_and_spaces() -> None:
    assert codes(POLICY, sources=("别的文件", "投资强度\n不低于 每亩一百万元")) == []
    found = weaknesses(POLICY, sources=("投资强度不低于每亩二百万元",))
    assert [weak.code for weak in found] == ["quote_not_found"] * 2
    assert found[0].line == line_of(POLICY, "clause:")


def test_an_id_or_a_code_that_is_there_already_is_told() -> None:
    policy = read_policy(POLICY, "small.yaml")
    other = read_policy(with_changes(POLICY, ("id: small-2020", "id: other-2020")), "other.yaml")
    newer = read_policy(with_changes(POLICY, ("小政策", "新的小政策")), "newer.yaml")
    root = read_parts(POLICY, "small.yaml")
    told = read_cases(CASES, "c")

    def against(*shelf: object) -> list[str]:
        there = {one.id: one for one in (other, newer) if one in shelf}
        return [weak.code for weak in review(Review(policy, root, told, there))]

    assert against(other) == ["code_on_shelf"]
    assert against(newer) == ["id_on_shelf"]
    assert others_of(policy, [policy, other]) == {"other-2020": other}


def errors_of(*changes: tuple[str, str]) -> tuple[list[LawbookError], str]:
    text = with_changes(POLICY, *changes)
    policy, errors = proofread(text, "small.yaml")
    assert (policy is None) == bool(errors)
    return list(errors), text


def test_every_error_of_a_file_is_told_at_once_each_with_its_line() -> None:
    errors, text = errors_of(
        ("class: land_law", "class: land_lore"),
        ("unit: 万元/亩\n    values", "unit: 万元/亩\n    valeus: {}\n    values"),
        ("is: fixed_assets_wan / area_mu", "is: fixed_asset_wan / area_mu"),
        ("met: intensity >= floor", "met: area_mu >= price_wan"),
        ("not told(fixed_assets_wan)", "not tolled(fixed_assets_wan)"),
        ("remedies: [urge]", "remedies: [urge, flog]"),
    )
    wanted = ["land_lore", "valeus", "fixed_asset_wan", "met:", "tolled", "flog"]
    assert [place_of(error)[0] for error in errors] == [line_of(text, part) for part in wanted]


def test_what_follows_from_an_error_is_not_told_as_another() -> None:
    errors, _ = errors_of(("is: fixed_assets_wan / area_mu", "is: fixed_assets_wan / aera_mu"))
    assert len(errors) == 1
    assert errors[0].values["problem"].values["name"] == "aera_mu"  # type: ignore[attr-defined]
    errors, _ = errors_of(("    unit: 万元/亩\n    values", "    unit: 万圆\n    values"))
    assert [error.code for error in errors] == ["policy.unit"]


def test_an_expression_across_lines_is_placed_in_the_file() -> None:
    errors, text = errors_of(
        ("    met: intensity >= floor", "    met: >-\n      intensity >= floor\n      and oops")
    )
    assert place_of(errors[0])[0] in (line_of(text, "met: >-"), line_of(text, "oops"))


def test_a_code_that_stands_twice_is_refused() -> None:
    rule = POLICY[POLICY.index("  - code:") :]
    errors, _ = errors_of((rule, rule + rule))
    assert [error.code for error in errors] == ["policy.rule_twice"]


def test_a_file_that_can_be_read_has_no_errors() -> None:
    policy, errors = proofread(POLICY, "small.yaml")
    assert policy == read_policy(POLICY, "small.yaml")
    assert errors == ()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "x", "id: [", "rules: 3", "rules: [3]", "parameters: [a]", "definitions: x",
     "rules: [{define: [1]}]", "rules: [{about: moon}]", "applies: [3]", "vocabularies: {a: 3}",
     "parameters: {a: {values: 3}}", "effective: x", "a: &x 1\nb: *x", "{" * 5000,
     "x: " + "[" * 50],
)  # fmt: skip
def test_a_hostile_file_is_refused_and_nothing_else_happens(text: str) -> None:
    policy, errors = proofread(text, "bad.yaml")
    assert policy is None
    assert errors
    assert all(error.in_words("zh") and error.in_words("en") for error in errors)


def nodes(part: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every node of a document."""
    yield path
    below = part.items() if isinstance(part, dict) else enumerate(part)
    for key, one in below if isinstance(part, dict | list) else ():
        yield from nodes(one, *path, key)


def with_node(part: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Return a document with one of its nodes replaced."""
    if not path:
        return new
    copy = dict(part) if isinstance(part, dict) else list(part)
    copy[path[0]] = with_node(part[path[0]], path[1:], new)
    return copy


@pytest.mark.parametrize("new", [None, "", "x", [], {}, [[]], {"a": {}}, [None], {"when": "1"}])
def test_no_part_in_another_shape_breaks_the_reader_or_the_review(new: Any) -> None:
    for text, told in ((POLICY, False), (CASES, True)):
        document = yaml.load(text, yaml.BaseLoader)
        for path in nodes(document):
            changed = yaml.safe_dump(with_node(document, path, new), allow_unicode=True)
            if told:
                assert_read_or_refused(changed)
                continue
            policy, errors = proofread(changed, "small.yaml")
            assert (policy is None) == bool(errors)
            if policy is not None:
                root = read_parts(changed, "small.yaml")
                assert all(one.in_words("zh") for one in review(Review(policy, root)))


def assert_read_or_refused(text: str) -> None:
    """Hold a file of cases to being read, or refused in words."""
    try:
        held_to(read_policy(POLICY, "small.yaml"), read_cases(text, "c"))
    except LawbookError as error:
        assert error.in_words("zh")

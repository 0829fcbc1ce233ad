"""The schemas that help editors refuse what the readers refuse, and nothing that they take."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from landwatch.errors import LawbookError
from landwatch.lawbook.case_schema import schema_of_cases
from landwatch.lawbook.cases import read_cases
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.schema import schema_of_policies
from landwatch.lawbook.source import Part, read_parts
from landwatch.lawbook.template import cases_template, policy_template

POLICIES = Draft202012Validator(schema_of_policies())
CASES = Draft202012Validator(schema_of_cases())
# What a schema cannot know: it is about meaning, or about two places at once.
OF_MEANING = {
    "policy.expression", "policy.name_taken", "policy.quote_cut", "policy.bad_name", "cases.twice",
    "cases.number", "policy.code_twice",
}  # fmt: skip

# Every key of the language that the template leaves out, in a small made-up document.
EVERYTHING_ELSE = """
id: every-key
title: {zh: 样本, en: sample}
document_no: 样本1号
class: land_law
authority: draft
issuer: {zh: 某市, en: a city}
effective: {from: 2026-01-01, to: 2030-12-31}
source: 虚构
summary: {zh: 样本, en: sample}
adopted_by_init: no
parameters:
  share:
    {zh: 比例, en: share, unit: "1", serves: rules, force: binding, by: industry_class,
     values: {always: {"13": 1/3, "14": }, 2027-01-01: }}
  steps:
    {zh: 日数, en: days, unit: 日, serves: casefile, values: {2026-01-01: 30},
     where_to_find: 附件, clause: {row: A-1, article: 第一条, quote: 三十日内}}
vocabularies:
  stages:
    zh: 阶段
    en: stages
    clause: {row: A-2, article: 第二条, quote: 在建的}
    words:
      - {word: 在建, means: under_construction, en: building, note: {zh: 注, en: note}}
      - {word: 其他, means: }
definitions:
  short: told(floor_area_m2) and floor_area_m2 < area_m2
  ratio: {zh: 容积率, en: ratio, is: floor_area_m2 / area_m2, unit: "1"}
applies:
  - {when: instrument != "allocation", reason: instrument, unknown: missing("instrument")}
rules:
  - code: EVERY.RULE
    about: contract
    title: {zh: 问, en: asks}
    asks: {zh: 问, en: asks}
    note: {zh: 注, en: note}
    clauses: [{row: A-3, article: 第三条, quote: 应当开工}]
    applies: [{when: told(signed_on), reason: not_started}]
    define: {half: share * 2}
    first: [{when: short, reason: '"conflict"'}]
    met: ratio >= half
    exempt: {when: delay_active, reason: cause(delay_cause), until: delay_until}
    gaps: [{when: not told(share), reason: no_value("share")}]
    clock: {from: signed_on, limit: "add_days(signed_on, 30)", missing: signed_on}
    breach: ratio < half
    unless: [{when: delay_ended, reason: '"conflict"'}]
    doubts: [{when: told(limit_on), reason: missing("floor_area_m2")}]
    days_past: days_between(limit_on, as_of)
    measured: ratio
    threshold: half
    unit: "1"
    amount_wan: price_wan * 0.1
    remedies: [urge, {remedy: report, when: short}]
    warn_days: 30
    evidence_days: 90
  - code: EVERY.PARK
    about: park
    title: {zh: 问, en: asks}
    asks: {zh: 问, en: asks}
    clauses: [{row: A-3, article: 第三条, quote: 应当开工}]
    met: leading_count <= 3
    clock: {from: statistics_on, limit: statistics_on, missing: statistics_on}
    breach: leading_count > 3
    doubts: []
    remedies: []
"""
EVERY_CASE = """
policy: every-key
cases:
  - id: 一
    rule: EVERY.RULE
    shows: at
    en: one
    why_zh: 因为
    why_en: because
    vector: 1
    as_of: 2027-01-01
    contract: {instrument: grant, price_wan: "100.5", signed_on: 2026-01-01, area_m2: 10}
    zone: {level: county}
    progress: [{observed_on: 2026-12-01, source: inspection, started: yes, floor_area_m2: 5}]
    events: [{kind: delay, "on": 2026-06-01, cause: G1, verified: yes}]
    expect:
      {status: breach, reason: x, to_verify: no, clock_from: 2026-01-01, limit_on: 2026-01-31,
       days_past: 335, measured: 0.5, threshold: "1", amount_wan: null, remedies: [urge]}
  - id: 二
    rule: EVERY.PARK
    shows: other
    as_of: 2027-01-01
    zone: {leading_industries: 纺织}
    expect: {status: unknown, remedies: }
"""


def plain(part: Part) -> Any:
    """Return a part as JSON holds it, every scalar a text."""
    if isinstance(part.content, tuple):
        return [plain(one) for one in part.content]
    if isinstance(part.content, str) or part.content is None:
        return part.content
    return {key: plain(one) for key, one in part.content.items()}


def as_an_editor(value: Any) -> Any:
    """Return a value as an editor reads it: what looks like a number is one."""
    if isinstance(value, dict):
        return {key: as_an_editor(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_an_editor(one) for one in value]
    if isinstance(value, str) and re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        return float(value) if "." in value else int(value)
    return value


def shipped(folder: str) -> list[Any]:
    found = files("landwatch.lawbook").joinpath(folder)
    return [
        pytest.param(path.read_text("utf-8"), id=path.name)
        for path in sorted(found.iterdir(), key=lambda path: path.name)
        if path.name.endswith(".yaml")
    ]


def troubles(schema: Draft202012Validator, document: Any) -> list[str]:
    return [f"{one.json_path}: {one.message[:80]}" for one in schema.iter_errors(document)]


@pytest.mark.parametrize(
    "text",
    [
        *shipped("documents"),
        pytest.param(policy_template(), id="template"),
        pytest.param(EVERYTHING_ELSE, id="every key"),
    ],
)
def test_every_policy_fits_the_schema_as_read_and_as_an_editor_reads_it(text: str) -> None:
    document = plain(read_parts(text, "x.yaml"))
    assert troubles(POLICIES, document) == []
    assert troubles(POLICIES, as_an_editor(document)) == []


@pytest.mark.parametrize(
    "text",
    [
        *shipped("cases"),
        pytest.param(cases_template(), id="template"),
        pytest.param(EVERY_CASE, id="every key"),
    ],
)
def test_every_file_of_cases_fits_its_schema(text: str) -> None:
    document = plain(read_parts(text, "x.yaml"))
    assert troubles(CASES, document) == []
    assert troubles(CASES, as_an_editor(document)) == []


def test_the_schemas_are_schemas() -> None:
    for made in (schema_of_policies(), schema_of_cases()):
        Draft202012Validator.check_schema(made)


Mutant = tuple[str, Any]


def spots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every part of a document but the whole."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in parts:
        yield (*path, key)
        if isinstance(one, dict | list):
            yield from spots(one, (*path, key))


def put(document: Any, path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Any:
    """Return a document with the part at a path changed by (its parent, its key)."""
    changed = copy.deepcopy(document)
    parent = changed
    for key in path[:-1]:
        parent = parent[key]
    change(parent, path[-1])
    return changed


def removed(parent: Any, key: Any) -> None:
    del parent[key]


def emptied(parent: Any, key: Any) -> None:
    parent[key] = None


def nested(parent: Any, key: Any) -> None:
    parent[key] = {"nonsense": "x"}


def in_a_list(parent: Any, key: Any) -> None:
    parent[key] = ["x"]


def nonsense(parent: Any, key: Any) -> None:
    parent[key] = "no such thing"


def misspelled(parent: Any, key: Any) -> None:
    if isinstance(parent, dict):
        parent[f"{key}x"] = parent.pop(key)
    else:
        parent[key] = {"x": parent[key]}


CHANGES = [removed, emptied, nested, in_a_list, nonsense, misspelled]


def refused_for(read: Callable[[str, str], object], document: Any) -> str | None:
    """Return why the reader refuses a document, None where it takes it."""
    try:
        read(yaml.safe_dump(document, allow_unicode=True, width=10_000), "x.yaml")
    except LawbookError as refused:
        return refused.code
    return None


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize(
    ("text", "read", "schema"),
    [(EVERYTHING_ELSE, read_policy, POLICIES), (EVERY_CASE, read_cases, CASES)],
    ids=["policies", "cases"],
)
def test_the_reader_and_the_schema_refuse_the_same(
    text: str,
    read: Callable[[str, str], object],
    schema: Draft202012Validator,
    change: Callable[[Any, Any], None],
) -> None:
    document = plain(read_parts(text, "x.yaml"))
    assert refused_for(read, document) is None
    torn = {}
    for path in spots(document):
        mutant = put(document, path, change)
        code, told = refused_for(read, mutant), troubles(schema, mutant)
        if bool(told) != (code is not None) and code not in OF_MEANING:
            torn[path] = (code, told[:2])
    assert torn == {}


@pytest.mark.parametrize("day", ["20260101", "2026-W01-4", "2026-1-1", "2026/01/01", "always"])
def test_a_day_is_written_in_one_way(day: str) -> None:
    document = plain(read_parts(EVERYTHING_ELSE, "x.yaml"))
    document["effective"]["from"] = day
    assert refused_for(read_policy, document) == "policy.needs_day"
    assert troubles(POLICIES, document)


def test_a_rule_that_cites_nothing_is_refused() -> None:
    document = plain(read_parts(EVERYTHING_ELSE, "x.yaml"))
    document["rules"][0]["clauses"] = []
    assert refused_for(read_policy, document) == "policy.needs_clause"
    assert troubles(POLICIES, document)

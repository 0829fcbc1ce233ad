"""The policy to begin with works as it stands: read, held to its cases, never over another file."""

from __future__ import annotations

from pathlib import Path

import pytest

from landwatch.errors import UsageError
from landwatch.lawbook.cases import held_to, read_case_file
from landwatch.lawbook.shelf import read_file, rules
from landwatch.lawbook.template import code_of, write_template
from landwatch.scan.trial import try_cases


@pytest.mark.parametrize("policy_id", ["my-city-2026", "harbin", "2026-148", "a1-b2"])
def test_a_new_policy_is_read_and_every_case_comes_out(tmp_path: Path, policy_id: str) -> None:
    cases, written = write_template(tmp_path / "新政策.yaml", policy_id)
    policy = read_file(tmp_path / "新政策.yaml")
    assert policy.id == written == policy_id
    assert {rule.code.partition(".")[0] for rule in policy.rules} == {code_of(policy_id)}
    told = held_to(policy, read_case_file(cases))
    assert {case.rule for case in told.cases} == {rule.code for rule in policy.rules}
    tried = list(try_cases([(policy, told)]))
    assert len(tried) == len(told.cases) > 10
    assert [one.case.id for one in tried if not one.passed] == []


def test_it_shows_what_a_policy_needs(tmp_path: Path) -> None:
    write_template(tmp_path / "my-city.yaml", None)
    policy = read_file(tmp_path / "my-city.yaml")
    empty = [
        parameter
        for parameter in policy.parameters.values()
        if all(value.value is None and not value.by_code for value in parameter.values)
    ]
    assert [bool(parameter.where_to_find) for parameter in empty] == [True]
    assert {parameter.by for parameter in policy.parameters.values()} == {None, "level"}
    assert all(parameter.clause for parameter in policy.parameters.values())
    assert {rule.code for rule in policy.rules}.isdisjoint(rules())
    shown = {(case.rule, str(case.shows)) for case in read_case_file(
        tmp_path / "my-city.cases.yaml").cases}  # fmt: skip
    for rule in policy.rules:
        for side in ("below", "at", "above", "nothing_told"):
            assert (rule.code, side) in shown


def test_the_first_line_names_the_schema_for_editors(tmp_path: Path) -> None:
    cases, _ = write_template(tmp_path / "my-city.yaml", None)
    for path, schema in ((tmp_path / "my-city.yaml", "policy"), (cases, "cases")):
        first, second, *_ = path.read_text("utf-8").split("\n")
        assert first == f"# yaml-language-server: $schema=./{schema}.schema.json"
        assert "landwatch policy schema" in second


@pytest.mark.parametrize("there", ["my-city.yaml", "my-city.cases.yaml"])
def test_nothing_that_is_there_is_touched(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine", "utf-8")
    with pytest.raises(UsageError) as refused:
        write_template(tmp_path / "my-city.yaml", None)
    assert refused.value.code == "template.there"
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "policy_id", "code"),
    [
        ("my-city.txt", None, "template.not_yaml"),
        ("my-city", None, "template.not_yaml"),
        ("我的城市.yaml", None, "template.bad_id"),
        ("my-city.yaml", "My City", "template.bad_id"),
        ("my-city.yaml", "x\n", "template.bad_id"),
        ("no-folder/my-city.yaml", None, "file.error.write"),
    ],
)
def test_what_cannot_be_written_is_refused(
    tmp_path: Path, name: str, policy_id: str | None, code: str
) -> None:
    with pytest.raises(UsageError) as refused:
        write_template(tmp_path / name, policy_id)
    assert refused.value.code == code
    assert list(tmp_path.iterdir()) == []

"""Finding one's way in the lawbook through the front door: search, show, diff, new, schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from landwatch.language.terms import PolicyClass
from landwatch.lawbook.shelf import shelf
from tests.commands.conftest import Door

LANZHOU = "lanzhou-2012-148"


def own_version(path: Path) -> Path:
    """Write Lanzhou's policy with another number for national zones."""
    text = shelf()[LANZHOU].text
    assert "national: 250" in text
    path.write_text(text.replace("national: 250", "national: 301"), "utf-8")
    return path


def test_a_search_marks_the_words_and_counts_the_classes(door: Door) -> None:
    said = door.does("policy", "search", "闲置", "25%")
    assert "「闲置」" in said.out and "「百分之二十五」" in said.out
    assert "order-53-2012" in said.out and "O53.B" in said.out and "IDL-02" in said.out
    assert "(land_law)" in said.err


def test_a_search_is_told_to_machines_with_the_place_of_each_mark(door: Door) -> None:
    answer = json.loads(door.does("policy", "search", "闲置 25%", "--json").out)
    assert answer["words"] == ["闲置", "25%"]
    assert answer["total"] == len(answer["hits"]) > 2
    marked = {
        snippet["text"][start:end]
        for hit in answer["hits"]
        for snippet in hit["snippets"]
        for start, end in snippet["marks"]
    }
    assert marked == {"闲置", "25%", "百分之二十五"}
    narrowed = door.does("policy", "search", "闲置", "25%", "--class", "land_law", "--json")
    only = json.loads(narrowed.out)
    assert {hit["class"] for hit in only["hits"]} == {"land_law"}
    assert only["classes"] == answer["classes"]


def test_a_search_that_finds_nothing_says_so_and_an_unknown_class_is_refused(door: Door) -> None:
    assert "没有找到" in door.does("policy", "search", "麒麟").err
    refused = door("policy", "search", "闲置", "--class", "land_low")
    assert refused.code == 2
    assert "land_law" in refused.err and "政策类别" in refused.err
    for one in PolicyClass:
        door.does("policy", "search", "闲置", "--class", one)


def test_a_policy_brought_to_the_store_is_searched_shown_and_compared(ready: Door) -> None:
    path = own_version(Path("mine.yaml"))
    shelved = shelf()[LANZHOU].version
    ready.does("policy", "adopt", path, "--replace")
    assert "301" in ready.does("policy", "show", LANZHOU).out
    assert LANZHOU in ready.does("policy", "search", "301").out
    before = ready("policy", "diff", f"{LANZHOU}@{shelved}", LANZHOU)
    assert before.code == 1
    assert "250" in before.out and "301" in before.out
    own = json.loads(ready.does("policy", "show", LANZHOU, "--json").out)["version"]
    assert own != shelved
    path.write_text(path.read_text("utf-8").replace("301", "302"), "utf-8")
    ready.does("policy", "adopt", path, "--replace")
    kept = ready("policy", "diff", f"{LANZHOU}@{own}", LANZHOU)
    assert kept.code == 1
    assert "301" in kept.out and "302" in kept.out
    ready.does("policy", "diff", path, LANZHOU)
    refused = ready("policy", "show", f"{LANZHOU}@{'0' * 12}")
    assert refused.code == 2
    assert "版本" in refused.err


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("policy_id", shelf())
def test_a_policy_is_shown_whole(door: Door, policy_id: str, lang: str) -> None:
    policy = shelf()[policy_id]
    shown = "".join(door.does("policy", "show", policy_id, "--lang", lang).out.split())
    texts = [policy.title.in_words(lang), policy.document_no, policy.issuer.in_words(lang),
             policy.summary.in_words(lang), policy.version]  # fmt: skip
    for parameter in policy.parameters.values():
        texts += [parameter.name, parameter.title.in_words(lang), parameter.where_to_find or ""]
        texts += [parameter.clause.quote] if parameter.clause else []
    for rule in policy.rules:
        texts += [rule.code, rule.asks.in_words(lang), rule.met.text, rule.breach.text]
        texts += [rule.clock.limit.text, *(doubt.when.text for doubt in rule.doubts)]
        texts += [text for one in rule.clauses for text in (one.article, one.quote, one.row)]
        texts += [one.remedy.in_words(lang) for one in rule.remedies]
    for vocabulary in policy.vocabularies.values():
        texts += [vocabulary.title.in_words(lang), *(one.word for one in vocabulary.words)]
    missing = [text for text in texts if "".join(text.split()) not in shown]
    assert missing == []


def test_a_policy_is_shown_as_of_a_day(door: Door) -> None:
    before = door.does("policy", "show", LANZHOU, "--on", "2012-10-08")
    assert "尚未施行" in before.out and "当日尚无数值" in before.out
    first = door.does("policy", "show", LANZHOU, "--on", "2012-10-09")
    assert "尚未施行" not in first.out and "自 2012-10-09 起" in first.out
    unknown = door.does("policy", "show", "urumqi-hitech-bond", "--on", "2020-01-01")
    assert "施行日不详" in unknown.out and "自采用起" in unknown.out
    assert door("policy", "show", LANZHOU, "--on", "2012-13-01").code == 2


def test_one_rule_is_shown_with_the_numbers_that_it_uses(door: Door) -> None:
    said = door.does("policy", "show", LANZHOU, "--rule", "LZ.INTENSITY", "--lang", "en")
    assert "LZ.INTENSITY" in said.out and "LZ.PRODUCE" not in said.out
    assert "min_intensity" in said.out and "investment_share" not in said.out
    refused = door("policy", "show", LANZHOU, "--rule", "LZ.INTENSTY")
    assert refused.code == 2
    assert "LZ.INTENSITY" in refused.err


def test_a_policy_is_shown_to_machines(door: Door) -> None:
    shown = json.loads(door.does("policy", "show", LANZHOU, "--json", "--on", "2020-01-01").out)
    (floor,) = [one for one in shown["parameters"] if one["name"] == "min_intensity"]
    assert {one["code"]: one["value"] for one in floor["numbers"]} == {
        "national": "250", "provincial": "150", "county": "150",
    }  # fmt: skip
    assert {rule["code"] for rule in shown["rules"]} == {
        rule.code for rule in shelf()[LANZHOU].rules
    }


def test_a_comparison_ends_with_zero_where_nothing_but_spelling_differs(door: Door) -> None:
    assert "内容相同" in door.does("policy", "diff", LANZHOU, LANZHOU).err
    path = Path("spelled.yaml")
    text = shelf()[LANZHOU].text
    assert "met: intensity >= min_intensity" in text
    path.write_text(
        text.replace("met: intensity >= min_intensity", "met: min_intensity ≤ intensity"), "utf-8"
    )
    spelled = door.does("policy", "diff", LANZHOU, path)
    assert "意思相同" in spelled.out and "只有写法不同" in spelled.err
    answer = json.loads(door.does("policy", "diff", LANZHOU, path, "--json").out)
    assert answer["same"] is True
    assert [one["became"] for one in answer["changes"]] == ["respelled"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_comparison_ends_with_one_where_the_law_differs(door: Door, lang: str) -> None:
    said = door("policy", "diff", LANZHOU, own_version(Path("mine.yaml")), "--lang", lang)
    assert said.code == 1
    assert "- 250 万元/亩" in said.out and "+ 301 万元/亩" in said.out
    answer = json.loads(door("policy", "diff", LANZHOU, "mine.yaml", "--json").out)
    assert answer["same"] is False
    assert [(one["names"], one["part"]) for one in answer["changes"]] == [
        (["min_intensity"], "values 2012-10-09 national")
    ]


def test_a_change_in_the_other_language_alone_is_shown_in_that_language(door: Door) -> None:
    path = Path("mine.yaml")
    text = shelf()[LANZHOU].text
    assert "en: least intensity" in text
    path.write_text(text.replace("en: least intensity", "en: smallest intensity"), "utf-8")
    said = door("policy", "diff", LANZHOU, path, "--lang", "zh")
    assert "least intensity" in said.out and "smallest intensity" in said.out


def test_what_cannot_be_read_is_refused_in_words(door: Door) -> None:
    Path("bad.yaml").write_text("id: [", "utf-8")
    Path("other.yaml").write_text("id: x\nrules: []\n", "utf-8")
    for words in (["show", "bad.yaml"], ["diff", LANZHOU, "bad.yaml"], ["show", "gone.yaml"],
                  ["show", "other.yaml"]):  # fmt: skip
        said = door("policy", *words)
        assert said.code == 3, words
        assert "Traceback" not in said.err and len(said.err.strip().splitlines()) == 1
    near = door("policy", "show", "lanzhou-2012-184")
    assert near.code == 2
    assert LANZHOU in near.err


def test_what_is_shown_of_a_hostile_policy_is_no_markup(door: Door) -> None:
    door.does("policy", "new", "evil.yaml")
    text = Path("evil.yaml").read_text("utf-8").replace("某市人民政府", "'[bold]某市[/bold][/x]'")
    Path("evil.yaml").write_text(text.replace("某政发〔2026〕1号", "'[/]某政发'"), "utf-8")
    assert "[bold]某市[/bold][/x]" in door.does("policy", "show", "evil.yaml").out
    door.does("policy", "new", "plain.yaml", "--id", "evil")
    assert "[bold]某市[/bold][/x]" in door("policy", "diff", "plain.yaml", "evil.yaml").out


def test_a_new_policy_goes_through_every_verb_as_it_stands(ready: Door) -> None:
    ready.does("policy", "new", "my-city.yaml", "--id", "my-city-2026")
    ready.does("policy", "show", "my-city.yaml")
    checked = json.loads(ready.does("policy", "check", "my-city.yaml", "--json").out)
    assert (checked["errors"], checked["weaknesses"], checked["cases"]) == ([], [], 16)
    ready.does("policy", "test", "my-city.yaml")
    ready.does("policy", "adopt", "my-city.yaml")
    assert "my-city-2026" in ready.does("policy", "search", "样本").out
    again = ready("policy", "new", "my-city.yaml")
    assert again.code == 2
    assert "已经在了" in again.err


def test_the_schemas_are_written_for_editors(door: Door) -> None:
    printed = json.loads(door.does("policy", "schema").out)
    Draft202012Validator.check_schema(printed)
    door.does("policy", "schema", "-o", "policy.schema.json")
    assert json.loads(Path("policy.schema.json").read_text("utf-8")) == printed
    cases = json.loads(door.does("policy", "schema", "--cases").out)
    Draft202012Validator.check_schema(cases)
    assert cases != printed
    assert door("policy", "schema", "-o", "no-folder/x.json").code == 3

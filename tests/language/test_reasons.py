"""Every reason that a rule can give is said in words, in both languages."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from landwatch.language.catalogue import LANGUAGES
from landwatch.language.reasons import fact_in_words, missing_fact, reason_in_words

CODES = (
    *("missing:started", "missing:bond_deposit", "missing:level", "stale:observed_on=2021-01-02"),
    *("no_value:cure_days", "cause:G1", "cause:mixed", "conflict", "formula", "not_adopted"),
    *("works_without_permit", "before_effective", "instrument", "not_started", "not_urged"),
    *("no_deposit", "undecided", "unreadable:agreed_start_on", "unreadable:level"),
    *("missing:cause", "missing:zone_id", "missing:amount_wan"),
)
CHINESE, CODE = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[a-z]+_[a-z_]+")


def policies() -> str:
    folder = files("landwatch.lawbook").joinpath("documents")
    return "\n".join(path.read_text("utf-8") for path in folder.iterdir())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_a_code_becomes_a_sentence_without_codes_in_it(code: str, lang: str) -> None:
    words = reason_in_words(code, lang)
    assert words != code and not CODE.search(words)
    assert bool(CHINESE.search(words)) is (lang == "zh")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_fact_that_a_policy_may_miss_has_a_name(lang: str) -> None:
    text = policies()
    facts = set(re.findall(r"(?:missing|no_value)\(\"(\w+)\"\)|missing: (\w+)", text))
    names = {name for pair in facts for name in pair if name}
    assert len(names) > 20
    assert {name for name in names if fact_in_words(name, lang) == name} == set()


def test_a_fact_of_the_contract_goes_by_the_name_that_the_contract_gives_it() -> None:
    assert reason_in_words("missing:agreed_start_on", "zh") == "台账未填：约定开工时间"
    assert reason_in_words("missing:area_m2", "zh") == "台账未填：出让面积"
    assert reason_in_words("missing:amount_wan", "zh") == "台账未填：缴存金额"


def test_a_cell_that_cannot_be_read_is_to_be_corrected() -> None:
    told = "台账所填“约定开工时间”无法辨认，须更正"
    assert reason_in_words("unreadable:agreed_start_on", "zh") == told


def test_the_day_of_old_evidence_and_the_ground_of_a_delay_are_told() -> None:
    old = "stale:observed_on=2020-03-01"
    assert reason_in_words(old, "zh") == "证据只到 2020-03-01，不能说明之后的情况"
    assert reason_in_words(old, "en").startswith("evidence only up to 2020-03-01 ")
    assert reason_in_words("cause:FM", "zh") == "经核实的原因：不可抗力"
    assert reason_in_words("cause:X9", "zh") == "经核实的原因：X9"


def test_a_code_of_a_later_version_stays_a_code_and_nothing_stays_nothing() -> None:
    assert reason_in_words("something:else", "zh") == "something:else"
    assert [reason_in_words(nothing, "en") for nothing in (None, "")] == ["", ""]


def test_only_a_missing_fact_is_named_as_one() -> None:
    assert missing_fact("missing:area_m2") == "area_m2"
    assert [missing_fact(code) for code in (None, "", "missing:", "formula")] == [None] * 4

"""The words that documents use for stages are read by the importer as the codes they mean."""

from __future__ import annotations

import pytest

from landwatch.language.columns import Kind, columns_of
from landwatch.language.terms import Stage
from landwatch.lawbook.policy import VocabularyWord
from landwatch.lawbook.shelf import shelf
from landwatch.ledger.codes import read_code

STAGE = columns_of(Kind.PROGRESS)["stage"]
OF_STAGES = (
    ("daye-stages", "stages"),
    ("laifeng-stages", "stages"),
    ("tieling-2020-draft", "stopped"),
)
WORDS = [
    pytest.param(word, id=f"{policy}-{word.word}")
    for policy, vocabulary in OF_STAGES
    for word in shelf()[policy].vocabularies[vocabulary].words
]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_of_a_document_is_imported_as_the_stage_it_means(word: VocabularyWord) -> None:
    assert word.means in set(Stage)
    assert read_code(word.word, STAGE).value == word.means


def test_levelling_and_a_fence_are_no_stage_of_production() -> None:
    """Levelled land and foundations under way say nothing of completion or production."""
    laifeng = {
        word.word: word.means for word in shelf()["laifeng-stages"].vocabularies["stages"].words
    }
    assert laifeng["场地平整完成"] == Stage.LEVELLED
    assert laifeng["基础及围墙等在施工中"] == Stage.UNDER_CONSTRUCTION


def test_the_totals_of_daye_are_kept_as_printed() -> None:
    """The stages add up to 131, the report says 129; nobody mends it (DY-01)."""
    counted = {
        name: parameter.values[0].value
        for name, parameter in shelf()["daye-stages"].parameters.items()
    }
    stated = counted.pop("projects_stated")
    assert stated == 129
    assert sum(value for value in counted.values() if value is not None) == 131


def test_the_two_sub_parks_of_lanzhou_have_no_level_of_the_text() -> None:
    """The text lists them as national and as provincial: a person enters the level (AMB-17)."""
    words = shelf()["lanzhou-2012-148"].vocabularies["parks"].words
    without = {word.word for word in words if word.means is None}
    assert without == {"七里河园区", "安宁园区", "皋兰三川口工业集中区"}
    assert all(word.note for word in words if word.means is None)

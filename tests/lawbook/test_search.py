"""A word of the lawbook is found where it stands, the most telling place first."""

from __future__ import annotations

import time

import pytest

from landwatch.language.terms import PolicyClass
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.passages import Field, Place
from landwatch.lawbook.policy import Policy
from landwatch.lawbook.search import Answer, Library
from landwatch.lawbook.shelf import shelf
from landwatch.lawbook.template import policy_template


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(shelf().values())


def found(answer: Answer) -> set[tuple[str, str]]:
    return {(hit.policy.id, hit.name) for hit in answer.hits}


def marked(answer: Answer) -> set[str]:
    return {
        snippet.text[start:end]
        for hit in answer.hits
        for snippet in hit.snippets
        for start, end in snippet.marks
    }


def made_up(number: int, title: str, word: str = "普通") -> Policy:
    """Return a policy of its own id, title and document number."""
    text = policy_template(f"city-{number}")
    text = text.replace("某市工业用地投资强度管理办法（样本）", title)
    return read_policy(text.replace("另行制定", f"另行{word}制定"), "x.yaml")


@pytest.mark.parametrize(
    "word", ["闲置", "闲", "动工开发", "INTENSITY", "intensity", "兰政发〔2012〕148号"]
)
def test_every_place_that_is_found_holds_the_word(library: Library, word: str) -> None:
    answer = library.search([word], limit=1000)
    assert answer.total == len(answer.hits) > 0
    assert {text.casefold() for text in marked(answer)} == {word.casefold()}


def test_a_word_that_nobody_wrote_is_nowhere(library: Library) -> None:
    for words in (["麒麟"], ["闲置", "麒麟"], [], ["  "], ["%" * 40], ["'; DROP TABLE x"]):
        assert library.search(words).hits == ()


def test_all_words_must_stand_in_the_policy_and_the_fullest_places_are_named(
    library: Library,
) -> None:
    answer = library.search(["闲置", "25%"], limit=100)
    assert ("order-53-2012", "O53.B") in found(answer)
    assert ("lanzhou-2012-148", "LZ.STALLED") in found(answer)
    # Rules on idle land that say nothing of a quarter are not named.
    assert ("order-53-2012", "O53.A2") not in found(answer)
    assert library.search(["闲置 25%"], limit=100) == answer


def test_a_share_in_figures_finds_its_numerals_and_full_width_is_half_width(
    library: Library,
) -> None:
    assert "百分之二十五" in marked(library.search(["25%"], limit=100))
    assert found(library.search(["２５％"])) == found(library.search(["25%"]))
    assert "三分之一" in marked(library.search(["1/3"], limit=100))


@pytest.mark.parametrize(
    ("asked", "text", "held"),
    [
        ("25", "不足25%", True),
        ("25", "不足125%", False),
        ("25", "不足250万元", False),
        ("25", "不足0.25", False),
        ("25", "不足25.5", False),
        ("25", "第25.", True),
        ("0.25", "比例0.25。", True),
        ("tax", "the tax is due", True),
        ("tax", "a syntax", False),
        ("tax", "TAXES", True),
        ("万元/亩", "250万元／亩", True),
        ("投资强度", "投资 强\n度", True),
        ("no delay", "there is No delay here", True),
    ],
)  # fmt: skip
def test_a_number_is_found_whole_and_a_latin_word_from_its_beginning(
    asked: str, text: str, held: bool
) -> None:
    policy = made_up(1, text)
    hits = Library([policy]).search([asked] if " " not in asked else asked.split()).hits
    titles = [
        snippet
        for hit in hits
        for snippet in hit.snippets
        if hit.place is Place.POLICY and snippet.passage.field is Field.NAME
        and snippet.passage.text == " ".join(text.split())
    ]  # fmt: skip
    assert bool(titles) is held


def test_the_title_comes_before_the_clause_and_the_clause_before_a_note() -> None:
    named = made_up(1, "麒麟管理办法")
    cited = made_up(2, "普通办法", word="麒麟")
    noted = made_up(3, "普通办法")
    noted_text = noted.text.replace("样本：供地一年内开工", "麒麟：供地一年内开工")
    noted = read_policy(noted_text, "x.yaml")
    hits = Library([noted, cited, named]).search(["麒麟"]).hits
    assert hits[0].policy.id == "city-1"
    assert hits[-1].policy.id == "city-3"
    fields = [hit.snippets[0].passage.field for hit in hits]
    assert fields == sorted(fields, key=lambda field: -field.weight)
    cited_by = {(snippet.passage.article, snippet.passage.row)
                for hit in hits if hit.policy.id == "city-2"
                for snippet in hit.snippets if snippet.passage.field is Field.CLAUSE}  # fmt: skip
    assert cited_by == {("第五条", "样本-3")}


def test_a_class_narrows_the_hits_and_the_counts_stay_of_all(library: Library) -> None:
    every = library.search(["土地"], limit=1000)
    assert len(every.classes) > 1
    one = PolicyClass.LAND_LAW
    answer = library.search(["土地"], classes=[one], limit=1000)
    assert answer.classes == every.classes
    assert {hit.policy.policy_class for hit in answer.hits} == {one}
    assert answer.total == sum(hit.policy.policy_class is one for hit in every.hits)


def test_the_limit_cuts_the_list_and_not_the_count(library: Library) -> None:
    every = library.search(["土地"], limit=1000)
    first = library.search(["土地"], limit=3)
    assert first.hits == every.hits[:3]
    assert first.total == every.total > 3


def test_vocabularies_parameters_and_empty_slots_are_searched_too(library: Library) -> None:
    places = {hit.place for hit in library.search(["土地"], limit=1000).hits}
    places |= {hit.place for hit in library.search(["停产"], limit=1000).hits}
    assert places == set(Place)
    answer = Library([made_up(1, "办法")]).search(["penalty_per_mu"])
    assert [(hit.place, hit.name) for hit in answer.hits] == [(Place.PARAMETER, "penalty_per_mu")]
    assert Library([made_up(1, "办法")]).search(["见市自然资源局"]).hits[0].name == "penalty_per_mu"


def test_a_thousand_policies_are_searched_in_a_blink() -> None:
    """1,300 policies, as many as the Harbin library held: 6 to 44 ms of processor measured."""
    first = made_up(0, "某市办法")
    library = Library([first] * 1299 + [made_up(1, "麒麟办法")])
    for words in (["麒麟"], ["样本", "300"], ["投资强度"], ["开"]):
        best = min(_seconds(library, words) for _ in range(3))
        assert best < 0.25, words


def _seconds(library: Library, words: list[str]) -> float:
    """Return the processor's time: other work on the machine does not count."""
    begun = time.process_time()
    library.search(words)
    return time.process_time() - begun

"""One act has one word: a run of the rules is 核对, its day 核对日, its number 第 N 次核对.

In English it is a scan. 核查 is the inspector's visit to the site; 检查 is left for the everyday
"look at" (请检查磁盘) and for documents that say so. 扫描 was the computer's own word: retired.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from landwatch.language.catalogue import catalogue
from landwatch.lawbook.policy import About
from landwatch.lawbook.vocabulary import scope_of_facts

RETIRED = {
    "zh": {
        "扫描": "核对",
        "检查日(?!期)": "核对日",
        "次检查": "次核对",
        "检查结果": "核对结果",
        "检查编?号": "核对编号",
        "重新检查": "重新核对",
        "[本这]次核查(?!已经登记)": "…次核对，核查是到现场",
        r"第 ?(\d+|\{\w+\}) ?次核查": "第 N 次核对，核查是到现场",
    },
    "en": {
        r"\b[Ss]can day\b": "day of the scan",
        r"\b[Cc]heck(ing)? day\b": "day of the scan",
        r"\binspection (no\.?|number) \{": "scan {…}",
    },
}
DOCUMENTS = ("README.md", "data/README.md", "maps/README.md")


def retired_words(text: str, lang: str) -> dict[str, str]:
    """Return the retired words that a text still says, each with the word that took its place."""
    return {
        found.group(): word
        for pattern, word in RETIRED[lang].items()
        if (found := re.search(pattern, text))
    }


def documents(root: Path) -> list[Path]:
    """Return the pages that users read."""
    return [*(root / name for name in DOCUMENTS), *sorted((root / "docs").glob("*.md"))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("扫描 3：截至今天", {"扫描": "核对"}),
        ("距检查日 76 天", {"检查日": "核对日"}),
        ("第 3 次检查", {"次检查": "次核对"}),
        ("请检查磁盘；检查日期", {}),
        ("第 3 次核对，现场核查", {}),
    ],
)
def test_a_retired_word_is_found_and_everyday_words_are_left(
    text: str, said: dict[str, str]
) -> None:
    assert retired_words(text, "zh") == said


@pytest.mark.parametrize("lang", sorted(RETIRED))
def test_no_sentence_says_a_retired_word(lang: str) -> None:
    stale = {key: retired_words(texts[lang], lang) for key, texts in catalogue().items()}
    assert {key: words for key, words in stale.items() if words} == {}


def test_no_page_for_users_says_a_retired_word(root: Path) -> None:
    stale = {
        path.name: words
        for path in documents(root)
        if (words := retired_words(path.read_text("utf-8"), "zh"))
    }
    assert stale == {}


def test_cases_and_modules_say_no_retired_word(root: Path) -> None:
    """Policies' cases are read by inspectors; a module's Chinese may reach a screen."""
    kept = {"vocabulary.py", "synonyms.py", "0001_first_tables.py"}
    stale = {
        path.relative_to(root).as_posix(): words
        for suffix in ("py", "yaml", "js", "html")
        for path in sorted((root / "landwatch").rglob(f"*.{suffix}"))
        if path.name not in kept and path.parent.name != "words"
        if (words := retired_words(path.read_text("utf-8"), "zh"))
    }
    assert stale == {}


def test_a_policy_written_with_the_retired_name_of_the_day_is_still_read() -> None:
    for about in About:
        assert {scope_of_facts(about).canonical(name) for name in ("核对日", "扫描日")} == {"as_of"}

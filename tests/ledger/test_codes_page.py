"""The page of import codes is what the program says."""

from __future__ import annotations

from pathlib import Path

import pytest

from landwatch.ledger.codes_page import pages
from landwatch.ledger.issues import IssueCode

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("name", "text"), list(pages()), ids=lambda one: str(one)[:20])
def test_the_kept_page_is_the_one_that_would_be_made(name: str, text: str) -> None:
    assert (DOCS / name).read_text("utf-8") == text, "run `make docs`"


def test_every_code_stands_on_the_page_in_both_languages() -> None:
    for _, text in pages():
        for code in IssueCode:
            assert f"| `{code}` |" in text

"""The same, with bytes that coverage leads to: boundary-point text, headers and tables, JSON."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from tests.fuzz.watching import GUIDED, guide


@pytest.mark.slow
@pytest.mark.parametrize("target", GUIDED)
def test_bytes_led_by_coverage_are_refused_in_words_or_taken_row_by_row(
    target: str, tmp_path: Path
) -> None:
    if importlib.util.find_spec("atheris") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("atheris is not there, and CI must have it")
        pytest.skip("atheris is not there: it has no wheel for this system or this Python")
    run = guide(target, 10, 20261122, tmp_path / target)
    assert not run.trouble, run.trouble
    assert run.executions > 100
    assert run.taken > 0
    assert run.growth_mb < 100, run.rss_mb

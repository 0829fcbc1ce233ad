"""Damaged files of every format: no traceback, no hang, no row lost or invented, memory flat.

The fuzzers of the soak (`make soak`), seeded, for twenty seconds and ten.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.watching import damage


@pytest.mark.slow
@pytest.mark.parametrize(("how", "seconds", "least"), [("reader", 20, 40), ("door", 10, 5)])
def test_damaged_files_are_refused_in_words_or_taken_row_by_row(
    how: str, seconds: int, least: int, tmp_path: Path
) -> None:
    run = damage(how, seconds, 20261122, tmp_path / how)
    assert not run.trouble, run.trouble
    assert run.executions >= least, "a fuzzer that tries nothing finds nothing"
    assert 0 < run.taken < run.executions
    assert run.growth_mb < 150, run.rss_mb

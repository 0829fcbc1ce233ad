"""Eight at once (import, scan, review, prune, read): no error shown, no update lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.store.at_once import all_at_once, hold_true

SECONDS = 15.0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_eight_at_once_lose_nothing_and_show_no_error(
    store_url: str, tmp_path: Path, valid: Any
) -> None:
    done = all_at_once(store_url, tmp_path, SECONDS)
    hold_true(store_url, done)
    if "://" not in store_url:
        valid(Path(store_url))

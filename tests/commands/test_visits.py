"""A visit told on the command line speaks in the next scan, and its photo is kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.commands.conftest import Door


def status_of(door: Door, rule: str) -> str:
    (found,) = door.findings("--rule", rule)
    return str(found["status"])


def test_a_visit_changes_the_next_scan_and_no_earlier_one(scanned: Door) -> None:
    assert status_of(scanned, "O53.A2") == "breach"
    visit = ("visit", "C1", "--started", "yes", "--on", "2021-07-31", "--note", "桩基已完成")
    scanned.does(*visit)
    assert status_of(scanned, "O53.A2") == "breach", "a kept scan stays as it was"
    scanned.does("scan", "--as-of", "2021-08-01")
    assert status_of(scanned, "O53.A2") == "compliant"
    (found,) = scanned.findings("--rule", "O53.A2")
    (seen,) = [fact for fact in found["facts"] if fact["name"] == "started"]
    assert seen["value"] in (True, "true", "yes")
    assert status_of_scan(scanned, 1) == "breach"


def status_of_scan(door: Door, scan: int) -> str:
    (found,) = door.findings("--rule", "O53.A2", "--scan", scan)
    return str(found["status"])


def test_the_photo_of_a_visit_is_kept_as_it_was(scanned: Door) -> None:
    photo = Path("现场 1.JPG")
    photo.write_bytes(b"\xff\xd8\xff\xe0 not much of a photo" * 50)
    content = photo.read_bytes()
    visit = ("visit", "C1", "--started", "no", "--on", "2021-07-31", "--photo", photo)
    scanned.does(*visit)
    photo.unlink()
    (kept,) = Path("landwatch-photos").iterdir()
    assert kept.read_bytes() == content
    assert kept.stem == hashlib.sha256(content).hexdigest()[:16]
    assert kept.suffix == ".jpg"


@pytest.mark.parametrize("words", [
    ("C1", "--on", "2999-01-01"), ("C9", "--on", "2021-07-31"),
    ("C1", "--on", "2021-07-31", "--photo", "none.jpg"),
])  # fmt: skip
def test_a_visit_that_cannot_be_leaves_nothing(scanned: Door, words: tuple[str, ...]) -> None:
    before = scanned.store.read_bytes()
    said = scanned("visit", *words, "--started", "no")
    assert said.code in (2, 3)
    assert len(said.err.strip().splitlines()) == 1
    assert scanned.store.read_bytes() == before
    assert not list(Path("landwatch-photos").glob("*"))

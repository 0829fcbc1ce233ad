"""The real files beside the project; their rows name private people and are never quoted here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from landwatch.errors import LandwatchError
from landwatch.language.columns import Kind
from landwatch.ledger import read_ledger

TakeIn: TypeAlias = Callable[..., Any]
CONTRACTS = (Path(__file__).parents[2] / ".." / "shared" / "data" / "contracts").resolve()
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CONTRACTS.is_dir(), reason="the real files are not beside the project"),
]


def test_the_guangdong_file_is_accounted_for(take_in: TakeIn) -> None:
    taken = take_in(Kind.CONTRACTS, CONTRACTS / "anPing" / "DataSupplyResultDetail.csv")
    tally = taken.intake.tally
    assert (tally.rows, tally.refused, tally.adds_up) == (1838, 0, True)
    assert len({record.key for record in taken.records}) == 1838
    started = [record for record in taken.records if "actual_start_on" in record.values]
    assert len(started) == 888
    assert sum(1 for record in taken.records if "actual_completion_on" in record.values) == 317
    bounds = [
        (record.values["agreed_far_min"], record.values["agreed_far_max"])
        for record in taken.records
        if {"agreed_far_min", "agreed_far_max"} <= record.values.keys()
    ]
    assert len(bounds) > 700
    assert all(low <= high for low, high in bounds)


def test_the_seven_workbooks_of_2005_are_accounted_for(take_in: TakeIn) -> None:
    files = sorted((CONTRACTS / "modianor").glob("*.xls"))
    taken = [take_in(Kind.CONTRACTS, file) for file in files]
    tallies = [each.intake.tally for each in taken]
    assert len(files) == 7
    assert all(tally.adds_up for tally in tallies)
    assert sum(tally.rows for tally in tallies) == 16_193
    assert sum(tally.duplicates for tally in tallies) == 1_238
    assert sum(tally.refused for tally in tallies) == 3
    named = [issue for each in taken for issue in each.issues if issue.code == "duplicate_row"]
    assert len(named) == 1_238
    assert all(issue.row and issue.values["before"] for issue in named)


def test_the_workbooks_of_2007_are_read_and_the_shifted_header_is_seen(take_in: TakeIn) -> None:
    files = sorted((CONTRACTS / "YuhangTsim").glob("*.xls"))
    taken = [take_in(Kind.CONTRACTS, file) for file in files]
    assert sum(each.intake.tally.rows for each in taken) == 225
    assert all(each.intake.tally.adds_up for each in taken)
    shifted = [each for each in taken if "header_gap" in each.codes]
    assert len(shifted) == 1
    assert all("industry_code" not in record.values for record in shifted[0].records)


def test_every_other_file_is_read_or_refused_with_a_reason() -> None:
    files = sorted((CONTRACTS / "anPing").glob("*.csv"))
    assert len(files) == 31
    read = 0
    for file in files:
        try:
            intake = read_ledger(Kind.CONTRACTS, file)
            for _ in intake.batches():
                pass
        except LandwatchError as error:
            assert error.in_words("zh")
        else:
            read += 1
            assert intake.tally.adds_up
    assert read >= 4

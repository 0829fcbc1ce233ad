"""The lawbook's verbs in hostile and clumsy hands: words, and a store left as it was."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tests.commands.conftest import CONTRACT, Door
from tests.lawbook.small_policy import CASES, POLICY, with_changes

SMALL = "small-2020"


@pytest.fixture
def held(ready: Door) -> Door:
    """A store with one contract, and the small policy in a file beside it."""
    ready.takes("contracts", Path("contracts.csv"), [{**CONTRACT, "supplied_on": "2018-06-30"}])
    Path("small.yaml").write_text(POLICY, "utf-8")
    return ready


def print_of(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def test_a_map_is_never_written_over_the_store_or_a_ledger(held: Door) -> None:
    held.does("scan", "--as-of", "2021-08-01")
    for place in (held.store, Path("contracts.csv")):
        before = print_of(place)
        for words in (
            ("map", place),
            ("policy", "whatif", "order-53-2012", "stalled_years=2", "--map", place),
            ("policy", "whatif", "order-53-2012", "stalled_years=2", "-o", place),
        ):
            said = held(*words)
            assert said.code == 2, said.out
            assert place.name in said.err
            assert print_of(place) == before


def test_overlapping_adoptions_hold_together_and_a_drop_ends_both(held: Door) -> None:
    held.does("policy", "adopt", "small.yaml", "--from", "2021-01-01", "--to", "2021-12-31")
    said = held.does("policy", "adopt", "small.yaml", "--from", "2021-06-01", "--lang", "en")
    assert "any of" in said.err
    held.does("policy", "drop", SMALL)
    rows = held.does("policy", "list", "--json").rows
    assert next(row for row in rows if row["id"] == SMALL)["adopted_for"] == []
    acts = held.does("policy", "list", "--history", "--json").rows
    assert [act["act"] for act in acts if act["policy"] == SMALL and act["act"] == "adopt"] == [
        "adopt", "adopt",
    ]  # fmt: skip


def test_a_scan_is_explained_by_its_law_after_the_text_was_changed_and_dropped(
    held: Door,
) -> None:
    held.does("policy", "adopt", "small.yaml")
    held.does("scan", "--as-of", "2021-08-01")
    Path("small.yaml").write_text(with_changes(POLICY, (": 100}", ": 200}")), "utf-8")
    held.does("policy", "adopt", "small.yaml")
    held.does("policy", "drop", SMALL)
    Path("small.yaml").unlink()
    said = held.does("explain", CONTRACT["contract_id"], "SMALL.FLOOR", "--lang", "en").out
    assert "least intensity 100 万元/亩" in said
    assert "200" not in said


def test_a_name_of_the_engine_s_is_refused_at_every_verb_and_nothing_is_stored(
    held: Door,
) -> None:
    text = POLICY.replace("floor:", "found_measured:").replace("= floor", "= found_measured")
    text = text.replace("< floor", "< found_measured").replace(": floor", ": found_measured")
    Path("shadow.yaml").write_text(text, "utf-8")
    before = print_of(held.store)
    for words in (("check",), ("test",), ("show",), ("adopt",)):
        said = held("policy", *words, "shadow.yaml")
        assert said.code == 3, said.err
        assert "found_measured" in said.out + said.err
    assert print_of(held.store) == before


@pytest.mark.parametrize(
    "asked", ["", " ", "[", "(", "\\", "'", "%_", ".*", "\x1b[31m", "投" * 9999]
)
def test_a_search_takes_any_sign_as_it_is(held: Door, asked: str) -> None:
    said = held.does("policy", "search", asked)
    assert "Traceback" not in said.out + said.err
    assert "\x1b[31m" not in said.out + said.err


HOSTILE = [
    "=", "a=", "x'; DROP=1", "[red]x=1", "../x=1", ".warn_days=1", "stalled_years=NaN",
    "stalled_years=-1", "stalled_years=1e9", "stalled_years=1/3", "stalled_years.x=1",
    "stalled_years=" + "9" * 30,
]  # fmt: skip


@pytest.mark.parametrize("setting", HOSTILE)
def test_what_cannot_be_supposed_writes_nothing(held: Door, setting: str) -> None:
    before = print_of(held.store)
    said = held("policy", "whatif", "order-53-2012", setting)
    assert said.code == 2, said.out
    assert "Traceback" not in said.err
    assert print_of(held.store) == before


@pytest.mark.parametrize(
    "change",
    [
        ("policy: small-2020", "policy: order-53-2012"),
        ("fixed_assets_wan: 999}", "fixed_asets_wan: 999}"),
        ('area_mu: "10"', "area_mu: ten"),
        ("as_of: 2022-01-01", "as_of: 2022-02-30"),
        ("shows: below", "shows: [below]"),
        ("rule: SMALL.FLOOR", "rule: SMALL.FLOR"),
    ],
    ids=["another policy's", "no such column", "no number", "no day", "a list", "no such rule"],
)
def test_cases_that_cannot_be_are_refused_with_their_place(
    held: Door, change: tuple[str, str]
) -> None:
    Path("small.cases.yaml").write_text(with_changes(CASES, change), "utf-8")
    said = held("policy", "test", "small.yaml")
    assert said.code == 3, said.out
    assert "small.cases.yaml" in said.err
    assert "Traceback" not in said.err

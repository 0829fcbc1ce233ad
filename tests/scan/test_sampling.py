"""The lot: fair, the same for the same seed, none left out, none beyond what there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landwatch.errors import UsageError
from landwatch.language.terms import AuditClass, Status
from landwatch.lawbook.policy import About
from landwatch.scan.kept import KeptOutcomes
from landwatch.scan.sampling import (
    CLASS_OF,
    Design,
    Drawn,
    Stratum,
    allocated,
    draw,
    places_drawn,
    strata_of,
)

ROW = ("contract_id", "zone_id", "status", "reason", "to_verify")


def outcomes(
    rule: str, rows: Sequence[tuple[str, str, str | None, bool]], about: About = About.CONTRACT
) -> KeptOutcomes:
    """Return the outcomes of a rule: subject, status, reason and whether a visit could settle."""
    park = about is About.PARK
    told = [(None if park else s, s if park else "Z", *rest) for s, *rest in rows]
    columns = {name: [row[at] for row in told] for at, name in enumerate(ROW)}
    schema = pa.schema([(name, pa.bool_() if name == "to_verify" else pa.string()) for name in ROW])
    return KeptOutcomes(rule, "p", pa.table(columns, schema), about)


def quiet(rule: str, count: int) -> KeptOutcomes:
    return outcomes(rule, [(f"C{n:05}", "compliant", None, False) for n in range(count)])


def test_every_status_has_a_class() -> None:
    assert set(CLASS_OF) == set(Status)


def test_each_outcome_stands_in_one_stratum_and_a_choice_of_people_in_none() -> None:
    rows = [
        ("a", "breach", None, False), ("b", "due_soon", None, False), ("c", "exempt", None, False),
        ("d", "unknown", "missing:started", True), ("e", "unknown", "missing:x", False),
        ("f", "not_applicable", "instrument", False), ("g", "compliant", None, False),
        ("h", "not_due", None, False), ("i", "not_applicable", "not_adopted", False),
    ]  # fmt: skip
    sizes = {key.of: size for key, size in strata_of([outcomes("R", rows)]).items()}
    assert sizes == {
        AuditClass.ACCUSED: 1, AuditClass.ATTENTION: 3, AuditClass.QUIET: 2, AuditClass.ASIDE: 2,
    }  # fmt: skip
    drawn = draw(lambda: [outcomes("R", rows)], Design(1, size=100))
    assert sorted(one.contract_id or "" for one in drawn) == list("abcdefgh")


def test_the_same_seed_draws_the_same_whatever_the_order_of_the_rows() -> None:
    rows = [(f"C{n:04}", "compliant", None, False) for n in range(500)]
    turned = [*rows[250:], *rows[:250]]

    def chosen(seed: int, of: Sequence[tuple[str, str, str | None, bool]]) -> list[str | None]:
        drawn = draw(lambda: [outcomes("R", of)], Design(seed, size=20))
        return [one.contract_id for one in drawn]

    assert chosen(7, rows) == chosen(7, turned)
    assert chosen(7, rows) != chosen(8, rows)
    assert chosen(7, rows) == sorted(set(chosen(7, rows)), key=str)


def test_the_lot_is_kept_for_ever() -> None:
    """An auditor who draws again years later, elsewhere, must get these."""
    assert places_drawn(20260301, "O53.A1|quiet", 1000, 6) == GOLDEN


GOLDEN = [264, 355, 435, 501, 509, 686]


def test_a_rule_about_parks_is_drawn_by_its_parks() -> None:
    rows: list[tuple[str, str, str | None, bool]] = [
        (f"Z{n}", "breach", None, False) for n in range(9)
    ]
    drawn = draw(lambda: [outcomes("P", rows, About.PARK)], Design(1, size=4))
    assert len({one.zone_id for one in drawn}) == 4
    assert {one.contract_id for one in drawn} == {None}
    assert drawn[0] == Drawn(
        "P", None, drawn[0].zone_id, "breach", None, Stratum("P", AuditClass.ACCUSED), 9
    )


SIZES = st.dictionaries(
    st.builds(Stratum, st.sampled_from(["A", "B", "C"]), st.sampled_from(AuditClass)),
    st.integers(1, 5_000),
    min_size=1,
)


@settings(max_examples=80)
@given(SIZES, st.integers(12, 400))
def test_every_stratum_is_drawn_from_and_none_beyond_its_size(
    sizes: dict[Stratum, int], total: int
) -> None:
    shares = allocated(sizes, Design(1, size=total))
    assert shares.keys() == sizes.keys()
    assert all(1 <= shares[one] <= size for one, size in sizes.items())
    assert sum(shares.values()) == min(total, sum(sizes.values()))


@given(SIZES, st.integers(4, 80))
def test_per_rule_each_rule_gets_its_number(sizes: dict[Stratum, int], wanted: int) -> None:
    shares = allocated(sizes, Design(1, per_rule=wanted))
    for rule in {one.rule for one in sizes}:
        there = sum(size for one, size in sizes.items() if one.rule == rule)
        given_ = sum(share for one, share in shares.items() if one.rule == rule)
        assert given_ == min(wanted, there)


def test_a_sample_too_small_for_its_strata_is_refused_with_the_number_needed() -> None:
    sizes = {Stratum(rule, AuditClass.QUIET): 10 for rule in "ABCDE"}
    with pytest.raises(UsageError) as caught:
        allocated(sizes, Design(1, size=4))
    assert caught.value.values == {"size": 4, "strata": 5}


def test_accusations_and_passes_are_drawn_more_densely() -> None:
    sizes = {Stratum("R", of): 1_000 for of in AuditClass}
    shares = {one.of: share for one, share in allocated(sizes, Design(1, size=60)).items()}
    assert shares[AuditClass.ACCUSED] == shares[AuditClass.QUIET] == 20
    assert shares[AuditClass.ATTENTION] == shares[AuditClass.ASIDE] == 10


def test_every_outcome_is_as_likely_as_any_other() -> None:
    """Over 4,000 seeds each of 20 places is drawn about 1,000 times (chi-square, 19 degrees)."""
    hits = Counter(place for seed in range(4_000) for place in places_drawn(seed, "R|quiet", 20, 5))
    statistic = sum((hits[place] - 1_000) ** 2 / 1_000 for place in range(20))
    assert statistic < 43.8, "one in a thousand, and the seeds are fixed"


def test_large_and_small_strata_of_several_rules_are_drawn_together() -> None:
    every = [quiet("A", 3), quiet("B", 4_000), quiet("C", 40)]
    drawn = draw(lambda: every, Design(3, size=30))
    by_rule = Counter(one.rule for one in drawn)
    assert by_rule["A"] == 3 and by_rule["B"] > by_rule["C"] >= 3
    assert sum(by_rule.values()) == 30
    assert {one.stratum_size for one in drawn if one.rule == "B"} == {4_000}

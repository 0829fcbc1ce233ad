"""A policy speaks where it is adopted: inside, outside, and where the ledger leaves it open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landwatch.language.columns import Kind
from landwatch.lawbook.draft import read_policy
from landwatch.scan.account import account, scope_of
from landwatch.scan.adoption import Adoption, adoption_on
from landwatch.scan.dossier import Ledger
from landwatch.scan.run import Adopted, decide
from landwatch.store import Scope
from tests.scan.own_city import OWN_CITY, OWN_PARK
from tests.scan.worked import table_of

POLICY = read_policy(OWN_CITY + OWN_PARK, "own-city-2024.yaml")
AS_OF = date(2024, 6, 30)
Row = Mapping[str, Any]


def ledger_of(
    contracts: Sequence[Row], zones: Sequence[Row] = (), parcels: Sequence[Row] = ()
) -> Ledger:
    rows = {Kind.CONTRACTS: contracts, Kind.ZONES: zones, Kind.PARCELS: parcels}
    return Ledger(
        {kind: table_of(kind, [dict(row) for row in rows.get(kind, ())]) for kind in Kind}
    )


def rows_of(ledger: Ledger, adoption: Adoption, rule: str = "OWN.START") -> list[dict[str, Any]]:
    found = decide(ledger, [Adopted(POLICY, adoption)], AS_OF)
    rows: list[dict[str, Any]] = next(
        one.table.to_pylist() for one in found if one.rule.code == rule
    )
    return rows


def answers(ledger: Ledger, adoption: Adoption, rule: str = "OWN.START") -> dict[str, str]:
    """Return for each contract (or park) whether the policy speaks, or why that is open."""
    said = {}
    for row in rows_of(ledger, adoption, rule):
        subject = row["contract_id"] or row["zone_id"]
        if row["adopted"] is None:
            assert row["status"] == "unknown" and not row["to_verify"]
            said[subject] = row["reason"]
        else:
            assert row["adopted"] is (row["reason"] != "not_adopted")
            assert row["adopted"] or row["status"] == "not_applicable"
            said[subject] = "speaks" if row["adopted"] else "silent"
    return said


def spoken(adoption: Adoption, contract: Row, zone: Row | None = None) -> str:
    """Return the answer for one contract, in the one zone of the ledger where one is told."""
    zones = [{"zone_id": "Z", **zone}] if zone is not None else []
    told = {"contract_id": "X", **({"zone_id": "Z"} if zone is not None else {}), **contract}
    return answers(ledger_of([told], zones), adoption)["X"]


NATIONAL = Adoption(False, levels=frozenset({"national"}))


@pytest.mark.parametrize(
    ("zone", "answer"),
    [
        ({"level": "national"}, "speaks"),
        ({"level": "provincial"}, "silent"),
        ({"level": "county"}, "silent"),
        ({}, "missing:level"),
        (None, "silent"),
    ],
    ids=["inside", "below", "further below", "not told", "in no zone"],
)
def test_a_policy_for_a_level_speaks_in_the_zones_of_that_level(
    zone: Row | None, answer: str
) -> None:
    assert spoken(NATIONAL, {}, zone) == answer


def test_a_zone_that_the_ledger_does_not_know_has_a_level_not_told() -> None:
    assert spoken(NATIONAL, {"zone_id": "ELSEWHERE"}) == "missing:level"


@pytest.mark.parametrize(
    ("adcode", "answer"),
    [
        ("620102", "speaks"),
        ("620102003", "speaks"),
        ("620102003000", "speaks"),
        ("620100", "speaks"),
        ("620200", "silent"),
        ("630100", "silent"),
        ("620000", "missing:adcode"),
        ("62", "missing:adcode"),
        ("63", "silent"),
        ("兰州市", "missing:adcode"),
        (None, "missing:adcode"),
    ],
)
def test_a_policy_for_a_city_speaks_of_what_lies_in_it(adcode: str | None, answer: str) -> None:
    assert spoken(Adoption(False, divisions=frozenset({"6201"})), {"adcode": adcode}) == answer


@pytest.mark.parametrize(
    ("adcode", "of_zone", "answer"),
    [
        (None, "620102", "speaks"),
        (None, "620200", "silent"),
        ("620102", "620200", "speaks"),
        ("620200", "620102", "silent"),
        (None, None, "missing:adcode"),
    ],
)
def test_a_contract_without_a_division_has_that_of_its_zone(
    adcode: str | None, of_zone: str | None, answer: str
) -> None:
    city = Adoption(False, divisions=frozenset({"6201"}))
    assert spoken(city, {"adcode": adcode}, {"adcode": of_zone}) == answer


@pytest.mark.parametrize(
    ("levels", "answer"),
    [
        (("national", "national"), "speaks"),
        (("national", "county"), "missing:zone_id"),
        (("county", "county"), "silent"),
        (("county", None), "missing:zone_id"),
    ],
    ids=str,
)
def test_parcels_in_several_zones_are_judged_by_what_those_zones_have_in_common(
    levels: Sequence[str | None], answer: str
) -> None:
    zones = [{"zone_id": f"Z{n}", "level": level} for n, level in enumerate(levels)]
    parcels = [{"parcel_id": f"P{n}", "zone_id": f"Z{n}"} for n in range(len(levels))]
    ledger = ledger_of([{"contract_id": "X", "parcel_id": "P0;P1"}], zones, parcels)
    assert answers(ledger, NATIONAL) == {"X": answer}
    assert answers(ledger, Adoption(False, frozenset({"Z0"}))) == {"X": "missing:zone_id"}
    assert answers(ledger, Adoption(False, frozenset({"Z0", "Z1"}))) == {"X": "speaks"}
    assert answers(ledger, Adoption(False, frozenset({"Z2"}))) == {"X": "silent"}


def test_several_adoptions_are_alternatives() -> None:
    either = Adoption(False, frozenset({"A"}), frozenset({"national"}), frozenset({"6201"}))
    assert spoken(either, {"zone_id": "A"}) == "speaks"
    assert spoken(either, {"adcode": "620102"}, {}) == "speaks"
    assert spoken(either, {"adcode": "630102"}, {"level": "national"}) == "speaks"
    assert spoken(either, {"adcode": "630102"}, {"level": "county"}) == "silent"
    assert spoken(either, {"adcode": "630102"}, {}) == "missing:level"
    assert spoken(either, {}, {"level": "county"}) == "missing:adcode"


def test_a_rule_about_parks_speaks_of_the_parks_in_its_scope() -> None:
    zones = [
        {"zone_id": "N", "level": "national", "adcode": "620102"},
        {"zone_id": "C", "level": "county", "adcode": "630102"},
        {"zone_id": "?"},
    ]
    ledger = ledger_of([], zones)
    told = {"?": "missing:level", "C": "silent", "N": "speaks"}
    assert answers(ledger, NATIONAL, "OWN.PARK") == told
    city = Adoption(False, divisions=frozenset({"6201"}))
    assert answers(ledger, city, "OWN.PARK") == told | {"?": "missing:adcode"}
    assert answers(ledger, Adoption(False, frozenset({"C"})), "OWN.PARK") == {
        "?": "silent", "C": "speaks", "N": "silent"
    }  # fmt: skip
    assert set(answers(ledger, Adoption(True), "OWN.PARK").values()) == {"speaks"}


def test_an_adoption_holds_on_its_first_and_its_last_day() -> None:
    first, last = date(2020, 1, 1), date(2022, 12, 31)
    scopes = [Scope("Z", holds_from=first, holds_to=last)]
    one_day = timedelta(days=1)
    days = [first - one_day, first, last, last + one_day]
    assert [bool(adoption_on(scopes, day).zones) for day in days] == [False, True, True, False]
    assert adoption_on([Scope(holds_from=first)], date.max).everywhere
    assert adoption_on([Scope(holds_to=last)], date.min).everywhere
    assert adoption_on([], first) == Adoption(False)
    both = [Scope(level="county", holds_to=last), Scope(division="62", holds_from=last)]
    assert adoption_on(both, last) == Adoption(
        False, levels=frozenset({"county"}), divisions=frozenset({"62"})
    )


zone_names, codes = ("Z1", "Z2", "Z3"), ("62", "6201", "620102", "6301")
some_levels = st.sampled_from([None, "national", "county"])
some_codes = st.sampled_from([None, "620102", "620100", "620000", "630102", "不详"])
adoptions = st.builds(
    Adoption,
    st.sampled_from([False, False, False, True]),
    st.frozensets(st.sampled_from(zone_names)),
    st.frozensets(st.sampled_from(["national", "county"])),
    st.frozensets(st.sampled_from(codes)),
)
contracts_of_any_kind = st.lists(
    st.tuples(st.lists(st.sampled_from(zone_names), max_size=2, unique=True), some_codes),
    min_size=1,
    max_size=6,
)


def expected(
    adoption: Adoption, zones: Sequence[str], adcode: str | None, known: Mapping[str, Row]
) -> set[str]:
    """Return the answers that stand open, worked out by trying each zone and each fact."""
    worlds: list[str | None] = [*zones] or [None]
    answers = set()
    for zone in worlds:
        levels = [known[zone]["level"]] if zone else []
        if levels == [None]:
            levels = ["national", "provincial", "county"]
        code = adcode or (known[zone]["adcode"] if zone and len(zones) == 1 else None)
        for level in levels or [None]:
            for full in possible(code):
                answers.add(
                    adoption.everywhere
                    or zone in adoption.zones
                    or level in adoption.levels
                    or any(full.startswith(prefix) for prefix in adoption.divisions)
                )
    return {"speaks" if answer else "silent" for answer in answers}


def possible(code: str | None) -> list[str]:
    """Return full codes that a told one may mean."""
    every = ["620102", "620103", "620202", "630102", "630202", "640102"]
    if code is None or not code.isdecimal():
        return every
    prefix = code.removesuffix("0000") if code.endswith("0000") else code.removesuffix("00")
    return [full for full in every if full.startswith(prefix)]


@settings(max_examples=10)
@given(adoptions, contracts_of_any_kind, st.data())
def test_a_scope_is_decided_where_every_possible_world_agrees_and_open_elsewhere(
    adoption: Adoption, told: list[tuple[list[str], str | None]], data: st.DataObject
) -> None:
    zones = {
        name: {"zone_id": name, "level": data.draw(some_levels), "adcode": data.draw(some_codes)}
        for name in zone_names
    }
    parcels = [{"parcel_id": f"P-{name}", "zone_id": name} for name in zone_names]
    contracts = [
        {"contract_id": f"C{n}", "adcode": code, "parcel_id": ";".join(f"P-{z}" for z in within)}
        for n, (within, code) in enumerate(told)
    ]
    found = answers(ledger_of(contracts, list(zones.values()), parcels), adoption)
    for n, (within, code) in enumerate(told):
        worlds, answer = expected(adoption, within, code, zones), found[f"C{n}"]
        if answer.startswith("missing:"):
            kinds = [kind for kind in (adoption.zones, adoption.levels, adoption.divisions) if kind]
            assert len(worlds) == 2 or len(kinds) > 1, "it is open only where worlds differ"
        else:
            assert worlds == {answer}


def test_an_outcome_is_accounted_for_as_it_was_kept() -> None:
    rule = POLICY.rule("OWN.START")
    assert rule is not None
    ledger = ledger_of(
        [{"contract_id": "A", "zone_id": "Z"}, {"contract_id": "B"}], [{"zone_id": "Z"}]
    )
    for row in rows_of(ledger, NATIONAL):
        facts: dict[str, Any] = {
            "supplied_on": None, "start_shown": None, "started_by_on": None, "unreadable": ""
        }  # fmt: skip
        taken = account(POLICY, rule, facts, AS_OF, adopted=scope_of(row), scope_open=row["reason"])
        assert (taken.status, taken.reason) == (row["status"], row["reason"])
        assert taken.rungs == ()


@pytest.mark.parametrize(
    ("reason", "adopted"),
    [("not_adopted", False), ("missing:zone_id", None), ("missing:level", True), (None, True)],
)
def test_a_scan_kept_before_scopes_says_it_by_its_reason(
    reason: str | None, adopted: bool | None
) -> None:
    assert scope_of({"reason": reason}) is adopted

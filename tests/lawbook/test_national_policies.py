"""What the national policies leave empty works once a person fills it in, and until then is blank.

The worked cases hold the rules as they are shipped; here a slot is filled as a reader would, in the
text of the policy, so that no comparison behind an empty slot goes untried.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from landwatch.lawbook.cases import read_cases
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.policy import Force, Policy, Serves
from landwatch.lawbook.shelf import shelf
from landwatch.scan.trial import try_cases

CI = "industrial-indicators-2008"
MAKER = (
    'signed_on: 2015-03-01, agreed_completion_on: 2017-12-31, area_m2: "10000",'
    ' industry_code: "3411", industry_edition: "2002"'
)


def filled(policy_id: str, parameter: str, blank: str, told: str) -> Policy:
    """Return a policy of the shelf with the empty slot of a parameter filled in."""
    before, name, after = shelf()[policy_id].text.partition(f"\n  {parameter}:\n")
    assert name and blank in after
    return read_policy(before + name + after.replace(blank, told, 1), "filled.yaml")


def found(policy: Policy, rule: str, as_of: str, *, expect: str, **ledger: str) -> Any:
    """Return how the two engines decide one contract, after they came to what is expected."""
    rows = "".join(f"\n    {kind}: {row}" for kind, row in ledger.items())
    told = read_cases(
        f"policy: {policy.id}\ncases:\n  - id: 一例\n    rule: {rule}\n    shows: other\n"
        f"    as_of: {as_of}{rows}\n    expect: {{{expect}}}\n",
        "one.yaml",
    )
    (tried,) = try_cases([(policy, told)])
    assert tried.differences == ()
    return tried.taken


GREEN = [
    pytest.param("2018-06-01", "2018-06-01", 1999, "status: compliant", id="under the limit"),
    pytest.param("2018-06-01", "2018-06-01", 2000, "status: compliant", id="exactly the limit"),
    pytest.param(
        "2018-06-01",
        "2018-06-01",
        2001,
        'status: breach, measured: "0.2001", threshold: "0.2", days_past: 152, remedies: [rectify]',
        id="over the limit",
    ),
    pytest.param("2017-10-02", "2017-10-02", 100, "status: due_soon", id="never met early"),
    pytest.param("2017-10-01", "2017-10-01", 9000, "status: not_due", id="over it before its day"),
    pytest.param(
        "2018-06-01",
        "2017-12-31",
        100,
        'status: unknown, reason: "stale:observed_on=2017-12-31", to_verify: true',
        id="seen within it on the day itself",
    ),
    pytest.param(
        "2018-06-01",
        "2017-12-31",
        9000,
        'status: unknown, reason: "stale:observed_on=2017-12-31", to_verify: true',
        id="seen over it on the day itself",
    ),
]


@pytest.mark.parametrize(("as_of", "seen", "green", "expect"), GREEN)
def test_the_green_share_is_an_upper_limit_once_it_is_filled_in(
    as_of: str, seen: str, green: int, expect: str
) -> None:
    found(
        filled(CI, "max_green_share", "always: ", "always: 0.20"),
        "CI.GREEN",
        as_of,
        contract=f"{{{MAKER}}}",
        progress=f'[{{observed_on: {seen}, source: inspection, green_area_m2: "{green}"}}]',
        expect=expect,
    )


def test_a_green_share_that_cannot_be_worked_out_is_unknown() -> None:
    policy = filled(CI, "max_green_share", "always: ", "always: 0.20")
    found(
        policy,
        "CI.GREEN",
        "2018-06-01",
        contract=f"{{{MAKER}}}",
        progress="[]",
        expect='status: unknown, reason: "missing:green_area_m2", to_verify: true',
    )
    found(
        policy,
        "CI.GREEN",
        "2018-06-01",
        contract="{" + MAKER.replace(' area_m2: "10000",', "") + "}",
        progress='[{observed_on: 2018-06-01, source: inspection, green_area_m2: "9000"}]',
        expect='status: unknown, reason: "missing:area_m2", to_verify: false',
    )


@pytest.mark.parametrize(
    ("floor", "expect"),
    [
        (6999, 'status: breach, measured: "0.6999", threshold: "0.7"'),
        (7000, 'status: compliant, threshold: "0.7"'),
    ],
)
def test_a_class_that_is_filled_in_decides(floor: int, expect: str) -> None:
    found(
        filled(CI, "min_far", '"34": ', '"34": 0.7'),
        "CI.FAR",
        "2018-06-01",
        contract=f"{{{MAKER}}}",
        progress=f'[{{observed_on: 2018-06-01, source: inspection, floor_area_m2: "{floor}"}}]',
        expect=expect,
    )


STALLED = (
    "[{observed_on: 2023-02-01, source: inspection, started: yes,"
    ' developed_area_m2: "333300", suspended_since: 2022-01-01}]'
)


@pytest.mark.parametrize(
    ("price", "amount"),
    [("1000", '"200"'), ("1", '"0.2"'), ("0.5", '"0.1"'), ("0", "null")],
    ids=["a price", "a small price", "less than one", "a price of zero is a person's matter"],
)
def test_the_fee_of_the_supplement_is_worked_out_once_its_rate_is_filled_in(
    price: str, amount: str
) -> None:
    found(
        filled("grant-contract", "stalled_fee_share", "always: ", "always: 0.20"),
        "GC.STALLED",
        "2023-02-01",
        contract="{instrument: grant, contract_form: supplement_2006,"
        f' due_start_area_m2: "1000000", price_wan: "{price}"}}',
        progress=STALLED,
        expect=f"status: breach, days_past: 31, amount_wan: {amount}",
    )


@pytest.mark.parametrize(
    ("adcode", "amount"),
    [("620123", '"15"'), ("610103", "null")],
    ids=["the province's", "another province's slot is empty"],
)
def test_the_idle_fee_of_a_province_is_worked_out_once_it_is_filled_in(
    adcode: str, amount: str
) -> None:
    found(
        filled("land-administration-law-38", "idle_fee", '"62": ', '"62": 15'),
        "LAL.38.FEE",
        "2021-07-01",
        contract="{former_land_class: cultivated, conversion_approved_on: 2020-06-30,"
        f' adcode: "{adcode}", area_m2: "10000"}}',
        progress="[{observed_on: 2021-07-01, source: inspection, started: no}]",
        expect=f"status: breach, days_past: 1, amount_wan: {amount}, remedies: [charge_idle_fee]",
    )


def test_the_days_of_the_procedure_are_for_the_case_file() -> None:
    of_the_file = {
        name: parameter
        for name, parameter in shelf()["order-53-2012"].parameters.items()
        if parameter.serves is Serves.CASEFILE
    }
    told = {}
    for name, parameter in of_the_file.items():
        dated = parameter.on(date(2024, 1, 1))
        assert dated is not None
        told[name] = dated.value
    assert told == {
        "investigate_days": 30,
        "reply_days": 30,
        "extension_years": 1,
        "temporary_use_years": 2,
        "pay_days": 30,
        "deregister_days": 30,
        "hearing_request_working_days": None,
        "hearing_working_days": None,
        "review_days": 60,
        "suit_months": 6,
        "enforcement_months": 3,
        "demand_days": 10,
    }


def test_the_edition_of_2023_tells_what_binds_and_gives_no_number() -> None:
    policy = shelf()["industrial-indicators-2023"]
    binding = {name for name, one in policy.parameters.items() if one.force is Force.BINDING}
    assert binding == {
        "min_far",
        "min_coefficient",
        "max_office_share",
        "max_office_floor_share",
    }
    assert policy.rules == ()
    assert all(
        dated.value is None and not any((dated.by_code or {}).values())
        for parameter in policy.parameters.values()
        for dated in parameter.values
    )


def test_the_classes_of_2008_that_one_page_alone_tells_are_empty() -> None:
    (dated,) = shelf()[CI].parameters["min_far"].values
    assert dated.by_code is not None
    empty = {code for code, value in dated.by_code.items() if value is None}
    assert empty == {"34", "35", "36", "37", "39", "40", "41", "42", "43"}
    assert set(dated.by_code) - empty == {str(code) for code in range(13, 34)}

"""What if: only what is supposed moves anybody, exactly, and what is written wrongly is refused."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from landwatch.errors import UnknownNameError, UsageError
from landwatch.language.columns import Kind
from landwatch.language.terms import Gravity, Status
from landwatch.lawbook.policy import About, Policy
from landwatch.lawbook.reading import names_of
from landwatch.lawbook.shelf import shelf
from landwatch.scan.adoption import Adoption
from landwatch.scan.dossier import Ledger
from landwatch.scan.moves import WhatIf
from landwatch.scan.run import Adopted, decide
from landwatch.scan.supposing import Supposed, suppose, written
from landwatch.scan.whatif import Question, what_if
from tests.scan.worked import Worked, ledger_of, table_of
from tests.scan.worlds import AS_OF, world

LANZHOU = shelf()["lanzhou-2012-148"]
EVERYWHERE = Adoption(everywhere=True)


def asked(
    ledger: Ledger,
    *settings: str,
    policy: Policy = LANZHOU,
    adoption: Adoption = EVERYWHERE,
    as_of: date = AS_OF,
    zone_id: str | None = None,
) -> WhatIf:
    """Return what would change in a ledger."""
    changed, supposed = suppose(policy, settings, as_of)
    question = Question(policy, changed, supposed, adoption, True, as_of, zone_id)
    return what_if(ledger, question)


def met(mu: str | None, fixed: str, level: str | None = "national") -> Worked:
    """Return a contract two years after its supply with an investment seen since."""
    contract: dict[str, Any] = {"supplied_on": date(2018, 1, 1), "instrument": "grant"}
    contract |= {"holder": "甲公司", "price_wan": Decimal(1000)}
    if mu is not None:
        contract["area_mu"] = Decimal(mu)
    seen = {"observed_on": date(2021, 6, 1), "source": "inspection"}
    told = {"fixed_assets_wan": Decimal(fixed), "fixed_land_price_wan": Decimal(0)}
    return Worked(contract, {"level": level} if level else None, ({**seen, **told},))


PARK = ledger_of(
    {
        "at 250": met("10", "2500"),
        "at 299": met("10.000001", "2999.99"),
        "at 300": met("102.76128", "30828.384"),
        "county": met("10", "2500", "county"),
        "no zone": met("10", "2500", None),
        "no area": met(None, "2500"),
    }
)


def test_a_higher_floor_moves_those_between_the_two_floors_and_nobody_else() -> None:
    found = asked(PARK, "min_intensity.national=300")
    (rule,) = found.rules
    assert rule.rule.code == "LZ.INTENSITY"
    assert {one.subject.contract_id for one in rule.moved} == {"at 250", "at 299"}
    assert rule.by_change()[Gravity.COMPLIANT, Gravity.BREACH].area_mu == Decimal("20.000001")
    first = next(one for one in rule.moved if one.subject.contract_id == "at 250")
    assert (first.before.threshold, first.after.threshold) == (Decimal(250), Decimal(300))
    assert [step.by for cure in first.cures for step in cure.steps] == [Fraction(500)]
    assert found.contracts == 6
    assert "LZ.PRODUCE" in found.untouched and "LZ.INTENSITY" not in found.untouched


def test_each_zone_counts_a_contract_once_and_areas_are_exact() -> None:
    zones = {zone.zone_id: zone for zone in asked(PARK, "min_intensity.national=300").by_zone()}
    assert set(zones) == {"zone of at 250", "zone of at 299"}
    assert zones["zone of at 299"].newly_breach.area_mu == Decimal("10.000001")
    assert zones["zone of at 299"].no_longer_breach.count == 0


def test_a_lower_floor_heals_and_the_direction_is_told() -> None:
    low = ledger_of({"low": met("10", "2000"), "lower": met("10", "1000")})
    (rule,) = asked(low, "投资强度最低标准.国家级=200").rules
    assert list(rule.by_change()) == [(Gravity.BREACH, Gravity.COMPLIANT)]
    assert [one.subject.contract_id for one in rule.moved] == ["low"]
    assert rule.moved[0].cures == ()


def test_the_same_number_changes_nothing() -> None:
    found = asked(PARK, "min_intensity.national=250")
    assert found.rules and not found.moved() and not found.by_zone()
    assert found.rules[0].before == found.rules[0].after


def test_one_zone_alone_can_be_asked_for() -> None:
    found = asked(PARK, "min_intensity.national=300", zone_id="zone of at 250")
    assert [one.subject.contract_id for one in found.moved()] == ["at 250"]
    assert found.contracts == 1
    assert sum(found.rules[0].after.values()) == 1


def test_a_contract_without_zone_or_area_is_counted_and_its_gap_told() -> None:
    bare = ledger_of({"bare": met(None, "1"), "none": Worked({"supplied_on": date(2018, 1, 1)})})
    found = asked(bare, "production_years=50")
    assert all(one.subject.area_mu is None for one in found.moved())
    tally = found.rules[0].by_change()
    assert sum(one.untold for one in tally.values()) == sum(one.count for one in tally.values())
    assert [zone.zone_id for zone in found.by_zone()][-1] is None


def test_an_empty_slot_is_filled() -> None:
    events = ({"kind": "urge", "on": date(2021, 1, 1)},)
    one = met("10", "1000")
    terms = {**one.contract, "agreed_intensity_wan_per_mu": Decimal(250)}
    urged = ledger_of({"urged": Worked(terms, one.zone, one.progress, events)})
    found = asked(urged, "cure_days=90")
    assert found.supposed[0].before is None
    (moved,) = found.moved()
    assert moved.before.reason == "no_value:cure_days"
    assert (moved.rule, moved.after.status) == ("LZ.TERMINATE", Status.BREACH)
    assert moved.after.limit_on == date(2021, 4, 1)


def test_a_rule_s_own_days_can_be_supposed() -> None:
    stale = {"observed_on": date(2020, 6, 1), "source": "inspection", "means_to_build": False}
    old = ledger_of({"old": Worked({"supplied_on": date(2018, 1, 1)}, None, (stale,))})
    found = asked(old, "LZ.MEANS.evidence_days=500")
    (moved,) = found.moved()
    assert (moved.before.gravity, moved.after.gravity) == (Gravity.TO_VERIFY, Gravity.BREACH)
    assert [rule.rule.code for rule in found.rules] == ["LZ.MEANS"]
    assert [cure.steps[0].fact for cure in moved.cures] == ["show_means", "start"]


def test_a_rule_about_parks_moves_parks() -> None:
    rows: dict[Kind, list[dict[str, Any]]] = {kind: [] for kind in Kind}
    rows[Kind.ZONES].append(
        {"zone_id": "Z", "name": "示范园", "level": "national", "statistics_on": date(2020, 12, 31),
         "leading_industries": "甲;乙;丙;丁"}
    )  # fmt: skip
    ledger = Ledger({kind: table_of(kind, told) for kind, told in rows.items()})
    rule = next(rule for rule in LANZHOU.rules if rule.code == "LZ.LEADING")
    assert rule.about is About.PARK
    (parameter,) = [LANZHOU.parameters[one] for one in names_of(rule) if one in LANZHOU.parameters]
    name = f"{parameter.name}.national" if parameter.by == "level" else parameter.name
    (moved,) = asked(ledger, f"{name}=3").moved()
    assert (moved.subject.contract_id, moved.subject.zone_id) == (None, "Z")
    assert moved.after.status is Status.BREACH


def test_a_what_if_is_the_difference_of_two_scans() -> None:
    """The long way round: both policies by the scan itself, compared by hand."""
    ledger = ledger_of(world(41, 400))
    settings = ("min_intensity.county=1/3", "production_years=3", "investment_share=30%")
    changed, _ = suppose(LANZHOU, settings, AS_OF)
    by_hand = Counter[tuple[str, str, str]]()
    pairs = zip(
        *(decide(ledger, [Adopted(one, EVERYWHERE)], AS_OF) for one in (LANZHOU, changed)),
        strict=True,
    )
    for before, after in pairs:
        columns = [[Gravity.of(row["status"], row["to_verify"]) for row in one.table.to_pylist()]
                   for one in (before, after)]  # fmt: skip
        for old, new in zip(*columns, strict=True):
            if old != new:
                by_hand[before.rule.code, str(old), str(new)] += 1
    found = asked(ledger, *settings)
    told = Counter(
        {(rule.rule.code, str(old), str(new)): tally.count
         for rule in found.rules for (old, new), tally in rule.by_change().items()}
    )  # fmt: skip
    assert told == by_hand and len(told) > 5


def test_amounts_stay_within_their_rule() -> None:
    order = shelf()["order-53-2012"]
    seen = {"observed_on": date(2021, 6, 1), "source": "inspection", "started": False}
    idle = ledger_of(
        {"idle": Worked({"agreed_start_on": date(2019, 1, 1), "price_wan": Decimal("1000.1")},
                        None, (seen,))}
    )  # fmt: skip
    found = asked(idle, "fee_share=30%", policy=order)
    (rule,) = found.rules
    assert (rule.amount_before_wan, rule.amount_after_wan) == (Decimal("200.02"), Decimal("300.03"))
    assert not rule.moved


def one_of(setting: str) -> Supposed:
    _, (found,) = suppose(LANZHOU, [setting], AS_OF)
    return found


@pytest.mark.parametrize(
    ("setting", "after"),
    [
        ("min_intensity.national=300", Fraction(300)),
        ("min_intensity.national = 3750万元/公顷", Fraction(250)),
        ("min_intensity.national=3751 万元/公顷", Fraction(3751, 15)),
        ("min_intensity.national=3750元/m²", Fraction(3750, 10_000) * Fraction(2000, 3)),
        ("min_intensity.国家级=３００．５", Fraction("300.5")),
        ("min_intensity.national＝300", Fraction(300)),
        ("capacity_share=80%", Fraction(4, 5)),
        ("capacity_share=1/3", Fraction(1, 3)),
        ("cure_days=90天", Fraction(90)),
        ("LZ.MEANS.warn_days=0", Fraction(0)),
    ],
)
def test_a_number_is_read_exactly_in_its_unit(setting: str, after: Fraction) -> None:
    assert one_of(setting).after == after


@pytest.mark.parametrize(
    "setting",
    [
        "min_intensity.national=1e9", "min_intensity.national==300", "capacity_share=__import__",
        '=__import__("os")', "min_intensity.national=", "=300", "min_intensity.national",
        "min_intensity.national=-5", "min_intensity.national=+5", "min_intensity.national=٣٠٠",
        "min_intensity.national=300²", "min_intensity.national=½", "min_intensity.national=nan",
        "min_intensity.national=inf", "min_intensity.national=0x10", "min_intensity.national=1_000",
        "min_intensity.national=3,750", "min_intensity.national=300亩", "capacity_share=1/0",
        "min_intensity.national=9999999999", "cure_days=1.5", "cure_days=1e3", "cure_days=99999",
        "production_years=2.5", "production_years=9999", "capacity_share=0.8万元", "cure_days=1年",
        "min_intensity=300", "capacity_share.national=0.8", "LZ.MEANS.warn_days=-1",
        "min_intensity.national=300;DROP", "min_intensity.national=300 OR 1=1",
        "min_intensity.national=" + "9" * 5000,
    ],
    ids=lambda setting: setting[:40],
)  # fmt: skip
def test_what_is_no_number_of_the_unit_is_refused_in_words(setting: str) -> None:
    with pytest.raises(UsageError) as refused:
        suppose(LANZHOU, [setting], AS_OF)
    for lang in ("zh", "en"):
        assert len(refused.value.in_words(lang)) < 400


@pytest.mark.parametrize(
    ("setting", "near"),
    [
        ("min_intensty.national=300", "min_intensity"),
        ("投资强度最底标准.national=300", "投资强度最低标准"),
        ("min_intensity.nationl=300", "national"),
        ("LZ.MEAN.evidence_days=3", "LZ.MEANS"),
        ("LZ.MEANS'; DROP TABLE.warn_days=3", None),
    ],
)
def test_what_is_not_there_is_named_with_the_nearest(setting: str, near: str | None) -> None:
    with pytest.raises(UnknownNameError) as refused:
        suppose(LANZHOU, [setting], AS_OF)
    assert near is None or refused.value.near == near


def test_one_number_is_supposed_once_and_something_is() -> None:
    with pytest.raises(UsageError):
        suppose(LANZHOU, ["cure_days=1", "cure_days=2"], AS_OF)
    with pytest.raises(UsageError):
        suppose(LANZHOU, [], AS_OF)


def test_the_policy_on_the_shelf_is_never_touched() -> None:
    before = written(LANZHOU.parameters["capacity_share"].values[0].value or Fraction(0))
    changed, _ = suppose(LANZHOU, ["capacity_share=0.9", "LZ.MEANS.evidence_days=1"], AS_OF)
    assert written(LANZHOU.parameters["capacity_share"].values[0].value or Fraction(0)) == before
    assert changed.parameters["capacity_share"].on(AS_OF) is not None
    rule = LANZHOU.rule("LZ.MEANS")
    assert rule is not None and rule.evidence_days == 180


def test_only_the_value_in_force_on_the_day_is_replaced() -> None:
    early = date(2012, 1, 1)
    changed, (one,) = suppose(LANZHOU, ["capacity_share=0.9"], early)
    assert one.before is None
    in_force = changed.parameters["capacity_share"].on(early)
    later = changed.parameters["capacity_share"].on(AS_OF)
    assert in_force is not None and in_force.value == Fraction(9, 10)
    assert later is not None and later.value == Fraction(7, 10)


def test_a_number_without_end_by_code_is_decided_exactly_by_columns_too() -> None:
    """3751 万元/公顷 has no end in 万元/亩; at the limit both engines must agree."""
    mu = Decimal(15)
    ledger = ledger_of({"met": met(str(mu), "3751"), "short": met(str(mu), "3750.999999")})
    found = asked(ledger, "min_intensity.national=3751万元/公顷")
    assert [one.subject.contract_id for one in found.moved()] == ["short"]
    (step,) = found.moved()[0].cures[0].steps
    assert step.by == Fraction(1, 10**6)


def test_thirty_thousand_contracts_take_seconds() -> None:
    ledger = ledger_of(world(44, 30_000))
    began = time.process_time()
    found = asked(ledger, "min_intensity.national=300", "min_intensity.county=250")
    assert found.contracts == 30_000 and found.moved()
    assert time.process_time() - began < 15

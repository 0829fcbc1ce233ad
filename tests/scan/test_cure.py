"""What would cure a breach: verified by the rule itself, and the smallest that does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landwatch.language.columns import Kind
from landwatch.language.terms import Status
from landwatch.lawbook.expressions.rowwise import Facts, Value
from landwatch.lawbook.policy import About, Policy, Rule
from landwatch.lawbook.shelf import rules, shelf
from landwatch.lawbook.vocabulary import places_of_facts
from landwatch.scan.account import Account, account
from landwatch.scan.acts import Act, done
from landwatch.scan.cure import Cure, CureKind
from landwatch.scan.dossier import Ledger, gather, open_engine
from landwatch.scan.explain import sections
from landwatch.scan.healing import Healer, cures
from landwatch.scan.reading import exact
from tests.scan.worked import ledger_of, table_of
from tests.scan.worlds import AS_OF, world

IN_TIME = (Status.COMPLIANT, Status.DUE_SOON, Status.NOT_DUE)


@cache
def made_up(seed: int, contracts: int) -> list[Facts]:
    """Return the facts of made-up contracts near every limit."""
    engine = open_engine()
    gather(engine, ledger_of(world(seed, contracts)), AS_OF)
    rows = engine.sql("SELECT * FROM dossiers").to_arrow_table().to_pylist()
    engine.close()
    return [{name: exact(value) for name, value in row.items()} for row in rows]


@cache
def bare() -> Facts:
    """Return the facts of a contract of which nothing is told."""
    told = made_up(1, 1)[0]
    blank = {name: False if isinstance(value, bool) else None for name, value in told.items()}
    none = {"start_shown": None, "means_shown": None, "bond_deposits": (), "bond_refunds": ()}
    return {**blank, **none}


def decided(code: str, as_of: date, **told: Value) -> Account:
    """Return how a rule decides where only these facts are told."""
    policy, rule = rules()[code]
    return account(policy, rule, {**bare(), "as_of": as_of, **told}, as_of)


def again(taken: Account, changed: Mapping[str, Value]) -> Status:
    """Return what the rule decides when these facts are told instead."""
    return account(taken.policy, taken.rule, {**taken.known, **changed}, taken.as_of).status


def outcome_of(taken: Account, cure: Cure, *, less: bool = False) -> Status:
    """Return what the rule decides after a cure, or with its first figure one step short."""
    changed: dict[str, Value] = {}
    for step in cure.steps:
        if step.fact in set(Act):
            changed |= done(Act(step.fact), taken.known, taken.as_of, step.by)
    figures = [step for step in cure.steps if isinstance(step.to, Fraction)]
    for step in figures:
        assert isinstance(step.to, Fraction)
        changed[step.fact] = step.to
        assert taken.known[step.fact] + step.by == step.to  # type: ignore[operator]
    if less:
        first = figures[0]
        kept = Fraction(1, 10 ** places_of_facts()[first.fact])
        assert isinstance(first.to, Fraction) and first.by
        changed[first.fact] = first.to - kept if first.by > 0 else first.to + kept
    return again(taken, changed)


def contract_rules() -> list[tuple[Policy, Rule]]:
    return [
        (policy, rule)
        for policy in shelf().values()
        for rule in policy.rules
        if rule.about is About.CONTRACT
    ]


@pytest.mark.parametrize("seed", [31, 32])
def test_every_cure_is_the_smallest_of_its_kind_by_the_rule_itself(seed: int) -> None:
    kinds = set()
    for policy, rule in contract_rules():
        healer = Healer(rule)
        for facts in made_up(seed, 300):
            taken = account(policy, rule, facts, AS_OF)
            found = healer.cures(taken)
            assert bool(found) or taken.status is not Status.BREACH
            assert not found or taken.status in (Status.BREACH, Status.DUE_SOON)
            for cure in found:
                kinds.add(cure.kind)
                holds(taken, cure)
    assert kinds == set(CureKind)


def holds(taken: Account, cure: Cure) -> None:
    """Hold one cure to what it says."""
    place = (taken.rule.code, taken.known.get("contract_id"), cure)
    if cure.kind is CureKind.DOING:
        assert outcome_of(taken, cure) is Status.COMPLIANT, place
        if any(isinstance(step.to, Fraction) for step in cure.steps):
            assert outcome_of(taken, cure, less=True) is not Status.COMPLIANT, place
        assert (cure.until is not None) == (taken.status is Status.DUE_SOON), place
    elif cure.kind is CureKind.AMENDMENT:
        (step,) = cure.steps
        assert isinstance(step.to, date)
        assert again(taken, {step.fact: step.to}) in IN_TIME, place
        assert again(taken, {step.fact: step.to - timedelta(days=1)}) not in IN_TIME, place
    else:
        assert cure.steps == () and taken.status is Status.BREACH, place


MONEY = st.integers(0, 10**11).map(lambda fen: Fraction(fen, 10**6))
AREA = st.integers(1, 10**10).map(lambda m2: Fraction(m2, 10**4) * Fraction(3, 2000))


@given(MONEY, MONEY, AREA, st.sampled_from(["national", "provincial", "county"]))
def test_one_fen_less_than_the_cure_is_still_a_breach(
    fixed: Fraction, land: Fraction, mu: Fraction, level: str
) -> None:
    taken = decided(
        "LZ.INTENSITY",
        date(2021, 7, 1),
        supplied_on=date(2018, 1, 1),
        fixed_assets_wan=fixed,
        fixed_assets_wan_seen_on=date(2021, 6, 1),
        fixed_land_price_wan=land,
        fixed_land_price_wan_seen_on=date(2021, 6, 1),
        area_mu=mu,
        level=level,
    )
    if taken.status is Status.COMPLIANT:
        assert cures(taken) == ()
        return
    assert taken.status is Status.BREACH
    (cure,) = cures(taken)
    assert cure.steps[0].fact == "fixed_assets_wan"
    assert outcome_of(taken, cure) is Status.COMPLIANT
    assert outcome_of(taken, cure, less=True) is Status.BREACH
    (step,) = cure.steps
    assert step.by is not None
    per_mu = 250 if level == "national" else 150
    gap = per_mu * mu - fixed - land
    assert gap <= step.by < gap + Fraction(1, 10**6)


def seen(**told: Value) -> dict[str, Value]:
    """Return told figures, each seen in June 2021."""
    return told | {f"{name}_seen_on": date(2021, 6, 15) for name in told}


DAY = date(2021, 7, 1)
INTENSITY = seen(fixed_assets_wan=Fraction("18629.32"), fixed_land_price_wan=Fraction(3000))
SUPPLIED: dict[str, Any] = {"supplied_on": date(2018, 1, 1)}


@pytest.mark.parametrize(
    ("code", "told", "zh", "en"),
    [
        (
            "LZ.INTENSITY",
            {**INTENSITY, **SUPPLIED, "area_mu": Fraction("102.76128"), "level": "national"},
            "固定资产投资再增加 4,061 万元（达到 22,690.32 万元），LZ.INTENSITY 即达标。",
            "fixed assets: 4,061 万元 more (to 22,690.32 万元): LZ.INTENSITY is then met.",
        ),
        (
            "GC.FAR_MAX",
            {
                **seen(floor_area_m2=Fraction(21000)),
                "agreed_far_max": Fraction(1),
                "area_mu": Fraction(30),
                "instrument": "grant",
                "agreed_completion_on": date(2020, 1, 1),
            },
            "建筑面积至少减少 1,000 平方米（降到 20,000 平方米），GC.FAR_MAX 即达标。",
            "floor area: at least 1,000 m² less (to 20,000 m²): GC.FAR_MAX is then met.",
        ),
        (
            "O53.A1",
            {"agreed_start_on": date(2019, 6, 30), "start_shown": False,
             "not_started_seen_on": date(2021, 6, 15), "not_started_last_on": date(2021, 6, 15)},
            "动工开发并达到法定动工标准，O53.A1 即达标。",
            "building starts and meets the legal test of a start: O53.A1 is then met.",
        ),
        (
            "LZ.STALLED",
            {**SUPPLIED, **seen(invested_wan=Fraction(900)), "start_shown": False,
             "not_started_seen_on": date(2021, 6, 15),
             "agreed_total_investment_wan": Fraction(4000)},
            "动工开发并达到法定动工标准，并且已投资额再增加 100 万元（达到 1,000 万元），"
            "LZ.STALLED 即达标。",
            "building starts and meets the legal test of a start, and invested: 100 万元 more"
            " (to 1,000 万元): LZ.STALLED is then met.",
        ),
        (
            "UR.HT.BOND",
            {"agreement_signed_on": date(2021, 6, 28), "agreement_area_mu": Fraction("100.48")},
            "在 2021-07-05（含当日）以前一次性缴足保证金 502.4 万元，UR.HT.BOND 即达标。",
            "By 2021-07-05 (that day included): the bond of 502.4 万元 is deposited in one"
            " payment; UR.HT.BOND is then met.",
        ),
        (
            "LZ.PRODUCE",
            {**SUPPLIED, "still_not_producing": True, "not_producing_last_on": date(2021, 6, 15)},
            "LZ.PRODUCE 的期限已过，事后补做不能使其达标。",
            "The day of LZ.PRODUCE has passed; doing it now does not undo the breach.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value[:4] else "",
)  # fmt: skip
def test_a_cure_says_what_to_do_and_how_much(
    code: str, told: dict[str, Any], zh: str, en: str
) -> None:
    first = cures(decided(code, DAY, **told))[0]
    assert (first.in_words("zh"), first.in_words("en")) == (zh, en)


def test_a_day_once_missed_is_healed_by_an_amendment_that_agrees_on_a_later_one() -> None:
    late = decided(
        "GC.START", DAY, instrument="grant", agreed_start_on=date(2020, 1, 31),
        start_shown=True, started_on=date(2020, 3, 1), started_by_on=date(2020, 3, 1),
    )  # fmt: skip
    missed, amended = cures(late)
    assert (missed.kind, amended.kind) == (CureKind.TOO_LATE, CureKind.AMENDMENT)
    assert amended.steps[0].to == date(2020, 3, 1)
    assert "2020-03-01" in amended.in_words("zh") and "补充协议" in amended.in_words("zh")


def test_no_amendment_is_offered_where_the_clock_follows_none() -> None:
    taken = decided(
        "LZ.RECOVER", DAY, **SUPPLIED, start_shown=False,
        not_started_seen_on=date(2021, 6, 15), not_started_last_on=date(2021, 6, 15),
    )  # fmt: skip
    assert [cure.kind for cure in cures(taken)] == [CureKind.DOING]


def test_missing_figures_are_said_and_no_cure_is_made_up() -> None:
    taken = decided(
        "LZ.STALLED", DAY, **SUPPLIED, start_shown=False,
        not_started_seen_on=date(2021, 6, 15), agreed_total_investment_wan=Fraction(4000),
    )  # fmt: skip
    assert taken.status is Status.BREACH
    (none,) = cures(taken)
    assert none.kind is CureKind.NONE and none.short("zh") == none.in_words("zh")


def park_facts(as_of: date, **zone: Any) -> Facts:
    """Return the facts of one park."""
    rows: dict[Kind, list[dict[str, Any]]] = {kind: [] for kind in Kind}
    rows[Kind.ZONES].append({"zone_id": "Z", **zone})
    engine = open_engine()
    gather(engine, Ledger({kind: table_of(kind, told) for kind, told in rows.items()}), as_of)
    (row,) = engine.sql("SELECT * FROM parks").to_arrow_table().to_pylist()
    engine.close()
    return {name: exact(value) for name, value in row.items()}


def test_a_park_is_cured_by_its_own_figures() -> None:
    policy, rule = rules()["LZ.INDUSTRY"]
    assert rule.about is About.PARK
    facts = park_facts(
        DAY, level="provincial", outer_county=False, statistics_on=date(2020, 12, 31),
        total_output_wan=Decimal(1000), leading_output_wan=Decimal("699.999999"),
    )  # fmt: skip
    taken = account(policy, rule, facts, DAY)
    assert taken.status is Status.BREACH
    (cure,) = [one for one in cures(taken) if one.steps]
    assert cure.as_plain()["steps"] == [
        {"fact": "leading_output_wan", "by": "0.000001", "to": "700", "unit": "万元"}
    ]
    holds(taken, cure)


def test_what_is_not_missed_needs_no_cure_and_explains_none() -> None:
    quiet = decided("LZ.INTENSITY", DAY, **SUPPLIED)
    assert quiet.status is Status.UNKNOWN
    assert cures(quiet) == ()
    assert len(sections(quiet, [], "zh")) == 6


def test_the_explanation_of_a_breach_ends_with_its_cures() -> None:
    taken = decided(
        "LZ.INTENSITY", DAY, **SUPPLIED, **INTENSITY, area_mu=Fraction("102.76128"),
        level="national",
    )  # fmt: skip
    last = sections(taken, [], "zh")[-1]
    assert last.title.startswith("怎样才能达标")
    assert last.lines == (cures(taken)[0].in_words("zh"),)


def test_a_cure_for_a_machine_keeps_every_decimal() -> None:
    taken = decided(
        "LZ.INTENSITY", DAY, **SUPPLIED, level="county", area_mu=Fraction("99.99"),
        **seen(fixed_assets_wan=Fraction("14998.499999"), fixed_land_price_wan=Fraction(0)),
    )  # fmt: skip
    (cure,) = cures(taken)
    plain = cure.as_plain()
    assert plain["steps"] == [
        {"fact": "fixed_assets_wan", "by": "0.000001", "to": "14998.5", "unit": "万元"}
    ]
    assert (plain["kind"], plain["until"]) == ("doing", None)

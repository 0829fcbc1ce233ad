"""On which days an answer turns by itself: none is missed, and few are named for nothing."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landwatch.language.columns import Kind
from landwatch.lawbook.expressions.rowwise import Value, evaluate
from landwatch.lawbook.expressions.tree import Node, parse
from landwatch.lawbook.policy import About
from landwatch.lawbook.shelf import shelf
from landwatch.lawbook.turning_days import (
    TurningDays,
    deciding_turns,
    running_figures,
    values_begin,
)
from landwatch.scan.adoption import Adoption
from landwatch.scan.affected import Happened, affected, ledger_of_some
from landwatch.scan.dossier import Ledger, open_engine
from landwatch.scan.evaluate import constants_of
from landwatch.scan.finding_rows import SPACES
from landwatch.scan.run import Adopted, RuleOutcomes, decide
from landwatch.scan.running import on_a_day
from landwatch.scan.told_rows import may_tell_between
from landwatch.scan.turning import LATER, TURNS_ON
from landwatch.store import MirroredRows
from tests.scan.worked import ledger_of
from tests.scan.worlds import AS_OF, world

DAY = date(2024, 2, 20)
LAW = [Adopted(policy, Adoption(everywhere=True)) for policy in shelf().values() if policy.rules]
OTHERS = frozenset({"contract_id", "zone_id", "parcel_id"})


def asked(text: str) -> Node:
    return parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "as_of <= agreed_start_on",
        "agreed_start_on < as_of",
        "as_of == add_years(agreed_start_on, 1)",
        "as_of != agreed_start_on",
        "days_between(agreed_start_on, as_of) <= 180",
        "days_between(agreed_start_on, as_of) > 179.5",
        "90 >= days_between(as_of, agreed_start_on)",
        "days_between(as_of, agreed_start_on) == 0",
        "days_between(as_of, agreed_start_on) < 7.25",
        "not (as_of > agreed_start_on) or as_of >= month_end(agreed_start_on)",
        "told(first_told(agreed_start_on, signed_on)) and as_of > agreed_start_on",
        "agreed_start_on < signed_on if as_of < agreed_start_on else as_of > signed_on",
    ],
)
def test_a_comparison_turns_only_on_a_day_that_is_named_or_on_the_day_after_it(text: str) -> None:
    tree = asked(text)
    turns = TurningDays({"as_of": DAY}, {}).turns(tree)
    assert not turns.daily
    for offset in (-500, -181, -180, -90, -1, 0, 1, 9, 90, 180, 364):
        facts = {"agreed_start_on": DAY + timedelta(offset), "signed_on": DAY + timedelta(11)}
        named = set()
        for turn in turns.days:
            day = evaluate(turn.on, facts)
            assert isinstance(day, date)
            named |= {day + timedelta(turn.plus_days), day + timedelta(turn.plus_days + 1)}
        for later in range(1, 800):
            day = DAY + timedelta(later)
            before = evaluate(tree, facts | {"as_of": day - timedelta(1)})
            if evaluate(tree, facts | {"as_of": day}) is not before:
                assert day in named, (text, offset, day)


@pytest.mark.parametrize(
    "text",
    [
        "add_days(as_of, 3) > agreed_start_on",
        "days_between(agreed_start_on, as_of) > price_wan / floor_area_m2",
        "days_between(agreed_start_on, as_of) > 99999999",
        "days_between(as_of, as_of) > 3",
        "as_of > latest_told(as_of, agreed_start_on)",
        "days_between(agreed_start_on, as_of)",
        "year_start(as_of) > agreed_start_on",
    ],
)
def test_what_is_not_understood_is_taken_to_turn_every_day(text: str) -> None:
    assert TurningDays({"as_of": DAY}, {}).turns(asked(text)).daily


def test_what_does_not_speak_of_the_day_never_turns() -> None:
    turns = TurningDays({"as_of": DAY}, {}).turns(asked("started_on > agreed_start_on"))
    assert not turns.days
    assert not turns.daily


def test_a_definition_turns_when_its_expression_does() -> None:
    parts = {"idle_days": asked("days_between(agreed_start_on, as_of)")}
    (turn,) = TurningDays({"as_of": DAY}, parts).turns(asked("idle_days > 365")).days
    assert turn.plus_days == 365


@pytest.mark.parametrize(
    ("policy_id", "code"),
    [(one.policy.id, rule.code) for one in LAW for rule in one.policy.rules],
)
def test_no_rule_that_comes_with_landwatch_turns_every_day(policy_id: str, code: str) -> None:
    policy = shelf()[policy_id]
    rule = policy.rule(code)
    assert rule is not None
    constants = constants_of(policy, rule, DAY)
    assert not deciding_turns(rule, constants).daily
    assert set(running_figures(rule, constants)) <= {"days_past", "amount_wan"}


def test_a_penalty_by_the_day_is_worked_out_again_from_what_was_kept() -> None:
    policy = shelf()["grant-contract"]
    rule = policy.rule("GC.START")
    assert rule is not None
    figures = running_figures(rule, constants_of(policy, rule, DAY))
    assert set(figures) == {"days_past", "amount_wan"}
    inputs = TurningDays.of(rule, constants_of(policy, rule, DAY))
    assert rule.amount_wan is not None
    assert {"price_wan", "start_penalty_permille"} <= inputs.inputs(rule.amount_wan.tree)
    assert inputs.moving(rule.amount_wan.tree) == ["days_past"]


def test_a_value_that_begins_between_two_days_is_seen() -> None:
    begun = [
        (policy, value.since)
        for policy in shelf().values()
        for parameter in policy.parameters.values()
        for value in parameter.values
    ]
    policy, since = max(begun, key=lambda one: one[1])
    assert values_begin([policy], since - timedelta(1), since)
    assert not values_begin([policy], since, since + timedelta(9))


def outcomes(ledger: Ledger, as_of: date, *, for_later: bool = False) -> dict[str, RuleOutcomes]:
    return {one.rule.code: one for one in decide(ledger, LAW, as_of, for_later=for_later)}


def left_alone(ledger: Ledger, kept: dict[str, RuleOutcomes], until: date) -> frozenset[str]:
    """Return the contracts that a scan of a later day would not decide again."""
    turned: set[str] = set()
    every: set[str] = set()
    for one in kept.values():
        if one.rule.about is About.PARK:
            continue
        due = pc.less_equal(one.table.column(TURNS_ON), pa.scalar(until))
        turned.update(one.table.filter(due).column("contract_id").to_pylist())
        every.update(one.table.column("contract_id").to_pylist())
    happened = Happened(AS_OF, until, frozenset(), frozenset(), frozenset(turned))
    return frozenset(every) - affected(ledger, happened)


@given(seed=st.integers(0, 10**6), days=st.sampled_from([1, 2, 9, 31, 120, 366]))
@settings(max_examples=2, deadline=None)
def test_a_contract_whose_day_has_not_come_has_the_outcomes_that_it_had(
    seed: int, days: int
) -> None:
    ledger = ledger_of(world(seed, 300))
    until = AS_OF + timedelta(days)
    kept, whole = outcomes(ledger, AS_OF, for_later=True), outcomes(ledger, until)
    alone = left_alone(ledger, kept, until)
    assert len(alone) > 20 or days > 31
    engine = open_engine()
    for code, full in whole.items():
        if full.rule.about is About.PARK:
            continue
        then = on_a_day(engine, kept[code].table, full.policy, full.rule, until)
        assert some(then, alone).equals(some(full.table, alone)), code
    engine.close()


@given(seed=st.integers(0, 10**6))
@settings(max_examples=1, deadline=None)
def test_some_contracts_are_decided_alone_as_among_all(seed: int) -> None:
    ledger = ledger_of(world(seed, 60))
    wanted = frozenset(f"w{n:06}" for n in range(0, 60, 7))
    cut = ledger_of_some(ledger, wanted, lambda _: None)
    rows = cut.records[Kind.CONTRACTS]
    assert isinstance(rows, pa.Table)
    assert rows.num_rows < 60
    whole = outcomes(ledger, AS_OF)
    for code, one in outcomes(cut, AS_OF).items():
        if one.rule.about is About.CONTRACT:
            assert some(one.table, wanted).equals(some(whole[code].table, wanted)), code


def some(table: pa.Table, contracts: frozenset[str]) -> pa.Table:
    names = pa.array(sorted(contracts), pa.string())
    beside = [name for name in table.column_names if name.startswith(LATER) or name == TURNS_ON]
    kept = table.filter(pc.is_in(table.column("contract_id"), value_set=names))
    return kept.drop_columns(beside).combine_chunks()


def test_days_are_counted_by_whole_days() -> None:
    constants: dict[str, Value] = {"as_of": DAY, "evidence_days": Fraction(361, 2)}
    tree = asked("days_between(signed_on, as_of) <= evidence_days")
    (turn,) = TurningDays(constants, {}).turns(tree).days
    assert turn.plus_days == 180


def test_spaces_around_a_parcels_name_are_those_that_sql_trims() -> None:
    blanks = [n for n in range(1, 0x11000) if not 0xD800 <= n < 0xE000]
    told = pa.table({"n": blanks, "name": [f"{chr(n)}P1{chr(n)}" for n in blanks]})
    engine = open_engine()
    engine.register("told", told)
    trimmed = engine.sql("SELECT n FROM told WHERE trim(name) = 'P1'").to_arrow_table()
    engine.close()
    assert set(trimmed.column("n").to_pylist()) == {ord(one) for one in SPACES}
    stripped = pc.equal(pc.utf8_trim_whitespace(told.column("name")), "P1")
    assert {ord(one) for one in SPACES} <= set(told.filter(stripped).column("n").to_pylist())


def test_a_day_is_looked_for_only_in_files_that_may_tell_it(tmp_path: Path) -> None:
    days: list[list[date | None]] = [
        [date(2026, 1, 1), None, date(2026, 1, 9)],
        [None, None, None],
        [date(2026, 2, 3)] * 3,
    ]
    files = []
    for place, some in enumerate(days):
        files.append(tmp_path / f"{place}.parquet")
        pq.write_table(pa.table({"observed_on": pa.array(some, pa.date32())}), files[-1])
    rows = MirroredRows(tuple(files), (3, 3, 3), frozenset({"observed_on"}), (), ())
    first = date(2025, 12, 30)
    for begin, end in product(range(0, 50, 3), repeat=2):
        since, until = first + timedelta(begin), first + timedelta(end)
        inside = any(day and since <= day <= until for some in days for day in some)
        assert may_tell_between(rows, "observed_on", since, until) or not inside
    assert not may_tell_between(rows, "observed_on", first, first)
    assert not may_tell_between(rows, "observed_on", date(2026, 1, 10), date(2026, 2, 2))
    assert not may_tell_between(rows, "completed_on", date.min, date.max)

"""What must hold for every rule and every ledger, however it was made up.

More money is never worse, a verified ground never accuses, the order of rows means nothing, a blank
never settles what was open, and a contract is decided alone as it is decided among others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landwatch.language.columns import Kind
from landwatch.language.terms import Status
from landwatch.lawbook.expressions.rowwise import Facts
from landwatch.lawbook.policy import About, Policy, Rule
from landwatch.lawbook.shelf import shelf
from landwatch.scan.account import account
from landwatch.scan.adoption import Adoption
from landwatch.scan.dossier import Ledger, gather, open_engine
from landwatch.scan.reading import exact
from landwatch.scan.run import Adopted, decide
from tests.scan.worked import Worked, ledger_of
from tests.scan.worlds import AS_OF, world

seeds = st.integers(0, 10**6)
CONTRACTS = 150
MONEY = (
    "invested_wan", "fixed_assets_wan", "output_wan", "tax_wan", "value_added_wan", "rd_wan",
)  # fmt: skip
"""What a holder can spend or earn more of; land price and taxes are parts taken off elsewhere."""
EXEMPTING = ("G1", "G2", "G3", "G4", "G5", "G6", "FM")

RULES: list[tuple[Policy, Rule]] = [
    (policy, rule)
    for policy in shelf().values()
    for rule in policy.rules
    if rule.about is About.CONTRACT
]
Outcomes = dict[tuple[str, str], tuple[Any, ...]]


def outcomes(ledger: Ledger, as_of: date = AS_OF) -> Outcomes:
    """Return status, reason, figures of every contract and rule."""
    adopted = [Adopted(policy, Adoption(everywhere=True)) for policy in shelf().values()]
    return {
        (row["contract_id"], one.rule.code): tuple(
            row[name]
            for name in ("status", "reason", "to_verify", "measured", "amount_wan", "limit_on")
        )
        for one in decide(ledger, adopted, as_of)
        if one.rule.about is About.CONTRACT
        for row in one.table.to_pylist()
    }


def dossiers(told: Mapping[str, Worked]) -> dict[str, Facts]:
    """Return the facts of every contract on the day."""
    engine = open_engine()
    gather(engine, ledger_of(told), AS_OF)
    rows = engine.sql("SELECT * FROM dossiers").to_arrow_table().to_pylist()
    engine.close()
    return {row["contract_id"]: {name: exact(value) for name, value in row.items()} for row in rows}


@given(seed=seeds, more=st.sampled_from(["0.01", "100", "1000000"]))
@settings(max_examples=3)
def test_more_money_never_turns_compliant_into_breach(seed: int, more: str) -> None:
    poor = world(seed, CONTRACTS)
    rich = {
        name: replace(
            worked, progress=tuple(_richer(row, Decimal(more)) for row in worked.progress)
        )
        for name, worked in poor.items()
    }
    before, after = outcomes(ledger_of(poor)), outcomes(ledger_of(rich))
    worse = {
        place
        for place, outcome in before.items()
        if outcome[0] == Status.COMPLIANT and after[place][0] == Status.BREACH
    }
    assert worse == set()


def _richer(row: Mapping[str, Any], more: Decimal) -> dict[str, Any]:
    return {name: value + more if name in MONEY else value for name, value in row.items()}


@given(
    seed=seeds,
    cause=st.sampled_from([*EXEMPTING, "P"]),
    since=st.integers(0, 1500),
    lasts=st.none() | st.integers(0, 1500),
)
@settings(max_examples=3)
def test_a_verified_ground_never_adds_a_breach(
    seed: int, cause: str, since: int, lasts: int | None
) -> None:
    told = world(seed, CONTRACTS)
    on = AS_OF - timedelta(days=since)
    until = None if lasts is None else on + timedelta(days=lasts)
    ground = {"kind": "delay", "on": on, "until": until, "cause": cause, "verified": True}
    ground |= {"document_no": "made up"}
    shown = {name: value for name, value in ground.items() if value is not None}
    excused = {
        name: replace(worked, events=(*worked.events, shown)) for name, worked in told.items()
    }
    before, after = outcomes(ledger_of(told)), outcomes(ledger_of(excused))
    added = {
        place
        for place, outcome in after.items()
        if outcome[0] == Status.BREACH and before[place][0] != Status.BREACH
    }
    assert added == set()


@given(seed=seeds, draw=seeds)
@settings(max_examples=3)
def test_the_order_of_rows_and_columns_means_nothing(seed: int, draw: int) -> None:
    order = Random(draw)
    told = world(seed, CONTRACTS)
    shuffled = list(told)
    order.shuffle(shuffled)
    turned = {name: _turned(told[name], order) for name in shuffled}
    assert outcomes(ledger_of(told)) == outcomes(ledger_of(turned))


def _turned(worked: Worked, order: Random) -> Worked:
    """Return the same told rows in another order, their cells in another order too."""

    def cells(row: Mapping[str, Any]) -> dict[str, Any]:
        names = list(row)
        order.shuffle(names)
        return {name: row[name] for name in names}

    progress, events = list(worked.progress), list(worked.events)
    order.shuffle(progress)
    order.shuffle(events)
    return Worked(
        cells(worked.contract),
        worked.zone,
        tuple(cells(row) for row in progress),
        tuple(cells(row) for row in events),
    )


@given(seed=seeds)
@settings(max_examples=3)
def test_a_contract_is_decided_alone_as_it_is_among_others(seed: int) -> None:
    told = world(seed, CONTRACTS)
    together = outcomes(ledger_of(told))
    for name in list(told)[:2]:
        alone = outcomes(ledger_of({name: told[name]}))
        assert alone == {place: one for place, one in together.items() if place[0] == name}


@given(seed=seeds, draw=seeds)
@settings(max_examples=6)
def test_a_blank_figure_never_settles_what_was_open(seed: int, draw: int) -> None:
    """Crossed bounds are a contradiction that was told: without one of them it is gone."""
    choice = Random(draw)
    for facts in dossiers(world(seed, 25)).values():
        figures = [name for name, value in facts.items() if isinstance(value, Fraction)]
        if not figures:
            continue
        blanked = {**facts, choice.choice(figures): None}
        for policy, rule in RULES:
            before = account(policy, rule, facts, AS_OF)
            after = account(policy, rule, blanked, AS_OF)
            settled = after.status in (Status.COMPLIANT, Status.BREACH, Status.EXEMPT)
            if before.status is Status.UNKNOWN and before.reason != "conflict":
                assert not settled, (rule.code, before.reason, after.status)
            if before.status is Status.COMPLIANT:
                assert after.status is not Status.BREACH, (rule.code, before.measured)


@given(seed=seeds, draw=seeds)
@settings(max_examples=6)
def test_a_cell_that_nobody_can_read_never_accuses_and_never_excuses(seed: int, draw: int) -> None:
    choice = Random(draw)
    for facts in dossiers(world(seed, 25)).values():
        column = choice.choice(
            ["contracts.agreed_start_on", "progress.started", "events.delay.until"]
        )
        unread = {**facts, "unreadable": column}
        for policy, rule in RULES:
            before = account(policy, rule, facts, AS_OF)
            after = account(policy, rule, unread, AS_OF)
            if after.status in (Status.BREACH, Status.EXEMPT):
                assert after.status is before.status
                assert after.reason == before.reason


@pytest.mark.parametrize("kind", [Kind.CONTRACTS, Kind.PROGRESS, Kind.EVENTS])
def test_a_row_told_twice_is_told_once(kind: Kind) -> None:
    import pyarrow as pa

    ledger = ledger_of(world(5, CONTRACTS))
    table = ledger.records[kind]
    assert isinstance(table, pa.Table)
    again = table.set_column(
        0, "record_id", pa.array([n + 10_000 for n in range(table.num_rows)], pa.int64())
    )
    twice = Ledger({**ledger.records, kind: pa.concat_tables([table, again])}, ledger.located)
    assert outcomes(ledger) == outcomes(twice)

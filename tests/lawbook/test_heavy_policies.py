"""Policies short to write and endless to work out: refused when read, or kept in bounds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from time import process_time

import pytest

from landwatch.errors import LandwatchError
from landwatch.lawbook.draft import MOST_DEFINITIONS, read_policy
from landwatch.lawbook.policy import Policy
from landwatch.scan.account import account
from landwatch.scan.adoption import Adoption
from landwatch.scan.dossier import gather, open_engine
from landwatch.scan.explain import brief, sections
from landwatch.scan.parts import parts
from landwatch.scan.reading import exact
from landwatch.scan.run import Adopted, decide
from tests.scan.worked import Worked, ledger_of

AS_OF = date(2021, 6, 30)


def policy(
    met: str, definitions: dict[str, str] | None = None, measured: str = "price_wan"
) -> Policy:
    """Return a made-up policy of one rule that is met by `met`."""
    told = "\n".join(f"      {name}: {is_}" for name, is_ in (definitions or {}).items())
    return read_policy(
        f"""
id: heavy
title: {{zh: 重, en: heavy}}
document_no: 虚构
class: evaluation
authority: local
issuer: {{zh: 虚构, en: made up}}
effective: {{from: 2020-01-01, to: }}
source: made up
summary: {{zh: 测试用, en: for tests}}
rules:
  - code: HEAVY.ONE
    title: {{zh: 一, en: one}}
    asks: {{zh: 问, en: asks}}
    clauses: [{{row: LZ-01, article: 一, quote: 用地}}]
    define: {"" if told else "{}"}
{told}
    clock: {{from: signed_on, limit: signed_on, missing: signed_on}}
    met: {met}
    breach: "not ({met}) and as_of > limit_on"
    doubts: []
    measured: {measured}
    threshold: price_wan
    unit: 万元
    remedies: [urge]
""",
        "heavy.yaml",
    )


GIANTS = {
    "the smaller of the smaller": (
        "smaller(price_wan, " * 24 + "price_wan" + ")" * 24 + " > price_wan"
    ),
    "a quotient in a quotient": ("(price_wan / " * 36 + "price_wan" + ")" * 36 + " > 1"),
    "a choice in a choice": (
        "price_wan > 1 if " * 18 + "price_wan > 1" + " else price_wan > 1" * 18
    ),
    "a product with more decimals than can be compared": "*".join(["price_wan / area_mu"] * 6)
    + " > price_wan / area_mu",
}


@pytest.mark.parametrize("text", GIANTS.values(), ids=list(GIANTS))
def test_a_giant_is_refused_in_milliseconds_with_words(text: str) -> None:
    before = process_time()
    with pytest.raises(LandwatchError) as caught:
        policy(f"({text})")
    assert process_time() - before < 0.5
    assert "heavy.yaml" in caught.value.in_words("zh")
    assert "heavy.yaml" in caught.value.in_words("en")


def test_squares_of_squares_are_refused() -> None:
    chain = {"d0": "price_wan / agreed_fixed_investment_wan"}
    chain |= {f"d{n}": f"d{n - 1} * d{n - 1}" for n in range(1, 40)}
    with pytest.raises(LandwatchError, match="decimals"):
        policy("price_wan > 0", chain, measured="d39 * price_wan")


def test_more_definitions_than_a_query_bears_are_refused() -> None:
    chain = {"d0": "price_wan"} | {
        f"d{n}": f"d{n - 1} + price_wan" for n in range(1, MOST_DEFINITIONS + 1)
    }
    with pytest.raises(LandwatchError, match=str(MOST_DEFINITIONS)):
        policy("d100 > 0", chain)


def doubling(count: int) -> Policy:
    """Return a policy whose definitions are each twice the one before."""
    chain = {"d0": "price_wan"} | {f"d{n}": f"d{n - 1} + d{n - 1}" for n in range(1, count)}
    return policy(f"d{count - 1} < 0", chain, measured=f"d{count - 1}")


def test_as_many_definitions_as_are_allowed_are_worked_out_by_both_engines() -> None:
    heavy = doubling(MOST_DEFINITIONS - 70)
    told = ledger_of({"c": Worked({"signed_on": date(2020, 1, 1), "price_wan": Decimal(3)})})
    (found,) = decide(told, [Adopted(heavy, Adoption(everywhere=True))], AS_OF)
    (row,) = found.table.to_pylist()
    engine = open_engine()
    gather(engine, told, AS_OF)
    (facts,) = engine.sql("SELECT * FROM dossiers").to_arrow_table().to_pylist()
    engine.close()
    taken = account(heavy, heavy.rules[0], {n: exact(v) for n, v in facts.items()}, AS_OF)
    assert row["status"] == taken.status == "breach"
    assert row["measured"] == taken.measured == 3 * 2 ** (MOST_DEFINITIONS - 71)
    said = [*parts(taken, "zh"), brief(taken, "en")]
    said += [line for one in sections(taken, [], "zh") for line in one.lines]
    assert max(map(len, said)) < 20_000


def test_a_number_beyond_the_engine_is_said_in_words() -> None:
    heavy = policy(
        "d2 > 0", {"d0": "price_wan * price_wan", "d1": "d0 * price_wan", "d2": "d1 * price_wan"}
    )
    told = ledger_of(
        {"c": Worked({"signed_on": date(2020, 1, 1), "price_wan": Decimal(999_999_999)})}
    )
    with pytest.raises(LandwatchError) as caught:
        list(decide(told, [Adopted(heavy, Adoption(everywhere=True))], AS_OF))
    assert "HEAVY.ONE" in caught.value.in_words("zh")

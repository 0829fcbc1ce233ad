"""A number that changed: a duty keeps the one that held when its clock began."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.policy import Policy
from landwatch.scan.account import account
from landwatch.scan.adoption import Adoption
from landwatch.scan.dossier import gather, open_engine
from landwatch.scan.evaluate import outcomes_sql
from landwatch.scan.reading import exact
from tests.scan.worked import Worked, ledger_of


def policy(values: str, by: str = "") -> Policy:
    return read_policy(
        f"""
id: changed
title: {{zh: 改过的数, en: a changed number}}
document_no: 虚构
class: evaluation
authority: local
issuer: {{zh: 虚构, en: made up}}
effective: {{from: 2020-01-01, to: }}
source: made up
summary: {{zh: 测试用, en: for tests}}
parameters:
  floor:
    zh: 最低强度
    en: floor
    unit: 万元/亩
    {by}
    values: {values}
    clause: {{row: LZ-01, article: 一, quote: 用地}}
definitions:
  supply_on: {{is: "first_told(supplied_on, signed_on)", zh: 供地日, en: supply}}
rules:
  - code: CHANGED.FLOOR
    title: {{zh: 强度, en: intensity}}
    asks: {{zh: 是否达到, en: is it reached}}
    clauses: [{{row: LZ-01, article: 一, quote: 用地}}]
    define:
      reached: {{is: fixed_assets_wan / area_mu, zh: 强度, en: intensity}}
    clock: {{from: supply_on, limit: "add_years(supply_on, 2)", missing: supplied_on}}
    met: reached >= floor
    breach: seen_on(fixed_assets_wan) > limit_on and reached < floor
    doubts: [{{when: told(reached), reason: stale(seen_on(fixed_assets_wan))}}]
    measured: reached
    threshold: floor
    unit: 万元/亩
    remedies: [urge]
""",
        "changed.yaml",
    )


TWO = policy('{2020-01-01: "200", 2026-07-01: "240"}')
LEVELS = policy(
    '{2020-01-01: {national: "250", provincial: "150"},'
    ' 2024-01-01: {national: "300", provincial: }}',
    "by: level",
)


def outcome(
    of: Policy, supplied: str | None, wan: str, as_of: str, level: str | None = None
) -> dict[str, Any]:
    """Return the outcome by columns, which the account must come to as well."""
    contract = {"area_mu": Decimal(1), "area_m2": Decimal("666.6667")}
    if supplied:
        contract["supplied_on"] = date.fromisoformat(supplied)  # type: ignore[assignment]
    day = date.fromisoformat(as_of)
    seen = {"observed_on": day, "source": "inspection", "fixed_assets_wan": Decimal(wan)}
    zone = {"level": level} if level else None
    told = ledger_of({"c": Worked(contract, zone, (seen,))})
    engine = open_engine()
    gather(engine, told, day)
    sql = outcomes_sql(of, of.rules[0], Adoption(everywhere=True), day)
    (row,) = engine.sql(sql).to_arrow_table().to_pylist()
    (facts,) = engine.sql("SELECT * FROM dossiers").to_arrow_table().to_pylist()
    engine.close()
    taken = account(of, of.rules[0], {n: exact(v) for n, v in facts.items()}, day)
    assert (taken.status, taken.reason) == (row["status"], row["reason"])
    assert taken.threshold == (None if row["threshold"] is None else Fraction(row["threshold"]))
    return {"status": row["status"], "threshold": row["threshold"]}


@pytest.mark.parametrize(
    ("supplied", "wan", "as_of", "status", "threshold"),
    [
        ("2021-05-01", "200", "2028-09-01", "compliant", 200),
        ("2021-05-01", "199.99", "2028-09-01", "breach", 200),
        ("2026-06-30", "200", "2028-09-01", "compliant", 200),
        ("2026-07-01", "239", "2028-09-01", "breach", 240),
        ("2026-07-01", "240", "2028-09-01", "compliant", 240),
        ("2019-01-01", "210", "2028-09-01", "compliant", 200),
        ("2021-05-01", "210", "2026-06-30", "compliant", 200),
        (None, "210", "2028-09-01", "unknown", None),
        (None, "210", "2026-06-30", "compliant", 200),
    ],
)
def test_a_newer_number_does_not_reach_back(
    supplied: str | None, wan: str, as_of: str, status: str, threshold: int | None
) -> None:
    assert outcome(TWO, supplied, wan, as_of) == {"status": status, "threshold": threshold}


@pytest.mark.parametrize(
    ("supplied", "level", "status", "threshold"),
    [
        ("2022-01-01", "national", "compliant", 250),
        ("2024-01-01", "national", "breach", 300),
        ("2022-01-01", "provincial", "compliant", 150),
        ("2024-01-01", "provincial", "unknown", None),
        ("2022-01-01", None, "unknown", None),
    ],
)
def test_a_number_by_level_that_changed_holds_by_level_and_day(
    supplied: str, level: str | None, status: str, threshold: int | None
) -> None:
    found = outcome(LEVELS, supplied, "260", "2028-09-01", level)
    assert (found["status"] in (status, "unknown"), found["threshold"]) == (True, threshold)
    if status != "unknown":
        assert found["status"] == status

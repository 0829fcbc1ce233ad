"""Rules about parks: a zone's own figures, one outcome for each zone, none for contracts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from landwatch.language.columns import Kind
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.policy import About
from landwatch.scan.account import account
from landwatch.scan.adoption import Adoption
from landwatch.scan.dossier import Ledger, gather, open_engine
from landwatch.scan.parts import parts
from landwatch.scan.reading import exact
from landwatch.scan.run import Adopted, decide
from tests.scan.worked import Worked, ledger_of, table_of

POLICY = read_policy(
    """
id: made-up-parks
title: {zh: 虚构园区办法, en: made-up measures for parks}
document_no: 虚构〔2020〕1号
class: evaluation
authority: local
issuer: {zh: 虚构市, en: made-up city}
effective: {from: 2020-01-01, to: }
source: made up
summary: {zh: 测试用, en: for tests}
parameters:
  most:
    zh: 主导产业个数上限
    en: most leading industries
    unit: "1"
    by: level
    values: {2020-01-01: {national: "5", provincial: "3", county: }}
    clause: {row: LZ-09, article: （八）, quote: 国家级开发区原则上不超过5个主导产业}
rules:
  - code: MU.LEADING
    about: park
    title: {zh: 主导产业个数, en: leading industries}
    asks: {zh: 主导产业是否过多, en: are there too many leading industries}
    clauses:
      - {row: LZ-09, article: （八）, quote: 国家级开发区原则上不超过5个主导产业}
    clock: {from: statistics_on, limit: statistics_on, missing: statistics_on}
    met: leading_count <= most
    gaps:
      - {when: not told(most), reason: no_value("most")}
    breach: leading_count > most and as_of > limit_on
    doubts:
      - {when: not told(leading_count), reason: missing("leading_industries")}
    measured: leading_count
    threshold: most
    unit: "1"
    remedies: [report]
""",
    "made-up.yaml",
)
AS_OF = date(2021, 6, 30)


def ledger(**zones: dict[str, Any]) -> Ledger:
    contracts = ledger_of({"c1": Worked({"signed_on": date(2020, 5, 1)})})
    rows = [{"zone_id": name, **told} for name, told in zones.items()]
    return Ledger({**contracts.records, Kind.ZONES: table_of(Kind.ZONES, rows)})


def outcomes(told: Ledger) -> dict[str, dict[str, Any]]:
    adopted = [Adopted(POLICY, Adoption(everywhere=True))]
    (found,) = decide(told, adopted, AS_OF)
    assert found.rule.about is About.PARK
    return {row["zone_id"]: row for row in found.table.to_pylist()}


def zone(
    names: str | None, level: str | None = "national", on: date | None = date(2020, 12, 31)
) -> dict[str, Any]:
    told = {"leading_industries": names, "level": level, "statistics_on": on}
    return {name: value for name, value in told.items() if value is not None}


@pytest.mark.parametrize(
    ("told", "status", "reason", "measured"),
    [
        (zone("甲;乙;丙;丁"), "compliant", None, 4),
        (zone("甲;乙;丙;丁;戊"), "compliant", None, 5),
        (zone("甲;乙;丙;丁;戊;己"), "breach", None, 6),
        (zone("甲;乙;丙;丁;戊; 甲 "), "compliant", None, 5),
        (zone("甲;乙;丙;丁", "provincial"), "breach", None, 4),
        (zone("甲;乙;丙;丁", "county"), "unknown", "no_value:most", 4),
        (zone("甲;乙;丙;丁", None), "unknown", "no_value:most", 4),
        (zone(None), "unknown", "missing:leading_industries", None),
        (zone("甲", on=date(2022, 1, 1)), "compliant", None, 1),
    ],
)
def test_a_park_is_decided_by_its_own_figures(
    told: dict[str, Any], status: str, reason: str | None, measured: int | None
) -> None:
    row = outcomes(ledger(park=told))["park"]
    assert (row["status"], row["reason"], row["measured"]) == (status, reason, measured)
    assert (row["contract_id"], row["parcel_id"]) == (None, None)


def test_figures_told_for_a_later_day_are_unsaid() -> None:
    engine = open_engine()
    later = {"statistics_on": date(2021, 7, 1), "total_output_wan": Decimal(5)}
    today = {"statistics_on": AS_OF, "total_output_wan": Decimal(6)}
    gather(engine, ledger(later=later, today=today), AS_OF)
    rows = engine.sql("SELECT zone_id, statistics_on, total_output_wan FROM parks").fetchall()
    engine.close()
    assert rows == [("later", None, None), ("today", AS_OF, Decimal(6))]


def test_the_account_of_a_park_is_what_the_columns_say_with_every_part_of_it() -> None:
    told = ledger(park=zone("甲;乙;丙;丁;戊;己"))
    engine = open_engine()
    gather(engine, told, AS_OF)
    (row,) = engine.sql("SELECT * FROM parks").to_arrow_table().to_pylist()
    engine.close()
    facts = {name: exact(value) for name, value in row.items()}
    taken = account(POLICY, POLICY.rules[0], facts, AS_OF)
    assert taken.status == outcomes(told)["park"]["status"] == "breach"
    assert "主导产业个数 6 ＞ 主导产业个数上限 5 —— 成立" in parts(taken, "zh")
    assert "number of leading industries 6 ＞ most leading industries 5 — holds" in parts(
        taken, "en"
    )


def test_an_unreadable_cell_of_a_park_accuses_nobody() -> None:
    rows = [{"zone_id": "park", **zone("甲;乙;丙;丁;戊;己")}]
    table = table_of(Kind.ZONES, rows)
    import pyarrow as pa

    marked = table.append_column("unreadable", pa.array([";leading_industries;"]))
    told = ledger()
    row = outcomes(Ledger({**told.records, Kind.ZONES: marked}))["park"]
    assert (row["status"], row["reason"]) == ("unknown", "unreadable:leading_industries")

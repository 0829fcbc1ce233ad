"""A made-up scan: two parks, six contracts, three rules, every outcome worked out by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from landwatch.language.terms import Gravity
from landwatch.lawbook.policy import Words
from landwatch.reports.workbook import PolicyLine, ReportData, RuleLine
from landwatch.scan.findings import FINDING_COLUMNS
from landwatch.store import Scope

DAY = date(2021, 9, 1)
Row = dict[str, Any]


def finding(contract_id: str, rule: str, status: str, **told: Any) -> Row:
    """Return a finding with every column; what is not told is blank."""
    row: Row = dict.fromkeys(FINDING_COLUMNS)
    row |= {
        "contract_id": contract_id, "rule": rule, "status": status, "to_verify": False,
        "policy": "order-53-2012", "policy_version": "0123456789abcdef", "authority": "rule",
        "remedies": [], "facts": [], "as_of": DAY, "scan_id": 7, "article": "第十四条",
        "explanation_zh": "约定开工日 2019-06-30，最后一日 2020-06-30。",
        "explanation_en": "Agreed start 2019-06-30, last day 2020-06-30.",
    }  # fmt: skip
    assert told.keys() <= row.keys()
    return row | told


def _contract(contract_id: str, zone: str | None, mu: str | None, gravity: str, **own: str) -> Row:
    return {
        "contract_id": contract_id, "zone_id": zone, "gravity": gravity,
        "area_mu": None if mu is None else Decimal(mu), "holder": f"{contract_id}号公司",
        "project_name": "厂房", "location": "纬一路", **own,
    }  # fmt: skip


CONTRACTS = [
    _contract("C1", "Z1", "102.76128", "breach", holder='=HYPERLINK("http://x")'),
    _contract("C2", "Z1", "30", "to_verify", location="经二路"),
    _contract("C3", "Z1", None, "to_verify", location="经一路"),
    _contract("C4", "Z2", "15.5", "due_soon", holder="@SUM(1)", project_name="-1+1"),
    _contract("C5", "Z2", "20", "compliant"),
    _contract("C6", None, "7", "unknown"),
]
SPEAKING = [
    finding("C4", "GC.START", "due_soon", zone_id="Z2", limit_on=date(2021, 10, 1)),
    finding(
        "C1", "O53.A1", "breach", zone_id="Z1", parcel_id="P1;P2", limit_on=date(2020, 6, 30),
        clock_from=date(2019, 6, 30), days_past=428, amount_wan=Decimal("616.5"),
        remedies=["charge_idle_fee", "reclaim"],
        facts=[{"name": "started", "value": False, "file": "进度.csv", "sheet": None, "row": 3}],
    ),
    finding(
        "C1", "LZ.INTENSITY", "breach", zone_id="Z1", authority="draft", remedies=["urge"],
        measured=Decimal("149.999999"), threshold=Decimal("150"), margin=Decimal("-0.000001"),
        unit="万元/亩", amount_wan=Decimal("0.1"),
    ),
    finding(
        "C2", "O53.A1", "unknown", zone_id="Z1", to_verify=True, reason="missing:started",
        limit_on=date(2020, 5, 1),
    ),
    finding(
        "C2", "LZ.INTENSITY", "unknown", zone_id="Z1", to_verify=True,
        reason="stale:observed_on=2020-03-01", limit_on=date(2020, 4, 1),
        measured=Decimal(60), threshold=Decimal(150), margin=Decimal(-90),
        facts=[{"name": "fixed_assets_wan", "value": "90", "file": "a", "sheet": "b", "row": 2}],
    ),
    finding(
        "C3", "GC.START", "unknown", zone_id="Z1", to_verify=True,
        reason="missing:actual_start_on", limit_on=date(2021, 1, 1),
    ),
    finding("C3", "LZ.INTENSITY", "unknown", zone_id="Z1", reason="missing:area_m2"),
    finding("C6", "LZ.INTENSITY", "unknown", reason="missing:area_m2"),
    finding("C6", "GC.START", "unknown", reason="missing:agreed_start_on"),
]  # fmt: skip
QUIET = {
    ("Z1", "O53.A1", "compliant"): 1,
    ("Z1", "GC.START", "not_due"): 2,
    ("Z2", "O53.A1", "compliant"): 2,
    ("Z2", "GC.START", "compliant"): 1,
    ("Z2", "LZ.INTENSITY", "not_applicable"): 2,
    (None, "O53.A1", "not_applicable"): 1,
}


def counted() -> Counter[tuple[str | None, str, str]]:
    counts = Counter(QUIET)
    for row in SPEAKING:
        gravity = Gravity.of(row["status"], bool(row["to_verify"]))
        counts[(row["zone_id"], row["rule"], gravity.value)] += 1
    return counts


@pytest.fixture
def rows() -> list[Row]:
    return [dict(row) for row in SPEAKING]


@pytest.fixture
def report() -> ReportData:
    return ReportData(
        title="演示园区供地履约检查",
        as_of=DAY,
        scan_id=7,
        made_at=datetime(2021, 9, 2, 8, 30, tzinfo=UTC),
        policies=[
            PolicyLine(
                "order-53-2012",
                Words("闲置土地处置办法", "Measures on idle land"),
                "0123456789abcdef",
                "rule",
                (Scope("Z1"), Scope("Z2")),
            )
        ],
        rules=[
            RuleLine("O53.A1", "order-53-2012", Words("满一年未动工", "not started for a year")),
            RuleLine("GC.START", "grant-contract", Words("按期开工", "started in time")),
            RuleLine("LZ.INTENSITY", "lanzhou-2012-148", Words("投资强度", "intensity floor")),
        ],
        zones=[("Z1", "东园"), ("Z2", "西园")],
        contracts=CONTRACTS,
        outcomes=counted(),
        findings=iter(SPEAKING),
    )

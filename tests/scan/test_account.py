"""The scalar twin: one contract at a time comes to what the columns come to, with its reasons."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from landwatch.lawbook.policy import About
from landwatch.lawbook.shelf import shelf
from landwatch.scan.account import account
from landwatch.scan.adoption import Adoption
from landwatch.scan.dossier import gather, open_engine
from landwatch.scan.evaluate import outcomes_sql
from landwatch.scan.explain import brief, sections
from landwatch.scan.reading import exact
from tests.scan.worked import ledger_of
from tests.scan.worlds import AS_OF, world


def both(seed: int, contracts: int, as_of: date) -> list[tuple[Any, dict[str, Any]]]:
    """Return every account beside the row that the columns gave."""
    engine = open_engine()
    gather(engine, ledger_of(world(seed, contracts)), as_of)
    facts = {
        (about, row[key]): {name: exact(value) for name, value in row.items()}
        for about, table, key in (
            (About.CONTRACT, "dossiers", "contract_id"),
            (About.PARK, "parks", "zone_id"),
        )
        for row in engine.sql(f"SELECT * FROM {table}").to_arrow_table().to_pylist()
    }
    pairs = []
    for policy in shelf().values():
        for rule in policy.rules:
            sql = outcomes_sql(policy, rule, Adoption(everywhere=True), as_of)
            for row in engine.sql(sql).to_arrow_table().to_pylist():
                subject = row["zone_id" if rule.about is About.PARK else "contract_id"]
                pairs.append((account(policy, rule, facts[rule.about, subject], as_of), row))
    engine.close()
    return pairs


@pytest.mark.parametrize("seed", [21, 22])
def test_the_account_of_one_contract_is_what_the_columns_say(seed: int) -> None:
    for taken, row in both(seed, 250, AS_OF):
        assert (taken.status, taken.reason, taken.to_verify) == (
            row["status"],
            row["reason"],
            row["to_verify"],
        ), (taken.rule.code, row["contract_id"])
        assert taken.days_past == row["days_past"]
        assert ";".join(taken.remedies) == (row["remedies"] or "")
        assert close(taken.amount_wan, row["amount_wan"])
        if taken.status in ("breach", "compliant"):
            assert close(taken.measured, row["measured"])
            assert close(taken.threshold, row["threshold"])


def close(exactly: Fraction | None, shown: float | None) -> bool:
    if exactly is None or shown is None:
        return exactly is None and shown is None
    return abs(float(exactly) - shown) <= 1e-6 + 1e-9 * abs(shown)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_outcome_can_be_explained(lang: str) -> None:
    for taken, _ in both(23, 60, AS_OF):
        said = sections(taken, [], lang)
        assert len(said) == 7 or (len(said) == 6 and taken.status != "breach")
        assert all(line for section in said for line in section.lines)
        assert brief(taken, lang)
        assert taken.reason != "undecided"

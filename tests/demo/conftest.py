"""The demo's ledger, written once, imported and scanned as a user would have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from landwatch.demo import DemoLedger, write_ledger
from landwatch.language.columns import Kind
from landwatch.language.terms import Gravity
from landwatch.lawbook.policy import About
from landwatch.lawbook.shelf import shelf
from landwatch.ledger import Intake, read_ledger
from landwatch.scan.adoption import Adoption
from landwatch.scan.dossier import Ledger
from landwatch.scan.run import Adopted, decide
from tests.scan.worked import table_of

LETTERS = {
    "B": Gravity.BREACH,
    "V": Gravity.TO_VERIFY,
    "S": Gravity.DUE_SOON,
    "E": Gravity.EXEMPT,
    "U": Gravity.UNKNOWN,
    "N": Gravity.NOT_DUE,
    "C": Gravity.COMPLIANT,
    "-": Gravity.NOT_APPLICABLE,
}


@dataclass(frozen=True)
class Told:
    """What the importer took from the demo's files: the intake of each, and the rows by kind."""

    intakes: dict[str, Intake]
    rows: dict[Kind, list[dict[str, Any]]]


@dataclass(frozen=True)
class ByHand:
    """The table worked out by hand."""

    says: dict[str, dict[str, Gravity]]
    mu: dict[str, float]
    zone: dict[str, str]
    totals: dict[str, dict[str, int]]
    mu_by_gravity: dict[str, dict[str, float]]
    parks: dict[str, dict[str, Gravity]]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoLedger:
    return write_ledger(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def told(demo: DemoLedger) -> Told:
    rows: dict[Kind, list[dict[str, Any]]] = {kind: [] for kind in Kind}
    intakes = {}
    for kind, path in demo.files:
        intake = intakes[path.name] = read_ledger(kind, path)
        for batch in intake.batches():
            rows[kind] += [dict(record.values) for record in batch.records]
    return Told(intakes, rows)


@pytest.fixture(scope="session")
def adopted(demo: DemoLedger) -> list[Adopted]:
    """Return the policies as `init` and the demo adopt them."""

    def adoption(policy_id: str, by_init: bool) -> Adoption:
        zones = {zone for policy, zone in demo.adoptions if policy == policy_id}
        named = frozenset(zone for zone in zones if zone is not None)
        return Adoption(everywhere=by_init or None in zones, zones=named)

    return [
        Adopted(policy, adoption(policy.id, policy.adopted_by_init)) for policy in shelf().values()
    ]


@pytest.fixture(scope="session")
def decided(
    demo: DemoLedger, told: Told, adopted: list[Adopted]
) -> dict[About, dict[str, dict[str, dict[str, Any]]]]:
    """Return the row of each contract and rule, and of each park and rule about parks."""
    ledger = Ledger({kind: table_of(kind, told.rows[kind]) for kind in Kind})
    found: dict[About, dict[str, dict[str, dict[str, Any]]]] = {about: {} for about in About}
    for outcome in decide(ledger, adopted, demo.as_of):
        about = outcome.rule.about
        key = "zone_id" if about is About.PARK else "contract_id"
        for row in outcome.table.to_pylist():
            found[about].setdefault(row[key], {})[outcome.rule.code] = row
    return found


@pytest.fixture(scope="session")
def outcomes(
    decided: dict[About, dict[str, dict[str, dict[str, Any]]]],
) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the row of each contract and rule."""
    return decided[About.CONTRACT]


@pytest.fixture(scope="session")
def park_outcomes(
    decided: dict[About, dict[str, dict[str, dict[str, Any]]]],
) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the row of each park and rule about parks."""
    return decided[About.PARK]


@pytest.fixture(scope="session")
def by_hand() -> ByHand:
    table = yaml.safe_load(Path(__file__).with_name("expected.yaml").read_text("utf-8"))
    rules = list(table["totals"])
    says = {
        contract: dict.fromkeys(rules, Gravity.NOT_APPLICABLE)
        | dict(_letters(table["columns"][contract[:2]], row["says"]))
        for contract, row in table["enterprises"].items()
    }
    return ByHand(
        says,
        {contract: row["mu"] for contract, row in table["enterprises"].items()},
        {
            contract: row.get("zone", f"{contract[:2]}-DEMO")
            for contract, row in table["enterprises"].items()
        },
        table["totals"],
        table["mu"],
        {
            zone: dict(_letters(table["parks"]["columns"], says))
            for zone, says in table["parks"].items()
            if zone != "columns"
        },
    )


def _letters(columns: list[str], says: str) -> Iterator[tuple[str, Gravity]]:
    for rule, letter in zip(columns, says.replace(" ", ""), strict=True):
        yield rule, LETTERS[letter]

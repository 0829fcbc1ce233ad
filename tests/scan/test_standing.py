"""How a contract stands is what all its outcomes say, worked out here one by one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from landwatch import commands
from landwatch.language.columns import Kind
from landwatch.language.terms import Gravity
from landwatch.lawbook.policy import About
from landwatch.scan.kept import kept_outcomes
from landwatch.scan.publication import BESIDE, publication
from landwatch.scan.standing import standing
from landwatch.store import ScanSummary, Store, open_store

DATA = Path(__file__).parents[2] / "data"
FILES = ("zones.geojson", "parcels.geojson", "contracts.xlsx", "progress.csv", "events.csv")


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, ScanSummary]:
    """A made-up park, scanned by its city's policy too: breaches, doubts, quiet contracts."""
    url = str(tmp_path_factory.mktemp("park") / "landwatch.gpkg")
    commands.init(url, by="张三")
    for name in FILES:
        path = DATA / f"lanzhou-{name}"
        list(commands.import_files(url, Kind(name.split(".")[0]), [path], by="张三"))
    commands.adopt(url, "lanzhou-2012-148", commands.Scope(zone_id="LZ-DEMO"), by="张三")
    done = commands.scan(url, date(2026, 7, 31), by="张三")
    return open_store(url), done.summary


def by_hand(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return how a contract stands by its outcomes."""
    told = [(Gravity.of(row["status"], bool(row["to_verify"])), row) for row in rows]
    gravest = min(gravity for gravity, _ in told)
    of_it = [row for gravity, row in told if gravity is gravest]
    limits = [row["limit_on"] for row in of_it if row["limit_on"] is not None]
    past = [int(row["days_past"]) for row in of_it if row["days_past"] is not None]
    loud = gravest.rank < Gravity.NOT_DUE.rank
    return {
        "gravity": str(gravest),
        "rules": "; ".join(row["rule"] for row in of_it) if loud else None,
        "limit_on": min(limits, default=None),
        "days_past": max(past, default=None),
        **{
            name: sum(gravity is kind for gravity, _ in told)
            for name, kind in (
                ("breaches", Gravity.BREACH),
                ("to_verify", Gravity.TO_VERIFY),
                ("due_soon", Gravity.DUE_SOON),
            )
        },
    }


@pytest.mark.parametrize("about", [About.CONTRACT, About.PARK])
def test_each_stands_as_its_outcomes_say(scanned: tuple[Store, ScanSummary], about: About) -> None:
    outcomes: dict[str, list[dict[str, Any]]] = {}
    key = "contract_id" if about is About.CONTRACT else "zone_id"
    for kept in kept_outcomes(*scanned):
        if kept.about is about:
            for row in kept.table.to_pylist():
                outcomes.setdefault(row[key], []).append({**row, "rule": kept.rule})
    found = {row.pop("id"): row for row in standing(*scanned)[about].to_pylist()}
    assert found.keys() == outcomes.keys()
    for name, row in found.items():
        row.pop("zone_id")
        assert row == by_hand(outcomes[name]), name
    if about is About.CONTRACT:
        assert {"breach", "unknown", "compliant"} <= {row["gravity"] for row in found.values()}


def test_every_record_that_stands_is_published_once(
    scanned: tuple[Store, ScanSummary],
) -> None:
    store, scan = scanned
    rows = {
        kind: [row for batch in batches for row in batch.to_pylist()]
        for kind, batches in publication(store, scan, lambda *_: None)
    }
    assert set(rows) == set(BESIDE)
    for kind, key in (
        (Kind.ZONES, "zone_id"), (Kind.PARCELS, "parcel_id"), (Kind.CONTRACTS, "contract_id"),
    ):  # fmt: skip
        told = [row[key] for row in rows[kind]]
        assert sorted(told) == sorted(store.known_keys(kind))
    assert all(row["geometry"] for row in rows[Kind.ZONES])
    reported = [row["contract_id"] for row in rows[Kind.PROGRESS]]
    assert len(reported) == len(set(reported)) > 20
    named = {row["parcel_id"]: row for row in rows[Kind.PARCELS]}
    for row in rows[Kind.CONTRACTS]:
        for parcel in (row["parcel_id"] or "").split(";"):
            shown = named.get(parcel.strip())
            if shown is not None and row["gravity"] is not None:
                assert Gravity(shown["gravity"]).rank <= Gravity(row["gravity"]).rank
                assert row["contract_id"] in shown["contracts"].split("; ")

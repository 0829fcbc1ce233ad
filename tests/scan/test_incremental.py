"""A scan that decides again only what can have changed is the full scan, table by table.

A story of a ledger is drawn from one seed: rows told, corrected, taken back and let stand again,
contracts that share numbers, reports under any of them, parcels that move, policies adopted for
some places and dropped, and days that pass between the scans. After every chapter the ledger is
scanned both ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, box

from landwatch.language.columns import Kind, columns_of
from landwatch.language.records import Record, SourceFile
from landwatch.lawbook.shelf import shelf
from landwatch.ledger.keys import key_of
from landwatch.scan.dossier import Ledger, gather, open_engine
from landwatch.scan.heads import to_verify_of
from landwatch.scan.kept import adopted_policies, kept_outcomes, run, run_and_keep
from landwatch.scan.known import places_at, places_of, rows_at
from landwatch.store import ScanSummary, Scope, Store, create_store, mirror
from tests.scan.worlds import AS_OF, world

POLICIES = ("order-53-2012", "grant-contract", "urumqi-hitech-bond")
CONTRACTS = 9
NAMES = (*(f"w{n:06}" for n in range(CONTRACTS + 2)), "甲-1", "乙-2", "丙-3")
PARCELS = ("P0", "P1", "P2", "P3")
ZONES = {"Z0": box(103.0, 36.0, 103.1, 36.1), "Z1": box(103.1, 36.0, 103.2, 36.1)}


class Story:
    """A store and its days, told on by chance."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.rng = Random(seed)
        self.store: Store = create_store(str(folder / f"{seed}.gpkg"))
        self.files = 0
        self.day = AS_OF - timedelta(days=self.rng.randint(0, 120))
        self.worlds = iter(range(seed * 1000, seed * 1000 + 1000))
        for policy in POLICIES:
            self.store.adopt(policy, by="story")
        self.tell(
            Kind.ZONES, [{"zone_id": z, "level": "national", "geometry": shape(z)} for z in ZONES]
        )
        self.tell(Kind.PARCELS, [self._parcel(name) for name in PARCELS[:3]])
        told = world(next(self.worlds), CONTRACTS)
        self.tell(
            Kind.CONTRACTS, [self._contract(name, one.contract) for name, one in told.items()]
        )
        self.reports(CONTRACTS)
        self.happenings(CONTRACTS)

    def tell(self, kind: Kind, rows: list[dict[str, Any]]) -> None:
        known = columns_of(kind)
        values = [{name: cell for name, cell in row.items() if name in known} for row in rows]
        records = {
            key_of(kind, row): Record(kind, key_of(kind, row), row, None, place)
            for place, row in enumerate(values, start=2)
        }
        self.files += 1
        source = SourceFile(f"{self.files}.csv", f"{self.files:064}", self.files)
        with self.store.import_rows(kind, source, recorded_by="story") as writer:
            writer.add(list(records.values()))

    def chapter(self) -> None:
        """Let something happen, or nothing but a day."""
        acts = (
            self.reports, self.happenings, self.contracts, self.parcels, self.statistics,
            self.undo, self.redo, self.law, self.nothing, self.nothing,
        )  # fmt: skip
        for act in self.rng.choices(acts, k=self.rng.choice((0, 1, 1, 2, 3))):
            act()
        self.day += timedelta(days=self.rng.choice((0, 0, 1, 1, 2, 30, 90, 180, 365, 400)))

    def reports(self, many: int = 2) -> None:
        told = world(next(self.worlds), many)
        rows = [
            {**row, "contract_id": self.name()} for one in told.values() for row in one.progress
        ]
        self.tell_some(Kind.PROGRESS, rows)

    def happenings(self, many: int = 2) -> None:
        told = world(next(self.worlds), many)
        rows = [{**row, "contract_id": self.name()} for one in told.values() for row in one.events]
        self.tell_some(Kind.EVENTS, rows)

    def contracts(self, many: int = 1) -> None:
        told = world(next(self.worlds), many)
        self.tell_some(
            Kind.CONTRACTS,
            [self._contract(self.rng.choice(NAMES), one.contract) for one in told.values()],
        )

    def parcels(self) -> None:
        self.tell(Kind.PARCELS, [self._parcel(self.rng.choice(PARCELS))])

    def statistics(self) -> None:
        zone = self.rng.choice(tuple(ZONES))
        told = {"zone_id": zone, "leading_industries": self.rng.choice(("甲;乙", "甲"))}
        if self.rng.random() < 0.3:
            told["level"] = self.rng.choice(("national", "county"))
        self.tell(Kind.ZONES, [told])

    def undo(self) -> None:
        standing = [one for one in self.store.imports() if (one.import_id or 0) > 2]
        if standing:
            self.store.withdraw(self.rng.choice(standing).import_id or 0, by="story")

    def redo(self) -> None:
        for import_id in self.store.withdrawn_imports():
            self.store.restore(import_id, by="story")
            return

    def law(self) -> None:
        policy = self.rng.choice(POLICIES)
        if self.rng.random() < 0.5:
            self.store.drop(policy, by="story")
        else:
            self.store.adopt(policy, Scope(zone_id=self.rng.choice(tuple(ZONES))), by="story")

    def nothing(self) -> None:
        pass

    def tell_some(self, kind: Kind, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.tell(kind, rows)

    def name(self) -> str:
        return self.rng.choice(NAMES)

    def _contract(self, name: str, told: Mapping[str, Any]) -> dict[str, Any]:
        row = dict(told) | {"contract_id": name}
        if self.rng.random() < 0.4:
            row["contract_no"] = self.rng.choice(NAMES)
        if self.rng.random() < 0.3:
            row["supervision_no"] = self.rng.choice(NAMES)
        if self.rng.random() < 0.4:
            row["zone_id"] = self.rng.choice(tuple(ZONES))
        if self.rng.random() < 0.7:
            row["parcel_id"] = ";".join(self.rng.sample(PARCELS, self.rng.choice((1, 1, 2))))
        return row

    def _parcel(self, name: str) -> dict[str, Any]:
        row: dict[str, Any] = {"parcel_id": name}
        if self.rng.random() < 0.3:
            row["zone_id"] = self.rng.choice(tuple(ZONES))
        if self.rng.random() < 0.7:
            row["geometry"] = inner(self.rng.choice(tuple(ZONES)))
        return row


def shape(zone: str) -> MultiPolygon:
    return MultiPolygon([ZONES[zone]])


def inner(zone: str) -> MultiPolygon:
    west, south, _, _ = ZONES[zone].bounds
    return MultiPolygon([box(west + 0.02, south + 0.02, west + 0.03, south + 0.03)])


def scanned_both_ways(story: Story) -> tuple[ScanSummary, bool]:
    """Return the kept scan of a day, and whether it is a difference; it equals the full scan."""
    store = story.store
    adopted = adopted_policies(store, shelf(), story.day)
    kept = run_and_keep(store, adopted, story.day, by="story", least=0)
    whole = run(store, adopted, story.day, by="story")
    assert kept.counts == whole.counts
    assert kept.contracts == whole.contracts
    verify = to_verify_of(store, kept) or {}
    pairs = zip(kept_outcomes(store, kept), kept_outcomes(store, whole), strict=True)
    for ours, theirs in pairs:
        assert (ours.rule, ours.policy, ours.about) == (theirs.rule, theirs.policy, theirs.about)
        if not ours.table.equals(theirs.table):
            rows = zip(ours.table.to_pylist(), theirs.table.to_pylist(), strict=False)
            assert [one for one, other in rows if one != other] == [], ours.rule
            assert ours.table.schema == theirs.table.schema
        assert ours.table.equals(theirs.table)
        assert verify.get(ours.rule, 0) == (pc.sum(ours.table.column("to_verify")).as_py() or 0)
    return kept, kept.base_scan_id is not None


@given(seed=st.integers(0, 10**6))
@settings(max_examples=1, deadline=None)
def test_any_story_is_scanned_in_part_as_it_is_scanned_whole(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    told_on(Story(tmp_path_factory.mktemp("story"), seed))


@given(seed=st.integers(0, 10**6))
@settings(max_examples=1, deadline=None)
def test_any_story_read_from_the_mirror_is_scanned_in_part_as_it_is_scanned_whole(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    with patch.object(mirror, "WORTH_ROWS", 0):
        told_on(Story(tmp_path_factory.mktemp("story"), seed))


def told_on(story: Story, chapters: int = 2) -> None:
    """Tell a story on, and scan it after each chapter."""
    scanned_both_ways(story)
    for _ in range(chapters):
        story.chapter()
        scanned_both_ways(story)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=2, deadline=None)
def test_contracts_lie_where_they_would_if_every_outline_were_read(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    story = Story(tmp_path_factory.mktemp("story"), seed)
    for _ in range(6):
        story.contracts()
        story.parcels()
    records = rows_at(story.store, None)
    few, every = places_at(story.store, None, records), places_of(story.store, None)
    assert zones(Ledger(records, few)) == zones(Ledger(records, every))


def zones(ledger: Ledger) -> list[dict[str, Any]]:
    """Return the zone of each contract, and those it may be in."""
    with closing(open_engine(ledger)) as engine:
        gather(engine, ledger, AS_OF)
        wanted = "contract_id, zone_id, list_sort(zones_open) AS zones_open"
        found: list[dict[str, Any]] = (
            engine.sql(f"SELECT {wanted} FROM dossiers ORDER BY 1").to_arrow_table().to_pylist()
        )
    assert found
    return found

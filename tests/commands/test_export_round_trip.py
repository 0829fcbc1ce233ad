"""A store's ledger, exported in any form and imported into a new store, is the same ledger."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landwatch import bootstrap, commands
from landwatch.errors import InputRefusedError
from landwatch.language.columns import Kind, columns_of
from tests.commands.any_ledger import imports, write_rows

FORMS = ("csv", "xlsx", "gpkg", "parquet", "geojson")
ROUND_TRIPS = int(os.environ.get("LANDWATCH_ROUND_TRIPS", "6"))
"""Examples of each kind; a soak takes more."""
TODAY = commands.Reading(today=date(2026, 1, 1))
Held = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with nothing in it, to be copied: making one takes longer than filling it."""
    path = tmp_path_factory.mktemp("empty") / "empty.gpkg"
    bootstrap.a_new_store(str(path))
    return path


def held(store: Path, kind: Kind) -> Held:
    """Return what a store holds of each key, worked out row by row as ledger.md tells it.

    An independent reckoning: the export merges by columns in the engine.
    """
    found: Held = {}
    for record in bootstrap.the_store(str(store)).columns(kind, geometry=True).to_pylist():
        now = found.setdefault(record["key"], {})
        for mark in ("cleared", "unreadable"):
            for name in (record[mark] or "").strip(";").split(";"):
                if name:
                    now[name] = mark
        for name in columns_of(kind):
            if record[name] is not None:
                now[name] = record[name]
    for now in found.values():
        if isinstance(now.get("geometry"), bytes):
            now["geometry"] = shapely.from_wkb(now["geometry"])
    return found


def take_in(store: Path, kind: Kind, path: Path) -> list[commands.Imported]:
    return list(commands.import_files(str(store), kind, [path], by="张三", reading=TODAY))


def assert_same(was: Held, is_now: Held, form: str) -> None:
    assert is_now.keys() == was.keys()
    for key, columns in was.items():
        told = is_now[key]
        if form == "geojson" and isinstance(columns.get("geometry"), shapely.MultiPolygon):
            # RFC 7946 turns rings its own way: the same corners, in another order.
            drawn, again = columns.pop("geometry"), told.pop("geometry")
            assert drawn.normalize() == again.normalize()
        apart = {name for name in told.keys() | columns if told.get(name) != columns.get(name)}
        assert {(name, columns.get(name), told.get(name)) for name in apart} == set(), key


@pytest.mark.slow
@pytest.mark.timeout(120 + 60 * ROUND_TRIPS)
@pytest.mark.parametrize("kind", list(Kind))
@settings(
    max_examples=ROUND_TRIPS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_ledger_comes_back_from_every_form_as_it_was(
    kind: Kind, data: st.DataObject, empty: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("trip")
    store = folder / "a.gpkg"
    shutil.copyfile(empty, store)
    for at, rows in enumerate(data.draw(imports(kind))):
        try:
            take_in(store, kind, write_rows(folder / f"{at}.csv", rows))
        except InputRefusedError:
            continue  # a file with too little of a header: nothing of it is in the store
    was = held(store, kind)
    for form in FORMS if was else ():
        out, again = folder / f"out.{form}", folder / f"{form}.gpkg"
        commands.export(str(store), kind, out)
        shutil.copyfile(empty, again)
        (done,) = take_in(again, kind, out)
        assert done.tally.refused == done.tally.set_aside == 0, [g.example for g in done.issues]
        assert_same({key: dict(told) for key, told in was.items()}, held(again, kind), form)
    shutil.rmtree(folder)


REAL = (
    "contracts/anPing/DataSupplyResultDetail.csv",
    "contracts/ZitaiChen/output.json",
)


@pytest.mark.shared
@pytest.mark.parametrize("form", FORMS)
def test_real_supply_results_come_back_as_they_were(
    form: str, shared: Path, empty: Path, tmp_path: Path
) -> None:
    store, again, out = tmp_path / "a.gpkg", tmp_path / "b.gpkg", tmp_path / f"out.{form}"
    for path in (store, again):
        shutil.copyfile(empty, path)
    for name in REAL:
        take_in(store, Kind.CONTRACTS, shared / "data" / name)
    commands.export(str(store), Kind.CONTRACTS, out)
    (done,) = take_in(again, Kind.CONTRACTS, out)
    was, is_now = held(store, Kind.CONTRACTS), held(again, Kind.CONTRACTS)
    assert len(was) > 1_900
    assert (done.tally.rows, done.tally.refused) == (len(was), 0)
    assert_same(was, is_now, form)

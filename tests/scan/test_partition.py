"""A ledger in pieces: however it is cut, the pieces together come to what the whole comes to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landwatch.errors import LawbookError
from landwatch.language.columns import Kind
from landwatch.lawbook.policy import About
from landwatch.lawbook.shelf import shelf
from landwatch.scan.adoption import Adoption
from landwatch.scan.cutting import Size
from landwatch.scan.dossier import Ledger, gather, open_engine
from landwatch.scan.laying_out import PARKS, lay_out
from landwatch.scan.partition import PieceError, opened
from landwatch.scan.pieces import Alone, build, mapper, tasks_of, told_by, work_on
from landwatch.scan.run import Adopted, decide
from landwatch.scan.spread import Spread, mark_of
from landwatch.scan.told_rows import Rows, told_names
from landwatch.store import MirroredRows
from tests.scan.worked import Worked, ledger_of, table_of
from tests.scan.worlds import AS_OF, world

seeds = st.integers(0, 10**6)
LAW = ("lanzhou-2012-148", "order-53-2012")
"""Policies with rules about contracts and about parks."""
DIVISIONS = ("620102", "620100", "650104", "62", None)
ZONES = [
    {"zone_id": f"Z{n}", "level": level, "adcode": adcode, "leading_industries": "石化;装备;生物"}
    for n, (level, adcode) in enumerate(
        [("national", "620102"), ("provincial", "650104"), (None, None), ("county", "620123")]
    )
]


def adopted() -> list[Adopted]:
    somewhere = Adoption(
        everywhere=False,
        zones=frozenset({"Z0", "Z3"}),
        levels=frozenset({"provincial"}),
        divisions=frozenset({"6201"}),
    )
    scopes = {"lanzhou-2012-148": somewhere, "order-53-2012": Adoption(everywhere=True)}
    return [Adopted(shelf()[name], scopes[name]) for name in LAW]


def tangled(seed: int, contracts: int) -> Ledger:
    """A ledger whose rows call contracts by any number, also by one of several or of nobody."""
    rng = Random(seed)
    rows: dict[Kind, list[dict[str, Any]]] = {kind: [] for kind in Kind}
    rows[Kind.ZONES] = ZONES
    rows[Kind.PARCELS] = [
        {"parcel_id": f"P{n}", "zone_id": f"Z{n % 3}" if n % 2 else None} for n in range(1, 9)
    ]
    rows[Kind.PARCELS].append({"parcel_id": "P1", "zone_id": "Z3"})
    told = world(seed, contracts)
    for name, worked in told.items():
        own = _names(rng, name, list(told))
        rows[Kind.CONTRACTS].append({**worked.contract, **own})
        called = [name, name, own["contract_no"] or name, own["supervision_no"] or name, "nobody"]
        for kind, some in ((Kind.PROGRESS, worked.progress), (Kind.EVENTS, worked.events)):
            rows[kind] += [{**row, "contract_id": rng.choice(called)} for row in some]
    rows[Kind.CONTRACTS] += [  # told once more, of another division
        {"contract_id": row["contract_id"], "adcode": rng.choice(DIVISIONS)}
        for row in rng.sample(rows[Kind.CONTRACTS], contracts // 10)
    ]
    rows[Kind.EVENTS] += rows[Kind.EVENTS][::7]
    records = {
        kind: table_of(kind, [{k: v for k, v in row.items() if v is not None} for row in some])
        for kind, some in rows.items()
    }
    located = {"parcel_id": ["P2", "P4", "P8", "P8"], "zone_id": ["Z1", "Z2", "Z0", "Z1"]}
    return Ledger(records, pa.table(located))


def _names(rng: Random, name: str, ids: list[str]) -> dict[str, Any]:
    """Return the names and the place of a contract; two may have one number."""
    numbers = [f"N{n}" for n in range(len(ids))]
    return {
        "contract_id": name,
        "adcode": rng.choice(DIVISIONS),
        "zone_id": rng.choice(["Z0", "Z1", "Z2", "Z3", "Z9", None, None, None]),
        "contract_no": rng.choice([*numbers, *ids[:20], None]),
        "supervision_no": rng.choice([*numbers, None]),
        "parcel_id": rng.choice(["P1", "P1;P2", "P2; P3", "P3;P7;P8", "P9", None]),
    }


def facts(ledger: Ledger) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every fact of every contract on the day."""
    engine = open_engine()
    gather(engine, ledger, AS_OF)
    rows = engine.sql("SELECT * FROM dossiers").to_arrow_table().to_pylist()
    engine.close()
    for row in rows:
        row["zones_open"].sort()
        yield row["contract_id"], row


@given(seed=seeds, size=st.integers(20, 60))
@settings(max_examples=3)
def test_every_fact_of_a_contract_is_the_same_in_its_piece(
    tmp_path_factory: pytest.TempPathFactory, seed: int, size: int
) -> None:
    ledger = tangled(seed, 60)
    cut = lay_out(ledger, tmp_path_factory.mktemp("cut") / "pieces", size=_upto(size))
    apart = [one for number in cut.pieces if number != PARKS for one in facts(cut.ledger(number))]
    assert dict(apart) == dict(facts(ledger))
    assert len(apart) == 60
    assert all(piece.contracts <= size for piece in cut.pieces.values())


def _upto(contracts: int) -> Size:
    return Size(contracts=contracts)


def test_outcomes_are_those_of_the_whole(tmp_path: Path) -> None:
    ledger = tangled(11, 120)
    whole = list(decide(ledger, adopted(), AS_OF))
    pieces = list(Spread(Alone(), tmp_path, _upto(50)).decide(ledger, adopted(), AS_OF))
    assert [one.rule.code for one in pieces] == [one.rule.code for one in whole]
    assert {one.rule.about for one in whole} == set(About)
    for together, once in zip(pieces, whole, strict=True):
        assert together.table.equals(once.table), once.rule.code
    assert list(tmp_path.iterdir()) == []  # nothing is left lying about


def test_rows_of_a_mirror_are_laid_out_as_they_were_known(tmp_path: Path) -> None:
    ledger = tangled(7, 60)
    tables: dict[Kind, Any] = dict(ledger.records)
    gone = {kind: (3, 7) if kind is Kind.CONTRACTS else () for kind in Kind}
    known = {
        kind: table.filter(
            pc.invert(pc.is_in(table["record_id"], pa.array(gone[kind], pa.int64())))
        )
        for kind, table in tables.items()
    }
    mirrored = {
        kind: _mirrored(tmp_path / kind.value, table, gone[kind]) for kind, table in tables.items()
    }
    as_told = lay_out(Ledger(known, ledger.located), tmp_path / "told", size=_upto(30))
    as_kept = lay_out(Ledger(mirrored, ledger.located), tmp_path / "kept", size=_upto(30))
    assert as_kept.lost == as_told.lost
    for number, piece in as_kept.pieces.items():
        assert piece.contracts == as_told.pieces[number].contracts
        assert dict(facts(as_kept.ledger(number))) == dict(facts(as_told.ledger(number)))
    assert mark_of(Ledger(mirrored), adopted(), AS_OF) != mark_of(Ledger(known), adopted(), AS_OF)


def _mirrored(place: Path, table: pa.Table, hidden: tuple[int, ...]) -> MirroredRows:
    half = table.num_rows // 2
    files = (place.with_suffix(".1"), place.with_suffix(".2"))
    for file, some in zip(files, (table.slice(0, half), table.slice(half)), strict=True):
        pq.write_table(some, file)
    rows = (half, table.num_rows - half)
    return MirroredRows(files, rows, told_names(table), (), hidden)


def test_an_engine_that_maps_arrow_batches_comes_to_the_same(tmp_path: Path) -> None:
    cut = lay_out(tangled(11, 60), tmp_path / "pieces", size=_upto(30))
    tasks = tasks_of(cut, adopted(), AS_OF, cut.pieces)
    asked = [pa.record_batch({"number": [n]}) for n in cut.pieces]
    found = pa.Table.from_batches(mapper(tasks)(asked)).to_pylist()
    alone = Alone().work(tasks)
    assert [(row["number"], row["content"]) for row in found] == list(alone)


def test_a_ledger_without_contracts_has_outcomes_without_rows(tmp_path: Path) -> None:
    ledger = Ledger({kind: table_of(kind, []) for kind in Kind})
    law = [Adopted(shelf()["lanzhou-2012-148"], Adoption(everywhere=True))]
    whole = list(decide(ledger, law, AS_OF))
    pieces = list(Spread(Alone(), tmp_path).decide(ledger, law, AS_OF))
    for together, once in zip(pieces, whole, strict=True):
        assert together.table.equals(once.table), once.rule.code


def test_rows_of_nobody_are_counted_and_left_out(tmp_path: Path) -> None:
    ledger = ledger_of({"w1": Worked({"price_wan": 1}), "w2": Worked({"price_wan": 2})})
    strays = [{"contract_id": "w3", "observed_on": AS_OF}, {"contract_id": "w2", "on": AS_OF}]
    records = {
        **ledger.records,
        Kind.PROGRESS: table_of(Kind.PROGRESS, strays[:1]),
        Kind.EVENTS: table_of(Kind.EVENTS, strays[1:]),
    }
    cut = lay_out(Ledger(records), tmp_path / "pieces")
    assert cut.lost == {"contracts": 0, "progress": 1, "events": 0}
    assert len(Rows(Kind.PROGRESS, cut.ledger(1).records[Kind.PROGRESS])) == 0


def test_the_same_ledger_is_laid_out_in_the_same_files(tmp_path: Path) -> None:
    ledger = tangled(3, 60)
    once, again = (lay_out(ledger, tmp_path / name, size=_upto(20)) for name in ("a", "b"))
    assert (once.pieces, once.blank) == (again.pieces, again.blank)
    assert opened(tmp_path / "a") == once
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text("utf-8"))
    assert [piece["number"] for piece in manifest["pieces"]] == list(once.pieces)


def test_divisions_stay_together_where_they_are_small(tmp_path: Path) -> None:
    cut = lay_out(tangled(5, 100), tmp_path / "pieces", size=_upto(60))
    ends = [(one.first_division, one.last_division) for one in cut.pieces.values()][1:]
    assert ends == sorted(ends)
    assert len(ends) < 5


def test_a_file_that_was_changed_is_not_used(tmp_path: Path) -> None:
    cut = lay_out(tangled(5, 40), tmp_path / "pieces")
    changed = cut.folder / cut.pieces[1].files["contracts"].name
    changed.write_bytes(changed.read_bytes()[:-1] + b"?")
    with pytest.raises(PieceError) as raised:
        cut.ledger(1)
    assert raised.value.code == "cluster.piece_changed"
    changed.unlink()
    with pytest.raises(PieceError) as raised:
        cut.ledger(1)
    assert raised.value.code == "cluster.piece_gone"
    assert changed.name in raised.value.in_words("zh")


def test_a_folder_that_is_not_shared_is_said(tmp_path: Path) -> None:
    cut = lay_out(tangled(5, 40), tmp_path / "pieces", mark="m")
    (task,) = tasks_of(cut, adopted(), AS_OF, [1])
    elsewhere = replace(task, folder=str(tmp_path / "elsewhere"))
    with pytest.raises(PieceError) as raised:
        told_by(work_on(elsewhere))
    assert raised.value.code == "cluster.not_shared"
    with pytest.raises(PieceError) as raised:
        told_by(work_on(replace(task, mark="another ledger")))
    assert raised.value.code == "cluster.not_shared"


def test_a_worker_of_other_software_is_not_believed(tmp_path: Path) -> None:
    cut = lay_out(tangled(5, 40), tmp_path / "pieces")
    (task,) = tasks_of(cut, adopted(), AS_OF, [1])
    with pytest.raises(PieceError) as raised:
        told_by(work_on(replace(task, build="landwatch 0.0.1")))
    assert raised.value.code == "cluster.other_build"
    assert build() in raised.value.in_words("en")


def test_a_policy_that_cannot_be_worked_out_is_said_in_its_words(tmp_path: Path) -> None:
    cut = lay_out(tangled(5, 40), tmp_path / "pieces")
    (task,) = tasks_of(cut, adopted(), AS_OF, [1])
    other = tuple(replace(law, version="older") for law in task.law)
    with pytest.raises(LawbookError) as raised:
        told_by(work_on(replace(task, law=other)))
    assert raised.value.code == "policy.version_lost"


def test_the_mark_tells_ledgers_laws_and_days_apart() -> None:
    ledger, law = tangled(5, 40), adopted()
    ours = mark_of(ledger, law, AS_OF)
    assert ours == mark_of(tangled(5, 40), adopted(), AS_OF)
    located = Ledger(ledger.records, None)
    others = [
        mark_of(tangled(6, 40), law, AS_OF),
        mark_of(located, law, AS_OF),
        mark_of(ledger, law[:1], AS_OF),
        mark_of(ledger, [replace(law[0], adoption=law[1].adoption), law[1]], AS_OF),
        mark_of(ledger, law, AS_OF + timedelta(days=1)),
    ]
    assert len({ours, *others}) == 6

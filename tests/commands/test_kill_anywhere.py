"""kill -9 in any phase of an import, of any kind: whole imports in the store, and no litter.

The blows fall while the file is read and laid aside, while it is written, and while its report is.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from landwatch.language.columns import Kind
from landwatch.store import open_store
from tests.commands.conftest import Door, write_csv
from tests.commands.test_kill import Children, valid

ROWS, BLOWS_S, LEAST = 150, 10.0, 10
TELLING: Mapping[Kind, Callable[[int], dict[str, object]]] = {
    Kind.ZONES: lambda n: {"zone_id": f"Y{n}", "name": f"某某第{n}园区", "level": "省级"},
    Kind.PARCELS: lambda n: {"parcel_id": f"Z{n}", "area_m2": n + 1},
    Kind.CONTRACTS: lambda n: {
        "contract_id": f"C{n}",
        "holder": f"某某第{n}公司",
        "price_wan": "?",
    },
    Kind.PROGRESS: lambda n: {"contract_id": f"C{n}", "observed_on": "2020-01-01", "started": "否"},
    Kind.EVENTS: lambda n: {"contract_id": f"C{n}", "kind": "payment", "on": "2020-01-01"},
}


@pytest.fixture
def children(ready: Door, monkeypatch: pytest.MonkeyPatch) -> Iterator[Children]:
    """Commands that may be killed, whose temporary files lie where they can be counted."""
    litter = ready.store.parent / "temp"
    litter.mkdir()
    monkeypatch.setenv("TMPDIR", str(litter))
    children = Children(ready.store.parent)
    yield children
    children.close()


def kept(store: Path, kind: Kind) -> tuple[int, int]:
    """Return how many rows and imports a store holds."""
    opened = open_store(str(store))
    return opened.columns(kind).num_rows, len(opened.imports())


@pytest.mark.slow
def test_blows_in_every_phase_leave_whole_imports_and_no_litter(
    ready: Door, children: Children
) -> None:
    seed, ends = random.Random("kill anywhere"), Counter[str]()
    whole = shutil.copy(ready.store, "whole.gpkg")
    lasts: dict[Kind, float] = {}
    begun = time.monotonic()
    while time.monotonic() - begun < BLOWS_S or sum(ends.values()) < LEAST:
        for kind, told in TELLING.items():
            words = ["import", str(kind), f"{kind}.csv", "--report", f"{kind}.xlsx"]
            if kind not in lasts:
                write_csv(Path(f"{kind}.csv"), [told(n) for n in range(ROWS)])
                _, lasts[kind] = children.run(words)
            for stray in Path().glob("landwatch.gpkg*"):
                stray.unlink()
            shutil.copy(whole, ready.store)
            Path(f"{kind}.xlsx").unlink(missing_ok=True)
            status, _ = children.run(words, seed.uniform(0, 1.05 * lasts[kind]))
            assert status in (0, -signal.SIGKILL), "it failed by itself"
            rows, imports = kept(ready.store, kind)
            assert (rows, imports) in ((0, 0), (ROWS, 1))
            ends["after" if rows else "before"] += 1
            valid(ready.store)
    for kind in TELLING:  # the last blow's file, and every other, is brought whole
        words = ["import", str(kind), f"{kind}.csv", "--report", f"{kind}.xlsx"]
        assert children.run(words)[0] == 0
        assert kept(ready.store, kind)[0] == ROWS
    valid(ready.store)
    assert ends["before"], "every blow came too late to try anything"
    litter_is_swept(ready, children)


def litter_is_swept(ready: Door, children: Children) -> None:
    """What the killed ones left is an hour old, and then one more import is done."""
    left = [*Path("temp").iterdir(), *Path().glob(".*.xlsx")]
    assert all(one.name.startswith(("landwatch-", ".")) for one in left), left
    for one in left:
        os.utime(one, (time.time() - 7200,) * 2)
    for kind in TELLING:
        words = ["import", str(kind), f"{kind}.csv", "--report", f"{kind}.xlsx"]
        assert children.run(words)[0] == 0
    assert list(Path("temp").iterdir()) == []
    assert list(Path().glob(".*.xlsx")) == []
    assert not list(ready.store.parent.glob("*-journal"))

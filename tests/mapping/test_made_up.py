"""What is written of the demo's store says that it is made up, whoever writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from landwatch import bootstrap
from landwatch.commands.drawing import draw_map
from landwatch.commands.made_up import made_up_ledger
from landwatch.commands.picturing import draw_picture, write_slip
from landwatch.demo.marks import is_made_up
from landwatch.language.columns import Kind
from tests.mapping.picture_scenes import text_of

MARK = "演示数据，纯属虚构"


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return what pages were asked for, in place of writing them."""
    import landwatch.mapping.page

    asked: list[Any] = []
    monkeypatch.setattr(
        landwatch.mapping.page, "write_page", lambda _, data, **__: asked.append(data)
    )
    return asked


def test_every_park_of_the_demo_bears_the_mark(demo_store: str) -> None:
    zones = bootstrap.the_store(demo_store).columns(Kind.ZONES)
    told = zip(zones.column("zone_id").to_pylist(), zones.column("name").to_pylist(), strict=True)
    assert zones.num_rows == 6 and all(is_made_up([one]) for one in told)


def test_the_page_of_the_demo_says_it_without_being_asked(
    demo_store: str, tmp_path: Path, pages: list[Any]
) -> None:
    draw_map(demo_store, tmp_path / "a.html", lang="zh")
    assert [page.made_up for page in pages] == [True]


def test_picture_and_slip_of_the_demo_say_it_too(demo_store: str, tmp_path: Path) -> None:
    draw_picture(demo_store, tmp_path / "a.pdf", lang="zh", zone="LZ-DEMO")
    write_slip(demo_store, "LZ-06", tmp_path / "b.pdf", lang="zh")
    for file in ("a.pdf", "b.pdf"):
        assert MARK in text_of(tmp_path / file), file


@pytest.mark.parametrize(
    "parks",
    [
        [],
        [("LZ-DEMO", "金城沙枣产业园")],
        [("Z1", "示范园区（演示）")],
        [("LZ-DEMO", "金城沙枣产业园（演示）"), ("Z1", "东园")],
        [(None, None)],
    ],
    ids=["no park", "own name", "own number", "one of one's own", "nothing told"],
)
def test_a_ledger_of_one_s_own_is_never_called_made_up(
    parks: list[tuple[str | None, str | None]],
) -> None:
    assert not is_made_up(parks)


def test_a_store_is_asked_as_its_scan_knew_it(demo_store: str) -> None:
    store = bootstrap.the_store(demo_store)
    assert made_up_ledger(store, store.scans()[-1])

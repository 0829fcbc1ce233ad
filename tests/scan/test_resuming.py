"""A scan that is stopped after any rule goes on from there and comes to the very same bytes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from landwatch.errors import StoreBusyError
from landwatch.language.columns import Kind
from landwatch.lawbook.shelf import shelf
from landwatch.scan.incremental import Asked
from landwatch.scan.kept import adopted_policies, moment_of_knowledge, run_and_keep
from landwatch.scan.resuming import OutOfTimeError, ScanStoppedError, made_meanwhile
from landwatch.store import ScanSummary, Store, create_store
from landwatch.store.prunings import STALE_WORK
from landwatch.store.works import MOST, UnfinishedScan
from tests.scan.test_incremental import Story
from tests.scan.worlds import AS_OF


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A ledger with rules about contracts and about parks; a scan of it lays aside every rule."""
    monkeypatch.setenv("LANDWATCH_ASIDE_SECONDS", "0")
    store = Story(tmp_path, 7).store
    store.adopt("lanzhou-2012-148", by="张三")
    return store


class Heard:
    """Whether a scan went on, and from where."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def __call__(self, done: int, of: int) -> None:
        self.told.append((done, of))


def scanned(
    store: Store,
    *,
    stop_after: int = 0,
    by: str = "张三",
    stop: type[BaseException] = KeyboardInterrupt,
    days: int = 0,
    resumed: Callable[[int, int], None] | None = None,
) -> ScanSummary:
    """Scan, and stop after so many rules are decided in this run (0: go to the end)."""
    day, decided = AS_OF + timedelta(days=days), 0

    def told(_what: str, _done: int, _of: int) -> None:
        nonlocal decided
        decided += 1
        if decided == stop_after:
            raise stop

    adopted = adopted_policies(store, shelf(), day)
    return run_and_keep(store, adopted, day, by=by, told=told, resumed=resumed)


def parts(store: Store, scan: ScanSummary) -> list[bytes]:
    assert scan.scan_id is not None
    return list(store.scan_parts(scan.scan_id))


def left_over(store: Store) -> int:
    """Return how many pieces lie aside in the store."""
    with store._keeper.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT (SELECT count(*) FROM scan_works) + (SELECT count(*) FROM scan_work_pieces)"
        ).scalar()
    return int(found or 0)


def test_stopped_after_any_rule_it_goes_on_to_the_same_bytes(store: Store) -> None:
    whole = scanned(store)
    expected, rules = parts(store, whole), len(whole.counts)
    assert left_over(store) == 0
    for stop_after in (1, rules // 2, rules):
        with pytest.raises(ScanStoppedError) as stopped:
            scanned(store, stop_after=stop_after)
        assert stopped.value.exit_code == 4
        assert stopped.value.values["done"] == stop_after
        heard = Heard()
        again = scanned(store, resumed=heard)
        assert heard.told == [(stop_after, rules)]
        assert parts(store, again) == expected
        assert again.counts == whole.counts
        assert left_over(store) == 0


def test_stopped_again_and_again_by_its_time_it_comes_to_its_end(store: Store) -> None:
    expected = parts(store, scanned(store))
    for _ in range(3):
        with pytest.raises(ScanStoppedError) as stopped:
            scanned(store, stop_after=2, stop=OutOfTimeError)
    assert stopped.value.values["done"] == 6
    assert "--most-minutes" in stopped.value.in_words("zh")
    assert parts(store, scanned(store)) == expected


def test_what_another_day_or_later_knowledge_left_is_not_taken(store: Store) -> None:
    with pytest.raises(ScanStoppedError):
        scanned(store, stop_after=3)
    there = left_over(store)
    heard = Heard()
    scanned(store, days=1, resumed=heard)
    store.adopt("real-estate-law-26", by="李四")
    scanned(store, resumed=heard)
    assert heard.told == []
    assert left_over(store) == there, "and it is left alone"


def test_a_scan_stopped_before_its_first_rule_leaves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise RuntimeError("Query interrupted")  # what the engine makes of Ctrl-C

    monkeypatch.setattr("landwatch.scan.resuming.decide", interrupted)
    with pytest.raises(ScanStoppedError) as stopped:
        scanned(store)
    assert stopped.value.code == "resuming.stopped_early"
    assert left_over(store) == 0


def test_a_store_that_somebody_writes_to_does_not_stop_a_scan_that_lays_aside(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> None:
        raise StoreBusyError("error.store_busy", store="a.gpkg")

    expected = parts(store, scanned(store))
    monkeypatch.setattr("landwatch.store.works.Works.lay_aside", held)
    assert parts(store, scanned(store)) == expected
    with pytest.raises(ScanStoppedError) as stopped:
        scanned(store, stop_after=3)
    assert stopped.value.code == "resuming.stopped_early", "nothing could be kept"


def test_unfinished_scans_do_not_pile_up(store: Store) -> None:
    for day in range(MOST + 3):
        with pytest.raises(ScanStoppedError):
            scanned(store, stop_after=1, days=day)
    assert left_over(store) == 3 * MOST, "each has a head, one rule, and its line"


def test_what_was_given_up_goes_when_another_scan_lays_aside(store: Store) -> None:
    old = UnfinishedScan("old", AS_OF, moment_of_knowledge(store), 9, "张三")
    store.works.lay_aside(old, {0: b"0", 1: b"1"})
    with store._keeper.writing() as connection:
        connection.exec_driver_sql("UPDATE scan_works SET begun_at = '2020-01-01T00:00:00.000000Z'")
    assert timedelta(days=1) == STALE_WORK
    with pytest.raises(ScanStoppedError):
        scanned(store, stop_after=1)
    assert store.works.laid_aside("old") == {}


def test_a_piece_laid_aside_twice_is_there_once(store: Store) -> None:
    work = UnfinishedScan("w", AS_OF, moment_of_knowledge(store), 9, "张三")
    store.works.lay_aside(work, {0: b"a", 1: b"1"})
    store.works.lay_aside(work, {0: b"b", 2: b"2"})
    assert store.works.laid_aside("w") == {0: b"b", 1: b"1", 2: b"2"}


def test_a_scan_that_another_made_meanwhile_is_found_by_day_law_and_knowledge(store: Store) -> None:
    before = {one.scan_id for one in store.scans()}
    theirs = scanned(store, by="李四")
    asked = Asked(adopted_policies(store, shelf(), AS_OF), AS_OF, moment_of_knowledge(store))
    assert made_meanwhile(store, asked, before) == theirs
    assert made_meanwhile(store, asked, {theirs.scan_id}) is None
    other_day = Asked(asked.adopted, AS_OF + timedelta(days=1), asked.known_at)
    assert made_meanwhile(store, other_day, before) is None
    other_law = Asked(asked.adopted[1:], AS_OF, asked.known_at)
    assert made_meanwhile(store, other_law, before) is None


def test_one_scan_at_a_time_on_each_store(tmp_path: Path, postgis_url: str) -> None:
    for url in (str(tmp_path / "a.gpkg"), postgis_url):
        store, other = create_store(url), create_store(url)
        with store.works.alone("李四", 0):
            with pytest.raises(StoreBusyError) as busy, other.works.alone("张三", 0.1):
                pass
            assert busy.value.code == "resuming.busy_by"
            assert busy.value.values["who"] == "李四"
            for lang in ("zh", "en"):
                assert "李四" in busy.value.in_words(lang)
            other.adopt("real-estate-law-26", by="王五")  # others write meanwhile
        with other.works.alone("张三", 0):
            assert store.known_keys(Kind.CONTRACTS) == set()

"""A page beside an earlier scan and the months before it, from real stores with a real past."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landwatch import bootstrap
from landwatch.cli import run
from landwatch.commands import TimeWishes, Which, compare
from landwatch.commands.page_time import earlier_scan
from landwatch.commands.scanning import scan_meant
from landwatch.mapping.arranging import arranged, contract_classes
from landwatch.mapping.change_rows import ChangeRows
from landwatch.mapping.comparing import ALTERED, KINDS, Comparison
from landwatch.mapping.data import MapData
from landwatch.mapping.gather import map_data
from landwatch.mapping.moments import NOT_THERE
from landwatch.mapping.months import Months
from landwatch.mapping.style import CLASSES
from landwatch.scan.compare import TELLING, ChangeKind
from tests.commands.conftest import CONTRACT, Door, write_csv
from tests.commands.test_compare import _import_world
from tests.scan.worlds import world

SEEN = {"contract_id": "C1", "observed_on": "2021-03-10", "source": "inspection", "started": "no"}
MONTHS = ["2020-12-31", "2021-01-31", "2021-02-28", "2021-03-31", "2021-04-30", "2021-05-31"]


def put_clock(patch: pytest.MonkeyPatch, year: int, month: int, day: int) -> None:
    """Set the day on which acts are recorded."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Then:
            return cls(year, month, day, 4, tzinfo=UTC).astimezone(tz)

    patch.setattr("landwatch.store.intake.datetime", Then)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store begun in January; told of C1 in February, of its visit in March; scanned then."""
    folder = tmp_path_factory.mktemp("story")
    more = {**CONTRACT, "contract_id": "C2", "agreed_start_on": "2021-04-20"}
    files: dict[str, list[Mapping[str, object]]] = {"c": [CONTRACT], "p": [SEEN], "c2": [more]}
    for name, rows in files.items():
        write_csv(folder / f"{name}.csv", rows)
    acts: list[tuple[tuple[int, int, int], tuple[str, ...]]] = [
        ((2021, 1, 10), ("init",)),
        ((2021, 1, 10), ("policy", "drop", "grant-contract")),  # few rules are soon judged
        ((2021, 2, 15), ("import", "contracts", f"{folder}/c.csv")),
        ((2021, 3, 20), ("import", "progress", f"{folder}/p.csv")),
        ((2021, 3, 20), ("scan", "--as-of", "2021-03-31")),
        ((2021, 4, 15), ("import", "contracts", f"{folder}/c2.csv")),
        ((2021, 4, 15), ("scan", "--as-of", "2021-06-01")),
    ]
    store = folder / "story.gpkg"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for on, words in acts:
            put_clock(patch, *on)
            assert run([*words, "--store", str(store)]) == 0
    return store


@pytest.fixture
def storied(door: Door, story: Path) -> Door:
    """A copy of the story, to do with as one likes."""
    shutil.copy(story, door.store)
    return door


def page(door: Door, which: Which | None = None, **wishes: Any) -> MapData:
    """Return the data of the page of a scan, with the parts that are wished for."""
    store = bootstrap.the_store(str(door.store))
    scan = scan_meant(store, which or Which())
    time = TimeWishes(**wishes)
    time.hold_to(store, scan)
    law = bootstrap.lawbook_of(store, scan)
    return map_data(store, scan, law, title="", makers=time.makers())


def months_of(data: MapData) -> Months:
    (part,) = data.parts
    assert isinstance(part, Months)
    return part


def told_of(data: MapData, contract: str) -> Iterator[tuple[str, str]]:
    """Return the class of a contract at the end of each month, by its code."""
    row = list(data.contracts["contract_id"]).index(contract)
    for month in months_of(data).ends:
        at = int(month.classes[row])
        yield month.day.isoformat(), "" if at == NOT_THERE else CLASSES[at].code


def test_a_month_tells_what_was_known_when_it_ended(storied: Door) -> None:
    data = page(storied, months=6)
    assert dict(told_of(data, "C1")) == dict(
        zip(MONTHS, ["", "", "to_verify", "breach", "breach", "breach"], strict=True)
    )
    # C2 was recorded in April: in March it was not in the ledger, whatever its terms say of March
    assert [code for _, code in told_of(data, "C2")][:4] == ["", "", "", ""]
    assert [code for _, code in told_of(data, "C2")][4] != ""
    ends = months_of(data).ends
    assert ends[0].known_at is None, "nothing was known before the store was"
    assert [end.known_at and end.known_at.month for end in ends[1:]] == [1, 2, 3, 4, 4]


def test_past_months_may_be_judged_by_what_is_known_now(storied: Door) -> None:
    data = page(storied, months=6, as_known_now=True)
    codes = [code for _, code in told_of(data, "C1")]
    assert codes[:3] == ["to_verify"] * 3, "the visit of March says nothing of February"
    assert codes[3:] == ["breach"] * 3
    assert "" not in [code for _, code in told_of(data, "C2")]
    head = months_of(data).head(data, arranged(data))
    assert head["as_known_now"] is True


def test_a_kept_scan_of_that_day_and_knowledge_is_not_judged_again(
    storied: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[date] = []
    from landwatch.mapping import months

    def noted(ledger: Any, adopted: Any, as_of: date) -> Any:
        judged.append(as_of)
        return iter(())

    monkeypatch.setattr(months, "decide", noted)
    ends = months_of(page(storied, months=6)).ends
    assert [end.scan_id for end in ends] == [None, None, None, 1, None, None]
    assert date(2021, 3, 31) not in judged
    assert judged == [date.fromisoformat(day) for day in (*MONTHS[1:3], *MONTHS[4:])]


def test_a_scan_of_that_day_by_later_knowledge_does_not_stand_for_the_month(
    storied: Door,
) -> None:
    storied.does("scan", "--as-of", "2021-02-28")
    data = page(storied, Which(as_of=date(2021, 6, 1)), months=4)
    end = next(end for end in months_of(data).ends if end.day == date(2021, 2, 28))
    assert end.scan_id is None
    assert dict(told_of(data, "C1"))["2021-02-28"] == "to_verify"


def test_a_month_is_the_page_that_would_have_been_drawn_of_it(ready: Door) -> None:
    """Sixty contracts near every limit: each month equals a page of that very day."""
    ready.does("policy", "drop", "grant-contract")
    _import_world(ready, world(11, 60), "w")
    ready.does("policy", "adopt", "urumqi-hitech-bond")
    ready.does("scan", "--as-of", "2021-07-01")
    data = page(ready, months=2, as_known_now=True)
    assert [end.day for end in months_of(data).ends] == [date(2021, 5, 31), date(2021, 6, 30)]
    known = bootstrap.the_store(str(ready.store)).scans()[-1].known_at
    seen = set()
    for end in months_of(data).ends:
        drawn = page(ready, Which(as_of=end.day, known_at=known))
        assert list(drawn.contracts["contract_id"]) == list(data.contracts["contract_id"])
        assert end.classes.tolist() == contract_classes(drawn).tolist()
        seen.update(end.classes.tolist())
    assert len(seen) > 4, "the world is no world of one class"


def counted_by(door: Door, *scans: str) -> dict[str, int]:
    """Return how many outcomes `landwatch compare` counts of each kind."""
    found = compare(str(door.store), *scans, causes=False)
    counts: dict[str, int] = {}
    for rule in found.rules:
        for kind, count in rule.counts.items():
            counts[str(kind)] = counts.get(str(kind), 0) + count
    return counts


def parts_of(data: MapData) -> tuple[Comparison, ChangeRows]:
    first, second = data.parts
    assert isinstance(first, Comparison) and isinstance(second, ChangeRows)
    return first, second


def test_the_counts_of_a_page_are_those_of_the_verb(ready: Door) -> None:
    ready.does("policy", "drop", "grant-contract")
    _import_world(ready, world(5, 40), "w1")
    ready.does("scan", "--as-of", "2021-07-01")
    other = world(6, 44)
    _import_world(ready, {name: other[name] for name in list(other)[30:]}, "w2")
    ready.does("undo", 1, "--reason", "试")
    ready.does("policy", "adopt", "lanzhou-2012-148")
    ready.does("scan", "--as-of", "2021-09-20")
    data = page(ready, compare="last")
    comparison, rows = parts_of(data)
    head: Any = comparison.head(data, arranged(data))
    assert head["outcomes"] == counted_by(ready, "1", "2")
    telling = sum(head["outcomes"].get(str(kind), 0) for kind in TELLING)
    assert len(rows.here) + len(rows.gone) + len(rows.parks) == telling > 0
    assert head["gone"] == len({one.holding.contract_id for one in rows.gone}) > 0
    # each contract has the kinds of its changes, and nobody else's
    for kind in TELLING:
        mine = {row for row, one in rows.here if one.kind is kind}
        bit = 1 << KINDS.index(str(kind))
        assert {int(row) for row in np.flatnonzero(comparison.kinds & bit)} == mine
        assert head["contracts"][str(kind)] == len(mine)
    assert all(rows.causes(one, "zh") for _, one in rows.here)
    _hold_to_the_page_of_then(ready, comparison, data)


def _hold_to_the_page_of_then(door: Door, comparison: Comparison, data: MapData) -> None:
    """Hold the classes of then to a page of then; a contract that was not there has none."""
    then = page(door, Which(1))
    was = dict(zip(then.contracts["contract_id"], contract_classes(then).tolist(), strict=True))
    told = dict(zip(data.contracts["contract_id"], comparison.was.tolist(), strict=True))
    assert told == {name: was.get(name, NOT_THERE) for name in told}
    assert NOT_THERE in told.values()


def test_what_another_program_altered_is_never_cured(scanned: Door) -> None:
    with sqlite3.connect(scanned.store) as connection:
        connection.execute("UPDATE contracts SET agreed_start_on = '2021-06-30'")
    connection.close()
    scanned.does("scan", "--as-of", "2021-08-02")
    data = page(scanned, compare="last")
    comparison, rows = parts_of(data)
    head: Any = comparison.head(data, arranged(data))
    bit = 1 << len(KINDS)
    assert int(comparison.kinds[0]) & bit
    for kind in (ChangeKind.CURED, ChangeKind.EASED):
        assert not int(comparison.kinds[0]) & (1 << KINDS.index(str(kind)))
    assert head["contracts"][ALTERED] == 1
    assert head["altered"] and sum(head["altered"].values()) <= len(rows.here)
    assert head["outcomes"] == counted_by(scanned, "1", "2"), "the table of the verb stays"


def test_a_page_narrowed_by_status_says_what_it_leaves_out(storied: Door) -> None:
    store = bootstrap.the_store(str(storied.store))
    scan = scan_meant(store)
    time = TimeWishes(compare="1")
    law = bootstrap.lawbook_of(store, scan)
    some = map_data(
        store, scan, law, title="", statuses=frozenset({"exempt"}), makers=time.makers()
    )
    comparison, rows = parts_of(some)
    assert some.contract_count == 0
    assert (comparison.counted.gone, comparison.counted.left_out) == (0, 2)
    assert not rows.here and not rows.gone


def test_a_day_is_judged_by_what_the_page_knows_and_only_the_day_moves(storied: Door) -> None:
    store = bootstrap.the_store(str(storied.store))
    scan = scan_meant(store)
    found = earlier_scan(store, scan, "2021-05-01")
    assert (found.as_of, found.known_at) == (date(2021, 5, 1), scan.known_at)
    assert found.scan_id is None
    assert len(store.scans()) == 2, "nothing is kept"


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (("--compare", "9"), "没有名为「9」的核对", "9"),
        (("--compare", "gestern"), "“gestern”不是核对编号", "no number of a scan"),
        (("--compare", "2"), "就是本页自己的核对", "is the scan of the page itself"),
        (("--scan", "1", "--compare", "2"), "--scan 2 --compare 1", "--scan 2 --compare 1"),
        (
            ("--scan", "1", "--compare", "last"),
            "之前没有日期或数据更早的核对",
            "no scan of an earlier",
        ),
        (("--months", "0"), "1 到 36", "1 to 36"),
        (("--months", "37"), "1 到 36", "1 to 36"),
        (("--months-as-known-now",), "须与 --months 一起", "use it with --months"),
    ],
    ids=["unknown", "no-scan", "same", "order", "none-before", "nought", "many", "alone"],
)
def test_what_cannot_be_told_is_refused_in_words(
    storied: Door, words: tuple[str, ...], zh: str, en: str
) -> None:
    for lang, told in (("zh", zh), ("en", en)):
        said = storied("map", "m.html", *words, "--lang", lang)
        assert said.code == 2
        assert told in said.err and "Traceback" not in said.err
    assert not Path("m.html").exists()


def test_a_page_without_such_wishes_carries_none_of_it(storied: Door) -> None:
    assert page(storied).parts == ()


def test_months_are_told_from_the_command_line(storied: Door) -> None:
    storied.does("map", "m.html", "--months", "1", "--lang", "en")
    assert 'id="landwatch-telling"' in Path("m.html").read_text("utf-8")

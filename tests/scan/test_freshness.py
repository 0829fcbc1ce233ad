"""Freshness: who was to report, who did, who is late since when; how old the evidence is."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landwatch.language.columns import Kind
from landwatch.language.terms import ProgressSource, Rhythm, Standing
from landwatch.scan.freshness import freshness
from landwatch.scan.freshness_figures import Ages, Freshness, SourceLine, Told
from landwatch.scan.freshness_sql import COLUMNS
from landwatch.scan.freshness_words import standing_sentence, summary
from landwatch.scan.periods import last_due
from landwatch.store import Expected
from tests.scan.worked import table_of

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
HOLDER, INSPECTION = "progress:holder_report", "progress:inspection"
Row = Mapping[str, Any]


def day(text: str) -> date:
    return date.fromisoformat(text)


def asked(source: str = HOLDER, rhythm: Rhythm = Rhythm.MONTHLY, grace: int = 10,
          zone: str | None = None) -> Expected:  # fmt: skip
    return Expected(source, zone, rhythm, grace, NOW, "张三")


def contract(contract_id: str, **told: Any) -> Row:
    days = {name: day(value) for name, value in told.items() if name.endswith("_on")}
    return {"contract_id": contract_id, "signed_on": day("2020-01-15"), **told, **days}


def report(contract_id: str, on: str, source: str = "holder_report", **told: Any) -> Row:
    days = {name: day(value) for name, value in told.items() if name == "completed_on" and value}
    return {
        "contract_id": contract_id, "observed_on": day(on), "source": source, "inspector": None,
        **told, **days,
    }  # fmt: skip


def table(kind: Kind, rows: Sequence[Row]) -> pa.Table:
    """Return rows as the store gives them; `unreadable` names columns that cannot be read."""
    marks = [row.get("unreadable") for row in rows]
    made = table_of(kind, [{k: v for k, v in row.items() if k != "unreadable"} for row in rows])
    made = made.append_column("unreadable", pa.array(marks, pa.string()))
    kept = ("record_id", "import_id", "key", "row", "cleared", "unreadable", *COLUMNS[kind])
    return made.select(kept)


def told(
    contracts: Sequence[Row] = (),
    reports: Sequence[Row] = (),
    *expected: Expected,
    zones: Sequence[Row] = (),
    parcels: Sequence[Row] = (),
    **more: Any,
) -> Told:
    rows = {
        Kind.CONTRACTS: contracts, Kind.PROGRESS: reports, Kind.ZONES: zones, Kind.PARCELS: parcels,
    }  # fmt: skip
    records = {kind: table(kind, of_kind) for kind, of_kind in rows.items()}
    return Told(records, expected, {1: NOW}, **more)


def line(ledger: Told, on: str) -> SourceLine:
    (only,) = freshness(ledger, day(on)).lines
    return only


TWO = (contract("A"), contract("B"))
MAY_OF_A = report("A", "2026-05-20")
MAY_OF_B = report("B", "2026-05-31")


# --- when a source is late ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "period", "standing", "since"),
    [
        ("2026-06-09", "2026-04", Standing.LATE, "2026-05-11"),
        ("2026-06-10", "2026-05", Standing.LAST_DAY, None),
        ("2026-06-11", "2026-05", Standing.LATE, "2026-06-11"),
        ("2026-07-09", "2026-05", Standing.LATE, "2026-06-11"),
    ],
)
def test_a_source_is_late_from_the_day_after_its_grace(
    on: str, period: str, standing: Standing, since: str | None
) -> None:
    found = line(told(TWO, [report("A", "2026-04-02"), MAY_OF_A], asked()), on)
    assert found.period is not None
    assert (found.period.code, found.standing) == (period, standing)
    assert found.late_since == (since and day(since))
    assert (found.covered, found.expected, found.share) == (1, 2, Fraction(1, 2))
    assert [one.contract_id for one in found.lacking] == ["B"]


def test_what_came_late_is_no_longer_late() -> None:
    found = line(told(TWO, [MAY_OF_A, MAY_OF_B], asked()), "2026-06-20")
    assert (found.standing, found.covered, found.late_since) == (Standing.COMPLETE, 2, None)
    assert found.lacking == ()


@pytest.mark.parametrize(
    ("seen", "covered"),
    [("2026-04-30", 0), ("2026-05-01", 1), ("2026-05-31", 1), ("2026-06-01", 0)],
)
def test_a_report_counts_for_the_period_it_was_observed_in(seen: str, covered: int) -> None:
    assert (
        line(told([contract("A")], [report("A", seen)], asked()), "2026-06-15").covered == covered
    )


@pytest.mark.parametrize(("seen", "covered"), [("2024-02-29", 1), ("2024-03-01", 0)])
def test_february_of_a_leap_year_has_a_last_day_more(seen: str, covered: int) -> None:
    ledger = told([contract("A")], [report("A", seen)], asked(grace=0))
    assert line(ledger, "2024-03-15").covered == covered


def test_a_report_of_another_source_or_of_a_stranger_covers_nobody() -> None:
    seen = [report("A", "2026-05-05", "inspection"), report("X", "2026-05-05")]
    found = line(told([contract("A")], seen, asked()), "2026-06-15")
    assert (found.covered, found.latest.observed_on) == (0, None)


def test_a_report_after_the_day_is_not_known_of_on_the_day() -> None:
    found = line(told([contract("A")], [MAY_OF_A], asked(grace=0)), "2026-05-19")
    assert (found.covered, found.latest.observed_on) == (0, None)


def test_two_reports_and_a_superseded_one_cover_a_contract_once() -> None:
    again = [MAY_OF_A, MAY_OF_A, report("A", "2026-05-21")]
    assert line(told(TWO, again, asked()), "2026-06-15").covered == 1


def test_reports_may_name_a_contract_by_its_other_number() -> None:
    ledger = told([contract("A", contract_no="N-1")], [report("N-1", "2026-05-05")], asked())
    assert line(ledger, "2026-06-15").standing is Standing.COMPLETE


def test_a_number_that_means_two_contracts_covers_neither() -> None:
    both = [contract("A", contract_no="N-1"), contract("B", contract_no="N-1")]
    assert line(told(both, [report("N-1", "2026-05-05")], asked()), "2026-06-15").covered == 0


# --- how long nothing came ------------------------------------------------------------------------


def test_a_source_that_fell_silent_is_late_since_its_first_silent_period() -> None:
    found = line(told(TWO, [report("A", "2026-02-10")], asked()), "2026-06-30")
    assert (found.missed, found.late_since) == (3, day("2026-04-11"))
    assert found.latest.observed_on == day("2026-02-10")


@pytest.mark.parametrize(
    ("signed", "missed", "since"),
    [("2026-04-01", 2, "2026-05-11"), ("2026-04-02", 1, "2026-06-11")],
)
def test_before_a_lacking_contract_was_in_force_nobody_was_late_with_it(
    signed: str, missed: int, since: str
) -> None:
    both = [contract("A", actual_completion_on="2026-03-01"), contract("B", signed_on=signed)]
    found = line(told(both, [report("A", "2026-01-10")], asked()), "2026-06-30")
    assert (found.missed, found.late_since) == (missed, day(since))


@pytest.mark.parametrize(
    ("reports", "standing", "period"),
    [
        ((), Standing.LATE, "2026-04"),
        (("2026-03-31",), Standing.LATE, "2026-04"),
        (("2026-04-30",), Standing.LAST_DAY, "2026-05"),
        (("2026-05-01",), Standing.COMPLETE, "2026-05"),
    ],
)
def test_the_last_day_of_a_period_is_no_excuse_for_the_one_before(
    reports: tuple[str, ...], standing: Standing, period: str
) -> None:
    seen = [report("A", on) for on in reports]
    found = line(told([contract("A")], seen, asked()), "2026-06-10")
    assert found.period is not None
    assert (found.standing, found.period.code) == (standing, period)


def test_a_source_that_never_came_is_late_with_the_period_that_is_due_and_no_more_is_said() -> None:
    found = line(told(TWO, [], asked()), "2026-06-30")
    assert (found.missed, found.late_since) == (1, day("2026-06-11"))
    assert found.latest.observed_on is None


def test_a_report_of_the_running_period_does_not_make_good_the_one_before() -> None:
    found = line(told([contract("A")], [report("A", "2026-06-12")], asked()), "2026-06-15")
    assert (found.standing, found.missed, found.covered) == (Standing.LATE, 1, 0)
    assert found.late_since == day("2026-06-11")


# --- of which contracts a report is expected ------------------------------------------------------


@pytest.mark.parametrize(
    ("signed", "expected"), [("2026-04-30", 1), ("2026-05-01", 1), ("2026-05-02", 0), (None, 1)]
)
def test_a_contract_is_to_be_reported_on_from_its_first_whole_period(
    signed: str | None, expected: int
) -> None:
    row = dict(contract("A"), signed_on=signed and day(signed))
    assert line(told([row], [], asked()), "2026-06-15").expected == expected


def test_where_no_signing_is_told_the_supply_counts() -> None:
    row = dict(contract("A"), signed_on=None, supplied_on=day("2026-05-02"))
    assert line(told([row], [], asked()), "2026-06-15").expected == 0


@pytest.mark.parametrize(
    ("completed", "expected"), [("2026-04-30", 0), ("2026-05-01", 1), ("2026-06-20", 1)]
)
@pytest.mark.parametrize("told_by", ["contract", "report"])
def test_a_contract_finished_before_the_period_is_not_reported_on(
    completed: str, expected: int, told_by: str
) -> None:
    if told_by == "contract":
        ledger = told([contract("A", actual_completion_on=completed)], [], asked())
    else:
        seen = report("A", "2026-06-05", "inspection", completed_on=completed)
        ledger = told([contract("A")], [seen], asked())
    assert line(ledger, "2026-06-15").expected == expected


def test_statistics_are_expected_of_a_finished_project_too() -> None:
    finished = [contract("A", actual_completion_on="2021-05-05")]
    yearly = asked("progress:statistics", Rhythm.YEARLY, 90)
    assert line(told(finished, [], yearly), "2026-06-15").expected == 1


def test_a_completion_that_cannot_be_read_or_was_cleared_ends_nothing() -> None:
    first = report("A", "2026-03-01", "inspection", completed_on="2026-02-01")
    for mark in ("unreadable", "cleared"):
        again = {**first, "completed_on": None, mark: ";completed_on;"}
        assert line(told([contract("A")], [first, again], asked()), "2026-06-15").expected == 1
    later = report("A", "2026-03-02", "inspection", unreadable=";completed_on;")
    assert line(told([contract("A")], [first, later], asked()), "2026-06-15").expected == 1


def test_a_cleared_completion_lets_an_earlier_report_speak() -> None:
    first = report("A", "2026-03-01", "inspection", completed_on="2026-02-01")
    second = report("A", "2026-04-01", "inspection", completed_on="2026-05-10")
    assert line(told([contract("A")], [first, second], asked()), "2026-06-15").expected == 1
    cleared = {**second, "completed_on": None, "cleared": ";completed_on;"}
    ledger = told([contract("A")], [first, second, cleared], asked())
    assert line(ledger, "2026-06-15").expected == 0


def test_where_no_contract_is_to_be_reported_on_there_is_no_share_and_no_lateness() -> None:
    found = line(told([], [], asked()), "2026-06-15")
    assert (found.standing, found.share, found.late_since) == (Standing.NOBODY, None, None)


def test_before_the_first_period_of_all_nothing_is_due() -> None:
    found = line(told(TWO, [], asked()), "0001-01-05")
    assert (found.standing, found.period, found.due_on) == (Standing.NOT_DUE, None, None)


# --- zones ----------------------------------------------------------------------------------------

IN_ZONES = (
    contract("A", zone_id="Z1"),
    contract("B", zone_id="Z2"),
    contract("C", parcel_id="P1"),
    contract("D"),
)
PARCELS = ({"parcel_id": "P1", "zone_id": "Z2"},)


def test_a_zone_answers_for_its_own_contracts_also_by_their_parcels() -> None:
    ledger = told(IN_ZONES, [report("C", "2026-05-05")], asked(zone="Z2"), parcels=PARCELS)
    found = line(ledger, "2026-06-15")
    assert (found.expected, found.covered, found.zone_open) == (2, 1, 1)
    assert [one.contract_id for one in found.lacking] == ["B"]
    assert "园区不明" in standing_sentence(found, freshness(ledger, day("2026-06-15")), "zh").text


def test_a_zone_with_a_rhythm_of_its_own_is_left_out_of_the_general_one() -> None:
    own = asked(rhythm=Rhythm.QUARTERLY, grace=0, zone="Z2")
    ledger = told(IN_ZONES, [report("B", "2026-02-05")], asked(), own, parcels=PARCELS)
    general, of_zone = freshness(ledger, day("2026-06-15")).lines
    assert (general.besides, general.expected) == (("Z2",), 2)
    assert {share.zone_id for share in general.by_zone} == {"Z1", None}
    assert of_zone.period is not None and of_zone.period.code == "2026-Q1"
    assert (of_zone.expected, of_zone.covered) == (2, 1)
    assert general.latest.observed_on is None, "what Z2 sent is not the others' report"


def test_a_zones_own_inspection_leaves_the_general_rhythm_of_another_source_alone() -> None:
    ledger = told(IN_ZONES, [], asked(), asked(INSPECTION, zone="Z2"), parcels=PARCELS)
    lines = {one.asked.source: one for one in freshness(ledger, day("2026-06-15")).lines}
    assert (lines[HOLDER].expected, lines[INSPECTION].expected) == (4, 2)


def test_the_zones_of_a_line_add_up_to_it() -> None:
    found = line(told(IN_ZONES, [MAY_OF_A], asked(), parcels=PARCELS), "2026-06-15")
    assert sum(one.expected for one in found.by_zone) == found.expected == 4
    assert sum(one.covered for one in found.by_zone) == found.covered == 1


# --- sources that come as a file ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "standing"),
    [
        ("2026-03-31T15:59:59", Standing.LATE),  # in Beijing the quarter begins at 16:00 UTC
        ("2026-03-31T16:00:00", Standing.COMPLETE),
        ("2026-07-08T00:00:00", Standing.COMPLETE),  # told later, it tells of June too
    ],
)
def test_a_file_is_there_when_it_came_in_the_period_or_after(came: str, standing: Standing) -> None:
    moment = datetime.fromisoformat(came).replace(tzinfo=UTC)
    quarterly = asked("contracts", Rhythm.QUARTERLY)
    ledger = told([], [], quarterly, arrivals={"contracts": [moment]})
    found = line(ledger, "2026-07-11")
    assert (found.standing, found.latest.recorded_at) == (standing, moment)
    assert found.expected == 1


def test_a_file_that_never_came_is_late_and_its_words_say_what_to_do() -> None:
    ledger = told([], [], asked("events", Rhythm.MONTHLY, 0))
    fresh = freshness(ledger, day("2026-07-01"))
    said = standing_sentence(fresh.lines[0], fresh, "zh").text
    assert fresh.lines[0].late_since == day("2026-07-01")
    assert "landwatch import events" in said and "landwatch source received events" in said


# --- nothing expected -----------------------------------------------------------------------------


def test_nothing_is_late_until_a_person_expects_it() -> None:
    fresh = freshness(told(TWO, [MAY_OF_A]), day("2026-06-30"))
    assert fresh.lines == fresh.late == ()
    latest = {one.source: one.latest for one in fresh.unasked}
    assert latest[HOLDER].observed_on == day("2026-05-20")
    assert latest[HOLDER].recorded_at == NOW
    assert latest[INSPECTION].observed_on is None
    assert any("source expect" in one.text for one in summary(fresh, "en"))


def test_a_source_that_this_version_does_not_know_is_passed_over() -> None:
    fresh = freshness(told(TWO, [], asked("progress:by_pigeon"), asked()), day("2026-06-30"))
    assert [one.asked.source for one in fresh.lines] == [HOLDER]


# --- the age of evidence --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "band"), [(0, 0), (30, 0), (31, 1), (90, 1), (91, 2), (180, 2), (181, 3), (4000, 3)]
)
def test_evidence_falls_into_the_band_of_its_age(age: int, band: int) -> None:
    on = day("2026-06-30")
    seen = {**report("A", "2026-01-01", "inspection"), "observed_on": on - timedelta(days=age)}
    ages = freshness(told([contract("A", signed_on="2010-01-01")], [seen]), on).all_ages
    assert [place for place, count in enumerate(ages.counts) if count] == [band]
    assert (ages.stale, ages.never) == (int(band == 3), 0)


def test_every_contract_has_one_place_among_the_ages() -> None:
    contracts = [
        *IN_ZONES,
        contract("E", zone_id="Z1", actual_completion_on="2026-01-01"),
        contract("F", zone_id="Z1", signed_on="2026-07-01"),
        contract("G", zone_id="Z1", signed_on="2026-06-30"),
    ]
    fresh = freshness(told(contracts, [MAY_OF_A], parcels=PARCELS), day("2026-06-30"))
    assert fresh.ages == (
        Ages("Z1", (0, 1, 0, 0, 1), 1, 1),
        Ages("Z2", (0, 0, 0, 0, 2), 0, 0),
        Ages(None, (0, 0, 0, 0, 1), 0, 0),
    )
    assert fresh.all_ages.building + 1 + 1 == len(contracts)


def test_the_latest_evidence_is_of_any_source_and_on_one_day_of_the_strongest() -> None:
    seen = [
        report("A", "2026-05-20", "holder_report"), report("A", "2026-05-20", "inspection"),
        report("A", "2026-05-20", "statistics"), report("A", "2026-05-19", "permit_system"),
    ]  # fmt: skip
    evidence = freshness(told(TWO, seen), day("2026-06-30")).evidence.to_pylist()
    assert evidence == [{"contract_id": "A", "seen_on": day("2026-05-20"), "seen_by": "inspection"}]


def test_an_empty_ledger_has_no_ages_and_its_words_say_so() -> None:
    fresh = freshness(told(), day("2026-06-30"))
    assert (fresh.ages, fresh.all_ages.building) == ((), 0)
    assert "不计" in list(summary(fresh, "zh"))[-1].text


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_words_of_a_late_source_tell_what_when_how_many_and_who(lang: str) -> None:
    named = [contract("A"), contract("B", holder="示范机械有限公司")]
    fresh = freshness(told(named, [MAY_OF_A], asked()), day("2026-06-30"))
    (said,) = [one for one in summary(fresh, lang) if one.tone == "late"]
    for part in ("2026-06-10", "2026-06-11", "50%", "B 示范机械有限公司", "landwatch import"):
        assert part in said.text


def test_only_the_first_late_sources_are_told_whole() -> None:
    ledger = told(TWO, [], *(asked(f"progress:{source}") for source in ProgressSource))
    said = list(summary(freshness(ledger, day("2026-06-30")), "zh"))
    assert [one.tone for one in said] == ["late"] * 4 + ["due"]
    assert "另有 2 项" in said[3].text


def test_as_many_contracts_are_named_as_are_asked_for() -> None:
    many = [contract(f"C{n:02}") for n in range(12)]
    ledger = told(many, [], asked())
    first = freshness(ledger, day("2026-06-30")).lines[0]
    every = freshness(ledger, day("2026-06-30"), named=None).lines[0]
    assert [one.contract_id for one in first.lacking] == ["C00", "C01", "C02", "C03", "C04"]
    assert len(every.lacking) == every.expected == 12
    said = standing_sentence(first, freshness(ledger, day("2026-06-30")), "en").text
    assert "and 7 more" in said


# --- properties -----------------------------------------------------------------------------------

IDS = st.sampled_from([f"C{n}" for n in range(6)])
DAYS = st.dates(day("2025-01-01"), day("2026-08-01"))
ZONES = st.sampled_from([None, "Z1", "Z2"])
CONTRACTS = st.dictionaries(
    IDS,
    st.fixed_dictionaries(
        {
            "zone_id": ZONES,
            "signed_on": st.none() | DAYS,
            "actual_completion_on": st.none() | DAYS,
        }
    ),
    max_size=6,
).map(lambda held: [{"contract_id": key, **value} for key, value in held.items()])
REPORTS = st.lists(
    st.fixed_dictionaries(
        {
            "contract_id": IDS,
            "observed_on": DAYS,
            "source": st.sampled_from([str(source) for source in ProgressSource]),
            "inspector": st.none(),
        }
    ),
    max_size=25,
)
EXPECTED = st.lists(
    st.builds(
        asked,
        st.sampled_from([f"progress:{source}" for source in ProgressSource]),
        st.sampled_from(list(Rhythm)),
        st.integers(0, 40),
        ZONES,
    ),
    max_size=4,
    unique_by=lambda one: (one.source, one.zone_id),
)


def by_hand(contracts: Iterable[Row], reports: Iterable[Row], one: Expected, besides: set[str],
            on: date) -> tuple[int, int] | None:  # fmt: skip
    """Return how many contracts are expected and covered, one by one."""
    period = last_due(one.rhythm, one.grace_days, on)
    if period is None:
        return None
    expected = {
        row["contract_id"]
        for row in contracts
        if (row["signed_on"] or date.min) <= period.start
        and (one.zone_id is None or row["zone_id"] == one.zone_id)
        and row["zone_id"] not in besides
        and (
            one.source == "progress:statistics"
            or not row["actual_completion_on"]
            or row["actual_completion_on"] > on
            or row["actual_completion_on"] >= period.start
        )
    }
    covered = {
        row["contract_id"]
        for row in reports
        if f"progress:{row['source']}" == one.source
        and period.start <= row["observed_on"] <= min(period.end, on)
    }
    return len(expected), len(expected & covered)


@settings(max_examples=20)
@given(CONTRACTS, REPORTS, EXPECTED, DAYS, st.randoms(use_true_random=False))
def test_figures_are_those_of_a_count_by_hand_whatever_the_order_of_rows(
    contracts: list[Row], reports: list[Row], expected: list[Expected], on: date,
    rng: random.Random,
) -> None:  # fmt: skip
    ledger = told(contracts, reports, *expected)
    fresh = freshness(ledger, on)
    for found in fresh.lines:
        one = found.asked
        besides = {
            other.zone_id
            for other in expected
            if one.zone_id is None and other.source == one.source and other.zone_id is not None
        }
        counted = by_hand(contracts, reports, one, besides, on)
        assert (found.expected, found.covered) == counted
        assert found.share is None or 0 <= found.share <= 1
        assert found.late == (found.late_since is not None)
        assert found.late_since is None or found.late_since <= on
    total = fresh.all_ages
    assert total.building + total.finished + total.later == len(contracts)
    assert freshness(_shuffled(ledger, rng), on) == fresh


def _shuffled(ledger: Told, rng: random.Random) -> Told:
    records = {}
    for kind, rows in ledger.records.items():
        assert isinstance(rows, pa.Table)
        places = list(range(rows.num_rows))
        rng.shuffle(places)
        records[kind] = rows.take(pa.array(places, pa.int64()))
    backwards: Sequence[Expected] = list(reversed(list(ledger.expected)))
    return replace(ledger, records=records, expected=backwards)


def test_two_workings_out_are_equal_and_a_report_more_never_makes_a_source_later() -> None:
    before = line(told(TWO, [MAY_OF_A], asked()), "2026-06-30")
    again = line(told(TWO, [MAY_OF_A], asked()), "2026-06-30")
    more = line(told(TWO, [MAY_OF_A, MAY_OF_B], asked()), "2026-06-30")
    assert before == again
    assert before.late and not more.late
    fresh: Freshness = freshness(told(TWO, [MAY_OF_A], asked()), day("2026-06-30"))
    assert fresh == freshness(told(TWO, [MAY_OF_A], asked()), day("2026-06-30"))

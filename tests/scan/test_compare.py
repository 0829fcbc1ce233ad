"""Two tables of outcomes beside each other: every contract and rule in exactly one kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landwatch.language.terms import Gravity, Status
from landwatch.lawbook.policy import About
from landwatch.scan.compare import CARRIED, ChangeKind, RuleChanges, compare, kind_of
from landwatch.scan.kept import KeptOutcomes

Row = dict[str, Any]
_TYPES = pa.schema(
    [
        ("contract_id", pa.string()), ("zone_id", pa.string()), ("parcel_id", pa.string()),
        ("adopted", pa.bool_()), ("status", pa.string()), ("reason", pa.string()),
        ("to_verify", pa.bool_()), ("measured", pa.float64()), ("threshold", pa.float64()),
        ("clock_from", pa.date32()), ("limit_on", pa.date32()), ("days_past", pa.int32()),
        ("amount_wan", pa.float64()), ("remedies", pa.string()),
    ]
)  # fmt: skip


def row(contract: str, status: str = "compliant", **told: Any) -> Row:
    return {"contract_id": contract, "status": status, "adopted": True, "to_verify": False, **told}


def outcomes(rule: str, rows: Sequence[Row], about: About = About.CONTRACT) -> KeptOutcomes:
    key = "zone_id" if about is About.PARK else "contract_id"
    in_order = sorted(rows, key=lambda one: one[key])
    return KeptOutcomes(rule, "p", pa.Table.from_pylist(in_order, schema=_TYPES), about)


def beside(before: Sequence[KeptOutcomes], after: Sequence[KeptOutcomes]) -> list[RuleChanges]:
    codes = [[one.rule for one in side] for side in (before, after)]
    return list(compare(before, after, codes))


def kind(before: Row | None, after: Row | None) -> ChangeKind:
    """Return what became of the one contract."""
    tables = [outcomes("R", [one] if one else []) for one in (before, after)]
    (found,) = beside(tables[:1], tables[1:])
    (only,) = found.counts
    assert found.counts[only] == 1
    told = found.table.column("kind").to_pylist()
    assert told == ([] if only is ChangeKind.UNCHANGED else [str(only)])
    return only


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (row("a"), row("a", "breach"), "new"),
        (None, row("a", "due_soon"), "new"),
        (row("a", "not_applicable", adopted=False), row("a", "unknown"), "new"),
        (row("a", "due_soon"), row("a", "breach"), "escalated"),
        (row("a", "unknown"), row("a", "unknown", to_verify=True), "escalated"),
        (row("a", "unknown"), row("a", "exempt"), "escalated"),
        (row("a", "breach"), row("a", "exempt"), "eased"),
        (row("a", "due_soon"), row("a", "not_due"), "eased"),
        (row("a", "breach"), row("a", "not_applicable", reason="instrument"), "eased"),
        (row("a", "breach"), row("a", "compliant"), "cured"),
        (row("a", "breach"), None, "vanished"),
        (row("a", "compliant"), None, "vanished"),
        (row("a", "breach"), row("a", "not_applicable", adopted=False), "vanished"),
        (None, row("a", "not_due"), "added"),
        (row("a", "not_due"), row("a", "compliant"), "quiet"),
        (row("a", measured=0.5), row("a", measured=0.6), "quiet"),
        (row("a", "breach", measured=0.5), row("a", "breach", measured=0.6), "changed"),
        (row("a", "unknown", reason="formula"), row("a", "unknown"), "changed"),
        (row("a", "due_soon", limit_on=date(2021, 1, 1)), row("a", "due_soon"), "changed"),
        (row("a", "breach", remedies="urge"), row("a", "breach", remedies="reclaim"), "changed"),
        (row("a", "breach", zone_id="Y"), row("a", "breach", zone_id="Z"), "changed"),
        (row("a", "breach", parcel_id="1"), row("a", "breach", parcel_id="2"), "unchanged"),
        (None, row("a", "not_applicable", adopted=False), "unchanged"),
        (row("a", "not_applicable", adopted=False), None, "unchanged"),
    ],
)  # fmt: skip
def test_each_pair_is_of_the_kind_that_a_reader_expects(
    before: Row | None, after: Row | None, expected: str
) -> None:
    assert kind(before, after) == expected


def late(days: int, amount: float, **told: Any) -> Row:
    return row("a", "breach", days_past=days, amount_wan=amount, **told)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (late(10, 5.0), late(11, 5.5), "unchanged"),
        (late(3, 1.0), late(7, 2.333333), "unchanged"),
        (late(10, 5.0), late(11, 5.6), "changed"),
        (late(10, 5.0), late(11, 5.0), "unchanged"),
        (late(10, 5.0), late(10, 5.5), "changed"),
        (late(10, 5.0), late(11, 5.5, limit_on=date(2021, 1, 1)), "changed"),
        (row("a", "breach", amount_wan=5.0), row("a", "breach", amount_wan=6.0), "changed"),
        (row("a", "breach"), row("a", "breach", amount_wan=6.0), "changed"),
    ],
)
def test_a_penalty_that_only_grows_by_the_day_is_no_change(
    before: Row, after: Row, expected: str
) -> None:
    assert kind(before, after) == expected


def test_rules_of_either_scan_are_there_once_whatever_their_order() -> None:
    before = [outcomes(code, [row("a", "breach")]) for code in ("X", "A", "B", "GONE")]
    after = [outcomes(code, [row("a", "breach"), row("b")]) for code in ("B", "NEW", "A", "X")]
    found = {one.rule: dict(one.counts) for one in beside(before, after)}
    both = {ChangeKind.UNCHANGED: 1, ChangeKind.ADDED: 1}
    assert found == {
        "X": both, "A": both, "B": both,
        "GONE": {ChangeKind.VANISHED: 1},
        "NEW": {ChangeKind.NEW: 1, ChangeKind.ADDED: 1},
    }  # fmt: skip


def test_a_rule_about_parks_goes_by_the_park() -> None:
    def of(status: str) -> list[KeptOutcomes]:
        rows = [row("", status, zone_id="Z1"), row("", "compliant", zone_id="Z2")]
        told = [{**one, "contract_id": None} for one in rows]
        return [outcomes("PARK", told, About.PARK)]

    (found,) = beside(of("compliant"), of("breach"))
    assert found.counts == {ChangeKind.NEW: 1, ChangeKind.UNCHANGED: 1}
    (told,) = found.table.to_pylist()
    assert (told["contract_id"], told["zone_id"], told["kind"]) == (None, "Z1", "new")


def test_packed_columns_are_read_as_plain_ones() -> None:
    before, after = (outcomes("R", [row("a", one), row("b")]) for one in ("due_soon", "breach"))
    packed = after.table
    for name in ("contract_id", "status", "reason", "zone_id"):
        at = packed.column_names.index(name)
        packed = packed.set_column(at, name, packed.column(name).dictionary_encode())
    (found,) = beside([before], [KeptOutcomes("R", "p", packed, About.CONTRACT)])
    assert found.counts == {ChangeKind.ESCALATED: 1, ChangeKind.UNCHANGED: 1}


def test_what_is_told_of_a_change_is_what_both_scans_say() -> None:
    (found,) = beside(
        [outcomes("R", [row("a", "due_soon", limit_on=date(2021, 1, 1)), row("z")])],
        [outcomes("R", [row("a", "breach", days_past=3), row("b", "breach")])],
    )
    told = {one["contract_id"]: one for one in found.table.to_pylist()}
    assert set(told) == {"a", "b", "z"}
    assert told["a"]["before_limit_on"] == date(2021, 1, 1)
    assert told["a"]["after_days_past"] == 3
    assert told["b"]["before_status"] is None and told["z"]["after_status"] is None
    assert {f"{when}_{name}" for when in ("before", "after") for name in CARRIED} < set(told["a"])


days = st.dates(date(2020, 1, 1), date(2020, 1, 3))
cells = st.fixed_dictionaries(
    {
        "status": st.sampled_from([str(status) for status in Status]),
        "adopted": st.sampled_from([True, True, False, None]),
        "to_verify": st.booleans(),
        "reason": st.sampled_from([None, "formula", "missing:area_m2"]),
        "measured": st.sampled_from([None, 0.5, 1.0]),
        "limit_on": st.none() | days,
        "days_past": st.sampled_from([None, 1, 2]),
        "amount_wan": st.sampled_from([None, 1.0, 2.0]),
    }
)
scans = st.lists(
    st.tuples(
        st.sampled_from(["R1", "R2", "R3"]),
        st.dictionaries(st.sampled_from(list("abcdef")), cells, max_size=6),
    ),
    unique_by=lambda pair: pair[0],
    max_size=3,
)


def scan_of(told: list[tuple[str, dict[str, Row]]]) -> list[KeptOutcomes]:
    return [
        outcomes(rule, [{**one, "contract_id": name} for name, one in rows.items()])
        for rule, rows in told
    ]


MIRRORED = {
    ChangeKind.NEW: {ChangeKind.EASED, ChangeKind.CURED, ChangeKind.VANISHED},
    ChangeKind.ESCALATED: {ChangeKind.EASED},
    ChangeKind.EASED: {ChangeKind.ESCALATED, ChangeKind.NEW},
    ChangeKind.CURED: {ChangeKind.NEW},
    ChangeKind.VANISHED: {ChangeKind.NEW, ChangeKind.ADDED},
    ChangeKind.ADDED: {ChangeKind.VANISHED},
    ChangeKind.CHANGED: {ChangeKind.CHANGED},
    ChangeKind.QUIET: {ChangeKind.QUIET},
}


@settings(max_examples=150)
@given(scans, scans)
def test_every_pair_is_counted_once_and_the_way_back_mirrors_the_way(
    first: list[tuple[str, dict[str, Row]]], second: list[tuple[str, dict[str, Row]]]
) -> None:
    there, back = beside(scan_of(first), scan_of(second)), beside(scan_of(second), scan_of(first))
    either = [dict(first), dict(second)]
    for one in there:
        names = set(either[0].get(one.rule, {})) | set(either[1].get(one.rule, {}))
        assert sum(one.counts.values()) == len(names)
    assert {one.rule for one in there} == set(either[0]) | set(either[1])
    told, told_back = (
        {
            (one.rule, told["contract_id"]): ChangeKind(told["kind"])
            for one in way
            for told in one.table.to_pylist()
        }
        for way in (there, back)
    )
    assert told.keys() == told_back.keys()
    for pair, became in told.items():
        assert told_back[pair] in MIRRORED[became]


@settings(max_examples=50)
@given(scans)
def test_a_scan_beside_itself_has_no_change(told: list[tuple[str, dict[str, Row]]]) -> None:
    for one in beside(scan_of(told), scan_of(told)):
        assert set(one.counts) <= {ChangeKind.UNCHANGED}
        assert one.table.num_rows == 0


@pytest.mark.parametrize("before", [None, *Gravity], ids=str)
def test_kinds_by_columns_are_the_kinds_of_one_pair(before: Gravity | None) -> None:
    def cell(gravity: Gravity | None) -> Row | None:
        if gravity is None:
            return None
        status = "unknown" if gravity is Gravity.TO_VERIFY else str(gravity)
        return row("a", status, to_verify=gravity is Gravity.TO_VERIFY)

    counted: Counter[ChangeKind] = Counter()
    for after in (None, *Gravity):
        if before is None and after is None:
            continue
        expected = kind_of(before, after, False)
        counted[expected] += 1
        assert kind(cell(before), cell(after)) is expected
    assert counted.total() == len(Gravity) + (before is not None)


def test_the_days_of_a_penalty_are_compared_without_loss_over_years() -> None:
    a_day = 1234.567891
    for past in (1, 365, 3650):
        today, later = (late(one, round(a_day * one, 6)) for one in (past, past + 1))
        assert kind(today, later) is ChangeKind.UNCHANGED

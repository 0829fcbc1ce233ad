"""What outlines say beside each other, beside areas and zones: remarks, with both values."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landwatch.geo.areas import area_m2
from landwatch.language.columns import Kind
from landwatch.ledger import (
    Background,
    Granted,
    Ground,
    Instructions,
    Issue,
    KnownParcel,
    read_ledger,
)

METRE = 1 / 111_000
Row: TypeAlias = tuple[str, str, str, shapely.Geometry | str]
Said: TypeAlias = "dict[str, list[Issue]]"
Read = Callable[..., Said]
BOW_TIE = shapely.Polygon([(104, 36), (104.001, 36.001), (104.001, 36), (104, 36.001)])


def plot(west: float, south: float, wide: float = 100, high: float = 100) -> shapely.Polygon:
    """Return a rectangle by metres from a corner near Lanzhou."""
    left, right = (104 + x * METRE / np.cos(np.radians(36)) for x in (west, west + wide))
    return shapely.box(left, 36 + south * METRE, right, 36 + (south + high) * METRE)


def told_of(area: shapely.Geometry, times: float = 1) -> str:
    return f"{area_m2(area) * times:.4f}"


def ground(
    parcels: Sequence[KnownParcel] = (),
    zones: dict[str, bytes | None] | None = None,
    grants: Iterable[Granted] = (),
) -> Background:
    """Return what a ledger may hold, as a store would hand it."""

    def named(names: Collection[str]) -> list[KnownParcel]:
        return [one for one in parcels if one.parcel_id in names]

    def granted(names: Collection[str]) -> list[Granted]:
        return [grant for grant in grants if set(grant.parcels) & set(names)]

    return Background(ground=Ground(lambda _: parcels, named, lambda: zones or {}, granted))


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read rows of parcels (id, zone, area, outline) and return what is said, by code."""

    def read(rows: Sequence[Row], known: Background | None = None, **options: Any) -> Said:
        path = tmp_path / "parcels.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(["parcel_id", "zone_id", "area_m2", "geometry"])
            for name, zone, area, drawn in rows:
                table.writerow([name, zone, area, getattr(drawn, "wkt", drawn)])
        said = Instructions(crs="EPSG:4490", **options)
        return _spent(Kind.PARCELS, path, said, known or ground())

    return read


def _spent(kind: Kind, path: Path, said: Instructions, known: Background) -> Said:
    intake = read_ledger(kind, path, said, known)
    found: Said = {}
    for batch in intake.batches():
        for issue in batch.issues:
            assert issue.in_words("zh")
            assert issue.in_words("en")
            found.setdefault(issue.code.value, []).append(issue)
    assert intake.tally.adds_up
    return found


def test_parcels_side_by_side_with_true_areas_give_no_remark(read: Read) -> None:
    rows = [(f"P{at}", "Z", told_of(plot(100 * at, 0)), plot(100 * at, 0)) for at in range(5)]
    zone = {"Z": plot(-10, -10, 700, 200).wkb}
    assert read(rows, ground(zones=zone)) == {}


@pytest.mark.parametrize(
    ("times", "said"),
    [(1.004, False), (1.006, True), (0.994, True)],
    ids=["near", "above", "below"],
)
def test_a_drawn_area_half_a_percent_from_the_certificate_is_said_with_both(
    read: Read, times: float, said: bool
) -> None:
    found = read([("P1", "", told_of(plot(0, 0), times), plot(0, 0))])
    assert list(found) == (["drawn_area_disagrees"] if said else [])
    if said:
        words = found["drawn_area_disagrees"][0].in_words("zh")
        assert f"{area_m2(plot(0, 0)):.2f} 平方米" in words
        assert f"{float(told_of(plot(0, 0), times)):.2f} 平方米" in words
        assert "亩" in words


def test_an_invalid_outline_is_held_against_nothing(read: Read) -> None:
    known = ground([KnownParcel("L1", None, plot(0, 0).wkb)], {"Z": plot(9000, 0).wkb})
    found = read([("P1", "Z", "1", BOW_TIE), ("P2", "Z", "1", BOW_TIE)], known)
    assert set(found) == {"invalid_geometry"}


def test_overlap_with_another_row_and_with_the_ledger_is_said_at_the_later_row(read: Read) -> None:
    known = ground([KnownParcel("L1", None, plot(180, 0).wkb)])
    found = read([("P1", "", "", plot(0, 0)), ("P2", "", "", plot(90, 0))], known)
    (said,) = found["outlines_overlap"]
    assert said.row == 3
    assert said.values["count"] == 2
    assert {said.values["parcel"], said.values["other"]} <= {"P1", "P2", "L1"}
    assert said.values["share"] == "10%"


def test_a_parcel_is_not_held_against_its_own_older_outline(read: Read) -> None:
    known = ground([KnownParcel("P1", None, plot(10, 0).wkb)])
    assert read([("P1", "", "", plot(0, 0))], known) == {}


def test_a_row_told_again_is_judged_by_its_last_outline(read: Read) -> None:
    rows = [("P1", "", "", plot(0, 0)), ("P2", "", "", plot(300, 0)), ("P1", "", "", plot(600, 0))]
    assert set(read([*rows, ("P3", "", "", plot(10, 0))])) == {"key_repeated"}


def test_one_outline_under_two_ids_is_said_once_for_each_copy(read: Read) -> None:
    rows = [(f"P{at}", "", "", plot(0, 0)) for at in range(4)]
    found = read(rows)
    assert [issue.row for issue in found["same_outline"]] == [3, 4, 5]
    assert {issue.values["other"] for issue in found["same_outline"]} == {"P0"}
    redrawn = shapely.Polygon(shapely.get_coordinates(plot(0, 0))[[1, 2, 3, 0, 1]])
    assert set(read([("P1", "", "", plot(0, 0)), ("P2", "", "", redrawn)])) == {"same_outline"}


def test_a_copy_of_the_ledgers_outline_names_the_ledger(read: Read) -> None:
    known = ground([KnownParcel("L1", None, shapely.multipolygons([plot(0, 0)]).wkb)])
    (said,) = read([("P1", "", "", plot(0, 0))], known)["same_outline"]
    assert "台账" in said.in_words("zh")
    assert "the ledger" in said.in_words("en")


def test_strips_along_borders_are_counted_and_said_once(read: Read) -> None:
    rows = [(f"P{at}", "", "", plot(99.97 * at, 0)) for at in range(5)]
    (said,) = read(rows)["overlap_strips"]
    assert said.row is None
    assert said.values["count"] == 4


def test_strips_below_a_centimetre_are_nothing(read: Read) -> None:
    assert read([("P1", "", "", plot(0, 0)), ("P2", "", "", plot(99.995, 0))]) == {}


def test_a_part_that_is_a_sliver_is_said(read: Read) -> None:
    outline = shapely.multipolygons([plot(0, 0), plot(200, 0, 0.03, 100)])
    (said,) = read([("P1", "", "", outline)])["sliver"]
    assert said.values["count"] == 1
    assert said.values["width"] == "3.0"


@pytest.mark.parametrize(
    ("west", "share"), [(0, None), (-0.02, None), (-25, "25%"), (-300, "100%")]
)
def test_what_lies_outside_the_zone_is_said_with_its_share(
    read: Read, west: float, share: str | None
) -> None:
    zone = {"Z": plot(0, -50, 500, 500).wkb}
    found = read([("P1", "Z", "", plot(west, 0))], ground(zones=zone))
    assert [issue.values["share"] for issue in found.get("outside_zone", [])] == (
        [share] if share else []
    )


def test_a_row_that_names_no_zone_is_held_against_the_ledgers(read: Read) -> None:
    known = ground([KnownParcel("P1", "Z", None)], {"Z": plot(5000, 0).wkb})
    assert set(read([("P1", "", "", plot(0, 0))], known)) == {"outside_zone"}


@pytest.mark.parametrize("zone", [None, BOW_TIE.wkb], ids=["no outline", "invalid"])
def test_zones_that_bound_nothing_are_said_once(read: Read, zone: bytes | None) -> None:
    rows = [(f"P{at}", "Z", "", plot(200 * at, 0)) for at in range(3)]
    (said,) = read(rows, ground(zones={"Z": zone}))["zone_not_drawn"]
    assert said.row is None
    assert said.values["count"] == 3


def test_rows_without_an_outline_among_others_are_counted(read: Read) -> None:
    rows: list[Row] = [("P1", "", "", plot(0, 0)), ("P2", "", "", ""), ("P3", "", "", "")]
    (said,) = read(rows)["outline_missing"]
    assert (said.values["count"], said.values["total"]) == (2, 3)
    assert read([("P1", "", "500", ""), ("P2", "", "400", "")]) == {}


def test_the_granted_area_is_held_against_all_parcels_of_the_contract(read: Read) -> None:
    area = Decimal(told_of(plot(0, 0)))
    beside = KnownParcel("L1", None, plot(900, 0).wkb)
    fair = [Granted("C1", ("P1",), area), Granted("C2", ("P1", "L1"), 2 * area)]
    assert read([("P1", "", "", plot(0, 0))], ground([beside], grants=fair)) == {}
    short = [Granted("C1", ("P1",), area / 2), Granted("C2", ("P1", "L1"), area)]
    found = read([("P1", "", "", plot(0, 0))], ground([beside], grants=short))
    said = found["granted_area_disagrees"]
    assert {issue.values["contract"] for issue in said} == {"C1", "C2"}
    unknown = [Granted("C3", ("P1", "L9"), area / 3)]
    assert read([("P1", "", "", plot(0, 0))], ground(grants=unknown)) == {}


def test_contracts_that_share_a_parcel_may_grant_it_together(read: Read) -> None:
    area = Decimal(told_of(plot(0, 0)))
    shared = [Granted("C1", ("P1",), area / 4), Granted("C2", ("P1",), area * 3 / 4)]
    assert read([("P1", "", "", plot(0, 0))], ground(grants=shared)) == {}


def test_contracts_are_held_against_the_outlines_that_the_ledger_holds(tmp_path: Path) -> None:
    area = area_m2(plot(0, 0))
    path = tmp_path / "contracts.csv"
    rows = [f"C1,P1,{area:.4f}", f"C2,P2,{area / 2:.4f}", f"C3,P1;P2,{area * 2:.4f}", "C4,P9,5"]
    path.write_text("\n".join(["contract_id,parcel_id,area_m2", *rows]), "utf-8")
    known = ground([KnownParcel(f"P{at}", None, plot(200 * at, 0).wkb) for at in (1, 2)])
    found = _spent(Kind.CONTRACTS, path, Instructions(), known)
    (said,) = found["granted_area_disagrees"]
    assert (said.row, said.values["contract"]) == (3, "C2")


def test_an_outline_repaired_as_asked_is_judged_like_any_other(read: Read) -> None:
    spiked = shapely.Polygon(
        [
            *shapely.get_coordinates(plot(0, 0))[:4],
            (103.99, 36.0009),
            *plot(0, 0).exterior.coords[3:],
        ]
    )
    assert not spiked.is_valid
    rows: list[Row] = [("P1", "", told_of(plot(0, 0)), spiked), ("P2", "", "", plot(50, 0))]
    assert set(read(rows)) == {"invalid_geometry"}
    found = read(rows, repair=True)
    assert set(found) == {"geometry_repaired", "outlines_overlap"}
    words = found["geometry_repaired"][0].in_words("zh")
    assert "尖刺" in words
    assert "亩" in words


def test_a_repair_that_would_change_the_area_is_told_and_not_made(read: Read) -> None:
    found = read([("P1", "", "", BOW_TIE)], repair=True)
    assert set(found) == {"repair_not_made"}
    assert "超过 0.5%" in found["repair_not_made"][0].in_words("zh")


corner = st.tuples(st.integers(0, 200), st.integers(0, 200))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(corner, min_size=1, max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_count_of_overlapping_pairs(
    read: Read, corners: list[tuple[int, int]], random: Any
) -> None:
    """Each pair is said at its later row, whichever that is; the tally adds up always."""
    rows = [(f"P{at}", "", "", plot(x, y, 60, 60)) for at, (x, y) in enumerate(corners)]

    def pairs(found: Said) -> int:
        said = found.get("outlines_overlap", [])
        return sum(int(str(issue.values["count"])) for issue in said)

    copies = {(x, y) for x, y in corners}
    if len(copies) < len(corners):
        return
    first = pairs(read(rows))
    random.shuffle(rows)
    assert pairs(read(rows)) == first


def test_a_contract_one_of_whose_outlines_is_invalid_is_not_judged_by_area(read: Read) -> None:
    grants = [Granted("C1", ("P1", "P2"), Decimal(1))]
    rows: list[Row] = [("P1", "", "", plot(0, 0)), ("P2", "", "", BOW_TIE)]
    assert set(read(rows, ground(grants=grants))) == {"invalid_geometry"}

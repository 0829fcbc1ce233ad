"""Whatever is told comes back equal, from both stores."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from landwatch.language.columns import COLUMNS, Column, ColumnType, Kind
from landwatch.language.records import Record
from landwatch.store import Store
from landwatch.store.arrow import decimals
from landwatch.store.models import Parcel

NUMBERS = itertools.count()
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
ODD = (
    "",
    " ",
    '"',
    "'",
    "\\",
    "\\N",
    "a,b",
    "行一\n行二",
    "\r\n",
    "\t",
    "𠮷野家",
    "ﷺ",
    "é",
    "NULL",
)
odd_texts = st.sampled_from((*ODD, "NULL", "\ufeff", "\x1f", "t", "f", ";", "\u2028"))
coordinates = st.floats(-180, 180, allow_subnormal=False)


def decimals_of(places: int) -> st.SearchStrategy[Decimal]:
    """Every decimal of up to 15 digits."""
    limit = 10**15 - 1
    return st.builds(
        lambda whole, used: Decimal(whole).scaleb(-used),
        st.integers(-limit, limit),
        st.integers(3 if places == 6 else 1, places),
    ).filter(lambda value: abs(value) < 10 ** (18 - places))


@st.composite
def shapes(draw: st.DrawFn) -> Any:
    corners = st.tuples(coordinates, coordinates)
    rings = draw(st.lists(st.lists(corners, min_size=3, max_size=6), max_size=3))
    return shapely.MultiPolygon([shapely.Polygon(ring) for ring in rings])


def value_of(column: Column) -> st.SearchStrategy[Any]:
    match column.holds:
        case ColumnType.DATE:
            return st.dates()
        case ColumnType.YES_NO:
            return st.booleans()
        case ColumnType.INTEGER:
            return st.integers(-(2**63), 2**63 - 1)
        case ColumnType.DECIMAL:
            return decimals_of(column.places)
        case ColumnType.GEOMETRY:
            return shapes()
    return odd_texts | texts


def values_of(kind: Kind) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {}, optional={column.name: value_of(column) for column in COLUMNS[kind]}
    )


def comparable(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: shapely.to_wkb(value, byte_order=1) if hasattr(value, "geom_type") else value
        for name, value in values.items()
    }


@pytest.mark.parametrize("kind", Kind)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_told_comes_back_equal(
    store: Store, ledger: Any, kind: Kind, data: st.DataObject
) -> None:
    told = [data.draw(values_of(kind)) for _ in range(3)]
    keys = [f"{data.draw(texts)} {next(NUMBERS)}" for _ in told]
    as_read = data.draw(st.dictionaries(texts, texts, max_size=3))
    records = [
        Record(kind, key, values, None, row, as_read=as_read)
        for row, (key, values) in enumerate(zip(keys, told, strict=True))
    ]
    assert ledger.take_in(store, records).new == len(records)
    table = store.columns(kind, keys=keys, geometry=True)
    back = [
        {name: row[name] for name in row if name in values_names(kind) and row[name] is not None}
        for row in table.to_pylist()
    ]
    assert back == [comparable(values) for values in told]
    assert table["key"].to_pylist() == keys
    places = store.places(kind, table["record_id"].to_pylist())
    assert all(place.as_read == as_read for place in places.values())


def values_names(kind: Kind) -> set[str]:
    return {column.name for column in COLUMNS[kind]}


def test_what_no_database_can_hold_is_seen_to_be_missing(store: Store, ledger: Any) -> None:
    ledger.take_in(
        store, [ledger.contract("a", holder="兰\0州"), ledger.contract("b", holder="兰\ud800州")]
    )
    assert store.columns(Kind.CONTRACTS)["holder"].to_pylist() == ["兰\ufffd州", "兰\ufffd州"]


def test_numbers_are_rounded_half_up_to_the_places_of_their_column(
    store: Store, ledger: Any
) -> None:
    ledger.take_in(
        store,
        [
            ledger.contract("a", price_wan=Decimal("0.0000005"), area_m2=Decimal("0.00005")),
            ledger.contract("b", price_wan=Decimal("-0.0000004"), area_m2=Decimal("99.99995")),
        ],
    )
    table = store.columns(Kind.CONTRACTS)
    assert table["price_wan"].to_pylist() == [Decimal("0.000001"), Decimal(0)]
    assert table["area_m2"].to_pylist() == [Decimal("0.0001"), Decimal(100)]


@given(st.lists(decimals_of(6), min_size=1), st.integers(0, 3))
@example([Decimal("999999999999.999")], 1)
def test_a_double_gives_back_the_decimal_it_was_told_as(told: list[Decimal], gaps: int) -> None:
    doubles = np.array([float(value) for value in told] + [np.nan] * gaps)
    assert decimals(doubles, 6).to_pylist() == told + [None] * gaps


def test_many_chunks_make_one_table_in_the_order_recorded(store: Store, ledger: Any) -> None:
    rows = 45_000
    ledger.take_in(
        store, [ledger.contract(f"C{i}", i, price_wan=Decimal(i) / 7) for i in range(rows)]
    )
    table = store.columns(Kind.CONTRACTS)
    assert table["row"].to_pylist() == list(range(rows))
    assert table["record_id"].to_pylist() == sorted(table["record_id"].to_pylist())
    assert table["price_wan"][44_999].as_py() == Decimal("6428.428571")


def test_the_models_speak_shapely_on_both_stores(
    store: Store, ledger: Any, engine: Callable[[str], sa.Engine]
) -> None:
    shape = shapely.MultiPolygon([shapely.box(103, 36, 103.5, 36.25)])
    values = {"geometry": shape.geoms[0], "area_m2": Decimal("68507.5")}
    receipt = ledger.take_in(store, [Record(Kind.PARCELS, "P1", values, None, 1)])
    with Session(engine(store.url)) as session:
        parcel = session.scalars(sa.select(Parcel)).one()
        assert parcel.geometry is not None
        assert parcel.geometry.equals_exact(shape, 0)
        assert parcel.area_m2 == Decimal("68507.5")
        session.add(
            Parcel(
                record_key="P2", import_id=parcel.import_id, source_row=2, as_read="{}",
                content_hash=b"", geometry=shape, area_m2=Decimal("0.1"),
            )
        )  # fmt: skip
        session.commit()
    table = store.columns(Kind.PARCELS, geometry=True)
    assert table["geometry"].to_pylist() == [shapely.to_wkb(shape, byte_order=1)] * 2
    assert table["area_m2"].to_pylist() == [Decimal("68507.5"), Decimal("0.1")]
    assert store.imports() == [receipt]

"""Column types that serve both stores: exact numbers, moments in UTC, geometries."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from geoalchemy2 import Geometry
from sqlalchemy import DateTime, Dialect, Double, Numeric, Text, TypeDecorator
from sqlalchemy.types import TypeEngine, UserDefinedType

from landwatch.store import blobs

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

DIGITS = 18
"""Digits of an exact number, before and after the point together."""


class Exact(TypeDecorator[Decimal]):
    """A number as told: DOUBLE in a GeoPackage, NUMERIC in PostgreSQL, Decimal in Python.

    What was told with up to 15 digits comes back equal from a DOUBLE, because the shortest decimal
    that names the DOUBLE is the one that was told.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, places: int) -> None:
        """Keep `places` decimals."""
        self.places = places
        super().__init__(DIGITS, places)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return what the database knows the number as."""
        return Double() if dialect.name == "sqlite" else Numeric(DIGITS, self.places)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Return the number for the database."""
        return float(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return the number as told."""
        if value is None or isinstance(value, Decimal):
            return value
        return Decimal(repr(float(value)))


def zoned(moment: datetime | None) -> datetime | None:
    """Return the moment (None stays None); without a time zone it would be a guess: ValueError."""
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"a moment needs its time zone: {moment}")
    return moment


def moment_text(moment: datetime) -> str:
    """Return the moment as text that sorts in time, to the microsecond.

    >>> moment_text(datetime(2026, 3, 1, 8, tzinfo=UTC))
    '2026-03-01T08:00:00.000000Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Moment(TypeDecorator[datetime]):
    """A moment in UTC to the microsecond; a GeoPackage's own DATETIME stops at milliseconds."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return what the database knows the moment as."""
        return Text() if dialect.name == "sqlite" else DateTime(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Return the moment for the database."""
        if value is None:
            return None
        text = moment_text(value)
        return text if dialect.name == "sqlite" else datetime.fromisoformat(text)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)


class GpkgBlob(UserDefinedType[Any]):
    """A geometry column as a GeoPackage declares it; not GeoAlchemy2's, whose hooks stay out."""

    cache_ok = True

    def __init__(self, kind: str = "GEOMETRY") -> None:
        """Hold geometries of one kind, such as MULTIPOLYGON."""
        self.kind = kind

    def get_col_spec(self, **_: object) -> str:
        """Return the declared type."""
        return self.kind


class Area(TypeDecorator[Any]):
    """A MultiPolygon in EPSG:4490, shapely in and shapely out, on both stores."""

    impl = Geometry
    cache_ok = True

    def __init__(self) -> None:
        """Keep GeoAlchemy2 from indexing: the migrations say what is indexed."""
        super().__init__("MULTIPOLYGON", srid=blobs.SRID, spatial_index=False)

    def load_dialect_impl(self, dialect: Dialect | None) -> TypeEngine[Any]:
        """Return what the database knows the geometry as (GeoAlchemy2 asks without naming one)."""
        if dialect is not None and dialect.name == "sqlite":
            return GpkgBlob("MULTIPOLYGON")
        return Geometry("MULTIPOLYGON", srid=blobs.SRID, spatial_index=False)

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> Any:
        """Return the geometry for the database."""
        if value is None:
            return None
        return blobs.packed(value) if dialect.name == "sqlite" else extended_wkb(value).hex()

    def process_result_value(self, value: Any, dialect: Dialect) -> BaseGeometry | None:
        """Return the geometry as shapely knows it."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return blobs.unpacked(value)
        import shapely

        return shapely.from_wkb(bytes(value.data))


def extended_wkb(shape: BaseGeometry) -> bytes:
    """Return the geometry as PostGIS writes it, with its reference system."""
    import shapely

    wkb: bytes = shapely.to_wkb(shapely.set_srid(shape, blobs.SRID), include_srid=True)
    return wkb

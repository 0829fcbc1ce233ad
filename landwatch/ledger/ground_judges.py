"""What outlines say beside each other, beside the areas told, and beside their zones.

Rows stream by to a shelf on disk; all is said at the end. Each thing is a remark: a drawing accuses
nobody. Invalid outlines bound no certain land and take part in nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from landwatch.language.records import Record, Value
from landwatch.ledger.ground import Granted, Ground
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.judges import Judged
from landwatch.ledger.spool import Spool
from landwatch.units import m2_from_mu, rounded

if TYPE_CHECKING:
    from landwatch.ledger.outline_shelf import OutlineShelf

_Row: TypeAlias = tuple[str | None, int, Granted]

SHOWN = 5
_AT_ONCE = 2000


class OutlineJudge:
    """Judges the outlines of a file of parcels."""

    def __init__(self, ground: Ground) -> None:
        """Begin; `ground` is what the ledger already holds."""
        self._ground = ground
        self._shelf: OutlineShelf | None = None
        self._rows = self._undrawn = 0
        self._examples: list[str] = []

    def see(self, record: Record) -> Iterable[Judged]:
        """Lay the outline aside; a row without one is counted."""
        from landwatch.ledger.outline_shelf import Entry, OutlineShelf

        self._rows += 1
        outline = getattr(record.values.get("geometry"), "wkb", None)
        if outline is None:
            self._miss(record)
            return ()
        if self._shelf is None:
            self._shelf = OutlineShelf()
        told, zone = record.values.get("area_m2"), record.values.get("zone_id")
        self._shelf.add(
            Entry(
                record.key,
                record.sheet,
                record.row,
                zone if isinstance(zone, str) else None,
                told if isinstance(told, Decimal) else None,
                outline,
            )
        )
        return ()

    def _miss(self, record: Record) -> None:
        """Count a row that draws nothing; a drawing that was refused has its own remark."""
        if "geometry" not in record.unreadable and "geometry" not in record.cleared:
            self._undrawn += 1
            if len(self._examples) < SHOWN:
                self._examples.append(str(record.row))

    def conclude(self) -> Iterator[Judged]:
        """Yield what the outlines say, row by row and then of the whole file."""
        if self._shelf is None:
            return
        from landwatch.ledger.ground_findings import GroundFindings

        if self._undrawn:
            rows = ", ".join(self._examples)
            told = {"count": self._undrawn, "total": self._rows, "rows": rows}
            yield Judged(IssueCode.OUTLINE_MISSING, values=told)
        yield from GroundFindings(self._shelf, self._ground).all()


class GrantedAreaJudge:
    """Holds the granted area of contracts against the outlines that the ledger holds."""

    def __init__(self, ground: Ground) -> None:
        """Begin; nothing is asked of the ledger before all rows were seen."""
        self._ground, self._kept = ground, Spool()
        self._batch = list[_Row]()

    def see(self, record: Record) -> Iterable[Judged]:
        """Lay aside what a contract grants, and of which parcels."""
        granted = granted_m2(record.values.get("area_m2"), record.values.get("area_mu"))
        if granted is not None and (parcels := named_parcels(record.values.get("parcel_id"))):
            grant = Granted(record.key, parcels, granted)
            self._batch.append((record.sheet, record.row, grant))
            if len(self._batch) >= _AT_ONCE:
                self._kept.add(self._batch)
                self._batch = []
        return ()

    def conclude(self) -> Iterator[Judged]:
        """Yield the contracts whose granted area is not that of the outlines."""
        self._kept.add(self._batch)
        for batch in self._kept:
            yield from self._judged(batch)

    def _judged(self, batch: Sequence[_Row]) -> Iterator[Judged]:
        from landwatch.ledger.area_words import areas_of, granted_otherwise

        places = {grant.contract_id: (sheet, row) for sheet, row, grant in batch}
        wanted = {parcel for _, _, grant in batch for parcel in grant.parcels}
        areas = areas_of(self._ground.named(wanted)) if wanted else {}
        if not areas:
            return
        together: dict[frozenset[str], dict[str, Granted]] = {}
        for grant in (*self._ground.granted(wanted), *(grant for _, _, grant in batch)):
            if all(parcel in areas for parcel in grant.parcels):  # else nobody knows what all are
                same = together.setdefault(frozenset(grant.parcels), {})
                same[grant.contract_id] = grant
        for parcels, grants in together.items():
            drawn = sum((areas[parcel] for parcel in parcels), Decimal(0))
            for told in granted_otherwise(list(grants.values()), drawn):
                if (place := places.get(str(told["contract"]))) is not None:
                    code = IssueCode.GRANTED_AREA_DISAGREES
                    yield Judged(code, *place, "area_m2", None, told)


def named_parcels(told: Value | None) -> tuple[str, ...]:
    """Return the parcels that a contract names, each once.

    >>> named_parcels("A-1; A-2;A-1;")
    ('A-1', 'A-2')
    """
    names = (name.strip() for name in told.split(";")) if isinstance(told, str) else ()
    return tuple(dict.fromkeys(name for name in names if name))


def granted_m2(area_m2: Value | None, area_mu: Value | None) -> Decimal | None:
    """Return the area that a contract grants in m², told in either unit; None where in neither.

    >>> granted_m2(None, Decimal(3))
    Decimal('2000.0000')
    """
    if isinstance(area_m2, Decimal):
        return area_m2
    return rounded(m2_from_mu(area_mu), 4) if isinstance(area_mu, Decimal) else None

"""Cutting a ledger into pieces: contracts by division and park, with all that speaks of them.

What a row speaks of is settled over the whole ledger before it is cut: a report may name its
contract by another number, which is good only where no other contract has it. A parcel that several
contracts name goes with each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from landwatch.language.columns import COLUMNS, Kind
from landwatch.scan.dossier import Ledger, aliases_sql, keep_places, zoned_sql
from landwatch.scan.extent import blank
from landwatch.scan.merge import merged_sql
from landwatch.scan.told_rows import forget, told_names, told_sql

if TYPE_CHECKING:
    import duckdb

_NEEDED = {
    Kind.ZONES: ("zone_id", "adcode"),
    Kind.PARCELS: ("parcel_id", "zone_id"),
    Kind.CONTRACTS: (
        "contract_id", "contract_no", "supervision_no", "parcel_id", "zone_id", "adcode",
    ),
}  # fmt: skip
"""What is read of each kind to tell where a row belongs."""
ROWS_OF = {
    Kind.CONTRACTS: "JOIN now_contracts c USING (key)"
    " JOIN placed p ON p.contract_id = c.contract_id",
    Kind.PARCELS: "JOIN now_parcels c USING (key) JOIN named p ON p.parcel_id = c.parcel_id",
    Kind.PROGRESS: "JOIN known p ON told_name = r.contract_id",
    Kind.EVENTS: "JOIN known p ON told_name = r.contract_id",
}
"""How rows `r` of a kind come by the number of their piece, `p.piece`."""


CONTRACTS = 100_000
"""Contracts of a piece at the most: with half a million reports, some seconds of one core."""
WORTH = 20_000
"""Contracts for which a piece of their own is worth it: each costs a second whatever it holds."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large pieces are: the most contracts of one, and how many there should be at the least.

    A small ledger is not cut into so many: no piece is made smaller than is worth it.
    """

    contracts: int = CONTRACTS
    parts: int = 1

    def limit(self, contracts: int) -> int:
        """Return the most contracts of a piece, of so many in all.

        >>> Size(parts=8).limit(1_000_000), Size(parts=20).limit(1_000_000), Size(9).limit(50)
        (100000, 50000, 9)
        """
        return min(self.contracts, max(WORTH, -(-contracts // self.parts)))


LARGE = Size()


@dataclass(frozen=True, slots=True)
class Share:
    """Which contracts of a division a piece has: by their place in it, both included."""

    piece: int
    division: str
    first: int
    last: int


def cut(engine: duckdb.DuckDBPyConnection, ledger: Ledger, size: Size) -> list[Share]:
    """Make `placed`: the piece of each contract, and what follows from it; return the shares."""
    for kind, names in _NEEDED.items():
        _merge(engine, kind, ledger, names)
    keep_places(engine, ledger)
    engine.execute(f"CREATE TEMP TABLE aliases AS {aliases_sql()}")
    engine.execute(f"CREATE TEMP TABLE zoned AS {zoned_sql()}")
    engine.execute(_ORDERED)
    counts = engine.sql("SELECT division, count(*) FROM ordered GROUP BY 1 ORDER BY 1").fetchall()
    limit = size.limit(sum(count for _, count in counts))
    shares = list(shares_of(counts, limit))
    engine.execute("CREATE TEMP TABLE shares (piece INT, division VARCHAR, first INT, last INT)")
    if shares:
        engine.executemany("INSERT INTO shares VALUES (?, ?, ?, ?)", [astuple(s) for s in shares])
    for statement in _PLACES:
        engine.execute(statement)
    return shares


_ORDERED = """
CREATE TEMP TABLE ordered AS
SELECT contract_id, division,
  row_number() OVER (PARTITION BY division ORDER BY zone_id, contract_id) AS place
FROM (
  SELECT c.contract_id, min(left(coalesce(c.adcode, zone.adcode, ''), 6)) AS division,
    min(z.zone_id) AS zone_id
  FROM now_contracts c JOIN zoned z USING (contract_id)
  LEFT JOIN now_zones zone ON zone.zone_id = z.zone_id
  GROUP BY c.contract_id)"""
_PLACES = (
    """CREATE TEMP TABLE placed AS
SELECT contract_id, piece FROM ordered o JOIN shares s
ON o.division = s.division AND o.place BETWEEN s.first AND s.last""",
    """CREATE TEMP TABLE known AS
SELECT contract_id AS told_name, piece FROM placed
UNION ALL SELECT number, piece FROM aliases JOIN placed USING (contract_id)""",
    """CREATE TEMP TABLE named AS
SELECT DISTINCT piece, trim(unnest(string_split(parcel_id, ';'))) AS parcel_id
FROM now_contracts JOIN placed USING (contract_id) WHERE parcel_id IS NOT NULL""",
)


def shares_of(counts: Iterable[tuple[str, int]], limit: int) -> Iterator[Share]:
    """Yield which piece has which contracts: small divisions together, large ones in even parts.

    >>> [(s.piece, s.division, s.first, s.last) for s in shares_of([("62", 3), ("65", 5)], 4)]
    [(1, '62', 1, 3), (2, '65', 1, 2), (3, '65', 3, 5)]
    >>> [s.piece for s in shares_of([("62", 1), ("65", 2), ("66", 2)], 4)]
    [1, 1, 2]
    """
    piece, room = 0, 0
    for division, count in counts:
        if count <= room:
            room -= count
            yield Share(piece, division, 1, count)
            continue
        parts = -(-count // limit)
        for part in range(parts):
            piece += 1
            first, last = count * part // parts, count * (part + 1) // parts
            yield Share(piece, division, first + 1, last)
            room = limit - (last - first) if parts == 1 else 0


def _merge(
    engine: duckdb.DuckDBPyConnection, kind: Kind, ledger: Ledger, names: tuple[str, ...]
) -> None:
    """Make `now_KIND`: what the ledger holds of each key, of these columns."""
    told = told_names(ledger.records[kind])
    blanks = {c.name: blank(c) for c in COLUMNS[kind] if c.name in names and c.name not in told}
    source = told_sql(engine, kind, ledger.records[kind], set(names) - blanks.keys(), blanks)
    engine.execute(f"CREATE TEMP VIEW told_{kind.value} AS {source}")
    merged = merged_sql(kind, f"told_{kind.value}", names)
    engine.execute(f"CREATE TEMP TABLE now_{kind.value} AS {merged}")
    engine.execute(f"DROP VIEW told_{kind.value}")
    forget(engine, kind)

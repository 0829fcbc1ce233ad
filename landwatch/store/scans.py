"""Scans as they were made: a summary each, and their outcomes in opaque parts."""

from __future__ import annotations

import json
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.store import works
from landwatch.store.keeper import Keeper
from landwatch.store.models import Scan, ScanPart, table_of_model
from landwatch.store.receipts import ScanSummary
from landwatch.store.spool import Spool


def save(
    keeper: Keeper, summary: ScanSummary, parts: Spool[bytes], fingerprint: str | None = None
) -> int:
    """Write a scan and its parts in one transaction, and return its number.

    What was laid aside of it under `fingerprint` goes in the same transaction.
    """
    with keeper.writing() as connection:
        if fingerprint is not None:
            works.finish(keeper, connection, fingerprint)  # first: a file uses its room again
        entered = connection.execute(
            sa.insert(Scan).values(
                as_of=summary.as_of,
                known_at=summary.known_at,
                made_at=summary.made_at,
                made_by=summary.made_by,
                landwatch_version=summary.landwatch_version,
                policies=json.dumps(summary.policies, ensure_ascii=False),
                counts=json.dumps(summary.counts, ensure_ascii=False),
                contracts=summary.contracts,
                base_scan_id=summary.base_scan_id,
            )
        )
        assert entered.inserted_primary_key is not None
        scan_id = int(entered.inserted_primary_key[0])
        for part in parts.batches():
            connection.execute(sa.insert(ScanPart).values(scan_id=scan_id, content=part))
        for model in (Scan, ScanPart):
            keeper.note_change(connection, table_of_model(model))
    return scan_id


def summaries(connection: Connection, scan_id: int | None = None) -> Iterator[ScanSummary]:
    """Return the scans, first made first; only the one of that number where one is given."""
    chosen = sa.select(table_of_model(Scan)).order_by("scan_id")
    if scan_id is not None:
        chosen = chosen.where(Scan.scan_id == scan_id)
    for row in connection.execute(chosen):
        yield ScanSummary(
            scan_id=row.scan_id,
            as_of=row.as_of,
            known_at=row.known_at,
            made_at=row.made_at,
            made_by=row.made_by,
            landwatch_version=row.landwatch_version,
            policies=json.loads(row.policies),
            counts=json.loads(row.counts),
            contracts=row.contracts,
            base_scan_id=row.base_scan_id,
        )


def part_numbers(connection: Connection, scan_id: int) -> list[int]:
    """Return the numbers of a scan's parts, in order."""
    chosen = sa.select(ScanPart.part_id).where(ScanPart.scan_id == scan_id)
    return list(connection.scalars(chosen.order_by(ScanPart.part_id)))


def part(connection: Connection, part_id: int) -> bytes:
    """Return one part."""
    chosen = sa.select(ScanPart.content).where(ScanPart.part_id == part_id)
    return bytes(connection.scalars(chosen).one())

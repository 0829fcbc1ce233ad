"""What a mended row tells anew: only what its cells tell otherwise than when it was given out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from landwatch.language.records import Record
from landwatch.ledger.headers import HeaderUse
from landwatch.ledger.keys import REQUIRED
from landwatch.ledger.report.known import GivenRow
from landwatch.ledger.report.tags import facts_of
from landwatch.ledger.synonyms import MORE_GEOMETRY


def told_anew(
    one: GivenRow, record: Record, uses: Sequence[HeaderUse], *, headers_changed: bool
) -> Record:
    """Return a record under its own key that goes over nothing but what was mended.

    What the row told before may have been corrected by others since, and is not put back.
    """
    before = {} if one.tag is None else one.tag.facts
    anew = {name for name, fact in facts_of(record).items() if before.get(name) != fact}
    if not all(one.is_as_it_was(use.position) for use in uses if _is_drawn(use)):
        anew.add("geometry")
    if not anew or (one.untouched and not headers_changed):
        return replace(record, retold=True)
    return replace(record, anew=frozenset(anew) | _named(record))


def rid_of(record: Record, left: set[str]) -> Record:
    """Return a record that clears what a row which has left its key had told there.

    A row that tells little anew tells what the other had told there too, and no more.
    """
    anew = record.anew
    if record.retold or anew is not None:
        anew = (anew or frozenset()) | left | _named(record)
    others = left - record.values.keys() - record.unreadable
    return replace(record, cleared=record.cleared | others, retold=False, anew=anew)


def _is_drawn(use: HeaderUse) -> bool:
    return use.column == "geometry" or (use.column or "").startswith(MORE_GEOMETRY)


def _named(record: Record) -> frozenset[str]:
    """Return the columns that name what a record is of."""
    return frozenset({*REQUIRED[record.kind], "contract_id"} & record.values.keys())

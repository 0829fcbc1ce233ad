"""Cells that were told and cannot be read: no older or weaker fact may accuse in their place.

A rule whose facts include such a cell answers `unknown` (`unreadable:FACT`) where it would say
breach or exempt otherwise, until somebody corrects the cell.
"""

from __future__ import annotations

from collections.abc import Iterable

from landwatch.language.columns import Kind
from landwatch.lawbook.policy import About, Rule
from landwatch.lawbook.reading import names_of
from landwatch.lawbook.vocabulary import progress_columns
from landwatch.scan.extent import WHOLE, Extent
from landwatch.scan.sources import columns_behind, columns_of_park

REASON = "unreadable"


def unread_sql(contracts: str, reports: str, events: str, extent: Extent = WHOLE) -> str:
    """Return, for each contract that has any, its unreadable cells as `kind.column`.

    A report's unreadable cell counts until a later report tells the column; an event's counts under
    the kind of the event.
    """
    wanted = extent.columns(Kind.PROGRESS)
    later = ", ".join(
        f"CASE WHEN max(rank) FILTER (contains(coalesce(unreadable, ''), ';{column};'))"
        f" > coalesce(max(rank) FILTER ({column} IS NOT NULL), 0)"
        f" THEN '{Kind.PROGRESS.value}.{column}' END"
        for column in ("started", *(column.name for column in progress_columns()))
        if column in wanted
    )
    return f"""
SELECT contract_id, list(DISTINCT cell ORDER BY cell) AS unreadable FROM (
  SELECT contract_id, '{Kind.CONTRACTS.value}.'
    || unnest(string_split(trim(unreadable, ';'), ';')) AS cell
  FROM {contracts} WHERE unreadable IS NOT NULL
  UNION ALL
  SELECT contract_id, '{Kind.EVENTS.value}.' || kind || '.'
    || unnest(string_split(trim(unreadable, ';'), ';')) AS cell
  FROM {events} WHERE unreadable IS NOT NULL
  UNION ALL
  SELECT contract_id, unnest(list_filter([{later}], lambda c: c IS NOT NULL)) AS cell
  FROM {reports}
  WHERE contract_id IN (SELECT contract_id FROM {reports} WHERE unreadable IS NOT NULL)
  GROUP BY contract_id
) GROUP BY contract_id"""


def behind(rule: Rule) -> tuple[str, ...]:
    """Return the cells behind a rule's facts, as `kind.column` (of events `events.kind.`)."""
    names = names_of(rule)
    for definition in rule.definitions:
        names |= names_of(definition.is_)
    told_by = columns_of_park if rule.about is About.PARK else columns_behind
    return tuple(sorted({cell for name in names for cell in told_by(name)}))


def reason_of(cells: Iterable[str], rule: Rule) -> str | None:
    """Return why a rule cannot answer for a contract with these unreadable cells, or None."""
    told = sorted(cell for cell in cells if cell)
    if not told:
        return None
    wanted = behind(rule)
    first = next((cell for cell in told if wanted and cell.startswith(wanted)), None)
    return f"{REASON}:{first.rsplit('.', 1)[1]}" if first else None


def reason_sql(rule: Rule) -> str:
    """Return the SQL of the same, NULL where every cell behind the rule can be read."""
    tests = " OR ".join(f"starts_with(c, '{cell}')" for cell in behind(rule)) or "FALSE"
    first = f"list_filter(unreadable, lambda c: {tests})[1]"
    words = f"('{REASON}:' || regexp_extract({first}, '[^.]*$'))"
    return f"(CASE WHEN len(unreadable) > 0 THEN {words} END)"

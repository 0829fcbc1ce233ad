"""Freshness on the page: what its panel tells, and when each contract was last seen by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from landwatch.language.catalogue import LANGUAGES, say
from landwatch.language.sources import AS_FILES, source_in_words
from landwatch.mapping.columns import Column, Integers, day_column, text_column
from landwatch.scan.freshness_figures import BANDS, Freshness, SourceLine
from landwatch.scan.freshness_words import (
    latest_in_words,
    loudest_first,
    rhythm_in_words,
    standing_sentence,
    tone_of,
    where_in_words,
)


def freshness_head(fresh: Freshness | None, zones: Sequence[str]) -> dict[str, object] | None:
    """Return what the panel tells: sources, the late ones first, and ages by zone.

    `zones` are the names by which the page numbers the parks, the first being none.
    """
    if fresh is None:
        return None
    number = {name: place for place, name in enumerate(zones)}

    def numbered(zone_id: str | None) -> int:
        name = "" if zone_id is None else fresh.zones.get(zone_id) or zone_id
        return number.get(name, -1)

    def shares(line: SourceLine) -> list[list[int]]:
        return [[numbered(one.zone_id), one.expected, one.covered] for one in line.by_zone]

    return {
        "bands": list(BANDS),
        "lines": [
            {
                "tone": tone_of(line),
                "standing": str(line.standing),
                "file": line.asked.source in AS_FILES,
                "covered": line.covered,
                "expected": line.expected,
                "zones": shares(line),
                **_in_both(line, fresh),
            }
            for line in loudest_first(fresh.lines)
        ],
        "ages": [[numbered(one.zone_id), *one.counts] for one in fresh.ages],
    }  # fmt: skip


def _in_both(line: SourceLine, fresh: Freshness) -> dict[str, str]:
    """Return the words of a line in each language."""
    told: dict[str, str] = {}
    for lang in LANGUAGES:
        period = line.period.in_words(lang) if line.period else ""
        due = say("now.due", lang, day=line.due_on) if line.due_on else ""
        beside = (where_in_words(line, fresh, lang), rhythm_in_words(line.asked, lang), period, due)
        latest = latest_in_words(line.latest, fresh, lang)
        told |= {
            f"source_{lang}": source_in_words(line.asked.source, lang),
            f"beside_{lang}": " · ".join(part for part in beside if part),
            f"latest_{lang}": say("fresh.latest", lang, day=latest),
            f"text_{lang}": standing_sentence(line, fresh, lang).text,
        }
    return told


def evidence_of(
    fresh: Freshness, contracts: Sequence[Mapping[str, Any]]
) -> dict[str, list[str | None]]:
    """Return when each contract was last seen, and by whom, as columns of the page's contracts."""
    names = ("contract_id", "seen_on", "seen_by")
    rows = zip(*(fresh.evidence.column(name).to_pylist() for name in names), strict=True)
    seen = {contract: (day.isoformat(), source) for contract, day, source in rows}
    pairs = [seen.get(row["contract_id"], (None, None)) for row in contracts]
    return {"seen_on": [day for day, _ in pairs], "seen_by": [source for _, source in pairs]}


def evidence_columns(contracts: Mapping[str, Sequence[Any]], order: Integers) -> list[Column]:
    """Pack when contracts were last seen; a page that was not told of it has no such columns."""
    if "seen_on" not in contracts:
        return []
    days, sources = (
        [contracts[name][row] for row in order.tolist()] for name in ("seen_on", "seen_by")
    )
    return [day_column("contract_seen_on", days), text_column("contract_seen_by", sources)]

"""The sums and facts of findings as columns: each told once for a contract, and which are whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from landwatch.language.catalogue import LANGUAGES
from landwatch.mapping.columns import (
    Column,
    day_column,
    naturals_column,
    number_column,
    text_column,
)
from landwatch.mapping.reasoning import FactUsed

if TYPE_CHECKING:
    from landwatch.mapping.arranging import Arranged


def reason_columns(findings: Mapping[str, Sequence[Any]], rows: Arranged) -> list[Column]:
    """Return the sums of each finding and the facts behind it."""
    if "facts_used" not in findings:
        return []
    sums, lines = _told_once("line", findings["sums"], findings, rows)
    facts, used = _told_once("fact", findings["facts_used"], findings, rows)
    return [
        *sums,
        *(
            text_column(f"line_{lang}", [line[place] for line in lines])
            for place, lang in enumerate(LANGUAGES)
        ),
        *facts,
        *_facts(used),
    ]


def _told_once(
    name: str, told: Sequence[Sequence[Any]], findings: Mapping[str, Sequence[Any]], rows: Arranged
) -> tuple[list[Column], list[Any]]:
    """Return what findings tell, each thing once for a contract, and which of it each tells."""
    known: dict[int, dict[Any, int]] = {}
    own: list[list[int]] = []
    for row in rows.findings.tolist():  # the findings of a contract stand together
        mine = known.setdefault(findings["contract"][row], {})
        own.append([mine.setdefault(one, len(mine)) for one in told[row]])
    packed = [
        naturals_column(f"finding_{name}s", [len(ones) for ones in own]),
        naturals_column(f"finding_{name}", list(chain.from_iterable(own))),
        naturals_column(
            f"contract_{name}s", [len(known.get(row, ())) for row in rows.contracts.tolist()]
        ),
    ]
    return packed, list(chain.from_iterable(known.values()))


def _facts(used: Sequence[FactUsed]) -> list[Column]:
    return [
        *(
            text_column(f"fact_{name}", [getattr(fact, name) for fact in used])
            for name in ("name", "value", "source", "file", "sheet")
        ),
        day_column("fact_on", [fact.on for fact in used]),
        number_column("fact_row", [fact.row for fact in used]),
    ]

"""Judgement over many rows: what no row shows alone.

A judge sees every accepted row as it streams by, keeps little of it, and speaks of a row at once or
when all were seen. It never changes what a row tells and never refuses it: it remarks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from landwatch.language.columns import Kind, columns_of
from landwatch.language.records import Record
from landwatch.ledger.background import Background
from landwatch.ledger.issues import IssueCode


@dataclass(frozen=True, slots=True)
class Judged:
    """What a judge says of a row (`row`, `sheet`) or, where `row` is None, of the whole file.

    `column` is ours; the reader finds the source's own header of it.
    """

    code: IssueCode
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)


class Judge(Protocol):
    """Judges the rows of one file in their order."""

    def see(self, record: Record) -> Iterable[Judged]:
        """Take a row in; return what can be said at once."""

    def conclude(self) -> Iterable[Judged]:
        """Return what only the whole file shows."""


def judges_for(kind: Kind, background: Background) -> list[Judge]:
    """Return the judges of a file of this kind; `background` is what the store already holds."""
    from landwatch.ledger.divisions import DivisionJudge
    from landwatch.ledger.far_bounds import BoundsJudge
    from landwatch.ledger.ground_judges import GrantedAreaJudge, OutlineJudge
    from landwatch.ledger.medians import PriceJudge
    from landwatch.ledger.near_duplicates import RepetitionJudge
    from landwatch.ledger.place_judge import PlaceJudge

    judges: list[Judge] = []
    if "adcode" in columns_of(kind):
        judges.append(DivisionJudge())
    if kind is Kind.CONTRACTS:
        judges += [BoundsJudge(), PriceJudge(background), RepetitionJudge(background)]
        judges.append(GrantedAreaJudge(background.ground))
    if kind is Kind.PARCELS:
        judges.append(OutlineJudge(background.ground))
    if kind in (Kind.PARCELS, Kind.ZONES):
        judges.append(PlaceJudge(background.ground))
    return judges

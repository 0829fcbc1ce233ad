"""What a report shows of a row: its cells, which of them offend, what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from landwatch.language.catalogue import say
from landwatch.language.columns import ColumnType, Kind, columns_of
from landwatch.ledger.cells import LONGEST, Cell, shown
from landwatch.ledger.headers import TWINS, HeaderUse
from landwatch.ledger.issues import Issue, IssueCode, Severity
from landwatch.ledger.report.paper import Tone, Written, clean, written
from landwatch.ledger.report.tags import RowTag, digests, facts_of, written_row
from landwatch.ledger.report.troubled import Troubled
from landwatch.ledger.synonyms import MORE_GEOMETRY
from landwatch.ledger.telling import SAYS_NOTHING

SIGNS = {Tone.REFUSED: "✗", Tone.REMARK: "△", Tone.PLAIN: "↔"}
_STATES = {
    Tone.REFUSED: "ledger.severity.refused",
    Tone.REMARK: "ledger.severity.remark",
    Tone.PLAIN: "ledger.report.beside",
}
_GEOMETRY_PARTS = 4
"""Cells that an outline may fill: some four thousand corners."""
_MOST_SAID = 12
_AREA = ("area_m2", "area_mu")
_TOGETHER: Mapping[IssueCode, tuple[str, ...]] = {
    IssueCode.FAR_CROSSED: ("agreed_far_min", "agreed_far_max"),
    IssueCode.PRICE_IMPLAUSIBLE: ("price_wan", *_AREA),
    IssueCode.PRICE_ABOVE_MEDIAN: ("price_wan", *_AREA),
    IssueCode.PRICE_BELOW_MEDIAN: ("price_wan", *_AREA),
    IssueCode.AREA_IMPLAUSIBLE: _AREA,
    IssueCode.AREAS_DISAGREE: tuple(TWINS) + tuple(TWINS.values()),
    IssueCode.AREAS_ROUNDED: tuple(TWINS) + tuple(TWINS.values()),
    IssueCode.NUMBER_TWICE: ("contract_id", "supervision_no", "contract_no", "division", "holder"),
    IssueCode.KEY_REPEATED: ("contract_id", "supervision_no", "contract_no", "parcel_id"),
}
"""Where two cells cannot both be right, nobody knows which is wrong: all are marked."""
_DATE = "ledger.date."


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the report shows it."""

    tag: str
    number: int
    tone: Tone
    words: str
    values: tuple[Written, ...]
    tones: Mapping[int, Tone]

    def state(self, lang: str) -> str:
        """Return what became of the row, with a sign that needs no colour."""
        return f"{SIGNS[self.tone]} {say(_STATES[self.tone], lang)}"


def columns_shown(kind: Kind, troubled: Sequence[Troubled]) -> tuple[HeaderUse, ...]:
    """Return the columns of a sheet as the report shows them: those of the source, and outlines."""
    layout = troubled[0].layout
    uses = list(layout.uses)
    named = {use.column for use in uses}
    drawn = layout.sheet.headers is not None or any(one.row.geometry for one in troubled)
    if drawn and "geometry" in columns_of(kind) and "geometry" not in named:
        name, at = layout.sheet.name, len(uses)
        uses.append(HeaderUse(name, at, "geometry", "geometry"))
        uses += [
            HeaderUse(name, at + part - 1, f"geometry_{part}", f"{MORE_GEOMETRY}{part}")
            for part in range(2, _GEOMETRY_PARTS + 1)
        ]
    return tuple(replace(use, position=at) for at, use in enumerate(uses))


class LineMaker:
    """Makes the lines of one sheet."""

    def __init__(self, kind: Kind, uses: Sequence[HeaderUse], lang: str, epsg: int | None) -> None:
        """Remember the columns; `epsg` is the system that a person named for drawn cells."""
        self._uses, self._lang, self._epsg = uses, lang, epsg
        numeric = (ColumnType.DECIMAL, ColumnType.INTEGER)
        columns = columns_of(kind)
        self._numbers = [
            use.column in columns and columns[use.column].holds in numeric for use in uses
        ]
        self._at: dict[str, int] = {}
        for use in uses:
            self._at.setdefault(use.header, use.position)
        self._of_column = {use.column: use.position for use in uses if use.column}
        self._drawn = self._of_column.get("geometry")

    def line(self, one: Troubled) -> Line:
        """Return a row as the report shows it."""
        left_out: list[int] = []
        values = self._values(one, left_out)
        count = len(self._uses)
        numeric = {at for at in range(count) if self._numbers[at]}
        whole, checks = digests(values[:count], numeric)
        record = None if one.refused else one.understood.record
        tag = RowTag(
            one.row.number,
            one.key,
            whole,
            checks,
            one.shared,
            one.again,
            one.rival,
            tuple(left_out),
            {} if record is None else facts_of(record),
        )
        tone = self._tone(one)
        return Line(
            written_row(tag), one.row.number, tone, self._words(one), tuple(values),
            self._tones(one.issues),
        )  # fmt: skip

    def _tone(self, one: Troubled) -> Tone:
        if one.refused:
            return Tone.REFUSED
        return Tone.REMARK if one.issues else Tone.PLAIN

    def _values(self, one: Troubled, left_out: list[int]) -> list[Written]:
        """Return the cells of a row, and note which of them did not fit."""
        cells = list(one.row.cells)
        told: list[Cell] = [cells[at] if at < len(cells) else None for at in range(len(self._uses))]
        extra = cells[len(self._uses) :]
        values = [written(cell, number=self._numbers[at]) for at, cell in enumerate(told)]
        left_out += [at for at, cell in enumerate(told) if len(shown(cell)) > LONGEST]
        if self._drawn is not None:
            self._draw(one, values, self._drawn, left_out)
        return [*values, *(written(cell, number=False) for cell in extra)]

    def _draw(self, one: Troubled, values: list[Written], at: int, left_out: list[int]) -> None:
        """Put the outline of a row into its cells, in degrees of CGCS2000."""
        area = _area_of(one)
        if area is not None:
            text = f"SRID=4490;{area.wkt}"
            room = sum(1 for use in self._uses if (use.column or "").startswith(MORE_GEOMETRY))
            parts = [text[begin : begin + LONGEST] for begin in range(0, len(text), LONGEST)]
            if len(parts) > room + 1:
                left_out.append(at)
                parts = []
            parts += [""] * (room + 1 - len(parts))
            places = [at, *(self._of_column[f"{MORE_GEOMETRY}{n}"] for n in range(2, room + 2))]
            for place, part in zip(places, parts, strict=True):
                values[place] = part or None
            return
        geometry = one.row.geometry
        if geometry is not None and geometry.trouble not in (None, *SAYS_NOTHING):
            values[at] = say("ledger.report.no_outline", self._lang)
        elif isinstance(values[at], str) and self._epsg and values[at][:5].upper() != "SRID=":  # type: ignore[index]
            values[at] = clean(f"SRID={self._epsg};{values[at]}")

    def _words(self, one: Troubled) -> str:
        """Return what is said of a row, each on a line of its own."""
        said = [
            f"{SIGNS[_tone_of(issue)]} {issue.in_words(self._lang)}"
            for issue in one.issues[:_MOST_SAID]
        ]
        if len(one.issues) > _MOST_SAID:
            said.append(say("ledger.report.more", self._lang, count=len(one.issues) - _MOST_SAID))
        if one.beside or not one.issues:
            rows = ", ".join(map(str, one.beside[:5])) or "—"
            key = "ledger.report.with_another" if one.issues else "ledger.report.same_key"
            words = say(key, self._lang, rows=rows, key=one.key or "")
            said.append(f"{SIGNS[Tone.PLAIN]} {words}")
        return clean("\n".join(said))

    def _tones(self, issues: Iterable[Issue]) -> dict[int, Tone]:
        """Return the columns whose cells offend; a refusal goes before a remark."""
        tones: dict[int, Tone] = {}
        for issue in issues:
            tone = _tone_of(issue)
            for at in self._places(issue):
                if tones.get(at) is not Tone.REFUSED:
                    tones[at] = tone
        return tones

    def _places(self, issue: Issue) -> Iterator[int]:
        if issue.column in self._at:
            yield self._at[issue.column]
        columns = [*_TOGETHER.get(issue.code, ())]
        columns += [
            value.removeprefix(_DATE)
            for value in issue.values.values()
            if isinstance(value, str) and value.startswith(_DATE)
        ]
        if issue.column == "geometry":
            columns.append("geometry")
        headers = issue.values.get("columns")
        if issue.code is IssueCode.SHIFTED_ROW and isinstance(headers, str):
            yield from (self._at[name] for name in headers.split("、") if name in self._at)
        yield from (self._of_column[name] for name in columns if name in self._of_column)


def _tone_of(issue: Issue) -> Tone:
    return Tone.REFUSED if issue.severity is Severity.REFUSED else Tone.REMARK


def _area_of(one: Troubled) -> Any:
    """Return the outline of a row as it was or would be kept; None where none could be read."""
    record = one.understood.record
    if record is not None and "geometry" in record.values:
        return record.values["geometry"]
    return None if one.row.geometry is None else one.row.geometry.area

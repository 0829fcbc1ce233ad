"""The workbook of a what-if: what is supposed and what it changes, by zone, by contract.

The charts are Excel's own, over the cells that stand above them; no sheet can be taken for a ledger
by the importer, and no text runs as a formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from landwatch.language.catalogue import say
from landwatch.language.reasons import reason_in_words
from landwatch.language.terms import Gravity
from landwatch.ledger.sheets import REPORT_MARK
from landwatch.mapping.style import COLOURS
from landwatch.reports.finding_sheet import figure, gravity_look
from landwatch.reports.sheets import (
    AREA,
    COUNT,
    HEADER,
    NOTE,
    TITLE,
    Layout,
    Look,
    Marked,
    Pen,
    Sheet,
    Styles,
    new_book,
)
from landwatch.scan.moves import Moved, Tally, WhatIf

_AREA, _COUNT = Look(AREA, right=True), Look(COUNT, right=True)
_SUBTITLE = Look(bold=True, size=12, boxed=False, wraps=False)
_CHANGED = (Gravity.BREACH, Gravity.COMPLIANT)
_ROW_CM, _CHART_CM = 1.1, 25.0


def write_whatif(path: Path, found: WhatIf, lang: str) -> None:
    """Write the workbook in `lang`, whole or not at all.

    Raises:
        LandwatchError: it cannot be written there, as when Excel holds it open.
    """
    with new_book(path) as book:
        styles = Styles()
        _summary(book.create_sheet(say("whatif.sheet.summary", lang)), styles, found, lang)
        _zones(book.create_sheet(say("whatif.sheet.zones", lang)), styles, found, lang)
        _contracts(book, styles, found, lang)


def _heading(found: WhatIf, lang: str) -> Iterator[Sequence[object]]:
    title = say("whatif.title", lang, policy=found.policy.title.in_words(lang))
    yield [Marked(f"{REPORT_MARK} {title}", TITLE)]
    for one in found.supposed:
        yield [Marked(one.in_words(lang), NOTE)]
    for line in _notes(found, lang):
        yield [Marked(line, NOTE)]


def _notes(found: WhatIf, lang: str) -> Iterator[str]:
    as_of = found.as_of.isoformat()
    yield say("whatif.head", lang, as_of=as_of, contracts=found.contracts)
    if found.zone_id is not None:
        yield say("whatif.only_zone", lang, zone=_zone(found, found.zone_id, lang))
    if not found.adopted:
        yield say("whatif.nowhere", lang, policy=found.policy.id)
    if not found.rules:
        yield say("whatif.no_rule", lang)
    elif not any(rule.moved for rule in found.rules):
        yield say("whatif.no_change", lang)
    if found.untouched:
        yield say("whatif.untouched", lang, rules=" ".join(found.untouched))
    yield say("whatif.advice", lang)


def _zone(found: WhatIf, zone_id: str | None, lang: str) -> str:
    if zone_id is None:
        return say("whatif.no_zone", lang)
    return found.zone_names.get(zone_id, zone_id)


def _columns(names: Sequence[str], lang: str) -> list[object]:
    return [Marked(say(f"whatif.column.{name}", lang), HEADER) for name in names]


def _summary(sheet: Any, styles: Styles, found: WhatIf, lang: str) -> None:
    pen = Pen(sheet, styles, [38.0, *([12.0] * (len(Gravity) + 1))])
    for line in _heading(found, lang):
        pen.write(line)
    _titled(pen, "whatif.table.rules", lang)
    pen.write(_columns(("rule", "before", "after", "count", "area_mu", "untold"), lang))
    for rule in found.rules:
        name = f"{rule.rule.code} {rule.rule.title.in_words(lang)}"
        for (before, after), tally in rule.by_change().items():
            pen.write([name, _coloured(before, lang), _coloured(after, lang), *_tallied(tally),
                       Marked(tally.untold, _COUNT)])  # fmt: skip
    _amounts(pen, found, lang)
    _titled(pen, "whatif.table.statuses", lang)
    _statuses(sheet, pen, found, lang)


def _amounts(pen: Pen, found: WhatIf, lang: str) -> None:
    asking = [rule for rule in found.rules if rule.amount_after_wan is not None]
    if not asking:
        return
    _titled(pen, "whatif.table.amounts", lang)
    pen.write(_columns(("rule", "amount_before", "amount_after"), lang))
    for rule in asking:
        amounts = (rule.amount_before_wan, rule.amount_after_wan)
        pen.write([rule.rule.code, *(Marked(amount, _AREA) for amount in amounts)])


def _titled(pen: Pen, key: str, lang: str) -> None:
    pen.write([])
    pen.write([Marked(say(key, lang), _SUBTITLE)])


def _coloured(gravity: Gravity, lang: str) -> Marked:
    return Marked(gravity.in_words(lang), gravity_look(gravity))


def _tallied(tally: Tally) -> tuple[Marked, Marked]:
    return Marked(tally.count, _COUNT), Marked(tally.area_mu, _AREA)


def _statuses(sheet: Any, pen: Pen, found: WhatIf, lang: str) -> None:
    """Write the outcomes of each rule before and after, and one bar for each line below them."""
    first = Marked(say("whatif.column.rule", lang), HEADER)
    pen.write([first, *(_coloured(gravity, lang) for gravity in Gravity)])
    top = pen.row
    for rule in found.rules:
        for when, counts in (("before", rule.before), ("after", rule.after)):
            name = f"{rule.rule.code} {say(f'whatif.when.{when}', lang)}"
            pen.write([name, *(Marked(counts[gravity], _COUNT) for gravity in Gravity)])
    if pen.row > top:
        spoken_of = [COLOURS[gravity] for gravity in Gravity][:-1]  # not those it does not concern
        chart = _bars(sheet, (top, pen.row), spoken_of, stacked=True)
        chart.title = say("whatif.table.statuses", lang)
        _place(sheet, chart, pen)


def _place(sheet: Any, chart: Any, pen: Pen) -> None:
    """Put a chart below what was written, on a page of its own on paper."""
    from openpyxl.worksheet.pagebreak import Break

    pen.write([])
    sheet.row_breaks.append(Break(id=pen.row))
    sheet.add_chart(chart, f"A{pen.row + 2}")


def _bars(sheet: Any, rows: tuple[int, int], colours: Sequence[str], *, stacked: bool) -> Any:
    """Return lying bars over a table: names in its first column, a series in each that follows."""
    from openpyxl.chart import BarChart, Reference

    top, bottom = rows
    chart: Any = BarChart()
    chart.type = "bar"
    chart.gapWidth = 40
    if stacked:
        chart.grouping, chart.overlap = "stacked", 100
    last = 1 + len(colours)
    told = Reference(sheet, min_col=2, max_col=last, min_row=top, max_row=bottom)
    chart.add_data(told, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=top + 1, max_row=bottom))
    for one, colour in zip(chart.series, colours, strict=True):
        one.graphicalProperties.solidFill = colour.removeprefix("#").upper()
    chart.y_axis.numFmt, chart.y_axis.majorGridlines = "0", None
    chart.x_axis.scaling.orientation = "maxMin"  # the first line of the table on top
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.crosses = "max"
    chart.legend.position = "b"
    chart.width = _CHART_CM
    chart.height = min(6.0 + _ROW_CM * (bottom - top) * (1 if stacked else 1.4), 40.0)
    return chart


def _zones(sheet: Any, styles: Styles, found: WhatIf, lang: str) -> None:
    pen = Pen(sheet, styles, [38.0, *([14.0] * 6)])
    for line in _heading(found, lang):
        pen.write(line)
    _titled(pen, "whatif.table.zones", lang)
    names = ("zone", "newly", "no_longer", "moved", "area_mu", "newly_mu", "no_longer_mu")
    pen.write(_columns(names, lang))
    top = pen.row
    for zone in found.by_zone():
        counts = (zone.newly_breach.count, zone.no_longer_breach.count, zone.moved.count)
        areas = (zone.moved, zone.newly_breach, zone.no_longer_breach)
        pen.write(
            [
                _zone(found, zone.zone_id, lang),
                *(Marked(count, _COUNT) for count in counts),
                *(Marked(tally.area_mu, _AREA) for tally in areas),
            ]
        )
    if pen.row > top:
        colours = [COLOURS[gravity] for gravity in _CHANGED]
        chart = _bars(sheet, (top, pen.row), colours, stacked=False)
        chart.title = say("whatif.table.zones", lang)
        _place(sheet, chart, pen)


_CONTRACT_COLUMNS: Layout = (
    ("contract", 13), ("holder", 16), ("zone", 12), ("rule", 15), ("before", 8), ("after", 8),
    ("measured", 9), ("threshold_before", 9), ("threshold_after", 9), ("area_mu", 9), ("cure", 40),
    ("unit", 8), ("amount_before", 11), ("amount_after", 11), ("limit_before", 12),
    ("limit_after", 12), ("reason", 22), ("project", 18),
)  # fmt: skip
_PRINTED = 11
"""Columns on paper: up to the cure."""


def _contracts(book: Any, styles: Styles, found: WhatIf, lang: str) -> None:
    title = say("whatif.sheet.contracts", lang)
    above = [f"{REPORT_MARK} {title}", *(one.in_words(lang) for one in found.supposed)]
    above += [say("whatif.table.contracts", lang), say("whatif.advice", lang)]
    layout = [(say(f"whatif.column.{name}", lang), width) for name, width in _CONTRACT_COLUMNS]
    sheet = Sheet(book, styles, title, layout, above, printed=_PRINTED)
    units = {rule.rule.code: rule.rule.unit for rule in found.rules}
    for one in found.moved():
        unit = units[one.rule]
        text = "" if unit is None or unit.text == "1" else unit.text
        sheet.add(_contract(one, found, text, lang))
    sheet.close()


def _contract(one: Moved, found: WhatIf, unit: str, lang: str) -> list[object]:
    of, before, after = one.subject, one.before, one.after
    return [
        of.contract_id or say("whatif.park", lang),
        of.holder,
        _zone(found, of.zone_id, lang),
        one.rule,
        _coloured(before.gravity, lang),
        _coloured(after.gravity, lang),
        figure(after.measured, after.threshold),
        figure(before.threshold),
        figure(after.threshold, after.measured),
        Marked(of.area_mu, _AREA),
        "\n".join(cure.short(lang) for cure in one.cures),
        unit,
        _money(before.amount_wan),
        _money(after.amount_wan),
        before.limit_on,
        after.limit_on,
        reason_in_words(after.reason, lang, found.policy.called(lang)) if after.reason else None,
        of.project,
    ]


def _money(amount: Decimal | None) -> Marked:
    return Marked(amount, _AREA)

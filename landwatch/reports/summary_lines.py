"""Lines of the summary: titles, headers, counts by gravity, and the tables of rules about parks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from landwatch.language.catalogue import say
from landwatch.language.terms import Gravity
from landwatch.lawbook.policy import About
from landwatch.reports.contents import Contracts, ReportData, RuleLine
from landwatch.reports.finding_sheet import gravity_look
from landwatch.reports.sheets import AREA, COUNT, HEADER, NOTE, Look, Marked

_AREA, _COUNT = Look(AREA, right=True), Look(COUNT, right=True)
_SUBTITLE = Look(bold=True, size=12, boxed=False, wraps=False)
_TOTAL, _TOTAL_COUNT = Look(bold=True), Look(COUNT, right=True, bold=True)
_TOTAL_AREA = Look(AREA, right=True, bold=True)

SAYING = frozenset(Gravity) - {Gravity.NOT_APPLICABLE}


def title_lines(key: str, lang: str) -> Iterator[Sequence[object]]:
    """Yield a blank line and the title of a table."""
    yield []
    yield [Marked(say(key, lang), _SUBTITLE)]


def header_line(first: str, lang: str, last: str | None = None) -> list[object]:
    """Return the header of a table: the gravities, the total, what comes after."""
    cells: list[object] = [Marked(say(first, lang), HEADER)]
    cells += [Marked(gravity.in_words(lang), gravity_look(gravity)) for gravity in Gravity]
    cells.append(Marked(say("report.column.total", lang), HEADER))
    return [*cells, Marked(say(last, lang), HEADER)] if last else cells


def count_line(name: str, numbers: Sequence[object], *more: object, total: bool) -> list[object]:
    """Return a line of counts (whole numbers) or areas, its total and what stands after it."""
    looks = (_TOTAL_COUNT, _TOTAL_AREA) if total else (_COUNT, _AREA)
    cells: list[object] = [Marked(name, _TOTAL if total else Look())]
    for number in (*numbers, *more):
        area = isinstance(number, Decimal)
        cells.append(number if isinstance(number, Marked) else Marked(number, looks[area]))
    return cells


def in_order(zones: Iterable[str], contracts: Contracts) -> list[str]:
    """Return zones by name, the contracts of no park last."""
    return sorted(zones, key=lambda zone: (not zone, contracts.zone(zone), zone))


def park_name(zone_id: str, contracts: Contracts) -> str:
    """Return the name of a park, or that the contracts lie in none."""
    return contracts.zone(zone_id) or say("report.no_zone", contracts.lang)


def rules_about(report: ReportData, about: About) -> list[RuleLine]:
    """Return the rules of the report that speak of contracts, or of parks."""
    return [rule for rule in report.rules if rule.about is about]


def of_rule(report: ReportData, rule: str, within: str | None = None) -> list[int]:
    """Return how many contracts or parks, of one zone or of all, have each outcome."""
    found = dict.fromkeys([str(gravity) for gravity in Gravity], 0)
    for (zone, code, gravity), count in report.outcomes.items():
        if code == rule and within in (None, zone or ""):
            found[str(gravity)] += count
    return list(found.values())


def rule_of_parks_lines(report: ReportData, contracts: Contracts) -> Iterator[Sequence[object]]:
    """Yield the lines of the rules about parks: how many parks have each outcome."""
    rules = rules_about(report, About.PARK)
    if not rules:
        return
    lang = contracts.lang
    yield from title_lines("report.table.rules_of_parks", lang)
    yield [Marked(say("report.note.rules_of_parks", lang), NOTE)]
    yield header_line("report.column.rule", lang)
    for rule in rules:
        counts = of_rule(report, rule.code)
        yield count_line(contracts.rule(rule.code), counts, sum(counts), total=False)


def park_lines(report: ReportData, contracts: Contracts) -> Iterator[Sequence[object]]:
    """Yield the lines of the parks that such a rule speaks of: how many of the rules say what."""
    rules = {rule.code for rule in rules_about(report, About.PARK)}
    spoken = {
        zone
        for zone, code, gravity in report.outcomes
        if zone and code in rules and gravity in SAYING
    }
    if not spoken:
        return
    lang = contracts.lang
    yield from title_lines("report.table.parks", lang)
    yield header_line("report.column.zone", lang)
    for zone_id in in_order(spoken, contracts):
        found = dict.fromkeys([str(gravity) for gravity in Gravity], 0)
        for (zone, code, gravity), count in report.outcomes.items():
            if zone == zone_id and code in rules:
                found[str(gravity)] += count
        counts = list(found.values())
        yield count_line(park_name(zone_id, contracts), counts, sum(counts), total=False)

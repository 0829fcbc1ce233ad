"""The first sheet: what was judged when and by what, and the counts by park and by rule.

A contract counts once in a park, by the gravest of its outcomes; in the line of a rule each
contract has exactly one outcome. So every line adds up to its total. Rules about parks stand
apart: each counts parks, and no contract is counted with a park.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from landwatch.language.catalogue import say
from landwatch.language.terms import Authority, Gravity
from landwatch.lawbook.policy import About
from landwatch.ledger.sheets import REPORT_MARK
from landwatch.reports.contents import Contracts, PolicyLine, ReportData
from landwatch.reports.finding_sheet import gravity_look
from landwatch.reports.freshness_lines import freshness_lines, late_note
from landwatch.reports.sheets import AREA, NOTE, TITLE, Look, Marked, Pen, Styles
from landwatch.reports.summary_lines import (
    SAYING,
    count_line,
    header_line,
    in_order,
    of_rule,
    park_lines,
    park_name,
    rule_of_parks_lines,
    rules_about,
    title_lines,
)

_AREA = Look(AREA, right=True)
_MEANINGS = {
    Gravity.BREACH: "report.means.breach",
    Gravity.TO_VERIFY: "report.means.to_verify",
    Gravity.DUE_SOON: "report.means.due_soon",
    Gravity.EXEMPT: "report.means.exempt",
    Gravity.UNKNOWN: "report.means.unknown",
    Gravity.NOT_DUE: "report.means.not_due",
    Gravity.COMPLIANT: "report.means.compliant",
    Gravity.NOT_APPLICABLE: "report.means.not_applicable",
}


class Amounts:
    """The sums of money that the breaches of each rule come to; never added over rules."""

    def __init__(self) -> None:
        """Begin with none."""
        self.wan: dict[str, Decimal] = {}

    def take(self, row: Mapping[str, Any]) -> None:
        """Add the amount of a finding to its rule."""
        if row["amount_wan"] is not None:
            rule = row["rule"]
            self.wan[rule] = self.wan.get(rule, Decimal(0)) + Decimal(str(row["amount_wan"]))


def write_summary(
    sheet: Any, styles: Styles, report: ReportData, contracts: Contracts, amounts: Amounts
) -> None:
    """Fill the sheet, which was made before and is empty."""
    lang = contracts.lang
    sheet.title = say("report.sheet.summary", lang)
    pen = Pen(sheet, styles, [52.0, *([10.5] * len(Gravity)), 11.0, 14.0])
    parks = by_park(report.contracts)
    lines: list[Iterable[Sequence[object]]] = [
        _heading(report, lang),
        _park_counts(parks, contracts),
        _park_areas(parks, contracts),
        _rules(report, contracts, amounts),
        rule_of_parks_lines(report, contracts),
        park_lines(report, contracts),
        freshness_lines(report, lang),
        _policies(report, contracts),
        _meanings(lang),
        _parks_and_rules(report, contracts),
    ]
    for part in lines:
        for line in part:
            pen.write(line)


class Park:
    """The contracts of a park by gravity: how many, and how large."""

    def __init__(self) -> None:
        """Begin without any."""
        self.counts: dict[str, int] = {}
        self.areas: dict[str, Decimal] = {}
        self.untold = 0

    def take(self, gravity: str, area_mu: Decimal | None) -> None:
        """Count a contract once."""
        self.counts[gravity] = self.counts.get(gravity, 0) + 1
        if area_mu is None:
            self.untold += 1
        else:
            self.areas[gravity] = self.areas.get(gravity, Decimal(0)) + Decimal(str(area_mu))


def by_park(contracts: Iterable[Mapping[str, Any]]) -> dict[str, Park]:
    """Return the contracts of each park, counted; those of no park under the empty id."""
    parks: dict[str, Park] = {}
    for row in contracts:
        park = parks.setdefault(row["zone_id"] or "", Park())
        park.take(str(row["gravity"]), row["area_mu"])
    return parks


def _heading(report: ReportData, lang: str) -> Iterator[Sequence[object]]:
    yield [Marked(f"{REPORT_MARK} {report.title}", TITLE)]
    made = in_the_office(report.made_at)
    told = {"day": report.as_of, "scan": report.scan_id or "-", "made": made}
    yield [Marked(say("report.when", lang, **told), NOTE)]
    yield [Marked(say("report.note.suspected", lang), NOTE)]
    yield [Marked(say("report.note.once", lang), NOTE)]
    yield from late_note(report, lang)


def in_the_office(moment: datetime) -> str:
    """Return a moment by the clock of this machine, with its distance from UTC."""
    local = moment.astimezone()
    return f"{local:%Y-%m-%d %H:%M} (UTC{local.isoformat()[-6:]})"


def _park_counts(parks: Mapping[str, Park], contracts: Contracts) -> Iterator[Sequence[object]]:
    lang = contracts.lang
    yield from title_lines("report.table.park_counts", lang)
    yield header_line("report.column.zone", lang, "report.column.untold")
    for zone_id in in_order(parks, contracts):
        park = parks[zone_id]
        counts = [park.counts.get(gravity, 0) for gravity in Gravity]
        yield count_line(
            park_name(zone_id, contracts), counts, sum(counts), park.untold, total=False
        )
    sums = _sums(parks.values(), lambda park: park.counts)
    untold = sum(park.untold for park in parks.values())
    yield count_line(say("report.total", lang), sums, sum(sums), untold, total=True)


def _park_areas(parks: Mapping[str, Park], contracts: Contracts) -> Iterator[Sequence[object]]:
    lang = contracts.lang
    yield from title_lines("report.table.park_areas", lang)
    yield header_line("report.column.zone", lang)
    for zone_id in in_order(parks, contracts):
        areas = [parks[zone_id].areas.get(gravity, Decimal(0)) for gravity in Gravity]
        yield count_line(park_name(zone_id, contracts), areas, sum(areas), total=False)
    sums = _sums(parks.values(), lambda park: park.areas)
    yield count_line(say("report.total", lang), sums, sum(sums), total=True)


def _sums(parks: Iterable[Park], of: Callable[[Park], Mapping[str, Any]]) -> list[Any]:
    held = list(parks)
    return [sum(of(park).get(gravity, 0) for park in held) for gravity in Gravity]


def _rules(
    report: ReportData, contracts: Contracts, amounts: Amounts
) -> Iterator[Sequence[object]]:
    lang = contracts.lang
    yield from title_lines("report.table.rules", lang)
    yield [Marked(say("report.note.amounts", lang), NOTE)]
    yield header_line("report.column.rule", lang, "report.column.amount_wan")
    for rule in rules_about(report, About.CONTRACT):
        counts = of_rule(report, rule.code)
        amount = Marked(amounts.wan.get(rule.code), _AREA)
        yield count_line(contracts.rule(rule.code), counts, sum(counts), amount, total=False)


def _parks_and_rules(report: ReportData, contracts: Contracts) -> Iterator[Sequence[object]]:
    """Yield the lines of each park's rules that say something of its contracts."""
    lang = contracts.lang
    judged = rules_about(report, About.CONTRACT)
    codes = {rule.code for rule in judged}
    zones = {
        zone or "" for zone, code, gravity in report.outcomes if gravity in SAYING and code in codes
    }
    if len(zones) < 2:  # the table would repeat the one above
        return
    yield from title_lines("report.table.parks_and_rules", lang)
    yield header_line("report.column.zone_and_rule", lang)
    for zone_id in in_order(zones, contracts):
        for rule in judged:
            counts = of_rule(report, rule.code, zone_id)
            if sum(counts) == counts[Gravity.NOT_APPLICABLE.rank]:
                continue
            name = f"{park_name(zone_id, contracts)} · {contracts.rule(rule.code)}"
            yield count_line(name, counts, sum(counts), total=False)


def _policies(report: ReportData, contracts: Contracts) -> Iterator[Sequence[object]]:
    lang = contracts.lang
    yield from title_lines("report.table.policies", lang)
    for policy in report.policies:
        yield [Marked(_policy(policy, contracts), NOTE)]


def _policy(policy: PolicyLine, contracts: Contracts) -> str:
    lang = contracts.lang
    known = set(Authority)
    force = policy.authority
    scopes = (scope.in_words(lang, contracts.zone) for scope in policy.adopted_for)
    zones = say("report.comma", lang).join(scopes)
    return say(
        "report.policy",
        lang,
        title=policy.title.in_words(lang),
        id=policy.id,
        authority=Authority(force).in_words(lang) if force in known else force,
        version=policy.version[:12],
        zones=zones or say("report.everywhere", lang),
    )


def _meanings(lang: str) -> Iterator[Sequence[object]]:
    yield from title_lines("report.table.meanings", lang)
    for gravity, key in _MEANINGS.items():
        yield [Marked(gravity.in_words(lang), gravity_look(gravity)), Marked(say(key, lang), NOTE)]

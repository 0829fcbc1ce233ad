"""What is shown of a what-if: who would change, by rule, by zone, as bars, by contract."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.bar import Bar
from rich.markup import escape
from rich.table import Table

from landwatch.language.terms import Gravity
from landwatch.reports.plain import as_json, number
from landwatch.screen.console import COLOURS, err, out, phrase

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from landwatch.scan.moves import Moved, RuleMoves, Standing, Tally, WhatIf

LISTED = 20
"""Contracts that a terminal lists; more belong in a workbook."""
_BAR_WIDTH = 40
_COUNTED = ("count", "area_mu")


def what_if(found: WhatIf, lang: str, *, as_json: bool) -> None:
    """Show a what-if as tables and bars, or all of it for a machine."""
    if as_json:
        _print_json(found)
        return
    _head(found, lang)
    moved = found.moved()
    if not found.rules:
        out().print(phrase("whatif.no_rule", lang))
    elif not moved:
        out().print(phrase("whatif.no_change", lang))
    else:
        out().print(_rules(found, lang))
        if any(rule.amount_after_wan is not None for rule in found.rules):
            out().print(_amounts(found, lang))
        zones = _zones(found, lang)
        if zones.row_count:
            out().print(zones)
        out().print(_bars(found, lang))
        out().print(_contracts(found, moved[:LISTED], lang))
        if len(moved) > LISTED:
            out().print(phrase("whatif.more", lang, count=len(moved) - LISTED))
        out().print(phrase("whatif.advice", lang))
    if found.untouched and found.rules:
        err().print(phrase("whatif.untouched", lang, rules=" ".join(found.untouched)))


def what_if_written(path: Path, lang: str) -> None:
    """Say where the workbook of a what-if is."""
    err().print(phrase("whatif.written", lang, file=path))


def _head(found: WhatIf, lang: str) -> None:
    console = out()
    title = phrase("whatif.title", lang, policy=found.policy.title.in_words(lang))
    console.print(f"[bold]{title}[/]")
    for one in found.supposed:
        console.print("  " + escape(one.in_words(lang)), soft_wrap=True)
    as_of = found.as_of.isoformat()
    console.print(phrase("whatif.head", lang, as_of=as_of, contracts=found.contracts))
    if found.zone_id is not None:
        name = found.zone_names.get(found.zone_id, found.zone_id)
        console.print(phrase("whatif.only_zone", lang, zone=name))
    if not found.adopted:
        console.print(phrase("whatif.nowhere", lang, policy=found.policy.id))


def _table(title: str, lang: str, left: tuple[str, ...], right: tuple[str, ...]) -> Table:
    table = Table(header_style="bold", title=phrase(title, lang), title_justify="left")
    for name in left:
        table.add_column(phrase(f"whatif.column.{name}", lang), overflow="fold")
    for name in right:
        table.add_column(phrase(f"whatif.column.{name}", lang), justify="right")
    return table


def _coloured(gravity: Gravity, lang: str) -> str:
    return f"[{COLOURS[gravity]}]{gravity.in_words(lang)}[/]"


def _rules(found: WhatIf, lang: str) -> Table:
    left = ("rule", "before", "after")
    table = _table("whatif.table.rules", lang, left, (*_COUNTED, "untold"))
    for rule in found.rules:
        name = f"{rule.rule.code} {escape(rule.rule.title.in_words(lang))}"
        for (before, after), tally in rule.by_change().items():
            table.add_row(
                name,
                _coloured(before, lang),
                _coloured(after, lang),
                *_tallied(tally),
                str(tally.untold or ""),
            )
            name = ""
    return table


def _tallied(tally: Tally) -> tuple[str, str]:
    return str(tally.count), _shown(tally.area_mu)


def _shown(value: Decimal | None) -> str:
    return "" if value is None else f"{Decimal(number(value)):,f}"


def _amounts(found: WhatIf, lang: str) -> Table:
    table = _table("whatif.table.amounts", lang, ("rule",), ("before", "after"))
    for rule in found.rules:
        if rule.amount_after_wan is not None:
            amounts = (_shown(rule.amount_before_wan), _shown(rule.amount_after_wan))
            table.add_row(rule.rule.code, *amounts)
    return table


def _zones(found: WhatIf, lang: str) -> Table:
    right = ("moved", "area_mu", "newly", "newly_mu", "no_longer", "no_longer_mu")
    table = _table("whatif.table.zones", lang, ("zone",), right)
    for zone in found.by_zone():
        name = phrase("whatif.no_zone", lang)
        if zone.zone_id is not None:
            name = escape(found.zone_names.get(zone.zone_id, zone.zone_id))
        tallies = (zone.moved, zone.newly_breach, zone.no_longer_breach)
        table.add_row(name, *(cell for tally in tallies for cell in _tallied(tally)))
    return table


def _bars(found: WhatIf, lang: str) -> Table:
    """Return the outcomes of each rule that moves anybody, before and after, as bars."""
    table = _table("whatif.table.statuses", lang, ("rule", "status"), ("count",))
    table.add_column("", width=_BAR_WIDTH)
    for rule in found.rules:
        if not rule.moved:
            continue
        most = max(*rule.before.values(), *rule.after.values(), 1)
        name = rule.rule.code
        for gravity in Gravity:
            counts = (rule.before[gravity], rule.after[gravity])
            if counts[0] == counts[1]:
                continue
            for when, count in zip(("before", "after"), counts, strict=True):
                label = f"{_coloured(gravity, lang)} {phrase(f'whatif.when.{when}', lang)}"
                colour = COLOURS[gravity].replace("bold ", "").replace("dim", "white")
                bar = Bar(most, 0, count, width=_BAR_WIDTH, color=colour)
                table.add_row(name, label, str(count), bar)
                name = ""
    return table


def _contracts(found: WhatIf, moved: list[Moved], lang: str) -> Table:
    left = ("contract", "holder", "zone", "rule", "before", "after")
    right = ("measured", "threshold_before", "threshold_after", "area_mu", "amount_after")
    table = _table("whatif.table.contracts", lang, left, right)
    table.add_column(phrase("whatif.column.cure", lang), overflow="fold")
    for one in moved:
        of = one.subject
        zone = found.zone_names.get(of.zone_id or "", of.zone_id or "")
        table.add_row(
            escape(of.contract_id or phrase("whatif.park", lang)),
            escape(of.holder or ""),
            escape(zone),
            one.rule,
            _coloured(one.before.gravity, lang),
            _coloured(one.after.gravity, lang),
            *(_shown(value) for value in _figures(one)),
            escape(one.cures[0].short(lang)) if one.cures else "",
        )
    return table


def _figures(one: Moved) -> Iterator[Decimal | None]:
    yield one.after.measured
    yield one.before.threshold
    yield one.after.threshold
    yield one.subject.area_mu
    yield one.after.amount_wan


def _print_json(found: WhatIf) -> None:
    out().print_json(as_json(_plain(found)))


def _plain(found: WhatIf) -> dict[str, Any]:
    return {
        "policy": found.policy.id,
        "policy_version": found.policy.version,
        "as_of": found.as_of,
        "adopted": found.adopted,
        "zone_id": found.zone_id,
        "supposed": [
            {
                "name": one.name,
                "unit": one.unit.text,
                "before": _fraction(one.before),
                "after": _fraction(one.after),
            }
            for one in found.supposed
        ],
        "contracts": found.contracts,
        "rules": [_plain_rule(rule) for rule in found.rules],
        "zones": [
            {
                "zone_id": zone.zone_id,
                "changed": _plain_tally(zone.moved),
                "newly_breach": _plain_tally(zone.newly_breach),
                "no_longer_breach": _plain_tally(zone.no_longer_breach),
            }
            for zone in found.by_zone()
        ],
        "untouched": list(found.untouched),
        "changed": [_plain_moved(one) for one in found.moved()],
    }


def _fraction(value: Fraction | None) -> str | None:
    from landwatch.scan.supposing import written

    return None if value is None else written(value)


def _plain_rule(rule: RuleMoves) -> dict[str, Any]:
    return {
        "rule": rule.rule.code,
        "before": {str(name): count for name, count in rule.before.items() if count},
        "after": {str(name): count for name, count in rule.after.items() if count},
        "amount_before_wan": rule.amount_before_wan,
        "amount_after_wan": rule.amount_after_wan,
        "changes": [
            {"from": str(before), "to": str(after), **_plain_tally(tally)}
            for (before, after), tally in rule.by_change().items()
        ],
    }


def _plain_tally(tally: Tally) -> dict[str, Any]:
    return {"count": tally.count, "area_mu": tally.area_mu, "area_untold": tally.untold}


def _plain_moved(one: Moved) -> dict[str, Any]:
    return {
        "contract_id": one.subject.contract_id,
        "zone_id": one.subject.zone_id,
        "rule": one.rule,
        "area_mu": one.subject.area_mu,
        "before": _plain_standing(one.before),
        "after": _plain_standing(one.after),
        "cures": [cure.as_plain() for cure in one.cures],
    }


def _plain_standing(standing: Standing) -> dict[str, Any]:
    return {
        "status": str(standing.status),
        "to_verify": standing.gravity is Gravity.TO_VERIFY,
        "reason": standing.reason,
        "measured": standing.measured,
        "threshold": standing.threshold,
        "limit_on": standing.limit_on,
        "amount_wan": standing.amount_wan,
    }

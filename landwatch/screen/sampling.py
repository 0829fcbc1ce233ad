"""What is shown of a random sample: what was drawn, what is open, how often outcomes are wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from landwatch.language.catalogue import listed
from landwatch.language.terms import AuditCause, AuditClass, AuditVerdict, Status
from landwatch.screen.console import COLOURS, err, harmless, moment_words, out, phrase, print_json

if TYPE_CHECKING:
    from landwatch.commands import SampleSeen
    from landwatch.scan.audit import Audit
    from landwatch.scan.error_rates import ErrorRate
    from landwatch.store.samples import Sample, SampleItem

LISTED = 40
"""Items and troubles that a terminal lists; the sheet has all."""


def sample_drawn(seen: SampleSeen, path: Path, lang: str, *, as_json: bool) -> None:
    """Say what was drawn, and what it can show at best."""
    if as_json:
        print_json({"file": str(path), **_sample_json(seen)})
        return
    one, rules = seen.sample, seen.audit.rules
    told = {"sample": one.sample_id, "scan": one.scan_id, "items": one.items, "seed": one.seed}
    size = seen.audit.all.size
    err().print(phrase("audit.said.drawn", lang, **told, of=size, file=path), soft_wrap=True)
    table = Table(header_style="bold")
    table.add_column(phrase("audit.column.rule", lang), no_wrap=True)
    for of in AuditClass:
        table.add_column(of.in_words(lang), justify="right", overflow="fold")
    for rule in rules:
        cells = (rule.by_class.get(of) for of in AuditClass)
        shown = (f"{rate.drawn}/{rate.size}" if rate else "·" for rate in cells)
        table.add_row(escape(rule.rule), *shown)
    table.caption = phrase("audit.said.drawn_of", lang)
    out().print(table)
    err().print(phrase("audit.said.at_best", lang, **_at_best(seen.audit)), soft_wrap=True)
    err().print(phrase("audit.said.next", lang, file=path), soft_wrap=True)


def _at_best(audit: Audit) -> dict[str, str]:
    """Return what the sample can show if every drawn outcome turns out to be right."""
    from landwatch.scan.error_rates import Stratum, rate_of

    def best(rates: Iterable[ErrorRate]) -> float:
        return rate_of([Stratum(one.size, one.drawn, right=one.drawn) for one in rates]).at_most

    every = [rate for rule in audit.rules for rate in rule.by_class.values()]
    worst = max(audit.rules, key=lambda rule: best(rule.by_class.values()))
    return {
        "whole": percent(best(every), up=True),
        "rule": worst.rule,
        "count": str(worst.all.drawn),
        "most": percent(best(worst.by_class.values()), up=True),
    }


def sample_written(path: Path, lang: str) -> None:
    """Say where the sheet is."""
    err().print(phrase("audit.said.written", lang, file=path), soft_wrap=True)


def samples_listed(found: Sequence[Sample], lang: str, *, as_json: bool) -> None:
    """List the samples."""
    if as_json:
        print_json([_one_json(one) for one in found])
        return
    if not found:
        out().print(phrase("audit.said.none", lang), soft_wrap=True)
        return
    table = Table(header_style="bold")
    for key in ("sample", "scan", "items", "judged", "seed", "when", "who"):
        table.add_column(phrase(f"audit.head.{key}", lang), overflow="fold")
    for one in found:
        table.add_row(
            str(one.sample_id), str(one.scan_id), str(one.items), str(one.judged), str(one.seed),
            moment_words(one.recorded_at), escape(harmless(one.recorded_by)),
        )  # fmt: skip
    out().print(table)


def sample_shown(seen: SampleSeen, lang: str, *, as_json: bool) -> None:
    """Show the error rates that a sample gives, and what is open or was found wrong."""
    if as_json:
        print_json(_sample_json(seen))
        return
    console, one = out(), seen.sample
    told = {"sample": one.sample_id, "scan": one.scan_id, "items": one.items, "seed": one.seed}
    when, who = moment_words(one.recorded_at), one.recorded_by
    said = phrase("audit.said.heading", lang, **told, judged=one.judged, when=when, who=who)
    console.print(said, soft_wrap=True)
    if one.judged:
        console.print(rates_table(seen.audit, lang))
        console.print(phrase("audit.said.bounds", lang), soft_wrap=True)
    if seen.audit.causes:
        causes = listed((_cause(code, count, lang) for code, count in seen.audit.causes.items()),
                        lang)  # fmt: skip
        console.print(phrase("audit.said.causes", lang, causes=causes), soft_wrap=True)
    wrong = [item for item in seen.items if _verdict(item) == AuditVerdict.WRONG]
    if wrong:
        console.print(_wrong_table(wrong, lang))
    waiting = [str(item.item_id) for item in seen.items if item.stands is None]
    if waiting:
        some = listed(waiting[:LISTED], lang) + (" …" if len(waiting) > LISTED else "")
        console.print(
            phrase("audit.said.open", lang, count=len(waiting), items=some), soft_wrap=True
        )


def rates_table(audit: Audit, lang: str, *, all_classes: bool = True) -> Table:
    """Return a line for the whole scan, for accusations and passes, and for each rule."""
    table = Table(header_style="bold")
    table.add_column(phrase("audit.head.outcomes", lang), overflow="fold")
    for key in ("checked", "wrong", "cannot_say", "estimate", "at_most"):
        table.add_column(phrase(f"audit.head.{key}", lang), justify="right", overflow="fold")
    table.add_row(f"[bold]{phrase('audit.head.whole', lang)}[/]", *rate_cells(audit.all))
    for of, rate in audit.by_class.items():
        if all_classes or of in (AuditClass.ACCUSED, AuditClass.QUIET):
            table.add_row(f"  {of.in_words(lang)}", *rate_cells(rate))
    for rule in audit.rules:
        if rule.all.checked:
            table.add_row(escape(rule.rule), *rate_cells(rule.all))
    return table


def rate_cells(rate: ErrorRate) -> list[str]:
    """Return how many were checked of those drawn, were wrong, and what that says."""
    wrong = f"[bold red]{rate.wrong}[/]" if rate.wrong else "0"
    guessed = "–" if rate.estimate is None else percent(rate.estimate)
    checked = f"{rate.checked}/{rate.drawn}"
    unsure = f"[yellow]{rate.cannot_say}[/]" if rate.cannot_say else "0"
    return [checked, wrong, unsure, guessed, f"≤ {percent(rate.at_most, up=True)}"]


def percent(share: float, *, up: bool = False) -> str:
    """Return a share as a percentage; a bound is rounded up, never to less than it is.

    >>> percent(0.04869), percent(0.04869, up=True), percent(0.0), percent(1.0)
    ('4.9 %', '4.9 %', '0.0 %', '100.0 %')
    >>> percent(0.04821, up=True)
    '4.9 %'
    """
    import math

    shown = math.ceil(share * 1000 - 1e-9) / 10 if up else share * 100
    return f"{shown:.1f} %"


def _cause(code: str, count: int, lang: str) -> str:
    name = AuditCause(code).in_words(lang) if code else phrase("audit.said.no_cause", lang)
    return f"{name} {count}"


def _verdict(item: SampleItem) -> str | None:
    return item.stands.verdict if item.stands else None


def _wrong_table(items: Iterable[SampleItem], lang: str) -> Table:
    title = phrase("audit.said.wrong", lang)
    table = Table(header_style="bold", title=title, title_justify="left")
    for key in ("item", "contract", "rule", "outcome", "should_be", "cause", "note"):
        table.add_column(phrase(f"audit.column.{key}", lang), overflow="fold")
    for item in items:
        said = item.stands
        assert said is not None  # it is wrong, so somebody said so
        table.add_row(
            str(item.item_id),
            escape(harmless(item.subject)),
            item.rule,
            f"[{COLOURS[item.status]}]{Status(item.status).in_words(lang)}[/]",
            Status(said.status).in_words(lang) if said.status else "",
            AuditCause(said.cause).in_words(lang) if said.cause else "",
            escape(harmless(said.note)),
        )
    return table


def audit_json(audit: Audit) -> dict[str, Any]:
    """Return the error rates for a machine: shares from 0 to 1."""
    return {
        "sample_id": audit.sample.sample_id,
        "scan_id": audit.sample.scan_id,
        "drawn_at": audit.sample.recorded_at.isoformat(),
        "whole": _rate_json(audit.all),
        "by_class": _classes_json(audit.by_class),
        "rules": [
            {"rule": one.rule, **_rate_json(one.all), "by_class": _classes_json(one.by_class)}
            for one in audit.rules
        ],
        "causes": {code or "not_told": count for code, count in audit.causes.items()},
    }


def _classes_json(rates: Mapping[AuditClass, ErrorRate]) -> dict[str, Any]:
    return {str(of): _rate_json(rate) for of, rate in rates.items()}


def _rate_json(rate: ErrorRate) -> dict[str, Any]:
    return {
        "outcomes": rate.size,
        "drawn": rate.drawn,
        "checked": rate.checked,
        "right": rate.right,
        "wrong": rate.wrong,
        "cannot_say": rate.cannot_say,
        "estimate": rate.estimate,
        "at_least_95": rate.at_least,
        "at_most_95": rate.at_most,
    }


def _one_json(one: Sample) -> dict[str, Any]:
    return {
        "sample_id": one.sample_id,
        "scan_id": one.scan_id,
        "seed": one.seed,
        "design": dict(one.design),
        "drawn_at": one.recorded_at.isoformat(),
        "drawn_by": one.recorded_by,
        "items": one.items,
        "judged": one.judged,
    }


def _sample_json(seen: SampleSeen) -> dict[str, Any]:
    return {
        **_one_json(seen.sample),
        "rates": audit_json(seen.audit),
        "drawn": [_item_json(item) for item in seen.items],
    }


def _item_json(item: SampleItem) -> dict[str, Any]:
    return {
        "item_id": item.item_id,
        "contract_id": item.contract_id,
        "zone_id": item.zone_id,
        "rule": item.rule,
        "status": item.status,
        "reason": item.reason,
        "stratum": item.stratum,
        "stratum_size": item.stratum_size,
        "verdicts": [
            {
                "verdict": one.judgement.verdict,
                "should_be": one.judgement.status,
                "cause": one.judgement.cause,
                "note": one.judgement.note,
                "checked_on": one.judgement.checked_on,
                "checked_by": one.judgement.checked_by,
                "recorded_at": one.recorded_at.isoformat(),
                "recorded_by": one.recorded_by,
            }
            for one in item.verdicts
        ],
    }

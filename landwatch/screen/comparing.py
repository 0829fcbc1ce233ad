"""What is shown of two scans beside each other: rule by kind, causes, the gravest changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table

from landwatch.language.catalogue import listed as in_one
from landwatch.reports.digest import DigestLine, gathered, gravest_first
from landwatch.reports.digest_table import causes_in_words, change_row, kind_in_words
from landwatch.reports.plain import as_json
from landwatch.scan.compare import ChangeKind
from landwatch.screen.console import (
    COLOURS,
    err,
    harmless,
    moment_words,
    out,
    phrase,
    say_edited,
)

if TYPE_CHECKING:
    from pathlib import Path

    from landwatch.commands import Compared
    from landwatch.scan.changes import Change, Outcome
    from landwatch.store import ScanSummary

LISTED = 60
"""Lines of changes that a terminal lists, those alike in one; more belong in a file."""
_RULES = 10
"""Rules of one contract that may have changed alike, and be one line."""
_KIND, _NAME, _OUTCOME, _LONG = 9, 14, 13, 36
"""Columns that the words of a kind, a holder and an outcome take, and the longest name of all."""


def scans_compared(found: Compared, lang: str, *, as_json: bool, listing: bool = True) -> None:
    """Show two scans beside each other; without `listing` the changes are left for a file."""
    say_edited(found.edited, lang)
    if as_json:
        _print_json(found)
        return
    console = out()
    console.print(phrase("compare.head", lang, before=_scan(found.before, lang),
                         after=_scan(found.after, lang)), soft_wrap=True)  # fmt: skip
    table, still = _tally(found, lang)
    console.print(table)
    console.print(phrase("compare.totals", lang, rules=still))
    if not found.wanted:
        console.print(phrase("compare.nothing_changed", lang))
        return
    if listing:
        _list(found, lang)


def changes_written(path: Path, count: int, lang: str) -> None:
    """Say where the changes are."""
    err().print(phrase("compare.written", lang, file=path, count=count), soft_wrap=True)


def _scan(scan: ScanSummary, lang: str) -> str:
    day, moment = scan.as_of.isoformat(), moment_words(scan.known_at)
    key = "compare.scan" if scan.scan_id else "compare.scan_of_day"
    return phrase(key, lang, scan=scan.scan_id, as_of=day, moment=moment)


def _tally(found: Compared, lang: str) -> tuple[Table, int]:
    """Return rules by kinds, each adding up to a scan's outcomes, and how many did not change."""
    kinds = [kind for kind in ChangeKind if any(kind in rule.counts for rule in found.rules)]
    table = Table(header_style="bold", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(phrase("screen.rule", lang), no_wrap=True)
    for kind in kinds:
        table.add_column(phrase(f"compare.kind.{kind}", lang), justify="right", overflow="fold")
    table.add_column(phrase("screen.total", lang), justify="right")
    still = 0
    for rule in found.rules:
        if set(rule.counts) <= {ChangeKind.UNCHANGED}:
            still += 1
            continue
        cells = [str(rule.counts.get(kind) or "·") for kind in kinds]
        table.add_row(rule.rule, *cells, str(sum(rule.counts.values())))
    totals = [sum(rule.counts.get(kind, 0) for rule in found.rules) for kind in kinds]
    table.add_section()
    table.add_row(phrase("compare.all_rules", lang), *map(str, totals), str(sum(totals)))
    return table, still


def _list(found: Compared, lang: str) -> None:
    """List the gravest changes; what other programs' edits made of outcomes is said before all."""
    by_cause, altered = Counter[str](), Counter[ChangeKind]()

    def counted() -> Iterator[Change]:
        for one in found.changes:
            by_cause.update({str(cause.kind) for cause in one.causes})
            if one.altered:
                altered[one.kind] += 1
            yield one

    lines = gathered(nsmallest(LISTED * _RULES, counted(), key=gravest_first))[:LISTED]
    console = out()
    if altered:
        console.print(f"[bold red]{_of_altered(altered, lang)}[/]", soft_wrap=True)
    if by_cause:
        named = " · ".join(
            f"{phrase(f'compare.cause_kind.{kind}', lang)} {count}"
            for kind, count in by_cause.most_common()
        )
        console.print(phrase("compare.by_cause", lang, counts=named))
    for cause, alike in _by_cause(lines, lang):
        if cause:
            console.print(phrase("digest.cause", lang, cause=cause), soft_wrap=True)
        console.print(_changed(alike, found, lang, causes=not cause))
    more = found.wanted - sum(len(one.rules) for one in lines)
    if more > 0:
        console.print(phrase("compare.listed_more", lang, count=more))
    console.print(phrase("compare.advice", lang))


def _of_altered(altered: Counter[ChangeKind], lang: str) -> str:
    kinds = in_one(
        (f"{phrase(f'compare.kind.{kind}', lang)} {count}" for kind, count in altered.items()), lang
    )
    return phrase("compare.altered", lang, count=altered.total(), kinds=kinds)


def _by_cause(
    lines: Iterable[DigestLine], lang: str
) -> Iterator[tuple[str | None, list[DigestLine]]]:
    """Yield lines in their order with the cause that they share; those that share none together."""
    alike: dict[str, list[DigestLine]] = {}
    for line in lines:
        alike.setdefault(causes_in_words(line.change, lang), []).append(line)
    alone: list[DigestLine] = []
    for cause, same in alike.items():
        if len(same) == 1:
            alone += same
            continue
        if alone:
            yield None, alone
            alone = []
        yield cause, same
    if alone:
        yield None, alone


def _changed(lines: Sequence[DigestLine], found: Compared, lang: str, *, causes: bool) -> Table:
    """Return changes as a table that cuts no number of a contract and no code of a rule."""
    longest = max(cell_len(one.holding.contract_id or "") for one in lines)
    table = Table(header_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(phrase("compare.column.kind", lang), overflow="fold", min_width=_KIND)
    name = phrase("compare.column.contract", lang)
    table.add_column(name, overflow="fold", min_width=min(max(longest, _NAME), _LONG))
    table.add_column(phrase("compare.column.rule", lang), no_wrap=True)
    table.add_column(phrase("compare.column.outcome", lang), overflow="fold", min_width=_OUTCOME)
    if causes:
        table.add_column(phrase("compare.column.cause", lang), overflow="fold", ratio=1)
    for line in lines:
        one, of = line.change, line.holding
        zone = found.zones.get(of.zone_id or "", of.zone_id or "")
        who = [of.contract_id or phrase("compare.park", lang), of.holder or "", zone]
        cells = [
            kind_in_words(one, lang),
            escape(harmless("\n".join(part for part in who if part))),
            "\n".join(line.rules),
            f"{_outcome(one.before, lang)} → {_outcome(one.after, lang)}",
        ]
        table.add_row(*cells, *([escape(harmless(causes_in_words(one, lang)))] if causes else []))
    return table


def _outcome(outcome: Outcome | None, lang: str) -> str:
    if outcome is None:
        return phrase("compare.nothing", lang)
    return f"[{COLOURS[outcome.gravity]}]{outcome.gravity.in_words(lang)}[/]"


def _print_json(found: Compared) -> None:
    rules: list[dict[str, Any]] = [
        {
            "rule": rule.rule,
            "policy": rule.policy,
            "counts": {str(kind): count for kind, count in rule.counts.items()},
        }
        for rule in found.rules
    ]
    answer = {
        "before": _plain_scan(found.before),
        "after": _plain_scan(found.after),
        "newly_breach": found.newly_breach,
        "edited": dict(found.edited),
        "rules": rules,
        "changes": [change_row(one) for one in found.changes],
    }
    out().print_json(as_json(answer))


def _plain_scan(scan: ScanSummary) -> dict[str, Any]:
    return {
        "scan_id": scan.scan_id,
        "as_of": scan.as_of,
        "known_at": scan.known_at,
        "contracts": scan.contracts,
        "landwatch_version": scan.landwatch_version,
        "policies": scan.policies,
    }

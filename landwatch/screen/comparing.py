"""What is shown of two scans beside each other: rule by kind, causes, the gravest changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from heapq import nsmallest
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from landwatch.reports.digest import gathered, gravest_first
from landwatch.reports.digest_table import causes_in_words, change_row
from landwatch.reports.plain import as_json
from landwatch.scan.compare import ChangeKind
from landwatch.screen.console import COLOURS, err, harmless, moment_words, out, phrase

if TYPE_CHECKING:
    from pathlib import Path

    from landwatch.commands import Compared
    from landwatch.scan.changes import Change, Outcome
    from landwatch.store import ScanSummary

LISTED = 100
"""Changes that a terminal lists, those alike in one line; more belong in a file."""


def scans_compared(found: Compared, lang: str, *, as_json: bool, listing: bool = True) -> None:
    """Show two scans beside each other; without `listing` the changes are left for a file."""
    if as_json:
        _print_json(found)
        return
    console = out()
    console.print(phrase("compare.head", lang, before=_scan(found.before, lang),
                         after=_scan(found.after, lang)), soft_wrap=True)  # fmt: skip
    console.print(_tally(found, lang))
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


def _tally(found: Compared, lang: str) -> Table:
    """Return rules by kinds; each line adds up to the outcomes of either scan."""
    kinds = [kind for kind in ChangeKind if any(kind in rule.counts for rule in found.rules)]
    table = Table(header_style="bold")
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
    table.caption = phrase("compare.totals", lang, rules=still)
    return table


def _list(found: Compared, lang: str) -> None:
    by_cause: Counter[str] = Counter()

    def counted() -> Iterator[Change]:
        for one in found.changes:
            by_cause.update({str(cause.kind) for cause in one.causes})
            yield one

    gravest = nsmallest(LISTED, counted(), key=gravest_first)
    console = out()
    if by_cause:
        named = " · ".join(
            f"{phrase(f'compare.cause_kind.{kind}', lang)} {count}"
            for kind, count in by_cause.most_common()
        )
        console.print(phrase("compare.by_cause", lang, counts=named))
    console.print(_gravest(gravest, found, lang))
    if found.wanted > LISTED:
        console.print(phrase("compare.more", lang, count=found.wanted - LISTED))
    console.print(phrase("compare.advice", lang))


def _gravest(changes: list[Change], found: Compared, lang: str) -> Table:
    table = Table(header_style="bold", show_lines=True)
    for name in ("kind", "contract", "rule", "outcome", "cause"):
        table.add_column(phrase(f"compare.column.{name}", lang), overflow="fold")
    for line in gathered(changes):
        one, of = line.change, line.holding
        zone = found.zones.get(of.zone_id or "", of.zone_id or "")
        who = [of.contract_id or phrase("compare.park", lang), of.holder or "", zone]
        table.add_row(
            phrase(f"compare.kind.{one.kind}", lang),
            escape(harmless("\n".join(part for part in who if part))),
            " ".join(line.rules),
            f"{_outcome(one.before, lang)} → {_outcome(one.after, lang)}",
            escape(harmless(causes_in_words(one, lang))),
        )
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

"""What is shown of a scan, of findings, and of the check of one contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from landwatch.language.catalogue import listed
from landwatch.language.reasons import reason_in_words
from landwatch.language.terms import SPEAKING, Gravity, Remedy, Status
from landwatch.screen.console import COLOURS, err, moment_words, out, phrase, print_json, say_edited
from landwatch.screen.status import sentences
from landwatch.screen.status_json import freshness_json

if TYPE_CHECKING:
    from landwatch.commands import Explained, Found, Scanned
    from landwatch.lawbook.policy import Words


_ROOM_FOR_TITLES = 120
"""Columns that a terminal needs for English titles beside the names of the statuses."""
LISTED = 200
"""Findings that a terminal lists; more belong in a file."""


def scanned(done: Scanned, lang: str, *, as_json: bool) -> None:
    """Show the counts of a scan; each rule's add up to the number of contracts."""
    summary = done.summary
    say_edited(done.edited, lang)
    if as_json:
        print_json(
            {
                "scan_id": summary.scan_id,
                "as_of": summary.as_of.isoformat(),
                "known_at": summary.known_at.isoformat(),
                "contracts": summary.contracts,
                "policies": summary.policies,
                "counts": summary.counts,
                "gravities": {str(name): count for name, count in done.gravities.items()},
                "freshness": done.freshness and freshness_json(done.freshness),
                "decided_again": done.again,
                "base_scan_id": summary.base_scan_id,
                "unequal_rules": done.verified,
                "resumed_rules": done.resumed and done.resumed[0],
                "resumed_pieces": done.pieces and done.pieces[0],
                "shared": done.shared,
                "edited": dict(done.edited),
            }
        )
        return
    console = err()
    console.print(
        phrase(
            "screen.scanned",
            lang,
            scan=summary.scan_id,
            as_of=summary.as_of.isoformat(),
            contracts=summary.contracts,
            policies=listed(summary.policies, lang),
        )
    )
    _how(done, lang)
    if done.past:
        moment = summary.known_at.astimezone().isoformat(" ", "seconds")
        console.print(phrase("screen.scanned_then", lang, moment=moment, scan=summary.scan_id))
    out().print(counts_table(summary.counts, done.titles, summary.contracts, lang))
    if done.freshness is not None:
        from landwatch.scan.freshness_words import summary as in_short

        sentences(in_short(done.freshness, lang))


def _how(done: Scanned, lang: str) -> None:
    """Say of a scan that built upon another how much it decided, and whether that was right."""
    console, summary = err(), done.summary
    if done.shared:
        console.print(phrase("screen.scan_shared", lang, who=summary.made_by))
    if done.resumed is not None:
        decided, of = done.resumed
        console.print(phrase("screen.scan_resumed", lang, done=decided, of=of))
    if done.pieces is not None:
        finished, of = done.pieces
        console.print(phrase("screen.scan_resumed_pieces", lang, done=finished, of=of))
    if done.again is not None and done.verified is None:
        told = {"again": done.again, "base": summary.base_scan_id}
        console.print(phrase("screen.incremental", lang, **told))
    elif done.whole is not None:
        console.print(phrase("screen.whole", lang, why=done.whole.in_words(lang)))
    if done.verified is None:
        return
    if not done.verified:
        console.print(phrase("screen.incremental_verified", lang, again=done.again))
        return
    rules = listed(done.verified, lang)
    console.print(phrase("error.incremental_unequal", lang, rules=rules, scan=summary.scan_id))


def counts_table(
    counts: Mapping[str, Mapping[str, int]], titles: Mapping[str, Words], contracts: int, lang: str
) -> Table:
    """Return rules by statuses, with the total that every row comes to."""
    table = Table(title=None, header_style="bold")
    table.add_column(phrase("screen.rule", lang), no_wrap=True)
    asks = lang == "zh" or out().width >= _ROOM_FOR_TITLES
    if asks:  # else the names of the statuses would break inside a word
        table.add_column(phrase("screen.asks", lang), overflow="fold")
    order = [Status(str(gravity)) for gravity in Gravity if gravity is not Gravity.TO_VERIFY]
    for status in order:
        table.add_column(
            status.in_words(lang), justify="right", style=COLOURS[status], overflow="fold"
        )
    table.add_column(phrase("screen.total", lang), justify="right", no_wrap=True)
    for code, by_status in counts.items():
        title = titles[code].in_words(lang) if code in titles else ""
        cells = [str(by_status.get(status, 0) or "·") for status in order]
        table.add_row(
            code, *([escape(title)] if asks else []), *cells, str(sum(by_status.values()))
        )
    table.caption = phrase("screen.totals_add_up", lang, contracts=contracts)
    return table


def findings_table(found: Found, lang: str, *, narrowed: bool) -> None:
    """List the findings, the gravest first; unless narrowed, quiet ones are only counted."""
    rows, quiet = [], Counter[str]()
    for row in found.rows:
        if narrowed or row["status"] in SPEAKING:
            rows.append(row)
        else:
            quiet[row["status"]] += 1
    rows.sort(
        key=lambda row: (
            Gravity.of(row["status"], row["to_verify"]).rank,
            row["rule"],
            -(row["days_past"] or 0),
            _subject(row),
        )
    )
    console = out()
    table = Table(header_style="bold", title=_title(found, lang), title_justify="left")
    for key in ("contract", "rule", "status", "limit", "days", "measured", "why"):
        table.add_column(phrase(f"screen.{key}", lang), overflow="fold")
    names = {one: policy.called(lang) for one, policy in found.policies.items()}
    for row in rows[:LISTED]:
        table.add_row(*_finding_cells(row, names.get(row["policy"]), lang))
    console.print(table)
    if len(rows) > LISTED:
        console.print(phrase("screen.more_findings", lang, count=len(rows) - LISTED))
    if quiet:
        counted = listed((f"{Status(name).in_words(lang)} {n}" for name, n in quiet.items()), lang)
        console.print(phrase("screen.quiet", lang, counts=counted))


def _title(found: Found, lang: str) -> str:
    summary = found.summary
    as_of = summary.as_of.isoformat()
    if summary.scan_id is None:
        moment = moment_words(summary.known_at)
        return phrase("screen.findings_again", lang, as_of=as_of, moment=moment)
    return phrase("screen.findings", lang, scan=summary.scan_id, as_of=as_of)


def _subject(row: Mapping[str, Any]) -> str:
    """Return whom a finding speaks of: a contract, or a park."""
    return str(row["contract_id"] or row["zone_id"])


def _finding_cells(row: Mapping[str, Any], names: Mapping[str, str] | None, lang: str) -> list[str]:
    gravity = Gravity.of(row["status"], row["to_verify"])
    measured = ""
    if row["measured"] is not None:
        unit = "" if row["unit"] in (None, "1") else f" {row['unit']}"
        measured = f"{row['measured']:f} / {row['threshold']:f}{unit}" if row["threshold"] else ""
    why = listed((Remedy(remedy).in_words(lang) for remedy in row["remedies"]), lang)
    why = why or reason_in_words(row["reason"], lang, names)
    return [
        escape(_subject(row)),
        row["rule"],
        f"[{COLOURS[gravity]}]{gravity.in_words(lang)}[/]",
        row["limit_on"].isoformat() if row["limit_on"] else "",
        str(row["days_past"] or ""),
        measured,
        escape(why),
    ]


def explained(checks: Sequence[Explained], lang: str) -> None:
    """Show each rule's check of a contract, section by section."""
    console = out()
    for check in checks:
        console.print(f"[{COLOURS[check.status]}]■[/] [bold]{escape(check.heading)}[/]")
        for section in check.sections:
            console.print(f"[bold]{escape(section.title)}[/]")
            for line in section.lines:
                console.print(f"  {escape(line)}", soft_wrap=True)
        console.print()

"""What the command line shows: tables and sentences, in the reader's language.

What a machine reads goes to stdout; words, tables of progress and trouble go to stderr, except a
verb's own answer (findings, explain, policy), which is what the person asked to see.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from landwatch.commands import SHOWN_ROWS
from landwatch.language.catalogue import say
from landwatch.language.reasons import reason_in_words
from landwatch.language.terms import SPEAKING, Gravity, Remedy, Status
from landwatch.lawbook.shelf import rules as all_rules

if TYPE_CHECKING:
    from pathlib import Path

    from landwatch.commands import (
        Explained,
        Found,
        Imported,
        IssueGroup,
        Made,
        Scanned,
        Shelved,
        Shown,
    )
    from landwatch.lawbook.policy import Policy
    from landwatch.mapping.page import PageReceipt
    from landwatch.store import ImportReceipt

_COLOURS: Mapping[str, str] = {
    "breach": "bold red",
    "to_verify": "bold magenta",
    "due_soon": "yellow",
    "exempt": "cyan",
    "unknown": "magenta",
    "not_due": "blue",
    "compliant": "green",
    "not_applicable": "dim",
}
LISTED = 200
"""Findings that a terminal lists; more belong in a file."""


PIPED_WIDTH = 160
"""A pipe or a file has no width of its own."""


class _Console(Console):
    """A console whose reader may leave (`| head`): that is no finding and no failure."""

    def on_broken_pipe(self) -> None:
        """Stop quietly; exit code 1 would say that findings were found."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0)


def _console(*, stderr: bool) -> Console:
    console = _Console(stderr=stderr, highlight=False, emoji=False)
    if console.is_terminal:
        return console
    return _Console(stderr=stderr, highlight=False, emoji=False, width=PIPED_WIDTH)


def _out() -> Console:
    return _console(stderr=False)


def _err() -> Console:
    return _console(stderr=True)


def _say(key: str, lang: str, **values: object) -> str:
    """Return a sentence whose values cannot be taken for rich's markup."""
    return say(key, lang, **{name: escape(str(value)) for name, value in values.items()})


@contextmanager
def progress(lang: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show how far long work is, on a terminal; say nothing into a file or a pipe."""
    console = _err()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(_say("screen.working", lang), total=None)

        def told(what: str, done: int, of: int) -> None:
            bar.update(task, description=escape(what), completed=done, total=of or None)

        yield told


def made(done: Made, lang: str) -> None:
    """Say that a store is there, and what holds in it."""
    _err().print(_say("screen.made", lang, store=done.url, policies="、".join(done.adopted)))


def imported(done: Imported, lang: str, *, as_json: bool, dry_run: bool) -> None:
    """Show how a file's rows fared; all of them are accounted for."""
    counts = _counts(done)
    if as_json:
        receipt = done.receipt
        stored = (
            {"new": receipt.new, "changed": receipt.changed, "unchanged": receipt.unchanged}
            if receipt
            else {}
        )
        answer = {"file": done.source.name, "kind": str(done.kind), **counts, **stored}
        answer["import_id"] = receipt.import_id if receipt else None
        answer["contracts_not_in_ledger"] = [one.name for one in done.strangers]
        answer["unmapped"] = [use.header for use in done.unmapped]
        print_json(answer)
        return
    console = _err()
    console.print(_say("screen.imported", lang, file=done.source.name, **counts))
    if dry_run:
        console.print(_say("screen.dry_run", lang))
    elif done.receipt is not None:
        console.print(_stored(done.receipt, lang))
    if done.unmapped:
        listed = "、".join(dict.fromkeys(use.header for use in done.unmapped if use.header))
        console.print(_say("screen.unmapped", lang, headers=listed))
    for group in done.issues:
        style = "red" if group.example.severity == "refused" else "yellow"
        console.print(f"[{style}]•[/] {_issue_words(group, lang)}", soft_wrap=True)
    if done.strangers:
        console.print(f"[red]•[/] {_strangers_words(done, lang)}", soft_wrap=True)


def _strangers_words(done: Imported, lang: str) -> str:
    """Return which contracts of the file the ledger does not hold: their rows judge nothing yet."""
    listed = []
    for one in done.strangers[:SHOWN_ROWS]:
        near = _say("screen.near", lang, near=one.near) if one.near else ""
        listed.append(escape(one.name) + near)
    joint = "、" if lang == "zh" else ", "
    more = " …" if len(done.strangers) > SHOWN_ROWS else ""
    return _say("screen.strangers", lang, count=len(done.strangers)) + joint.join(listed) + more


def _counts(done: Imported) -> dict[str, int]:
    tally = done.tally
    return {
        "rows": tally.rows,
        "accepted": tally.accepted,
        "accepted_with_remarks": tally.accepted_with_remarks,
        "refused": tally.refused,
    }


def _stored(receipt: ImportReceipt, lang: str) -> str:
    if receipt.import_id is None:
        return _say("screen.nothing_new", lang, unchanged=receipt.unchanged)
    return _say(
        "screen.stored",
        lang,
        import_id=receipt.import_id,
        new=receipt.new,
        changed=receipt.changed,
        unchanged=receipt.unchanged,
    )


def _issue_words(group: IssueGroup, lang: str) -> str:
    """Return a trouble with the rows that have it."""
    words = group.example.in_words(lang)
    if not group.rows:
        return escape(words)
    rows = ("、" if lang == "zh" else ", ").join(str(row) for row in group.rows)
    sheet = group.example.sheet
    place = f"{group.example.file} [{sheet}]" if sheet else group.example.file
    key = "screen.rows_more" if group.count > len(group.rows) else "screen.rows"
    return _say(key, lang, file=place, rows=rows, count=group.count, words=words)


def issues_written(path: Path, lang: str) -> None:
    """Say where the report of issues is."""
    _err().print(_say("screen.report", lang, file=path))


def print_json(answer: Any) -> None:
    """Write an answer for a machine to stdout."""
    _out().print_json(json.dumps(answer, ensure_ascii=False, default=str))


def scanned(done: Scanned, lang: str, *, as_json: bool) -> None:
    """Show the counts of a scan; each rule's add up to the number of contracts."""
    summary = done.summary
    if as_json:
        print_json(
            {
                "scan_id": summary.scan_id,
                "as_of": summary.as_of.isoformat(),
                "contracts": summary.contracts,
                "policies": summary.policies,
                "counts": summary.counts,
                "gravities": {str(name): count for name, count in done.gravities.items()},
            }
        )
        return
    console = _err()
    console.print(
        _say(
            "screen.scanned",
            lang,
            scan=summary.scan_id,
            as_of=summary.as_of.isoformat(),
            contracts=summary.contracts,
            policies="、".join(summary.policies),
        )
    )
    _out().print(counts_table(summary.counts, summary.contracts, lang))


def counts_table(counts: Mapping[str, Mapping[str, int]], contracts: int, lang: str) -> Table:
    """Return rules by statuses, with the total that every row comes to."""
    table = Table(title=None, header_style="bold")
    table.add_column(_say("screen.rule", lang), no_wrap=True)
    table.add_column(_say("screen.asks", lang), overflow="ellipsis", no_wrap=True)
    order = [Status(str(gravity)) for gravity in Gravity if gravity is not Gravity.TO_VERIFY]
    for status in order:
        table.add_column(
            status.in_words(lang), justify="right", style=_COLOURS[status], no_wrap=True
        )
    table.add_column(_say("screen.total", lang), justify="right", no_wrap=True)
    titles = all_rules()
    for code, by_status in counts.items():
        title = titles[code][1].title.in_words(lang) if code in titles else ""
        cells = [str(by_status.get(status, 0) or "·") for status in order]
        table.add_row(code, escape(title), *cells, str(sum(by_status.values())))
    table.caption = _say("screen.totals_add_up", lang, contracts=contracts)
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
            row["contract_id"],
        )
    )
    console = _out()
    table = Table(header_style="bold", title=_title(found, lang), title_justify="left")
    for key in ("contract", "rule", "status", "limit", "days", "measured", "why"):
        table.add_column(_say(f"screen.{key}", lang), overflow="fold")
    for row in rows[:LISTED]:
        table.add_row(*_finding_cells(row, lang))
    console.print(table)
    if len(rows) > LISTED:
        console.print(_say("screen.more_findings", lang, count=len(rows) - LISTED))
    if quiet:
        counted = "，".join(f"{Status(name).in_words(lang)} {n}" for name, n in quiet.items())
        console.print(_say("screen.quiet", lang, counts=counted))


def _title(found: Found, lang: str) -> str:
    summary = found.summary
    return _say("screen.findings", lang, scan=summary.scan_id, as_of=summary.as_of.isoformat())


def _finding_cells(row: Mapping[str, Any], lang: str) -> list[str]:
    gravity = Gravity.of(row["status"], row["to_verify"])
    measured = ""
    if row["measured"] is not None:
        unit = "" if row["unit"] in (None, "1") else f" {row['unit']}"
        measured = f"{row['measured']:f} / {row['threshold']:f}{unit}" if row["threshold"] else ""
    why = "、".join(Remedy(remedy).in_words(lang) for remedy in row["remedies"])
    why = why or (reason_in_words(row["reason"], lang) if row["reason"] else "")
    return [
        escape(row["contract_id"]),
        row["rule"],
        f"[{_COLOURS[gravity]}]{gravity.in_words(lang)}[/]",
        row["limit_on"].isoformat() if row["limit_on"] else "",
        str(row["days_past"] or ""),
        measured,
        escape(why),
    ]


def written(path: Path, count: int, lang: str) -> None:
    """Say where findings were written."""
    _err().print(_say("screen.written", lang, file=path, count=count))


def explained(checks: Sequence[Explained], lang: str) -> None:
    """Show each rule's check of a contract, section by section."""
    console = _out()
    for check in checks:
        console.print(f"[{_COLOURS[check.status]}]■[/] [bold]{escape(check.heading)}[/]")
        for section in check.sections:
            console.print(f"[bold]{escape(section.title)}[/]")
            for line in section.lines:
                console.print(f"  {escape(line)}", soft_wrap=True)
        console.print()


def visited(contract: str, receipt: ImportReceipt, lang: str) -> None:
    """Say that a visit was recorded."""
    if receipt.import_id is None:
        _err().print(_say("screen.visit_known", lang, contract=contract))
        return
    _err().print(_say("screen.visited", lang, contract=contract, import_id=receipt.import_id))


def drawn(receipt: PageReceipt, lang: str) -> None:
    """Say what the page holds."""
    _err().print(
        _say(
            "screen.drawn",
            lang,
            file=receipt.path,
            size=f"{receipt.bytes / 1e6:.2f}",
            parcels=receipt.parcels_drawn,
            contracts=receipt.contracts,
            without=receipt.contracts_without_geometry,
        )
    )


def reported(path: Path, lang: str) -> None:
    """Say where the workbook is."""
    _err().print(_say("screen.reported", lang, file=path))


def adopted(what: str, policy_id: str, zone: str | None, lang: str) -> None:
    """Say what became of an adoption."""
    where = zone or _say("screen.everywhere", lang)
    _err().print(_say(f"screen.{what}", lang, policy=policy_id, where=where))


def shelf(found: Sequence[Shelved], lang: str, *, as_json: bool) -> None:
    """List the policies and where they are adopted."""
    if as_json:
        print_json(
            [
                {
                    "id": one.policy.id,
                    "title": one.policy.title.in_words(lang),
                    "authority": str(one.policy.authority),
                    "version": one.policy.version,
                    "rules": [rule.code for rule in one.policy.rules],
                    "adopted_for": ["*" if zone is None else zone for zone in one.adopted_for],
                }
                for one in found
            ]
        )
        return
    table = Table(header_style="bold")
    for key in ("policy", "name", "force", "rules", "adopted_for"):
        table.add_column(_say(f"screen.{key}", lang), overflow="fold")
    for one in found:
        where = "、".join(zone or _say("screen.everywhere", lang) for zone in one.adopted_for)
        table.add_row(
            one.policy.id,
            escape(one.policy.title.in_words(lang)),
            one.policy.authority.in_words(lang),
            " ".join(rule.code for rule in one.policy.rules),
            escape(where) or "—",
        )
    _out().print(table)


def policy(shown: Policy, lang: str) -> None:
    """Show a policy: what it is, its parameters with their clauses, its rules."""
    console = _out()
    console.rule(escape(f"{shown.id}　{shown.title.in_words(lang)}"), align="left")
    since = shown.effective_from.isoformat() if shown.effective_from else "—"
    console.print(
        _say(
            "screen.policy_head",
            lang,
            document_no=shown.document_no,
            issuer=shown.issuer.in_words(lang),
            authority=shown.authority.in_words(lang),
            since=since,
            version=shown.version,
        )
    )
    console.print(escape(shown.summary.in_words(lang)), soft_wrap=True)
    if shown.parameters:
        console.print(_parameters(shown, lang))
    for rule in shown.rules:
        console.print(f"[bold]{rule.code}[/] {escape(rule.title.in_words(lang))}")
        console.print(f"  {escape(rule.asks.in_words(lang))}", soft_wrap=True)
        for clause in rule.clauses:
            console.print(f"  {escape(clause.article)}：“{escape(clause.quote)}”", soft_wrap=True)
        if rule.note:
            console.print(f"  {escape(rule.note.in_words(lang))}", soft_wrap=True)
        remedies = "、".join(remedy.remedy.in_words(lang) for remedy in rule.remedies)
        console.print("  " + _say("screen.allows", lang, remedies=remedies))


def _parameters(shown: Policy, lang: str) -> Table:
    table = Table(header_style="bold")
    for key in ("parameter", "meaning", "value", "clause"):
        table.add_column(_say(f"screen.{key}", lang), overflow="fold")
    for parameter in shown.parameters.values():
        values = []
        for dated in parameter.values:
            text = (
                "，".join(f"{code} {value}" for code, value in dated.by_code.items())
                if dated.by_code
                else _say("screen.empty_slot", lang)
                if dated.value is None
                else str(dated.value)
            )
            since = "" if dated.since.year == 1 else f"{dated.since.isoformat()} "
            values.append(f"{since}{text}")
        unit = "" if parameter.unit.text == "1" else f"（{parameter.unit.text}）"
        clause = parameter.clause.quote if parameter.clause else parameter.where_to_find or ""
        table.add_row(
            parameter.name,
            escape(parameter.title.in_words(lang) + unit),
            escape("；".join(values)),
            escape(clause),
        )
    return table


def demo_shown(shown: Shown, lang: str) -> None:
    """Show what the demo made, its figures, and what to try next."""
    console = _err()
    console.print(_say("screen.demo_ledger", lang))
    for one in shown.imported:
        console.print(
            _say("screen.demo_file", lang, file=one.source.name, **_counts(one)), soft_wrap=True
        )
    scanned(shown.scanned, lang, as_json=False)
    _err().print(
        _say(
            "screen.demo",
            lang,
            folder=shown.folder,
            store=shown.store,
            map=shown.map,
            workbook=shown.workbook,
        )
    )

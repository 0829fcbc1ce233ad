"""What is shown of a store made and of files taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from landwatch.commands import SHOWN_ROWS
from landwatch.language.catalogue import listed
from landwatch.screen.console import err, phrase, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from landwatch.commands import Imported, IssueGroup, Made
    from landwatch.ledger import Guess
    from landwatch.store import ImportReceipt


def made(done: Made, lang: str) -> None:
    """Say that a store is there, and what holds in it."""
    err().print(phrase("screen.made", lang, store=done.url, policies=listed(done.adopted, lang)))


def imported(done: Imported, lang: str, *, as_json: bool, dry_run: bool) -> None:
    """Show how a file's rows fared; all of them are accounted for."""
    counts = counts_of(done)
    if as_json:
        receipt = done.receipt
        stored = (
            {"new": receipt.new, "changed": receipt.changed, "unchanged": receipt.unchanged}
            if receipt
            else {}
        )
        answer = {"file": done.source.name, "kind": str(done.kind), **counts, **stored}
        answer["untouched"] = done.tally.untouched
        answer["import_id"] = receipt.import_id if receipt else None
        answer["by_code"] = dict(sorted(done.tally.by_code.items()))
        answer["contracts_not_in_ledger"] = [one.name for one in done.strangers]
        answer["unmapped"] = [use.header for use in done.unmapped]
        print_json(answer)
        return
    console = err()
    console.print(phrase("screen.imported", lang, file=done.source.name, **counts))
    if done.tally.set_aside:
        console.print(phrase("screen.set_aside", lang, count=done.tally.set_aside))
    if done.tally.untouched:
        console.print(phrase("screen.untouched", lang, count=done.tally.untouched))
    if dry_run:
        console.print(phrase("screen.dry_run", lang))
    elif done.receipt is not None:
        console.print(_stored(done.receipt, lang))
    if done.unmapped:
        headers = dict.fromkeys(use.header for use in done.unmapped if use.header)
        console.print(phrase("screen.unmapped", lang, headers=listed(headers, lang)))
    for group in done.issues:
        style = "red" if group.example.severity == "refused" else "yellow"
        console.print(f"[{style}]•[/] {_issue_words(group, lang)}", soft_wrap=True)
    if done.strangers:
        console.print(f"[red]•[/] {_strangers_words(done, lang)}", soft_wrap=True)


def _strangers_words(done: Imported, lang: str) -> str:
    """Return which contracts of the file the ledger does not hold: their rows judge nothing yet."""
    named = []
    for one in done.strangers[:SHOWN_ROWS]:
        near = phrase("screen.near", lang, near=one.near) if one.near else ""
        named.append(escape(one.name) + near)
    joint = "、" if lang == "zh" else ", "
    more = " …" if len(done.strangers) > SHOWN_ROWS else ""
    return phrase("screen.strangers", lang, count=len(done.strangers)) + joint.join(named) + more


def counts_of(done: Imported) -> dict[str, int]:
    """Return how many rows a file has and how they fared."""
    tally = done.tally
    return {
        "rows": tally.rows,
        "accepted": tally.accepted,
        "accepted_with_remarks": tally.accepted_with_remarks,
        "refused": tally.refused,
        "set_aside": tally.set_aside,
    }


def _stored(receipt: ImportReceipt, lang: str) -> str:
    if receipt.import_id is None:
        return phrase("screen.nothing_new", lang, unchanged=receipt.unchanged)
    return phrase(
        "screen.stored",
        lang,
        import_id=receipt.import_id,
        new=receipt.new,
        changed=receipt.changed,
        unchanged=receipt.unchanged,
    )


def _issue_words(group: IssueGroup, lang: str) -> str:
    """Return a trouble with the rows that have it, and its permanent code."""
    one = group.example
    words, code = one.in_words(lang), f" [dim]{one.code.value}[/]"
    if not group.rows:
        return escape(words) + code
    rows = ("、" if lang == "zh" else ", ").join(str(row) for row in group.rows)
    if group.count > len(group.rows):
        rows += " …"
    many = "screen.rows_like" if group.varies else "screen.rows_more"
    key = many if group.count > 1 else "screen.rows"
    sheet = f"[{one.sheet}] " if one.sheet else ""
    told = {"sheet": sheet, "rows": rows, "count": group.count, "row": one.row, "words": words}
    return phrase(key, lang, **told) + code


def issues_written(path: Path, lang: str) -> None:
    """Say where the report of issues is."""
    err().print(phrase("screen.report", lang, file=path))


def guessed(found: Sequence[Guess], path: Path, lang: str) -> None:
    """Show what each header may mean, and where it was written down to be corrected."""
    console = err()
    for guess in found:
        column = guess.column or listed((f"{name}?" for name in guess.maybe), lang) or "—"
        unit = f" ({guess.unit})" if guess.unit else ""
        line = f"{guess.header} → {column}{unit}: {guess.reason(lang)}"
        style = {"known": "green", "likely": "yellow"}.get(guess.sure, "red")
        console.print(f"[{style}]•[/] {escape(line)}", soft_wrap=True)
    console.print(phrase("screen.guessed", lang, file=path))


def visited(contract: str, receipt: ImportReceipt, lang: str) -> None:
    """Say that a visit was recorded."""
    if receipt.import_id is None:
        err().print(phrase("screen.visit_known", lang, contract=contract))
        return
    err().print(phrase("screen.visited", lang, contract=contract, import_id=receipt.import_id))

"""What is shown of verdicts on a sample: which were taken, which rows were not and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from landwatch.language.terms import AuditVerdict
from landwatch.screen.console import err, harmless, phrase, print_json

if TYPE_CHECKING:
    from landwatch.commands import SheetEntered
    from landwatch.commands.sample_entry import Trouble
    from landwatch.store.samples import Entered, SampleItem

LISTED = 40
"""Rows that a terminal lists of each sort; --json has all."""


def sample_entered(done: SheetEntered, path: Path, lang: str, *, as_json: bool) -> None:
    """Say how many verdicts were taken, and of each row that was not where and why."""
    told = {
        "new": done.entered.new,
        "changed": done.entered.changed,
        "unchanged": done.entered.unchanged,
        "open": done.open,
        "refused": len(done.troubles),
    }
    if as_json:
        lists = {"troubles": done.troubles, "remarks": done.remarks}
        rows = {name: [_trouble_json(one, lang) for one in each] for name, each in lists.items()}
        print_json({"file": str(path), **told, **rows})
        return
    err().print(phrase("audit.said.entered", lang, file=path.name, **told), soft_wrap=True)
    _list_rows(done.troubles, lang)
    if done.remarks:
        err().print(phrase("audit.said.remarks", lang, count=len(done.remarks)))
        _list_rows(done.remarks, lang)


def _list_rows(troubles: Sequence[Trouble], lang: str) -> None:
    for trouble in troubles[:LISTED]:
        words = escape(harmless(trouble.in_words(lang)))
        err().print(f"  [yellow]•[/] {words}", soft_wrap=True)
    if len(troubles) > LISTED:
        err().print(phrase("audit.said.more", lang, count=len(troubles) - LISTED))


def _trouble_json(one: Trouble, lang: str) -> dict[str, Any]:
    return {"row": one.row, "column": one.column, "code": one.code, "words": one.in_words(lang)}


def item_judged(item: SampleItem, done: Entered, lang: str) -> None:
    """Say what stands of an item now."""
    said = item.stands
    assert said is not None  # just recorded
    key = "audit.said.judged" if done.new or done.changed else "audit.said.judged_before"
    told = {"item": item.item_id, "subject": item.subject, "rule": item.rule}
    verdict = AuditVerdict(said.verdict).in_words(lang)
    err().print(phrase(key, lang, **told, verdict=verdict), soft_wrap=True)

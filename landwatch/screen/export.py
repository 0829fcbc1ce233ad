"""What is shown of the ledger written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landwatch.language.catalogue import say
from landwatch.screen.console import err, phrase, print_json

if TYPE_CHECKING:
    from landwatch.commands import Exported


def exported(done: Exported, lang: str, *, as_json: bool, history: bool) -> None:
    """Say what was written where, and how it goes in again."""
    if as_json:
        answer = {"file": str(done.path), "kind": str(done.kind), "format": done.form}
        print_json({**answer, "records": done.records})
        return
    name = say(f"now.kind.{done.kind}", lang)
    told = {"file": done.path, "count": done.records, "name": name, "kind": done.kind}
    key = "screen.exported_history" if history else "screen.exported"
    if not done.records:
        key = "screen.exported_nothing"
    err().print(phrase(key, lang, **told), soft_wrap=True)

"""What is shown of a search, of a policy, and of what changed between two."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from landwatch.screen.console import err, out, phrase, print_json

if TYPE_CHECKING:
    from landwatch.commands import Begun, Differing
    from landwatch.lawbook.difference import Change
    from landwatch.lawbook.passages import Passage
    from landwatch.lawbook.pieces import Piece
    from landwatch.lawbook.policy import Clause
    from landwatch.lawbook.portrait import Line, ParameterShown, Portrait, VocabularyShown
    from landwatch.lawbook.search import Answer, Hit, Snippet

SIGNS = {"added": "+", "removed": "-", "changed": "~", "respelled": "=", "moved": "↕"}
COLOURS = {
    "added": "green",
    "removed": "red",
    "changed": "yellow",
    "respelled": "dim",
    "moved": "cyan",
}


def searched(answer: Answer, lang: str, *, as_json: bool) -> None:
    """List where the lawbook speaks of the words, with the policies of each class counted."""
    if as_json:
        print_json(_answer(answer, lang))
        return
    console = out()
    for hit in answer.hits:
        title = escape(hit.title.in_words(lang))
        place = phrase(f"reading.place.{hit.place}", lang)
        console.print(
            "　".join((f"[bold]{hit.policy.id}[/]", f"{place} {hit.name}".rstrip(), title)),
            soft_wrap=True,
        )
        for snippet in hit.snippets:
            console.print(_marked(snippet, console), soft_wrap=True)
    counts = "　".join(
        f"{one.in_words(lang)} ({one}) {count}" for one, count in sorted(answer.classes.items())
    )
    words = " ".join(answer.words)
    if not answer.total:
        err().print(phrase("reading.nothing_found", lang, words=words), soft_wrap=True)
    if counts:
        err().print(phrase("reading.classes", lang, counts=counts), soft_wrap=True)
    told = {"shown": len(answer.hits), "total": answer.total}
    if answer.total > len(answer.hits):
        err().print(phrase("reading.more_hits", lang, **told), soft_wrap=True)


def _marked(snippet: Snippet, console: Console) -> Text:
    """Return a snippet with the words marked: by colour on a terminal, by 「」 anywhere else."""
    text = Text("    ")
    at = 0
    left, right = ("", "") if console.is_terminal else ("「", "」")
    for start, end in snippet.marks:
        text.append(snippet.text[at:start])
        text.append(f"{left}{snippet.text[start:end]}{right}", style="bold yellow")
        at = end
    text.append(snippet.text[at:])
    if cited := _cited(snippet.passage):
        text.append(f"　（{cited}）", style="dim")
    return text


def _cited(passage: Passage) -> str:
    return "，".join(one for one in (passage.article, passage.row) if one)


def _answer(answer: Answer, lang: str) -> dict[str, Any]:
    return {
        "words": answer.words,
        "total": answer.total,
        "classes": {str(one): count for one, count in sorted(answer.classes.items())},
        "hits": [_hit(hit, lang) for hit in answer.hits],
    }


def _hit(hit: Hit, lang: str) -> dict[str, Any]:
    return {
        "policy": hit.policy.id,
        "policy_title": hit.policy.title.in_words(lang),
        "class": str(hit.policy.policy_class),
        "place": str(hit.place),
        "name": hit.name,
        "title": hit.title.in_words(lang),
        "score": hit.score,
        "snippets": [
            {
                "field": str(one.passage.field),
                "text": one.text,
                "marks": one.marks,
                "article": one.passage.article,
                "row": one.passage.row,
            }
            for one in hit.snippets
        ],
    }


def portrait(shown: Portrait, lang: str, *, as_json: bool) -> None:
    """Show a policy as a lawyer reads it."""
    if as_json:
        print_json(dataclasses.asdict(shown))
        return
    console = out()
    console.rule(escape(f"{shown.id}　{shown.title}"), align="left")
    _lines(console, shown.head, lang, "")
    console.print(phrase("reading.version", lang, version=shown.version))
    if shown.standing:
        console.print(f"[bold]{escape(shown.standing)}[/]", soft_wrap=True)
    if shown.parameters:
        console.rule(phrase("screen.parameter", lang), align="left", style="dim")
    for parameter in shown.parameters:
        _parameter(console, parameter, lang)
    for vocabulary in shown.vocabularies:
        _vocabulary(console, vocabulary, lang)
    for rule in shown.rules:
        console.rule(escape(f"{rule.code}　{rule.title}"), align="left", style="dim")
        _clauses(console, rule.clauses)
        _lines(console, rule.lines, lang, "  ")


def _parameter(console: Console, parameter: ParameterShown, lang: str) -> None:
    unit = phrase("reading.in_unit", lang, unit=parameter.unit) if parameter.unit else ""
    console.print(
        f"[bold]{escape(parameter.title)}[/]{unit}　[dim]{parameter.name}[/]", soft_wrap=True
    )
    for day, numbers in groupby(parameter.numbers, key=lambda number: number.since):
        since = (
            phrase("reading.always", lang)
            if day is None
            else phrase("reading.since", lang, since=day)
        )
        told = ("；" if lang == "zh" else "; ").join(
            f"{escape(one.for_)} [bold]{escape(one.words)}[/]".strip() for one in numbers
        )
        console.print(f"  {since}　{told}", soft_wrap=True)
    if not parameter.numbers:
        console.print("  " + phrase("reading.not_in_force", lang))
    _clauses(console, (parameter.clause,))
    _lines(console, parameter.lines, lang, "  ")


def _vocabulary(console: Console, vocabulary: VocabularyShown, lang: str) -> None:
    console.rule(escape(f"{vocabulary.title}　{vocabulary.name}"), align="left", style="dim")
    _clauses(console, (vocabulary.clause,))
    for one in vocabulary.words:
        told = "　".join(
            text for text in (one.en, one.means and f"= {one.means}", one.note) if text
        )
        console.print(f"  [bold]{escape(one.word)}[/]　{escape(told)}", soft_wrap=True)


def _clauses(console: Console, clauses: Iterable[Clause | None]) -> None:
    for clause in clauses:
        if clause is not None:
            text = f"  {clause.article}：“{clause.quote}”（{clause.row}）"
            console.print(escape(text), soft_wrap=True)


def _lines(console: Console, lines: Iterable[Line], lang: str, indent: str) -> None:
    """Print each line under its label; what decides stands beneath its words as written."""
    colon = "：" if lang == "zh" else ": "
    for line in lines:
        console.print(
            f"{indent}[bold]{label(line.part, lang)}[/]{colon}{escape(line.words)}", soft_wrap=True
        )
        if line.written:
            written = " ".join(line.written.split())
            console.print(f"{indent}    [dim]{escape(written)}[/]", soft_wrap=True)


def label(part: str, lang: str) -> str:
    """Return what a part of a policy is called, with the name or the day that it stands under."""
    key, _, rest = part.partition(" ")
    words = phrase(f"reading.part.{key}", lang)
    return f"{words} {escape(rest)}".rstrip()


def compared(found: Differing, lang: str, *, as_json: bool) -> None:
    """Show what changed between two policies."""
    if as_json:
        print_json(_differing(found, lang))
        return
    console = out()
    for group, changes in _grouped(found.changes, lang):
        console.print(f"[bold]{group}[/]", soft_wrap=True)
        for change in changes:
            _change(console, change, lang)
    sides = {
        "old": f"{found.old.id} {found.old.version}",
        "new": f"{found.new.id} {found.new.version}",
    }
    key = "different" if not found.same else "respelled_only" if found.changes else "same"
    count = sum(change.became != "respelled" for change in found.changes)
    err().print(phrase(f"reading.{key}", lang, count=count, **sides), soft_wrap=True)


def _grouped(changes: Iterable[Change], lang: str) -> Iterator[tuple[str, list[Change]]]:
    groups: dict[str, list[Change]] = {}
    for change in changes:
        place = phrase(f"reading.place.{change.place}", lang)
        groups.setdefault(f"{place} {'、'.join(change.names)}".rstrip(), []).append(change)
    yield from groups.items()


def _change(console: Console, change: Change, lang: str) -> None:
    what = label(change.part, lang) if change.part else ""
    became = phrase(f"reading.became.{change.became}", lang)
    style, sign = COLOURS[change.became], SIGNS[change.became]
    console.print(f"  [{style}]{sign} {became}[/] {what}".rstrip(), soft_wrap=True)
    lang = _telling(change, lang)
    for mark, piece in (("-", change.old), ("+", change.new)):
        if piece is None or (mark == "-" and change.became == "moved"):
            continue
        console.print(f"      {mark} {escape(piece.words.in_words(lang))}", soft_wrap=True)
        if piece.written:
            written = " ".join(piece.written.split())
            console.print(f"        [dim]{escape(written)}[/]", soft_wrap=True)


def _telling(change: Change, lang: str) -> str:
    """Return the language to show both sides in: the other one where only that one changed."""
    if change.old is None or change.new is None:
        return lang
    words = (change.old.words, change.new.words)
    if change.became == "changed" and words[0].in_words(lang) == words[1].in_words(lang):
        return "en" if lang == "zh" else "zh"
    return lang


def _differing(found: Differing, lang: str) -> dict[str, Any]:
    return {
        "old": {"id": found.old.id, "version": found.old.version},
        "new": {"id": found.new.id, "version": found.new.version},
        "same": found.same,
        "changes": [
            {
                "became": str(change.became),
                "place": str(change.place),
                "names": change.names,
                "part": change.part,
                "old": _piece(change.old, lang),
                "new": _piece(change.new, lang),
            }
            for change in found.changes
        ],
    }


def _piece(piece: Piece | None, lang: str) -> dict[str, str | None] | None:
    if piece is None:
        return None
    return {"words": piece.words.in_words(lang), "written": piece.written}


def begun(files: Begun, lang: str) -> None:
    """Say which files a new policy has, and what to do next."""
    told = {"policy": files.policy, "cases": files.cases, "id": files.policy_id}
    err().print(phrase("reading.begun", lang, **told), soft_wrap=True)


def schema(made: Any, path: Path | None, lang: str) -> None:
    """Write a JSON Schema to a file, or to stdout."""
    if path is None:
        print_json(made)
        return
    path.write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n", "utf-8")
    err().print(phrase("reading.schema_written", lang, file=path), soft_wrap=True)

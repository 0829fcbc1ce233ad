"""What is shown of the ledger's memory: histories, imports, an import taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from landwatch.commands import Fate, history_rows, value_in_plain
from landwatch.language.catalogue import listed, say
from landwatch.screen.console import err, harmless, moment_words, out, phrase, print_json

if TYPE_CHECKING:
    from landwatch.commands import Imports, Redone, Telling, Thing, Undone
    from landwatch.store import ImportReceipt

_STYLES = {Fate.SPEAKS: "bold", Fate.SUPERSEDED: "dim", Fate.WITHDRAWN: "red"}
_NAMED = 5


def history(things: Sequence[Thing], subject: str, lang: str, *, as_json: bool) -> None:
    """Show who told what of a thing, one table for each key."""
    if as_json:
        print_json(list(history_rows(things)))
        return
    console = out()
    if not things:
        err().print(phrase("memory.nothing", lang, subject=subject))
    for thing in things:
        heading = f"{_kind(thing, lang)} {escape(harmless(thing.key))}"
        table = Table(header_style="bold", title=heading, title_justify="left")
        for name in ("column", "value", "from", "recorded", "fate"):
            table.add_column(phrase(f"memory.{name}", lang), overflow="fold")
        before = None
        for one in thing.tellings:
            name = "" if one.column is before else one.column.in_words(lang)
            table.add_row(escape(name), *_cells(one, lang), style=_STYLES[one.fate])
            before = one.column
        console.print(table)


def _kind(thing: Thing, lang: str) -> str:
    return say(f"now.kind.{thing.kind}", lang)


def _cells(one: Telling, lang: str) -> list[str]:
    record = one.record
    place = phrase("memory.place", lang, file=record.act.source.name, row=record.row)
    if record.sheet:
        sheet = {"file": record.act.source.name, "sheet": record.sheet, "row": record.row}
        place = phrase("memory.place_sheet", lang, **sheet)
    return [_value(one, lang), place, _act(record.act, lang), _fate(one, lang)]


def _value(one: Telling, lang: str) -> str:
    if one.unreadable:
        return phrase("memory.unreadable", lang)
    if one.value is None:
        return phrase("memory.cleared", lang)
    if hasattr(one.value, "wkt"):
        import shapely

        corners = len(shapely.get_coordinates(one.value))
        return phrase("memory.outline", lang, corners=corners)
    if isinstance(one.value, bool):
        return phrase("memory.yes" if one.value else "memory.no", lang)
    return escape(harmless(_worded(one, lang)))


def _worded(one: Telling, lang: str) -> str:
    """Return a value with its unit, a code by its name."""
    choices = one.column.choices
    if choices is not None and str(one.value) in set(choices):
        return choices(str(one.value)).in_words(lang)
    unit = one.column.unit
    return str(value_in_plain(one.value)) + (f" {unit}" if unit not in (None, "1") else "")


def _act(act: ImportReceipt, lang: str) -> str:
    return phrase(
        "memory.act",
        lang,
        when=moment_words(act.recorded_at),
        who=act.recorded_by,
        number=act.import_id,
    )


def _fate(one: Telling, lang: str) -> str:
    """Return what became of a telling, by whom or what."""
    back, after = one.record.withdrawn, one.after
    words = []
    if one.fate is Fate.WITHDRAWN and back is not None:
        told: dict[str, Any] = {"when": moment_words(back.recorded_at), "who": back.recorded_by}
        words.append(phrase("memory.withdrawn", lang, **told))
    elif after is not None:
        told = {"number": after.act.import_id, "row": after.row}
        words.append(phrase("memory.superseded", lang, **told))
    else:
        words.append(phrase("memory.speaks", lang))
    if back is not None and one.fate is not Fate.WITHDRAWN:
        words.append(phrase("memory.elsewhere", lang, number=one.record.act.import_id))
    if one.again:
        numbers = listed((str(act.import_id) for act in one.again[:_NAMED]), lang)
        more = " …" if len(one.again) > _NAMED else ""
        words.append(phrase("memory.again", lang, numbers=numbers) + more)
    return "\n".join(words)


def imports(found: Imports, lang: str, *, as_json: bool) -> None:
    """List the imports, the latest last; those taken back say so."""
    if as_json:
        print_json([_import_json(act, found) for act in found.acts])
        return
    if not found.acts:
        err().print(phrase("memory.no_imports", lang))
        return
    table = Table(header_style="bold")
    for name in ("number", "kind", "file", "recorded", "rows", "fate"):
        numeric = name == "number"
        table.add_column(
            phrase(f"memory.{name}", lang),
            overflow="fold",
            justify="right" if numeric else "left",
            no_wrap=numeric,
        )
    for act in found.acts:
        back = found.withdrawn.get(act.import_id or 0)
        fate = (
            ""
            if back is None
            else phrase(
                "memory.withdrawn", lang, when=moment_words(back.recorded_at), who=back.recorded_by
            )
            + (f"\n{escape(harmless(back.reason))}" if back.reason else "")
        )
        counts = {"new": act.new, "changed": act.changed, "unchanged": act.unchanged}
        table.add_row(
            str(act.import_id),
            say(f"now.kind.{act.kind}", lang),
            escape(harmless(act.source.name)) + _read_by(act, lang),
            f"{moment_words(act.recorded_at)}\n{escape(act.recorded_by)}",
            phrase("memory.counts", lang, **counts),
            fate,
            style="dim" if back else "",
        )
    out().print(table)


def _read_by(act: ImportReceipt, lang: str) -> str:
    """Return which adapters read the file, each on a line under its name."""
    read = act.note.get("adapters", ())
    return "".join("\n" + phrase("memory.adapter", lang, **adapter) for adapter in read)


def _import_json(act: ImportReceipt, found: Imports) -> dict[str, Any]:
    back = found.withdrawn.get(act.import_id or 0)
    return {
        "import_id": act.import_id, "kind": str(act.kind), "file": act.source.name,
        "sha256": act.source.sha256, "size": act.source.size,
        "recorded_at": act.recorded_at.isoformat(), "recorded_by": act.recorded_by,
        "new": act.new, "changed": act.changed, "unchanged": act.unchanged,
        "note": dict(act.note),
        "withdrawn_at": back and back.recorded_at.isoformat(),
        "withdrawn_by": back and back.recorded_by,
        "withdrawn_reason": back and back.reason,
    }  # fmt: skip


def undone(done: Undone, lang: str, *, as_json: bool) -> None:
    """Say what taking an import back came to, or would come to."""
    act, reach = done.act, done.reach
    if as_json:
        print_json(
            {
                "import_id": act.import_id,
                "withdrawn": done.done,
                "withdrawn_before": done.before is not None,
                "rows_hidden": reach.hidden,
                "rows_kept": reach.kept,
                "keys_gone": list(reach.gone),
                "keys_back": list(reach.back),
            }
        )
        return
    console = err()
    told: dict[str, Any] = {"number": act.import_id, "file": act.source.name}
    if done.before is not None:
        when, who = moment_words(done.before.recorded_at), done.before.recorded_by
        console.print(phrase("memory.undone_before", lang, **told, when=when, who=who))
        return
    key = "memory.undone" if done.done else "memory.undone_dry"
    console.print(phrase(key, lang, **told, rows=reach.hidden))
    for name, keys in (("gone", reach.gone), ("back", reach.back)):
        if keys:
            named = listed(keys[:_NAMED], lang) + (" …" if len(keys) > _NAMED else "")
            console.print(phrase(f"memory.{name}", lang, count=len(keys), keys=named))
    if reach.kept:
        console.print(phrase("memory.kept", lang, count=reach.kept))
    if done.done:
        console.print(phrase("memory.again_how", lang, number=act.import_id))


def redone(done: Redone, lang: str) -> None:
    """Say that an import stands again."""
    key = "memory.redone" if done.done else "memory.not_undone"
    told: dict[str, Any] = {"number": done.act.import_id, "file": done.act.source.name}
    err().print(phrase(key, lang, **told))

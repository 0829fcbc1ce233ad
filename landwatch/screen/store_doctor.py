"""What the doctor saw in a store itself: each with its code, what it means, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table

from landwatch.language.catalogue import listed, say
from landwatch.language.columns import Kind
from landwatch.screen.console import err, out, phrase, print_json

if TYPE_CHECKING:
    from landwatch.commands import StoreSeen
    from landwatch.store.ailments import Ailment

_STYLES = {"wrong": "bold red", "suspect": "yellow", "note": "dim"}
_NAMES = {
    "landwatch": "landwatch", "schema": "health.schema", "sqlite": "SQLite",
    "postgresql": "PostgreSQL", "postgis": "PostGIS",
}  # fmt: skip


def store_seen(seen: StoreSeen, lang: str, *, as_json: bool) -> None:
    """Show what the doctor saw in a store."""
    if as_json:
        print_json(_told(seen, lang))
        return
    console = out()
    heading = phrase("health.heading", lang, store=seen.url, versions=versions(seen.versions, lang))
    console.print(heading, soft_wrap=True)
    grave = [one for one in seen.ailments if one.weight != "note"]
    if seen.ailments:
        table = Table(header_style="bold", show_lines=True)
        for key in ("code", "what", "do"):
            name = phrase(f"health.head.{key}", lang)
            table.add_column(name, overflow="fold", no_wrap=key == "code")
        for one in seen.ailments:
            mark = f"[{_STYLES[one.weight]}]●[/]"
            table.add_row(f"{mark} {one.code}", what_of(one, lang), cure_of(one, lang))
        console.print(table)
    if not grave:
        key = "health.sound_but" if seen.ailments else "health.sound"
        console.print(f"[green]{phrase(key, lang, count=len(seen.ailments))}[/]")
    if not seen.every:
        err().print(phrase("health.sampled", lang), soft_wrap=True)


def versions(found: Mapping[str, str], lang: str) -> str:
    """Return versions in a row."""
    return listed((f"{_name(name, lang)} {number}" for name, number in found.items()), lang)


def _name(name: str, lang: str) -> str:
    called = _NAMES.get(name, name)
    return say(called, lang) if "." in called else called


def what_of(one: Ailment, lang: str) -> str:
    """Return what is wrong, safe for a terminal."""
    told = {name: _in_words(value, lang) for name, value in one.told.items()}
    return phrase(f"health.saw.{one.code}", lang, **told)


def cure_of(one: Ailment, lang: str) -> str:
    """Return what to do about it, safe for a terminal."""
    return phrase(f"health.do.{one.code}", lang)


def _in_words(value: object, lang: str) -> object:
    if isinstance(value, Kind):
        return say(f"now.kind.{value}", lang)
    spoken = getattr(value, "in_words", None)
    return spoken(lang) if callable(spoken) else value


def health_line(ailments: Iterable[Ailment], lang: str) -> str:
    """Return in one line how a store is, as far as its rows need not be read for it."""
    counts = Counter(str(one.weight) for one in ailments)
    if not counts["wrong"] and not counts["suspect"]:
        return phrase("health.line_sound", lang)
    style = _STYLES["wrong" if counts["wrong"] else "suspect"]
    grave = [what_of(one, lang) for one in ailments if one.weight != "note"]
    first = grave[0]
    told = {"count": counts["wrong"] + counts["suspect"]}
    return f"[{style}]{phrase('health.line_sick', lang, **told)}[/] {first}"


def ailment_json(one: Ailment, lang: str) -> dict[str, Any]:
    """Return an ailment for a machine."""
    told = {name: _in_words(value, lang) for name, value in one.told.items()}
    return {
        "code": one.code,
        "weight": str(one.weight),
        "words": say(f"health.saw.{one.code}", lang, **told),
        "to_do": say(f"health.do.{one.code}", lang),
        **{f"told_{name}": value for name, value in told.items()},
    }


def _told(seen: StoreSeen, lang: str) -> dict[str, Any]:
    return {
        "store": seen.url,
        "versions": dict(seen.versions),
        "all_rows": seen.every,
        "sick": seen.sick,
        "found": [ailment_json(one, lang) for one in seen.ailments],
    }

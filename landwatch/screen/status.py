"""What is shown of how a store stands, and of what is expected of whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from landwatch.language.catalogue import listed, say
from landwatch.language.sources import AS_FILES, source_in_words
from landwatch.language.terms import Rhythm
from landwatch.screen.console import err, harmless, out, phrase, print_json
from landwatch.screen.sampling import rates_table
from landwatch.screen.status_json import sources_json, status_json
from landwatch.screen.store_doctor import health_line, versions

if TYPE_CHECKING:
    from landwatch.commands import Sources, Status
    from landwatch.scan.freshness_figures import Freshness, SourceLine, Unasked
    from landwatch.scan.freshness_words import Sentence
    from landwatch.store import Expected, RhythmAct

TONES = {"late": "bold red", "due": "yellow", "fine": "green", "plain": ""}
"""How loud a sentence of freshness stands on a terminal."""


def status(found: Status, lang: str, *, as_json: bool) -> None:
    """Show where the store is, what came last, what is late, and which imports were withdrawn."""
    if as_json:
        print_json(status_json(found))
        return
    console = out()
    for line in _heading(found, lang):
        console.print(line, soft_wrap=True)
    console.print()
    if found.freshness.lines:
        console.print(_sources_table(found.freshness, lang))
    sentences(_said(found.freshness, lang))
    console.print()
    console.print(_ages_table(found.freshness, lang))
    if found.audit is not None:
        console.print()
        told = {"sample": found.audit.sample.sample_id, "scan": found.audit.sample.scan_id}
        console.print(phrase("audit.said.status", lang, **told), soft_wrap=True)
        console.print(rates_table(found.audit, lang, all_classes=False))
    if found.withdrawn:
        console.print()
        console.print(_withdrawn_table(found, lang))


def sentences(said: Iterable[Sentence]) -> None:
    """Print sentences of freshness, each as loud as it is meant."""
    console = out()
    for one in said:
        mark, style = f"[{TONES[one.tone]}]•[/]" if TONES[one.tone] else "•", TONES[one.tone]
        text = _plain(one.text)
        line = f"{mark} [{style}]{text}[/]" if one.tone == "late" else f"{mark} {text}"
        console.print(line, soft_wrap=True)


def _heading(found: Status, lang: str) -> Iterable[str]:
    form = phrase(f"now.form.{found.store.form}", lang)
    told = {"store": found.store.url, "form": form, "version": found.store.version}
    if found.store.size_bytes is None:
        yield phrase("now.store", lang, **told)
    else:
        size = f"{found.store.size_bytes / 1e6:.2f}"
        yield phrase("now.store_file", lang, **told, size=size)
    if (last := found.last_import) is None:
        yield phrase("now.no_import", lang)
    else:
        yield phrase(
            "now.import", lang, number=last.import_id, file=last.source.name,
            kind=phrase(f"now.kind.{last.kind}", lang), when=_moment(last.recorded_at),
            who=last.recorded_by, new=last.new, changed=last.changed,
        )  # fmt: skip
    if (scan := found.last_scan) is None:
        yield phrase("now.no_scan", lang)
    else:
        yield phrase(
            "now.scan", lang, scan=scan.scan_id, day=scan.as_of, when=_moment(scan.made_at),
            who=scan.made_by, contracts=scan.contracts,
        )  # fmt: skip
    yield phrase("health.versions", lang, versions=versions(found.versions, lang))
    yield health_line(found.ailments, lang)
    if found.known_at is not None:
        yield phrase("now.known_at", lang, when=_moment(found.known_at))


def _sources_table(fresh: Freshness, lang: str) -> Table:
    """Return a line for each source that is expected somewhere."""
    from landwatch.scan.freshness_words import (
        loudest_first,
        rhythm_in_words,
        share_in_words,
        tone_of,
        where_in_words,
    )

    title = phrase("now.freshness", lang, day=fresh.as_of)
    table = Table(header_style="bold", title=title, title_justify="left")
    for key in ("source", "scope", "rhythm", "period", "covered", "standing", "latest"):
        table.add_column(phrase(f"now.column.{key}", lang), overflow="fold")
    for line in loudest_first(fresh.lines):
        period = line.period.in_words(lang) if line.period else ""
        due = phrase("now.due", lang, day=line.due_on) if line.due_on else ""
        covered = f"{line.covered}/{line.expected}" if line.expected else ""
        style, standing = TONES[tone_of(line)], line.standing.in_words(lang)
        table.add_row(
            _plain(source_in_words(line.asked.source, lang)),
            _plain(where_in_words(line, fresh, lang)),
            _plain(rhythm_in_words(line.asked, lang)),
            f"{period}\n{due}".strip(),
            f"{covered}\n{share_in_words(line.share)}".strip(),
            f"[{style}]{standing}[/]" if style else standing,
            _latest(line, fresh, lang),
        )
    return table


def _latest(line: SourceLine, fresh: Freshness, lang: str) -> str:
    """Return the last day that a source tells of, and when that came."""
    from landwatch.scan.freshness_words import latest_in_words

    seen, recorded = latest_in_words(line.latest, fresh, lang), line.latest.recorded_at
    if recorded is None or line.asked.source in AS_FILES:
        return seen
    return seen + "\n" + phrase("now.recorded", lang, when=f"{recorded.astimezone():%Y-%m-%d}")


def _said(fresh: Freshness, lang: str) -> Iterable[Sentence]:
    """Yield who should send what, then what nobody expects; the complete stand in the table."""
    from landwatch.scan.freshness_words import (
        Sentence,
        loudest_first,
        standing_sentence,
        tone_of,
    )

    if not fresh.lines:
        yield Sentence("plain", say("fresh.nothing_expected", lang))
    for line in loudest_first(fresh.lines):
        if tone_of(line) in ("late", "due"):
            yield standing_sentence(line, fresh, lang)
    if fresh.unasked:
        told = listed((_last(one, lang) for one in fresh.unasked), lang)
        yield Sentence("plain", say("now.not_expected", lang, sources=told))


def _last(one: Unasked, lang: str) -> str:
    name = source_in_words(one.source, lang)
    day = one.latest.observed_on or say("fresh.never", lang)
    return say("now.last", lang, source=name, day=day)


def _ages_table(fresh: Freshness, lang: str) -> Table:
    from landwatch.scan.freshness_figures import BANDS
    from landwatch.scan.freshness_words import zone_in_words

    title = phrase("now.ages", lang)
    table = Table(header_style="bold", title=title, title_justify="left")
    table.add_column(phrase("now.column.zone", lang), overflow="fold")
    low = 0
    for high in BANDS:
        key = "now.column.within" if low == 0 else "now.column.between"
        table.add_column(phrase(key, lang, low=low, high=high), justify="right")
        low = high + 1
    table.add_column(phrase("now.column.older", lang, days=BANDS[-1]), justify="right")
    for key in ("never", "finished", "later", "total"):
        table.add_column(phrase(f"now.column.{key}", lang), justify="right")
    every = [(zone_in_words(one.zone_id, fresh, lang), one) for one in fresh.ages]
    if len(every) != 1:
        every.append((phrase("now.all_zones", lang), fresh.all_ages))
    for name, ages in every:
        cells = [*ages.counts, ages.finished, ages.later]
        shown = [str(count or "·") for count in cells]
        for place in (len(BANDS), len(BANDS) + 1):
            shown[place] = f"[yellow]{shown[place]}[/]" if cells[place] else "·"
        table.add_row(_plain(name), *shown, str(sum(cells)))
    table.caption = phrase("now.ages_note", lang)
    table.caption_justify = "left"
    return table


def _withdrawn_table(found: Status, lang: str) -> Table:
    title = phrase("now.withdrawn", lang, count=len(found.withdrawn))
    table = Table(header_style="bold", title=title, title_justify="left")
    for key in ("import", "file", "when", "who", "why"):
        table.add_column(phrase(f"now.column.{key}", lang), overflow="fold")
    for receipt, back in found.withdrawn:
        cells = (receipt.source.name, _moment(back.recorded_at), back.recorded_by, back.reason)
        table.add_row(str(receipt.import_id), *map(_plain, cells))
    return table


def _plain(text: str) -> str:
    """Return what a ledger says so that it is neither markup nor obeyed by a terminal."""
    return escape(harmless(text))


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def _where(zone: str | None, lang: str) -> str:
    return zone or phrase("fresh.everywhere", lang)


def source_expected(
    source: str, rhythm: str, grace: int, zone: str | None, lang: str, *, new: bool
) -> None:
    """Say what is expected now of a source."""
    key = "source_said.expected" if new else "source_said.already"
    told = {"source": source_in_words(source, lang), "where": _where(zone, lang), "days": grace}
    err().print(phrase(key, lang, rhythm=Rhythm(rhythm).in_words(lang), **told))


def source_dropped(source: str, zone: str | None, lang: str, *, gone: bool) -> None:
    """Say what became of dropping a source."""
    key = "source_said.dropped" if gone else "source_said.not_expected"
    name = source_in_words(source, lang)
    err().print(phrase(key, lang, source=name, where=_where(zone, lang)))


def source_received(source: str, lang: str) -> None:
    """Say that a source's coming is recorded."""
    err().print(phrase("source_said.received", lang, source=source_in_words(source, lang)))


def sources(found: Sources, lang: str, *, history: bool, as_json: bool) -> None:
    """List what is expected of which source, or every act that led there."""
    if as_json:
        print_json(sources_json(found, history=history))
        return
    if not history and not found.expected:
        out().print(phrase("fresh.nothing_expected", lang), soft_wrap=True)
        return
    table = Table(header_style="bold")
    keys = ("source", "code", "scope", "rhythm", "grace", "when", "who")
    for key in ("act", *keys) if history else keys:
        name = phrase(f"now.column.{key}", lang)
        table.add_column(name, overflow="fold", no_wrap=key == "code")  # to be copied
    for act in found.acts if history else ():
        table.add_row(phrase(f"now.act.{act.act}", lang), *_act_cells(act, found, lang))
    for held in () if history else found.expected:
        table.add_row(*_act_cells(held, found, lang))
    out().print(table)


def _act_cells(act: RhythmAct | Expected, found: Sources, lang: str) -> list[str]:
    zone = found.zones.get(act.zone_id or "") or act.zone_id
    return [
        _plain(source_in_words(act.source, lang)),
        act.source,
        _plain(_where(zone, lang)),
        act.rhythm.in_words(lang) if act.rhythm else "",
        "" if act.grace_days is None else str(act.grace_days),
        _moment(act.recorded_at),
        _plain(act.recorded_by),
    ]

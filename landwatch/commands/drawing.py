"""What is written of a kept scan: the map and the workbook."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.finding import wanted_findings
from landwatch.commands.made_up import made_up_ledger
from landwatch.commands.page_size import PageSize, hold_to_size, size_of
from landwatch.commands.page_time import NO_OTHER_TIME, TimeWishes
from landwatch.commands.scanning import LATEST, Which, scan_meant
from landwatch.errors import UsageError
from landwatch.language.catalogue import say
from landwatch.language.columns import Kind

if TYPE_CHECKING:
    from landwatch.mapping.backdrops.wishes import BackdropWishes
    from landwatch.mapping.gather import PartMaker
    from landwatch.mapping.page import PageReceipt


@dataclass(frozen=True, slots=True)
class PageWishes:
    """What the user wants on the page beside the findings of the scan."""

    time: TimeWishes = NO_OTHER_TIME
    backdrops: BackdropWishes | None = None

    def makers(self) -> list[PartMaker]:
        """Return what makes each wish a part of the page."""
        from landwatch.mapping.industries import industries_of
        from landwatch.mapping.summary import summary_of
        from landwatch.mapping.terms import card_part

        makers: list[PartMaker] = [summary_of, industries_of, card_part, *self.time.makers()]
        part = None if self.backdrops is None else self.backdrops.part()
        return makers if part is None else [*makers, lambda _: part]


def draw_map(
    url: str,
    path: Path,
    *,
    lang: str,
    statuses: Collection[str] = (),
    which: Which = LATEST,
    title: str | None = None,
    made_up: bool = False,
    zone: str | None = None,
    anyway: bool = False,
    wishes: PageWishes | None = None,
) -> PageReceipt:
    """Write the page of a kept scan: one file that opens anywhere, without a network.

    `statuses` and `zone` narrow it; `anyway` writes one that is larger than a page should be.

    Raises:
        UsageError: the name does not end in .html, or one page cannot hold so much.
    """
    from landwatch.mapping.gather import map_data
    from landwatch.mapping.page import write_page

    place_of_page(path)
    store = bootstrap.the_store(url)
    summary = scan_meant(store, which)
    wanted_findings(store, summary, statuses=statuses, zones=[zone] if zone else ())
    if not statuses and zone is None:  # it can be told before anything is read
        parcels = len(store.known_keys(Kind.PARCELS, known_at=summary.known_at))
        hold_to_size(PageSize(parcels, 0), anyway=anyway)
    wishes = wishes or PageWishes()
    wishes.time.hold_to(store, summary)
    data = map_data(
        store,
        summary,
        bootstrap.lawbook_of(store, summary),
        title=titled(title or say("cli.map_title", lang), which, lang),
        statuses=frozenset(statuses),
        zone=zone,
        made_up=made_up or made_up_ledger(store, summary),
        makers=wishes.makers(),
    )
    hold_to_size(size_of(data), anyway=anyway)
    return write_page(path, data, lang=lang)


def titled(title: str, which: Which, lang: str) -> str:
    """Return a title that tells the moment whose knowledge is shown, where one was asked for."""
    if which.known_at is None:
        return title
    moment = which.known_at.astimezone().strftime("%Y-%m-%d %H:%M")
    return say("scan.title_then", lang, title=title, moment=moment)


def place_of_page(path: Path) -> Path:
    """Return the path where a page may be written: by its name it is no store and no ledger.

    Raises:
        UsageError: the name does not end in .html.
    """
    if path.suffix.lower() not in (".html", ".htm"):
        raise UsageError("error.map_kind", file=path.name)
    return path


def report(
    url: str, path: Path, *, lang: str, which: Which = LATEST, title: str | None = None
) -> Path:
    """Write the workbook of a kept scan: parks, findings, the visit list.

    Raises:
        UsageError: the name does not end in .xlsx.
    """
    from landwatch.reports.gather import report_data
    from landwatch.reports.workbook import write_report

    if path.suffix.lower() != ".xlsx":
        raise UsageError("error.report_kind", file=path.name)
    store = bootstrap.the_store(url)
    summary = scan_meant(store, which)
    data = report_data(
        store,
        summary,
        bootstrap.lawbook_of(store, summary),
        title=titled(title or say("cli.report_title", lang), which, lang),
    )
    write_report(path, data, lang)
    return path

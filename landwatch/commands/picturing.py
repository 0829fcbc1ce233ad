"""What goes on paper of a kept scan: the picture of its parks, the slip of a contract."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.made_up import made_up_ledger
from landwatch.commands.scanning import LATEST, Which, scan_meant
from landwatch.commands.telling import Told, each_known
from landwatch.errors import UsageError
from landwatch.files import check_writable
from landwatch.language.catalogue import say
from landwatch.language.columns import Kind
from landwatch.language.terms import Status
from landwatch.ledger.cells import tidy

if TYPE_CHECKING:
    from landwatch.mapping.picture import PictureReceipt
    from landwatch.reports.slip import SlipReceipt

LEAST_DPI, MOST_DPI = 72, 600
PAPERS = ("a4", "a3")
_ADDRESSES = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Paper:
    """What a picture or a slip is to look like.

    Attributes:
        size: a4 or a3.
        landscape: whether it lies on its long side.
        link: the address of a served map, for the codes; none where None.
        note: a line of the user's own at the foot: a source, an approval number.
        font: a font file; the machine's own where None.
        dpi: dots per inch of a PNG.
        made_up: whether to say that all of it is made up.
    """

    size: str = "a4"
    landscape: bool = True
    link: str | None = None
    note: str | None = None
    font: Path | None = None
    dpi: int = 200
    made_up: bool = False

    def checked(self) -> Paper:
        """Return itself.

        Raises:
            UsageError: a paper that is not known, or a link that is no address.
        """
        if self.size not in PAPERS:
            raise UsageError("picture.error.paper", value=self.size)
        if self.link is not None and not self.link.startswith(_ADDRESSES):
            raise UsageError("picture.error.link", value=self.link)
        return self


def draw_picture(
    url: str,
    path: Path,
    *,
    lang: str,
    which: Which = LATEST,
    statuses: Collection[str] = (),
    zone: str | None = None,
    atlas: bool = False,
    title: str | None = None,
    paper: Paper | None = None,
    told: Told | None = None,
) -> PictureReceipt:
    """Draw a kept scan for paper: all parks, one of them, or an atlas with a card for each parcel.

    Raises:
        UsageError: the name does not end as a picture's, or the paper is not known.
        UnknownNameError: a status or park that the scan does not know.
        PageError: nothing can be drawn, or no font writes Chinese.
    """
    from landwatch.mapping.picture import is_picture, write_picture
    from landwatch.mapping.picture_page import PictureWishes
    from landwatch.mapping.picture_scene import scene_of

    paper = (paper or Paper()).checked()
    if not is_picture(path):
        raise UsageError("picture.error.kind", file=path.name)
    check_writable(path)
    store = bootstrap.the_store(url)
    summary = scan_meant(store, which)
    each_known("what.status", statuses, list(Status))
    if zone is not None:
        zones = store.columns(Kind.ZONES, known_at=summary.known_at).column("zone_id")
        each_known("what.zone", [zone], zones.to_pylist())
    scene = scene_of(
        store,
        summary,
        bootstrap.lawbook_of(store, summary),
        title=title or say("cli.map_title", lang),
        statuses=frozenset(statuses),
        known_at=which.known_at,
        made_up=paper.made_up or made_up_ledger(store, summary),
    )
    wishes = PictureWishes(
        lang=lang, paper=paper.size, landscape=paper.landscape, zone_id=zone, atlas=atlas,
        link=paper.link, note=paper.note, font=paper.font, dpi=paper.dpi,
    )  # fmt: skip
    return write_picture(path, scene, wishes, told)


def write_slip(
    url: str,
    contract: str,
    path: Path,
    *,
    lang: str,
    which: Which = LATEST,
    paper: Paper | None = None,
) -> SlipReceipt:
    """Write the page of a contract that an inspector takes along and signs.

    Raises:
        UsageError: the name ends neither in .docx nor in .pdf.
        UnknownNameError: no such contract in the scan; the nearest is offered.
        PageError: no font writes Chinese.
    """
    from landwatch.reports.slip import is_slip, slip_of
    from landwatch.reports.slip_files import write_slip as write

    paper = (paper or Paper()).checked()
    if not is_slip(path):
        raise UsageError("slip.error.kind", file=path.name)
    check_writable(path)
    store = bootstrap.the_store(url)
    summary = scan_meant(store, which)
    name = tidy(contract)
    each_known("what.contract", [name], store.known_keys(Kind.CONTRACTS, known_at=summary.known_at))
    made_up = paper.made_up or made_up_ledger(store, summary)
    slip = slip_of(
        store, summary, bootstrap.lawbook_of(store, summary), name,
        lang=lang, link=paper.link, known_at=which.known_at, made_up=made_up,
    )  # fmt: skip
    return write(path, slip, font=paper.font)

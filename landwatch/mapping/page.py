"""Writes the map: one HTML file that works by double click and asks no host for anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import folium

import landwatch
from landwatch.errors import PageError, Worded
from landwatch.files import whole_file
from landwatch.language.catalogue import LANGUAGES, catalogue
from landwatch.mapping.arranging import arranged
from landwatch.mapping.data import MapData, RuleCard, ZoneOutline
from landwatch.mapping.pack import details_pack, drawing_pack, telling_pack
from landwatch.mapping.parts import Outward
from landwatch.mapping.pinyin import Sounds
from landwatch.mapping.shell import data_blocks, page_around
from landwatch.mapping.style import CLASSES

__all__ = ["MapData", "PageReceipt", "RuleCard", "ZoneOutline", "page_html", "write_page"]

BLOCKS = "<!-- landwatch: data -->"
WORD_FAMILIES = (
    "map.page.",
    "gravity.",
    "authority.",
    "status.",
    "remedy.",
    "zone_level.",
    "progress_source.",
    "standing.",
    "compare.kind.",
    "compare.nothing",
)
NOTEBOOK_WORDS = "frame_"
"""What the page of a notebook says alone."""


@dataclass(frozen=True, slots=True)
class PageReceipt:
    """What was written."""

    path: Path
    bytes: int
    parcels: int
    parcels_drawn: int
    contracts: int
    contracts_without_geometry: int
    findings: int
    remarks: tuple[Worded, ...] = ()


def write_page(path: Path, data: MapData, *, lang: str = "zh") -> PageReceipt:
    """Write the page of `data` to `path`, at once or not at all.

    Args:
        path: the file to write; an older one is replaced.
        data: what the page shows.
        lang: the language in which the page opens; it carries both.

    Raises:
        PageError: the page cannot be built offline, or the file cannot be written.
    """
    data = replace(data, parts=(*data.parts, Sounds()))
    rows = arranged(data)
    blocks = {
        "drawing": drawing_pack(data, rows),
        "telling": telling_pack(data, rows),
        "details": details_pack(data, rows),
    }
    outward = [part for part in data.parts if isinstance(part, Outward)]
    for part in outward:
        blocks |= part.blocks(data, rows)
    images = [source for part in outward for source in part.image_sources()]
    text = page_html(blocks, title=data.title, lang=lang, images=images).encode("utf-8", "replace")
    with whole_file(path, error=PageError) as beside:
        beside.write_bytes(text)
        for part in outward:
            part.lay_beside()
    return PageReceipt(
        path,
        len(text),
        len(data.parcel_id),
        rows.drawn,
        data.contract_count,
        int(rows.without_shape.sum()),
        data.finding_count,
        tuple(remark for part in outward for remark in part.remarks()),
    )


def page_html(blocks: dict[str, str], *, title: str, lang: str, images: Sequence[str] = ()) -> str:
    """Return the page around its packs; it may ask `images`, hosts, for pictures."""
    shell = folium.Map(
        location=[35.0, 104.0],
        zoom_start=4,
        tiles=None,
        zoom_control=False,
        max_zoom=21,
        fade_animation=False,  # a parcel is there when it is said to be
    )
    page = page_around(shell, "page", mark=BLOCKS, title=title, lang=lang, images=images)
    return page.replace(BLOCKS, _data_blocks(blocks, lang), 1)


def _data_blocks(blocks: dict[str, str], lang: str) -> str:
    """Return the packs and the words as blocks that no browser runs."""
    settings = {
        "lang": lang,
        "version": landwatch.__version__,
        "words": words(),
        "classes": [asdict(kind) for kind in CLASSES],
    }
    return data_blocks(settings, blocks)


def words() -> dict[str, dict[str, str]]:
    """Return every word of the page in each language."""
    return {
        lang: {
            name: texts[lang]
            for key, texts in catalogue().items()
            if key.startswith(WORD_FAMILIES)
            if not (name := key.removeprefix("map.page.")).startswith(NOTEBOOK_WORDS)
        }
        for lang in LANGUAGES
    }

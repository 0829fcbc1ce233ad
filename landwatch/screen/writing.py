"""Where files were written, and what the demo made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landwatch.commands.page_size import PageSize
from landwatch.screen.console import err, phrase
from landwatch.screen.intake import counts_of
from landwatch.screen.scanning import scanned

if TYPE_CHECKING:
    from pathlib import Path

    from landwatch.commands import Shown
    from landwatch.mapping.page import PageReceipt


def written(path: Path, count: int, lang: str) -> None:
    """Say where findings were written."""
    err().print(phrase("screen.written", lang, file=path, count=count))


def drawn(receipt: PageReceipt, lang: str) -> None:
    """Say what the page holds."""
    err().print(
        phrase(
            "screen.drawn",
            lang,
            file=receipt.path,
            size=f"{receipt.bytes / 1e6:.2f}",
            parcels=receipt.parcels_drawn,
            contracts=receipt.contracts,
            without=receipt.contracts_without_geometry,
        )
    )
    seconds = PageSize(receipt.parcels, receipt.bytes).seconds
    if seconds is not None:
        told = {"parcels": f"{receipt.parcels:,}", "size": f"{receipt.bytes / 1e6:,.0f}"}
        err().print(phrase("page_size.many", lang, seconds=seconds, **told), soft_wrap=True)
    for remark in receipt.remarks:
        err().print(phrase("screen.page_remark", lang, remark=remark.in_words(lang)))


def reported(path: Path, lang: str) -> None:
    """Say where the workbook is."""
    err().print(phrase("screen.reported", lang, file=path))


def demo_shown(shown: Shown, lang: str) -> None:
    """Show what the demo made, its figures, and what to try next."""
    console = err()
    console.print(phrase("screen.demo_ledger", lang))
    for one in shown.imported:
        console.print(
            phrase("screen.demo_file", lang, file=one.source.name, **counts_of(one)), soft_wrap=True
        )
    scanned(shown.scanned, lang, as_json=False)
    err().print(
        phrase(
            "screen.demo",
            lang,
            folder=shown.folder,
            store=shown.store,
            map=shown.map,
            workbook=shown.workbook,
        )
    )

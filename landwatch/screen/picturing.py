"""Where a picture or a slip was written, and what stands on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landwatch.screen.console import err, phrase, print_json

if TYPE_CHECKING:
    from landwatch.mapping.picture import MapTold, PictureReceipt
    from landwatch.reports.slip import SlipReceipt


def pictured(receipt: PictureReceipt, lang: str, *, as_json: bool = False) -> None:
    """Say which files a picture became, and each map's scale and what it shows."""
    if as_json:
        print_json(
            {
                "files": [str(path) for path in receipt.files],
                "pages": receipt.pages,
                "font": receipt.font,
                "maps": [_told(one) for one in receipt.maps],
            }
        )
        return
    console = err()
    first, last = receipt.files[0], receipt.files[-1]
    key = "picture.written" if first == last else "picture.written_files"
    count = len(receipt.files)
    console.print(
        phrase(key, lang, file=first, last=last, count=count, pages=receipt.pages), soft_wrap=True
    )
    for one in receipt.maps:
        console.print(_line(one, lang), soft_wrap=True)
    console.print(phrase("picture.font", lang, font=receipt.font), soft_wrap=True)


def _line(one: MapTold, lang: str) -> str:
    told = {"name": one.name, "drawn": one.drawn, "contracts": one.contracts}
    if one.ratio is None:
        return phrase("picture.map_none", lang, **told)
    without = one.unplaced_contracts
    key = "picture.map_without" if without else "picture.map"
    return phrase(
        key, lang, **told, ratio=f"{one.ratio:,}", plane=one.plane, without=without
    ).strip()


def _told(one: MapTold) -> dict[str, object]:
    return {
        "zone_id": one.zone_id,
        "name": one.name,
        "ratio": one.ratio,
        "plane": one.plane,
        "parcels_drawn": one.drawn,
        "contracts": one.contracts,
        "contracts_without_geometry": one.unplaced_contracts,
        "listed": one.listed,
    }


def slip_written(receipt: SlipReceipt, lang: str, *, as_json: bool = False) -> None:
    """Say where a slip is, and how many of the contract's findings stand on it."""
    if as_json:
        print_json(
            {
                "file": str(receipt.path),
                "contract_id": receipt.contract_id,
                "findings": receipt.findings,
                "findings_told": receipt.told,
            }
        )
        return
    key = "slip.written" if receipt.told == receipt.findings else "slip.written_some"
    console = err()
    console.print(
        phrase(
            key, lang, file=receipt.path, told=receipt.told, count=receipt.findings
        ),
        soft_wrap=True,
    )  # fmt: skip

"""The QR code beside a parcel on a field paper: what it holds, and where its dark squares stand.

Where there is no internet a code must speak for itself: it holds the contract, the parcel, the
middle of the parcel and the scan, as a text that any phone shows, and at last a `geo:` URI that a
phone opens in whatever map it has. It says nothing of what was found: a paper gets lost. Where a
map is served, `--link` gives its address, and the code opens the parcel there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from landwatch.mapping.picture_paper import PAPER, Points, Shape

QUIET_MODULES = 4
INK = "#000000"
MOST_SIGNS = 40
"""A number longer than this is cut: the code must stay large enough to be read."""


@dataclass(frozen=True, slots=True)
class Marked:
    """What a code points at; `place` is longitude and latitude (CGCS2000), None if unknown."""

    contract_id: str | None
    parcel_id: str | None
    place: tuple[float, float] | None
    scan_id: int | None
    as_of: date


def said(marked: Marked) -> str:
    """Return the text of a code that needs no network.

    >>> print(said(Marked("HT-1", "LZ-001", (103.8, 36.05), 3, date(2021, 7, 1))))
    HT-1
    LZ-001
    36.050000,103.800000 CGCS2000
    2021-07-01 #3
    geo:36.050000,103.800000
    """
    names = (_short(name) for name in (marked.contract_id, marked.parcel_id) if name)
    lines = list(dict.fromkeys(names))
    number = "" if marked.scan_id is None else f" #{marked.scan_id}"
    day = f"{marked.as_of.isoformat()}{number}"
    if marked.place is None:
        return "\n".join([*lines, day])
    at = f"{marked.place[1]:.6f},{marked.place[0]:.6f}"
    return "\n".join([*lines, f"{at} CGCS2000", day, f"geo:{at}"])


def linked(address: str, marked: Marked) -> str:
    """Return the address of the contract, else the parcel, on a served map: as its page reads it.

    >>> linked("https://map/", Marked("HT 1", "P", None, 3, date(2021, 7, 1)))
    'https://map/#contract=HT%201'
    """
    name, value = ("contract", marked.contract_id) if marked.contract_id else ("parcel", "")
    value = value or marked.parcel_id or ""
    whole = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return f"{address.partition('#')[0]}#{name}={quote(whole, safe='')}"


def _short(name: str) -> str:
    line = "".join(sign for sign in " ".join(name.split()) if sign.isprintable())
    return line if len(line) <= MOST_SIGNS else line[: MOST_SIGNS - 1] + "…"


def modules(text: str) -> NDArray[np.bool_]:
    """Return which squares of the code of a text are dark, row by row from above."""
    import segno

    code = segno.make_qr(text, error="m", encoding="utf-8", boost_error=False)
    return np.array([[bool(one) for one in row] for row in code.matrix], np.bool_)


def code_shapes(text: str, left: float, bottom: float, side_mm: float) -> list[Shape]:
    """Return the code of a text with its quiet margin, on white, at a place of a sheet."""
    dark = modules(text)
    unit = side_mm / (len(dark) + 2 * QUIET_MODULES)
    ground = _square(left, bottom, side_mm, side_mm)
    top = bottom + side_mm - QUIET_MODULES * unit
    runs = []
    for row, cells in enumerate(dark):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], cells.astype(np.int8), [0]])))
        for first, last in edges.reshape(-1, 2).tolist():
            x = left + (QUIET_MODULES + first) * unit
            runs.append(_square(x, top - (row + 1) * unit, (last - first) * unit, unit))
    return [Shape([ground], fill=PAPER), Shape(runs, fill=INK)]


def _square(left: float, bottom: float, width: float, height: float) -> Points:
    right, top = left + width, bottom + height
    return np.array([(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)])

"""How a person says a ledger file is to be read, where the file itself does not say or is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landwatch.ledger.mapping import HeaderMapping


@dataclass(frozen=True, slots=True)
class Instructions:
    """What is said of a file by the person who imports it.

    `encoding` is that of a text file or of a Shapefile's attributes; it is found out where it is
    not named. `crs` is the coordinate system of drawn areas, where the file names none or a wrong
    one. `today` is the day of the import: what is told to have been seen or done after it cannot be
    true; None holds no day against any today. `mapping` is what a person says that headers mean; it
    goes before what landwatch knows. `cure` names the cure of the coordinates that a person chose,
    and `repair` says that invalid outlines are to be repaired: neither is ever done unasked. For a
    `sketch` nothing is moved: a doctor looks at the numbers as they are written. `adapter` names
    the adapter that is to read the file, `none` that none is; else the one that knows it does.
    """

    encoding: str | None = None
    crs: str | None = None
    today: date | None = None
    mapping: HeaderMapping | None = None
    cure: str | None = None
    repair: bool = False
    sketch: bool = False
    adapter: str | None = None


AS_IT_IS = Instructions()

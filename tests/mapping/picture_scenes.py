"""A small made-up scene for the tests of pictures, and what poppler reads of a PDF."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import shapely

from landwatch.language.terms import Gravity
from landwatch.mapping.data import ZoneOutline
from landwatch.mapping.picture_scene import Asked, Holding, Plot, Scene
from landwatch.mapping.style import CLASS_OF, NO_CONTRACT_CLASS

BREACH = CLASS_OF[(str(Gravity.BREACH), False)]
DRAFTED = CLASS_OF[(str(Gravity.BREACH), True)]
COMPLIANT = CLASS_OF[(str(Gravity.COMPLIANT), False)]
WEST, SOUTH = 103.80, 36.05


def land(column: int, row: int) -> shapely.Polygon:
    """A parcel about 180 m wide; its neighbours are 40 m away."""
    west, south = WEST + column * 0.0024, SOUTH + row * 0.0022
    return shapely.box(west, south, west + 0.002, south + 0.0018)


def scene(names: Sequence[str] = ("黄河机械", "兰山玻璃", "白塔食品")) -> Scene:
    """Two parks: a breach, a drafted one and a compliant contract; a bare parcel, one unplaced."""
    late = (Asked("按约定日期动工", "start by the agreed day", date(2020, 6, 30), 366),)
    holdings = [
        Holding("HT-1", names[0], "机床", "J", 30.0, BREACH, late, (0,)),
        Holding("HT-2", names[1], None, "J", None, DRAFTED, late, (1,)),
        Holding("HT-3", names[2], "罐头", "Y", 45.5, COMPLIANT, (), (2,)),
        Holding("HT-4", None, None, "J", 12.0, BREACH, late, ()),
    ]
    plots = [
        Plot("LZ-1", "J", 30.0, land(0, 0), BREACH, (0,)),
        Plot("LZ-2", "J", 40.0, land(1, 0), DRAFTED, (1,)),
        Plot("LZ-3", "Y", 45.5, land(4, 1), COMPLIANT, (2,)),
        Plot("LZ-4", "Y", 20.0, land(5, 1), NO_CONTRACT_CLASS),
    ]
    around = shapely.box(WEST - 0.001, SOUTH - 0.001, WEST + 0.006, SOUTH + 0.004)
    zones = [ZoneOutline("J", "甲园区", "national", around), ZoneOutline("Y", "乙园区", "county")]
    return Scene(plots, holdings, zones, "供地履约图", date(2021, 7, 1), 3)


def many(count: int) -> Scene:
    """One park with many contracts, each in breach on a parcel of its own."""
    base = scene()
    across = 10
    plots = [
        Plot(f"P-{n}", "J", 30.0, land(n % across, n // across), BREACH, (n,)) for n in range(count)
    ]
    holdings = [
        Holding(f"HT-{n:03d}", f"第{n}号公司", None, "J", 30.0, BREACH, (), (n,))
        for n in range(count)
    ]
    return replace(base, plots=plots, holdings=holdings)


def text_of(path: Path) -> str:
    """Return the text of a PDF as a search finds it."""
    done = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True)
    return done.stdout


def pages_of(path: Path) -> int:
    """Return how many pages a PDF has."""
    done = subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True)
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("Pages:"))
    return int(line.split()[1])


def fonts_of(path: Path) -> list[str]:
    """Return a line for each font of a PDF, as poppler tells it."""
    done = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True)
    return done.stdout.splitlines()[2:]

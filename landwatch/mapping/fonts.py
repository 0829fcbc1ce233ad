"""Which installed font writes Chinese, how wide its signs are, and the part that a file needs.

Collections (.ttc) hold one face for each region, and the first of Noto's is the Japanese one: the
face of simplified Chinese is taken. What goes into a file are the outlines of the signs that stand
there and no more, so that a PDF stays small and can be searched.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from landwatch.errors import PageError

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

PROBE = "涉嫌宗地亩"
"""A font without these signs cannot write what a picture says."""
LACKING = "\u3013"
"""The geta, which printers put where a sign is lacking."""
_RESTRICTED = 0x0002
_POINTS_PER_MM = 72 / 25.4

_KNOWN = (  # regular face, and how the bold one of the same family is called
    ("NotoSansCJKsc-Regular.otf", "NotoSansCJKsc-Bold.otf"),
    ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
    ("NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf"),
    ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"),
    ("SourceHanSansSC-Regular.otf", "SourceHanSansSC-Bold.otf"),
    ("SourceHanSansCN-Regular.otf", "SourceHanSansCN-Bold.otf"),
    ("SourceHanSans.ttc", ""),
    ("SourceHanSans-Regular.ttc", "SourceHanSans-Bold.ttc"),
    ("msyh.ttc", "msyhbd.ttc"),
    ("msyh.ttf", "msyhbd.ttf"),
    ("PingFang.ttc", ""),
    ("Hiragino Sans GB.ttc", ""),
    ("STHeiti Medium.ttc", ""),
    ("Deng.ttf", "Dengb.ttf"),
    ("simhei.ttf", ""),
    ("wqy-microhei.ttc", ""),
    ("wqy-zenhei.ttc", ""),
    ("DroidSansFallbackFull.ttf", ""),
    ("FandolHei-Regular.otf", "FandolHei-Bold.otf"),
    ("simsun.ttc", ""),
    ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"),
    ("uming.ttc", ""),
)
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
    "${WINDIR}/Fonts",
    "${LOCALAPPDATA}/Microsoft/Windows/Fonts",
)
_SIMPLIFIED = re.compile(r"\b(SC|CN|GB)\b|YaHei|SimSun|SimHei|PRC", re.IGNORECASE)
_ASIDE = re.compile(r"\b(Mono|UI|HW|NSimSun)\b")


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file.

    Attributes:
        path: the file.
        number: its place in a collection; 0 where the file is one face.
        name: of its family.
        widths: how wide each sign is, in parts of the height of the letters.
    """

    path: Path
    number: int
    name: str
    widths: Mapping[int, float] = field(repr=False, compare=False, hash=False)

    def written(self, text: object) -> str:
        """Return a text as this face can write it, in one line.

        Signs without a shape are left out, white space becomes a blank, a sign that the face lacks
        becomes 〓.
        """
        told = unicodedata.normalize("NFC", "" if text is None else str(text))
        signs = (" " if sign.isspace() else sign for sign in told)
        kept = (sign for sign in signs if unicodedata.category(sign) not in ("Cc", "Cf", "Cs"))
        return "".join(sign if ord(sign) in self.widths else LACKING for sign in kept)

    def width_mm(self, text: str, points: float) -> float:
        """Return how wide a text stands on paper."""
        ems = sum(self.widths.get(ord(sign), 1.0) for sign in text)
        return ems * points / _POINTS_PER_MM


@dataclass(frozen=True, slots=True)
class Fonts:
    """The two faces of a picture; the bold one is the plain one where there is no other."""

    plain: Face
    bold: Face


def fonts_for(file: Path | None = None) -> Fonts:
    """Return the faces that write a picture: of a named file, else of the machine.

    Raises:
        PageError: there is none, the file is no font, or it lacks Chinese.
    """
    if file is not None:
        face = _face(file)
        return Fonts(face, face)
    for plain, bold in _installed():
        try:
            face = _face(plain)
        except PageError:
            continue
        try:
            return Fonts(face, _face(bold) if bold else face)
        except PageError:
            return Fonts(face, face)
    raise PageError("picture.error.no_font")


def _installed() -> Iterator[tuple[Path, Path | None]]:
    there = _files_there()
    for plain, bold in _KNOWN:
        if plain.casefold() in there:
            yield there[plain.casefold()], there.get(bold.casefold())


@cache
def _files_there() -> Mapping[str, Path]:
    """Return the known font files of this machine by their folded names."""
    wanted = {name.casefold() for pair in _KNOWN for name in pair if name}
    found: dict[str, Path] = {}
    for folder in _FOLDERS:
        place = os.path.expandvars(os.path.expanduser(folder))  # noqa: PTH111 (no Path yet)
        for root, _, names in os.walk(place):
            for name in sorted(names):
                if name.casefold() in wanted:
                    found.setdefault(name.casefold(), Path(root, name))
    return found


@cache
def _face(path: Path) -> Face:
    """Return the face of simplified Chinese in a file.

    Raises:
        PageError: the file is no font, may not be embedded, or lacks Chinese.
    """
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with path.open("rb") as file:
            number = _chosen(file)
            font = TTFont(file, fontNumber=number, lazy=True)
            name = str(font["name"].getDebugName(16) or font["name"].getDebugName(1) or path.stem)
            signs, advances = font.getBestCmap() or {}, font["hmtx"].metrics
            height = font["head"].unitsPerEm
            allowed = font["OS/2"].fsType if "OS/2" in font else 0
    except OSError as problem:
        why = problem.strerror or str(problem)
        raise PageError("picture.error.font_file", file=str(path), what=why) from problem
    except (TTLibError, KeyError, AssertionError) as problem:
        raise PageError("picture.error.no_such_font", file=str(path)) from problem
    if allowed & 0x000F == _RESTRICTED:
        raise PageError("picture.error.font_closed", file=str(path))
    widths = {sign: advances[glyph][0] / height for sign, glyph in signs.items()}
    lacking = [sign for sign in PROBE if ord(sign) not in widths]
    if lacking:
        raise PageError("picture.error.font_lacks", file=str(path), signs="".join(lacking))
    widths.setdefault(ord(LACKING), 1.0)
    return Face(path, number, name, widths)


def _chosen(file: BinaryIO) -> int:
    """Return which face of a file is for simplified Chinese, the first where none says so."""
    from fontTools.ttLib import TTCollection

    if file.read(4) != b"ttcf":
        return 0
    faces = list(TTCollection(file, lazy=True).fonts)
    names = [str(face["name"].getDebugName(1)) for face in faces]

    def rank(at: int) -> tuple[bool, bool, int]:
        return not _SIMPLIFIED.search(names[at]), bool(_ASIDE.search(names[at])), at

    return min(range(len(faces)), key=rank)


def write_part(face: Face, signs: Iterable[str], path: Path) -> None:
    """Write the part of a face that holds these signs, as TrueType: the same bytes every time."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(layout_features=[], notdef_outline=True, recalc_timestamp=False)
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "GPOS", "GSUB", "GDEF", "DSIG"]
    part = Subsetter(options)
    part.populate(text="".join(sorted(set(signs) | {" ", LACKING})))
    with face.path.open("rb") as file:
        font = TTFont(file, fontNumber=face.number, lazy=True, recalcTimestamp=False)
        part.subset(font)
        if "CFF " in font:
            _as_truetype(font)
        font.save(path)


def _as_truetype(font: TTFont) -> None:
    """Turn cubic outlines into the quadratic ones that every PDF embeds and every reader takes."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import newTable

    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    drawn: dict[str, Any] = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"] = newTable("loca")
    outlines = font["glyf"] = newTable("glyf")
    outlines.glyphOrder, outlines.glyphs = order, drawn
    del font["CFF "]
    for name in order:
        outlines[name].recalcBounds(outlines)
    widths = font["hmtx"].metrics
    for name in order:
        widths[name] = (widths[name][0], getattr(outlines[name], "xMin", 0))
    limits = font["maxp"]
    limits.tableVersion = 0x00010000
    for told in [
        "maxZones",
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
    ]:
        setattr(limits, told, 1 if told == "maxZones" else 0)
    limits.maxPoints = limits.maxContours = limits.maxCompositePoints = 0
    limits.maxCompositeContours = limits.maxComponentDepth = 0
    font["post"].formatType, font["post"].glyphOrder = 3.0, None
    font["head"].indexToLocFormat, font["head"].glyphDataFormat = 0, 0
    font.sfntVersion = "\x00\x01\x00\x00"

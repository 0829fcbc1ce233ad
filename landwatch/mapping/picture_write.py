"""Sheets of paper as files: PNG and SVG, a page each, or a PDF of many; the same bytes every time.

A figure is as large as its sheet and its one axis counts millimetres, so a scale on the sheet is
the scale on paper. Text in a PDF stays text; in an SVG it is outlines, for no viewer need have the
font. Hatching is drawn by the viewer's own pattern and so at the same width everywhere.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import landwatch
from landwatch.errors import PageError
from landwatch.files import whole_file
from landwatch.mapping.fonts import write_part
from landwatch.mapping.picture_paper import Box, Letters, Shape, Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf")
_POINTS_PER_MM = 72 / 25.4
_RINGS_AT_ONCE = 400
_STRIPES = "/////"
_SETTINGS: dict[Any, Any] = {
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "landwatch",
    "hatch.linewidth": 0.5,
    "path.simplify": False,
}


def write_sheets(path: Path, sheets: Sequence[Sheet], *, title: str, dpi: int = 200) -> list[Path]:
    """Write sheets to a file by its ending; PNG and SVG of several sheets become numbered files.

    Raises:
        PageError: a file cannot be written.
    """
    form = path.suffix.lower().removeprefix(".")
    title = sheets[0].face().written(title)
    if form == "pdf":
        with whole_file(path, error=PageError) as beside:
            _write_pdf(beside, sheets, title)
        return [path]
    places = [path] if len(sheets) == 1 else numbered(path, len(sheets))
    with _drawing(sheets) as faces:
        for place, sheet in zip(places, sheets, strict=True):
            with whole_file(place, error=PageError) as beside:
                _save(_figure(sheet, faces), beside, form, title, dpi)
    return places


def numbered(path: Path, count: int) -> list[Path]:
    """Return the names of several files of one name: a number stands before the ending."""
    digits = max(2, len(str(count)))
    return [path.with_stem(f"{path.stem}-{n:0{digits}d}") for n in range(1, count + 1)]


def _write_pdf(path: Path, sheets: Sequence[Sheet], title: str) -> None:
    from matplotlib.backends.backend_pdf import PdfPages

    about = {"Title": title, "Creator": _program(), "Producer": None, "CreationDate": None}
    with _drawing(sheets) as faces, PdfPages(path, metadata=about) as pages:
        for sheet in sheets:
            pages.savefig(_figure(sheet, faces))


def _save(figure: Figure, path: Path, form: str, title: str, dpi: int) -> None:
    about: dict[str, Any] = {"Title": title, "Creator": _program(), "Date": None}
    if form == "png":
        about = {"Title": title, "Software": _program()}
    figure.savefig(path, format=form, dpi=dpi, metadata=about)


def _program() -> str:
    return f"landwatch {landwatch.__version__}"


@contextmanager
def _drawing(sheets: Sequence[Sheet]) -> Iterator[tuple[Any, Any]]:
    """Give the plain and the bold face, holding every sign of the sheets and no other."""
    import matplotlib as mpl
    from matplotlib.font_manager import FontProperties

    with tempfile.TemporaryDirectory(prefix="landwatch-") as folder, mpl.rc_context(_SETTINGS):
        faces = []
        for bold in (False, True):
            signs = {sign for sheet in sheets for sign in sheet.signs(bold=bold)}
            part = Path(folder, "bold.ttf" if bold else "plain.ttf")
            write_part(sheets[0].face(bold), signs, part)
            faces.append(FontProperties(fname=part))
        yield faces[0], faces[1]


def _figure(sheet: Sheet, faces: tuple[Any, Any]) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(sheet.width_mm / 25.4, sheet.height_mm / 25.4), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, sheet.width_mm)
    axes.set_ylim(0, sheet.height_mm)
    for depth, one in enumerate(sheet.told):
        if isinstance(one, Letters):
            _letters(axes, one, faces[one.bold], depth)
        else:
            _shape(axes, one, depth)
    return figure


def _letters(axes: Axes, one: Letters, face: Any, depth: int) -> None:
    axes.text(
        one.x, one.y, one.text, fontproperties=face, fontsize=one.points, color=one.colour,
        ha=one.anchor, va="baseline", parse_math=False, zorder=depth,
    )  # fmt: skip


def _shape(axes: Axes, one: Shape, depth: int) -> None:
    """Draw a shape: its fill, its stripes, its edge; of many rings some at a time."""
    starts = [*range(0, len(one.rings), _RINGS_AT_ONCE), len(one.rings)]
    for first, last in pairwise(starts):
        path = _path(one.rings[first:last])
        if one.fill is not None:
            _patch(axes, path, one.within, depth, facecolor=one.fill, linewidth=0)
        if one.hatch is not None:
            look = {"facecolor": "none", "edgecolor": one.hatch, "linewidth": 0, "hatch": _STRIPES}
            _patch(axes, path, one.within, depth, **look)
        if one.edge is not None:
            width = one.edge_mm * _POINTS_PER_MM
            look = {"facecolor": "none", "edgecolor": one.edge, "linewidth": width}
            if one.dashed:
                look["linestyle"] = (0, (4, 3))
            _patch(axes, path, one.within, depth, joinstyle="round", **look)


def _path(rings: Sequence[Any]) -> Any:
    from matplotlib.path import Path as Outline

    kinds = []
    for ring in rings:
        kind = np.full(len(ring), Outline.LINETO, Outline.code_type)
        kind[0] = Outline.MOVETO
        if len(ring) > 3 and np.array_equal(ring[0], ring[-1]):
            kind[-1] = Outline.CLOSEPOLY
        kinds.append(kind)
    return Outline(np.concatenate(rings), np.concatenate(kinds))


def _patch(axes: Axes, path: Any, within: Box | None, depth: int, **look: Any) -> None:
    from matplotlib.patches import PathPatch, Rectangle

    patch = PathPatch(path, zorder=depth, **look)
    axes.add_artist(patch)  # add_patch would look for new limits, which takes a third of the time
    if within is not None:
        corner = (within.left, within.bottom)
        window = Rectangle(corner, within.width, within.height, transform=axes.transData)
        patch.set_clip_path(window)

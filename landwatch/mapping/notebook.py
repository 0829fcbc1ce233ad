"""A map in a notebook: of a scan's findings, or of any GeoDataFrame with a column of statuses."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landwatch.errors import PageError, UnknownNameError
from landwatch.files import whole_file
from landwatch.language.catalogue import LANGUAGES

if TYPE_CHECKING:
    import geopandas

HEIGHT = 560


@dataclass(frozen=True, slots=True)
class NotebookMap:
    """A page that shows itself in a notebook, and that can be kept as a file.

    Attributes:
        html: the page, whole: it asks no host for anything.
        height: how high it is in a notebook, in pixels.
        title: of the page.
        rows: how many rows it tells of.
        drawn: how many of them have a shape.
    """

    html: str = field(repr=False)
    height: int
    title: str
    rows: int
    drawn: int

    def save(self, path: str | Path) -> Path:
        """Write the page to a file, at once or not at all, and return where.

        Raises:
            PageError: it cannot be written there.
        """
        path = Path(path)
        with whole_file(path, error=PageError) as beside:
            beside.write_bytes(self.html.encode("utf-8"))
        return path

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own, for Jupyter.

        The frame may run the page's scripts and nothing else: it reaches neither the notebook nor
        its cookies.
        """
        page = html.escape(self.html, quote=True)
        title = html.escape(self.title or "landwatch", quote=True)
        return (
            f'<iframe title="{title}" srcdoc="{page}" sandbox="allow-scripts" '
            f'style="width: 100%; height: {int(self.height)}px; border: 1px solid #d0d7de" '
            'loading="lazy"></iframe>'
        )


def map_of(
    frame: geopandas.GeoDataFrame,
    status: str | None = None,
    *,
    label: str | None = None,
    tooltip: Sequence[str] | None = None,
    colours: Mapping[Any, str] | None = None,
    title: str = "",
    lang: str = "zh",
    height: int = HEIGHT,
) -> NotebookMap:
    """Return the map of a frame, coloured by a column of statuses.

    landwatch's own statuses (breach, to_verify, due_soon, unknown …) keep the colours that they
    have on every map of landwatch. Others get colours that people with any colour vision tell
    apart, in the order of the categories, or as sorted; a missing status is a class of its own.

    Args:
        frame: any GeoDataFrame of up to a million rows, in any coordinate system. Points and lines
            are drawn as small areas.
        status: the column that colours; `status` unless named, and of findings of landwatch
            their `gravity`, which tells what is to be verified from what is only unknown.
        label: the column that names a row; one called label, name, contract_id, parcel_id or id
            unless named, else the index.
        tooltip: the columns told of a row that is clicked; the first dozen unless named.
        colours: a colour for some or all of the statuses.
        title: of the page.
        lang: the language in which it opens, zh or en; it carries both.
        height: in a notebook, in pixels.

    Raises:
        UsageError: it is no GeoDataFrame, nobody says its coordinate system, it has too many rows,
            or more statuses than can be told apart.
        UnknownNameError: a column, status or language that is not there.

    Example:
        >>> import geopandas, shapely
        >>> squares = shapely.box([103.8, 103.82], 36, [103.81, 103.83], 36.01)
        >>> plots = geopandas.GeoDataFrame(
        ...     {"plot": ["A", "B"], "state": ["built", None]}, geometry=squares, crs=4326
        ... )
        >>> shown = map_of(plots, "state", label="plot", lang="en")
        >>> shown.rows, shown.drawn
        (2, 2)
    """
    from landwatch.mapping.frames import frame_data, frame_html
    from landwatch.mapping.shapes import drawable

    if lang not in LANGUAGES:
        raise UnknownNameError("what.language", lang, LANGUAGES)
    data = frame_data(
        frame, status, label=label, tooltip=tooltip, colours=colours, title=str(title)
    )
    page = frame_html(data, lang)
    return NotebookMap(page, height, str(title), len(frame), int(drawable(data.shapes).sum()))

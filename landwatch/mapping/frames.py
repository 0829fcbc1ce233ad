"""Any GeoDataFrame with a status as a page: what is told of its rows, in columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
import shapely

import landwatch
from landwatch.errors import UnknownNameError, UsageError
from landwatch.geo.outlines import outlines_near
from landwatch.language.catalogue import LANGUAGES, catalogue
from landwatch.mapping.columns import (
    Column,
    Integers,
    codes_column,
    number_column,
    packed,
    text_column,
)
from landwatch.mapping.frame_shapes import areas_of
from landwatch.mapping.frame_statuses import FrameStatuses, statuses_of
from landwatch.mapping.shapes import Geometries, along_the_curve, drawable, shape_columns
from landwatch.mapping.shell import data_blocks, page_around

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 1_000_000
FIELDS = 12
"""How many columns are told of a row unless the caller names some."""
LABELS = ("label", "name", "contract_id", "parcel_id", "id")
_MARK = "<!-- landwatch: data -->"
_LARGEST = 2.0**45


@dataclass(frozen=True, slots=True)
class FrameData:
    """A frame as its page shows it, rows along the curve, those without a shape last.

    Attributes:
        title: of the page; blank for none.
        status: what the column of statuses is called.
        label: what the column of labels is called.
        statuses: the classes, and the class of each row.
        shapes: the areas, None where there is none.
        labels: what each row is called.
        fields: what is told of each row, by the name of the column.
    """

    title: str
    status: str
    label: str
    statuses: FrameStatuses
    shapes: Geometries
    labels: Sequence[str]
    fields: Mapping[str, pd.Series[Any]]


def frame_data(
    frame: Any,
    status: str | None,
    *,
    label: str | None,
    tooltip: Sequence[str] | None,
    colours: Mapping[Any, str] | None,
    title: str,
) -> FrameData:
    """Return what the page of a GeoDataFrame shows.

    Raises:
        UsageError: it is no GeoDataFrame, has too many rows or statuses, or no coordinate system.
        UnknownNameError: a column that it does not have.
    """
    import geopandas

    if not isinstance(frame, geopandas.GeoDataFrame):
        raise UsageError("notebook.error.frame", kind=type(frame).__name__)
    if len(frame) > MOST_ROWS:
        raise UsageError("notebook.error.rows", rows=f"{len(frame):,}", most=f"{MOST_ROWS:,}")
    if frame.active_geometry_name is None:
        raise UsageError("notebook.error.geometry")
    status = status or _status_of(frame)
    named = label or next((name for name in LABELS if name in frame.columns), None)
    told = list(tooltip) if tooltip is not None else _fields_of(frame, status, named)
    for name in [status, *([named] if named else []), *told]:
        _check_column(frame, name)
    labels = frame[named] if named else frame.index.to_series()
    return FrameData(
        title=title,
        status=str(status),
        label=str(named or frame.index.name or "#"),
        statuses=statuses_of(frame[status], colours),
        shapes=areas_of(frame.geometry),
        labels=_texts(labels),
        fields={str(name): frame[name] for name in told},
    )


def _status_of(frame: Any) -> str:
    """Return the column that colours where none is named."""
    ours = {"gravity", "status", "to_verify", "rule"} <= set(map(str, frame.columns))
    return "gravity" if ours else "status"


def _check_column(frame: Any, name: str) -> None:
    if name not in frame.columns:
        raise UnknownNameError("what.column", str(name), [str(each) for each in frame.columns])
    if list(frame.columns).count(name) > 1:
        raise UsageError("notebook.error.twice", column=str(name))


def _fields_of(frame: Any, status: str, label: str | None) -> list[Any]:
    import geopandas

    return [
        name
        for name in dict.fromkeys(frame.columns)
        if name not in (status, label) and list(frame.columns).count(name) == 1
        if not isinstance(frame[name], geopandas.GeoSeries)
    ][:FIELDS]


def _texts(column: pd.Series[Any]) -> list[str]:
    """Return values as text; what is missing is blank."""
    missing = column.isna().to_numpy()
    values = column.astype(object).to_numpy()
    return ["" if gone else str(value) for value, gone in zip(values, missing, strict=True)]


def frame_html(data: FrameData, lang: str) -> str:
    """Return the page of a frame: one file that asks no host for anything."""
    order = along_the_curve(data.shapes)
    blocks = {"drawing": _drawing(data, order), "telling": _telling(data, order)}
    shell = folium.Map(
        location=[35.0, 104.0],
        zoom_start=4,
        tiles=None,
        zoom_control=False,
        max_zoom=21,
        fade_animation=False,
    )
    page = page_around(shell, "frame", mark=_MARK, title=data.title or "landwatch", lang=lang)
    return page.replace(_MARK, _blocks(data, blocks, lang), 1)


def _drawing(data: FrameData, order: Integers) -> str:
    drawn = int(drawable(data.shapes).sum())
    shapes = data.shapes[order[:drawn]]
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    backdrop = outlines_near((bounds[:, :2] + bounds[:, 2:]) / 2)
    outlines = np.empty(len(backdrop), object)
    outlines[:] = [outline.geometry for outline in backdrop]
    columns = [
        *shape_columns("row", shapes),
        codes_column("row_class", data.statuses.codes[order]),
        text_column("backdrop_outline", [one.name if one.adcode else "" for one in backdrop]),
        *shape_columns("backdrop", outlines),
    ]
    return packed(columns, {"rows": len(order), "drawn": drawn})


def _telling(data: FrameData, order: Integers) -> str:
    rows = order.tolist()
    labels = [data.labels[row] for row in rows]
    columns = [text_column("label", labels, searched=True)]
    for at, column in enumerate(data.fields.values()):
        columns.append(_field(f"field_{at}", column.iloc[rows]))
    return packed(columns, {})


def _field(name: str, column: pd.Series[Any]) -> Column:
    """Pack a column as numbers where it is one that a page can hold exactly, else as text."""
    import pandas as pd

    kind = column.dtype
    if pd.api.types.is_integer_dtype(kind) or pd.api.types.is_float_dtype(kind):
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
        if (np.abs(numbers[~np.isnan(numbers)]) < _LARGEST).all():
            return number_column(name, numbers.tolist())
    return text_column(name, _texts(column))


def _blocks(data: FrameData, blocks: Mapping[str, str], lang: str) -> str:
    settings = {
        "lang": lang,
        "version": landwatch.__version__,
        "title": data.title,
        "status": data.status,
        "label": data.label,
        "fields": list(data.fields),
        "classes": [kind.told() for kind in data.statuses.classes],
        "words": _words(),
    }
    return data_blocks(settings, blocks)


_WORDS = ("loading", "orientation", "other_language", "close", "side", "zoom_in", "zoom_out")


def _words() -> dict[str, dict[str, str]]:
    """Return the words of the page in each language, without their family's name."""
    family = "map.page."
    kept = {
        key.removeprefix(family): texts
        for key, texts in catalogue().items()
        if key.startswith((f"{family}frame_", *(f"{family}{name}" for name in _WORDS)))
    }
    return {lang: {key: texts[lang] for key, texts in kept.items()} for lang in LANGUAGES}

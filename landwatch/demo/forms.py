"""The files of a ledger as a bureau would send them: CSV, a workbook, GeoJSON; byte for byte alike.

A workbook is full of moments (in its zip, in its properties) and of spellings that depend on the
XML library: the first are fixed, the second brought to canonical XML, so the demo is the same
wherever and whenever it is written.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from landwatch.demo.ground import Drawn
from landwatch.demo.park import Row, SheetForm, Told

_MADE_ON = datetime(2026, 6, 30, 9, 0, 0)  # noqa: DTZ001 - a workbook's properties have no zone
_MODIFIED = re.compile("(<dcterms:modified [^>]*>)[^<]*")
_MADE_BY = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>landwatch demo</Application></Properties>"
)  # openpyxl would write its version there
_CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}


def key_of(header: str) -> str:
    """Return a header without its unit.

    >>> key_of("成交价格(万元)")
    '成交价格'
    """
    return header.partition("(")[0]


def write_table(path: Path, form: SheetForm, rows: Sequence[Row]) -> None:
    """Write rows under the form's headers, as a workbook or as CSV."""
    cells = [[row.get(key_of(header)) for header in form.headers] for row in rows]
    content = _workbook(form, cells) if path.suffix == ".xlsx" else _delimited(form, cells)
    path.write_bytes(content)


def _delimited(form: SheetForm, rows: Sequence[Sequence[Told]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(form.headers)
    for row in rows:
        writer.writerow([_as_text(cell, form.dates) for cell in row])
    return text.getvalue().encode(form.encoding)


def _as_text(cell: Told, dates: str) -> str:
    if isinstance(cell, date):
        return cell.strftime(dates)
    return "" if cell is None else str(cell)


def _workbook(form: SheetForm, rows: Sequence[Sequence[Told]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.properties.creator = "landwatch demo"
    book.properties.created = _MADE_ON
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("供应结果（演示）")
    sheet.append([form.title])
    sheet.append(list(form.headers))
    for row in rows:
        sheet.append(list(row))
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[2]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDEBF7")
    for at, column in enumerate(sheet.iter_cols(min_row=2, values_only=True), start=1):
        widest = max(map(_width, column))
        sheet.column_dimensions[get_column_letter(at)].width = min(widest + 2, 40)
    sheet.freeze_panes = "B3"
    content = io.BytesIO()
    book.save(content)
    return _same_always(content.getvalue())


def _width(value: object) -> int:
    """Return how wide a cell is shown: a Chinese sign takes two places."""
    text = value.isoformat()[:10] if isinstance(value, date) else str(value or "")
    return sum(1 if sign.isascii() else 2 for sign in text)


def _same_always(content: bytes) -> bytes:
    """Return a workbook with fixed moments and canonical XML, stored without compression."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as read, zipfile.ZipFile(made, "w") as written:
        for name in read.namelist():
            part = zipfile.ZipInfo(name, _MADE_ON.timetuple()[:6])
            part.create_system = 0
            written.writestr(part, _canonical(name, read.read(name).decode()))
    return made.getvalue()


def _canonical(name: str, part: str) -> str:
    if name == "docProps/app.xml":
        return _MADE_BY
    if name == "docProps/core.xml":
        part = _MODIFIED.sub(rf"\g<1>{_MADE_ON.isoformat()}Z", part)
    return ElementTree.canonicalize(part)


def write_areas(path: Path, form: SheetForm, areas: Sequence[tuple[Row, Drawn]]) -> None:
    """Write areas with their rows as GeoJSON in CGCS2000, one feature a line."""
    features = [
        {
            "type": "Feature",
            "properties": {header: told.get(key_of(header)) for header in form.headers},
            "geometry": {"type": "Polygon", "coordinates": rings},
        }
        for told, rings in areas
    ]
    lines = ",\n".join(_compact(feature) for feature in features)
    head = f'{{"type": "FeatureCollection", "name": "{path.stem}", "crs": {_compact(_CRS)},'
    path.write_bytes(f'{head}\n"features": [\n{lines}\n]}}\n'.encode())


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

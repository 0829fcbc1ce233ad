"""A slip as a file: a PDF to print, or a Word file to fill in and to keep."""

from __future__ import annotations

from pathlib import Path

from landwatch.mapping.fonts import fonts_for
from landwatch.mapping.picture_write import write_sheets
from landwatch.reports.slip import Slip, SlipReceipt
from landwatch.reports.slip_page import slip_sheet


def write_slip(path: Path, slip: Slip, *, font: Path | None = None) -> SlipReceipt:
    """Write a slip by the ending of its name; return how many of its findings stand on it.

    Raises:
        PageError: no font writes Chinese, or the file cannot be written.
    """
    fonts = fonts_for(font)
    if path.suffix.lower() == ".docx":
        from landwatch.reports.slip_docx import write_docx

        told = write_docx(path, slip, fonts)
    else:
        sheet, told = slip_sheet(slip, fonts)
        write_sheets(path, [sheet], title=slip.contract_id)
    return SlipReceipt(path, slip.contract_id, len(slip.findings), told)

"""Opens a ledger file, whatever it is named, by what stands in it."""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
from pathlib import Path

from landwatch.errors import UnreadableFileError, nearest
from landwatch.files import there_as
from landwatch.language.columns import Kind
from landwatch.language.paths import is_web, is_windows, meanings
from landwatch.language.records import SourceFile
from landwatch.ledger.adapters import LedgerFile
from landwatch.ledger.adapters.installed import adapter_for, sheets_of
from landwatch.ledger.boundary_text import is_boundary_text
from landwatch.ledger.delimited import marked_encoding, open_delimited
from landwatch.ledger.holding import held, refuse_mark
from landwatch.ledger.instructions import Instructions
from landwatch.ledger.sheets import Notice, OpenedFile, Sheet
from landwatch.ledger.workbooks import open_workbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_SPATIAL = (".geojson", ".gpkg", ".shp", ".fgb", ".gdb")
_TEXT = (".csv", ".txt", ".tsv", ".xls", "")
_PLAIN = (".txt", ".dat", "")
_BOOKS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".csv", ".txt", ".et")
_PARQUET = (".parquet", ".geoparquet", ".pq")
_JSON = (".json", ".jsonl", ".ndjson")
_MARKUP = (b"<html", b"<!doctype", b"<?xml", b"<table")
_FIRST = 1 << 16


def open_file(kind: Kind, path: Path, told: Instructions) -> OpenedFile:
    """Return the opened file; raises with words that say why it cannot be read."""
    file = LedgerFile(str(kind), path, _start_of(path), told.encoding)
    adapter, said = adapter_for(file, told.adapter)
    if adapter is not None:
        return OpenedFile(_source(path), sheets_of(adapter, file), said)
    sheets, notices = _opened(kind, path, file.start, told)
    return OpenedFile(_source(path), sheets, [*said, *notices])


def _opened(
    kind: Kind, path: Path, start: bytes, told: Instructions
) -> tuple[list[Sheet], list[Notice]]:
    """Return the sheets of a file by its format; only the format's own libraries are loaded."""
    suffix = path.suffix.casefold()
    if suffix == ".zip":
        from landwatch.ledger.packed import open_packed

        return open_packed(path, lambda member: _member(kind, member, told))
    if suffix in _JSON:
        from landwatch.ledger.json_records import is_drawn, open_records

        if not is_drawn(_text(start)):
            return open_records(path, told.encoding), []
    if suffix in _SPATIAL + _JSON:
        from landwatch.ledger.spatial import open_spatial

        return open_spatial(kind, path, told)
    if suffix in (".kml", ".kmz"):
        from landwatch.ledger.kml import open_kml

        return open_kml(kind, path, told)
    if suffix == ".dxf":
        from landwatch.ledger.dxf import open_dxf

        return open_dxf(kind, path, told)
    if suffix in _PARQUET:
        from landwatch.ledger.parquet import open_parquet

        return open_parquet(kind, path, told)
    if suffix in _PLAIN and is_boundary_text(_text(start)):
        from landwatch.ledger.boundary_sheet import open_boundary

        return open_boundary(kind, path, told)
    return _table(path, suffix, start, told)


def _table(
    path: Path, suffix: str, start: bytes, told: Instructions
) -> tuple[list[Sheet], list[Notice]]:
    """Return the sheets of a workbook or of delimited text."""
    if suffix in _BOOKS and start.startswith((_ZIP, _OLE)):
        return open_workbook(path)
    if suffix in _TEXT:
        if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_MARKUP):
            raise UnreadableFileError("ledger.error.html", file=path.name)
        return open_delimited(path, told.encoding), []
    if suffix in _BOOKS:
        raise UnreadableFileError("ledger.error.workbook", file=path.name)
    raise UnreadableFileError("ledger.error.format", file=path.name, suffix=suffix or "?")


def _member(kind: Kind, path: Path, told: Instructions) -> OpenedFile:
    """Return an unpacked member of an archive; archives within archives stay packed."""
    if path.suffix.casefold() == ".zip":
        raise UnreadableFileError("ledger.error.format", file=path.name, suffix=".zip")
    return open_file(kind, path, told)


def _text(start: bytes) -> str:
    """Return the first bytes as text, for telling formats apart."""
    if (marked := marked_encoding(start)) is not None:
        return start.decode(marked, "replace")
    plain = start.replace(b"\0", b"")
    try:  # not final: the last sign may be cut off
        return codecs.getincrementaldecoder("utf-8")().decode(plain)
    except UnicodeDecodeError:
        return plain.decode("gb18030", "replace")


def _start_of(path: Path) -> bytes:
    """Return the first bytes, or say in words why the file cannot be opened."""
    refuse_mark(path)
    try:
        if path.is_dir():
            if path.suffix.casefold() == ".gdb":
                return b""
            raise UnreadableFileError("ledger.error.folder", file=str(path))
        with path.open("rb") as file:
            start = file.read(_FIRST)
    except FileNotFoundError as error:
        raise _missing(path) from error
    except PermissionError as error:
        raise held(path) from error
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.ENAMETOOLONG:
            shown = f"{path.name[:40]}…"
            raise UnreadableFileError("ledger.error.name_too_long", file=shown) from error
        raise UnreadableFileError("ledger.error.unreadable", file=path.name) from error
    if not start:
        raise UnreadableFileError("ledger.error.empty", file=path.name)
    return start


def _missing(path: Path) -> UnreadableFileError:
    """Return the words for a path where nothing is: what it may mean, or what is near it."""
    typed, folder = str(path), path.parent
    if there := there_as(typed):
        return UnreadableFileError("ledger.error.missing_as", file=typed, near=there)
    if is_web(typed):
        return UnreadableFileError("ledger.error.web_address", file=typed)
    if typed == "-":
        return UnreadableFileError("ledger.error.no_standard_input")
    names = [found.name for found in folder.iterdir()] if folder.is_dir() else []
    if near := nearest(path.name, names):
        return UnreadableFileError("ledger.error.missing_near", file=typed, near=near)
    if os.name != "nt" and is_windows(typed):
        name = meanings(typed)[-1]
        return UnreadableFileError("ledger.error.windows_path", file=typed, name=name)
    return UnreadableFileError("ledger.error.missing", file=typed)


def _source(path: Path) -> SourceFile:
    """Return the file's name, size and hash; the parts of a Shapefile or FileGDB are one."""
    digest, size = hashlib.sha256(), 0
    try:
        for part in _parts(path):
            with part.open("rb") as file:
                while chunk := file.read(1 << 20):
                    digest.update(chunk)
                    size += len(chunk)
    except OSError as error:
        raise UnreadableFileError("ledger.error.unreadable", file=path.name) from error
    return SourceFile(path.name, digest.hexdigest(), size)


def _parts(path: Path) -> list[Path]:
    """Return the files that are this one file: those beside a Shapefile, those in a FileGDB."""
    if path.is_dir():
        inside = (part for part in path.iterdir() if part.is_file())
        return sorted(part for part in inside if part.suffix.casefold() != ".lock")
    if path.suffix.casefold() != ".shp":
        return [path]
    from landwatch.ledger.spatial import companions

    return companions(path)

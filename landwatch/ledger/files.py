"""Opens a ledger file, whatever it is named, by what stands in it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from landwatch.errors import UnreadableFileError, nearest
from landwatch.language.columns import Kind
from landwatch.language.records import SourceFile
from landwatch.ledger.delimited import open_delimited
from landwatch.ledger.sheets import OpenedFile
from landwatch.ledger.workbooks import open_workbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SPATIAL = (".geojson", ".json", ".gpkg", ".shp")
_TEXT = (".csv", ".txt", ".tsv", ".xls")
_BOOKS = (".xlsx", ".xls", ".xlsm", ".csv", ".txt", ".et")


def open_file(kind: Kind, path: Path, encoding: str | None, crs: str | None) -> OpenedFile:
    """Return the opened file; raises with words that say why it cannot be read."""
    start = _start_of(path)
    suffix = path.suffix.casefold()
    if suffix in _SPATIAL:
        from landwatch.ledger.spatial import companions, open_spatial

        source = _source(path, companions(path))
        sheets, notices = open_spatial(kind, path, encoding, crs)
        return OpenedFile(source, sheets, notices)
    if suffix in _BOOKS and start.startswith((b"PK\x03\x04", _OLE)):
        sheets, notices = open_workbook(path)
        return OpenedFile(_source(path, [path]), sheets, notices)
    if suffix in _TEXT:
        if (
            start.lstrip(b"\xef\xbb\xbf \r\n\t")
            .lower()
            .startswith((b"<html", b"<!doctype", b"<?xml", b"<table"))
        ):
            raise UnreadableFileError("ledger.error.html", file=path.name)
        return OpenedFile(_source(path, [path]), open_delimited(path, encoding))
    if suffix in _BOOKS:
        raise UnreadableFileError("ledger.error.workbook", file=path.name)
    raise UnreadableFileError("ledger.error.format", file=path.name, suffix=suffix or "?")


def _start_of(path: Path) -> bytes:
    """Return the first bytes, or say in words why the file cannot be opened."""
    try:
        if path.is_dir():
            raise UnreadableFileError("ledger.error.folder", file=str(path))
        with path.open("rb") as file:
            start = file.read(512)
    except FileNotFoundError as error:
        raise _missing(path) from error
    except PermissionError as error:
        raise UnreadableFileError("ledger.error.locked", file=path.name) from error
    except (OSError, ValueError) as error:
        raise UnreadableFileError("ledger.error.unreadable", file=path.name) from error
    if not start:
        raise UnreadableFileError("ledger.error.empty", file=path.name)
    return start


def _missing(path: Path) -> UnreadableFileError:
    folder = path.parent
    names = [found.name for found in folder.iterdir()] if folder.is_dir() else []
    if near := nearest(path.name, names):
        return UnreadableFileError("ledger.error.missing_near", file=str(path), near=near)
    return UnreadableFileError("ledger.error.missing", file=str(path))


def _source(path: Path, parts: list[Path]) -> SourceFile:
    """Return the file's name, size and hash; a Shapefile's parts are hashed as one."""
    digest, size = hashlib.sha256(), 0
    try:
        for part in parts:
            with part.open("rb") as file:
                while chunk := file.read(1 << 20):
                    digest.update(chunk)
                    size += len(chunk)
    except OSError as error:
        raise UnreadableFileError("ledger.error.unreadable", file=path.name) from error
    return SourceFile(path.name, digest.hexdigest(), size)

"""Reads CSV and other delimited text, row by row, in the encodings that Chinese ledgers come in."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from landwatch.errors import UnreadableFileError, UsageError
from landwatch.ledger.sheets import Sheet, SourceRow

_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",\t;|，；"
_NO_TEXT = bytes(set(range(32)) - set(b"\t\n\r\f\x1a\x1b"))


def open_delimited(path: Path, encoding: str | None) -> list[Sheet]:
    """Return the one sheet of a delimited file; its rows are read while they are asked for."""
    used = checked_encoding(path, encoding) if encoding else found_encoding(path)
    delimiter = _delimiter(path, used)

    def rows() -> Iterator[SourceRow]:
        with path.open(encoding=used, newline="") as text:
            reader = csv.reader(text, delimiter=delimiter, strict=True)
            number = 0
            try:
                for number, cells in enumerate(reader, start=1):
                    yield SourceRow(number, cells)
            except csv.Error as error:
                endless = "field larger" in str(error)
                code = "ledger.error.csv_field" if endless else "ledger.error.csv_quotes"
                raise UnreadableFileError(code, file=path.name, row=number + 1) from error

    return [Sheet(None, rows)]


def checked_encoding(path: Path, encoding: str) -> str:
    """Return the encoding that a person named, if the whole file can be read in it."""
    try:
        codec = codecs.lookup(encoding)
    except LookupError as error:
        raise UsageError("ledger.error.encoding_unknown", encoding=encoding) from error
    used = "utf-8-sig" if codec.name == "utf-8" else codec.name
    if (bad := _first_bad_line(path, used)) is not None:
        raise UnreadableFileError(
            "ledger.error.encoding_wrong", file=path.name, encoding=encoding, row=bad
        )
    return used


def found_encoding(path: Path) -> str:
    """Return the encoding of the file: by its mark, else UTF-8, else GB 18030 (which holds GBK)."""
    with path.open("rb") as file:
        start = file.read(4096)
    if (marked := marked_encoding(start)) is not None:
        return checked_encoding(path, marked)
    if b"\0" in start and (wide := _without_mark(start)):
        return checked_encoding(path, wide)
    odd = len(start) - len(start.translate(None, _NO_TEXT))
    if b"\0" in start or odd > max(2, len(start) // 50):
        raise UnreadableFileError("ledger.error.not_text", file=path.name)
    bad = _first_bad_line(path, "utf-8")
    if bad is None:
        return "utf-8"
    worse = _first_bad_line(path, "gb18030")
    if worse is None:
        return "gb18030"
    raise UnreadableFileError("ledger.error.encoding_none", file=path.name, row=max(bad, worse))


def marked_encoding(start: bytes) -> str | None:
    """Return the encoding that the mark at the beginning of a text names; None without a mark.

    >>> marked_encoding(codecs.BOM_UTF8 + b"a"), marked_encoding(b"a") is None
    ('utf-8-sig', True)
    """
    return next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None)


def _without_mark(start: bytes) -> str | None:
    """Return the UTF-16 of a start without a mark, by where its zero bytes stand."""
    half = len(start) // 2
    if start[1::2].count(0) > half * 0.3 and not start[0::2].count(0):
        return "utf-16-le"
    if start[0::2].count(0) > half * 0.3 and not start[1::2].count(0):
        return "utf-16-be"
    return None


def _first_bad_line(path: Path, encoding: str) -> int | None:
    """Return the number of the first line that cannot be read in an encoding, None if all can."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                start = error.start if isinstance(error, UnicodeDecodeError) else 0
                return line + chunk[:start].count(b"\n")
            if not chunk:
                return None
            line += chunk.count(b"\n")


def _delimiter(path: Path, encoding: str) -> str:
    """Return the sign that parts the cells: the one most frequent outside quotes at the start."""
    with path.open(encoding=encoding, newline="") as text:
        start = text.read(65_536)
    if not start.strip():
        raise UnreadableFileError("ledger.error.empty", file=path.name)
    outside = "".join(start.split('"')[::2])
    counts = {sign: outside.count(sign) for sign in _DELIMITERS}
    header = start.splitlines()[0]
    in_header = {sign: header.count(sign) for sign in _DELIMITERS}
    best = max(in_header.values())
    return max(_DELIMITERS, key=lambda sign: (in_header[sign] if best else 0, counts[sign]))

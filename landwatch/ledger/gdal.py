"""What GDAL says of a file while fiona reads it: failures that would else pass without a word.

At a damaged record GDAL logs a failure and ends as if the file did, so that the rows after it would
be missing; and a message that is not UTF-8 makes fiona print a traceback instead of telling it.
"""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fiona._err import CPLE_BaseError
from fiona.errors import FionaError, UnsupportedGeometryTypeError

from landwatch.errors import UnreadableFileError
from landwatch.ledger.recount import is_geojson, is_utf8

TROUBLES = (
    FionaError, CPLE_BaseError, UnsupportedGeometryTypeError, OSError, ValueError, SystemError
)  # fmt: skip
"""What fiona raises of a file that is damaged or not what it seems.

SystemError: it cannot decode a message of GDAL that quotes bytes of the file.
"""
_CHATTER = logging.getLogger("fiona")
for _name in ("fiona", "pyogrio"):
    logging.getLogger(_name).addHandler(logging.NullHandler())  # GDAL's chatter is not for users
warnings.filterwarnings("ignore", "Empty field name")  # fiona, once more for every record


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """Refuse a file that cannot be opened; what GDAL grumbles of one that can is let be.

    pyogrio is asked first: where GDAL says why it cannot in bytes of the file that are no UTF-8,
    fiona takes the nothing it was given for a file, and takes the whole process down.
    """
    from pyogrio import list_layers

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of such bytes, and of fields without a name
        try:
            list_layers(path)
            with _hearing():
                yield
        except (*TROUBLES, RuntimeError) as error:
            raise unreadable(path) from error


def unreadable(path: Path) -> UnreadableFileError:
    """Return the words for a file that GDAL cannot read: GeoJSON in GBK is not damaged."""
    if is_geojson(path) and not is_utf8(path):
        return UnreadableFileError("ledger.error.geojson_encoding", file=path.name)
    return UnreadableFileError("ledger.error.spatial", file=path.name)


def opened(path: Path, layer: str, encoding: str | None) -> Any:
    """Return an open layer of a file that can be opened; its system is read here, not by rows."""
    import fiona

    with opening(path):
        source = fiona.open(path, layer=layer, encoding=encoding, **as_told(path))
        own_system(source)
        return source


def as_told(path: Path) -> dict[str, str]:
    """Return what keeps GDAL from taking a text of GeoJSON for a day, as it does `2020/1/2`."""
    return {"DATE_AS_STRING": "YES"} if is_geojson(path) else {}


def own_system(source: Any) -> str:
    """Return the coordinate system that a layer names; none where what it says is not readable."""
    try:
        return str(source.crs_wkt)
    except (*TROUBLES, UnboundLocalError):  # fiona stumbles over a name that GDAL does not know
        return ""


@contextmanager
def whole(path: Path) -> Iterator[None]:
    """Refuse a file of which not every record could be read."""
    try:
        with _hearing() as failures:
            yield
    except TROUBLES as error:
        raise unreadable(path) from error
    if failures:
        reason = failures[0].rpartition("/")[2][:200]
        raise UnreadableFileError("ledger.error.spatial_cut", file=path.name, reason=reason)


class _Failures(logging.Handler):
    """Takes down the failures that GDAL logs in this thread."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._thread, self._heard = threading.get_ident(), heard

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self._heard.append(record.getMessage())


@contextmanager
def _hearing() -> Iterator[list[str]]:
    """Take down what GDAL says is wrong, also what fiona cannot put into words."""
    heard: list[str] = []
    failures, before, printed = _Failures(heard), sys.unraisablehook, sys.excepthook

    def unraisable(what: Any) -> None:
        if "fiona._err" in str(what.object):
            heard.append("?")
        else:
            before(what)

    def print_what_matters(kind: Any, error: Any, trace: Any) -> None:
        if not issubclass(kind, UnicodeDecodeError):  # printed just before it is called unraisable
            printed(kind, error, trace)

    _CHATTER.addHandler(failures)
    sys.unraisablehook, sys.excepthook = unraisable, print_what_matters
    try:
        yield heard
    finally:
        sys.unraisablehook, sys.excepthook = before, printed
        _CHATTER.removeHandler(failures)

"""What a database or a disk complains of, in words that help: which file, why, what to do."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from landwatch.errors import StoreBusyError, StoreError, StoreMissingError

_PRIMARY = 0xFF
_SQLITE = {
    sqlite3.SQLITE_PERM: "error.store_no_right",
    sqlite3.SQLITE_READONLY: "error.store_read_only",
    sqlite3.SQLITE_IOERR: "error.store_disk",
    sqlite3.SQLITE_CORRUPT: "error.store_damaged",
    sqlite3.SQLITE_FULL: "error.store_full",
    sqlite3.SQLITE_CANTOPEN: "error.store_read_only",
    sqlite3.SQLITE_NOTADB: "error.store_not_a_store",
}
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

_SYSTEM = {
    errno.EACCES: "error.store_read_only",
    errno.EPERM: "error.store_read_only",
    errno.EROFS: "error.store_read_only",
    errno.ENOSPC: "error.store_full",
    errno.EDQUOT: "error.store_full",
    errno.EFBIG: "error.store_full",
    errno.ENOENT: "error.store_no_folder",
    errno.ENOTDIR: "error.store_no_folder",
}

_POSTGRES_BUSY = {"55P03", "40001", "40P01"}
_POSTGRES = {
    "53100": "error.store_full",
    "42501": "error.store_no_right",
    "0A000": "error.store_no_postgis",
    "58P01": "error.store_no_postgis",
    "57014": "error.store_too_slow",
    "25P03": "error.store_idle",
}


@contextmanager
def in_words(shown: str) -> Iterator[None]:
    """Turn what goes wrong with the store called `shown` into a StoreError; a bug stays a bug."""
    try:
        yield
    except DBAPIError as error:
        raise _of(error.orig or error, shown, error) from error
    except (sqlite3.Error, OSError) as error:
        raise _of(error, shown, error) from error


def _of(error: BaseException, shown: str, otherwise: Exception) -> Exception:
    """Return the StoreError that says what `error` means, or the error itself where none does."""
    code = None
    if isinstance(error, sqlite3.Error):
        primary = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
        if primary in _SQLITE_BUSY:
            return StoreBusyError("error.store_busy", store=shown)
        code = _SQLITE.get(primary)
    elif isinstance(error, OSError):
        code = _SYSTEM.get(error.errno or 0, "error.store_disk")
    else:
        return of_postgres(error, shown, otherwise)
    return StoreError(code, store=shown, detail=str(error)) if code else otherwise


def of_postgres(error: BaseException, shown: str, otherwise: Exception) -> Exception:
    """Return the StoreError for an error of PostgreSQL, known by its five-letter state."""
    state = getattr(error, "sqlstate", None)
    detail = str(error).strip().partition("\n")[0]
    if state in _POSTGRES_BUSY:
        return StoreBusyError("error.store_busy", store=shown)
    if state in _POSTGRES:
        return StoreError(_POSTGRES[state], store=shown, detail=detail)
    if state == "42P01":
        return StoreMissingError("error.store_missing", store=shown)
    if type(error).__name__ == "OperationalError" or (state or "").startswith(("08", "57P")):
        return StoreError("error.store_unreachable", store=shown, detail=detail)
    return otherwise

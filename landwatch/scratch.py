"""A folder for temporary files that goes with its process; what a killed one left is swept away.

Libraries lay sheets and archives of somebody's ledger into the system's temporary folder, and only
a process that ends in peace takes them away.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PREFIX = "landwatch-"
_HELD = ".held"
_YOUNG_S, _STALE_S = 60, 86_400
"""A folder may be without its lock for a moment; one whose lock tells nothing is kept for a day."""


@contextmanager
def own_folder() -> Iterator[None]:
    """Have every temporary file of this process land in a folder of its own, gone at the end."""
    before = tempfile.tempdir
    made = _made()
    if made is None:
        yield
        return
    folder, held = made
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
        held.close()
        shutil.rmtree(folder, ignore_errors=True)


def _made() -> tuple[Path, IO[bytes]] | None:
    """Return a new folder and the lock that tells it is in use; None where there is no place."""
    try:
        sweep(Path(tempfile.gettempdir()))
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        held = (folder / _HELD).open("wb")
    except OSError:  # verbs that need no place work all the same
        return None
    _locked(held)
    return folder, held


def sweep(place: Path) -> None:
    """Take away the folders of processes that were killed."""
    for folder in place.glob(f"{PREFIX}*"):
        try:
            age_s = time.time() - folder.stat().st_mtime
            if age_s > _YOUNG_S and folder.is_dir() and _left(folder, age_s):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # somebody else's, or just gone
            continue


def _left(folder: Path, age_s: float) -> bool:
    """Tell whether nobody holds a folder any more."""
    try:
        with (folder / _HELD).open("r+b") as held:
            free = _locked(held)
    except FileNotFoundError:
        free = None
    return age_s > _STALE_S if free is None else free


def _locked(held: IO[bytes]) -> bool | None:
    """Take the lock of a folder; return whether it was free, None where locks tell nothing."""
    try:
        import fcntl
    except ImportError:  # Windows removes nothing that is open
        return None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk without locks
        return None
    return True

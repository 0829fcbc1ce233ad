"""An inbox: which files lie there, which still arrive, and where they go when they are done."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from landwatch.files import is_owner_mark, owner_of
from landwatch.operations.plan import PLAN_NAME, Plan, planned_first

FATES = ("done", "rows_refused", "refused", "arriving", "unplanned")
"""What may become of a file of an inbox."""
DONE, REFUSED = "done", "refused"
OWN = ".landwatch-nightly"
"""How everything begins that the nightly run keeps in the folder for itself."""
_ARRIVING = frozenset((".part", ".partial", ".tmp", ".crdownload", ".filepart", ".download"))
_BESIDE_SHAPES = frozenset((
    ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".fix", ".idx", ".xml",
))  # fmt: skip
_UNLISTED = frozenset(("thumbs.db", "desktop.ini"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file of the inbox with all that belongs to it, and the entry of the plan that means it.

    `arriving` tells that it is still being copied, or open in somebody's office program.
    """

    path: Path
    entry: int | None
    beside: tuple[Path, ...] = ()
    arriving: bool = False


def waiting_in(folder: Path, plan: Plan, keep: Sequence[Path] = ()) -> Iterator[Waiting]:
    """Yield what lies in an inbox, in the order in which it is taken in.

    `keep` are files that belong there: the plan and what it names.

    Raises:
        OSError: the folder cannot be read.
    """
    kept = {path.resolve() for path in keep}
    there = {
        path.name: path
        for path in folder.iterdir()
        if _is_file(path) and path.resolve() not in kept
    }
    with_shapes = {
        name: tuple(_beside(path, there)) for name, path in there.items()
        if path.suffix.lower() == ".shp"
    }  # fmt: skip
    belong = {part.name for parts in with_shapes.values() for part in parts}
    now = time.time()
    for name, entry in planned_first(plan, there.keys() - belong):
        path, parts = there[name], with_shapes.get(name, ())
        arriving = any(_arriving(one, now, plan.settle_s) for one in (path, *parts))
        yield Waiting(path, entry, parts, arriving)


def _is_file(path: Path) -> bool:
    """Tell whether a thing of the folder is somebody's file: a FileGDB is a folder that is one."""
    name = path.name
    if name.startswith(".") or name.lower() in _UNLISTED or name == PLAN_NAME:
        return False
    if is_owner_mark(path):
        return False
    return path.is_file() or (path.is_dir() and path.suffix.lower() == ".gdb")


def _beside(shape: Path, there: dict[str, Path]) -> Iterator[Path]:
    stem = shape.stem.casefold() + "."
    for name, path in sorted(there.items()):
        if name.casefold().startswith(stem) and path.suffix.lower() in _BESIDE_SHAPES:
            yield path


def _arriving(path: Path, now: float, settle_s: float) -> bool:
    if path.suffix.lower() in _ARRIVING or owner_of(path) is not None:
        return True
    parts = path.iterdir() if path.is_dir() else (path,)
    try:
        return any(abs(now - one.stat().st_mtime) < settle_s for one in parts)
    except OSError:  # just gone, or being renamed
        return True


def put_away(one: Waiting, into: Path) -> Path:
    """Move a file with all that belongs to it into a folder; return where it is.

    A file of the same name that is there already stays: the moment is added to the new name.

    Raises:
        OSError: it cannot be moved.
    """
    into.mkdir(parents=True, exist_ok=True)
    group, stem = (one.path, *one.beside), len(one.path.stem)
    stamp = ""
    if any((into / part.name).exists() for part in group):
        stamp = f"-{datetime.now().astimezone():%H%M%S%f}"
    for part in group:
        shutil.move(part, into / f"{part.name[:stem]}{stamp}{part.name[stem:]}")
    return into / f"{one.path.stem}{stamp}{one.path.suffix}"


def place_for(folder: Path, what: str, day: date) -> Path:
    """Return the folder of a day for what is done or refused."""
    return folder / what / day.isoformat()

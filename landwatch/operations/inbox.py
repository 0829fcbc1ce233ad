"""An inbox: which files lie there, which still arrive, and where they go when they are done."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from landwatch.files import is_owner_mark, owner_of, write_new
from landwatch.operations.plan import PLAN_NAME, Plan, planned_first

FATES = ("done", "rows_refused", "refused", "arriving", "unplanned", "no_file", "ignored")
"""What may become of a file of an inbox."""
DONE, REFUSED = "done", "refused"
OWN = ".landwatch-nightly"
"""How everything begins that the nightly run keeps in the folder for itself."""
_LONGEST_NAME_BYTES = 200
"""How long a name may be here: most disks know 255, and an ending is added to it."""
_ARRIVING = frozenset((".part", ".partial", ".tmp", ".crdownload", ".filepart", ".download"))
_BESIDE_SHAPES = frozenset((
    ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".fix", ".idx", ".xml",
))  # fmt: skip
_UNLISTED = frozenset(("thumbs.db", "desktop.ini"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file of the inbox with all that belongs to it, and the entry of the plan that means it.

    `arriving` tells that it is still being copied, or open in somebody's office program, and
    `no_file` that it is a link, a folder or a pipe, or has one beside it: nobody reads it.
    """

    path: Path
    entry: int | None
    beside: tuple[Path, ...] = ()
    arriving: bool = False
    no_file: bool = False

    @property
    def name(self) -> str:
        """Return how it is called, in signs that can be written down."""
        return readable(self.path.name)

    @property
    def is_misnamed(self) -> bool:
        """Tell whether its name, or of what is beside it, is not UTF-8, as an old FTP leaves it."""
        return any(readable(one.name) != one.name for one in (self.path, *self.beside))


def waiting_in(folder: Path, plan: Plan, keep: Sequence[Path] = ()) -> Iterator[Waiting]:
    """Yield what lies in an inbox, in the order in which it is taken in.

    `keep` are files that belong there: the plan and what it names.

    Raises:
        OSError: the folder cannot be read.
    """
    kept = {path.resolve() for path in keep if not path.is_symlink()}
    own = {path.absolute() for path in keep}
    there = {
        path.name: path
        for path in folder.iterdir()
        if _is_somebodys(path, plan)
        and path.absolute() not in own
        and (path.is_symlink() or path.resolve() not in kept)
    }
    with_shapes = {
        name: tuple(_beside(path, there)) for name, path in there.items()
        if path.suffix.lower() == ".shp"
    }  # fmt: skip
    belong = {part.name for parts in with_shapes.values() for part in parts}
    now = time.time()
    for name, entry in planned_first(plan, there.keys() - belong):
        path, parts = there[name], with_shapes.get(name, ())
        no_file = not all(map(_is_plain, (path, *parts)))
        arriving = any(_arriving(one, now, plan.settle_s) for one in (path, *parts))
        yield Waiting(path, entry, parts, arriving and not no_file, no_file)


def _is_somebodys(path: Path, plan: Plan) -> bool:
    """Tell whether a thing of the folder was laid there by somebody, to be taken in or told of."""
    name = path.name
    if name.startswith(".") or name.lower() in _UNLISTED or name == PLAN_NAME:
        return False
    if is_owner_mark(path):
        return False
    if path.is_dir() and not path.is_symlink():  # those of the run itself, and archives, stay
        named = bool(path.suffix) or plan.entry_of(name) is not None
        return named and name not in (DONE, REFUSED)
    return True


def _is_plain(path: Path) -> bool:
    """Tell whether it is a file, or a FileGDB of files: a link may lead to what is not shared."""
    if path.is_symlink():
        return False
    if path.is_dir():
        return path.suffix.lower() == ".gdb" and all(
            one.is_file() and not one.is_symlink() for one in path.rglob("*")
        )
    return path.is_file()


def readable(name: str) -> str:
    """Return a name in signs that can be written down; bytes that are no UTF-8 are read as GBK.

    >>> readable(os.fsdecode("合同.csv".encode("gbk")))
    '合同.csv'
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        told = os.fsencode(name)
        try:
            return told.decode("gb18030")
        except UnicodeDecodeError:
            return told.decode("utf-8", "backslashreplace").replace("\\", "_")
    return name


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
    group, stem = (one.path, *one.beside), len(readable(one.path.stem))
    names = [readable(part.name) for part in group]
    stamp, cut = "", stem
    if any(os.path.lexists(into / name) for name in names):
        stamp, cut = _stamp(), len(_short(names[0][:stem]))
    places = [into / f"{name[:cut]}{stamp}{name[stem:]}" for name in names]
    for part, place in zip(group, places, strict=True):
        shutil.move(part, place)
    return places[0]


def lay_beside(file: Path, ending: str, laid: Path | str) -> Path:
    """Lay a report, or a text, beside a file, called as the whole of its name; return where it is.

    What is there already stays, whatever it is: a link is not followed.

    Raises:
        OSError: it cannot be written there.
    """
    stem = _short(file.name)
    place = file.with_name(stem + ending)
    if os.path.lexists(place):
        place = file.with_name(f"{stem}{_stamp()}{ending}")
    if isinstance(laid, str):
        write_new(place, laid)
    else:
        shutil.move(laid, place)
    return place


def _stamp() -> str:
    return f"-{datetime.now().astimezone():%H%M%S%f}"


def _short(name: str) -> str:
    """Return a name to which an ending can be added."""
    return name.encode()[:_LONGEST_NAME_BYTES].decode("utf-8", "ignore")


def place_for(folder: Path, what: str, day: date) -> Path:
    """Return the folder of a day for what is done or refused."""
    return folder / what / day.isoformat()

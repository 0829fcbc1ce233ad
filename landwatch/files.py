"""Where a file lands: whole or not at all, and never under somebody who has it open.

A file is written beside its place, flushed to the disk and renamed, so that a kill, a full disk or
an error leaves what was there before. Office programs lay a file of their own beside one that they
hold open; it says who has it.
"""

from __future__ import annotations

import errno
import glob
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from landwatch.errors import LandwatchError
from landwatch.language.paths import is_dressed, is_windows, meanings

OWNER_MARKS = ("~$", ".~lock.", ".~")
"""How the files begin that Excel, LibreOffice and WPS lay beside a workbook that is open."""

_NAME_IN_ANSI, _NAME_IN_UTF16 = 0, 55
"""Where Excel writes the user's name: its length in one byte, or in two, and the name after it."""
_LONGEST_NAME = 54
_STALE_S = 3600
_WHY = {
    errno.EACCES: "file.why.held",
    errno.EPERM: "file.why.held",
    errno.EBUSY: "file.why.held",
    errno.ETXTBSY: "file.why.held",
    errno.EROFS: "file.why.read_only",
    errno.ENOSPC: "file.why.full",
    errno.EDQUOT: "file.why.full",
    errno.EFBIG: "file.why.full",
    errno.ENOENT: "file.why.no_folder",
    errno.ENOTDIR: "file.why.no_folder",
    errno.EISDIR: "file.why.is_folder",
    errno.ENXIO: "file.why.device",
    errno.ENAMETOOLONG: "file.why.name",
    errno.EINVAL: "file.why.name",
}


@dataclass(frozen=True, slots=True)
class Why:
    """What hinders writing, in words: the system says it in English, or not at all."""

    code: str | None
    said: str = ""

    def in_words(self, lang: str, /) -> str:
        """Return it in `lang`; what has no words of ours as the system says it."""
        from landwatch.language.catalogue import say  # kept out of the import of every room

        return self.said if self.code is None else say(self.code, lang)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has a file open, as the program that holds it says; `name` may be empty."""

    name: str
    mark: Path

    def in_words(self, lang: str, /) -> str:
        """Return the name in `lang`, or that none is told."""
        from landwatch.language.catalogue import say

        return self.name or say("file.somebody", lang)


@contextmanager
def whole_file(
    path: Path, ending: str | None = None, error: type[LandwatchError] = LandwatchError
) -> Iterator[Path]:
    """Give a path to write to; when all went well, what was written there becomes `path`.

    Args:
        path: the file to write; an older one is replaced.
        ending: for a format that asks for its own (`.gpkg`), whatever the target is called.
        error: the class of the error raised.

    Raises:
        LandwatchError: the folder is not there or not writable, the disk is full, or another
            program holds the target.
    """
    if "\0" in str(path):
        raise error("file.error.write", file=str(path), why=Why("file.why.name"))
    beside = _beside(path, ending)
    try:
        check_spelling(path, error)
        _sweep(path, beside)
        path.exists()  # says whether the name is too long
        beside.touch()  # a place that cannot be written is told before the work, not after it
        beside.unlink()
        try:
            yield beside
            flush(beside)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as problem:
        raise unwritable(path, problem, error) from problem


def write_new(path: Path, text: str) -> None:
    """Write a file where none is yet, whole or not at all; what is there stays.

    Raises:
        FileExistsError: something is there already.
        OSError: it cannot be written there.
    """
    if path.exists():
        raise FileExistsError(errno.EEXIST, "", str(path))
    beside = _beside(path)
    try:
        beside.write_bytes(text.encode("utf-8"))
        flush(beside)
        try:
            path.hardlink_to(beside)  # unlike a rename, never over what came there meanwhile
        except FileExistsError:
            raise
        except OSError:  # a disk without links: a stick, some shares
            with path.open("xb") as file:
                file.write(text.encode("utf-8"))
    finally:
        beside.unlink(missing_ok=True)


def check_writable(path: Path, error: type[LandwatchError] = LandwatchError) -> None:
    """Refuse a place that cannot be written, or that somebody has open, before long work is done.

    Raises:
        LandwatchError: it cannot, with who has it open where that is told.
    """
    try:
        check_spelling(path, error)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "")
        if path.exists():
            path.open("r+b").close()  # changes nothing; Windows refuses what a program holds
        beside = _beside(path)
        beside.touch()
        beside.unlink()
    except (OSError, ValueError) as problem:
        raise unwritable(path, problem, error) from problem
    if path.exists() and (owner := owner_of(path)) is not None:
        raise error("file.error.open", file=str(path), who=owner, mark=owner.mark.name)


def there_as(typed: str) -> str | None:
    """Return the writing under which a path is there, where it is not as it was typed."""
    for meaning in meanings(typed):
        try:
            if Path(meaning).expanduser().exists():
                return meaning
        except (OSError, ValueError, RuntimeError):  # a name too long, a zero byte, a ~nobody
            continue
    return None


def check_spelling(path: Path, error: type[LandwatchError] = LandwatchError) -> None:
    """Refuse to make a file whose name would be a whole path of Windows, or carry quotes.

    Raises:
        LandwatchError: it would; says how to write it here.
    """
    typed = str(path)
    if os.name != "nt" and not path.exists() and (is_windows(typed) or is_dressed(typed)):
        near = next(reversed(meanings(typed)), "")
        raise error("file.error.spelling", file=typed, near=near)


def unwritable(
    path: Path, problem: Exception, error: type[LandwatchError] = LandwatchError
) -> LandwatchError:
    """Return the error that says why a file cannot be written, and who has it open if told."""
    why = why_of(problem)
    held = why.code == "file.why.held"
    if held and (owner := owner_of(path)) is not None:
        return error("file.error.open", file=str(path), who=owner, mark=owner.mark.name)
    return error("file.error.write", file=str(path), why=why)


def why_of(problem: Exception) -> Why:
    """Return what hinders, as far as there are words for it."""
    number = getattr(problem, "errno", None)
    said = getattr(problem, "strerror", None) or str(problem)
    return Why(_WHY.get(number) if number is not None else None, said)


def check_ordinary(descriptor: int) -> None:
    """Refuse to go on with an open pipe or device: another may never read it, or it is no store.

    Raises:
        OSError: it is no ordinary file.
    """
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise OSError(errno.ENXIO, os.strerror(errno.ENXIO))


def owner_of(path: Path) -> Owner | None:
    """Return who has a file open, as the mark of Excel, WPS or LibreOffice beside it says."""
    marks = (
        (path.with_name(f"~${path.name}"), _excel_name),
        (path.with_name(f"~${path.name[2:]}"), _excel_name),  # a long name loses its beginning
        (path.with_name(f".~lock.{path.name}#"), _libre_name),
        (path.with_name(f".~{path.name}"), _excel_name),
    )
    for mark, name_in in marks:
        if mark != path and _is_there(mark):
            try:
                return Owner(_printable(name_in(mark.read_bytes()[:1024])), mark)
            except OSError:  # held so that it cannot even be read: it is open all the same
                return Owner("", mark)
    return None


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # in a folder that may not be looked into
        return False


def is_owner_mark(path: Path) -> bool:
    """Tell whether a file is only the mark that an Office program lays beside an open workbook."""
    return path.name.startswith(OWNER_MARKS)


def _excel_name(told: bytes) -> str:
    """Return the user's name in an owner file of Excel: in UTF-16, before that in ANSI."""
    wide = told[_NAME_IN_UTF16 : _NAME_IN_UTF16 + 2]
    length = int.from_bytes(wide, "little") if len(wide) == 2 else 0
    if 0 < length <= _LONGEST_NAME:
        begin = _NAME_IN_UTF16 + 2
        return told[begin : begin + 2 * length].decode("utf-16-le", "replace")
    length = told[_NAME_IN_ANSI] if told else 0
    if 0 < length <= _LONGEST_NAME:
        return told[1 : 1 + length].decode("gb18030", "replace")
    return ""


def _libre_name(told: bytes) -> str:
    """Return the user's name in a lock file of LibreOffice: the first told of its fields."""
    fields = told.decode("utf-8", "replace").split(",")
    return next((field for field in fields[:3] if field.strip()), "")


def _printable(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable()).strip()[:_LONGEST_NAME]


def _beside(path: Path, ending: str | None = None) -> Path:
    """Return a name beside a file that nobody else takes."""
    return path.with_name(f".{path.stem[:60]}.{secrets.token_hex(4)}{ending or path.suffix}")


def _sweep(path: Path, beside: Path) -> None:
    """Take away what a killed writing of this file left an hour ago or more."""
    stem = beside.name.removesuffix(beside.suffix).rpartition(".")[0]
    named = f"{glob.escape(stem)}.{'[0-9a-f]' * 8}{glob.escape(beside.suffix)}"
    for stray in path.parent.glob(named):
        with suppress(OSError):
            if time.time() - stray.stat().st_mtime > _STALE_S:
                stray.unlink()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file of the program's own, over an older one, whole or not at all.

    Raises:
        OSError: it cannot be written there.
    """
    beside = _beside(path)
    try:
        beside.write_bytes(content)
        flush(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Bring a file or folder to the disk: after a power cut a name must not be of an empty file.

    Windows has no way to do so for a folder, and needs none.
    """
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

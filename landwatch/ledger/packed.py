"""Reads what a ZIP archive holds: zipped Shapefiles, FileGDBs and other ledger files.

Members are unpacked into a folder of our own that goes with the reader; the folders that a member
names never become a path.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from landwatch.errors import InputRefusedError, UnreadableFileError
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.sheets import Notice, OpenedFile, Sheet, SourceRow
from landwatch.ledger.workbook_child import ZIP_DAMAGE

Open: TypeAlias = Callable[[Path], OpenedFile]

_LARGEST = 4 << 30
_MOST = 10_000
_SIDE_FILES = frozenset(
    (".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".xml", ".qpj", ".qmd", ".fbn", ".fbx")
)


class _Folder:
    """A folder that is there as long as somebody holds it."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="landwatch-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def open_packed(path: Path, opened: Open) -> tuple[list[Sheet], list[Notice]]:
    """Return the sheets of every ledger file in an archive, each named after its member.

    `opened` opens one unpacked file.
    """
    folder = _Folder()
    members = _unpack(path, folder.path)
    leading = [(name, at) for name, at in members if at.suffix.casefold() not in _SIDE_FILES]
    if not leading:
        raise UnreadableFileError("ledger.error.zip_nothing", file=path.name)
    sheets: list[Sheet] = []
    notices: list[Notice] = []
    refusal: InputRefusedError | None = None
    for name, at in leading:
        try:
            inner = opened(at)
        except UnreadableFileError as error:
            refusal = refusal or error
            notices.append(Notice(IssueCode.MEMBER_SKIPPED, name, {"member": name}))
            continue
        sheets += [_held(folder, name, sheet, len(inner.sheets)) for sheet in inner.sheets]
        notices += [replace(notice, sheet=notice.sheet or name) for notice in inner.notices]
    if not sheets and refusal is not None:
        raise refusal
    return sheets, notices


def _held(folder: _Folder, member: str, sheet: Sheet, of: int) -> Sheet:
    """Return a sheet that keeps its folder, named after the member it stands in."""

    def rows() -> Iterator[SourceRow]:
        if folder.path.exists():
            yield from sheet.rows()

    name = member if of == 1 or sheet.name is None else f"{member} {sheet.name}"
    return replace(sheet, name=name, rows=rows)


def _unpack(path: Path, folder: Path) -> list[tuple[str, Path]]:
    """Write the members into `folder`; return each file, or FileGDB, with its name."""
    try:
        with zipfile.ZipFile(path) as packed:
            members = [member for member in packed.infolist() if not member.is_dir()]
            _check_size(path, members)
            return _write(path, packed, members, folder)
    except ZIP_DAMAGE as error:
        raise UnreadableFileError("ledger.error.zip", file=path.name) from error


def _check_size(path: Path, members: Sequence[zipfile.ZipInfo]) -> None:
    size = sum(member.file_size for member in members)
    if size > _LARGEST or len(members) > _MOST:
        raise InputRefusedError(
            "ledger.error.too_large", file=path.name, size=size >> 20, limit=_LARGEST >> 20
        )


def _write(
    path: Path, packed: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], folder: Path
) -> list[tuple[str, Path]]:
    """Write members under names of ours: the same stem stays the same, so companions stay so.

    Raises:
        UnreadableFileError: two members have one name: one would be read and the other lost.
    """
    places: dict[str, Path] = {}
    left = _LARGEST
    for member in members:
        name = PurePosixPath(_name(member).replace("\\", "/"))
        if name.name.startswith((".", "~$")) or "__MACOSX" in name.parts:
            continue
        base = next((up for up in name.parents if up.suffix.casefold() == ".gdb"), None)
        together = str(base or name.with_suffix(""))
        own = folder / f"{len(places)}"
        place = places.setdefault(together, own)
        place.mkdir(exist_ok=True)
        inner = place / (base.name if base else "")
        inner.mkdir(exist_ok=True)
        target = inner / name.name.replace(":", "_")
        if target.exists():
            raise UnreadableFileError("ledger.error.zip_twice", file=path.name, member=str(name))
        with packed.open(member) as source, target.open("wb") as out:
            while chunk := source.read(1 << 20):
                left -= len(chunk)
                if left < 0:
                    raise zipfile.BadZipFile("larger than it says")
                out.write(chunk)
    return [(at.name, at) for place in places.values() for at in sorted(place.iterdir())]


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; Windows writes Chinese ones in GBK without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename

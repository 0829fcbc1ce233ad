"""Tiles laid in a folder beside the page: a page opened from a disk can show such pictures."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from landwatch.errors import PageError
from landwatch.files import whole_file, why_of
from landwatch.mapping.backdrops.picking import Picked

MARK = "landwatch-tiles.json"
"""Lies in a folder that landwatch made; only such a one is ever taken away."""


def folder_of(page: Path) -> Path:
    """Return the folder of tiles that goes with a page.

    >>> folder_of(Path("maps/park.html")).as_posix()
    'maps/park_tiles'
    """
    return page.with_name(f"{page.stem}_tiles")


def check_folder(page: Path) -> None:
    """Refuse to take the place of a folder that landwatch did not make.

    Raises:
        PageError: such a one is there.
    """
    folder = folder_of(page)
    if folder.is_symlink() or (folder.exists() and not (folder / MARK).is_file()):
        raise PageError("backdrop.error.folder_there", folder=str(folder))


def lay_beside(page: Path, sources: Sequence[tuple[str, Picked]]) -> None:
    """Write the tiles of each source into its own folder, in the place of an older one.

    Raises:
        PageError: they cannot be written.
    """
    check_folder(page)
    folder = folder_of(page)
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        fresh.mkdir()
        for name, taken in sources:
            _write(fresh / name, taken)
        with whole_file(fresh / MARK, error=PageError) as mark:
            mark.write_text(json.dumps({name: len(one.places) for name, one in sources}), "utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    except OSError as error:
        raise PageError("file.error.write", file=str(folder), why=why_of(error)) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write(folder: Path, taken: Picked) -> None:
    for zoom, x, y, picture in taken.places:
        place = folder / str(zoom) / str(x)
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{y}.{taken.kind}").write_bytes(taken.pictures[picture])


def template_of(page: Path, name: str, taken: Picked) -> str:
    """Return the address of those tiles as the page asks for it, relative to itself."""
    return f"{quote(folder_of(page).name)}/{name}/{{z}}/{{x}}/{{y}}.{taken.kind}"

"""Write the made pages into a folder: `python -m landwatch.lawbook.reference docs`."""

from __future__ import annotations

import sys
from pathlib import Path

from landwatch.lawbook.reference.pages import pages
from landwatch.lawbook.shelf import shelf


def write(folder: Path) -> None:
    """Write every made page into `folder`, where the pages with made parts are kept."""
    made = dict(pages(shelf(), lambda name: (folder / name).read_text("utf-8")))
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))

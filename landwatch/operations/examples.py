"""Examples for those who set landwatch up: units, tables and rules with their own paths in them."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from landwatch.files import write_new
from landwatch.language.catalogue import say
from landwatch.operations.plan import PLAN_NAME
from landwatch.operations.run import without_password

INBOX = "/srv/landwatch/inbox"


class Example(StrEnum):
    """What there is an example of."""

    PLAN = "plan"
    SYSTEMD = "systemd"
    CRON = "cron"
    LOGROTATE = "logrotate"
    ALERT = "alert"
    WINDOWS = "windows"


_FILES: Mapping[Example, Mapping[str, str]] = {
    Example.PLAN: {"plan": PLAN_NAME},
    Example.SYSTEMD: {
        "service": "landwatch-nightly.service",
        "timer": "landwatch-nightly.timer",
        "env": "landwatch.env",
    },
    Example.CRON: {"cron": "landwatch.cron"},
    Example.LOGROTATE: {"logrotate": "landwatch.logrotate"},
    Example.ALERT: {"alert": "landwatch-alert"},
    Example.WINDOWS: {"windows": "landwatch-nightly.cmd"},
}
"""The templates of each example, and how the file that comes of one is called."""
_ABOUT = (
    "about_alert", "about_cron", "about_cron_again", "about_env", "about_env_file", "about_exit",
    "about_logrotate", "about_on_failure", "about_plan", "about_service", "about_timer",
    "about_windows",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """What an example is filled in with: the folder, the store, and where landwatch is."""

    folder: str
    store: str
    lang: str
    program: str

    @property
    def words(self) -> list[str]:
        """Return the command of the nightly run."""
        return [self.program, "nightly", self.folder]


def site_of(folder: Path | None, store: str, lang: str) -> Site:
    """Return this place: a landwatch that is called by its whole path needs no environment."""
    inbox = INBOX if folder is None else str(folder.absolute())
    whole = store if "://" in store else str(Path(store).expanduser().absolute())
    return Site(inbox, without_password(whole), lang, program())


def program() -> str:
    """Return the whole path of the landwatch that runs, or of the one on the path."""
    beside = Path(sys.executable).with_name("landwatch")
    found = str(beside) if beside.exists() else shutil.which("landwatch")
    return found or "/usr/local/landwatch/bin/landwatch"


def example(which: Example, site: Site) -> Iterator[tuple[str, str]]:
    """Yield the files of an example: how each is called, and its text."""
    told = {
        **{name: say(f"nightly.{name}", site.lang) for name in _ABOUT},
        "folder_unit": "/etc/systemd/system/",
        "exec_start": " ".join(map(_for_systemd, site.words)),
        "cron_command": " ".join(map(shlex.quote, site.words)).replace("%", "\\%"),
        "windows_command": " ".join(f'"{word}"' for word in site.words).replace("%", "%%"),
        "plan_path": f"{site.folder}/{PLAN_NAME}",
        "store": site.store,
        "lang": site.lang,
    }
    for template, name in _FILES[which].items():
        text = files("landwatch.operations").joinpath("templates", f"{template}.template")
        yield name, text.read_text("utf-8").format_map(told)


def write_examples(which: Example, site: Site, folder: Path) -> list[Path]:
    """Write the files of an example into a folder; return where they are.

    Raises:
        FileExistsError: one is there already.
        OSError: they cannot be written there.
    """
    written = []
    for name, text in example(which, site):
        write_new(folder / name, text)
        if which is Example.ALERT:
            (folder / name).chmod(0o755)
        written.append(folder / name)
    return written


def _for_systemd(word: str) -> str:
    """Return a word of a command as a unit writes it.

    >>> _for_systemd("/a b/100%")
    '"/a b/100%%"'
    """
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if plain != word or not plain.isascii() or " " in word else word

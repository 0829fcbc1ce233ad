"""Settings: one frozen object, read when asked, each from its own environment variable."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass

from landwatch.errors import UnknownNameError
from landwatch.language.catalogue import LANGUAGES


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set from outside; an option of a command comes before it.

    Attributes:
        store: LANDWATCH_STORE, a path or URL; ./landwatch.gpkg where nothing is said.
        lang: LANDWATCH_LANG, zh or en.
        user: LANDWATCH_USER, who is recorded; the login name where nothing is said.
        trace: LANDWATCH_TRACE, whether a bug shows its traceback.
    """

    store: str
    lang: str
    user: str
    trace: bool


def read_settings() -> Settings:
    """Return the settings of this moment.

    Raises:
        UnknownNameError: LANDWATCH_LANG is not a language.
    """
    lang = os.environ.get("LANDWATCH_LANG", "") or "zh"
    if lang not in LANGUAGES:
        raise UnknownNameError("what.language", lang, LANGUAGES)
    return Settings(
        store=os.environ.get("LANDWATCH_STORE", "") or "landwatch.gpkg",
        lang=lang,
        user=os.environ.get("LANDWATCH_USER", "") or _login(),
        trace=bool(os.environ.get("LANDWATCH_TRACE", "")),
    )


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number that has no name
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"

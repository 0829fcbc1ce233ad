"""Every error that landwatch raises on purpose, as one tree.

LandwatchError
├── UsageError            the words of the command are off                        (exit 2)
│   └── UnknownNameError  a policy, rule, zone, contract … that is not there; offers the nearest
├── InputRefusedError     a file or its rows cannot be taken                      (exit 3)
│   └── UnreadableFileError   the file itself cannot be read
├── StoreError            the store cannot be opened, read or written             (exit 3)
│   ├── StoreMissingError     nothing there yet: `landwatch init`
│   ├── StoreBusyError        somebody else is writing
│   └── StoreVersionError     made by another landwatch version
├── LawbookError          a policy file does not say what it should               (exit 3)
│   └── ExpressionError   an expression in it, with line and column
└── PageError             a map page cannot be built offline                      (exit 3)

An error says what, where, both values where two disagree, and what to do next. Its words come from
the catalogue, so that it can be read in Chinese and in English.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Protocol, runtime_checkable


@runtime_checkable
class Worded(Protocol):
    """A value that has words in each language: another error, a sort of value."""

    def in_words(self, lang: str, /) -> str:
        """Return it in `lang`."""


class LandwatchError(Exception):
    """Base of every error a user may meet; `code` is a key of the catalogue, `values` fill it."""

    exit_code = 3

    def __init__(self, code: str, /, **values: object) -> None:
        """Keep the catalogue key and the values that its sentence needs."""
        self.code = code
        self.values = values
        super().__init__(code, values)

    def __str__(self) -> str:
        """Return the English sentence, for logs and tracebacks."""
        return self.in_words("en")

    def in_words(self, lang: str) -> str:
        """Return the sentence in `lang` (zh or en)."""
        from landwatch.language.catalogue import say  # kept out of the import of every room

        values = self.values.items()
        told = {name: _seen(name, _in_words(value, lang)) for name, value in values}
        return say(self.code, lang, **told)


_PATHS = frozenset(("file", "store", "folder", "near", "name", "mark"))
"""Values that are names of files: one may hold a line break."""
_OBEYED = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\n\t"}
_OBEYED |= dict.fromkeys((*range(0x7F, 0xA0), *range(0x202A, 0x202F)), "\ufffd")


def _seen(name: str, value: object) -> object:
    """Return text with the signs that a terminal would obey made visible."""
    if not isinstance(value, str):
        return value
    return value.translate({**_OBEYED, 10: "\u240a"} if name in _PATHS else _OBEYED)


def _in_words(value: object, lang: str) -> object:
    """Return a value as the sentence takes it; a code stays the code that a person must type."""
    if isinstance(value, str) or not isinstance(value, Worded):
        return value
    return value.in_words(lang)


class StoreUpgradedWarning(UserWarning):
    """A store of an older landwatch was brought up to date when it was opened; tells its backup."""

    def __init__(self, code: str, /, **values: object) -> None:
        """Keep the catalogue key and the values that its sentence needs."""
        self.code, self.values = code, values
        super().__init__(code, values)

    def __str__(self) -> str:
        """Return the English sentence."""
        return self.in_words("en")

    def in_words(self, lang: str) -> str:
        """Return the sentence in `lang` (zh or en)."""
        from landwatch.language.catalogue import say

        return say(self.code, lang, **self.values)


class UsageError(LandwatchError):
    """The words of the command are off."""

    exit_code = 2


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that looks most like `name`, or None when none does.

    >>> nearest("lanzhou-2012-184", ["lanzhou-2012-148", "order-53-2012"])
    'lanzhou-2012-148'
    >>> nearest("", []) is None
    True
    """
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.5)
    return by_folded[close[0]] if close else None


class UnknownNameError(UsageError):
    """A name that is not there; offers the nearest one that is."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        """Name the kind of thing (a key of the catalogue), what was asked for and what there is."""
        known = sorted(known)
        close = nearest(name, known)
        code = "error.unknown_name" if known else "error.unknown_name_none"
        code = "error.unknown_name_near" if close else code
        super().__init__(code, what=what, name=name, near=close or "", known=", ".join(known[:12]))
        self.near = close

    def in_words(self, lang: str) -> str:
        """Return the sentence, the kind of thing in `lang` too."""
        from landwatch.language.catalogue import say, says

        what = str(self.values["what"])
        in_lang = say(what, lang) if says(what) else what
        return say(self.code, lang, **{**self.values, "what": in_lang})


class InputRefusedError(LandwatchError):
    """A file or its rows cannot be taken."""


class UnreadableFileError(InputRefusedError):
    """The file itself cannot be read."""


class StoreError(LandwatchError):
    """The store cannot be opened, read or written."""


class StoreMissingError(StoreError):
    """There is no store yet."""


class StoreBusyError(StoreError):
    """Somebody else is writing."""


class StoreVersionError(StoreError):
    """The store was made by another version."""


class LawbookError(LandwatchError):
    """A policy file does not say what it should."""


class ExpressionError(LawbookError):
    """An expression of a policy is wrong; carries line and column."""


class PageError(LandwatchError):
    """A map page cannot be built offline."""

r"""What a path as typed may mean: Explorer's quotes, Windows' own writing, full-width signs.

Only the writing is looked at; whether something is there is for others to ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

_QUOTES = "\"'“”‘’「」『』＂"
_ADDRESS = re.compile(r"file:/{1,3}(?P<path>.*)", re.IGNORECASE)
_WEB = re.compile(r"(?:https?|ftp|sftp|s3):/{1,2}.*", re.IGNORECASE)
_DRIVE = re.compile(r"/?(?P<letter>[A-Za-z]):(?P<rest>/.*)")
_FULL_WIDTH = {0xFF01 + n: chr(0x21 + n) for n in range(94)}
_SHARE = re.compile(r"//[^/]+/.*")


def is_windows(typed: str) -> bool:
    r"""Tell whether a path is written as on Windows: with a drive, a share, or backslashes.

    >>> is_windows("C:\\台账\\合同.xlsx"), is_windows("c:/a"), is_windows("台账/合同.xlsx")
    (True, True, False)
    """
    told = _half_width(_unquoted(typed))
    return "\\" in told or bool(_DRIVE.fullmatch(_plain_address(told)))


def is_web(typed: str) -> bool:
    """Tell whether a path is an address of the web.

    >>> is_web("https:/example.org/a.csv"), is_web("a.csv")
    (True, False)
    """
    return bool(_WEB.fullmatch(_unquoted(typed)))


def is_dressed(typed: str) -> bool:
    """Tell whether a path carries what is no part of it: quotes, file://, blanks at its ends.

    >>> is_dressed('"a.csv"'), is_dressed("a.csv "), is_dressed("某某“项目”.csv")
    (True, True, False)
    """
    return _plain_address(_unquoted(typed)) != typed


def meanings(typed: str) -> tuple[str, ...]:
    r"""Return what a path may mean in this system's writing, the least changed first.

    >>> meanings('"台账\\合同.csv"')
    ('台账\\合同.csv', '台账/合同.csv', '合同.csv')
    """
    return tuple(found for found in dict.fromkeys(_meanings(typed)) if found and found != typed)


def _meanings(typed: str) -> Iterator[str]:
    text = typed
    for step in (_unquoted, _plain_address, _half_width, _slashed, _without_end):
        text = step(text)
        yield text
    if drive := _DRIVE.fullmatch(text):
        yield f"/mnt/{drive['letter'].lower()}{drive['rest']}"  # where WSL has the drives
    if drive or _SHARE.fullmatch(text) or "\\" in typed:
        parts = [part for part in text.split("/") if part and not part.endswith(":")]
        yield from ("/".join(parts[at:]) for at in range(len(parts)))


def _unquoted(text: str) -> str:
    """Return a path without the quotes and blanks around it, where quotes are around it at all."""
    text = text.strip()
    quoted = text[:1] in _QUOTES or (text[-1:] in _QUOTES and text.count(text[-1:]) == 1)
    return text.strip(_QUOTES).strip() if text and quoted else text


def _plain_address(text: str) -> str:
    match = _ADDRESS.fullmatch(text)
    if match is None:
        return text
    path = unquote(match["path"])
    return path if _DRIVE.fullmatch(path) else f"/{path}"


def _half_width(text: str) -> str:
    return text.translate(_FULL_WIDTH)


def _slashed(text: str) -> str:
    return text.replace("\\", "/")


def _without_end(text: str) -> str:
    return text.rstrip(" .") if text.strip(" ./") else text

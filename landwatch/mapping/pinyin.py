"""The sounds of the characters on a page, so that it is searched by pinyin and by initials.

No row carries its pinyin: one table of the characters that occur is enough, however many rows
there are. A character with several readings stands under each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landwatch.mapping.arranging import Arranged
    from landwatch.mapping.columns import Column
    from landwatch.mapping.data import MapData

_SYLLABLE = re.compile("[a-z]{1,6}")
_FIRST_HAN = "\u3007"  # below it stand letters, figures and signs, which have no reading


def sounds_of(characters: Iterable[str]) -> dict[str, str]:
    """Return the characters under each of their readings, without tones, ü as v.

    >>> sounds_of("行长绿A1")
    {'chang': '长', 'hang': '行', 'heng': '行', 'lu': '绿', 'lv': '绿', 'xing': '行', 'zhang': '长'}
    """
    under: dict[str, list[str]] = {}
    for character in sorted(set(characters)):
        for sound in _readings(character):
            under.setdefault(sound, []).append(character)
    return {sound: "".join(under[sound]) for sound in sorted(under)}


@cache
def _readings(character: str) -> tuple[str, ...]:
    if character < _FIRST_HAN:
        return ()
    from pypinyin import Style, pinyin

    told = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    sounds = chain.from_iterable(told)
    return tuple(dict.fromkeys(sound for sound in sounds if _SYLLABLE.fullmatch(sound)))


@dataclass(frozen=True, slots=True)
class Sounds:
    """The part of a page by which letters find characters."""

    name: str = "sounds"
    later: bool = False

    def columns(self, data: MapData, rows: Arranged) -> Sequence[Column]:
        """Return no column: the sounds are those of characters, not of rows."""
        return ()

    def head(self, data: MapData, rows: Arranged) -> Mapping[str, object]:
        """Return the characters under each of their readings, and the columns that have any."""
        told = {"parcel_id": data.parcel_id, **{n: data.contracts[n] for n in _SEARCHED}}
        signs = {name: set().union(*filter(None, set(texts))) for name, texts in told.items()}
        among = [name for name, one in signs.items() if any(map(_readings, one))]
        return {"of": sounds_of(set().union(*signs.values())), "among": among}


_SEARCHED = ("contract_id", "holder", "project")

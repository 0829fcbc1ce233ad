"""One catalogue of everything a user reads, in zh and en.

The sentences stand in `words/*.yaml`, one file for each room: `key: {zh: …, en: …}` with
`str.format` places. A key stands once in all files; both languages name the same places. The tests
hold both, so that no sentence is lost in one language.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("zh", "en")


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return every sentence by key and language.

    Raises:
        ValueError: a key stands twice, or lacks a language (a bug, caught by the tests).
    """
    import yaml  # costs 15 ms: only when something is said

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    sentences: dict[str, Mapping[str, str]] = {}
    for path in sorted(files("landwatch.language").joinpath("words").iterdir(), key=str):
        if not path.name.endswith(".yaml"):
            continue
        for key, texts in (yaml.load(path.read_text("utf-8"), loader) or {}).items():
            if key in sentences:
                raise ValueError(f"{path.name}: {key} stands twice in the catalogue")
            if set(texts) != set(LANGUAGES):
                raise ValueError(f"{path.name}: {key} needs zh and en, has {sorted(texts)}")
            sentences[key] = texts
    return sentences


def say(key: str, lang: str, /, **values: object) -> str:
    """Return the sentence of `key` in `lang`, its places filled with `values`.

    >>> say("status.breach", "zh")
    '未达标'
    """
    return catalogue()[key][lang].format_map(values)


def listed(parts: Iterable[str], lang: str) -> str:
    """Return several names in a row, as `lang` writes it.

    >>> listed(["甲", "乙"], "zh"), listed(["a", "b"], "en")
    ('甲、乙', 'a, b')
    """
    return ("、" if lang == "zh" else ", ").join(parts)


def says(key: str) -> bool:
    """Tell whether the catalogue has a sentence of that key."""
    return key in catalogue()


def places(sentence: str) -> set[str]:
    """Return the names of the places in a sentence.

    >>> sorted(places("{row}: {value}"))
    ['row', 'value']
    """
    return {name.split(".")[0] for _, name, _, _ in string.Formatter().parse(sentence) if name}

"""Writes the guessed meaning of a file's headers as a mapping file, to be corrected by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from landwatch.errors import InputRefusedError
from landwatch.files import check_spelling, unwritable, write_new
from landwatch.language.catalogue import say
from landwatch.language.columns import Kind, columns_of
from landwatch.ledger.files import open_file
from landwatch.ledger.guessing import Guess, guesses
from landwatch.ledger.instructions import Instructions


def guess_headers(
    kind: Kind, path: Path, *, encoding: str | None = None, crs: str | None = None
) -> list[Guess]:
    """Return what the headers of a file may mean, with the reason and some values of each.

    Raises:
        UnreadableFileError: the file itself cannot be read.
        InputRefusedError: it has no header, or no coordinate system.
    """
    opened = open_file(kind, path, Instructions(encoding, crs))
    return guesses(kind, opened.source.name, opened.sheets)


def write_mapping(path: Path, kind: Kind, source: str, guessed: Sequence[Guess], lang: str) -> None:
    """Write guesses as a mapping file; one that is there already, perhaps edited, is kept.

    Raises:
        InputRefusedError: something is there already, or it cannot be written there.
    """
    check_spelling(path, InputRefusedError)
    text = "\n".join(_text(kind, source, guessed, lang)) + "\n"
    try:
        write_new(path, text)
    except FileExistsError as error:
        raise InputRefusedError("ledger.mapping.there", file=str(path)) from error
    except OSError as error:
        raise unwritable(path, error, InputRefusedError) from error


def _text(kind: Kind, source: str, guessed: Sequence[Guess], lang: str) -> Iterator[str]:
    for line in say("ledger.mapping.intro", lang).split("|"):
        yield f"# {line.strip()}"
    yield f"kind: {kind}"
    yield f"file: {_written(source)}"
    yield "headers:"
    for guess in guessed:
        entry: dict[str, object] = {
            "header": guess.header,
            "column": guess.column,
            "unit": guess.unit,
            "sure": guess.sure,
            "because": guess.reason(lang),
            **({"sheet": guess.sheet} if guess.sheet else {}),
            **({"maybe": list(guess.maybe)} if guess.maybe else {}),
            "sample": list(guess.sample),
        }
        lines = [f"{key}: {_written(value)}".rstrip() for key, value in entry.items()]
        yield f"  - {lines[0]}"
        yield from (f"    {line}" for line in lines[1:])
    yield ""
    yield f"# {say('ledger.mapping.columns', lang)}"
    for column in columns_of(kind).values():
        unit = f" ({column.unit})" if column.unit not in (None, "1") else ""
        yield f"#   {column.name}: {column.in_words(lang)}{unit}"


def _written(value: object) -> str:
    """Return a value as YAML writes it within a line; nothing for none."""
    if value is None:
        return ""
    text = yaml.safe_dump([value], allow_unicode=True, default_flow_style=True, width=1 << 20)
    return str(text).strip().removeprefix("[").removesuffix("]")

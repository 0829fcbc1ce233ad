"""Reads a mapping file: which column each header of a source tells, as a person wrote it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from landwatch.errors import InputRefusedError, UnreadableFileError, nearest
from landwatch.files import there_as
from landwatch.language.columns import ColumnType, Kind, columns_of
from landwatch.ledger.headers import TWINS, Meant, folded
from landwatch.ledger.measures import factor

_LARGEST = 1 << 20
_TOP = ("kind", "file", "headers")
_ENTRY = ("header", "sheet", "column", "unit", "sure", "because", "maybe", "sample")


@dataclass(frozen=True, slots=True)
class HeaderMapping:
    """What the headers of a source mean, by their folded names; `file` is where it is written."""

    file: str
    kind: Kind
    meant: Mapping[str, Meant]


def read_mapping(path: Path, kind: Kind) -> HeaderMapping:
    """Return the mapping that a file writes down for `kind`.

    Raises:
        UnreadableFileError: it is not there, or no YAML.
        InputRefusedError: it is for another kind, or names a column or unit that is none.
    """
    told = _yaml(path)
    if not isinstance(told, dict):
        raise InputRefusedError("ledger.mapping.no_headers", file=path.name)
    for key in told:
        _check_key(path, key, _TOP)
    named = told.get("kind", str(kind))
    if named != str(kind):
        raise InputRefusedError(
            "ledger.mapping.other_kind", file=path.name, named=str(named), kind=str(kind)
        )
    entries = told.get("headers")
    if not isinstance(entries, list) or not entries:
        raise InputRefusedError("ledger.mapping.no_headers", file=path.name)
    meant: dict[str, Meant] = {}
    for entry in entries:
        header, meaning = _entry(path, kind, entry)
        if meant.setdefault(folded(header), meaning) != meaning:
            raise InputRefusedError("ledger.mapping.header_twice", file=path.name, header=header)
    _check_once(path, meant)
    return HeaderMapping(path.name, kind, meant)


def _yaml(path: Path) -> Any:
    try:
        if path.stat().st_size > _LARGEST:
            raise UnreadableFileError("ledger.mapping.yaml", file=path.name, line=1)
        return yaml.safe_load(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        there = there_as(str(path))
        code = "ledger.error.missing_as" if there else "ledger.error.missing"
        raise UnreadableFileError(code, file=str(path), near=there or "") from error
    except (OSError, UnicodeError) as error:
        raise UnreadableFileError("ledger.error.unreadable", file=path.name) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        raise UnreadableFileError("ledger.mapping.yaml", file=path.name, line=line) from error


def _entry(path: Path, kind: Kind, entry: Any) -> tuple[str, Meant]:
    """Return one header and what it means; a blank column keeps it and does not use it."""
    if not isinstance(entry, dict) or not isinstance(entry.get("header"), (str, int, float)):
        raise InputRefusedError("ledger.mapping.entry", file=path.name, entry=str(entry)[:80])
    for key in entry:
        _check_key(path, key, _ENTRY)
    header, column, unit = str(entry["header"]), entry.get("column"), entry.get("unit")
    if column in (None, ""):
        return header, Meant(None, None)
    known = columns_of(kind)
    if column not in known:
        near = nearest(str(column), known) or "—"
        raise InputRefusedError(
            "ledger.mapping.column", file=path.name, header=header, column=str(column), near=near
        )
    if unit in (None, ""):
        return header, Meant(str(column), None)
    if not _fits(kind, str(column), str(unit)):
        raise InputRefusedError(
            "ledger.mapping.unit", file=path.name, header=header, column=str(column),
            unit=str(unit), kept_unit=known[column].unit or "—",
        )  # fmt: skip
    return header, Meant(str(column), str(unit))


def _fits(kind: Kind, column: str, unit: str) -> bool:
    told = columns_of(kind)[column]
    numeric = told.holds in (ColumnType.DECIMAL, ColumnType.INTEGER)
    return numeric and told.unit is not None and factor(unit, told.unit) is not None


def _check_key(path: Path, key: object, known: tuple[str, ...]) -> None:
    if key not in known:
        raise InputRefusedError(
            "ledger.mapping.key", file=path.name, key=str(key)[:60], known=", ".join(known)
        )


def _check_once(path: Path, meant: Mapping[str, Meant]) -> None:
    """Refuse two headers for one column: nobody would know which speaks."""
    seen: dict[str, str] = {}
    for header, meaning in meant.items():
        if meaning.column is None:
            continue
        for name in {meaning.column, TWINS.get(meaning.column, meaning.column)}:
            if (other := seen.setdefault(name, header)) != header:
                raise InputRefusedError(
                    "ledger.mapping.column_twice", file=path.name, column=meaning.column,
                    header=header, other=other,
                )  # fmt: skip

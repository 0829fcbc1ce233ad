"""Reading a policy's YAML with its line numbers: every word a text, no key twice, none unknown.

Scalars stay texts as written, so that `0.20` is the exact 0.20 of the document and never a float.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from landwatch.errors import LawbookError, nearest

MAX_BYTES = 2_000_000
MAX_DEPTH = 12
_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that make what follows read from right to left: no Chinese or English text needs one."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a policy file: a mapping, a list, a text or nothing, with its place."""

    file: str
    line: int
    column: int
    content: Mapping[str, Part] | tuple[Part, ...] | str | None

    def refused(self, code: str, **values: object) -> LawbookError:
        """Return the error that names this place."""
        return LawbookError(code, file=self.file, line=self.line, column=self.column, **values)

    def mapping(self, allowed: Collection[str] | None = None) -> Mapping[str, Part]:
        """Return the part as a mapping; unknown keys are refused with the nearest known one."""
        if not isinstance(self.content, Mapping):
            raise self.refused("policy.needs_mapping")
        for key, part in self.content.items():
            if allowed is not None and key not in allowed:
                close = nearest(key, allowed)
                code = "policy.unknown_key_near" if close else "policy.unknown_key"
                raise part.refused(code, key=key, near=close or "", known=", ".join(allowed))
        return self.content

    def items(self) -> tuple[Part, ...]:
        """Return the part as a list; nothing is an empty list."""
        if self.content is None:
            return ()
        if not isinstance(self.content, tuple):
            raise self.refused("policy.needs_list")
        return self.content

    def text(self) -> str:
        """Return the part as a text."""
        if not isinstance(self.content, str):
            raise self.refused("policy.needs_text")
        return self.content

    def get(self, key: str) -> Part | None:
        """Return the part under a key of a mapping, or None."""
        return self.content.get(key) if isinstance(self.content, Mapping) else None

    def need(self, key: str) -> Part:
        """Return the part under a key that must be there."""
        part = self.get(key)
        if part is None:
            raise self.refused("policy.needs_key", key=key)
        return part


def read_parts(text: str, file: str) -> Part:
    """Return a YAML text as parts.

    Raises:
        LawbookError: not YAML, a key twice, an alias (a file is read as it looks), or too large.
    """
    if len(text.encode()) > MAX_BYTES:
        raise LawbookError("policy.too_large", file=file, limit=MAX_BYTES)
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        for event in yaml.parse(text, loader):
            _refuse_unplain(event, file)
        node = yaml.compose(text, loader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise LawbookError(
            "policy.not_yaml",
            file=file,
            line=mark.line + 1 if mark else 1,
            column=mark.column + 1 if mark else 1,
            what=getattr(problem, "problem", None) or str(problem).split("\n")[0],
        ) from None
    except RecursionError:
        raise LawbookError("policy.too_deep", file=file, limit=MAX_DEPTH) from None
    return _part(node, file, 0)


def _refuse_unplain(event: Any, file: str) -> None:
    """Refuse what makes a text mean something else than it looks like: aliases and tags."""
    if isinstance(event, yaml.AliasEvent):
        raise LawbookError("policy.alias", file=file)
    if getattr(event, "tag", None) is not None:
        raise _at(event, "policy.tag", file)


def _at(what: Any, code: str, file: str, **values: object) -> LawbookError:
    line, column = what.start_mark.line + 1, what.start_mark.column + 1
    return LawbookError(code, file=file, line=line, column=column, **values)


def _scalar(node: Any, file: str) -> str:
    """Return a text without signs that nobody sees: they break tables and turn words round."""
    text = str(node.value)
    for sign in text:
        if (unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t") or sign in _TURNING:
            raise _at(node, "policy.sign", file, sign=f"U+{ord(sign):04X}")
    return text


def _part(node: Any, file: str, depth: int) -> Part:
    if node is None:
        return Part(file, 1, 1, None)
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if depth > MAX_DEPTH:
        raise LawbookError("policy.too_deep", file=file, limit=MAX_DEPTH)
    if isinstance(node, yaml.ScalarNode):
        blank = node.tag == "tag:yaml.org,2002:null"
        return Part(file, line, column, None if blank else _scalar(node, file))
    if isinstance(node, yaml.SequenceNode):
        return Part(
            file, line, column, tuple(_part(child, file, depth + 1) for child in node.value)
        )
    return Part(file, line, column, dict(_pairs(node, file, depth)))


def _pairs(node: Any, file: str, depth: int) -> Iterator[tuple[str, Part]]:
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _at(key, "policy.plain_key", file)
        name = _scalar(key, file)
        if name in seen:
            raise _at(key, "policy.key_twice", file, key=name)
        seen.add(name)
        yield name, _part(value, file, depth + 1)

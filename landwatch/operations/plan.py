"""The plan of a nightly inbox: which files are which kind of ledger, and how they are read.

A small YAML file. Every key must be known and stand once; what is off is told with its line.
"""

from __future__ import annotations

import fnmatch
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from landwatch.errors import UsageError, nearest
from landwatch.files import Why
from landwatch.language.columns import Kind

PLAN_NAME = "nightly.yaml"
SETTLE_S = 60.0
_TOP = ("files", "settle_seconds", "ignore")
_ENTRY = ("kind", "glob", "adapter", "mapping", "encoding", "crs", "cure", "repair")
_LARGEST_BYTES, _DEEPEST = 1 << 17, 8
"""A plan of thousands of entries is smaller; an entry stands three deep."""
_DAY_S = 86_400.0
_YES_NO = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class PlannedFiles:
    """Files of one kind of ledger, known by their name, and how they are read."""

    kind: Kind
    glob: str
    adapter: str | None = None
    mapping: Path | None = None
    encoding: str | None = None
    crs: str | None = None
    cure: str | None = None
    repair: bool = False

    def means(self, name: str) -> bool:
        """Tell whether a file of that name is meant; however its signs are put together."""
        return _fits(name, self.glob)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with the files of an inbox, in this order; those of `ignore` are let be."""

    files: tuple[PlannedFiles, ...]
    settle_s: float = SETTLE_S
    ignore: tuple[str, ...] = ()

    def ignores(self, name: str) -> bool:
        """Tell whether a file is meant to lie in the inbox and not to be taken in."""
        return any(_fits(name, glob) for glob in self.ignore)

    def entry_of(self, name: str) -> int | None:
        """Return which entry a file belongs to, the first that means it; None where none does."""
        return next((at for at, one in enumerate(self.files) if one.means(name)), None)


def read_plan(path: Path) -> Plan:
    """Return the plan that a file writes down.

    Raises:
        UsageError: it is not there, no YAML, or says what nobody understands; with its line.
    """
    return _plan(_Reader(path.name, path.parent), _composed(path))


def _composed(path: Path) -> yaml.Node | None:
    try:
        text = _text(path)
        _check_plain(text, path.name)
        return yaml.compose(text, yaml.SafeLoader)
    except FileNotFoundError:
        raise UsageError("plan.missing", file=str(path)) from None
    except (OSError, UnicodeError) as problem:
        why = Why(None, getattr(problem, "strerror", None) or str(problem))
        raise UsageError("plan.unreadable", file=str(path), why=why) from None
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = getattr(problem, "problem", None) or str(problem).split("\n")[0]
        raise UsageError("plan.not_yaml", file=path.name, line=line, what=what) from None


def _text(path: Path) -> str:
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise UsageError("plan.unreadable", file=str(path), why=Why("file.why.is_folder"))
    with path.open("rb") as file:
        told = file.read(_LARGEST_BYTES + 1)
    if len(told) > _LARGEST_BYTES:
        raise UsageError("plan.too_large", file=path.name, limit_kib=_LARGEST_BYTES >> 10)
    return told.decode("utf-8-sig")


def _check_plain(text: str, file: str) -> None:
    """Refuse what reads otherwise than it looks, or is so deep that reading it takes for ever."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="alias", problem_mark=getattr(event, "start_mark", None)
            )
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            mark = getattr(event, "start_mark", None)
            line = mark.line + 1 if mark else 1
            raise UsageError("plan.too_deep", file=file, line=line, limit=_DEEPEST)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Refuses what a plan says wrongly, naming file and line."""

    file: str
    folder: Path

    def refused(self, node: yaml.Node, code: str, **values: object) -> UsageError:
        line = node.start_mark.line + 1
        return UsageError(code, file=self.file, line=line, **values)

    def pairs(self, node: yaml.Node, known: tuple[str, ...]) -> Mapping[str, yaml.Node]:
        """Return a mapping's values by key; each key known, and there once."""
        if not isinstance(node, yaml.MappingNode):
            raise self.refused(node, "plan.no_mapping", keys=", ".join(known))
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self.text(key) or ""
            if name not in known:
                near = nearest(name, known) or ", ".join(known)
                raise self.refused(key, "plan.key", key=name, near=near)
            if name in found:
                raise self.refused(key, "plan.key_twice", key=name)
            found[name] = value
        return found

    def text(self, node: yaml.Node | None) -> str | None:
        """Return a text; None where nothing is said."""
        if node is None or node.tag == "tag:yaml.org,2002:null":
            return None
        if not isinstance(node, yaml.ScalarNode):
            raise self.refused(node, "plan.no_text")
        return str(node.value).strip() or None


def _plan(reader: _Reader, node: yaml.Node | None) -> Plan:
    if node is None:
        raise UsageError("plan.no_files", file=reader.file, line=1)
    told = reader.pairs(node, _TOP)
    files = told.get("files")
    if not isinstance(files, yaml.SequenceNode):
        raise reader.refused(files or node, "plan.no_files")
    settle = SETTLE_S
    if (waits := told.get("settle_seconds")) is not None:
        settle = _seconds(reader, waits)
    ignored = tuple(_ignored(reader, told.get("ignore")))
    return Plan(tuple(_entry(reader, one) for one in files.value), settle, ignored)


def _ignored(reader: _Reader, node: yaml.Node | None) -> Iterator[str]:
    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode):
        raise reader.refused(node, "plan.ignore")
    for one in node.value:
        glob = reader.text(one)
        if glob is None or "/" in glob or "\\" in glob:
            raise reader.refused(one, "plan.glob")
        yield glob


def _seconds(reader: _Reader, node: yaml.Node) -> float:
    try:
        seconds = float(reader.text(node) or "")
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= _DAY_S:
        raise reader.refused(node, "plan.seconds")
    return seconds


def _entry(reader: _Reader, node: yaml.Node) -> PlannedFiles:
    told = reader.pairs(node, _ENTRY)
    said: dict[str, Any] = {name: reader.text(told.get(name)) for name in _ENTRY}
    if said["kind"] not in set(Kind):
        near = nearest(said["kind"] or "", list(Kind)) or ", ".join(Kind)
        place = told.get("kind", node)
        raise reader.refused(place, "plan.kind", kind=said["kind"] or "—", near=near)
    if said["glob"] is None or "/" in said["glob"] or "\\" in said["glob"]:
        raise reader.refused(told.get("glob", node), "plan.glob")
    if (repair := said["repair"]) is not None and repair.lower() not in _YES_NO:
        raise reader.refused(told["repair"], "plan.yes_no")
    said["repair"] = _YES_NO[repair.lower()] if repair is not None else False
    if said["mapping"] is not None:
        said["mapping"] = reader.folder / said["mapping"]
        if not said["mapping"].is_file():
            raise reader.refused(told["mapping"], "plan.mapping", mapping=str(said["mapping"]))
    said["kind"] = Kind(said["kind"])
    return PlannedFiles(**said)


def _fits(name: str, glob: str) -> bool:
    return fnmatch.fnmatchcase(_one_way(name), _one_way(glob))


def _one_way(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def planned_first(plan: Plan, names: Iterable[str]) -> list[tuple[str, int | None]]:
    """Return names in the order in which they are taken in, each with its entry.

    The order of the plan, and of the names within an entry: a later name speaks after an earlier.
    """
    placed = [(name, plan.entry_of(name)) for name in names]
    last = len(plan.files)
    return sorted(placed, key=lambda one: (last if one[1] is None else one[1], _one_way(one[0])))

"""Reading a tutorial as its reader does: files to write, commands to type, lines to expect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_PIECE = re.compile(
    r"(?:<!-- (?P<act>file|change): (?P<name>[^>]+?) -->\n+)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$",
    flags=re.MULTILINE | re.DOTALL,
)
_EXIT = re.compile(r"#\s*(?:退出码|exit code)\s+(\d+)")
_FRAME = re.compile(r"[│┃|]|[┏┓┗┛┡┩┌┐└┘├┤┬┴┼━─╇╈┳┻]+")


@dataclass(frozen=True, slots=True)
class File:
    """A file that the reader writes."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What the reader alters in a file, shown as lines that go and lines that come."""

    name: str
    text: str

    def applied(self, before: str) -> str:
        """Return the file after the change; every piece of it must stand there once."""
        for piece in re.split(r"^@@.*\n", self.text, flags=re.MULTILINE):
            lines = piece.splitlines(keepends=True)
            old = "".join(line[1:] for line in lines if line[0] in " -")
            new = "".join(line[1:] for line in lines if line[0] in " +")
            assert before.count(old) == 1, (
                f"{self.name} holds this {before.count(old)} times: {old}"
            )
            before = before.replace(old, new)
        return before


@dataclass(slots=True)
class Command:
    """A line that the reader types, how it ends, and the lines that the page shows of it."""

    line: str
    exit_code: int = 0
    shows: list[str] = field(default_factory=list)


def steps(page: str) -> Iterator[File | Change | list[Command]]:
    """Yield what the page asks of its reader, in order: a file, a change, a block of commands."""
    block: list[Command] = []
    for piece in _PIECE.finditer(page):
        if piece["name"]:
            yield from [block] if block else []
            block = []
            made = File if piece["act"] == "file" else Change
            yield made(piece["name"], piece["text"])
        elif piece["kind"] == "sh":
            yield from [block] if block else []
            block = [command(line) for line in piece["text"].splitlines() if line.strip()]
        elif piece["kind"] == "text" and block:
            block[-1].shows.extend(line for line in piece["text"].splitlines() if line.strip())
    if block:
        yield block


def command(line: str) -> Command:
    """Return a command without its remark; the remark may name the exit code."""
    told = _EXIT.search(line)
    return Command(re.split(r"\s+#", line)[0].strip(), int(told[1]) if told else 0)


def plain(text: str) -> str:
    """Return a text without frames of tables, its white space made single."""
    return " ".join(_FRAME.sub(" ", text).split())


def not_shown(output: str, shows: list[str]) -> list[str]:
    """Return the lines of the page that the output does not hold, in the page's order."""
    rest, lacking = plain(output), []
    for line in shows:
        if line.strip() in ("…", "……"):
            continue
        _, found, after = rest.partition(plain(line))
        if found:
            rest = after
        else:
            lacking.append(line)
    return lacking

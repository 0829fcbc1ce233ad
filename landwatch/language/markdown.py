"""Writing Markdown: tables, code, and texts that may hold any sign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def cell(text: str) -> str:
    r"""Return a text that stands in one cell of a table and means nothing but itself.

    >>> cell("a | b\n <c>")
    'a \\| b &lt;c>'
    """
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def code(text: str) -> str:
    r"""Return a text as code on one line, its white space made single.

    >>> code("not told(x)\n  or y")
    '`not told(x) or y`'
    """
    line = " ".join(text.split()).replace("|", "\\|")
    return f"`` {line} ``" if "`" in line else f"`{line}`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a row's cells are written already.

    >>> print(table(("a", "b"), [("1", "2")]))
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "|" + "|".join(parts) + "|" if parts[0] == "---" else "| " + " | ".join(parts) + " |"
        for parts in lines
    )


def fenced(text: str, language: str = "") -> str:
    """Return a text as a block of code."""
    return f"```{language}\n{text.rstrip()}\n```"

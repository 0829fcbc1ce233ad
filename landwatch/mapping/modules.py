"""The page's own ES modules, joined into one script: no tool is needed at install.

The files are real modules (node runs their tests as they are). Joined, they share one scope, so a
name may stand at the top of one file only; that is checked here.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from landwatch.errors import PageError

ENTRY = "page.js"

_IMPORT = re.compile(
    r"""^import\s+\{[^}]*\}\s+from\s+["']\./([\w-]+\.js)["'];?[ \t]*\n""", re.MULTILINE
)
_EXPORT = re.compile(r"^export\s+(?=(?:async\s+)?(?:function|class|const|let)\b)", re.MULTILINE)
_TOP_NAME = re.compile(
    r"^(?:async\s+)?(?:function\*?|class|const|let|var)\s+([A-Za-z_$][\w$]*)", re.MULTILINE
)


def source(name: str) -> str:
    """Return the text of a file among the page's modules."""
    return files("landwatch.mapping").joinpath("page_modules", name).read_text("utf-8")


def styles(page: str) -> str:
    """Return the styles of a page: `page`.css, then those of its features, `page`-….css."""
    folder = files("landwatch.mapping").joinpath("page_modules")
    names = sorted(file.name for file in folder.iterdir())
    more = [name for name in names if name.startswith(f"{page}-") and name.endswith(".css")]
    return "\n".join(source(name) for name in [f"{page}.css", *more])


@cache
def joined_script(entry: str = ENTRY) -> str:
    """Return all modules that a page needs as one script, each after those it imports.

    Raises:
        PageError: two modules use one name, or a module is written in a way that cannot be joined.
    """
    order: list[str] = []
    _visit(entry, order, [])
    owner_of: dict[str, str] = {}
    texts = []
    for name in order:
        text = _EXPORT.sub("", _IMPORT.sub("", source(name)))
        for top in _TOP_NAME.findall(text):
            if owner_of.setdefault(top, name) != name:
                raise PageError("map.error.module", name=name, why=f"{top}: {owner_of[top]}")
        if re.search(r"^(import|export)\b", text, re.MULTILINE) or "</script" in text:
            raise PageError("map.error.module", name=name, why="import, export, </script")
        texts.append(f"// {name}\n{text}")
    return "\n".join(texts)


def _visit(name: str, order: list[str], path: list[str]) -> None:
    """Add a module to `order` after the modules that it imports."""
    if name in order:
        return
    if name in path:
        raise PageError("map.error.module", name=name, why=" → ".join([*path, name]))
    for needed in _IMPORT.findall(source(name)):
        _visit(needed, order, [*path, name])
    order.append(name)

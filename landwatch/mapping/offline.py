"""A folium figure as one file that asks no host for anything, and that runs only its own scripts.

Leaflet comes from an installed wheel and stands in place of the links to it; every script and style
is named by its hash in the page's security policy, so nothing else can run.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import mimetypes
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from branca.element import CssLink, Figure, JavascriptLink

from landwatch.errors import PageError

LEAFLET = "django-js-lib-leaflet"
LOCAL_FILES = {
    "leaflet": "js_lib_leaflet/static/js_lib_leaflet/leaflet.js",
    "leaflet_css": "js_lib_leaflet/static/js_lib_leaflet/leaflet.css",
}
"""The wheel's file for each link that folium asks for, by folium's own name of the link."""

NOT_NEEDED = frozenset(
    {
        "jquery",
        "bootstrap",
        "bootstrap_css",
        "glyphicons_css",
        "awesome_markers",
        "awesome_markers_css",
        "awesome_markers_font_css",
        "awesome_rotate_css",
    }
)
"""Links that serve folium's markers and popups, which the page does not use."""

ZOOMABLE = '<meta name="viewport" content="width=device-width, initial-scale=1">'
"""In place of folium's own, which forbids people to enlarge the page."""

_URL = re.compile(r"""url\(\s*['"]?([^'")]+)['"]?\s*\)""")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
_INLINE = re.compile(r"<(script|style)((?:\s[^>]*)?)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_DATA_BLOCK = re.compile(r"""\stype=["']?(?:text/plain|application/json)""", re.IGNORECASE)
_REMOTE = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)\s*=""", re.IGNORECASE)
_VIEWPORT = re.compile(r"""<meta name="viewport"[^>]*>""")


def rendered_offline(figure: Figure) -> str:
    """Return the figure's page with a local copy in place of each link.

    Raises:
        PageError: a link has no local copy, so the page would need the internet.
    """
    for child in list(figure._children.values()):
        child.render()
    styles: list[str] = []
    scripts: list[str] = []
    for name, element in list(figure.header._children.items()):
        if not isinstance(element, JavascriptLink | CssLink):
            continue
        figure.header._children.pop(name)
        if name in NOT_NEEDED:
            continue
        text = _local_copy(name, element.url)
        (scripts if isinstance(element, JavascriptLink) else styles).append(text)
    page: str = figure._template.render(this=figure, kwargs={})
    page = _VIEWPORT.sub(ZOOMABLE, page)
    assets = "".join(f"<style>{text}</style>\n" for text in styles)
    assets += "".join(f"<script>{text}</script>\n" for text in scripts)
    page = page.replace("<head>", "<head>\n" + assets, 1)
    _refuse_links(page)
    return page


def _refuse_links(page: str) -> None:
    """Refuse a page that still asks for something beside itself."""
    bare = _INLINE.sub(lambda found: f"<{found[1]}{found[2]}></{found[1]}>", page)
    remote = _REMOTE.search(bare)
    if remote:
        raise PageError("map.error.link", name="?", url=bare[remote.start() :][:200])


def _local_copy(name: str, url: str) -> str:
    """Return the wheel's copy of a linked file, ready to stand inside the page."""
    if name not in LOCAL_FILES:
        raise PageError("map.error.link", name=name, url=url)
    return _asset(LOCAL_FILES[name])


@cache
def _asset(inside: str) -> str:
    """Return a file of the Leaflet wheel; pictures that a style names become part of it."""
    try:
        path = Path(str(importlib.metadata.distribution(LEAFLET).locate_file(inside)))
        text = path.read_text("utf-8")
    except (importlib.metadata.PackageNotFoundError, FileNotFoundError):
        raise PageError("map.error.asset", package=LEAFLET, file=inside) from None
    if path.suffix == ".js":
        return _SOURCE_MAP.sub("", text).replace("</script", "<\\/script")
    return _URL.sub(lambda found: _data_url(path.parent, found[1]), text)


def _data_url(folder: Path, url: str) -> str:
    """Return `url` as data, when it names a file beside the style."""
    if url.startswith(("data:", "#")):
        return f"url({url})"
    path = folder / url
    if not path.is_file():
        raise PageError("map.error.link", name=path.name, url=url)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"url(data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')})"


def with_security_policy(page: str, images: Iterable[str] = ()) -> str:
    """Return the page with a policy that names its scripts and styles and forbids all else.

    `images` are sources of pictures beside the page itself: hosts, or `'self'`.
    """
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for tag, attributes, text in _INLINE.findall(page):
        if not _DATA_BLOCK.search(attributes):
            hashes[tag.lower()].append(_hash(text))
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {_listed(hashes['script'])}",
            f"style-src {_listed(hashes['style'])}",
            " ".join(["img-src data: blob:", *images]),
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    meta = f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return page.replace("<head>", f"<head>\n{meta}", 1)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.replace("\r\n", "\n").encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _listed(hashes: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(hashes)) or "'none'"

"""The shell of a page: folium's map, our styles, markup and modules around it, and no network."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence

import folium
from branca.element import Element, Figure

from landwatch.errors import PageError
from landwatch.mapping.modules import joined_script, source, styles
from landwatch.mapping.offline import rendered_offline, with_security_policy


def page_around(
    shell: folium.Map, name: str, *, mark: str, title: str, lang: str, images: Sequence[str] = ()
) -> str:
    """Return a page made of the styles of `name`, `name`.html and the modules that `name`.js needs.

    `mark` stands where the page's data go, which are put in when the page is rendered: a template
    engine or a hash over them would read every byte. `images` are the hosts, if any, that the page
    may ask for pictures.

    Raises:
        PageError: the page cannot be built offline.
    """
    shell._id = "landwatch"  # folium draws a random name; the same data give the same file
    figure = shell.get_root()
    if not isinstance(figure, Figure):
        raise PageError("map.error.module", name="folium", why=type(figure).__name__)
    figure.header.add_child(_raw(f"<style>{styles(name)}</style>"), name="page_css")
    figure.html.add_child(_raw(source(f"{name}.html")), name="page_html")
    script = f'<script type="module">{joined_script(f"{name}.js")}</script>'
    figure.html.add_child(_raw(mark + script), name="page_script")
    page = with_security_policy(rendered_offline(figure), images)
    page = page.replace("<html>", f'<html lang="{"zh-CN" if lang == "zh" else "en"}">', 1)
    return page.replace("</head>", f"<title>{html.escape(title)}</title>\n</head>", 1)


def data_blocks(settings: Mapping[str, object], blocks: Mapping[str, str]) -> str:
    """Return a page's settings and packs as blocks that no browser runs and no text can end."""
    told = json.dumps(settings, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    parts = [f'<script type="application/json" id="landwatch-settings">{told}</script>']
    parts += [
        f'<script type="text/plain" id="landwatch-{name}">{block}</script>'
        for name, block in blocks.items()
    ]
    return "\n".join(parts) + "\n"


def _raw(text: str) -> Element:
    """Return an element that the template engine leaves as it is."""
    return Element("{% raw %}" + text + "{% endraw %}")

"""What cannot be done offline is refused with a word of help, and nothing is left half written."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import pytest

from landwatch.errors import PageError
from landwatch.mapping import modules, offline
from landwatch.mapping.data import MapData
from landwatch.mapping.modules import joined_script
from landwatch.mapping.page import words, write_page


def bare_figure() -> Any:
    return folium.Map(tiles=None).get_root()


def test_the_same_data_give_the_same_file(park: MapData, tmp_path: Path) -> None:
    first, second = tmp_path / "1.html", tmp_path / "2.html"
    receipt = write_page(first, park)
    write_page(second, park)
    assert first.read_bytes() == second.read_bytes()
    assert receipt.bytes == first.stat().st_size
    assert (receipt.parcels, receipt.parcels_drawn) == (8, 7)
    assert (receipt.contracts, receipt.contracts_without_geometry) == (7, 1)


def test_no_address_of_a_host_is_asked_for(park: MapData, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    write_page(path, park)
    page = re.sub(r"<(script|style)\b.*?</\1>", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert "lw-map" in page
    assert "//" not in page


def test_a_link_without_a_local_copy_is_refused_by_name() -> None:
    figure = bare_figure()
    link = folium.JavascriptLink("https://example.org/new-plugin.js")
    figure.header.add_child(link, name="new_plugin")
    with pytest.raises(PageError) as refused:
        offline.rendered_offline(figure)
    assert "new_plugin" in refused.value.in_words("zh")
    assert "https://example.org/new-plugin.js" in refused.value.in_words("en")


def test_a_tile_layer_would_need_the_internet_and_so_would_a_picture() -> None:
    figure = bare_figure()
    figure.html.add_child(folium.Element('<img src="https://example.org/a.png">'))
    with pytest.raises(PageError):
        offline.rendered_offline(figure)


def test_a_missing_wheel_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline, "LEAFLET", "no-such-package")
    offline._asset.cache_clear()
    with pytest.raises(PageError) as refused:
        offline.rendered_offline(bare_figure())
    offline._asset.cache_clear()
    assert "no-such-package" in str(refused.value)


def test_two_modules_with_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {
        "page.js": 'import { a } from "./other.js";\nconst twice = 1;\n',
        "other.js": "export const a = 1;\nconst twice = 2;\n",
    }
    monkeypatch.setattr(modules, "source", texts.__getitem__)
    with pytest.raises(PageError, match="twice"):
        joined_script.__wrapped__()


def test_modules_that_import_each_other_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {
        "page.js": 'import { a } from "./other.js";\n',
        "other.js": 'import { b } from "./page.js";\n',
    }
    monkeypatch.setattr(modules, "source", texts.__getitem__)
    with pytest.raises(PageError):
        joined_script.__wrapped__()


def test_a_page_that_cannot_be_written_leaves_the_old_one(
    park: MapData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "map.html"
    path.write_text("old", "utf-8")

    def held(_self: Path, _target: Path) -> Path:
        raise PermissionError(13, "held open")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(PageError) as refused:
        write_page(path, park)
    assert "map.html" in refused.value.in_words("zh")
    assert path.read_text("utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["map.html"]


def test_a_folder_that_is_not_there_is_told(park: MapData, tmp_path: Path) -> None:
    with pytest.raises(PageError):
        write_page(tmp_path / "nowhere" / "map.html", park)


def test_every_word_that_the_page_asks_for_is_in_the_catalogue() -> None:
    script = joined_script() + modules.source("page.html")
    asked = set(re.findall(r'\bsay\("(\w+)"', script))
    asked |= set(re.findall(r'data-(?:say|label)="(\w+)"', script))
    assert asked
    for lang, known in words().items():
        assert asked <= set(known), lang


def test_no_word_of_the_page_lies_unused(park_with: Callable[..., MapData]) -> None:
    script = joined_script() + modules.source("page.html")
    known = {key for key in words()["zh"] if "." not in key}
    assert {key for key in known if f'"{key}"' not in script} == set()

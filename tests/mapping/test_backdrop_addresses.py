"""Addresses of online tiles: what may be asked for, and what is refused before a page is made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from landwatch.errors import PageError
from landwatch.mapping.backdrops.addresses import Online, tianditu, wmts, xyz

TOKEN = "0123456789abcdef0123456789abcdef"


def test_tianditu_is_asked_for_by_token_with_the_layer_of_its_names() -> None:
    for layer, names in (("vec", "cva"), ("img", "cia"), ("ter", "cta")):
        online = tianditu(TOKEN, layer)
        assert len(online.templates) == len(online.names) == len(online.hosts) == 8
        assert f"/{layer}_w/wmts?" in online.templates[3]
        assert f"LAYER={names}&" in online.names[3]
        assert online.templates[3].startswith(online.hosts[3] + "/")
        assert all(f"&tk={TOKEN}" in one for one in online.templates + online.names)
        assert not online.gcj02, "Tianditu needs no correction"


def test_a_token_may_stand_in_a_file_so_that_no_command_shows_it(tmp_path: Path) -> None:
    file = tmp_path / "token.txt"
    file.write_bytes(b"\xef\xbb\xbf" + TOKEN.encode() + b"\r\n")
    assert tianditu(f"@{file}").templates == tianditu(TOKEN).templates
    with pytest.raises(PageError) as refused:
        tianditu(f"@{tmp_path / 'none'}")
    assert "没有找到" in refused.value.in_words("zh")


@pytest.mark.parametrize("token", ["", "short", "a" * 200, f"{TOKEN}&x=1", f"{TOKEN}' '", "令牌"])
def test_what_is_no_token_is_refused_and_never_repeated(token: str) -> None:
    with pytest.raises(PageError) as refused:
        tianditu(token)
    words = refused.value.in_words("zh") + refused.value.in_words("en")
    assert len(token) < 8 or token not in words


def test_a_layer_that_tianditu_has_not_is_refused_with_those_it_has() -> None:
    with pytest.raises(PageError, match="vec"):
        tianditu(TOKEN, "streets")


@pytest.mark.parametrize(
    ("told", "name", "hosts", "first"),
    [
        (
            "https://tiles.example.org/{z}/{x}/{y}.png",
            "tiles.example.org",
            ["https://tiles.example.org"],
            "https://tiles.example.org/{z}/{x}/{y}.png",
        ),
        (
            "影像=https://{s}.example.org:8443/{z}/{x}/{-y}",
            "影像",
            [f"https://{sign}.example.org:8443" for sign in "abc"],
            "https://a.example.org:8443/{z}/{x}/{-y}",
        ),
        (
            "https://webrd0{1-4}.example.cn/t?x={x}&y={y}&z={z}&style=8",
            "webrd01.example.cn",
            [f"https://webrd0{number}.example.cn" for number in range(1, 5)],
            "https://webrd01.example.cn/t?x={x}&y={y}&z={z}&style=8",
        ),
        (
            "http://10.1.2.3/gis/{z}/{y}/{x}",
            "10.1.2.3",
            ["http://10.1.2.3"],
            "http://10.1.2.3/gis/{z}/{y}/{x}",
        ),
        (
            "https://瓦片.例子.cn/{z}/{x}/{y}",
            "xn--h1xv9c.xn--fsqu00a.cn",
            ["https://xn--h1xv9c.xn--fsqu00a.cn"],
            "https://瓦片.例子.cn/{z}/{x}/{y}",
        ),
    ],
    ids=["plain", "named", "range", "intranet", "chinese"],
)
def test_any_tiles_are_asked_for_by_a_template(
    told: str, name: str, hosts: list[str], first: str
) -> None:
    online = xyz(told)
    assert (online.name, list(online.hosts), online.templates[0]) == (name, hosts, first)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)//{z}{x}{y}",
        "x=javascript:alert(1)//{z}{x}{y}",
        "data:image/png;base64,{z}{x}{y}",
        "file:///etc/{z}/{x}/{y}",
        "ftp://example.org/{z}/{x}/{y}",
        "//example.org/{z}/{x}/{y}",
        "https:///{z}/{x}/{y}",
        "https://user:pass@example.org/{z}/{x}/{y}",
        "https://example.org'/{z}/{x}/{y}",
        'https://example.org/"onerror=x/{z}/{x}/{y}',
        "https://example.org/{z}/{x}/{y}; script-src *",
        "https://example.org;script-src/{z}/{x}/{y}",
        "https://*.example.org/{z}/{x}/{y}",
        "https://*/{z}/{x}/{y}",
        "https://example.org\\@evil.org/{z}/{x}/{y}",
        "https://[::1]/{z}/{x}/{y}",
        "https://example.org:99999/{z}/{x}/{y}",
        "https://{x}.example.org/{z}/{x}/{y}",
        "https://{9-1}.example.org/{z}/{x}/{y}",
        "https://{a-z}.example.org/{z}/{x}/{y}",
        "https://example.org/\u2028{z}/{x}/{y}",
        "https://example.org/\x00{z}/{x}/{y}",
        "https://example.org/`{z}`/{x}/{y}",
        "https://example.org/<script>/{z}/{x}/{y}",
        "https://example.org/{z}/{x}",
        "https://example.org/{z}/{x}/{y}/{-y}",
        "https://example.org/{z}/{x}/{y}/{token}",
        "https://example.org/" + "a" * 3000 + "/{z}/{x}/{y}",
        "",
    ],
    ids=range(29),
)
def test_an_address_that_is_none_or_would_widen_the_policy_is_refused(url: str) -> None:
    with pytest.raises(PageError) as refused:
        xyz(url)
    for lang in ("zh", "en"):
        assert len(refused.value.in_words(lang)) < 600
    with pytest.raises(PageError):
        wmts(url)


def test_no_host_that_was_let_through_can_say_more_than_a_host() -> None:
    fine = re.compile(r"https?://[a-z0-9.-]+(:\d+)?")
    for online in (xyz("https://{s}.Example.org:80/{z}/{x}/{y}"), tianditu(TOKEN)):
        assert all(fine.fullmatch(host) for host in online.hosts)


def test_a_wmts_that_asks_by_names_gets_what_it_lacks() -> None:
    online = wmts("影像=https://gis.example.cn/wmts?layer=img&tilematrixset=w&tk=abc")
    (template,) = online.templates
    for part in (
        "SERVICE=WMTS", "REQUEST=GetTile", "VERSION=1.0.0", "LAYER=img", "STYLE=default",
        "TILEMATRIXSET=w", "tk=abc", "TILEMATRIX={z}", "TILEROW={y}", "TILECOL={x}",
    ):  # fmt: skip
        assert part in template.split("?")[1].split("&")
    assert (online.name, online.matrix) == ("影像", "w")


def test_a_wmts_template_says_its_matrix_set_in_its_query_or_its_path() -> None:
    asked = "https://a.cn/t?TILEMATRIXSET=EPSG:900913&TILEMATRIX=EPSG:900913:{TileMatrix}"
    online = wmts(asked + "&TILEROW={TileRow}&TILECOL={TileCol}")
    assert online.templates[0].endswith("EPSG:900913:{z}&TILEROW={y}&TILECOL={x}")
    rest = "https://a.cn/rest/img/default/GoogleMapsCompatible/{TileMatrix}/{TileRow}/{TileCol}.png"
    assert wmts(rest).templates[0].endswith("/{z}/{y}/{x}.png")
    degrees = wmts("https://a.cn/wmts?LAYER=img&TILEMATRIXSET=c")
    assert degrees.matrix == "c"


@pytest.mark.parametrize("matrix", ["EPSG:4326", "EPSG:4490", "CGCS2000", "mine", "C", "<b>"])
def test_a_matrix_set_that_is_not_certain_is_refused(matrix: str) -> None:
    with pytest.raises(PageError) as refused:
        wmts(f"https://a.cn/wmts?LAYER=img&TILEMATRIXSET={matrix}")
    assert "EPSG:3857" in refused.value.in_words("zh")


def test_a_wmts_that_does_not_say_its_layer_or_matrix_set_is_refused() -> None:
    with pytest.raises(PageError, match="TILEMATRIXSET"):
        wmts("https://a.cn/wmts?LAYER=img")
    with pytest.raises(PageError, match="matrix set"):
        wmts("https://a.cn/{TileMatrix}/{TileRow}/{TileCol}.png")


def test_a_key_in_an_address_is_not_repeated_in_words() -> None:
    with pytest.raises(PageError) as refused:
        xyz("https://a.cn/t?key=SECRET&x={x}")
    assert "SECRET" not in refused.value.in_words("zh") + refused.value.in_words("en")


def codes(online: Online) -> list[str]:
    return [remark.code.rpartition(".")[2] for remark in online.remarks]


def test_hosts_that_draw_in_gcj02_are_spoken_of_and_baidu_is_refused() -> None:
    gaode = "https://webrd0{1-4}.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}"
    assert codes(xyz(gaode)) == ["looks_gcj02"]
    assert codes(xyz(gaode, gcj02=True)) == []
    assert codes(xyz("http://10.0.0.8/{z}/{x}/{y}")) == ["plain_http"]
    with pytest.raises(PageError, match="BD-09"):
        xyz("https://maponline{0-3}.bdimg.com/tile/?x={x}&y={y}&z={z}", gcj02=True)

"""Addresses of online tiles: what a user types, made the one template that the page fills in.

Only hosts are let through the page's security policy, spelled out one by one, so an address may
hold nothing in its host but a host. What is not certain, such as an unknown matrix set, is refused:
a backdrop in the wrong place would mislead whoever looks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from landwatch.errors import PageError
from landwatch.mapping.backdrops.remarks import Remark

MERCATOR, DEGREES = "w", "c"
"""The two matrix sets that the page can lay: Web Mercator, and Tianditu's of degrees."""
TIANDITU = {"vec": "cva", "img": "cia", "ter": "cta"}
"""The maps of Tianditu, each with the layer of its names."""
TIANDITU_ZOOM = 18
MOST_HOSTS = 12

_MERCATOR_SETS = frozenset(
    {"w", "epsg:3857", "epsg:900913", "googlemapscompatible", "webmercatorquad", "pm", "g"}
)
_TOKEN = re.compile(r"[0-9A-Za-z_-]{8,128}")
_PLACE = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"([0-9])-([0-9])|([a-z])-([a-z])")
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_UNFIT = re.compile(r"[\s\x00-\x20\x7f<>\"'`\\^|]")
_WMTS = {"tilematrix": "z", "tilerow": "y", "tilecol": "x"}
_USUAL = {"SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "STYLE": "default"}
_FILLED = ("TILEMATRIX", "TILEROW", "TILECOL")
_KNOWN = frozenset((*_USUAL, *_FILLED, "LAYER", "TILEMATRIXSET", "FORMAT"))
_GCJ02_HOSTS = ("autonavi.com", "amap.com", "gtimg.com", "qq.com", "google.cn", "geoq.cn")
_BAIDU_HOSTS = ("baidu.com", "bdimg.com", "bdstatic.com", "bcebos.com")


@dataclass(frozen=True, slots=True)
class Online:
    """Tiles that a page asks hosts for.

    Attributes:
        name: what the layer list calls it; empty for Tianditu, which has words.
        kind: `xyz`, `wmts`, or Tianditu's `vec`, `img`, `ter`.
        templates: one for each host, with `{z}`, `{x}` and `{y}` or `{-y}`.
        hosts: where the page asks, as a security policy names them.
        matrix: `MERCATOR` or `DEGREES`.
        highest: the farthest zoom that is asked for.
        names: the templates of a layer of names that goes over it.
        gcj02: whether the tiles are drawn in the coordinates of internet maps.
        remarks: what is to be said of it.
    """

    name: str
    kind: str
    templates: tuple[str, ...]
    hosts: tuple[str, ...]
    matrix: str = MERCATOR
    highest: int = 18
    names: tuple[str, ...] = ()
    gcj02: bool = False
    remarks: tuple[Remark, ...] = ()


def tianditu(token: str, layer: str = "vec") -> Online:
    """Return a map of Tianditu; its coordinates are CGCS2000 and need no correction.

    `token` is the token, or `@` and the file in which it stands, so that no command line shows it.

    Raises:
        PageError: the token is none, or Tianditu has no such layer.
    """
    if layer not in TIANDITU:
        raise PageError("backdrop.error.tianditu_layer", layer=layer, known="、".join(TIANDITU))
    told = _from_file(token[1:]) if token.startswith("@") else token.strip()
    if not _TOKEN.fullmatch(told):
        raise PageError("backdrop.error.token", length=len(told))
    return Online(
        name="",
        kind=layer,
        templates=_of_tianditu(layer, told),
        hosts=tuple(f"https://t{number}.tianditu.gov.cn" for number in range(8)),
        highest=TIANDITU_ZOOM,
        names=_of_tianditu(TIANDITU[layer], told),
        remarks=(Remark("backdrop.remark.token"),),
    )


def _from_file(name: str) -> str:
    try:
        return Path(name).expanduser().read_bytes()[:4096].decode("utf-8-sig", "replace").strip()
    except OSError as error:
        raise PageError("backdrop.error.missing", file=name) from error


def _of_tianditu(layer: str, token: str) -> tuple[str, ...]:
    asked = (
        f"SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
        "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
    )
    return tuple(
        f"https://t{number}.tianditu.gov.cn/{layer}_w/wmts?{asked}&tk={token}"
        for number in range(8)
    )


def xyz(told: str, *, gcj02: bool = False) -> Online:
    """Return the tiles of a template with `{z}`, `{x}`, `{y}` or `{-y}`, and `{s}` or `{1-4}`.

    A name may stand before it: `影像=https://…`.

    Raises:
        PageError: it is no such template, or its host is none.
    """
    name, url = _named(told)
    places = [place for place in _PLACE.findall(url) if place not in ("s", *_ranges(url))]
    rows = {"y", "-y"} & set(places)
    if sorted(places) != sorted({"z", "x", *rows}) or len(rows) != 1:
        raise PageError("backdrop.error.template", url=_shown(url))
    return _online(name, "xyz", url, MERCATOR, gcj02=gcj02)


def wmts(told: str, *, gcj02: bool = False) -> Online:
    """Return the tiles of a WMTS: a template of its own, or an address that asks by names.

    `{TileMatrix}`, `{TileRow}` and `{TileCol}` are filled in; of an address without them the layer
    and the matrix set must be told, the rest is added.

    Raises:
        PageError: it is no such address, or the matrix set is not one that the page can lay.
    """
    name, url = _named(told)
    url = _PLACE.sub(lambda place: f"{{{_WMTS.get(place[1].lower(), place[1])}}}", url)
    if "{" not in url.replace("{s}", "").partition("://")[2]:
        url, matrix = _asked_by_names(url)
    else:
        matrix = _matrix_of(_set_in(url), url)
    places = {place for place in _PLACE.findall(url) if place not in ("s", *_ranges(url))}
    if places != {"z", "x", "y"}:
        raise PageError("backdrop.error.template", url=_shown(url))
    return _online(name, "wmts", url, matrix, gcj02=gcj02)


def _named(told: str) -> tuple[str, str]:
    """Return the name that stands before an address, empty where there is none."""
    name, mark, url = told.strip().partition("=")
    if mark and "://" not in name and not name.lower().startswith("javascript:"):
        return name.strip()[:60], url.strip()
    return "", told.strip()


def _ranges(url: str) -> list[str]:
    return [place for place in _PLACE.findall(url) if _RANGE.fullmatch(place)]


def _asked_by_names(url: str) -> tuple[str, str]:
    """Return the template of an address that asks by names, and its matrix set."""
    parts = urlsplit(url)
    told = {
        name.upper() if name.upper() in _KNOWN else name: value  # a `tk` may not be read as TK
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    }
    missing = [name for name in ("LAYER", "TILEMATRIXSET") if not told.get(name)]
    if missing:
        raise PageError("backdrop.error.wmts", url=_shown(url), missing="、".join(missing))
    matrix = _matrix_of(told["TILEMATRIXSET"], url)
    fixed = {**_USUAL, "FORMAT": "image/png", **told, "REQUEST": "GetTile"}
    for name in _FILLED:
        fixed.pop(name, None)
    asked = urlencode(fixed, safe=":/") + "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
    return parts._replace(query=asked, fragment="").geturl(), matrix


def _set_in(url: str) -> str | None:
    """Return the matrix set that a template tells in its query; None where it tells none."""
    for name, value in parse_qsl(urlsplit(url).query):
        if name.lower() == "tilematrixset":
            return value
    path = urlsplit(url).path.lower().split("/")
    return next((part for part in path if part in _MERCATOR_SETS - {"g", "pm"}), None)


def _matrix_of(told: str | None, url: str) -> str:
    """Return which of the two matrix sets a name means; none is guessed.

    Raises:
        PageError: it may be any.
    """
    if told is None:
        raise PageError("backdrop.error.matrix_untold", url=_shown(url))
    if told.casefold() in _MERCATOR_SETS:
        return MERCATOR
    if told == DEGREES:
        return DEGREES
    raise PageError("backdrop.error.matrix", matrix=told[:60])


def _online(name: str, kind: str, url: str, matrix: str, *, gcj02: bool) -> Online:
    templates = _each_host(url)
    hosts = tuple(dict.fromkeys(_host_of(one) for one in templates))
    first = urlsplit(hosts[0]).hostname or ""
    if _is_of(first, _BAIDU_HOSTS):
        raise PageError("backdrop.error.baidu", host=first)
    remarks = []
    if not gcj02 and _is_of(first, _GCJ02_HOSTS):
        remarks.append(Remark("backdrop.remark.looks_gcj02", {"host": first}))
    if any(host.startswith("http:") for host in hosts):
        remarks.append(Remark("backdrop.remark.plain_http", {"host": first}))
    return Online(
        name or first, kind, templates, hosts, matrix, gcj02=gcj02, remarks=tuple(remarks)
    )


def _is_of(host: str, domains: Sequence[str]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _each_host(url: str) -> tuple[str, ...]:
    """Return the template once for each host that `{s}` or a range such as `{1-4}` stands for."""
    for place in _PLACE.findall(url):
        if place == "s":
            return tuple(url.replace("{s}", sign) for sign in "abc")
        found = _RANGE.fullmatch(place)
        if found is not None:
            low, high = (ord(one) for one in found.groups() if one)
            signs = [chr(code) for code in range(low, high + 1)]
            if not 1 <= len(signs) <= MOST_HOSTS:
                break
            return tuple(url.replace(f"{{{place}}}", sign) for sign in signs)
    return (url,)


def _host_of(url: str) -> str:
    """Return scheme, host and port of an address as a security policy names them.

    Raises:
        PageError: it is no address of a host, or holds what an address may not.
    """
    refused = PageError("backdrop.error.address", url=_shown(url))
    if _UNFIT.search(url) or len(url) > 2000:
        raise refused
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
        port = parts.port
    except (ValueError, UnicodeError):
        raise refused from None
    bare = parts.username is None and parts.password is None and "{" not in parts.netloc
    if parts.scheme not in ("http", "https") or not bare or not _HOST.fullmatch(host):
        raise refused
    return f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")


def _shown(url: str) -> str:
    """Return an address for words: what it asks with may be a secret."""
    head, mark, _ = url.partition("?")
    return head[:200] + (f"{mark}…" if mark else "")

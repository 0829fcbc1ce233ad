"""What a demo park is made of, as its YAML tells it: zones, streets, enterprises, faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, TypeAlias

import yaml

from landwatch.language.columns import Kind

Told: TypeAlias = "str | int | float | date | None"
Row: TypeAlias = "Mapping[str, Told]"
"""A row of a ledger file: what stands under each header, by the header without its unit."""

PARKS = ("lanzhou", "urumqi", "taizhou")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a park's plane lies on the earth: its origin, its turn in degrees, its bend in m."""

    lon: float
    lat: float
    turn: float
    bend: float


@dataclass(frozen=True, slots=True)
class Lot:
    """A parcel of a street; `shape` is whole, notch (L-shaped), pond (a hole) or corner (cut)."""

    parcel: str
    area_m2: float
    shape: str = "whole"


@dataclass(frozen=True, slots=True)
class Block:
    """A row of lots along a street, from `at` to the east; `lean` slants their sides."""

    street: str
    zone: str
    at: tuple[float, float]
    depth: float
    lean: float
    lots: tuple[Lot, ...]


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone: its row, and its outline as (west, south, east, north) on the park's plane."""

    outline: tuple[float, float, float, float]
    told: Row


@dataclass(frozen=True, slots=True)
class Enterprise:
    """One contract with all that is told of it, and what it shows."""

    id: str
    holder: str
    project: str
    why: Mapping[str, str]
    parcel: str | None
    contract: Row
    reports: tuple[Row, ...] = ()
    events: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """An honest fault at the end of a file: a row again, or one that no ledger should hold."""

    kind: Kind
    why: str
    again: str | None = None
    row: Row | None = None


@dataclass(frozen=True, slots=True)
class SheetForm:
    """The form of a file: its headers as the bureau writes them, its encoding, its dates."""

    file: str
    headers: tuple[str, ...]
    title: str = ""
    encoding: str = "utf-8"
    dates: str = "%Y-%m-%d"
    defaults: Row | None = None


@dataclass(frozen=True, slots=True)
class Park:
    """A made-up park."""

    name: str
    place: Place
    division: str
    adcode: str
    credit_stem: str
    zones: tuple[Zone, ...]
    sheets: Mapping[Kind, SheetForm]
    faults: tuple[Fault, ...]
    blocks: tuple[Block, ...]
    enterprises: tuple[Enterprise, ...]


def read_park(name: str) -> Park:
    """Return one of the parks that come with landwatch.

    >>> sum(len(read_park(name).enterprises) for name in PARKS)
    94
    """
    path = files("landwatch.demo").joinpath("parks", f"{name}.yaml")
    told: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return Park(
        name=told["name"],
        place=Place(**told["place"]),
        division=told["division"],
        adcode=told["adcode"],
        credit_stem=told["credit_stem"],
        zones=tuple(Zone(tuple(each["outline"]), each["told"]) for each in told["zones"]),
        sheets={Kind(kind): _form(form) for kind, form in told["sheets"].items()},
        faults=tuple(_fault(each) for each in told["faults"]),
        blocks=tuple(_block(each) for each in told["blocks"]),
        enterprises=tuple(_enterprise(each) for each in told["enterprises"]),
    )


def _form(told: dict[str, Any]) -> SheetForm:
    return SheetForm(**told | {"headers": tuple(told["headers"])})


def _fault(told: dict[str, Any]) -> Fault:
    return Fault(Kind(told["sheet"]), told["why"], told.get("again"), told.get("row"))


def _block(told: dict[str, Any]) -> Block:
    lots: Sequence[dict[str, Any]] = told["lots"]
    return Block(**told | {"at": tuple(told["at"]), "lots": tuple(Lot(**lot) for lot in lots)})


def _enterprise(told: dict[str, Any]) -> Enterprise:
    rows = {name: tuple(told.get(name, ())) for name in ("reports", "events")}
    return Enterprise(**told | rows)

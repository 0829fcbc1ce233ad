"""Which class a contract and a parcel get, and which data are refused."""

from __future__ import annotations

import base64
import gzip
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from landwatch.errors import PageError
from landwatch.language.reasons import reason_in_words
from landwatch.language.terms import Gravity
from landwatch.mapping.arranging import (
    Arranged,
    arranged,
    contract_classes,
    parcel_classes,
)
from landwatch.mapping.columns import Column, text_column
from landwatch.mapping.data import MapData
from landwatch.mapping.gravest import ASKING
from landwatch.mapping.pack import details_pack, telling_pack
from landwatch.mapping.style import CLASS_OF, CLASSES, COLOURS, NOT_BINDING


def codes(data: MapData) -> dict[str, str]:
    named = zip(data.contracts["contract_id"], contract_classes(data).tolist(), strict=True)
    return {name: CLASSES[code].code for name, code in named}


def one_by_one(data: MapData) -> list[int]:
    """Return the class of each contract by looking at one finding after the other."""
    gravest = [len(CLASSES)] * data.contract_count
    explained = set()
    told = data.findings
    for contract, rule, gravity in zip(
        told["contract"], told["rule"], told["gravity"], strict=True
    ):
        if Gravity(gravity) in ASKING:
            pale = data.rules[rule].authority in NOT_BINDING
            gravest[contract] = min(gravest[contract], CLASS_OF[gravity, pale])
            explained.add((contract, gravity))
    for contract, gravity in enumerate(data.contracts["gravity"]):
        if (contract, gravity) not in explained:
            gravest[contract] = min(gravest[contract], CLASS_OF[gravity, False])
    return gravest


def test_classes_by_columns_are_those_of_one_finding_after_the_other(
    park_with: Callable[..., MapData], park: MapData
) -> None:
    random = np.random.default_rng(7)
    rules, gravities = list(park.rules), [str(gravity) for gravity in Gravity]
    for size in (0, 1, 40):
        findings = {
            "contract": random.integers(0, park.contract_count, size).tolist(),
            "rule": random.choice(rules, size).tolist(),
            "gravity": random.choice(gravities, size).tolist(),
            "status": ["unknown"] * size,
            "to_verify": [False] * size,
        }
        gravity = random.choice(gravities, park.contract_count).tolist()
        data = park_with(findings=findings, contracts={**park.contracts, "gravity": gravity})
        assert contract_classes(data).tolist() == one_by_one(data)


def test_a_contract_shows_what_is_gravest_and_a_report_alone_is_hatched(park: MapData) -> None:
    assert codes(park) == {
        "HT-1": "compliant",
        "HT-2": "breach",
        "HT-3": "to_verify",
        "HT-4": "due_soon",
        "HT-5": "breach_hatched",
        "HT-6": "not_due",
        "HT-7": "breach",
    }


def test_a_gravity_that_no_finding_explains_is_not_lost(park_with: Callable[..., MapData]) -> None:
    none: dict[str, list[object]] = {
        name: [] for name in ("contract", "rule", "gravity", "status", "to_verify")
    }
    assert codes(park_with(findings=none))["HT-5"] == "breach"


def test_law_speaks_before_a_report_on_one_contract(
    park: MapData, park_with: Callable[..., MapData]
) -> None:
    rules = ["UR.HT.BOND", "O53.A1", "O53.A1", "UR.HT.BOND", "UR.HT.BOND", "GC.START"]
    both = {**park.findings, "contract": [3, 1, 2, 3, 4, 3], "rule": rules}
    both["gravity"] = ["breach", "breach", "to_verify", "breach", "breach", "due_soon"]
    told = codes(park_with(findings=both))
    assert told["HT-4"] == "due_soon"


def test_a_parcel_shows_the_gravest_of_its_contracts(park: MapData) -> None:
    rows = arranged(park)
    shown = {
        park.parcel_id[row]: CLASSES[code].code
        for row, code in zip(rows.parcels.tolist(), parcel_classes(rows).tolist(), strict=True)
    }
    assert shown["LZ-001"] == "not_due"  # compliant and not due meet on it
    assert shown["LZ-002"] == "breach"
    assert shown["LZ-007"] == "no_contract"


def test_contracts_without_a_drawn_parcel_are_counted(park: MapData) -> None:
    assert int(arranged(park).without_shape.sum()) == 1


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_what_only_a_draft_says_is_never_darker_than_law() -> None:
    stripe = 0.36  # the share of a hatch that its stripes take, in the legend and on the map
    hatched = [stripe * luminance(k.colour) + 1 - stripe for k in CLASSES if k.hatched]
    speaking = [luminance(k.colour) for k in CLASSES if k.always_listed and not k.hatched]
    assert min(hatched) > max(speaking)


def test_every_gravity_has_a_colour_of_its_own() -> None:
    assert set(COLOURS) == set(Gravity)
    assert len(set(COLOURS.values())) == len(COLOURS)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"parcel_id": ["one"]}, "map.error.length"),
        ({"contracts": {"contract_id": []}}, "map.error.columns"),
        ({"rules": {}}, "map.error.rule"),
    ],
)
def test_columns_that_do_not_fit_together_are_refused(
    park_with: Callable[..., MapData], change: dict[str, object], code: str
) -> None:
    with pytest.raises(PageError) as refused:
        park_with(**change)
    assert refused.value.code == code
    assert refused.value.in_words("zh") != refused.value.in_words("en")


def test_a_finding_of_no_contract_is_refused(
    park: MapData, park_with: Callable[..., MapData]
) -> None:
    with pytest.raises(PageError):
        park_with(findings={**park.findings, "contract": [1, 1, 2, 3, 4, 99]})
    with pytest.raises(PageError):
        park_with(contracts={**park.contracts, "parcels": [[99]] * 7})


def test_a_page_of_nothing_at_all_is_packed() -> None:
    none = _no_rows()
    empty = MapData(
        [], np.empty(0, object), [], [], np.empty(0), none, none, {}, "空", date(2021, 1, 1)
    )
    assert arranged(empty).drawn == 0


def _no_rows() -> dict[str, list[object]]:
    names = "contract_id holder project zone area_mu parcels gravity contract rule status to_verify"
    return {name: [] for name in names.split()}


def test_reasons_are_said_in_both_languages_and_codes_without_words_stay() -> None:
    assert reason_in_words("no_value:LIMIT", "zh") == "政策未定数值：LIMIT"
    assert reason_in_words("something:else", "zh") == "something:else"
    assert reason_in_words("", "en") == ""


def head_of(pack: str) -> dict[str, Any]:
    """Return what a pack says of itself and of its columns."""
    whole = gzip.decompress(base64.b64decode(pack))
    (size,) = struct.unpack("<I", whole[:4])
    told: dict[str, Any] = json.loads(whole[4 : 4 + size])
    return told


@dataclass(frozen=True, slots=True)
class Named:
    """A part of a page: a text for each contract, and a head."""

    name: str
    later: bool

    def columns(self, data: MapData, rows: Arranged) -> list[Column]:
        told = [f"{self.name} {data.contracts['contract_id'][row]}" for row in rows.contracts]
        return [text_column(self.name, told)]

    def head(self, data: MapData, rows: Arranged) -> dict[str, object]:
        return {"rows": len(rows.contracts)}


@pytest.mark.parametrize("later", [False, True])
def test_a_part_travels_in_the_pack_that_it_names_and_in_the_order_of_the_page(
    park: MapData, later: bool
) -> None:
    data = replace(park, parts=[Named("extra", later)])
    rows = arranged(data)
    packs = [head_of(telling_pack(data, rows)), head_of(details_pack(data, rows))]
    there, elsewhere = packs[later], packs[not later]
    assert there["parts"] == {"extra": {"rows": data.contract_count}}
    assert [column["rows"] for column in there["columns"] if column["name"] == "extra"] == [7]
    assert elsewhere["parts"] == {}
    assert "extra" not in [column["name"] for column in elsewhere["columns"]]

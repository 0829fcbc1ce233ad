"""What a page is told of land use, industry and sounds when it is gathered from a kept scan."""

from __future__ import annotations

import pytest

from landwatch.mapping.arranging import arranged
from landwatch.mapping.data import MapData
from landwatch.mapping.pinyin import Sounds, sounds_of
from landwatch.mapping.uses import industry_of, use_columns, uses_of


def test_sounds_stand_once_for_each_character_and_reading() -> None:
    assert sounds_of("黄河黄") == {"he": "河", "huang": "黄"}
    assert sounds_of("重") == {"chong": "重", "tong": "重", "zhong": "重"}
    assert sounds_of("ＡA1（）、 \u3000") == {}


def test_only_columns_with_characters_are_heard(park: MapData) -> None:
    told = Sounds().head(park, arranged(park))
    assert told["among"] == ["holder", "project"], "numbers of contracts and parcels have no sounds"
    assert isinstance(told["of"], dict)
    assert told["of"]["huang"] == "黄"


@pytest.mark.parametrize(
    ("told", "division"),
    [
        ("C3511", "35"),
        ("c35", "35"),
        ("3511", "35"),
        (" 35 ", "35"),
        ("5", "5"),
        ("C", "C"),
        ("35-专用设备", "35-专用设备"),
        ("", None),
        (None, None),
    ],
)
def test_an_industry_is_told_by_its_division_or_as_it_stands(
    told: str | None, division: str | None
) -> None:
    assert industry_of(told) == division


def test_uses_are_packed_only_where_they_were_told(park: MapData) -> None:
    order = arranged(park).contracts
    assert use_columns(park.contracts, order) == []
    rows = [{"land_use": " 工业用地 ", "industry_code": "C3511"}] * park.contract_count
    columns = use_columns(uses_of(rows), order)
    assert [column.name for column in columns] == ["contract_land_use", "contract_industry"]
    assert uses_of(rows)["land_use"][0] == "工业用地"

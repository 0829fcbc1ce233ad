"""Made-up ledger files of any size: tables of contracts and a GeoPackage of parcels."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray
from openpyxl import Workbook

SEED = 20210701
CHANGED_EVERY = 100
HEADERS = (
    *(
        "电子监管号",
        "合同编号",
        "宗地编号",
        "园区编号",
        "供地方式",
        "项目名称",
        "项目位置",
        "行政区",
    ),
    *("行政区划代码", "土地使用权人", "统一社会信用代码", "土地用途", "行业代码"),
    *("出让面积(公顷)", "成交价格(万元)", "合同签订日期", "约定交地时间", "约定开工时间"),
    *("约定竣工时间", "实际开工时间", "实际竣工时间", "约定总投资额(万元)"),
    *("约定投资强度(万元/亩)", "约定容积率下限", "约定容积率上限"),
)
DIVISIONS = (
    ("兰州新区", "620171"),
    ("来凤县", "422827"),
    ("大冶市", "420281"),
    ("阳江高新区", "441702"),
)
TRADES = ("机械", "玻璃", "食品", "药业", "纸业", "电子", "纺织", "化工", "建材", "物流")
CORNERS = 40
BYTES_A_PARCEL = 1_095
_AT_ONCE = 20_000
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FIRST_DAY = date(2008, 1, 1)


def write_contracts(
    path: Path, rows: int, *, encoding: str = "utf-8", changed: bool = False
) -> Path:
    """Write a table of contracts; `changed` writes it again with every hundredth price mended."""
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADERS)
        table.writerows(_contracts(rows, changed))
    return path


def _contracts(rows: int, changed: bool) -> Iterator[list[str]]:
    random = Random(SEED)
    for at in range(rows):
        place, code = DIVISIONS[at % len(DIVISIONS)]
        trade = TRADES[random.randrange(len(TRADES))]
        signed = _FIRST_DAY + timedelta(days=random.randrange(5000))
        hectares = random.randrange(2_000, 200_000) / 10_000
        price = round(hectares * 15 * random.uniform(8, 40), 2)
        if changed and at % CHANGED_EVERY == 0:
            price += 1
        started = random.random() < 0.7
        yield [
            f"{code}{signed.year}B{at:07d}",
            f"{place[:1]}国土出让〔{signed.year}〕{at}号",
            f"{code}{at % 999:03d}GB{at:07d}",
            f"Z{at % 40:02d}",
            ("挂牌出让", "拍卖出让", "招标出让", "划拨")[min(random.randrange(12), 3)],
            f"年产{random.randrange(1, 900)}万吨{trade}项目",
            f"{place}纬{random.randrange(60)}路{random.randrange(300)}号",
            place,
            code,
            f"{place}第{random.randrange(60_000)}{trade}（集团）有限公司",
            credit_code(f"91{code}{random.randrange(10**9):09d}"),
            "工业用地",
            f"C{random.randrange(1300, 4300)}",
            f"{hectares:.4f}",
            f"{price:.2f}",
            signed.isoformat(),
            _later(signed, 30),
            _later(signed, 180 + random.randrange(180)),
            _later(signed, 900 + random.randrange(360)),
            _later(signed, 200 + random.randrange(300)) if started else "1900-01-01",
            _later(signed, 1000 + random.randrange(300)) if started and at % 3 else "",
            f"{hectares * 15 * random.randrange(200, 500):.0f}",
            str(random.randrange(150, 400)),
            "0.8" if at % 5 else "1",
            f"{random.randrange(12, 40) / 10:.1f}",
        ]


def _later(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()


def credit_code(first: str) -> str:
    """Return a unified social credit code of 17 signs with its check digit."""
    total = sum(_SIGNS.index(sign) * pow(3, at, 31) for at, sign in enumerate(first))
    return first + _SIGNS[-total % 31]


def write_workbook(path: Path, rows: int) -> Path:
    """Write the same contracts as a workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("合同")
    sheet.append(HEADERS)
    for row in _contracts(rows, changed=False):
        sheet.append(row)
    book.save(path)
    return path


def write_parcels(path: Path, count: int) -> Path:
    """Write a GeoPackage of parcels in a belt of CGCS2000: MultiPolygons of forty corners."""
    random = np.random.default_rng(SEED)
    for first in range(0, count, _AT_ONCE):
        frame = _parcels(np.arange(first, min(first + _AT_ONCE, count)), random)
        frame.to_file(path, layer="parcels", engine="pyogrio", mode="a" if first else "w")
    return path


def _parcels(number: NDArray[np.int64], random: np.random.Generator) -> geopandas.GeoDataFrame:
    """Return the parcels of these numbers, in rows and columns 120 m apart."""
    centres = np.column_stack([number % 1000, number // 1000]) * 120.0
    centres += np.array([35_400_000.0, 3_950_000.0])
    turns = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    reach = random.uniform(35, 50, (len(number), CORNERS))
    rings = centres[:, None, :] + reach[..., None] * np.column_stack([np.cos(turns), np.sin(turns)])
    rings = np.concatenate([rings, rings[:, :1]], axis=1)
    areas = shapely.multipolygons(shapely.polygons(rings), indices=np.arange(len(number)))
    return geopandas.GeoDataFrame(
        {
            "parcel_id": [f"620171{at % 999:03d}GB{at:07d}" for at in number],
            "unit_code": [f"620171{at:07d}GB{at % 99999:05d}W00000000" for at in number],
            "zone_id": [f"Z{at % 40:02d}" for at in number],
            "land_use": np.where(number % 7 == 0, "仓储用地", "工业用地"),
            "area_m2": np.round(shapely.area(areas), 2),
            "holder": [f"兰州新区第{at % 60_000}装备制造有限公司" for at in number],
        },
        geometry=areas,
        crs="EPSG:4523",
    )

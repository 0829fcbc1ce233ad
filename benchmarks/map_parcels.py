"""Made-up parcels around four cities, the same for every page that is measured."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely

from landwatch.language.terms import Gravity
from landwatch.mapping.data import MapData, RuleCard

SEED = 20210701
AS_OF = date(2021, 7, 1)
CITIES = ((103.83, 36.06), (87.60, 43.82), (113.30, 23.10), (109.49, 30.27))
RULES = ("GC.START", "GC.COMPLETE", "O53.A1", "GC.INTENSITY", "LZ.PRODUCE")
SHARES = {
    Gravity.BREACH: 0.08,
    Gravity.TO_VERIFY: 0.12,
    Gravity.DUE_SOON: 0.08,
    Gravity.EXEMPT: 0.04,
    Gravity.UNKNOWN: 0.2,
    Gravity.NOT_DUE: 0.18,
    Gravity.COMPLIANT: 0.3,
}
STREETS = ["黄河", "兰山", "白塔", "五泉", "金城", "雁滩", "天山", "红山", "南湖", "清江"]
TRADES = ["机械", "玻璃", "食品", "药业", "纸业", "电子", "纺织", "化工", "建材", "物流"]


def made_up_parcels(count: int) -> geopandas.GeoDataFrame:
    """Return `count` made-up parcels, one contract each, with what both pages show of them."""
    random = np.random.default_rng(SEED)
    number = np.arange(count)
    gravity = random.choice(list(SHARES), count, p=list(SHARES.values()))
    days = np.where(np.isin(gravity, ["breach", "to_verify"]), random.integers(1, 1500, count), -30)
    limits = [AS_OF - timedelta(days=int(n)) for n in days]
    frame = pd.DataFrame(
        {
            "parcel_id": [f"620102{n // 997 % 999:03d}GB{n:05d}" for n in number],
            "contract_id": [f"6201022015B{n * 7 % 10**7:07d}" for n in number],
            "holder": [
                f"{STREETS[a]}{TRADES[b]}（{c}）有限公司"
                for a, b, c in random.integers(0, [10, 10, 4000], (count, 3))
            ],
            "project": [
                f"{TRADES[a]}项目{b}期" for a, b in random.integers(0, [10, 9], (count, 2))
            ],
            "zone": random.choice([f"{street}产业园" for street in STREETS], count),
            "land_use": random.choice(["工业用地", "仓储用地", "商服用地"], count),
            "area_mu": np.round(random.lognormal(3.4, 0.8, count), 2),
            "gravity": gravity,
            "rule": random.choice(RULES, count),
            "limit_on": [limit.isoformat() for limit in limits],
            "days_past": days,
            "explanation": [
                explained(n, limit.isoformat()) for n, limit in zip(days, limits, strict=True)
            ],
        }
    )
    return geopandas.GeoDataFrame(frame, geometry=_shapes(random, count), crs=4490)


def explained(days: int, limit: str) -> str:
    """Return the sentence of a finding."""
    return f"最后一日为 {limit}，至 {AS_OF.isoformat()} 已过 {days} 天。"


def _shapes(random: np.random.Generator, count: int) -> Any:
    """Return irregular polygons of 5 to 12 corners, a street apart, around four cities."""
    city = random.integers(0, len(CITIES), count)
    side = int(np.ceil(np.sqrt(count / len(CITIES) * 1.1)))
    rank = np.zeros(count, np.int64)
    for at in range(len(CITIES)):
        here = city == at
        rank[here] = random.permutation(max(side * side, int(here.sum())))[: here.sum()]
    step = 0.0024
    centres = np.array(CITIES)[city]
    centres = centres + np.column_stack([rank % side - side / 2, rank // side - side / 2]) * step
    corners = random.integers(5, 13, count)
    owner = np.repeat(np.arange(count), corners)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(corners) - corners, corners)
    angle = 2 * np.pi * (place + random.uniform(0, 0.5, len(owner))) / corners[owner]
    radius = random.uniform(0.6, 1.1, len(owner)) * step * 0.42
    ring = centres[owner] + np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
    return shapely.polygons(shapely.linearrings(ring, indices=owner))


def as_map_data(frame: geopandas.GeoDataFrame, *, findings_each: int = 1) -> MapData:
    """Return the parcels as our page takes them; more findings each only where asked."""
    rows = list(range(len(frame)))
    contract = np.repeat(rows, findings_each)
    gravity = frame["gravity"].to_numpy()[contract]
    shift = np.tile(np.arange(findings_each), len(frame))
    rule = (pd.Index(RULES).get_indexer(frame["rule"])[contract] + shift) % len(RULES)
    status = np.where(gravity == "to_verify", "unknown", gravity)
    card = RuleCard("按期", "In time", "合同", "第十六条", "按约定日期动工", "contract")
    none: list[Any] = []
    data = MapData(
        parcel_id=frame["parcel_id"].tolist(),
        geometry=frame.geometry.to_numpy(),
        parcel_zone=frame["zone"].tolist(),
        parcel_land_use=frame["land_use"].tolist(),
        parcel_area_mu=frame["area_mu"].to_numpy(),
        contracts={
            **{n: frame[n].tolist() for n in ("contract_id", "holder", "project", "zone")},
            "area_mu": frame["area_mu"].tolist(),
            "gravity": frame["gravity"].tolist(),
            "parcels": [[row] for row in rows],
        },
        findings=dict.fromkeys(("contract", "rule", "gravity", "status", "to_verify"), none),
        rules=dict.fromkeys(RULES, card),
        title="一百平方公里",
        as_of=AS_OF,
        made_up=True,
    )
    days = (frame["days_past"].to_numpy()[contract] + 37 * shift).tolist()
    limits = [(AS_OF - timedelta(days=n)).isoformat() for n in days]
    findings: dict[str, list[Any]] = {
        "contract": contract.tolist(),
        "rule": [RULES[at] for at in rule],
        "gravity": gravity.tolist(),
        "status": status.tolist(),
        "to_verify": (gravity == "to_verify").tolist(),
        "limit_on": limits,
        "days_past": days,
        "explanation_zh": [explained(n, limit) for n, limit in zip(days, limits, strict=True)],
    }
    return replace(data, findings=findings)

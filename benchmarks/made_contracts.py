"""Zones, parcels and contracts of a made ledger, and what truly became of each contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.made_table import (
    Block,
    Truth,
    Whole,
    amounts,
    days,
    numbered,
    picked,
)
from landwatch.language.columns import Kind

DIVISIONS = {
    "620102": "兰州市城关区", "620103": "兰州市七里河区", "620104": "兰州市西固区",
    "620105": "兰州市安宁区", "620121": "永登县", "620122": "皋兰县",
    "620123": "榆中县", "620302": "金昌市金川区", "620402": "白银市白银区",
    "620502": "天水市秦州区", "650104": "乌鲁木齐市新市区", "650106": "乌鲁木齐市头屯河区",
    "650109": "乌鲁木齐市米东区", "211202": "铁岭市银州区", "211221": "铁岭县",
    "230109": "哈尔滨市松北区", "230111": "哈尔滨市呼兰区", "330109": "杭州市萧山区",
    "331003": "台州市黄岩区", "420281": "大冶市", "422827": "来凤县",
    "370211": "青岛市黄岛区", "410122": "中牟县", "530402": "玉溪市红塔区",
}  # fmt: skip
LEVELS = ("national", "provincial", "county", None)
INSTRUMENTS = ("grant", "allocation", "lease", "contribution", None)
FORMS = ("supplement_2006", "form_2008", "form_newer")
INDUSTRIES = ("C13", "C1411", "C2221", "C2614", "3021", "C3311", "C3511", "C3670", "C3825", "39")
EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Return how many days after 1970 began a day is."""
    return (day - EPOCH).days


NEVER = day_number(date(2099, 1, 1))


@dataclass(frozen=True, slots=True)
class Story:
    """What truly became of every contract, whatever anybody told: days since 1970, 万元, m²."""

    ids: pa.Array
    numbers: pa.Array
    signed: Whole
    agreed_start: Whole
    agreed_completion: Whole
    start: Whole
    completion: Whole
    suspended: Whole
    resumed: Whole
    area_m2: npt.NDArray[np.float64]
    price_wan: npt.NDArray[np.float64]
    total_wan: npt.NDArray[np.float64]
    reach: npt.NDArray[np.float64]
    """Which share of what was promised the holder comes to when all is built."""
    capacity: npt.NDArray[np.float64]
    zone: Whole
    division: Whole

    def __len__(self) -> int:
        return len(self.ids)


def made_story(contracts: int, zones: int, rng: np.random.Generator) -> Story:
    """Return what becomes of so many contracts, one in eight of which is in trouble."""
    n = contracts
    zone = rng.integers(0, zones, n)
    division = zone % len(DIVISIONS)
    signed = rng.integers(day_number(date(2005, 1, 1)), day_number(date(2025, 6, 30)), n)
    signed = np.where(rng.random(n) < 0.5, signed, signed // 2 + day_number(date(2019, 1, 1)) // 2)
    agreed_start = signed + rng.integers(90, 400, n)
    agreed_completion = agreed_start + rng.integers(365, 1100, n)
    fate = rng.random(n)
    late = np.where(fate < 0.62, rng.integers(-90, 30, n), rng.integers(30, 900, n))
    start = np.where(fate > 0.93, NEVER, agreed_start + late)
    completion = np.where(
        (fate > 0.86) | (start == NEVER),
        NEVER,
        np.minimum(start, agreed_start + 2000) + rng.integers(300, 1300, n),
    )
    stops = (fate > 0.82) & (fate <= 0.90)
    suspended = np.where(stops, start + rng.integers(60, 900, n), NEVER)
    again = stops & (fate <= 0.86)
    resumed = np.where(again, suspended + rng.integers(60, 1200, n), NEVER)
    year = signed.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    codes = picked(DIVISIONS, division)
    serial = np.arange(n)
    year_text = pa.array(year).cast(pa.string())
    ids = numbered(pc.binary_join_element_wise(codes, year_text, "B", ""), serial, 7)
    numbers = numbered(
        pc.binary_join_element_wise("国土出让〔", year_text, "〕", ""), serial, 7, "号"
    )
    area_m2 = np.rint(np.exp(rng.normal(10.2, 0.9, n)) * 100) / 100
    price = area_m2 * rng.uniform(96, 480, n) / 10_000
    total = area_m2 * 0.0015 * rng.uniform(120, 650, n)
    return Story(
        ids, numbers, signed, agreed_start, agreed_completion, start, completion, suspended,
        resumed, area_m2, price, total, np.clip(rng.normal(1.02, 0.28, n), 0.05, 2.5),
        rng.integers(10, 900, n).astype(np.float64), zone, division,
    )  # fmt: skip


def zone_ids(places: Whole) -> pa.Array:
    """Return the ids of zones by their number."""
    return numbered("YQ", places, 4)


def zones_block(zones: int, rng: np.random.Generator, import_id: int) -> Block:
    """Return the zones; of one in thirty nobody told the level."""
    serial = np.arange(zones)
    ids = zone_ids(serial)
    everywhere = np.ones(zones, dtype=bool)
    level = rng.choice(4, zones, p=[0.1, 0.4, 0.47, 0.03])
    names = pc.binary_join_element_wise(
        picked(DIVISIONS.values(), serial % len(DIVISIONS)),
        numbered("第", serial, 3, "工业园区"),
        "",
    )
    told = {
        "zone_id": ids,
        "name": names,
        "level": picked(LEVELS, level),
        "adcode": picked(DIVISIONS, serial % len(DIVISIONS), rng.random(zones) < 0.97),
        "approved_area_ha": amounts(
            Kind.ZONES, "approved_area_ha", rng.uniform(80, 9000, zones), everywhere
        ),
    }
    return Block(Kind.ZONES, import_id, ids, told)


def parcels_block(story: Story, rng: np.random.Generator, import_id: int) -> Block:
    """Return a parcel for every contract; one in ten names no zone, one in 200 another zone."""
    n = len(story)
    serial = np.arange(n)
    ids = parcel_ids(serial)
    zone = np.where(rng.random(n) < 0.995, story.zone, 0)
    told = {
        "parcel_id": ids,
        "unit_code": numbered(picked(DIVISIONS, story.division), serial, 13),
        "zone_id": zone_ids(zone).take(pa.array(serial, mask=rng.random(n) < 0.1)),
        "land_use": picked(["工业用地"], np.zeros(n, dtype=np.int64)),
        "area_m2": amounts(Kind.PARCELS, "area_m2", story.area_m2, rng.random(n) < 0.98),
    }
    return Block(Kind.PARCELS, import_id, ids, told)


def parcel_ids(serial: Whole) -> pa.Array:
    """Return the ids of parcels by their number."""
    return numbered("GB", serial, 8)


def contracts_block(story: Story, rng: np.random.Generator, import_id: int) -> Block:
    """Return the contracts as bureaus tell them, every column with gaps of its own."""
    n = len(story)
    serial = np.arange(n)

    def told(share: float) -> Truth:
        return rng.random(n) < share

    def number(name: str, values: Any, share: float) -> pa.Array:
        return amounts(Kind.CONTRACTS, name, np.broadcast_to(values, n).astype(float), told(share))

    two = pc.binary_join_element_wise(parcel_ids(serial), parcel_ids((serial + 1) % n), ";")
    in_m2 = told(0.95)
    today = day_number(date(2025, 12, 31))
    texts = {
        "contract_id": story.ids,
        "supervision_no": pc.if_else(pa.array(told(0.9)), story.ids, None),
        "contract_no": pc.if_else(pa.array(told(0.9)), story.numbers, None),
        "parcel_id": pc.if_else(pa.array(told(0.99)), parcel_ids(serial), two),
        "zone_id": pc.if_else(pa.array(told(0.85)), zone_ids(story.zone), None),
        "instrument": picked(INSTRUMENTS, rng.choice(5, n, p=[0.88, 0.06, 0.03, 0.02, 0.01])),
        "project_name": numbered("年产", serial % 9000, 4, "吨装备制造项目"),
        "division": picked(DIVISIONS.values(), story.division),
        "adcode": picked(DIVISIONS, story.division, told(0.95)),
        "holder": numbered("第", serial % 700_000, 6, "实业有限公司"),
        "land_use": picked(["工业用地", "仓储用地"], rng.choice(2, n, p=[0.9, 0.1])),
        "industry_code": picked(INDUSTRIES, rng.integers(0, len(INDUSTRIES), n), told(0.9)),
        "contract_form": _forms(story, told),
    }
    areas = {
        "area_m2": amounts(Kind.CONTRACTS, "area_m2", story.area_m2, in_m2),
        "area_mu": amounts(Kind.CONTRACTS, "area_mu", story.area_m2 * 0.0015, ~in_m2 & told(0.5)),
        "due_start_area_m2": number("due_start_area_m2", story.area_m2, 0.6),
        "price_wan": number("price_wan", story.price_wan, 0.93),
    }
    dates = {
        "signed_on": days(story.signed, told(0.97)),
        "supplied_on": days(story.signed + 10, told(0.5)),
        "agreed_delivery_on": days(story.signed + 60, told(0.8)),
        "delivered_on": days(story.signed + rng.integers(20, 300, n), told(0.4)),
        "agreed_start_on": days(story.agreed_start, told(0.91)),
        "agreed_completion_on": days(story.agreed_completion, told(0.91)),
        "actual_start_on": days(story.start, told(0.5) & (story.start <= today)),
        "actual_completion_on": days(story.completion, told(0.4) & (story.completion <= today)),
    }
    terms = _terms(story, rng, number)
    return Block(Kind.CONTRACTS, import_id, story.ids, {**texts, **areas, **dates, **terms})


def _forms(story: Story, told: Callable[[float], Truth]) -> pa.Array:
    since_2008 = story.signed >= day_number(date(2008, 7, 1))
    newer = story.signed >= day_number(date(2020, 1, 1))
    form = since_2008.astype(np.int64) + newer
    return picked(FORMS, form, told(0.6))


def _terms(
    story: Story, rng: np.random.Generator, number: Callable[[str, Any, float], pa.Array]
) -> dict[str, pa.Array]:
    """Return what the contract agrees upon, in numbers."""
    n = len(story)
    fixed = story.total_wan * 0.8
    intensity = np.rint(fixed / (story.area_m2 * 0.0015))
    tax = rng.integers(5, 40, n)
    values: dict[str, tuple[Any, float]] = {
        "agreed_total_investment_wan": (story.total_wan, 0.85),
        "agreed_total_investment_land_price_wan": (story.price_wan, 0.75),
        "agreed_total_investment_taxes_wan": (story.price_wan * 0.05, 0.7),
        "agreed_fixed_investment_wan": (fixed, 0.8),
        "agreed_intensity_wan_per_mu": (intensity, 0.88),
        "agreed_far_min": (rng.integers(6, 12, n) / 10, 0.9),
        "agreed_far_max": (rng.integers(14, 30, n) / 10, 0.6),
        "agreed_density_min": (rng.integers(30, 46, n) / 100, 0.8),
        "agreed_tax_wan_per_mu": (tax, 0.35),
        "agreed_output_wan_per_mu": (tax * 12, 0.35),
        "design_capacity": (story.capacity, 0.3),
        "start_penalty_permille": (rng.integers(1, 4, n) / 2, 0.6),
        "completion_penalty_permille": (rng.integers(1, 4, n) / 2, 0.6),
    }
    return {name: number(name, value, share) for name, (value, share) in values.items()}


def corrections_block(story: Story, rng: np.random.Generator, import_id: int) -> Block:
    """Return a later file that tells 2 % of the contracts again, a cell or two of each."""
    n = max(1, len(story) // 50)
    chosen = np.sort(rng.choice(len(story), n, replace=False))
    what = rng.random(n)
    start = story.agreed_start[chosen] + rng.integers(30, 400, n)
    ids = story.ids.take(pa.array(chosen))
    told = {
        "contract_id": ids,
        "price_wan": amounts(
            Kind.CONTRACTS, "price_wan", story.price_wan[chosen] * 1.08, what < 0.3
        ),
        "agreed_start_on": days(start, (what >= 0.3) & (what < 0.55)),
        "agreed_far_min": amounts(
            Kind.CONTRACTS, "agreed_far_min", np.full(n, 0.7), (what >= 0.55) & (what < 0.8)
        ),
    }
    clears = np.full(n, 0)
    marks = {
        "cleared": picked([";agreed_completion_on;"], clears, (what >= 0.8) & (what < 0.92)),
        "unreadable": picked([";price_wan;"], clears, what >= 0.92),
    }
    return Block(Kind.CONTRACTS, import_id, ids, told, marks)

"""Reports of a made ledger: what five kinds of source saw of each contract over seven years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.made_contracts import NEVER, Story, day_number
from benchmarks.made_table import (
    Block,
    Truth,
    Whole,
    amounts,
    counts,
    days,
    key_columns,
    numbered,
    picked,
    yes_no,
)
from landwatch.language.columns import Kind

SOURCES = ("inspection", "holder_report", "permit_system", "remote_sensing", "statistics")
SHARES = (0.26, 0.34, 0.1, 0.1, 0.2)
STAGES = ("planned", "levelled", "under_construction", "halted_building", "trial_run",
          "in_production", "halted_production")  # fmt: skip
FOUNDATIONS = ("deep_pit", "piles", "deep_pit+piles", "other")
FIRST, LAST = day_number(date(2019, 1, 1)), day_number(date(2025, 12, 31))
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """The reports of one source in one wave: which contract on which day, and what was there."""

    source: str
    of: Whole
    on: Whole
    story: Story
    built: Doubles
    rng: np.random.Generator

    def told(self, share: float) -> Truth:
        """Return by lot which of the reports tell a thing."""
        return self.rng.random(len(self.of)) < share

    @property
    def started(self) -> Truth:
        """Return whether building had started on the day of each report."""
        return self.on >= self.story.start[self.of]

    @property
    def halted(self) -> Truth:
        """Return whether building stood still on that day."""
        story, on = self.story, self.on
        return (on >= story.suspended[self.of]) & (on < story.resumed[self.of])

    @property
    def done(self) -> Truth:
        """Return whether all was built by that day."""
        return self.on >= self.story.completion[self.of]

    def number(self, name: str, values: Any, told: Truth) -> pa.Array:
        """Return a number of the reports where it was told."""
        return amounts(Kind.PROGRESS, name, values, told)


def progress_blocks(
    story: Story, reports: int, rng: np.random.Generator, first_import: int
) -> Iterator[Block]:
    """Yield the reports, an import for each wave and source, the last one with corrections.

    There are just `reports` for each contract on the average: of every wave a tenth of the
    contracts is missed, and as many are seen twice.
    """
    n = len(story)
    retold = max(1, n * reports // 250)
    import_id, last = first_import, None
    for wave in range(reports):
        rows = n - retold if wave == reports - 1 else n
        once = rng.choice(n, min(rows, n - n // 10), replace=False)
        again = rng.integers(0, n, rows - len(once))
        of = np.sort(np.concatenate([once, again]))
        begins = FIRST + (LAST - FIRST - 75) * wave // max(1, reports - 1)
        day = begins + rng.integers(0, 75, rows)
        on = np.minimum(np.maximum(day, story.signed[of] + rng.integers(20, 90, rows)), LAST)
        by = rng.choice(len(SOURCES), rows, p=SHARES)
        for place, source in enumerate(SOURCES):
            mine = by == place
            last = _block(source, of[mine], on[mine], story, rng, import_id)
            import_id += 1
            yield last
    assert last is not None
    yield _corrections(last, retold, rng, import_id)


def _block(
    source: str, of: Whole, on: Whole, story: Story, rng: np.random.Generator, import_id: int
) -> Block:
    stop = np.where(on < story.resumed[of], np.minimum(on, story.suspended[of]), on)
    built = (stop - story.start[of]) / np.maximum(1, _takes(story, of))
    seen = Seen(source, of, on, story, np.clip(built, 0, 1), rng)
    serial = pa.array(of)
    ids = pc.if_else(
        pa.array(seen.told(0.99)), story.ids.take(serial), story.numbers.take(serial)
    )  # one in a hundred names the contract by its other number
    inspector = _inspector(seen)
    told = {
        "contract_id": ids,
        "observed_on": days(on, np.ones(len(of), dtype=bool)),
        "source": picked([source], np.zeros(len(of), dtype=np.int64)),
        "inspector": inspector,
        **_COLUMNS[source](seen),
    }
    key = key_columns(Kind.PROGRESS, ids, told["observed_on"], source, inspector)
    return Block(Kind.PROGRESS, import_id, key, told)


def _takes(story: Story, of: Whole) -> Whole:
    """Return how many days building takes, those that are never done too."""
    done, begun = story.completion[of], story.start[of]
    agreed = story.agreed_completion[of] - story.agreed_start[of]
    return np.where(done == NEVER, agreed * 2, done - begun)


def _inspector(seen: Seen) -> pa.Array:
    names = numbered("检查员", seen.of % 97, 2)
    named = seen.told(0.9) & (seen.source == "inspection")
    return pc.if_else(pa.array(named), names, None)


def _stage(seen: Seen, share: float) -> dict[str, pa.Array]:
    """Return the stage; one halted site in thirty is told as at work, as files do."""
    on, story = seen.on, seen.story
    stage = np.where(on >= story.start[seen.of] - 120, 1, 0)
    stage = np.where(seen.started, 2, stage)
    stage = np.where(seen.halted & ~seen.told(0.03), 3, stage)
    stage = np.where(seen.done, 4, stage)
    stage = np.where(on >= story.completion[seen.of] + 90, 5, stage)
    stage = np.where((stage == 5) & (seen.of % 25 == 0), 6, stage)
    return {"stage": picked(STAGES, stage, seen.told(share))}


def _stop(seen: Seen, share: float) -> dict[str, pa.Array]:
    story, again = seen.story, seen.on >= seen.story.resumed[seen.of]
    stopped = seen.halted | again
    return {
        "suspended_since": days(story.suspended[seen.of], seen.told(share) & stopped),
        "resumed_on": days(story.resumed[seen.of], seen.told(share) & again),
    }


def _land(seen: Seen, share: float) -> dict[str, pa.Array]:
    """Return the land that is developed and built upon."""
    area, reach = seen.story.area_m2[seen.of], seen.story.reach[seen.of]
    floor = area * seen.built * reach * 1.1
    walls = seen.started & (seen.built > 0.15)
    return {
        "developed_area_m2": seen.number(
            "developed_area_m2", area * np.minimum(1, seen.built * 1.3), seen.told(share)
        ),
        "floor_area_m2": seen.number("floor_area_m2", floor, seen.told(share) & walls),
        "footprint_m2": seen.number("footprint_m2", floor / 2.6, seen.told(share) & walls),
    }


def _inspection(seen: Seen) -> dict[str, pa.Array]:
    """Return what somebody sees who stands there, the foundations in two reports of five."""
    story, n = seen.story, len(seen.of)
    dug = seen.told(0.4) & (seen.on >= story.start[seen.of] - 60)
    kind = seen.of % len(FOUNDATIONS)
    share = np.where(seen.started, np.minimum(1, 0.3 + seen.built), 0.1)
    piles = seen.rng.integers(80, 900, n)
    pits, piled, other = kind % 2 == 0, (kind == 1) | (kind == 2), kind == 3
    without = seen.told(0.01) & seen.started
    return {
        "started": yes_no(seen.started, seen.told(0.85)),
        "permit_on": days(
            story.start[seen.of] - 30, dug & ~without & seen.started & seen.told(0.92)
        ),
        "foundation": picked(FOUNDATIONS, kind, dug),
        "pit_share": seen.number("pit_share", np.where(seen.started, 1, share), dug & pits),
        "piles_total": counts(piles, dug & piled & seen.told(0.95)),
        "piles_driven": counts((piles * share).astype(np.int64), dug & piled),
        "foundation_share": seen.number("foundation_share", share, dug & other),
        "works_without_permit": yes_no(without, seen.told(0.3)),
        "means_to_build": yes_no(seen.of % 40 != 0, seen.told(0.2)),
        **_stage(seen, 0.8),
        **_stop(seen, 0.85),
        **_land(seen, 0.5),
    }


def _holder_report(seen: Seen) -> dict[str, pa.Array]:
    story = seen.story
    reach = story.reach[seen.of]
    fixed = story.total_wan[seen.of] * 0.8 * seen.built * reach
    price = story.price_wan[seen.of]
    making = story.completion[seen.of] + 90
    return {
        "started": yes_no(seen.started, seen.told(0.6)),
        "invested_wan": seen.number("invested_wan", fixed * 1.15 + price * 1.05, seen.told(0.8)),
        "invested_land_price_wan": seen.number("invested_land_price_wan", price, seen.told(0.65)),
        "invested_taxes_wan": seen.number("invested_taxes_wan", price * 0.05, seen.told(0.6)),
        "fixed_assets_wan": seen.number("fixed_assets_wan", fixed, seen.told(0.8)),
        "fixed_land_price_wan": seen.number("fixed_land_price_wan", price, seen.told(0.65)),
        "completed_on": days(story.completion[seen.of], seen.done & seen.told(0.6)),
        "in_production_on": days(making, (seen.on >= making) & seen.told(0.6)),
        "capacity_actual": seen.number(
            "capacity_actual",
            story.capacity[seen.of] * np.minimum(1, reach),
            (seen.on >= making) & seen.told(0.3),
        ),
        **_stage(seen, 0.7),
        **_stop(seen, 0.4),
        **_land(seen, 0.6),
    }


def _permit_system(seen: Seen) -> dict[str, pa.Array]:
    permit = seen.story.start[seen.of] - 30
    return {
        "permit_on": days(permit, (seen.on >= permit) & seen.told(0.9)),
        "started": yes_no(seen.started, seen.told(0.5)),
    }


def _remote_sensing(seen: Seen) -> dict[str, pa.Array]:
    area = seen.story.area_m2[seen.of]
    return {
        "started": yes_no(seen.started, seen.told(0.9)),
        "developed_area_m2": seen.number(
            "developed_area_m2", area * np.minimum(1, seen.built * 1.2), seen.told(0.9)
        ),
    }


def _statistics(seen: Seen) -> dict[str, pa.Array]:
    """Return a year's figures: told for the last full year, or on its very last day without one."""
    story, n = seen.story, len(seen.of)
    making = seen.on >= story.completion[seen.of] + 90
    mu = story.area_m2[seen.of] * 0.0015
    output = mu * story.reach[seen.of] * seen.rng.uniform(60, 480, n)
    year = seen.on.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1969
    told = making & seen.told(0.9)
    return {
        "stat_year": counts(year, making & seen.told(0.85)),
        "output_wan": seen.number("output_wan", output, told),
        "tax_wan": seen.number("tax_wan", output * 0.07, told),
        "revenue_wan": seen.number("revenue_wan", output * 0.95, told),
        "employees": counts((mu * 2).astype(np.int64), told),
        "invested_wan": seen.number(
            "invested_wan", story.total_wan[seen.of] * seen.built, seen.told(0.2)
        ),
    }


_COLUMNS = {
    "inspection": _inspection,
    "holder_report": _holder_report,
    "permit_system": _permit_system,
    "remote_sensing": _remote_sensing,
    "statistics": _statistics,
}


def _corrections(of: Block, rows: int, rng: np.random.Generator, import_id: int) -> Block:
    """Return reports of a block told again under their key: a new figure, a blank, a mark."""
    rows = min(rows, max(1, len(of.key)))
    chosen = pa.array(np.sort(rng.integers(0, len(of.key), rows)))
    what, none = rng.random(rows), np.zeros(rows, dtype=np.int64)
    told = {name: of.told[name].take(chosen) for name in _KEYS}
    told["invested_wan"] = amounts(
        Kind.PROGRESS, "invested_wan", rng.uniform(10, 9000, rows), what < 0.6
    )
    marks = {
        "cleared": picked([";output_wan;tax_wan;"], none, (what >= 0.6) & (what < 0.85)),
        "unreadable": picked([";invested_wan;"], none, what >= 0.85),
    }
    return Block(Kind.PROGRESS, import_id, of.key.take(chosen), told, marks)


_KEYS = ("contract_id", "observed_on", "source", "inspector")

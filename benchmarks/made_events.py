"""Events of a made ledger: handovers, amendments, delays verified or not, payments, urgings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.made_contracts import Story, day_number
from benchmarks.made_table import Block, Truth, Whole, amounts, days, numbered, picked, yes_no
from landwatch.language.columns import Kind

SHARES = {
    "delivery": 0.55, "amendment": 0.14, "delay": 0.12, "payment": 0.2, "urge": 0.05,
    "mortgage": 0.05, "bond_deposit": 0.06, "transfer": 0.02, "seizure": 0.01,
    "support_cut": 0.003, "inability": 0.004, "determination": 0.005,
}  # fmt: skip
CAUSES = ("G1", "G2", "G3", "G4", "G5", "G6", "FM", "P")
PAID = ("payment", "bond_deposit", "mortgage")
LAST = day_number(date(2025, 12, 31))


def event_blocks(story: Story, rng: np.random.Generator, first_import: int) -> Iterator[Block]:
    """Yield the events, an import for each kind; a contract may see several of a kind."""
    for place, (kind, share) in enumerate(SHARES.items()):
        rows = max(1, round(len(story) * share))
        of = np.sort(rng.integers(0, len(story), rows))
        yield _block(kind, of, story, rng, first_import + place)


def _block(kind: str, of: Whole, story: Story, rng: np.random.Generator, import_id: int) -> Block:
    n = len(of)
    everywhere, first = np.ones(n, dtype=bool), np.zeros(n, dtype=np.int64)
    on = np.minimum(story.signed[of] + _after(kind, n, rng), LAST)
    ids = story.ids.take(pa.array(of))
    document = numbered("文〔", np.arange(n), 7, "号")
    numbered_ones = pa.array(everywhere if kind not in PAID else ~everywhere)
    amount = np.rint(story.price_wan[of] * 0.4) + 1
    told = {
        "contract_id": ids,
        "kind": picked([kind], first),
        "on": days(on, everywhere),
        "document_no": pc.if_else(numbered_ones, document, None),
        **_of_delay(kind, of, on, rng),
        **_of_amendment(kind, of, on, story, rng),
    }
    last = document
    if kind in PAID:
        told["amount_wan"] = amounts(Kind.EVENTS, "amount_wan", amount, everywhere)
        last = pa.array(amount.astype(np.int64)).cast(pa.string())
    key = pc.binary_join_element_wise(ids, kind, told["on"].cast(pa.string()), last, "|")
    return Block(Kind.EVENTS, import_id, key, told)


def _after(kind: str, rows: int, rng: np.random.Generator) -> Whole:
    """Return how many days after the signing it happens."""
    earliest, latest = {"delivery": (20, 300), "payment": (0, 60), "bond_deposit": (0, 30)}.get(
        kind, (60, 2200)
    )
    return rng.integers(earliest, latest, rows)


def _of_delay(kind: str, of: Whole, on: Whole, rng: np.random.Generator) -> dict[str, pa.Array]:
    """Return the cause, the end and the verification: one delay in fifteen lasts still."""
    if kind != "delay":
        return {}
    n = len(of)

    def told(share: float) -> Truth:
        return rng.random(n) < share

    until = on + rng.integers(60, 900, n)
    return {
        "cause": picked(CAUSES, rng.integers(0, len(CAUSES), n), told(0.97)),
        "until": days(until, told(0.93)),
        "verified": yes_no(told(0.6), told(0.9)),
    }


def _of_amendment(
    kind: str, of: Whole, on: Whole, story: Story, rng: np.random.Generator
) -> dict[str, pa.Array]:
    if kind != "amendment":
        return {}
    start = np.maximum(on, story.agreed_start[of]) + rng.integers(60, 500, len(of))
    completion = start + rng.integers(365, 1100, len(of))
    return {
        "agreed_start_on": days(start, rng.random(len(of)) < 0.8),
        "agreed_completion_on": days(completion, rng.random(len(of)) < 0.8),
    }

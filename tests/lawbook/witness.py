"""The witness of the rules that came with the whole lawbook: what may and what must be said.

Where the oracle (`oracle.py`) gives one whole outcome, the witness answers three narrower
questions from the clauses and ledger.md alone: may this be called a breach, may it be called
compliant, and must it be called a breach? Between `may` and `must` lies what a person decides. It
shares nothing with the product but the names of the ledger's columns.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tests.lawbook.oracle_evidence import Ledger, Record
from tests.lawbook.witness_contract import (
    gc_density,
    gc_output,
    gc_stalled,
    gc_tax,
    ur_et_terms,
)
from tests.lawbook.witness_indicators import (
    ci_far,
    ci_green,
    ci_office,
    lz_price,
    sl_emission,
    sl_energy,
    sl_five,
)
from tests.lawbook.witness_land import lal_38_fee, lal_38_reclaim
from tests.lawbook.witness_parks import lz_batch, lz_industry, lz_leading
from tests.lawbook.witness_said import Said

CONTRACT_RULES: dict[str, Callable[[Ledger], Said]] = {
    "GC.DENSITY": gc_density,
    "GC.TAX": gc_tax,
    "GC.OUTPUT": gc_output,
    "GC.STALLED": gc_stalled,
    "LAL.38.FEE": lal_38_fee,
    "LAL.38.RECLAIM": lal_38_reclaim,
    "CI.FAR": ci_far,
    "CI.OFFICE": ci_office,
    "CI.GREEN": ci_green,
    "LZ.PRICE": lz_price,
    "UR.ET.TERMS": ur_et_terms,
    "SL.FIVE": sl_five,
    "SL.ENERGY": sl_energy,
    "SL.EMISSION": sl_emission,
}
PARK_RULES: dict[str, Callable[[Record, date], Said]] = {
    "LZ.LEADING": lz_leading,
    "LZ.INDUSTRY": lz_industry,
    "LZ.BATCH": lz_batch,
}


def of_contract(
    rule: str, contract: Record, progress: list[Record], events: list[Record], as_of: date
) -> Said:
    """Return what the witness says of a contract under a rule, from told columns only."""
    return CONTRACT_RULES[rule](Ledger(contract, progress, events, as_of))


def of_park(rule: str, zone: Record, as_of: date) -> Said:
    """Return what the witness says of a park under a rule, from told columns only."""
    return PARK_RULES[rule](zone, as_of)

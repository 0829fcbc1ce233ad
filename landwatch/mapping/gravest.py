"""The gravest outcome of each contract, by columns: what colours it on page, picture and tiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from landwatch.language.terms import SPEAKING, Gravity, Status
from landwatch.lawbook.policy import About, Policy
from landwatch.mapping.style import CLASS_OF, CLASSES, NOT_BINDING
from landwatch.scan.findings import Wanted, outcomes_of
from landwatch.store import ScanSummary, Store

if TYPE_CHECKING:
    import pyarrow as pa

Integers = NDArray[np.int64]
UNJUDGED = len(CLASSES)
"""The class of a contract that no outcome speaks of."""
GRAVITIES = tuple(Gravity)
ASKING = frozenset({Gravity.TO_VERIFY, *(Gravity(status.value) for status in SPEAKING)})
"""The gravities that somebody has to look at; what is quiet is never hatched."""


@dataclass(frozen=True, slots=True)
class Gravest:
    """The gravest outcome of each contract: class, rule (its place in `rules`) and days past.

    Attributes:
        grave: the class, as law says it before a draft does; `UNJUDGED` where no outcome speaks.
        rank: the place of the gravest gravity, whoever says it; beyond the last where none does.
        rule: the rule that made the class, -1 for none.
        days: how long past its day that is, nan where it is not told.
        rules: the codes of the rules.
    """

    grave: Integers
    rank: Integers
    rule: Integers
    days: NDArray[np.float64]
    rules: Sequence[str]

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Tell which contracts an outcome speaks of."""
        known: NDArray[np.bool_] = self.grave < UNJUDGED
        return known

    def of(self, kept: NDArray[np.bool_]) -> Gravest:
        """Return those of some of the contracts."""
        return Gravest(
            self.grave[kept], self.rank[kept], self.rule[kept], self.days[kept], self.rules
        )

    def gravities(self) -> list[str]:
        """Return the code of each contract's gravity; of what nothing speaks no rule speaks."""
        codes = [*map(str, GRAVITIES), str(Gravity.NOT_APPLICABLE)]
        return [codes[rank] for rank in self.rank.tolist()]


def gravest_of(
    store: Store,
    scan: ScanSummary,
    shelf: Mapping[str, Policy],
    contracts: Sequence[str],
    statuses: frozenset[str] = frozenset(),
) -> Gravest:
    """Return the gravest outcome of each contract, as law says it before a draft does.

    Among equals the one longest past its day speaks. `statuses` narrows the outcomes that count.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    grave = np.full(len(contracts), UNJUDGED, np.int64)
    rank = np.full(len(contracts), len(GRAVITIES), np.int64)
    rule = np.full(len(contracts), -1, np.int64)
    days = np.full(len(contracts), np.nan)
    rules: list[str] = []
    names = pa.array(contracts, pa.string())
    for kept in outcomes_of(store, scan, Wanted(statuses=statuses, about=About.CONTRACT)):
        policy = shelf.get(kept.policy)
        if policy is None or policy.rule(kept.rule) is None:
            continue  # neither could anyone be shown its clause
        rows = np.asarray(
            pc.index_in(kept.table.column("contract_id"), value_set=names).fill_null(-1)
        )
        known = rows >= 0
        rows, ranks = rows[known], ranks_of(kept.table)[known]
        classes = class_of_rank(hatched=policy.authority in NOT_BINDING)[ranks]
        past = np.asarray(kept.table.column("days_past").cast(pa.float64()))[known]
        longer = np.nan_to_num(past, nan=-np.inf) > np.nan_to_num(days[rows], nan=-np.inf)
        graver = (classes < grave[rows]) | ((classes == grave[rows]) & longer)
        at = rows[graver]
        grave[at], days[at], rule[at] = classes[graver], past[graver], len(rules)
        rank[rows] = np.minimum(rank[rows], ranks)
        rules.append(kept.rule)
    return Gravest(grave, rank, rule, days, rules)


def ranks_of(table: pa.Table) -> Integers:
    """Return the place of the gravity of each outcome, 0 the gravest."""
    import pyarrow as pa
    import pyarrow.compute as pc

    statuses = [status.value for status in Status]
    ranks = np.array(
        [[Gravity.of(status, verify).rank for verify in (False, True)] for status in statuses]
    )
    which = pc.index_in(table.column("status"), value_set=pa.array(statuses, pa.string()))
    verify = table.column("to_verify").fill_null(False)
    found: Integers = ranks[np.asarray(which), np.asarray(verify).astype(np.int64)]
    return found


def gravity_ranks(codes: Iterable[str]) -> Integers:
    """Return the place of each gravity by its code, 0 the gravest."""
    rank_of = {str(gravity): gravity.rank for gravity in GRAVITIES}
    return np.array([rank_of[code] for code in codes], np.int64)


def class_of_rank(*, hatched: bool) -> Integers:
    """Return the class of each gravity; what is quiet is never hatched."""
    return np.array([CLASS_OF[str(one), hatched and one in ASKING] for one in GRAVITIES], np.int64)

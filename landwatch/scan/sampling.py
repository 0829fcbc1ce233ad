"""A random sample of a scan's outcomes for people to check: which ones, by lot and repeatably.

The strata are rule by class: what accuses, what asks for attention, what is quiet (a silent pass is
found nowhere else) and what the rule left aside. The lot is SHA-256 of the seed and the stratum, so
that anyone can draw the same again, on any machine, in any version.
"""

from __future__ import annotations

import hashlib
import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count as counting
from typing import TYPE_CHECKING, Any, NamedTuple

from landwatch.errors import UsageError
from landwatch.language.terms import AuditClass, Status
from landwatch.lawbook.policy import About
from landwatch.scan.kept import KeptOutcomes

if TYPE_CHECKING:
    import pyarrow as pa

SIZE, FLOOR = 300, 3
"""How many are drawn where nobody says, and how many at least of each stratum, if that fits."""

CLASS_OF: Mapping[str, AuditClass] = {
    Status.BREACH: AuditClass.ACCUSED,
    Status.DUE_SOON: AuditClass.ATTENTION,
    Status.EXEMPT: AuditClass.ATTENTION,
    Status.COMPLIANT: AuditClass.QUIET,
    Status.NOT_DUE: AuditClass.QUIET,
    Status.UNKNOWN: AuditClass.ASIDE,
    Status.NOT_APPLICABLE: AuditClass.ASIDE,
}
"""The class of a status; an `unknown` that a visit could settle asks for attention."""

_NOT_ADOPTED = "not_adopted"
_WEIGHTS = {AuditClass.ACCUSED: 2.0, AuditClass.QUIET: 2.0}
"""False accusations and silent passes are the worst bugs: twice as many of them are drawn."""

_BITS = 64


class Stratum(NamedTuple):
    """Outcomes of one rule that are wrong in one way, if they are."""

    rule: str
    of: AuditClass

    @property
    def name(self) -> str:
        """Return the name under which it is kept.

        >>> Stratum("O53.A1", AuditClass.QUIET).name
        'O53.A1|quiet'
        """
        return f"{self.rule}|{self.of}"

    @classmethod
    def named(cls, name: str) -> Stratum:
        """Return the stratum of a name."""
        rule, _, of = name.rpartition("|")
        return cls(rule, AuditClass(of))


@dataclass(frozen=True, slots=True)
class Design:
    """How a sample is drawn: `size` in all, or `per_rule` of each rule."""

    seed: int
    size: int | None = None
    per_rule: int | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """One outcome that was drawn, and how many its stratum holds."""

    rule: str
    contract_id: str | None
    zone_id: str | None
    status: str
    reason: str | None
    stratum: Stratum
    stratum_size: int


def draw(outcomes: Callable[[], Iterable[KeptOutcomes]], design: Design) -> list[Drawn]:
    """Return the sample of a scan's outcomes; `outcomes` is asked twice, to count and to take.

    Raises:
        UsageError: fewer are wanted than there are strata.
    """
    sizes = strata_of(outcomes())
    wanted = allocated(sizes, design)
    return [
        one
        for kept in outcomes()
        for stratum, members in _members(kept).items()
        for one in _taken(kept, stratum, members, wanted[stratum], design.seed)
    ]


def strata_of(outcomes: Iterable[KeptOutcomes]) -> dict[Stratum, int]:
    """Return how many outcomes each stratum holds, of those that hold any.

    What a policy does not say because nobody adopted it there is a person's choice: nothing of it
    can be right or wrong.
    """
    return {
        stratum: len(members) for kept in outcomes for stratum, members in _members(kept).items()
    }


def allocated(sizes: Mapping[Stratum, int], design: Design) -> dict[Stratum, int]:
    """Return how many to draw of each stratum: none is left out, none is drawn beyond its size.

    Beyond the least number they grow with the square root of the stratum's size.

    Raises:
        UsageError: fewer are wanted than there are strata.
    """
    if design.per_rule is None:
        return _shared(sizes, design.size or SIZE)
    shares: dict[Stratum, int] = {}
    for rule in dict.fromkeys(stratum.rule for stratum in sizes):
        shares |= _shared({one: n for one, n in sizes.items() if one.rule == rule}, design.per_rule)
    return shares


def _shared(sizes: Mapping[Stratum, int], total: int) -> dict[Stratum, int]:
    if total < len(sizes):
        raise UsageError("audit.error.too_few", size=total, strata=len(sizes))
    floor = min(FLOOR, total // max(len(sizes), 1))
    shares = {one: min(floor, size) for one, size in sizes.items()}

    def claim(one: Stratum) -> tuple[float, Stratum]:
        share = _WEIGHTS.get(one.of, 1.0) * math.sqrt(sizes[one])
        return -share / (shares[one] + 0.5), one

    claims = [claim(one) for one in sizes if shares[one] < sizes[one]]
    heapq.heapify(claims)
    left = total - sum(shares.values())
    while left > 0 and claims:
        one = heapq.heappop(claims)[1]
        shares[one] += 1
        left -= 1
        if shares[one] < sizes[one]:
            heapq.heappush(claims, claim(one))
    return shares


def places_drawn(seed: int, stratum: str, size: int, wanted: int) -> list[int]:
    """Return which of `size` outcomes in order are drawn, each as likely as any other.

    >>> places_drawn(7, "O53.A1|quiet", 1000, 4) == places_drawn(7, "O53.A1|quiet", 1000, 4)
    True
    >>> places_drawn(7, "O53.A1|quiet", 3, 3)
    [0, 1, 2]
    """
    taken: set[int] = set()
    for top in range(size - wanted, size):  # Floyd's way: no order of draws, no second look
        at = _lot(top + 1, f"{seed}|{stratum}|{top}")
        taken.add(top if at in taken else at)
    return sorted(taken)


def _lot(below: int, name: str) -> int:
    """Return a number from 0 to `below`, all of them alike: what would lean is drawn again."""
    fair = (1 << _BITS) // below * below
    for attempt in counting():
        digest = hashlib.sha256(f"{name}|{attempt}".encode()).digest()
        value = int.from_bytes(digest[: _BITS // 8])
        if value < fair:
            return value % below
    raise AssertionError("unreachable")


def _members(kept: KeptOutcomes) -> dict[Stratum, Any]:
    """Return the rows of each stratum of a rule, of those that have any."""
    import numpy as np

    classes = _classes(kept.table)
    rows = {of: np.flatnonzero(classes == at) for at, of in enumerate(AuditClass)}
    return {Stratum(kept.rule, of): found for of, found in rows.items() if len(found)}


def _classes(table: pa.Table) -> Any:
    """Return the place of each outcome's class among the classes, -1 for one that has none."""
    import numpy as np
    import pyarrow.compute as pc

    order = list(AuditClass)
    told = pc.dictionary_encode(table.column("status")).combine_chunks()
    codes = [order.index(CLASS_OF[name]) for name in told.dictionary.to_pylist()]
    classes = np.array([*codes, -1], dtype=np.int8)[told.indices.to_numpy(zero_copy_only=False)]
    visit = pc.and_(pc.equal(table.column("status"), str(Status.UNKNOWN)), table["to_verify"])
    classes[pc.fill_null(visit, False).to_numpy()] = order.index(AuditClass.ATTENTION)
    chosen = pc.fill_null(pc.equal(table.column("reason"), _NOT_ADOPTED), False).to_numpy()
    classes[chosen & (classes == order.index(AuditClass.ASIDE))] = -1
    return classes


def _taken(
    kept: KeptOutcomes, stratum: Stratum, members: Any, wanted: int, seed: int
) -> Iterator[Drawn]:
    """Yield the outcomes drawn of a stratum, in the order of contracts (or parks)."""
    import pyarrow.compute as pc

    subject = "zone_id" if kept.about is About.PARK else "contract_id"
    names = kept.table.column(subject).take(members).combine_chunks()
    if not pc.all(pc.greater_equal(names[1:], names[:-1])).as_py():
        members = members[pc.array_sort_indices(names).to_numpy()]
    places = members[places_drawn(seed, stratum.name, len(members), wanted)]
    for row in kept.table.take(places).to_pylist():
        yield Drawn(
            kept.rule, row["contract_id"], row["zone_id"], row["status"], row["reason"],
            stratum, len(members),
        )  # fmt: skip

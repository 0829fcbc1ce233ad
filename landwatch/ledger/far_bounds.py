"""Whether the two columns of the floor-area ratio are exchanged in the whole file.

One row with its lower bound above the upper is a slip. Where most rows are so, the headers are:
it is said once, for it is one thing to mend. Nothing is exchanged: that, the contracts say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from landwatch.language.records import Record
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.judges import Judged

_BOUNDS = frozenset(("agreed_far_min", "agreed_far_max"))
_ENOUGH = 5


class BoundsJudge:
    """Counts the rows that tell both bounds, and those whose bounds are crossed."""

    def __init__(self) -> None:
        """Begin with no row seen."""
        self._told, self._crossed = 0, 0

    def see(self, record: Record) -> Iterable[Judged]:
        """Count a row that tells both bounds: crossed ones were taken out together."""
        if record.unreadable >= _BOUNDS:
            self._told += 1
            self._crossed += 1
            return ()
        low, high = (record.values.get(name) for name in ("agreed_far_min", "agreed_far_max"))
        self._told += isinstance(low, Decimal) and isinstance(high, Decimal) and low != high
        return ()

    def conclude(self) -> Iterator[Judged]:
        """Yield that the columns are probably exchanged, where most rows say so."""
        if self._crossed >= _ENOUGH and 2 * self._crossed > self._told:
            said = {"count": self._crossed, "told": self._told}
            yield Judged(IssueCode.FAR_COLUMNS_CROSSED, column="agreed_far_min", values=said)

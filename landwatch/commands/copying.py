"""Moving a whole store: from a file to a server, back, or to another file."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landwatch import bootstrap

if TYPE_CHECKING:
    from landwatch.store.copying import CopiedTable, Told


@dataclass(frozen=True, slots=True)
class Copied:
    """A store that was copied, and what was read back of each table from both."""

    source: str
    target: str
    tables: tuple[CopiedTable, ...]
    seconds: float

    @property
    def rows(self) -> int:
        """Return how many rows were copied."""
        return sum(table.here.rows for table in self.tables)

    @property
    def shortened(self) -> int:
        """Return how many numbers of more than 15 digits a GeoPackage keeps shorter."""
        return sum(table.shortened for table in self.tables)


def copy(source: str, target: str, *, told: Told) -> Copied:
    """Copy every table of a store into one that is absent or empty, and compare both.

    Numbers stay the same: of records, imports, scans. Nobody sees the target before it is whole.

    Raises:
        UsageError: both are one store.
        StoreError: the target holds something already, one of the two cannot be used, or what was
            read back differs: then nothing is left of the copy.
    """
    from landwatch.store.copying import copy_store
    from landwatch.store.opening import shown

    began = time.monotonic()
    law = bootstrap.the_lawbook().values()
    by_init = {policy.id for policy in law if policy.adopted_by_init}
    tables = copy_store(source, target, adopted_by_init=by_init, told=told)
    return Copied(shown(source), shown(target), tables, time.monotonic() - began)

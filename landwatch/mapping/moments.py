"""The class on the map of every contract at a moment that is not the page's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landwatch.language.terms import SPEAKING, Gravity, Status
from landwatch.lawbook.policy import About, Policy
from landwatch.mapping.style import CLASS_OF, NOT_BINDING
from landwatch.scan.kept import KeptOutcomes

Classes = NDArray[np.uint8]
NOT_THERE = 255
"""Where the ledger did not hold the contract: the page calls it HIDDEN and draws nothing."""
OUTCOMES = ("contract_id", "status", "to_verify")
"""The columns of outcomes that tell a class."""


def class_of(gravity: Gravity, policy: Policy) -> int:
    """Return the class of an outcome; what only a draft or report says is hatched if it speaks."""
    speaks = gravity is Gravity.TO_VERIFY or gravity.value in set(map(str, SPEAKING))
    return CLASS_OF[(str(gravity), speaks and policy.authority in NOT_BINDING)]


def classes_then(
    outcomes: Iterable[KeptOutcomes],
    law: Mapping[str, Policy],
    contracts: Sequence[str],
    known: Callable[[], Iterable[str]],
) -> Classes:
    """Return the class that a page of some outcomes would give to contracts, in their order.

    `known` tells which contracts were in the ledger; it is asked only where no rule about contracts
    was judged. A contract that was not there is `NOT_THERE`.
    """
    ids = pa.array(contracts, pa.string())
    found = np.full(len(ids), NOT_THERE, np.uint8)
    judged, keys, rows, here = False, None, pa.nulls(0), np.zeros(0, bool)
    for kept in outcomes:
        policy = law.get(kept.policy)
        if kept.about is About.PARK:
            continue
        judged = True
        named = kept.table.column("contract_id")
        if keys is None or not named.equals(keys):  # all rules of a scan have one order
            keys, at = named, pc.index_in(ids, value_set=_flat(named))
            here = pc.is_valid(at).to_numpy(zero_copy_only=False)
            rows = at.drop_null()
            found[here] = np.minimum(found[here], CLASS_OF[(Gravity.NOT_APPLICABLE, False)])
        if policy is not None and policy.rule(kept.rule) is not None:
            told = _codes(kept.table, policy)[rows.to_numpy(zero_copy_only=False)]
            found[here] = np.minimum(found[here], told)
    if not judged:
        held = pc.is_in(ids, value_set=pa.array(sorted(known()), pa.string()))
        found[held.to_numpy(zero_copy_only=False)] = CLASS_OF[(Gravity.NOT_APPLICABLE, False)]
    return found


def _flat(column: pa.ChunkedArray) -> pa.Array:
    flat = column.combine_chunks()
    return pa.concat_arrays(flat.chunks) if isinstance(flat, pa.ChunkedArray) else flat


def _codes(table: pa.Table, policy: Policy) -> Classes:
    """Return the class of each outcome of a rule."""
    statuses = list(Status)
    known = pa.array([str(status) for status in statuses])
    status = pc.index_in(table.column("status"), value_set=known).to_numpy()
    verify = pc.fill_null(table.column("to_verify"), False).to_numpy().astype(np.int8)
    lookup = np.array(
        [[class_of(Gravity.of(str(one), v), policy) for v in (False, True)] for one in statuses],
        np.uint8,
    )
    codes: Classes = lookup[status, verify]
    return codes

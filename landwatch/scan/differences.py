"""A scan kept as what is different from the one before, and how the whole is put together again.

A scan's first part is its head: the law and the knowledge it rests on, and of each contract the
first day on which an outcome can turn by itself. Of a difference it names every contract that was
decided again or is gone; each further part has the outcomes of these alone, park rules of all.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from landwatch.errors import LawbookError
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.policy import About, Policy
from landwatch.lawbook.shelf import shelf
from landwatch.scan.dossier import open_engine
from landwatch.scan.running import on_a_day
from landwatch.scan.turning import LATER, TURNS_ON

if TYPE_CHECKING:
    import pyarrow as pa

    from landwatch.store import ScanSummary, Store

HEAD = "head"
RULE, POLICY, ABOUT = "rule", "policy", "about"

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a kept scan: what it is of, and its rows."""

    labels: Labels
    table: pa.Table


def packed(part: Part) -> bytes:
    """Return a part as Parquet, its labels in the metadata."""
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    table = part.table.replace_schema_metadata(dict(part.labels))
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def opened(content: bytes, only: Sequence[str] | None = None) -> Part:
    """Return a part, only these columns of it where some are named."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(content))
    told = file.schema_arrow.metadata or {}
    labels = {name.decode(): value.decode() for name, value in told.items()}
    return Part(labels, file.read(columns=only).replace_schema_metadata(None))


def head_of(
    store: Store, scan: ScanSummary, only: Sequence[str] | None = ("contract_id", TURNS_ON)
) -> Part | None:
    """Return the head of a kept scan, with these columns (None: all); None where it has none."""
    assert scan.scan_id is not None  # a kept one
    for content in store.scan_parts(scan.scan_id):
        part = opened(content, only)
        return part if HEAD in part.labels else None
    return None


def links_of(store: Store, scan: ScanSummary) -> list[ScanSummary]:
    """Return a scan, the one it is a difference to, and so on to the one that was kept whole."""
    links = [scan]
    while (base := links[-1].base_scan_id) is not None:
        found = store.scan(base)
        assert found is not None  # asked for by its number
        links.append(found)
    return links


def whole_parts(
    store: Store, scan: ScanSummary, only: Sequence[str] | None = None
) -> Iterator[Part]:
    """Yield the outcomes of a kept scan rule by rule, those of its differences in their places.

    The figures of breaches that were carried over are those of the day of the scan.
    """
    streams = [_streamed(store, link) for link in links_of(store, scan)]
    if len(streams) == 1:
        parts = (opened(content, only) for content in streams[0][1])
        yield from (Part(part.labels, _shown(part.table)) for part in parts)
        return
    heads = [head for head, _ in streams[:-1]]
    layout = Layout([head.table.column("contract_id") for head in heads if head is not None])
    law = law_of(store, scan) if only is None else {}
    engine = open_engine()
    try:
        for contents in zip(*(parts for _, parts in streams), strict=True):
            wanted = only if only is None or layout.is_known else ["contract_id", *only]
            same = [opened(content, wanted) for content in contents]
            labels = same[0].labels
            if labels[ABOUT] == About.PARK:
                park = same[0].table
                yield Part(labels, _shown(park if only is None else park.select(list(only))))
                continue
            table = layout.joined([part.table for part in same])
            if only is None:
                policy = law[labels[POLICY]]
                rule = policy.rule(labels[RULE])
                assert rule is not None  # its outcomes were kept by this very text
                table = on_a_day(engine, table, policy, rule, scan.as_of)
            yield Part(labels, _shown(table if only is None else table.select(list(only))))
    finally:
        engine.close()


def law_of(store: Store, scan: ScanSummary) -> dict[str, Policy]:
    """Return the policies that a kept scan judged by, word for word.

    Raises:
        LawbookError: one of them was not kept.
    """
    law = {}
    for policy_id, version in scan.policies.items():
        ours = shelf().get(policy_id)
        if ours is None or ours.version != version:
            text = store.policy_text(policy_id, version)
            if text is None:
                raise LawbookError("policy.version_lost", policy=policy_id, version=version)
            ours = read_policy(text, f"{policy_id}.yaml")
        law[policy_id] = ours
    return law


class Layout:
    """How the rows of a scan and of its differences lie among each other, newest first.

    Every rule has an outcome of the very same contracts, so their order is found once.
    """

    def __init__(self, replaced: Iterable[pa.ChunkedArray]) -> None:
        """Name the contracts that each difference replaces, the newest difference first."""
        self._replaced = list(replaced)
        self._ids: list[pa.ChunkedArray] | None = None
        self._order: pa.Array | None = None

    def joined(self, tables: Sequence[pa.Table]) -> pa.Table:
        """Return the rows that stand, in order of the contract's id.

        Once the order is known, tables may come without the contracts.
        """
        import pyarrow as pa

        if "contract_id" in tables[0].column_names:
            ids = [table.column("contract_id") for table in tables]
            if self._ids is None or self._ids != ids:
                self._ids, self._order = ids, self._found(ids)
        assert self._ids is not None  # the first tables have them
        assert [len(table) for table in tables] == [len(one) for one in self._ids]
        return pa.concat_tables(tables).take(self._order)

    @property
    def is_known(self) -> bool:
        """Tell whether the order is known."""
        return self._order is not None

    def _found(self, ids: Sequence[pa.ChunkedArray]) -> pa.Array:
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        stand, gone = [], None
        for place, of_link in enumerate(ids):
            kept = np.ones(len(of_link), dtype=bool)
            if gone is not None:
                kept = ~np.asarray(pc.is_in(of_link, value_set=gone))
            stand.append(kept)
            if place < len(self._replaced):
                more = self._replaced[place].combine_chunks()
                gone = more if gone is None else pa.concat_arrays([gone, more])
        places = np.flatnonzero(np.concatenate(stand))
        every = pa.chunked_array([chunk for one in ids for chunk in one.chunks], pa.string())
        order = pc.sort_indices(every.take(pa.array(places)))
        return pa.array(places).take(order)


def _streamed(store: Store, scan: ScanSummary) -> tuple[Part | None, Iterator[bytes]]:
    """Return the head of a kept scan, if it has one, and its other parts as they are kept.

    The head of a difference names the contracts that it replaces.
    """
    assert scan.scan_id is not None  # a kept one
    contents = iter(store.scan_parts(scan.scan_id))
    first = next(contents, None)
    if first is None:
        return None, iter(())
    if HEAD not in opened(first, ()).labels:
        return None, chain([first], contents)
    whole = scan.base_scan_id is None
    return opened(first, () if whole else ("contract_id",)), contents


def _shown(table: pa.Table) -> pa.Table:
    """Return outcomes without what they were kept with for later."""
    beside = [name for name in table.column_names if name.startswith(LATER) or name == TURNS_ON]
    return table.drop_columns(beside) if beside else table

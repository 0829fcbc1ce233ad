"""Deciding a ledger piece by piece, wherever each piece is worked on, and putting it together.

Every piece is decided by the function that decides a whole ledger (`run.decide`), so the outcomes
are the same. A policy travels as its text and is read again where the piece is: what was checked
here is checked there.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from landwatch import __version__
from landwatch.errors import LandwatchError, LawbookError
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.policy import About, Policy
from landwatch.scan.adoption import Adoption
from landwatch.scan.partition import Partitions, PieceError, opened
from landwatch.scan.run import Adopted, RuleOutcomes, decide

if TYPE_CHECKING:
    import pyarrow as pa

_JUDGING = ("lawbook", "scan", "language")
"""The rooms whose words decide."""
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Law:
    """An adopted policy as it travels: its text, its version, and for whom it speaks."""

    policy: str
    version: str
    text: str
    adoption: Adoption


@dataclass(frozen=True, slots=True)
class Task:
    """A piece to decide: where it lies, by which law, on which day, by which landwatch."""

    folder: str
    mark: str
    number: int
    law: tuple[Law, ...]
    as_of: date
    build: str
    for_later: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a piece was not decided: the key of a sentence and what fills it."""

    code: str
    values: Mapping[str, str]

    def error(self) -> LandwatchError:
        """Return it as the error that it was."""
        kind = LawbookError if self.code.startswith("policy.") else PieceError
        return kind(self.code, **self.values)


class Crew(Protocol):
    """Who works on pieces: this process, processes of this machine, or a cluster."""

    def work(self, tasks: Sequence[Task]) -> Iterator[tuple[int, bytes]]:
        """Yield the number of each piece and its outcomes as they come, in any order.

        Raises:
            LandwatchError: a piece cannot be decided, or nobody is left to do so.
        """


class Alone:
    """This process works on one piece after another."""

    def work(self, tasks: Sequence[Task]) -> Iterator[tuple[int, bytes]]:
        """Yield the outcomes of the pieces in their order."""
        for task in tasks:
            yield task.number, told_by(work_on(task))


class Finished(Protocol):
    """Pieces that are finished, kept so that a scan that was stopped goes on from them."""

    def numbers(self) -> set[int]:
        """Return which are finished."""

    def keep(self, number: int, content: bytes) -> None:
        """Keep the outcomes of a piece, wholly or not at all."""

    def open(self, number: int) -> IO[bytes]:
        """Return the outcomes of a piece."""


def tasks_of(
    partitions: Partitions,
    adopted: Sequence[Adopted],
    as_of: date,
    numbers: Iterable[int],
    *,
    for_later: bool = False,
) -> list[Task]:
    """Return the work of some pieces; `for_later` as `run.decide` has it."""
    law = tuple(
        Law(one.policy.id, one.policy.version, one.policy.text, one.adoption) for one in adopted
    )
    folder, mark = str(partitions.folder), partitions.mark
    return [Task(folder, mark, number, law, as_of, build(), for_later) for number in numbers]


def work_on(task: Task) -> bytes | Refused:
    """Return the outcomes of a piece, by rule; runs where the work is done.

    What is wrong is returned, not raised, for its words are in the language of whoever asked.
    """
    if build() != task.build:
        return Refused("cluster.other_build", {"theirs": build(), "ours": task.build})
    partitions = _opened(task.folder, task.mark)
    if partitions is None:
        return Refused("cluster.not_shared", {"folder": task.folder})
    try:
        return _decided(partitions, task)
    except (PieceError, LawbookError) as problem:
        values = {name: str(value) for name, value in problem.values.items()}
        return Refused(problem.code, values)


@lru_cache(maxsize=4)
def _known(folder: str, mark: str) -> Partitions:
    partitions = opened(Path(folder), mark)
    if partitions is None:
        raise FileNotFoundError(folder)
    return partitions


def _opened(folder: str, mark: str) -> Partitions | None:
    try:
        return _known(folder, mark)
    except FileNotFoundError:  # not kept in mind: it may be there in a moment
        return None


_read = lru_cache(maxsize=256)(read_policy)


def _decided(partitions: Partitions, task: Task) -> bytes:
    piece = partitions.pieces[task.number]
    adopted = [Adopted(_policy(law), law.adoption) for law in task.law]
    law = _about(adopted, piece.about)
    found = decide(partitions.ledger(task.number), law, task.as_of, for_later=task.for_later)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for one in found:
            place = zipfile.ZipInfo(_name(one.policy.id, one.rule.code), _FIRST_DAY)
            file.writestr(place, _parquet(one.table))
    return packed.getvalue()


def _policy(law: Law) -> Policy:
    policy = _read(law.text, f"{law.policy}.yaml")
    if (policy.id, policy.version) != (law.policy, law.version):
        raise LawbookError("policy.version_lost", policy=law.policy, version=law.version)
    return policy


def _about(adopted: Iterable[Adopted], about: About) -> list[Adopted]:
    """Return the policies with those of their rules that speak of contracts, or of parks."""
    return [
        replace(
            one,
            policy=replace(
                one.policy, rules=tuple(rule for rule in one.policy.rules if rule.about is about)
            ),
        )
        for one in adopted
    ]


def _name(policy: str, rule: str) -> str:
    return f"{policy}/{rule}.parquet"


def _parquet(table: pa.Table) -> bytes:
    import pyarrow.parquet as pq

    packed = io.BytesIO()
    pq.write_table(table, packed, compression="zstd")
    return packed.getvalue()


def told_by(answer: bytes | Refused) -> bytes:
    """Return the outcomes of a piece.

    Raises:
        LandwatchError: it was refused.
    """
    if isinstance(answer, Refused):
        raise answer.error()
    return answer


def mapper(tasks: Sequence[Task]) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return the work as a function of Arrow batches, for engines that map them (`mapInArrow`).

    It takes batches with a column `number`, of pieces, and yields `number` and `content`: the
    outcomes to keep as `Finished` does.
    """
    by_number = {task.number: task for task in tasks}

    def work(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches:
            for number in batch.column("number").to_pylist():
                content = told_by(work_on(by_number[number]))
                cells = [pa.array([number], pa.int64()), pa.array([content], pa.binary())]
                yield pa.RecordBatch.from_arrays(cells, names=["number", "content"])

    return work


def together(
    partitions: Partitions, adopted: Sequence[Adopted], finished: Finished
) -> Iterator[RuleOutcomes]:
    """Yield the outcomes of the whole ledger, rule by rule, in order of the contract's id."""
    in_order = _InOrder()
    for one in adopted:
        for rule in one.policy.rules:
            name = _name(one.policy.id, rule.code)
            numbers = [
                number for number, piece in partitions.pieces.items() if piece.about is rule.about
            ]
            parts = [_part(finished.open(number), name) for number in numbers]
            table = in_order.joined(parts) if rule.about is About.CONTRACT else parts[0]
            yield RuleOutcomes(one.policy, rule, table)


def _part(packed: IO[bytes], name: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with packed, zipfile.ZipFile(packed) as file:
        return pq.read_table(pa.BufferReader(file.read(name)))


class _InOrder:
    """Tables of the same contracts again and again: their order is found once."""

    def __init__(self) -> None:
        self._ids: pa.ChunkedArray | None = None
        self._order: pa.Array | None = None

    def joined(self, parts: Sequence[pa.Table]) -> pa.Table:
        """Return the rows of all parts in order of the contract's id."""
        import pyarrow as pa
        import pyarrow.compute as pc

        table = pa.concat_tables(parts)
        ids = table.column("contract_id")
        if self._ids is None or not self._ids.equals(ids):
            self._ids, self._order = ids, pc.sort_indices(ids)
        return table.take(self._order)


@cache
def build() -> str:
    """Return what two installations share exactly when they judge by the same words.

    Version, a hash of the source of the rooms that decide, and the engines below them.
    """
    import duckdb
    import numpy
    import pyarrow

    told = hashlib.sha256()
    for room in _JUDGING:
        for path in sorted(Path(str(files("landwatch").joinpath(room))).rglob("*")):
            if path.suffix in (".py", ".yaml"):
                told.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    engines = f"duckdb {duckdb.__version__}, arrow {pyarrow.__version__}, numpy {numpy.__version__}"
    return f"landwatch {__version__} ({told.hexdigest()[:8]}), {engines}"

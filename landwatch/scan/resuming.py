"""A whole scan that can be stopped at any moment, however, and goes on from what it had decided.

Now and then the outcomes of the rules that are done are laid aside in the store. The next scan of
the same day, knowledge and law, by the same landwatch, decides the other rules only.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from landwatch.errors import LandwatchError, StoreError
from landwatch.language.catalogue import say
from landwatch.scan.differences import RULE, head_of, opened
from landwatch.scan.dossier import Ledger
from landwatch.scan.heads import HeadRows, head_part, mark_of_law, rule_part
from landwatch.scan.incremental import Asked
from landwatch.scan.pieces import build
from landwatch.scan.run import Adopted, RuleOutcomes, decide
from landwatch.settings import read_store_settings
from landwatch.store import UnfinishedScan

if TYPE_CHECKING:
    from landwatch.store import ScanSummary, Store

_HEAD = 0
"""The piece that holds when contracts turn by the rules so far; the others are rules, from 1 on."""
_INTERRUPTED = "Query interrupted"
"""What DuckDB makes of Ctrl-C."""


class Stop(Enum):
    """Why a scan was stopped."""

    ASKED = "asked"
    TIME = "time"

    def in_words(self, lang: str) -> str:
        """Return it as the beginning of a sentence in `lang`."""
        return say(f"resuming.why.{self.value}", lang)


class ScanStoppedError(LandwatchError):
    """A scan was stopped before its end; the next one goes on."""

    exit_code = 4


class OutOfTimeError(Exception):
    """A scan has taken the time that it was given."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One rule of a scan: its part, how many outcomes have each status, and whether it is old."""

    rule: str
    part: bytes
    counts: dict[str, int]
    before: bool = False

    @staticmethod
    def of(outcomes: RuleOutcomes) -> Decided:
        """Return what is kept of a rule's outcomes."""
        return Decided(outcomes.rule.code, rule_part(outcomes), outcomes.counts())

    @staticmethod
    def again(part: bytes) -> Decided:
        """Return a rule that was decided before."""
        import pyarrow.compute as pc

        told = opened(part, ("contract_id", "status"))
        pairs = pc.value_counts(told.table.column("status")).to_pylist()
        counts = {str(pair["values"]): int(pair["counts"]) for pair in pairs}
        return Decided(told.labels[RULE], part, counts, before=True)


class Unfinished:
    """A whole scan on its way; what it has decided outlives it."""

    def __init__(self, store: Store, asked: Asked, *, by: str) -> None:
        """Find what was laid aside of this very scan."""
        self._store, self._asked = store, asked
        self._knowledge = store.mark_of_knowledge(asked.known_at)
        self.fingerprint = fingerprint_of(asked, self._knowledge)
        self.rules = sum(len(one.policy.rules) for one in asked.adopted)
        self._scan = UnfinishedScan(self.fingerprint, asked.as_of, asked.known_at, self.rules, by)
        self._every_s = read_store_settings().aside_seconds
        self._old = _in_order(store.works.laid_aside(self.fingerprint))
        self.laid = len(self._old) - 1 if self._old else 0
        self.before = self.laid
        self._rows = HeadRows(opened(self._old[_HEAD]).table if self._old else None)
        self._waiting: dict[int, bytes] = {}

    def decided(self, ledger: Callable[[], Ledger]) -> Iterator[Decided]:
        """Yield every rule, first those of before; the ledger is read where any is left."""
        yield from (Decided.again(part) for part in self._old[1:])
        left = _without(self._asked.adopted, self.before)
        if not left:
            return
        laid_at = time.monotonic()
        found = decide(ledger(), left, self._asked.as_of, for_later=True)
        number = self.before
        for outcomes in found:
            number += 1
            self._rows.note(outcomes)
            one = Decided.of(outcomes)
            del outcomes  # the next rule needs its room
            self._waiting[number] = one.part
            yield one
            if number < self.rules and time.monotonic() - laid_at >= self._every_s:
                self.lay_aside()
                laid_at = time.monotonic()

    def lay_aside(self) -> None:
        """Lay aside what is decided; where the store is held or away, that waits for next time."""
        if not self._waiting:
            return
        with suppress(StoreError):  # the scan goes on: at its end it must be kept all the same
            self._store.works.lay_aside(self._scan, {_HEAD: self.head(), **self._waiting})
            self.laid += len(self._waiting)
            self._waiting.clear()

    def head(self) -> bytes:
        """Return the head of the scan, as far as it is decided."""
        return head_part(self._asked.adopted, self._knowledge, self._rows.table())


@dataclass(slots=True)
class Begun:
    """A scan that may be stopped: the whole one that it makes, where it makes one by itself."""

    whole: Unfinished | None = None


@contextmanager
def stoppable(asked: Asked, *, in_pieces: bool) -> Iterator[Begun]:
    """Lay aside what is decided when a scan is stopped, and say how it goes on.

    Raises:
        ScanStoppedError: somebody asked for it, or its time is up.
    """
    begun = Begun()
    try:
        yield begun
        return
    except KeyboardInterrupt:
        why = Stop.ASKED
    except OutOfTimeError:
        why = Stop.TIME
    except RuntimeError as problem:
        if str(problem) != _INTERRUPTED:
            raise
        why = Stop.ASKED
    raise _stopped(begun.whole, why, asked.as_of, in_pieces=in_pieces)


def _stopped(
    whole: Unfinished | None, why: Stop, as_of: date, *, in_pieces: bool
) -> ScanStoppedError:
    told = {"why": why, "as_of": as_of.isoformat()}
    if in_pieces:
        return ScanStoppedError("resuming.stopped_pieces", **told)
    if whole is not None:
        whole.lay_aside()
        if whole.laid:
            return ScanStoppedError("resuming.stopped", done=whole.laid, of=whole.rules, **told)
    return ScanStoppedError("resuming.stopped_early", **told)


def fingerprint_of(asked: Asked, knowledge: str) -> str:
    """Return what two scans share exactly when they decide the same of the same, by the same."""
    texts = [hashlib.sha256(one.policy.text.encode()).hexdigest() for one in asked.adopted]
    told = [
        asked.as_of.isoformat(), asked.known_at.isoformat(), knowledge, build(),
        mark_of_law(asked.adopted), texts,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def made_meanwhile(store: Store, asked: Asked, known: Collection[int | None]) -> ScanSummary | None:
    """Return a scan of the same day, knowledge and law that is not among the known ones."""
    knowledge = store.mark_of_knowledge(asked.known_at)
    wanted = {"build": build(), "law": mark_of_law(asked.adopted), "knowledge": knowledge}
    for scan in reversed(store.scans()):
        same = (scan.as_of, scan.known_at) == (asked.as_of, asked.known_at)
        if scan.scan_id in known or not same:
            continue
        head = head_of(store, scan, ())
        if head is not None and wanted.items() <= head.labels.items():
            return scan
    return None


def _in_order(pieces: Mapping[int, bytes]) -> list[bytes]:
    """Return the head and the rules up to the first that is not there; nothing without a head."""
    found: list[bytes] = []
    while len(found) in pieces:
        found.append(pieces[len(found)])
    return found


def _without(adopted: Sequence[Adopted], rules: int) -> list[Adopted]:
    """Return the policies without so many of their first rules."""
    left = []
    for one in adopted:
        rest = one.policy.rules[rules:]
        rules = max(0, rules - len(one.policy.rules))
        if rest:
            left.append(replace(one, policy=replace(one.policy, rules=rest)))
    return left

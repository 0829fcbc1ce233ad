"""Which rows may be one contract told twice: under another number, or in other words.

A contract that stands twice is accused twice. Which of the two is right nobody but a person can
say, so both are kept, and the remark names both. Of each row only numbers are remembered.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from landwatch.language.records import Record, Value
from landwatch.ledger.cells import tidy
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.judges import Judged

AREA_WITHIN = 0.01
DAYS_WITHIN = 31
_LOOKED_AT = 64
"""How many of a holder's contracts of about one area each is held against: bounded for anyone who
holds a hundred thousand of one size."""
_UNCOMPARED = frozenset(("contract_id", "supervision_no", "contract_no", "geometry"))
_ENOUGH_TOLD = 4
"""Of what tells a contract apart: nine parcels of one bureau, 100 m² each, are not one."""
_STEMS_REMEMBERED = 20_000
_TELLING = frozenset(
    (
        *("holder", "project_name", "location", "parcel_id"),
        *("signed_on", "area_m2", "price_wan"),
    )
)
_SIGNS = re.compile(r"[\s()\[\]{}<>〈〉《》【】〔〕\"'“”‘’·.,、。:;\-_/&*]+")
_COMPANY = re.compile(r"(?:股份有限责任公司|股份有限公司|有限责任公司|有限公司|公司|集团)$")
_NOBODY = re.compile(r"个人|自然人|村民|农户|居民|私人|多人|其他|待定|政府|人民政府")
_SHORTEST = 2


def folded_holder(name: str) -> str:
    """Return a holder in one spelling: width, brackets and the kind of company left out.

    >>> folded_holder("某某（来凤）有限责任公司") == folded_holder("某某(来凤)有限公司 ")
    True
    >>> folded_holder("个人")
    ''
    """
    bare = _SIGNS.sub("", tidy(name)).casefold()
    stem = _COMPANY.sub("", _COMPANY.sub("", bare))
    return "" if len(stem) < _SHORTEST or _NOBODY.fullmatch(stem) else stem


class RepetitionJudge:
    """Finds contracts that stand in a file twice under different keys."""

    def __init__(self) -> None:
        """Begin with no row seen."""
        self._seen = _Remembered()

    def see(self, record: Record) -> Iterable[Judged]:
        """Keep the marks of a contract: sixty bytes and its key."""
        told = record.values
        holder, area, day = told.get("holder"), told.get("area_m2"), told.get("signed_on")
        stem = self._seen.stem(holder) if isinstance(holder, str) else ""
        whole = stem and isinstance(area, Decimal) and isinstance(day, date)
        self._seen.add(
            record,
            _content(told),
            hash(stem) if whole else 0,
            float(area) if isinstance(area, Decimal) else 0.0,
            day.toordinal() if isinstance(day, date) else 0,
        )
        return ()

    def conclude(self) -> Iterator[Judged]:
        """Yield, at the later row of each pair, that it may be the contract of the earlier."""
        seen = self._seen
        same = [(IssueCode.SAME_CONTENT, *pair) for pair in _same_content(seen)]
        near = [(IssueCode.NEAR_DUPLICATE, *pair) for pair in _near(seen)]
        for code, before, at in sorted([*same, *near], key=lambda pair: (pair[2], pair[1])):
            yield seen.judged(code, before, at)


class _Remembered:
    """What is kept of each row, in the order of the file."""

    def __init__(self) -> None:
        self.contents, self.holders = array("q"), array("q")
        self.areas, self.days = array("d"), array("i")
        self._rows, self._of_sheet = array("l"), array("i")
        self._sheets: dict[str | None, int] = {}
        self._keys, self._ends = bytearray(), array("q")
        self._stems: dict[str, str] = {}

    def add(self, record: Record, content: int, holder: int, area: float, day: int) -> None:
        self.contents.append(content)
        self.holders.append(holder)
        self.areas.append(area)
        self.days.append(day)
        self._rows.append(record.row)
        self._of_sheet.append(self._sheets.setdefault(record.sheet, len(self._sheets)))
        self._keys += record.key.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._keys))

    def stem(self, holder: str) -> str:
        """Return the folded holder; ledgers repeat their holders, so some are remembered."""
        if (stem := self._stems.get(holder)) is None:
            stem = folded_holder(holder)
            if len(self._stems) < _STEMS_REMEMBERED:
                self._stems[holder] = stem
        return stem

    def key(self, at: int) -> str:
        begins = self._ends[at - 1] if at else 0
        return self._keys[begins : self._ends[at]].decode("utf-8", "surrogatepass")

    def judged(self, code: IssueCode, before: int, at: int) -> Judged:
        """Return what is said of a row that may be the contract of another, both named."""
        sheets = list(self._sheets)
        days = (
            date.fromordinal(self.days[one]).isoformat() for one in (before, at) if self.days[one]
        )
        key = self.key(at)
        said = {
            "before": self._rows[before], "other": self.key(before), "key": key,
            "areas": " / ".join(f"{self.areas[one]:.10g}" for one in (before, at)),
            "days": " / ".join(days),
        }  # fmt: skip
        sheet = sheets[self._of_sheet[at]]
        return Judged(code, sheet, self._rows[at], "contract_id", key, said)


def _content(told: Mapping[str, Value]) -> int:
    """Return a mark of what a row tells beside its numbers; 0 where that is too little."""
    if len(_TELLING & told.keys()) < _ENOUGH_TOLD:
        return 0
    return hash(frozenset((name, told[name]) for name in told if name not in _UNCOMPARED))


def _groups(marks: array[int]) -> Iterator[list[int]]:
    """Yield the rows that bear the same mark, more than one of each; 0 marks none."""
    import numpy as np

    held = np.array(marks, np.int64)
    order = np.argsort(held, kind="stable")
    begins = np.flatnonzero(np.diff(held[order], prepend=0)).tolist()
    for begin, end in pairwise([*begins, held.size]):
        if end - begin > 1 and held[order[begin]]:
            yield order[begin:end].tolist()


def _same_content(seen: _Remembered) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows of the same content, each key with the first of all in its order."""
    for group in _groups(seen.contents):
        first_of = {seen.key(at): at for at in reversed(group)}
        one, *others = sorted(first_of)
        for other in others:
            yield _in_order(first_of[one], first_of[other])


def _near(seen: _Remembered) -> Iterator[tuple[int, int]]:
    """Yield pairs of a holder's rows of about one area and day, each row with the next like it."""
    for group in _groups(seen.holders):
        if not _may_be_near(seen, group):
            continue
        first_of = {(seen.key(at), seen.contents[at]): at for at in reversed(group)}
        rows = sorted(
            first_of.values(), key=lambda at: (seen.areas[at], seen.days[at], seen.key(at))
        )
        for place, at in enumerate(rows):
            for other in rows[place + 1 : place + 1 + _LOOKED_AT]:
                if seen.areas[other] > seen.areas[at] * (1 + AREA_WITHIN):
                    break
                if _are_near(seen, at, other):
                    yield _in_order(at, other)
                    break


def _may_be_near(seen: _Remembered, group: Sequence[int]) -> bool:
    """Tell whether two of a holder's contracts have about one area: most holders have none."""
    areas = sorted(seen.areas[at] for at in group)
    return any(then <= first * (1 + AREA_WITHIN) for first, then in pairwise(areas))


def _are_near(seen: _Remembered, at: int, other: int) -> bool:
    same = seen.contents[at] and seen.contents[at] == seen.contents[other]
    close = abs(seen.days[at] - seen.days[other]) <= DAYS_WITHIN
    return close and not same and seen.key(at) != seen.key(other)


def _in_order(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)

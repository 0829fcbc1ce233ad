"""What is remembered of each row to find a contract told twice: numbers, and its key."""

from __future__ import annotations

import re
from array import array
from datetime import date

from landwatch.language.records import Record
from landwatch.ledger.cells import tidy
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.judges import Judged

_STEMS_REMEMBERED = 20_000
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


class Remembered:
    """What is kept of each row, in the order of the file."""

    def __init__(self) -> None:
        self.contents, self.holders = array("q"), array("q")
        self.areas, self.days = array("d"), array("i")
        self._rows, self._of_sheet = array("l"), array("i")
        self._sheets: dict[str | None, int] = {}
        self._keys, self._ends = bytearray(), array("q")
        self._stems: dict[str, str] = {}

    def add(self, record: Record, content: int, holder: int, area: float, day: int) -> None:
        """Keep a row by its marks; 0 stands for what it does not tell."""
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
        """Return the key of a row."""
        begins = self._ends[at - 1] if at else 0
        return self._keys[begins : self._ends[at]].decode("utf-8", "surrogatepass")

    def judged(self, code: IssueCode, before: int, at: int) -> Judged:
        """Return what is said of a row that may be the contract of another, both named."""
        said: dict[str, object] = {"before": self._rows[before]}
        area, day = self.areas[before], self.days[before]
        return self._judged(code, at, said | self._beside(at, self.key(before), area, day))

    def judged_beside(self, code: IssueCode, at: int, other: str, area: float, day: int) -> Judged:
        """Return what is said of a row that may be a contract of the ledger, both named."""
        return self._judged(code, at, self._beside(at, other, area, day))

    def _judged(self, code: IssueCode, at: int, said: dict[str, object]) -> Judged:
        sheet = list(self._sheets)[self._of_sheet[at]]
        return Judged(code, sheet, self._rows[at], "contract_id", self.key(at), said)

    def _beside(self, at: int, other: str, area: float, day: int) -> dict[str, object]:
        """Return the keys, areas and days of a row and of another, the other first."""
        days = (date.fromordinal(one).isoformat() for one in (day, self.days[at]) if one)
        return {
            "other": other, "key": self.key(at), "days": " / ".join(days),
            "areas": " / ".join(f"{one:.10g}" for one in (area, self.areas[at])),
        }  # fmt: skip

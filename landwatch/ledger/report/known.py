"""What a sheet of a report shows as a whole, before its rows are read one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from landwatch.language.columns import Kind, columns_of
from landwatch.ledger.background import Held
from landwatch.ledger.headers import TWINS, HeaderUse
from landwatch.ledger.keys import MADE
from landwatch.ledger.report.tags import RowTag
from landwatch.ledger.sheets import SourceRow

ENTITIES = (Kind.ZONES, Kind.PARCELS, Kind.CONTRACTS)
_TOO_FEW_TO_TELL = 6
_MOST_MENDED = 3
"""Cells that a person mends in a row which stays what it was."""


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A row of a report: its cells in the order of the source, its tag, its digests as it is now.

    `number` is what its visible column says of its place in the source.
    """

    row: SourceRow
    tag: RowTag | None
    number: str
    whole: str
    checks: str

    @property
    def untouched(self) -> bool:
        """Tell whether every cell is as it was written."""
        return self.tag is not None and self.tag.whole == self.whole

    @property
    def is_scattered(self) -> bool:
        """Tell whether hardly a cell is as it was: such cells are those of another row."""
        if self.tag is None:
            return False
        told, same = self._told_and_same
        return told >= _TOO_FEW_TO_TELL and same * 4 < told

    @property
    def is_itself(self) -> bool:
        """Tell whether so few of the told cells differ that they were mended, not exchanged."""
        told, same = self._told_and_same
        return told - same <= max(1, min(_MOST_MENDED, told // 3))

    @property
    def _told_and_same(self) -> tuple[int, int]:
        """Return how many cells had told something, and how many of them are as they were."""
        tag = self.tag
        told = [] if tag is None else [at for at in range(len(tag.checks) // 2) if tag.told(at)]
        return len(told), sum(self.is_as_it_was(at) for at in told)

    def is_as_it_was(self, at: int) -> bool:
        """Tell whether one cell is as it was written."""
        before = "" if self.tag is None else self.tag.checks[2 * at : 2 * at + 2]
        return before == self.checks[2 * at : 2 * at + 2]


@dataclass(slots=True)
class Known:
    """What is known of all rows of a sheet.

    `left` are the keys that a mended row no longer speaks for, with the columns that it had told
    there; `staying` those that some other row still speaks for; `wholes` the digests of all rows;
    `places` where each row of the source stands in the report; `copied` the rows that stand there
    more than once; `keys` those of all rows. `held` are the place and holder of contracts of the
    ledger whose number a mended row has taken.
    """

    left: dict[str, set[str]] = field(default_factory=dict)
    staying: set[str] = field(default_factory=set)
    wholes: set[str] = field(default_factory=set)
    places: dict[int, int] = field(default_factory=dict)
    copied: set[int] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    held: Mapping[str, Sequence[str | None]] = field(default_factory=dict)

    def is_another(self, one: GivenRow, key: str) -> bool:
        """Tell whether a mended row whose cells now make `key` is no longer the row of its tag.

        It is where it was copied, or where more cells differ than a person mends.
        """
        tag = one.tag
        if tag is None or tag.key is None or one.untouched or key == tag.key:
            return False
        return tag.row in self.copied or not one.is_itself

    def note(self, one: GivenRow) -> None:
        """Remember where a row stands, and under which key it was."""
        if one.tag is None or one.row.is_blank:
            return
        if one.tag.row in self.places:
            self.copied.add(one.tag.row)
        self.wholes.add(one.tag.whole)
        self.places.setdefault(one.tag.row, one.row.number)
        if one.tag.key is not None:
            self.keys.add(one.tag.key)


def keeps_key(kind: Kind, tag: RowTag) -> bool:
    """Tell whether a mended row stays the record that it was, whatever its cells say now.

    Reports and events do, and so do contracts whose key was made of the cells that were mended.
    """
    if tag.shared or tag.again or tag.key is None:
        return False
    return kind not in ENTITIES or tag.key.startswith(MADE)


def looked_through(
    kind: Kind,
    rows: Callable[[], Iterable[GivenRow]],
    uses: Sequence[HeaderUse],
    key_in: Callable[[GivenRow], set[str]],
    held: Held,
) -> Known:
    """Return what the rows of a sheet show together.

    `key_in` returns the key that the cells of a row make now, nothing where it is refused; `held`
    knows the contracts of the ledger.
    """
    known = Known()
    refused_for: set[str] = set()
    taken: set[str] = set()
    for one in rows():
        known.note(one)
    for one in rows():
        tag = one.tag
        if one.row.is_blank:
            continue
        if tag is None:
            taken |= key_in(one)
            continue
        now = set() if one.untouched else key_in(one)
        if tag.key is None and one.untouched:
            refused_for |= set() if tag.rival is None else {tag.rival.key}
        elif tag.key is None or any(known.is_another(one, key) for key in now):
            taken |= now
        elif one.untouched or keeps_key(kind, tag):
            known.staying.add(tag.key)
        elif tag.shared or not tag.again:
            if now <= {tag.key} or any(key.startswith(MADE) for key in now):
                known.staying.add(tag.key)
            else:
                taken |= now
                known.left.setdefault(tag.key, set()).update(_told_before(kind, uses, tag))
    known.staying |= (refused_for | taken) & known.left.keys()
    if kind not in ENTITIES:  # nothing is left without somebody to speak for it
        known.left = {key: told for key, told in known.left.items() if key in known.staying}
    if kind is Kind.CONTRACTS and taken:
        known.held = held(taken - known.left.keys())
    return known


def _told_before(kind: Kind, uses: Sequence[HeaderUse], tag: RowTag) -> set[str]:
    """Return the columns that a row had told, without those that name it."""
    columns = columns_of(kind)
    told = {use.column for use in uses if use.column and tag.told(use.position)}
    told |= {TWINS[name] for name in told & TWINS.keys()}
    told |= {in_m2 for in_m2, in_mu in TWINS.items() if in_mu in told}
    return {name for name in told if name in columns and not columns[name].key}

"""What a page tells of other moments: an earlier scan beside it, and the months before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.comparing import LAST, one_before, scan_named
from landwatch.commands.scanning import Which, kept_scan, scan_meant
from landwatch.commands.telling import Told, silent
from landwatch.errors import UsageError

if TYPE_CHECKING:
    from landwatch.mapping.gather import Gathered, PartMaker
    from landwatch.mapping.parts import Part
    from landwatch.store import ScanSummary, Store


@dataclass(frozen=True, slots=True)
class TimeWishes:
    """Which other moments a page tells of.

    Attributes:
        compare: the scan to set beside the page: a number, a day, a moment or `last`.
        months: how many months before the page a slider shows; None for none.
        as_known_now: past months are judged by what the scan of the page knew.
        told: hears how far the work is.
    """

    compare: str | None = None
    months: int | None = None
    as_known_now: bool = False
    told: Told = silent

    def hold_to(self, store: Store, scan: ScanSummary) -> None:
        """Refuse, before long work, what a page of a scan cannot tell.

        Raises:
            UsageError: so many months cannot be told, or there is no such scan before this one.
            UnknownNameError: no scan of that number.
        """
        from landwatch.mapping.months import MOST

        if self.months is not None and not 1 <= self.months <= MOST:
            raise UsageError("page_time.error.months", months=self.months, most=MOST)
        if self.as_known_now and self.months is None:
            raise UsageError("page_time.error.as_known")
        if self.compare is not None:
            _kept_or_day(store, scan, self.compare)

    def makers(self) -> list[PartMaker]:
        """Return what makes the parts of the page that tell of other moments."""
        found: list[PartMaker] = []
        if self.compare is not None:
            pair = _Pair(self.compare, self.told)
            found += [pair.at_once, pair.later]
        if self.months is not None:
            found.append(self._months)
        return found

    def _months(self, gathered: Gathered) -> Part:
        from landwatch.mapping.months import Law, month_ends

        assert self.months is not None  # else it is not among the makers
        store = gathered.store
        law = Law(
            at=lambda moment: bootstrap.the_lawbook(store, known_at=moment),
            of=lambda scan: bootstrap.lawbook_of(store, scan),
        )
        return month_ends(gathered, self.months, law, self.told, as_known_now=self.as_known_now)


NO_OTHER_TIME = TimeWishes()


class _Pair:
    """One comparison, which makes two parts: what the page tells at once, and of one contract."""

    def __init__(self, named: str, told: Told) -> None:
        self._named, self._told = named, told
        self._rows: Part | None = None

    def at_once(self, gathered: Gathered) -> Part:
        from landwatch.mapping.comparing import Beside, compared_with
        from landwatch.reports.digest_table import causes_in_words

        scan = earlier_scan(gathered.store, gathered.scan, self._named)
        law = bootstrap.lawbook_of(gathered.store, scan)
        beside = Beside(scan, law, causes_in_words, self._told)
        comparison, self._rows = compared_with(gathered, beside)
        return comparison

    def later(self, _gathered: Gathered) -> Part | None:
        return self._rows


def _kept_or_day(store: Store, scan: ScanSummary, named: str) -> ScanSummary | Which:
    """Return the kept scan that a word names, or the day and knowledge that it means.

    A day alone is judged by what the scan of the page knew: the day moves, and nothing else.

    Raises:
        UsageError: it names no scan, the page's own, or one that knows more than it.
        UnknownNameError: no scan of that number.
    """
    which = Which() if named == LAST else scan_named(named)
    if which.as_of is not None:
        if which.as_of == scan.as_of:
            raise UsageError("page_time.error.same", scan=scan.scan_id or scan.as_of)
        return Which(as_of=which.as_of, known_at=scan.known_at)
    if which.known_at is not None:
        return which
    found = one_before(store, scan) if named == LAST else kept_scan(store, which.scan_id)
    if found.scan_id == scan.scan_id:
        raise UsageError("page_time.error.same", scan=found.scan_id)
    store.hold_whole(found.scan_id or 0)
    return _not_later(found, scan)


def earlier_scan(store: Store, scan: ScanSummary, named: str) -> ScanSummary:
    """Return the scan to set beside that of a page.

    Raises:
        UsageError: it names no scan, the page's own, or one that knows more than it.
        UnknownNameError: no scan of that number.
    """
    meant = _kept_or_day(store, scan, named)
    if not isinstance(meant, Which):
        return meant
    found = scan_meant(store, meant)
    return _not_later(found, scan)


def _not_later(found: ScanSummary, scan: ScanSummary) -> ScanSummary:
    if found.known_at > scan.known_at:
        told = {"before": found.scan_id or found.as_of, "after": scan.scan_id or scan.as_of}
        raise UsageError("page_time.error.order", **told)
    return found

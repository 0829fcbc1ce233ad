"""Two scans beside each other: what became of every outcome, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.scanning import Which, kept_scan, scan_meant
from landwatch.commands.telling import Told, each_known, silent
from landwatch.errors import UsageError
from landwatch.language.columns import Kind
from landwatch.language.terms import Gravity

if TYPE_CHECKING:
    from landwatch.lawbook.policy import Policy, Words
    from landwatch.scan.changes import Change
    from landwatch.scan.compare import ChangeKind, RuleChanges
    from landwatch.store import ScanSummary, Store

LAST = "last"
"""The word for the scan before the latest, of an earlier day or an earlier knowledge."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which changes are asked for; nothing named means all that somebody should read of."""

    kinds: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    quiet: bool = False


EVERYTHING_TELLING = Narrowed()


@dataclass(frozen=True, slots=True)
class RuleTally:
    """How many outcomes of a rule became what; they add up to those of either scan."""

    rule: str
    policy: str
    title: Words | None
    counts: Mapping[ChangeKind, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two scans beside each other: the tally of every rule, and the changes asked for.

    `changes` are worked out as they are asked for, once; `wanted` tells how many there are, and
    `newly_breach` how many of all are a breach that was none. `edited` counts by table how often
    another program altered rows.
    """

    before: ScanSummary
    after: ScanSummary
    rules: tuple[RuleTally, ...]
    wanted: int
    newly_breach: int
    changes: Iterator[Change]
    policies: Mapping[str, Policy]
    zones: Mapping[str, str]
    edited: Mapping[str, int] = field(default_factory=dict)

    def fails_on(self, level: str) -> bool:
        """Tell whether there is what `--fail-on` asks for: a new breach, or any change to read."""
        return bool(self.newly_breach if level == "new-breach" else self.wanted)


def scan_named(text: str) -> Which:
    """Return the scan that a word names: a number, a day or a moment.

    Raises:
        UsageError: it is none of these.
    """
    if text.isdecimal() and text.isascii() and len(text) < 8:
        return Which(int(text))
    try:
        if len(text) <= 10:
            return Which(as_of=date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
        if moment.time() == time():
            moment = datetime.combine(moment.date(), time.max, moment.tzinfo)
        return Which(known_at=moment.astimezone())
    except ValueError:
        raise UsageError("compare.error.which", value=text) from None


def two_scans(store: Store, before: str, after: str | None) -> tuple[ScanSummary, ScanSummary]:
    """Return the two scans meant; `before` may be `last`, no `after` is the latest.

    Raises:
        UsageError: there is no such pair, or the first knows more than the second.
        UnknownNameError: no scan of that number.
    """
    second = scan_meant(store, scan_named(after)) if after else kept_scan(store, None)
    first = one_before(store, second) if before == LAST else scan_meant(store, scan_named(before))
    if first.known_at > second.known_at:
        told = {"before": _named(first), "after": _named(second)}
        raise UsageError("compare.error.order", **told)
    return first, second


def _named(scan: ScanSummary) -> str:
    return str(scan.scan_id or scan.as_of.isoformat())


def one_before(store: Store, second: ScanSummary) -> ScanSummary:
    """Return the latest scan that is earlier in day or knowledge, and later in neither.

    One whose outcomes were let go is passed over.

    Raises:
        UsageError: there is none.
    """
    mine, gone = (second.as_of, second.known_at), store.prunings.every()
    earlier = [
        one
        for one in store.scans()
        if (one.as_of, one.known_at) != mine
        and one.scan_id not in gone
        and one.as_of <= second.as_of
        and one.known_at <= second.known_at
    ]
    if not earlier:
        raise UsageError("compare.error.no_earlier", scan=_named(second))
    return max(earlier, key=lambda one: (one.known_at, one.as_of, one.scan_id or 0))


def compare(
    url: str,
    before: str,
    after: str | None = None,
    *,
    narrowed: Narrowed = EVERYTHING_TELLING,
    causes: bool = True,
    told: Told = silent,
) -> Compared:
    """Return what became of every outcome of one scan in another, and the cause of each change.

    Raises:
        UsageError: there is no such pair of scans, or the first knows more than the second.
        UnknownNameError: no such scan, rule, zone or kind; the nearest is offered.
    """
    from landwatch.scan.causes_worlds import ScanSide
    from landwatch.scan.changes import changes_of
    from landwatch.scan.compare import compare as of_tables
    from landwatch.scan.kept import kept_outcomes

    store = bootstrap.the_store(url)
    first, second = two_scans(store, before, after)
    zones = _zones(store, second)
    _each_known(narrowed, first, second, zones)
    sides = [ScanSide.of(store, one, bootstrap.lawbook_of(store, one)) for one in (first, second)]
    law = {**sides[0].lawbook, **sides[1].lawbook}
    tallies, kept, newly = [], [], 0
    old, new = (kept_outcomes(store, one) for one in (first, second))
    codes = [list(one.counts) for one in (first, second)]
    for done, one in enumerate(of_tables(old, new, codes), start=1):
        tallies.append(RuleTally(one.rule, one.policy, _title(law, one), one.counts))
        newly += _newly_breach(one)
        kept.append(replace(one, table=_asked(one, narrowed)))
        told(one.rule, done, len({*codes[0], *codes[1]}))
    asked = [one for one in kept if one.table.num_rows]
    return Compared(
        before=first,
        after=second,
        rules=tuple(tallies),
        wanted=sum(one.table.num_rows for one in asked),
        newly_breach=newly,
        changes=changes_of(asked, store, sides, causes=causes, told=told),
        policies=law,
        zones=zones,
        edited=store.health.edited(),
    )


def _each_known(
    narrowed: Narrowed, first: ScanSummary, second: ScanSummary, zones: Mapping[str, str]
) -> None:
    from landwatch.scan.compare import ChangeKind

    kinds = [kind for kind in ChangeKind if kind is not ChangeKind.UNCHANGED]
    each_known("what.change_kind", narrowed.kinds, kinds)
    each_known("what.rule", narrowed.rules, {*first.counts, *second.counts})
    each_known("what.zone", narrowed.zones, zones)


def _zones(store: Store, scan: ScanSummary) -> dict[str, str]:
    table = store.columns(Kind.ZONES, known_at=scan.known_at, only=("zone_id", "name"))
    found: dict[str, str] = {}
    for row in table.select(["zone_id", "name"]).to_pylist():
        if row["zone_id"] is not None:
            found[row["zone_id"]] = row["name"] or found.get(row["zone_id"]) or row["zone_id"]
    return found


def _title(law: Mapping[str, Policy], one: RuleChanges) -> Words | None:
    policy = law.get(one.policy)
    rule = policy.rule(one.rule) if policy else None
    return rule.title if rule else None


def _asked(one: RuleChanges, narrowed: Narrowed) -> object:
    """Return the rows of a rule's changes that are asked for."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from landwatch.scan.compare import TELLING, ChangeKind

    kinds = narrowed.kinds or {str(kind) for kind in (ChangeKind if narrowed.quiet else TELLING)}
    chosen = pc.is_in(one.table.column("kind"), value_set=pa.array(sorted(kinds)))
    if narrowed.zones:
        among = pa.array(sorted(narrowed.zones))
        chosen = pc.and_(chosen, pc.is_in(one.table.column("zone_id"), value_set=among))
    if narrowed.rules and one.rule not in narrowed.rules:
        return one.table.slice(0, 0)
    return one.table.filter(chosen)


def _newly_breach(one: RuleChanges) -> int:
    import pyarrow.compute as pc

    from landwatch.scan.compare import ChangeKind

    grave = [str(ChangeKind.NEW), str(ChangeKind.ESCALATED)]
    kinds, status = one.table.column("kind"), one.table.column("after_status")
    worse = pc.or_(*(pc.equal(kinds, kind) for kind in grave))
    breach = pc.fill_null(pc.equal(status, str(Gravity.BREACH)), False)
    return int(pc.sum(pc.and_(worse, breach)).as_py() or 0)


def place_of_changes(path: Path) -> Path:
    """Return the path where changes may be written.

    Raises:
        UsageError: the name ends neither in .csv nor in .xlsx.
    """
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise UsageError("compare.error.file", file=path.name)
    return path


def write_changes(found: Compared, path: Path, *, lang: str, told: Told = silent) -> int:
    """Write every change that was asked for as CSV or workbook; return how many there were.

    Raises:
        UsageError: the name ends neither in .csv nor in .xlsx.
        LandwatchError: it cannot be written there.
    """
    from landwatch.reports.digest_table import write_changes_csv, write_changes_xlsx

    place_of_changes(path)
    if path.suffix.lower() == ".csv":
        return write_changes_csv(path, _counted(found, told), found.before, found.after)
    above = [f"{_named(found.before)} → {_named(found.after)}"]
    return write_changes_xlsx(path, _counted(found, told), lang, found.zones, above)


def _counted(found: Compared, told: Told) -> Iterator[Change]:
    for done, one in enumerate(found.changes, start=1):
        if done % 500 == 0:
            told("changes", done, found.wanted)
        yield one

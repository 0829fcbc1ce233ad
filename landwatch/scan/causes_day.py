"""What the passing of days did to an outcome: which limit, window, report, value or scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from landwatch.language.terms import Status
from landwatch.lawbook.policy import DatedValue, Parameter
from landwatch.lawbook.reading import names_of
from landwatch.scan.account import Account
from landwatch.scan.causes import CauseKind, CellPlace, CellTitle, CellValue, ChangeCause
from landwatch.scan.causes_ledger import cells_changed
from landwatch.scan.causes_worlds import ScanSide, Seen
from landwatch.scan.findings import plain
from landwatch.scan.supposing import written
from landwatch.scan.used import used_names

_MOST = 4


def day_causes(before: Seen, after: Seen, law: ScanSide, policy_id: str) -> list[ChangeCause]:
    """Return what happened between two days by which an outcome became another; never none."""
    found = list(_scopes(before, after, law, policy_id))
    if not found and before.as_of < after.as_of:  # a day that moves back passes nothing
        found = [*_dated(before, after), *_values(before, after), *_clock(before, after)]
    if not found:
        days = {"since": before.as_of.isoformat(), "until": after.as_of.isoformat()}
        found = [ChangeCause(CauseKind.DAY, "moved", days, dict(days))]
    return found


def _passed(day: object, before: Seen, after: Seen, *, first: int = 0) -> bool:
    """Tell whether a day came with the later scan: the day `first` days after it is the first."""
    if not isinstance(day, date):
        return False
    counted = day + timedelta(days=first)
    return before.as_of < counted <= after.as_of


def _scopes(before: Seen, after: Seen, law: ScanSide, policy_id: str) -> Iterator[ChangeCause]:
    """Yield the adoptions that hold on one of the days only."""
    if before.scope_open == after.scope_open:
        return
    for scope in law.scopes.get(policy_id, ()):
        held = [scope.holds_on(one.as_of) for one in (before, after)]
        if held[0] != held[1]:
            told = {"scope": scope, "policy": policy_id}
            what = "adopted" if held[1] else "dropped"
            days = {"holds_from": plain(scope.holds_from), "holds_to": plain(scope.holds_to)}
            yield ChangeCause(CauseKind.DAY, what, told, {"policy": policy_id, **days})


def _dated(before: Seen, after: Seen) -> Iterator[ChangeCause]:
    """Yield the told facts of days in between, which count since then."""
    if before.dossier is None or after.dossier is None:
        return
    for one in cells_changed(before, after)[:_MOST]:
        teller = one.new or one.old
        assert teller is not None  # one of them told it
        seen = after if one.new else before
        place = CellPlace(seen.places.get((one.kind, teller.record_id)))
        told = {
            "title": CellTitle(one.kind, one.name),
            "old": CellValue(one.kind, one.name, one.old and one.old.value),
            "new": CellValue(one.kind, one.name, one.new and one.new.value),
            "place": place,
        }
        plainly: dict[str, Any] = {
            "table": str(one.kind),
            "column": one.name,
            "old": one.old and plain(one.old.value),
            "new": one.new and plain(one.new.value),
            "on": plain(teller.on),
        }
        yield ChangeCause(CauseKind.DAY, "dated", told, {**plainly, **place.as_plain()})


def _values(before: Seen, after: Seen) -> Iterator[ChangeCause]:
    """Yield the parameters of the policy itself that have another value from a day in between."""
    if before.taken is None or after.taken is None:
        return
    used = _read(before.taken) | _read(after.taken)
    for parameter in after.taken.policy.parameters.values():
        old, new = parameter.on(before.as_of), parameter.on(after.as_of)
        if parameter.name in used and old != new:
            level = after.taken.known.get(str(parameter.by)) if parameter.by else None
            values = [number_of(one, parameter, level) for one in (old, new)]
            since = (new or old or parameter.values[0]).since
            told = {"title": parameter.title, "name": parameter.name, "old": values[0],
                    "new": values[1], "since": since.isoformat()}  # fmt: skip
            plainly = {"parameter": parameter.name, "old": values[0], "new": values[1],
                       "since": since.isoformat()}  # fmt: skip
            yield ChangeCause(CauseKind.DAY, "value", told, plainly)


def _read(taken: Account) -> set[str]:
    """Return the names that decided and that the clock was worked out with."""
    names = (
        {*used_names(taken)} | names_of(taken.rule.clock.since) | names_of(taken.rule.clock.limit)
    )
    return names.union(*(names_of(one.is_) for one in taken.rule.definitions if one.name in names))


def number_of(dated: DatedValue | None, parameter: Parameter, code: object) -> str:
    """Return a parameter's value in plain words: with its unit, `—` where it has none."""
    value: Fraction | None = None if dated is None else dated.value
    if dated is not None and dated.by_code is not None:
        value = dated.by_code.get(str(code))
    unit = "" if parameter.unit.text == "1" else f" {parameter.unit.text}"
    return "—" if value is None else f"{written(value)}{unit}"


def _clock(before: Seen, after: Seen) -> Iterator[ChangeCause]:
    """Yield the limit that passed, the window that opened, the evidence that grew too old."""
    taken = after.taken or before.taken
    if taken is None:
        return
    known: Mapping[str, Any] = taken.known
    limit, as_of = known.get("limit_on"), after.as_of.isoformat()
    told: dict[str, object] = {"as_of": as_of, "since": before.as_of.isoformat()}
    if _passed(limit, before, after, first=1):
        told |= {"limit": plain(limit)}
        yield ChangeCause(CauseKind.DAY, "limit", told, {"limit_on": plain(limit)})
        return
    warn = taken.rule.warn_days
    if _passed(limit, before, after, first=-warn):
        told |= {"limit": plain(limit), "days": warn}
        plainly = {"limit_on": plain(limit), "warn_days": warn}
        yield ChangeCause(CauseKind.DAY, "window", told, plainly)
    if (taken.reason or "").startswith("stale:") and taken is after.taken:
        seen_on = str(taken.reason).rpartition("=")[2]
        told |= {"seen_on": seen_on, "days": taken.rule.evidence_days}
        plainly = {"observed_on": seen_on, "evidence_days": taken.rule.evidence_days}
        yield ChangeCause(CauseKind.DAY, "stale", told, plainly)
    if before.taken is not None and before.taken.status is Status.EXEMPT:
        until = before.taken.known.get("delay_until") or before.taken.known.get(
            "statute_delay_until"
        )
        told |= {"until": plain(until) or "—"}
        yield ChangeCause(CauseKind.DAY, "exempt", told, {"until": plain(until)})

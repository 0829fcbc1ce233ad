"""A digest of what changed, for one park, one person or all: what to act on first, and why.

Outcomes of one contract that changed alike, by one cause, are one line that names all their rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from landwatch.language.catalogue import say
from landwatch.language.reasons import reason_in_words
from landwatch.language.terms import Gravity
from landwatch.lawbook.policy import Policy
from landwatch.reports.digest_table import causes_in_words
from landwatch.reports.finding_sheet import remedies_in_words
from landwatch.scan.causes import CauseKind
from landwatch.scan.changes import Change, Holding
from landwatch.scan.compare import ChangeKind
from landwatch.store import Charge, ScanSummary

_TIERS = {kind: at for at, kind in enumerate(
    (ChangeKind.NEW, ChangeKind.ESCALATED, ChangeKind.VANISHED, ChangeKind.CHANGED,
     ChangeKind.EASED, ChangeKind.CURED, ChangeKind.ADDED, ChangeKind.QUIET,
     ChangeKind.UNCHANGED))}  # fmt: skip

Whose = Literal["all", "zone", "person"]


@dataclass(frozen=True, slots=True)
class DigestLine:
    """Changes of one contract (or park) that are alike: the first, all their rules and reasons."""

    change: Change
    rules: tuple[str, ...]
    reasons: tuple[str, ...] = ()

    @property
    def kind(self) -> ChangeKind:
        """Return what became of the outcomes."""
        return self.change.kind

    @property
    def holding(self) -> Holding:
        """Return the contract or park."""
        return self.change.holding


@dataclass(frozen=True, slots=True)
class Digest:
    """What changed between two scans for one reader.

    `key` is the id of the park, or the name of the person; `standing` counts the outcomes of each
    park now; `fresh` says how fresh the data are, by language; `unowned` are parks that nobody is
    in charge of.
    """

    whose: Whose
    key: str
    name: str
    mails: tuple[str, ...]
    charges: tuple[Charge, ...]
    before: ScanSummary
    after: ScanSummary
    lines: tuple[DigestLine, ...]
    changes: tuple[Change, ...]
    standing: Mapping[str | None, Mapping[Gravity, int]]
    fresh: Mapping[str, Sequence[str]]
    unowned: tuple[str, ...]
    zones: Mapping[str, str]
    policies: Mapping[str, Policy]

    @property
    def counts(self) -> Mapping[ChangeKind, int]:
        """Return how many outcomes became what, in the order of reading, but for the altered."""
        found = Counter(one.kind for one in self.changes if not one.altered)
        return {kind: found[kind] for kind in _TIERS if found[kind]}

    @property
    def altered_count(self) -> int:
        """Return how many outcomes changed by rows that another program altered."""
        return sum(one.altered for one in self.changes)

    def altered(self) -> list[DigestLine]:
        """Return what changed by rows that another program altered."""
        return [one for one in self.lines if one.change.altered]

    def to_act_on(self) -> list[DigestLine]:
        """Return what is new or worse, or watched no more, the gravest first."""
        return [one for one in self._ours() if acted_on(one.change)]

    def _ours(self) -> list[DigestLine]:
        return [one for one in self.lines if not one.change.altered]

    def cured(self) -> list[DigestLine]:
        """Return what is shown as done now."""
        return [one for one in self._ours() if one.kind is ChangeKind.CURED]

    def others(self) -> list[DigestLine]:
        """Return the rest."""
        return [
            one
            for one in self._ours()
            if one.kind is not ChangeKind.CURED and not acted_on(one.change)
        ]

    def title(self, lang: str) -> str:
        """Return the title, which is the subject of a letter too."""
        return say(f"digest.title.{self.whose}", lang, name=self.name)

    def head(self, lang: str) -> list[str]:
        """Return which scans, who is in charge, and that it is a suspicion only."""
        scans = [
            say("compare.scan" if one.scan_id else "compare.scan_of_day", lang, scan=one.scan_id,
                as_of=one.as_of.isoformat(),
                moment=one.known_at.astimezone().strftime("%Y-%m-%d %H:%M"))
            for one in (self.before, self.after)
        ]  # fmt: skip
        lines = [say("compare.head", lang, before=scans[0], after=scans[1])]
        if self.charges and self.whose == "person":
            places = say("report.comma", lang).join(self._place(one, lang) for one in self.charges)
            lines.append(say("digest.covers", lang, places=places))
        return [*lines, say("digest.suspicion", lang)]

    def _place(self, charge: Charge, lang: str) -> str:
        if charge.zone_id is None:
            return say("adoption.division", lang, division=charge.division)
        return self.zone(charge.zone_id, lang)

    def zone(self, zone_id: str | None, lang: str) -> str:
        """Return the name of a park."""
        if zone_id is None:
            return say("digest.outside", lang)
        return self.zones.get(zone_id, zone_id)

    def nobody(self, lang: str) -> str | None:
        """Return which parks nobody is in charge of, None where there is none."""
        if not self.unowned:
            return None
        names = (f"{self.zone(one, lang)}（{one}）" for one in self.unowned)
        return say("digest.unowned", lang, parks=say("report.comma", lang).join(names))


def acted_on(one: Change) -> bool:
    """Tell whether somebody has to act: it is new or graver, or watched no more by no decision.

    What vanished because a person dropped its policy was meant to.
    """
    if one.kind is ChangeKind.VANISHED:
        return not one.causes or any(cause.kind is not CauseKind.POLICY for cause in one.causes)
    return one.kind in (ChangeKind.NEW, ChangeKind.ESCALATED)


def gathered(changes: Iterable[Change]) -> tuple[DigestLine, ...]:
    """Return changes as lines, the gravest first."""
    alike: dict[tuple[object, ...], list[Change]] = {}
    for one in changes:
        now = one.after or one.before
        key = (
            one.holding.contract_id, one.holding.zone_id, one.kind,
            one.before and one.before.gravity, one.after and one.after.gravity,
            now and now.limit_on, causes_in_words(one, "en"),
        )  # fmt: skip
        alike.setdefault(key, []).append(one)
    lines = [
        DigestLine(_first(same), tuple(sorted({one.rule for one in same})), _reasons(same))
        for same in alike.values()
    ]
    return tuple(sorted(lines, key=gravest_first))


def _first(same: Sequence[Change]) -> Change:
    """Return the change that stands for those alike: the one with most money at stake."""
    return max(same, key=lambda one: (one.after and one.after.amount_wan) or 0)


def _reasons(same: Sequence[Change]) -> tuple[str, ...]:
    told = {one.after.reason for one in same if one.after and one.after.reason}
    return tuple(sorted(told))


def gravest_first(one: DigestLine | Change) -> tuple[int, int, int, str, str]:
    """Return the place of a change in a list: altered, what to act on, how grave, which kind."""
    change = one.change if isinstance(one, DigestLine) else one
    kind, of = change.kind, change.holding
    tier = -1 if change.altered else 0 if acted_on(change) else 1 + _TIERS[kind]
    return tier, change.gravity.rank, _TIERS[kind], of.contract_id or of.zone_id or "", change.rule


def rules_in_words(line: DigestLine, policies: Mapping[str, Policy], lang: str) -> list[str]:
    """Return each rule by its title, code and clause."""
    named = []
    for code in line.rules:
        policy = _policy_of(code, line.change, policies)
        rule = policy.rule(code) if policy else None
        if policy is None or rule is None:
            named.append(code)
            continue
        told = {"title": rule.title.in_words(lang), "article": rule.clause.article}
        named.append(say("digest.rule", lang, code=code, document=_document(policy, lang), **told))
    return named


def _policy_of(code: str, of: Change, policies: Mapping[str, Policy]) -> Policy | None:
    first = policies.get(of.policy)
    every = [first, *policies.values()] if first else [*policies.values()]
    return next((one for one in every if one.rule(code)), None)


def _document(policy: Policy, lang: str) -> str:
    """Return a document by its title and number, as an accusation has to name it."""
    title, number = policy.title.in_words(lang).strip("《》"), policy.document_no
    told_apart = number and number.strip("《》") != policy.title.zh.strip("《》")
    key = "digest.document" if told_apart else "digest.document_plain"
    return say(key, lang, title=title, number=number)


def figures_in_words(line: DigestLine, lang: str) -> list[str]:
    """Return the limit, the days past it and the money at stake, as far as there are any."""
    now = line.change.after or line.change.before
    found: list[str] = []
    if now is None:
        return found
    if now.limit_on is not None:
        found.append(say("digest.limit", lang, limit=now.limit_on.isoformat()))
    if now.days_past is not None:
        found.append(say("digest.days_past", lang, days=now.days_past))
    if now.amount_wan is not None:
        found.append(say("digest.amount", lang, amount=f"{now.amount_wan:,f}"))
    return found


def next_in_words(line: DigestLine, lang: str) -> str | None:
    """Return what to do next, None where nothing is."""
    now, kind = line.change.after, line.kind
    if line.change.altered:
        return say("digest.next.altered", lang)
    if kind is ChangeKind.VANISHED:
        return say("digest.next.vanished", lang)
    if now is None:
        return None
    match now.gravity:
        case Gravity.BREACH if now.remedies:
            remedies = remedies_in_words(now.remedies, lang)
            return say("digest.next.breach", lang, remedies=remedies)
        case Gravity.BREACH:
            return say("digest.next.breach_none", lang)
        case Gravity.TO_VERIFY:
            contract = line.holding.contract_id or ""
            return say("digest.next.to_verify", lang, contract=contract, reason=_why(line, lang))
        case Gravity.DUE_SOON if now.limit_on is not None:
            return say("digest.next.due_soon", lang, limit=now.limit_on.isoformat())
        case Gravity.EXEMPT:
            return say("digest.next.exempt", lang)
        case Gravity.UNKNOWN:
            return say("digest.next.unknown", lang, reason=_why(line, lang))
    return None


def _why(line: DigestLine, lang: str) -> str:
    """Return what is not known, each once."""
    told = (reason_in_words(one, lang) for one in line.reasons)
    return say("report.comma", lang).join(dict.fromkeys(told))


def stood_in_words(line: DigestLine, lang: str) -> str:
    """Return how the outcome stood and stands."""
    sides = (
        say("compare.nothing", lang) if one is None else one.gravity.in_words(lang)
        for one in (line.change.before, line.change.after)
    )
    return " → ".join(sides)


def who_in_words(line: DigestLine, digest: Digest, lang: str) -> list[str]:
    """Return contract, holder, project and park."""
    of = line.holding
    told = [of.contract_id or say("compare.park", lang), of.holder, of.project]
    return [*(one for one in told if one), digest.zone(of.zone_id, lang)]

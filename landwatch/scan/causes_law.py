"""What another law did to an outcome: adopted or dropped where by whom, which number or rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landwatch.lawbook.difference import Became, difference
from landwatch.lawbook.passages import Place
from landwatch.lawbook.policy import Policy, Rule
from landwatch.lawbook.reading import names_of
from landwatch.scan.causes import CauseKind, ChangeCause
from landwatch.scan.causes_day import number_of
from landwatch.scan.causes_worlds import ScanSide, Seen
from landwatch.store import LawbookAct, Scope


class LawChanges:
    """What changed in the law between two scans; each policy is compared once."""

    def __init__(self, sides: Sequence[ScanSide], acts: Sequence[LawbookAct]) -> None:
        """Compare the law of two scans; `acts` are those recorded between them."""
        self._sides, self._acts = sides, acts
        self._reworded: dict[str, frozenset[str]] = {}

    def causes(self, seen: Sequence[Seen], rule: str, policy_id: str) -> list[ChangeCause]:
        """Return what in the law made an outcome another; never none."""
        policies = [side.lawbook.get(policy_id) for side in self._sides]
        scopes = [_reaching(side.scopes.get(policy_id, ()), seen) for side in self._sides]
        acts = [act for act in self._acts if act.policy_id == policy_id]
        spoke, speaks = (one.scope_open for one in seen)
        found: list[ChangeCause] = []
        old, new = policies
        if old is None or new is None or spoke != speaks:
            found += _adopting(policy_id, policies, scopes, acts)
        if old is not None and new is not None and old.version != new.version:
            brought = next((act for act in reversed(acts) if act.act == "bring"), None)
            found += self._otherwise(old, new, rule, seen, brought)
        return found or _adopting(policy_id, policies, scopes, acts)

    def _otherwise(
        self, old: Policy, new: Policy, code: str, seen: Sequence[Seen], brought: LawbookAct | None
    ) -> list[ChangeCause]:
        """Return the numbers and the parts of the rule that the new wording has otherwise."""
        rules = old.rule(code), new.rule(code)
        versions = {"policy": new.id, "old_version": old.version, "new_version": new.version}
        told = {"policy": new.title, "id": new.id, "old": old.version[:8], "new": new.version[:8],
                "by": brought.recorded_by if brought else "—", "rule": code}  # fmt: skip
        if rules[0] is None or rules[1] is None:
            what = "rule_new" if rules[0] is None else "rule_gone"
            return [ChangeCause(CauseKind.POLICY, what, told, versions)]
        clause = rules[1].clause
        told |= {"article": clause.article}
        plainly = {**versions, "article": clause.article, "quote": clause.quote}
        found = [
            ChangeCause(CauseKind.POLICY, "value", told | one, plainly | one_plain)
            for one, one_plain in _numbers(old, new, rules[1], seen)
        ]
        if code in self._rules_reworded(old, new):
            found.append(ChangeCause(CauseKind.POLICY, "rule", told, plainly))
        return found or [ChangeCause(CauseKind.POLICY, "version", told, plainly)]

    def _rules_reworded(self, old: Policy, new: Policy) -> frozenset[str]:
        if old.id not in self._reworded:
            silent = (Became.RESPELLED, Became.MOVED)
            self._reworded[old.id] = frozenset(
                name
                for change in difference(old, new)
                if change.place is Place.RULE and change.became not in silent
                for name in change.names
            )
        return self._reworded[old.id]


def _reaching(scopes: Sequence[Scope], seen: Sequence[Seen]) -> frozenset[Scope]:
    """Return the scopes that can speak of the contract: not those of other parks alone."""
    zones = {one.dossier.facts.get("zone_id") for one in seen if one.dossier is not None}
    return frozenset(one for one in scopes if one.zone_id is None or one.zone_id in zones)


def _adopting(
    policy_id: str,
    policies: Sequence[Policy | None],
    scopes: Sequence[frozenset[Scope]],
    acts: Sequence[LawbookAct],
) -> list[ChangeCause]:
    """Return where a policy was adopted and where dropped, and who said so."""
    there = policies[1] or policies[0]
    assert there is not None  # a changed outcome has a policy in one of the scans
    found = []
    for what, verb, mine in (
        ("adopted", "adopt", scopes[1] - scopes[0]),
        ("dropped", "drop", scopes[0] - scopes[1]),
    ):
        for scope in sorted(mine, key=repr):
            act = _act_of(verb, scope, acts)
            by, at = (act.recorded_by, act.recorded_at.isoformat()) if act else (None, None)
            told = {"policy": there.title, "id": policy_id, "scope": scope, "by": by or "—"}
            plainly = {"policy": policy_id, "version": there.version, "zone_id": scope.zone_id,
                       "level": scope.level, "division": scope.division, "by": by,
                       "recorded_at": at}  # fmt: skip
            found.append(ChangeCause(CauseKind.POLICY, what, told, plainly))
    if not found:
        told = {"policy": there.title, "id": policy_id}
        what = "not_scanned" if policies[1] is None else "scanned"
        found = [ChangeCause(CauseKind.POLICY, what, told, {"policy": policy_id})]
    return found


def _act_of(verb: str, scope: Scope, acts: Sequence[LawbookAct]) -> LawbookAct | None:
    """Return the last act that brought a scope, or ended it (also by ending all at once)."""
    for act in reversed(acts):
        said = act.scope or Scope()
        ends = verb == "drop" and said.everywhere
        if act.act == verb and (ends or said.place == scope.place):
            return act
    return None


def _numbers(
    old: Policy, new: Policy, rule: Rule, seen: Sequence[Seen]
) -> Iterator[tuple[dict[str, object], dict[str, object]]]:
    """Yield each number that the rule uses and that is another on the day of the scan."""
    used = names_of(rule).union(*(names_of(one.is_) for one in rule.definitions))
    taken, as_of = seen[1].taken or seen[0].taken, seen[1].as_of
    for name in sorted(used & (old.parameters.keys() | new.parameters.keys())):
        one = new.parameters.get(name) or old.parameters[name]
        code = taken.known.get(str(one.by)) if taken and one.by else None
        values = []
        for policy in (old, new):
            parameter = policy.parameters.get(name)
            dated = parameter.on(as_of) if parameter else None
            values.append(number_of(dated, parameter or one, code))
        if values[0] != values[1]:
            told: dict[str, object] = {"title": one.title, "name": name, "before": values[0],
                                       "after": values[1]}  # fmt: skip
            yield told, {"parameter": name, "old": values[0], "new": values[1]}

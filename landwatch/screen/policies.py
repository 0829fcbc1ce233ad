"""What is shown of the shelf of policies."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from landwatch.screen.console import err, out, phrase, print_json

if TYPE_CHECKING:
    from landwatch.commands import Adopted, LawbookAct, Scope, Shelved


def adopted(done: Adopted, lang: str) -> None:
    """Say what became of an adoption, and where the policy holds now."""
    told, console = {"policy": done.policy_id, "version": done.version}, err()
    if done.text:
        console.print(phrase("adoption.text_taken", lang, **told))
    for code in done.lost:
        console.print(phrase("adoption.rule_lost", lang, policy=done.policy_id, rule=code))
    key = "screen.adopted" if done.adoption else "screen.already"
    if not done.adoption and done.text:
        key = "adoption.as_before"
    console.print(phrase(key, lang, policy=done.policy_id, where=done.scope.in_words(lang)))
    if len(done.scopes) > 1:
        scopes = _listed(done.scopes, lang)
        console.print(phrase("adoption.holds_now", lang, policy=done.policy_id, scopes=scopes))


def dropped(policy_id: str, scope: Scope, lang: str, *, gone: bool) -> None:
    """Say what became of dropping a policy."""
    key = "screen.dropped" if gone else "screen.not_adopted"
    err().print(phrase(key, lang, policy=policy_id, where=scope.in_words(lang)))


def shelf(found: Sequence[Shelved], lang: str, *, as_json: bool) -> None:
    """List the policies, where and on which days they are adopted, and whose wording stands."""
    if as_json:
        print_json([_shelved(one, lang) for one in found])
        return
    table = Table(header_style="bold")
    for key in ("policy", "name", "force", "rules", "adopted_for"):
        table.add_column(phrase(f"screen.{key}", lang), overflow="fold")
    for one in found:
        where = escape(_listed([held.scope for held in one.adoptions], lang)) or "—"
        if one.policy is None:
            table.add_row(one.policy_id, phrase("adoption.lost", lang), "", "", where)
            continue
        title = escape(one.policy.title.in_words(lang))
        if one.own_file is not None:
            own = phrase("adoption.own", lang, version=one.policy.version, file=one.own_file)
            title = f"{title}\n{own}"
        rules = " ".join(rule.code for rule in one.policy.rules)
        force = one.policy.authority.in_words(lang)
        table.add_row(one.policy_id, title, force, rules, where)
    out().print(table)


def _listed(scopes: Sequence[Scope], lang: str) -> str:
    return "；".join(scope.in_words(lang) for scope in scopes)


def _shelved(one: Shelved, lang: str) -> dict[str, Any]:
    policy = one.policy
    return {
        "id": one.policy_id,
        "title": policy.title.in_words(lang) if policy else None,
        "authority": str(policy.authority) if policy else None,
        "version": policy.version if policy else None,
        "own_file": one.own_file,
        "rules": [rule.code for rule in policy.rules] if policy else [],
        "adopted_for": [_code(held.scope) for held in one.adoptions],
        "adoptions": [
            {
                **dataclasses.asdict(held.scope),
                "adopted_at": held.adopted_at.isoformat(),
                "adopted_by": held.adopted_by,
            }
            for held in one.adoptions
        ],
    }


def _code(scope: Scope) -> str:
    """Return a scope's place as a machine reads it: a zone's id, level:…, division:…, or `*`."""
    if scope.zone_id is not None:
        return scope.zone_id
    if scope.level is not None:
        return f"level:{scope.level}"
    return "*" if scope.division is None else f"division:{scope.division}"


def lawbook_history(acts: Sequence[LawbookAct], lang: str, *, as_json: bool) -> None:
    """List who adopted, dropped or brought which policy when, oldest first."""
    if as_json:
        print_json([_act(act) for act in acts])
        return
    table = Table(header_style="bold")
    for key in ("when", "who", "act", "policy", "what"):
        table.add_column(phrase(f"adoption.column.{key}", lang), overflow="fold")
    for act in acts:
        if act.text is not None:
            told = {"file": act.text.file_name, "version": act.text.version}
            what = phrase("adoption.text", lang, **told)
        else:
            what = escape(act.scope.in_words(lang)) if act.scope else ""
        moment = f"{act.recorded_at.astimezone():%Y-%m-%d %H:%M:%S}"
        kind = phrase(f"adoption.act.{act.act}", lang)
        table.add_row(moment, escape(act.recorded_by), kind, escape(act.policy_id), what)
    out().print(table)


def _act(act: LawbookAct) -> dict[str, Any]:
    scope = dataclasses.asdict(act.scope) if act.scope else {}
    text = {"file": act.text.file_name, "version": act.text.version} if act.text else {}
    return {
        "act": act.act,
        "policy": act.policy_id,
        **scope,
        **text,
        "recorded_at": act.recorded_at.isoformat(),
        "recorded_by": act.recorded_by,
    }

"""What is shown of the shelf of policies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from landwatch.screen.console import err, out, phrase, print_json

if TYPE_CHECKING:
    from landwatch.commands import Shelved
    from landwatch.lawbook.policy import Policy


def adopted(what: str, policy_id: str, zone: str | None, lang: str) -> None:
    """Say what became of an adoption."""
    where = zone or phrase("screen.everywhere", lang)
    err().print(phrase(f"screen.{what}", lang, policy=policy_id, where=where))


def shelf(found: Sequence[Shelved], lang: str, *, as_json: bool) -> None:
    """List the policies and where they are adopted."""
    if as_json:
        print_json(
            [
                {
                    "id": one.policy.id,
                    "title": one.policy.title.in_words(lang),
                    "authority": str(one.policy.authority),
                    "version": one.policy.version,
                    "rules": [rule.code for rule in one.policy.rules],
                    "adopted_for": ["*" if zone is None else zone for zone in one.adopted_for],
                }
                for one in found
            ]
        )
        return
    table = Table(header_style="bold")
    for key in ("policy", "name", "force", "rules", "adopted_for"):
        table.add_column(phrase(f"screen.{key}", lang), overflow="fold")
    for one in found:
        where = "、".join(zone or phrase("screen.everywhere", lang) for zone in one.adopted_for)
        table.add_row(
            one.policy.id,
            escape(one.policy.title.in_words(lang)),
            one.policy.authority.in_words(lang),
            " ".join(rule.code for rule in one.policy.rules),
            escape(where) or "—",
        )
    out().print(table)


def policy(shown: Policy, lang: str) -> None:
    """Show a policy: what it is, its parameters with their clauses, its rules."""
    console = out()
    console.rule(escape(f"{shown.id}　{shown.title.in_words(lang)}"), align="left")
    since = shown.effective_from.isoformat() if shown.effective_from else "—"
    console.print(
        phrase(
            "screen.policy_head",
            lang,
            document_no=shown.document_no,
            issuer=shown.issuer.in_words(lang),
            authority=shown.authority.in_words(lang),
            since=since,
            version=shown.version,
        )
    )
    console.print(escape(shown.summary.in_words(lang)), soft_wrap=True)
    if shown.parameters:
        console.print(_parameters(shown, lang))
    for rule in shown.rules:
        console.print(f"[bold]{rule.code}[/] {escape(rule.title.in_words(lang))}")
        console.print(f"  {escape(rule.asks.in_words(lang))}", soft_wrap=True)
        for clause in rule.clauses:
            console.print(f"  {escape(clause.article)}：“{escape(clause.quote)}”", soft_wrap=True)
        if rule.note:
            console.print(f"  {escape(rule.note.in_words(lang))}", soft_wrap=True)
        remedies = "、".join(remedy.remedy.in_words(lang) for remedy in rule.remedies)
        console.print("  " + phrase("screen.allows", lang, remedies=remedies))


def _parameters(shown: Policy, lang: str) -> Table:
    table = Table(header_style="bold")
    for key in ("parameter", "meaning", "value", "clause"):
        table.add_column(phrase(f"screen.{key}", lang), overflow="fold")
    for parameter in shown.parameters.values():
        values = []
        for dated in parameter.values:
            text = (
                "，".join(f"{code} {value}" for code, value in dated.by_code.items())
                if dated.by_code
                else phrase("screen.empty_slot", lang)
                if dated.value is None
                else str(dated.value)
            )
            since = "" if dated.since.year == 1 else f"{dated.since.isoformat()} "
            values.append(f"{since}{text}")
        unit = "" if parameter.unit.text == "1" else f"（{parameter.unit.text}）"
        clause = parameter.clause.quote if parameter.clause else parameter.where_to_find or ""
        table.add_row(
            parameter.name,
            escape(parameter.title.in_words(lang) + unit),
            escape("；".join(values)),
            escape(clause),
        )
    return table

"""What is shown of a policy that was checked, and of its cases that were tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from landwatch.language.catalogue import listed
from landwatch.lawbook.cases import Shows
from landwatch.scan.explain import brief, steps
from landwatch.screen.console import out, phrase, print_json
from landwatch.units import rounded

if TYPE_CHECKING:
    from landwatch.commands import CasesTried, PolicyCheck
    from landwatch.errors import LawbookError
    from landwatch.lawbook.coverage import Coverage, RuleCoverage
    from landwatch.scan.trial import Difference, Tried


def policy_checked(done: PolicyCheck, lang: str, *, as_json: bool) -> None:
    """Show what is wrong in a policy's file, else what is weak in it, with the lines."""
    if as_json:
        print_json(_check_rows(done, lang))
        return
    console = out()
    for error in done.errors:
        console.print(f"[bold red]✗[/] {escape(error.in_words(lang))}", soft_wrap=True)
    for weak in done.weaknesses:
        line = phrase("check.line", lang, line=weak.line)
        words = escape(weak.in_words(lang))
        console.print(f"[yellow]![/] {line}　{words}　[dim]{weak.code}[/]", soft_wrap=True)
    if done.refused:
        console.print(phrase("check.refused", lang, file=done.file, count=len(done.errors)))
        return
    assert done.policy is not None  # a policy that was not read is refused
    counts = {
        "rules": len(done.policy.rules),
        "parameters": len(done.policy.parameters),
        "cases": done.cases,
    }
    console.print(phrase("check.read", lang, file=done.file, policy=done.policy.id, **counts))
    if not done.sources:
        console.print(phrase("check.no_source", lang))
    if done.weaknesses:
        console.print(phrase("check.weak", lang, count=len(done.weaknesses)))
    else:
        console.print(phrase("check.clean", lang))


def _check_rows(done: PolicyCheck, lang: str) -> dict[str, Any]:
    return {
        "file": done.file,
        "policy": done.policy.id if done.policy else None,
        "refused": done.refused,
        "errors": [_error_row(error, lang) for error in done.errors],
        "weaknesses": [
            {"code": weak.code, "line": weak.line, "words": weak.in_words(lang)}
            for weak in done.weaknesses
        ],
        "cases": done.cases,
        "sources": done.sources,
    }


def _error_row(error: LawbookError, lang: str) -> dict[str, Any]:
    """Return an error with its place; that of an expression stands in the error inside it."""
    inside = getattr(error.values.get("problem"), "values", error.values)
    return {
        "code": error.code,
        "file": error.values.get("file"),
        "line": inside.get("line"),
        "column": inside.get("column"),
        "words": error.in_words(lang),
    }


def cases_tried(done: CasesTried, lang: str, *, as_json: bool) -> None:
    """Show the cases that failed, each with the step that decided, and what the cases cover."""
    if as_json:
        print_json(_trial_rows(done, lang))
        return
    console = out()
    for tried in done.failed:
        for line in _failure(tried, lang):
            console.print(line, soft_wrap=True)
    console.print(_coverage_table(done.coverage, lang))
    for coverage in done.coverage:
        console.print(_articles(coverage, lang), soft_wrap=True)
    counts = {"cases": len(done.tried), "failed": len(done.failed), "policies": len(done.coverage)}
    key = (
        "trial.nothing" if done.nothing_tried else "trial.failed" if done.failed else "trial.passed"
    )
    console.print(phrase(key, lang, **counts))


def _failure(tried: Tried, lang: str) -> list[str]:
    case = tried.case
    place = {"file": case.file, "line": case.line, "day": case.as_of.isoformat()}
    head = phrase("trial.case", lang, rule=case.rule, case=case.id, **place)
    lines = [f"[bold red]✗[/] {head}"]
    lines += [f"    {_difference(one, lang)}" for one in tried.differences]
    lines.append("    " + phrase("trial.decided", lang, step=steps(tried.taken, lang)[-1]))
    lines.append("    " + escape(brief(tried.taken, lang)))
    return lines


def _difference(one: Difference, lang: str) -> str:
    told = {
        "column": one.column,
        "line": one.line,
        "expected": _plain(one.expected),
        "columns": _plain(one.by_columns),
        "account": _plain(one.by_account),
    }
    if not one.asked:
        return phrase("trial.apart", lang, **told)
    if told["columns"] == told["account"]:
        return phrase("trial.otherwise", lang, **told)
    return phrase("trial.otherwise_apart", lang, **told)


def _plain(value: Any) -> str:
    """Return a value as a case writes it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Fraction():
            text = f"{rounded(value, 6):f}"
            return text.rstrip("0").rstrip(".")
        case tuple():
            return f"[{', '.join(value)}]"
        case _:
            return str(value)


def _coverage_table(covered: Sequence[Coverage], lang: str) -> Table:
    table = Table(header_style="bold", title=phrase("trial.coverage", lang), title_justify="left")
    table.add_column(phrase("screen.rule", lang), no_wrap=True)
    for shows in Shows:
        table.add_column(phrase(f"shows.{shows}", lang), justify="right")
    table.add_column(phrase("trial.lacking", lang), overflow="fold")
    for coverage in covered:
        for one in coverage.rules:
            counts = [str(one.counts[shows] or "·") for shows in Shows]
            table.add_row(one.rule.code, *counts, _lacking(one, lang))
    return table


def _lacking(one: RuleCoverage, lang: str) -> str:
    if one.lacking:
        named = (phrase(f"shows.{shows}", lang) for shows in one.lacking)
        return f"[red]{listed(named, lang)}[/]"
    if one.excused is None:
        return ""
    _, _, name = one.excused.partition(":")
    key = "trial.no_value" if name else "trial.no_breach"
    return "[dim]" + phrase(key, lang, name=name) + "[/]"


def _articles(coverage: Coverage, lang: str) -> str:
    policy = coverage.policy
    if not coverage.speaks:
        counts = {"parameters": len(policy.parameters), "words": len(policy.vocabularies)}
        return phrase("trial.no_rules", lang, policy=policy.id, **counts)
    without = [one.article for one in coverage.articles if not one.rules]
    told = {"policy": policy.id, "count": coverage.with_rule, "of": len(coverage.articles)}
    if not without:
        return phrase("trial.articles", lang, **told)
    return phrase("trial.articles_without", lang, without=listed(without, lang), **told)


def _trial_rows(done: CasesTried, lang: str) -> dict[str, Any]:
    return {
        "cases": len(done.tried),
        "failed": len(done.failed),
        "failures": [_failure_row(tried, lang) for tried in done.failed],
        "coverage": [_coverage_row(coverage) for coverage in done.coverage],
    }


def _failure_row(tried: Tried, lang: str) -> dict[str, Any]:
    case = tried.case
    return {
        "policy": case.policy,
        "rule": case.rule,
        "case": case.id,
        "file": case.file,
        "line": case.line,
        "as_of": case.as_of.isoformat(),
        "differences": [
            {
                "column": one.column,
                "line": one.line,
                "asked": one.asked,
                "expected": _plain(one.expected),
                "by_columns": _plain(one.by_columns),
                "by_account": _plain(one.by_account),
            }
            for one in tried.differences
        ],
        "decided_by": steps(tried.taken, lang)[-1],
        "explanation": brief(tried.taken, lang),
    }


def _coverage_row(coverage: Coverage) -> Mapping[str, Any]:
    return {
        "policy": coverage.policy.id,
        "articles": [
            {
                "article": one.article,
                "rules": list(one.rules),
                "parameters": list(one.parameters),
                "vocabularies": list(one.vocabularies),
            }
            for one in coverage.articles
        ],
        "rules": [
            {
                "rule": one.rule.code,
                "cases": {str(shows): count for shows, count in one.counts.items()},
                "lacking": [str(shows) for shows in one.lacking],
                "excused": one.excused,
            }
            for one in coverage.rules
        ],
        "vocabularies": list(coverage.policy.vocabularies),
    }

"""From a YAML file to a checked policy: every word in its place, every expression typed.

What is wrong is said with file, line and column, and the nearest right word.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TypeVar

from landwatch.errors import ExpressionError, LawbookError, nearest
from landwatch.language.terms import Authority, Remedy, Term
from landwatch.lawbook.expressions.check import DATE, TEXT, TRUTH, Checked, Meaning, Scope, check
from landwatch.lawbook.expressions.functions import Sort
from landwatch.lawbook.expressions.quantity import DAYS, Unit, parse_unit
from landwatch.lawbook.policy import (
    Clause,
    Clock,
    Condition,
    DatedValue,
    Definition,
    Doubt,
    Exemption,
    Parameter,
    Policy,
    RemedyWhen,
    Rule,
    Words,
)
from landwatch.lawbook.source import Part, read_parts
from landwatch.lawbook.vocabulary import scope_of_facts

WARN_DAYS = 90
EVIDENCE_DAYS = 180

_POLICY_KEYS = (
    "id", "title", "document_no", "authority", "issuer", "effective", "source", "summary",
    "adopted_by_init", "parameters", "definitions", "applies", "rules",
)  # fmt: skip
_RULE_KEYS = (
    "code", "title", "asks", "note", "clauses", "applies", "define", "first", "met", "exempt",
    "gaps", "clock", "breach", "unless", "doubts", "days_past", "measured", "threshold", "unit",
    "amount_wan", "remedies", "warn_days", "evidence_days",
)  # fmt: skip
_NAME = re.compile(r"[^\W\d]\w*")
_CODE = re.compile(r"[A-Z][A-Z0-9]*(\.[A-Z0-9_]+)+")
_FIGURE = re.compile(r"\d{1,12}(\.\d{1,9})?|\d{1,6}/[1-9]\d{0,5}")
"""What a document prints: a decimal, or a share such as 1/3; never a power of ten."""
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_T = TypeVar("_T", bound=Term)


def read_policy(text: str, file: str) -> Policy:
    """Return the policy that a YAML text holds.

    Raises:
        LawbookError: what is wrong, where, and what to write instead.
    """
    root = read_parts(text, file)
    top = root.mapping(_POLICY_KEYS)
    parameters = _parameters(top.get("parameters"))
    desk = _Desk(_scope(parameters))
    definitions = desk.definitions(top.get("definitions"))
    conditions = desk.conditions(top.get("applies"))
    effective = root.need("effective")
    effective.mapping(("from", "to"))
    return Policy(
        id=_matching(root.need("id"), _ID, "policy.bad_id"),
        title=_words(root.need("title")),
        document_no=root.need("document_no").text(),
        authority=_term(root.need("authority"), Authority),
        issuer=_words(root.need("issuer")),
        effective_from=_day(effective.get("from")),
        effective_to=_day(effective.get("to")),
        source=root.need("source").text(),
        summary=_words(root.need("summary")),
        parameters=parameters,
        rules=tuple(
            _rule(part, desk, definitions, conditions) for part in root.need("rules").items()
        ),
        version=hashlib.sha256(text.encode()).hexdigest()[:12],
        adopted_by_init=_yes(top.get("adopted_by_init")),
    )


def _scope(parameters: Mapping[str, Parameter]) -> Scope:
    facts = scope_of_facts()
    meanings = dict(facts.meanings)
    for name, parameter in parameters.items():
        meanings[name] = Meaning(Sort.NUMBER, parameter.unit)
    meanings["effective_from"] = DATE
    meanings["evidence_days"] = Meaning(Sort.NUMBER, DAYS)
    return Scope(meanings, facts.aliases)


@dataclass(slots=True)
class _Desk:
    """Checks the expressions of one policy or rule; each definition joins the scope."""

    scope: Scope
    made: list[Definition] = field(default_factory=list)

    def expression(self, part: Part, wants: Meaning | None = None) -> Checked:
        try:
            return check(part.text(), self.scope, wants=wants)
        except ExpressionError as problem:
            line, column = int(str(problem.values["line"])), int(str(problem.values["column"]))
            place = {
                "line": part.line + line - 1,
                "column": column if line > 1 else part.column + column - 1,
            }
            words = ExpressionError(problem.code, **{**problem.values, **place})
            raise LawbookError("policy.expression", file=part.file, problem=words) from None

    def maybe(self, part: Part | None, wants: Meaning | None = None) -> Checked | None:
        return None if part is None else self.expression(part, wants)

    def definitions(self, part: Part | None) -> tuple[Definition, ...]:
        made = []
        for name, body in (part.mapping() if part else {}).items():
            if not _NAME.fullmatch(name):
                raise body.refused("policy.bad_name", name=name)
            if name in self.scope.meanings:
                raise body.refused("policy.name_taken", name=name)
            title = None
            expression = body
            if isinstance(body.content, Mapping):
                body.mapping(("is", "zh", "en", "unit"))
                expression, title = body.need("is"), _words(body, also=("is", "unit"))
            unit = _unit(body.get("unit"))
            checked = self.expression(expression, Meaning(Sort.NUMBER, unit) if unit else None)
            self.scope = Scope({**self.scope.meanings, name: checked.meaning}, self.scope.aliases)
            made.append(Definition(name, title, checked))
        self.made.extend(made)
        return tuple(made)

    def conditions(self, part: Part | None) -> tuple[Condition, ...]:
        found = []
        for entry in part.items() if part else ():
            entry.mapping(("when", "reason", "unknown"))
            found.append(
                Condition(
                    self.expression(entry.need("when"), TRUTH),
                    entry.need("reason").text(),
                    self.maybe(entry.get("unknown"), TEXT),
                )
            )
        return tuple(found)

    def doubts(self, part: Part | None) -> tuple[Doubt, ...]:
        found = []
        for entry in part.items() if part else ():
            entry.mapping(("when", "reason"))
            found.append(
                Doubt(
                    self.expression(entry.need("when"), TRUTH),
                    self.expression(entry.need("reason"), TEXT),
                )
            )
        return tuple(found)


def _rule(
    part: Part,
    shared: _Desk,
    definitions: tuple[Definition, ...],
    conditions: tuple[Condition, ...],
) -> Rule:
    keys = part.mapping(_RULE_KEYS)
    desk = _Desk(shared.scope)
    own = desk.definitions(keys.get("define"))
    own_conditions = desk.conditions(keys.get("applies"))
    clock = part.need("clock")
    clock.mapping(("from", "limit", "missing"))
    since = desk.expression(clock.need("from"), DATE)
    desk.scope = Scope({**desk.scope.meanings, "clock_from": DATE}, desk.scope.aliases)
    limit = desk.expression(clock.need("limit"), DATE)
    desk.scope = Scope({**desk.scope.meanings, "limit_on": DATE}, desk.scope.aliases)
    met = desk.expression(part.need("met"), TRUTH)
    days_past = keys.get("days_past")
    days = (
        desk.expression(days_past, Meaning(Sort.NUMBER, DAYS))
        if days_past
        else check("days_between(limit_on, as_of)", desk.scope)
    )
    desk.scope = Scope(
        {**desk.scope.meanings, "days_past": Meaning(Sort.NUMBER, DAYS)}, desk.scope.aliases
    )
    unit = _unit(keys.get("unit"))
    number = Meaning(Sort.NUMBER, unit) if unit else None
    rule = Rule(
        code=_matching(part.need("code"), _CODE, "policy.bad_code"),
        title=_words(part.need("title")),
        asks=_words(part.need("asks")),
        clauses=tuple(_clause(clause) for clause in part.need("clauses").items()),
        definitions=(*definitions, *own),
        conditions=(*conditions, *own_conditions),
        first=desk.doubts(keys.get("first")),
        met=met,
        exemption=_exemption(keys.get("exempt"), desk),
        gaps=desk.doubts(keys.get("gaps")),
        clock=Clock(since, limit, clock.need("missing").text()),
        breach=desk.expression(part.need("breach"), TRUTH),
        unless=desk.doubts(keys.get("unless")),
        doubts=desk.doubts(part.need("doubts")),
        days_past=days,
        measured=desk.maybe(keys.get("measured"), number),
        threshold=desk.maybe(keys.get("threshold"), number),
        unit=unit,
        amount_wan=desk.maybe(keys.get("amount_wan"), Meaning(Sort.NUMBER, parse_unit("万元"))),
        remedies=tuple(_remedy(entry, desk) for entry in part.need("remedies").items()),
        warn_days=_count(keys.get("warn_days"), WARN_DAYS),
        evidence_days=_count(keys.get("evidence_days"), EVIDENCE_DAYS),
        note=_words(keys["note"]) if "note" in keys else None,
    )
    return replace(rule, definitions=_used(rule))


def _used(rule: Rule) -> tuple[Definition, ...]:
    """Return the definitions that the rule's own expressions reach, in order."""
    from landwatch.lawbook.reading import names_of

    wanted = names_of(rule)
    kept: list[Definition] = []
    for definition in reversed(rule.definitions):
        if definition.name in wanted:
            kept.append(definition)
            wanted |= names_of(definition.is_)
    return tuple(reversed(kept))


def _exemption(part: Part | None, desk: _Desk) -> Exemption | None:
    if part is None:
        return None
    part.mapping(("when", "reason", "until"))
    return Exemption(
        desk.expression(part.need("when"), TRUTH),
        desk.expression(part.need("reason"), TEXT),
        desk.maybe(part.get("until"), DATE),
    )


def _remedy(part: Part, desk: _Desk) -> RemedyWhen:
    if isinstance(part.content, str):
        return RemedyWhen(_term(part, Remedy), None)
    part.mapping(("remedy", "when"))
    return RemedyWhen(_term(part.need("remedy"), Remedy), desk.expression(part.need("when"), TRUTH))


def _parameters(part: Part | None) -> dict[str, Parameter]:
    found = {}
    for name, body in (part.mapping() if part else {}).items():
        body.mapping(("zh", "en", "unit", "values", "clause", "by", "where_to_find"))
        if not _NAME.fullmatch(name):
            raise body.refused("policy.bad_name", name=name)
        by = body.get("by")
        clause, hint = body.get("clause"), body.get("where_to_find")
        values = body.need("values").mapping()
        found[name] = Parameter(
            name=name,
            title=_words(body, also=("unit", "values", "clause", "by", "where_to_find")),
            unit=_needed_unit(body.need("unit")),
            values=tuple(
                sorted(
                    (_dated(since, value, by is not None) for since, value in values.items()),
                    key=lambda value: value.since,
                )
            ),
            clause=_clause(clause) if clause else None,
            by=by.text() if by else None,
            where_to_find=hint.text() if hint else None,
        )
    return found


def _dated(since: str, part: Part, by_code: bool) -> DatedValue:
    """`always` is for documents whose day of effect was not found: they hold from adoption."""
    try:
        day = date.min if since == "always" else date.fromisoformat(since)
    except ValueError:
        raise part.refused("policy.needs_day", value=since) from None
    if part.content is None:
        return DatedValue(day, None)
    if by_code:
        return DatedValue(
            day, None, {code: _number(value) for code, value in part.mapping().items()}
        )
    return DatedValue(day, _number(part))


def _number(part: Part) -> Fraction:
    if not _FIGURE.fullmatch(part.text()):
        raise part.refused("policy.needs_number", value=part.text()[:40])
    return Fraction(part.text())


def _count(part: Part | None, default: int) -> int:
    if part is None:
        return default
    if not part.text().isdecimal() or len(part.text()) > 5:
        raise part.refused("policy.needs_number", value=part.text())
    return int(part.text())


def _day(part: Part | None) -> date | None:
    if part is None or part.content is None:
        return None
    try:
        return date.fromisoformat(part.text())
    except ValueError:
        raise part.refused("policy.needs_day", value=part.text()) from None


def _yes(part: Part | None) -> bool:
    if part is None:
        return False
    if part.text() not in ("yes", "no"):
        raise part.refused("policy.needs_yes_no", value=part.text())
    return part.text() == "yes"


def _unit(part: Part | None) -> Unit | None:
    return None if part is None else _needed_unit(part)


def _needed_unit(part: Part) -> Unit:
    try:
        return parse_unit(part.text())
    except KeyError as unknown:
        raise part.refused("policy.unit", value=unknown.args[0]) from None


def _words(part: Part, also: tuple[str, ...] = ()) -> Words:
    part.mapping(("zh", "en", *also))
    return Words(part.need("zh").text(), part.need("en").text())


def _clause(part: Part) -> Clause:
    part.mapping(("article", "quote", "row"))
    quote = part.need("quote")
    if "…" in quote.text() or "..." in quote.text():
        raise quote.refused("policy.quote_cut")
    return Clause(part.need("article").text(), quote.text(), part.need("row").text())


def _matching(part: Part, pattern: re.Pattern[str], code: str) -> str:
    if not pattern.fullmatch(part.text()):
        raise part.refused(code, value=part.text())
    return part.text()


def _term(part: Part, terms: type[_T]) -> _T:
    try:
        return terms(part.text())
    except ValueError:
        raise part.refused(
            "policy.term",
            value=part.text(),
            near=nearest(part.text(), terms) or "—",
            known=", ".join(terms),
        ) from None

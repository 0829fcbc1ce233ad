"""From a YAML file to a checked policy: every word in its place, every expression typed.

What is wrong is said with file, line and column, and the nearest right word.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from landwatch.errors import ExpressionError, LawbookError
from landwatch.language.terms import Authority, PolicyClass, Remedy
from landwatch.lawbook.expressions.check import DATE, TEXT, TRUTH, Checked, Meaning, Scope, check
from landwatch.lawbook.expressions.functions import Sort
from landwatch.lawbook.expressions.quantity import DAYS, parse_unit
from landwatch.lawbook.keys import (
    CLOCK_KEYS,
    CODE,
    CONDITION_KEYS,
    DEFINITION_KEYS,
    DOUBT_KEYS,
    EFFECTIVE_KEYS,
    EXEMPTION_KEYS,
    ID,
    POLICY_KEYS,
    REMEDY_KEYS,
    RULE_KEYS,
)
from landwatch.lawbook.leaves import (
    clauses_of,
    count_of,
    day_of,
    matching_of,
    parameters_of,
    term_of,
    unit_of,
    vocabularies_of,
    words_of,
    yes_of,
)
from landwatch.lawbook.naming import folded, refuse_unless_free
from landwatch.lawbook.policy import (
    About,
    Clock,
    Condition,
    Definition,
    Doubt,
    Exemption,
    Parameter,
    Policy,
    RemedyWhen,
    Rule,
)
from landwatch.lawbook.source import Part, read_parts
from landwatch.lawbook.vocabulary import scope_of_facts

WARN_DAYS = 90
EVIDENCE_DAYS = 180
MOST_DEFINITIONS = 100
"""Of a rule and its policy together: each is a query within the next."""


def read_policy(text: str, file: str) -> Policy:
    """Return the policy that a YAML text holds.

    Raises:
        LawbookError: what is wrong, where, and what to write instead.
    """
    root = read_parts(text, file)
    top = root.mapping(POLICY_KEYS)
    parameters = parameters_of(top.get("parameters"))
    desk = Desk(scope_for(parameters, About.CONTRACT))
    definitions = desk.definitions(top.get("definitions"))
    conditions = desk.conditions(top.get("applies"))
    effective = root.need("effective")
    effective.mapping(EFFECTIVE_KEYS)
    return Policy(
        id=matching_of(root.need("id"), ID, "policy.bad_id"),
        title=words_of(root.need("title")),
        document_no=root.need("document_no").text(),
        authority=term_of(root.need("authority"), Authority),
        issuer=words_of(root.need("issuer")),
        effective_from=day_of(effective.get("from")),
        effective_to=day_of(effective.get("to")),
        source=root.need("source").text(),
        summary=words_of(root.need("summary")),
        parameters=parameters,
        rules=tuple(
            rule_of(part, Desk(desk.scope), definitions, conditions)
            if about_of(part) is About.CONTRACT
            else rule_of(part, Desk(scope_for(parameters, About.PARK)), (), ())
            for part in rule_parts(root)
        ),
        version=hashlib.sha256(text.encode()).hexdigest()[:12],
        policy_class=term_of(root.need("class"), PolicyClass),
        vocabularies=vocabularies_of(top.get("vocabularies")),
        text=text,
        adopted_by_init=yes_of(top.get("adopted_by_init")),
    )


def scope_for(parameters: Mapping[str, Parameter], about: About) -> Scope:
    """Return the names that expressions may use: facts, parameters, the day of effect."""
    facts = scope_of_facts(about)
    meanings = dict(facts.meanings)
    for name, parameter in parameters.items():
        meanings[name] = Meaning(Sort.NUMBER, parameter.unit)
    meanings["effective_from"] = DATE
    meanings["evidence_days"] = Meaning(Sort.NUMBER, DAYS)
    return Scope(meanings, facts.aliases)


@dataclass(slots=True)
class Desk:
    """Checks the expressions of one policy or rule; each definition joins the scope."""

    scope: Scope
    made: list[Definition] = field(default_factory=list)

    def expression(self, part: Part, wants: Meaning | None = None) -> Checked:
        """Return a checked expression; what is wrong in it is placed in the file."""
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
        """Return a checked expression where one is written."""
        return None if part is None else self.expression(part, wants)

    def definitions(self, part: Part | None) -> tuple[Definition, ...]:
        """Return the definitions in their order; each may use those before it."""
        made = []
        told = part.mapping() if part else {}
        if part and len(self.made) + len(told) > MOST_DEFINITIONS:
            raise part.refused("policy.too_many", limit=MOST_DEFINITIONS, count=len(told))
        for name, body in told.items():
            refuse_unless_free(body, name, {folded(one) for one in self.scope.meanings})
            title = None
            expression = body
            if isinstance(body.content, Mapping):
                body.mapping(DEFINITION_KEYS)
                expression, title = body.need("is"), words_of(body, also=DEFINITION_KEYS)
            unit = unit_of(body.get("unit"))
            checked = self.expression(expression, Meaning(Sort.NUMBER, unit) if unit else None)
            self.scope = Scope({**self.scope.meanings, name: checked.meaning}, self.scope.aliases)
            made.append(Definition(name, title, checked))
        self.made.extend(made)
        return tuple(made)

    def conditions(self, part: Part | None) -> tuple[Condition, ...]:
        """Return the conditions of applying."""
        found = []
        for entry in part.items() if part else ():
            entry.mapping(CONDITION_KEYS)
            found.append(
                Condition(
                    self.expression(entry.need("when"), TRUTH),
                    entry.need("reason").text(),
                    self.maybe(entry.get("unknown"), TEXT),
                )
            )
        return tuple(found)

    def doubts(self, part: Part | None) -> tuple[Doubt, ...]:
        """Return the grounds for `unknown`, in the order they are asked."""
        found = []
        for entry in part.items() if part else ():
            entry.mapping(DOUBT_KEYS)
            found.append(
                Doubt(
                    self.expression(entry.need("when"), TRUTH),
                    self.expression(entry.need("reason"), TEXT),
                )
            )
        return tuple(found)


def rule_parts(root: Part) -> tuple[Part, ...]:
    """Return the rules of a policy's file; no code stands twice."""
    part = root.get("rules")
    parts = part.items() if part else ()
    codes: set[str] = set()
    for one in parts:
        code = one.get("code")
        if code is None or not isinstance(code.content, str):
            continue  # told where the rule itself is read
        if code.content in codes:
            raise code.refused("policy.rule_twice", rule=code.content)
        codes.add(code.content)
    return parts


def about_of(part: Part) -> About:
    """Return what a rule speaks of: contracts, unless it says parks."""
    about = part.get("about")
    return About.CONTRACT if about is None else term_of(about, About)


def rule_of(
    part: Part,
    desk: Desk,
    definitions: tuple[Definition, ...],
    conditions: tuple[Condition, ...],
) -> Rule:
    """Read a rule; what the whole policy defines and asks is about contracts, never about parks."""
    keys = part.mapping(RULE_KEYS)
    own = desk.definitions(keys.get("define"))
    own_conditions = desk.conditions(keys.get("applies"))
    clock = part.need("clock")
    clock.mapping(CLOCK_KEYS)
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
    unit = unit_of(keys.get("unit"))
    number = Meaning(Sort.NUMBER, unit) if unit else None
    rule = Rule(
        code=matching_of(part.need("code"), CODE, "policy.bad_code"),
        title=words_of(part.need("title")),
        asks=words_of(part.need("asks")),
        clauses=clauses_of(part.need("clauses")),
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
        warn_days=count_of(keys.get("warn_days"), WARN_DAYS),
        evidence_days=count_of(keys.get("evidence_days"), EVIDENCE_DAYS),
        note=words_of(keys["note"]) if "note" in keys else None,
        about=about_of(part),
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


def _exemption(part: Part | None, desk: Desk) -> Exemption | None:
    if part is None:
        return None
    part.mapping(EXEMPTION_KEYS)
    return Exemption(
        desk.expression(part.need("when"), TRUTH),
        desk.expression(part.need("reason"), TEXT),
        desk.maybe(part.get("until"), DATE),
    )


def _remedy(part: Part, desk: Desk) -> RemedyWhen:
    if isinstance(part.content, str):
        return RemedyWhen(term_of(part, Remedy), None)
    part.mapping(REMEDY_KEYS)
    return RemedyWhen(
        term_of(part.need("remedy"), Remedy), desk.expression(part.need("when"), TRUTH)
    )

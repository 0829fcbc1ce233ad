"""A finding as a lawyer would check it: clause, facts, calendar, arithmetic, conclusion.

Every line is spelled from the account that decided; there is no second wording of the logic.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from landwatch.language.catalogue import listed, say, says
from landwatch.language.reasons import reason_in_words
from landwatch.language.terms import Remedy, Status
from landwatch.lawbook.expressions.rowwise import evaluate
from landwatch.lawbook.expressions.tree import Call, Logic, Name, Node
from landwatch.lawbook.ladder import Rung, Step
from landwatch.scan.account import Account
from landwatch.scan.arithmetic import arithmetic
from landwatch.scan.figures import spelled_number
from landwatch.scan.healing import cures
from landwatch.scan.quoting import quote_of
from landwatch.scan.spelling import Speller, speller_of
from landwatch.scan.used import used_names

_ABOUT_IDLE_LAND = frozenset({Remedy.CHARGE_IDLE_FEE, Remedy.RECLAIM, Remedy.NEGOTIATE_DISPOSAL})


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the explanation."""

    title: str
    lines: tuple[str, ...]


def brief(taken: Account, lang: str) -> str:
    """Return the finding in one or two sentences: the calendar, what decided, the conclusion."""
    parts = []
    if taken.status is not Status.NOT_APPLICABLE:
        parts.append(_end_of_calendar(taken, lang))
    parts += _decisive(taken, lang)
    parts += [conclusion(taken, lang)[0]]
    return " ".join(part for part in parts if part)


def sections(taken: Account, facts: list[str], lang: str) -> list[Section]:
    """Return the whole check; `facts` are the told facts with file and row, already in words."""
    return [
        Section(say("explain.basis", lang), basis(taken, lang)),
        Section(say("explain.facts", lang), tuple(facts) or (say("explain.no_facts", lang),)),
        Section(say("explain.calendar", lang), tuple(calendar(taken, lang))),
        Section(say("explain.arithmetic", lang), tuple(arithmetic(taken, lang))),
        Section(say("explain.steps", lang), tuple(steps(taken, lang))),
        Section(say("explain.conclusion", lang), tuple(conclusion(taken, lang))),
        *cured(taken, lang),
    ]


def cured(taken: Account, lang: str) -> list[Section]:
    """Return the section of what would cure a breach, or keep a duty that is due soon."""
    found = tuple(cure.in_words(lang) for cure in cures(taken))
    return [Section(say("cure.title", lang), found)] if found else []


def basis(taken: Account, lang: str) -> tuple[str, ...]:
    """Return the clauses that the rule rests on, quoted, with document, force and version."""
    policy = taken.policy
    head = say(
        "explain.policy",
        lang,
        title=policy.title.in_words(lang),
        document_no=policy.document_no,
        authority=policy.authority.in_words(lang),
        version=policy.version,
    )
    clauses = [
        say("explain.clause", lang, article=clause.article, quote=quote, row=clause.row)
        for clause in taken.rule.clauses
        for quote in [quote_of(taken, clause, lang)]
    ]
    note = [taken.rule.note.in_words(lang)] if taken.rule.note else []
    return (head, *clauses, *note)


def calendar(taken: Account, lang: str) -> list[str]:
    """Return the reasoning of the clock: first day, corresponding day, last day (Civil Code)."""
    start, limit = taken.known["clock_from"], taken.known["limit_on"]
    spell = speller_of(taken, lang)
    lines = [spell.spell(_opened(taken.rule.clock.since.tree, spell))]
    if isinstance(start, date):
        lines[0] = say("explain.clock_from", lang, day=start.isoformat(), how=lines[0])
        if isinstance(limit, date):
            lines.append(_period(taken, start, limit, lang))
    return [*lines, _end_of_calendar(taken, lang)]


def _end_of_calendar(taken: Account, lang: str) -> str:
    """Return what the calendar comes to: how far the last day is off, or why there is none."""
    start, limit = taken.known["clock_from"], taken.known["limit_on"]
    if not isinstance(start, date):
        return say("explain.no_clock", lang)
    if not isinstance(limit, date):
        return say("explain.no_limit", lang)
    return _standing(taken, limit, lang)


def _standing(taken: Account, limit: date, lang: str) -> str:
    """Return how far the day of the scan is past the last day, or how many days are left."""
    gap = (taken.as_of - limit).days
    told = {"limit": limit.isoformat(), "next_day": (limit + timedelta(days=1)).isoformat()}
    if gap <= 0:
        as_of = taken.as_of.isoformat()
        return say("explain.left", lang, limit=told["limit"], as_of=as_of, days=-gap)
    days = taken.days_past
    if days is not None and days != gap:  # done late, or seen undone only until then
        until = (limit + timedelta(days=days)).isoformat()
        return say("explain.past_until", lang, until=until, days=days, **told)
    as_of = taken.as_of.isoformat()
    if taken.status is not Status.BREACH:  # the day is over; nobody is said to be late
        return say("explain.over", lang, as_of=as_of, days=gap, limit=told["limit"])
    return say("explain.past", lang, as_of=as_of, days=gap, **told)


def _opened(node: Node, spell: Speller) -> Node:
    """Return a definition's own expression where the node only names it."""
    if isinstance(node, Name):
        defined = spell.definition(node.name)
        if defined is not None:
            return defined.is_.tree
    return node


def _period(taken: Account, start: date, limit: date, lang: str) -> str:
    node = taken.rule.clock.limit.tree
    if not isinstance(node, Call) or node.function not in ("add_years", "add_days", "add_months"):
        how = speller_of(taken, lang).spell(_opened(node, speller_of(taken, lang)))
        return say("explain.that_day", lang, how=how)
    count = evaluate(node.arguments[1], taken.known)
    number = spelled_number(count) if isinstance(count, Fraction) else "?"
    if node.function == "add_days":
        return say("explain.days_period", lang, days=number, limit=limit.isoformat())
    no_day = limit.day != start.day
    key = "explain.month_end" if no_day else "explain.same_day"
    unit = say(f"explain.unit.{node.function}", lang)
    return say(
        key,
        lang,
        first=(start + timedelta(days=1)).isoformat(),
        count=number,
        unit=unit,
        limit=limit.isoformat(),
    )


def steps(taken: Account, lang: str) -> list[str]:
    """Return each question that was asked, with its answer, up to the one that decided."""
    spell = speller_of(taken, lang)
    lines = []
    for number, (rung, value) in enumerate(_telling(taken), start=1):
        answer = "explain.unknown" if value is None else "explain.holds" if value else "explain.not"
        lines.append(
            say(
                "explain.step",
                lang,
                number=number,
                what=say(f"explain.step.{rung.step}", lang),
                how=spell.spell(rung.when.tree),
                answer=say(answer, lang),
            )
        )
    return lines or [reason_in_words(taken.reason, lang)]


def _telling(taken: Account) -> list[tuple[Rung, object]]:
    """Return the asked rungs, without the clock's own and without a condition asked twice."""
    seen: set[int] = set()
    telling: list[tuple[Rung, object]] = []
    for rung, value in taken.rungs:
        last = rung is taken.deciding
        if rung.step in (Step.NO_CLOCK, Step.EARLY) or id(rung.when) in seen:
            continue
        if rung.step in (Step.DOUBT, Step.GAP, Step.FIRST, Step.UNLESS) and not last:
            continue
        seen.add(id(rung.when))
        telling.append((rung, value))
    return telling


def _decisive(taken: Account, lang: str) -> list[str]:
    rung = taken.deciding
    if rung is None or rung.step in (Step.NO_CLOCK, Step.EARLY, Step.UNDECIDED):
        return []
    if rung.step in (Step.DOUBT, Step.GAP, Step.FIRST):
        return []
    spell = speller_of(taken, lang)
    if taken.measured is not None and taken.threshold is not None and rung.step is Step.BREACH:
        return arithmetic(taken, lang)[-1:]
    return [say("explain.because", lang, how=spell.spell(_shortened(rung.when.tree, taken)))]


def _shortened(node: Node, taken: Account) -> Node:
    """Return the part of an `or` that made it true: the rest did not decide."""
    if isinstance(node, Logic) and node.op == "or":
        for part in node.parts:
            if evaluate(part, taken.known) is True:
                return _shortened(part, taken)
    return node


def conclusion(taken: Account, lang: str) -> list[str]:
    """Return the outcome in words, its reason, what the clause lets the bureau do, the caveat."""
    status = taken.status
    lines = [
        say(
            f"explain.concluded.{status}",
            lang,
            rule=taken.rule.title.in_words(lang),
            reason=_why(taken, lang),
        )
    ]
    if status is Status.BREACH:
        lines += _consequences(taken, lang)
    if taken.to_verify:
        lines.append(say("explain.to_verify", lang))
    otherwise = taken.known.get("start_contradicted_on")
    if isinstance(otherwise, date) and "not_started_seen_on" in used_names(taken):
        lines.append(say("explain.contradiction", lang, day=otherwise.isoformat()))
    return lines


def _why(taken: Account, lang: str) -> str:
    """Return the reason in words; an empty slot is called what its policy calls it."""
    names = {one.name: one.title.in_words(lang) for one in taken.policy.parameters.values()}
    return reason_in_words(taken.reason, lang, names) if taken.reason else ""


def _consequences(taken: Account, lang: str) -> list[str]:
    lines = []
    spell = speller_of(taken, lang)
    if taken.days_past is not None:
        lines.append(say("explain.days_past", lang, days=taken.days_past))
    if taken.remedies:
        joined = listed((Remedy(remedy).in_words(lang) for remedy in taken.remedies), lang)
        lines.append(say("explain.remedies", lang, remedies=joined))
    if taken.rule.amount_wan is not None:
        how = spell.spell(taken.rule.amount_wan.tree)
        if taken.amount_wan is None:
            lines.append(say("explain.no_amount", lang, how=how))
        else:
            amount = spelled_number(taken.amount_wan)
            lines.append(say("explain.amount", lang, how=how, amount=amount))
    if taken.known.get("delay_active") is True or taken.known.get("delay_ended") is True:
        lines.append(say("explain.delayed", lang))
    force = f"explain.force.{taken.policy.authority}"
    lines += [say(force, lang)] if says(force) else []
    idle = _ABOUT_IDLE_LAND.intersection(taken.remedies)
    lines.append(say("explain.advice_idle" if idle else "explain.advice", lang))
    return lines

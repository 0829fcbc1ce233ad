"""What is weak in a policy that can be read: each weakness a code, a line and words in zh and en.

A weakness is no error: the policy can be adopted and scanned. It is what a colleague would ask
about before a finding goes out: no case, no quote, a number that nothing uses, days with no value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from landwatch.language.reasons import reason_in_words
from landwatch.lawbook.coverage import coverage_of
from landwatch.lawbook.dating import weak_days, weak_slots
from landwatch.lawbook.expressions.tree import Constant, Node
from landwatch.lawbook.policy import Policy, Rule, Serves
from landwatch.lawbook.reading import names_of
from landwatch.lawbook.source import Part
from landwatch.lawbook.weakness import Review, Weakness

SHORTEST_QUOTE = 8
"""Characters, without spaces: fewer mean nothing alone."""
Found: TypeAlias = Iterator[Weakness]


def review(look: Review) -> list[Weakness]:
    """Return everything that is weak in a policy, in the order of its lines."""
    ways = (
        _without_cases, _dead, weak_days, weak_slots, _unquoted, _quotes, _consequences, _texts,
        _reasons, _already_there,
    )  # fmt: skip
    return sorted((one for way in ways for one in way(look)), key=lambda one: (one.line, one.code))


def _without_cases(look: Review) -> Found:
    """A rule that nobody has worked a case for, or not on every side of its limit."""
    lines = {rule.code: part.line for rule, part in look.rules()}
    for one in coverage_of(look.policy, look.cases.cases if look.cases else ()).rules:
        line = lines[one.rule.code]
        if not any(one.counts.values()):
            yield Weakness("rule_without_case", line, {"rule": one.rule.code})
        elif one.lacking:
            told = {"rule": one.rule.code, "kinds": one.lacking}
            yield Weakness("rule_lacks_cases", line, told)


def _dead(look: Review) -> Found:
    """A parameter or definition that no rule reaches."""
    used = {name for rule in look.policy.rules for name in _names(rule)}
    for parameter in look.policy.parameters.values():
        if parameter.name not in used and parameter.serves is Serves.RULES:
            line = look.part("parameters", parameter.name).line
            yield Weakness("dead_parameter", line, {"name": parameter.name})
    for name, part in _defined(look.root, "definitions"):
        if name not in used:
            yield Weakness("dead_definition", part.line, {"name": name})
    for rule, body in look.rules():
        reached = {definition.name for definition in rule.definitions}
        for name, part in _defined(body, "define"):
            if name not in reached:
                yield Weakness("dead_definition", part.line, {"name": name})


def _names(rule: Rule) -> set[str]:
    return names_of(rule).union(*(names_of(definition.is_) for definition in rule.definitions))


def _defined(part: Part, key: str) -> Iterable[tuple[str, Part]]:
    section = part.get(key)
    return section.mapping().items() if section else ()


def _unquoted(look: Review) -> Found:
    """A number that no sentence of the document is given for."""
    for parameter in look.policy.parameters.values():
        numbers = [one.value for one in parameter.values]
        numbers += [value for one in parameter.values for value in (one.by_code or {}).values()]
        if parameter.clause is None and any(number is not None for number in numbers):
            line = look.part("parameters", parameter.name).line
            yield Weakness("parameter_without_quote", line, {"name": parameter.name})


def _quotes(look: Review) -> Found:
    """A quote too short to mean anything, or that stands in none of the sources."""
    sources = [bare(source) for source in look.sources]
    for part in _parts(look.root):
        quote = part.get("quote")
        if quote is None:
            continue
        words = bare(quote.text())
        if len(words) < SHORTEST_QUOTE:
            yield Weakness("quote_short", quote.line, {"quote": quote.text()})
        elif sources and not any(words in source for source in sources):
            yield Weakness("quote_not_found", quote.line, {"quote": quote.text()})


def bare(text: str) -> str:
    """Return a text as quotes are compared: NFKC, without spaces.

    >>> bare("满 １２ 个月 （含）")
    '满12个月(含)'
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _consequences(look: Review) -> Found:
    """A rule that allows nothing and does not say why."""
    for rule, part in look.rules():
        if not rule.remedies and rule.note is None:
            yield Weakness("rule_without_remedy", part.line, {"rule": rule.code})


def _texts(look: Review) -> Found:
    """A text that is blank, or the same in both languages."""
    for part in _parts(look.root):
        zh, en = part.get("zh"), part.get("en")
        if zh is None or en is None:
            continue
        texts = [str(one.content or "").strip() for one in (zh, en)]
        if not all(texts):
            yield Weakness("text_missing", part.line, {"text": texts[0] or texts[1]})
        elif texts[0] == texts[1]:
            yield Weakness("text_same", part.line, {"text": texts[0][:60]})
    for vocabulary in look.policy.vocabularies.values():
        words = look.part("vocabularies", vocabulary.name, "words").items()
        for word, part in zip(vocabulary.words, words, strict=True):
            if not (word.en or "").strip():
                yield Weakness("text_missing", part.line, {"text": word.word})


def _reasons(look: Review) -> Found:
    """A reason that the reader would see as a bare code."""
    for rule, part in look.rules():
        reasons = [condition.reason for condition in rule.conditions]
        doubts = (*rule.first, *rule.gaps, *rule.unless, *rule.doubts)
        reasons += [reason for doubt in doubts for reason in _quoted(doubt.reason.tree)]
        for reason in dict.fromkeys(reasons):
            if reason_in_words(reason, "zh") == reason:
                told = {"rule": rule.code, "reason": reason}
                yield Weakness("reason_without_words", part.line, told)


def _quoted(tree: Node) -> tuple[str, ...]:
    """Return the reason where it is written out; one that is worked out is not judged here."""
    if isinstance(tree, Constant) and isinstance(tree.value, str):
        return (tree.value,)
    return ()


def _already_there(look: Review) -> Found:
    """An id or a code that another policy already carries."""
    if look.policy.id in look.shelf:
        yield Weakness("id_on_shelf", look.part("id").line, {"policy": look.policy.id})
    carried = {
        rule.code: other.id
        for other in look.shelf.values()
        if other.id != look.policy.id
        for rule in other.rules
    }
    for rule, part in look.rules():
        if rule.code in carried:
            told = {"rule": rule.code, "policy": carried[rule.code]}
            yield Weakness("code_on_shelf", part.line, told)


def _parts(part: Part) -> Iterator[Part]:
    """Return a part and every part below it."""
    yield part
    below: Iterable[Part] = ()
    if isinstance(part.content, tuple):
        below = part.content
    elif not isinstance(part.content, str) and part.content is not None:
        below = part.content.values()
    for one in below:
        yield from _parts(one)


def others_of(policy: Policy, shelf: Iterable[Policy]) -> dict[str, Policy]:
    """Return the policies of a shelf, without the very text that is looked at."""
    return {other.id: other for other in shelf if other.version != policy.version}

"""The reference's first part: every policy with its numbers, its words and its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from landwatch.language.catalogue import say
from landwatch.language.markdown import cell, code, table
from landwatch.lawbook.policy import Clause, DatedValue, Parameter, Policy, Serves, Vocabulary
from landwatch.lawbook.reference.rules import rule_section
from landwatch.lawbook.wording import figure


def overview(policies: Mapping[str, Policy], lang: str) -> str:
    """Return the table of all policies, each with its rules."""
    keys = ("policy", "title", "class", "force", "effective", "rules")
    return table(
        [say(f"reference.head.{key}", lang) for key in keys],
        (
            (
                f"[{code(policy.id)}](#{policy.id})",
                cell(policy.title.in_words(lang)),
                policy.policy_class.in_words(lang),
                policy.authority.in_words(lang),
                in_force(policy, lang),
                " ".join(f"[{rule.code}](#{rule.code})" for rule in policy.rules) or "—",
            )
            for policy in policies.values()
        ),
    )


def policy_section(policy: Policy, lang: str) -> str:
    """Return one policy: its head, parameters, vocabularies and rules."""
    return "\n\n".join(_parts(policy, lang))


def _parts(policy: Policy, lang: str) -> Iterator[str]:
    yield f'### <a id="{policy.id}"></a>{code(policy.id)} {cell(policy.title.in_words(lang))}'
    yield say(
        "reference.policy_head",
        lang,
        document_no=cell(policy.document_no),
        issuer=cell(policy.issuer.in_words(lang)),
        class_name=policy.policy_class.in_words(lang),
        authority=policy.authority.in_words(lang),
        since=in_force(policy, lang),
        source=cell(policy.source),
    )
    yield cell(policy.summary.in_words(lang))
    if policy.parameters:
        yield _parameters(policy, lang)
    for vocabulary in policy.vocabularies.values():
        yield _vocabulary(vocabulary, lang)
    if not policy.rules:
        yield say("reference.no_rules", lang)
    for rule in policy.rules:
        yield rule_section(rule, lang)


def in_force(policy: Policy, lang: str) -> str:
    """Return the days on which a policy is in force, in words."""
    since = say("reference.from_adoption", lang)
    if policy.effective_from:
        since = say("reference.since", lang, day=policy.effective_from.isoformat())
    if policy.effective_to is None:
        return since
    return say("reference.until", lang, since=since, day=policy.effective_to.isoformat())


def _parameters(policy: Policy, lang: str) -> str:
    keys = ("parameter", "meaning", "value", "basis")
    return table(
        [say(f"reference.head.{key}", lang) for key in keys],
        (
            (
                code(parameter.name),
                _meaning(parameter, lang),
                "<br>".join(_dated(value, lang) for value in parameter.values),
                cited(parameter.clause, lang)
                if parameter.clause
                else cell(parameter.where_to_find or "—"),
            )
            for parameter in policy.parameters.values()
        ),
    )


def _meaning(parameter: Parameter, lang: str) -> str:
    words = [cell(parameter.title.in_words(lang))]
    if parameter.unit.text != "1":
        words.append(parameter.unit.text)
    if parameter.serves is not Serves.RULES:
        words.append(say(f"reference.serves.{parameter.serves}", lang))
    if parameter.force is not None:
        words.append(say(f"reference.force.{parameter.force}", lang))
    return "；".join(words) if lang == "zh" else "; ".join(words)


def _dated(dated: DatedValue, lang: str) -> str:
    since = (
        say("reference.from_adoption", lang)
        if dated.since == date.min
        else say("reference.since", lang, day=dated.since.isoformat())
    )
    if dated.by_code is None:
        return f"{since} {_value(dated.value, lang)}"
    listed = "，".join(f"{code(key)} {_value(value, lang)}" for key, value in dated.by_code.items())
    return f"{since} {listed}"


def _value(value: Fraction | None, lang: str) -> str:
    return say("reference.empty", lang) if value is None else figure(value)


def cited(clause: Clause, lang: str) -> str:
    """Return a clause: the quote, its article and its row."""
    return say(
        "reference.clause",
        lang,
        quote=cell(clause.quote),
        article=cell(clause.article),
        row=cell(clause.row),
    )


def _vocabulary(vocabulary: Vocabulary, lang: str) -> str:
    keys = ("word", "means", "note")
    words = table(
        [say(f"reference.head.{key}", lang) for key in keys],
        (
            (
                cell(word.word if lang == "zh" or not word.en else f"{word.word} ({word.en})"),
                code(word.means) if word.means else "—",
                cell(word.note.in_words(lang)) if word.note else "",
            )
            for word in vocabulary.words
        ),
    )
    heading = f"**{cell(vocabulary.title.in_words(lang))}** {code(vocabulary.name)}"
    clause = [cited(vocabulary.clause, lang)] if vocabulary.clause else []
    return "\n\n".join([heading, *clause, words])

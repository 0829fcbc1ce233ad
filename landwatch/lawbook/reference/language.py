"""The made parts of the language page: what the language does, shown by what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files

from landwatch.language.catalogue import say
from landwatch.language.markdown import cell, code, fenced, table
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.expressions.check import TRUTH as YES_NO
from landwatch.lawbook.expressions.check import Scope, check
from landwatch.lawbook.expressions.functions import FUNCTIONS, Function, Sort
from landwatch.lawbook.expressions.rowwise import Value, evaluate
from landwatch.lawbook.ladder import ladder
from landwatch.lawbook.policy import Policy
from landwatch.lawbook.reference.examples import (
    Example,
    Explained,
    functions,
    operators,
    refusals,
)
from landwatch.lawbook.reference.grammar import GRAMMAR, TOKENS, ebnf
from landwatch.lawbook.reference.lists import units
from landwatch.lawbook.wording import figure

TRUTHS: Mapping[str, bool | None] = {"yes": True, "no": False, "unknown": None}
_LOGIC = Scope({"a": YES_NO, "b": YES_NO}, {})


@cache
def skeleton_text() -> str:
    """Return the policy that uses every key, as its file reads."""
    return files("landwatch.lawbook.reference").joinpath("skeleton.yaml").read_text("utf-8")


@cache
def skeleton() -> Policy:
    """Return the policy that uses every key, checked."""
    return read_policy(skeleton_text(), "skeleton.yaml")


def sorts(lang: str) -> str:
    """Return the sorts of value."""
    heads = [say(f"reference.head.{key}", lang) for key in ("sort", "meaning")]
    return table(
        heads,
        (
            (
                sort.in_words(lang),
                say(f"reference.sort_words.{sort.name.lower()}", lang),
            )
            for sort in Sort
        ),
    )


def logic(lang: str) -> str:
    """Return the truth tables of and, or, not and if, as the language itself decides them."""
    pairs = table(
        ("a", "b", "`a and b`", "`a or b`"),
        (
            (
                _truth(first, lang),
                _truth(second, lang),
                *(
                    _truth(_decided(text, a=first, b=second), lang)
                    for text in ("a and b", "a or b")
                ),
            )
            for first in TRUTHS.values()
            for second in TRUTHS.values()
        ),
    )
    singles = table(
        ("a", "`not a`", "`told(a)`", "`1 if a else 2`"),
        (
            (
                _truth(first, lang),
                *(_spelled(_decided(text, a=first), lang) for text in _OF_ONE),
            )
            for first in TRUTHS.values()
        ),
    )
    return f"{pairs}\n\n{singles}"


_OF_ONE = ("not a", "told(a)", "1 if a else 2")


def _decided(text: str, **told: bool | None) -> Value:
    return evaluate(check(text, _LOGIC).tree, told)


def _truth(value: Value, lang: str) -> str:
    name = next(name for name, truth in TRUTHS.items() if truth is value)
    return say(f"reference.truth.{name}", lang)


def _spelled(value: Value, lang: str, unit: str = "") -> str:
    """Return a result as the page shows it."""
    match value:
        case None | bool():
            return _truth(value, lang)
        case Fraction():
            return f"{figure(value)} {'' if unit == '1' else unit}".strip()
        case date():
            return value.isoformat()
        case _:
            return code(str(value))


def steps(lang: str) -> str:
    """Return the order of deciding, read off the ladder of a rule that has every step."""
    heads = [say(f"reference.head.{key}", lang) for key in ("step", "test", "status")]
    seen: dict[tuple[str, ...], None] = {}
    for rung in ladder(skeleton().rules[0]):
        line = (
            say(f"reference.step.{rung.step}", lang, when=code(rung.when.text)),
            say(f"reference.test.{rung.test}", lang),
            f"{rung.status.in_words(lang)} {code(rung.status)}",
        )
        seen.setdefault(line)
    numbered = ((f"{place}. {what}", test, out) for place, (what, test, out) in enumerate(seen, 1))
    return table(heads, numbered)


def calls(lang: str) -> str:
    """Return every function with what it is for and its examples."""
    return _explained(functions(), lambda one: _signature(one.name, FUNCTIONS[one.name]), lang)


def signs(lang: str) -> str:
    """Return what the signs do, by example."""
    return _explained(operators(), lambda one: "", lang)


def _signature(name: str, function: Function) -> str:
    return f"{code(name)} {code(function.zh)}"


def _explained(every: Iterable[Explained], head: Callable[[Explained], str], lang: str) -> str:
    keys = ("function", "meaning", "example", "result")
    rows = []
    for one in every:
        named = head(one)
        rows.append(
            (
                *([named] if named else []),
                cell(one.title.in_words(lang)),
                "<br>".join(_shown(example, lang) for example in one.examples),
                "<br>".join(_came_to(example, lang) for example in one.examples),
            )
        )
    chosen = keys if len(rows[0]) == len(keys) else keys[1:]
    return table([say(f"reference.head.{key}", lang) for key in chosen], rows)


def _shown(example: Example, lang: str) -> str:
    told = "，".join(f"{name} = {_given(example, name, lang)}" for name in example.given) or say(
        "reference.truth.nothing_told", lang
    )
    return f"{code(example.write)}（{told}）" if lang == "zh" else f"{code(example.write)} ({told})"


def _given(example: Example, name: str, lang: str) -> str:
    value = example.facts[name]
    if isinstance(value, tuple):
        return "、".join(f"{paid.on.isoformat()} {figure(paid.amount_wan)}" for paid in value)
    return str(value) if isinstance(value, str) else _spelled(value, lang)


def _came_to(example: Example, lang: str) -> str:
    meaning = example.checked.meaning
    value = evaluate(example.checked.tree, example.facts)
    return _spelled(value, lang, meaning.unit.text if meaning.unit else "")


def refused(lang: str) -> str:
    """Return what is refused, each with the very words that landwatch answers."""
    heads = [say(f"reference.head.{key}", lang) for key in ("tried", "written", "answer")]
    return table(
        heads,
        (
            (
                one.title.in_words(lang),
                code(one.piece.replace("\n", " ⏎ ")) + (f" × {one.times}" if one.times > 1 else ""),
                cell(one.says(lang)),
            )
            for one in refusals()
        ),
    )


def grammar(lang: str) -> str:
    """Return the grammar as text, with what a name, a number and a quoted word are."""
    named = [f"{name} = /{pattern}/" for name, (_, pattern) in TOKENS.items()]
    lines = [ebnf(syntax) + (f"    # {syntax.zh}" if lang == "zh" else "") for syntax in GRAMMAR]
    return fenced("\n".join([*lines, *named]))


def every_key(_lang: str) -> str:
    """Return the policy that uses every key."""
    return fenced(skeleton_text(), "yaml")


BLOCKS: Mapping[str, Callable[[str], str]] = {
    "sorts": sorts,
    "units": units,
    "logic": logic,
    "steps": steps,
    "functions": calls,
    "signs": signs,
    "refused": refused,
    "grammar": grammar,
    "every-key": every_key,
}
"""The parts of a page that are made, by the name that marks their place."""

"""The made pages: equal to what the program is, and every example in them does what it says."""

from __future__ import annotations

import re
import time
from datetime import date
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pytest

from landwatch import errors
from landwatch.cli import options
from landwatch.language.columns import Kind, columns_of
from landwatch.language.reasons import reason_kinds
from landwatch.lawbook import keys, leaves, source
from landwatch.lawbook.expressions import tree
from landwatch.lawbook.expressions.check import Meaning
from landwatch.lawbook.expressions.columnwise import Ratio, SqlPrinter
from landwatch.lawbook.expressions.functions import BY_ZH, FUNCTIONS, Sort
from landwatch.lawbook.expressions.rowwise import Value, evaluate
from landwatch.lawbook.expressions.tree import Call, Node, children, parse
from landwatch.lawbook.ladder import Step, ladder
from landwatch.lawbook.reference.__main__ import write
from landwatch.lawbook.reference.examples import (
    Example,
    Refused,
    functions,
    operators,
    refusals,
)
from landwatch.lawbook.reference.language import BLOCKS, skeleton, skeleton_text
from landwatch.lawbook.reference.lists import EXIT_CODES
from landwatch.lawbook.reference.pages import pages, renewed
from landwatch.lawbook.shelf import shelf
from landwatch.lawbook.source import read_parts
from landwatch.lawbook.vocabulary import places_of_facts, scope_of_facts
from landwatch.scan.dossier import open_engine

DOCS = Path(__file__).resolve().parents[2] / "docs"
EXAMPLES = [example for one in (*functions(), *operators()) for example in one.examples]
LANGS = ("zh", "en")


def kept(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


# --- the pages -----------------------------------------------------------------------------------


def test_the_kept_pages_are_those_that_the_program_makes() -> None:
    stale = [name for name, text in pages(shelf(), kept) if kept(name) != text]
    assert stale == [], "run: make docs"


def test_the_pages_are_written_where_they_are_kept(tmp_path: Path) -> None:
    for name in ("rule-language.md", "rule-language.en.md"):
        (tmp_path / name).write_text("before\n<!-- made: sorts -->\n<!-- end -->\nafter\n", "utf-8")
    write(tmp_path)
    page = (tmp_path / "rule-language.en.md").read_text("utf-8")
    assert page.startswith("before\n<!-- made: sorts -->\n|") and page.endswith("-->\nafter\n")
    assert len(list(tmp_path.iterdir())) == 6


@pytest.mark.parametrize("lang", LANGS)
def test_every_made_part_stands_once_on_the_language_page(lang: str) -> None:
    page = kept("rule-language.md" if lang == "zh" else "rule-language.en.md")
    assert sorted(re.findall(r"<!-- made: ([\w-]+) -->", page)) == sorted(BLOCKS)
    assert renewed(page, lang) == page


@pytest.mark.parametrize("ending", ["", ".en"])
def test_the_reference_names_every_policy_rule_fact_function_and_code(ending: str) -> None:
    page, language = kept(f"reference{ending}.md"), kept(f"rule-language{ending}.md")
    named = {policy.id for policy in shelf().values()}
    named |= {rule.code for policy in shelf().values() for rule in policy.rules}
    named |= {name for policy in shelf().values() for name in policy.parameters}
    named |= set(columns_of(Kind.CONTRACTS)) | set(scope_of_facts().meanings)
    assert [name for name in sorted(named) if f"`{name}`" not in page] == []
    assert [name for name in FUNCTIONS if f"`{name}` `{FUNCTIONS[name].zh}`" not in language] == []
    assert [kind for kind in reason_kinds() if f"`{kind}" not in page] == []


def test_every_quote_of_the_shelf_stands_on_the_page_word_for_word() -> None:
    page = kept("reference.md")
    quotes = {
        clause.quote
        for policy in shelf().values()
        for rule in policy.rules
        for clause in rule.clauses
    }
    assert [quote for quote in sorted(quotes) if " ".join(quote.split()) not in page] == []


def test_a_text_with_signs_of_markdown_does_not_break_a_table() -> None:
    for name in ("reference.md", "reference.en.md"):
        widths = [
            len(re.findall(r"(?<!\\)\|", line))
            for line in kept(name).splitlines()
            if line.startswith("|")
        ]
        blocks = re.split(r"\n(?!\|)", kept(name))
        for block in blocks:
            rows = [line for line in block.splitlines() if line.startswith("|")]
            assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) <= 1, rows[:2]
        assert widths


def test_the_exit_codes_are_those_of_the_program() -> None:
    told = {getattr(options, name) for name in dir(options) if name.startswith("EXIT_")}
    raised = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.LandwatchError)
    }
    assert set(EXIT_CODES) == {0} | told | raised


@pytest.mark.parametrize("ending", ["", ".en"])
def test_the_bounds_that_the_page_tells_are_those_of_the_reader(ending: str) -> None:
    page = kept(f"rule-language{ending}.md")
    for bound in (tree.MAX_LENGTH, tree.MAX_DEPTH, tree.MAX_DIGITS, source.MAX_DEPTH):
        assert re.search(rf"(?<!\d){bound}(?!\d)", page)
    assert f"{source.MAX_BYTES:,}" in page


# --- the examples --------------------------------------------------------------------------------


def test_every_function_is_explained_once_and_shown() -> None:
    assert [one.name for one in functions()] == list(FUNCTIONS)
    for one in functions():
        assert one.examples
        assert all(one.name in called(parse(example.write)) for example in one.examples)


def called(node: Node) -> set[str]:
    inner = set().union(*map(called, children(node)))
    return inner | ({BY_ZH.get(node.function, node.function)} if isinstance(node, Call) else set())


def test_every_function_that_takes_a_fact_is_shown_with_an_unknown_one() -> None:
    """Unknown in, unknown out; but `told` always knows, and what is not paid adds nothing."""
    knows = {"told", "total"}
    for one in functions():
        function = FUNCTIONS[one.name]
        if len(function.constant) == len(function.arguments):
            continue
        blank = [example for example in one.examples if None in example.facts.values()]
        blank += [example for example in one.examples if () in example.facts.values()]
        assert blank, one.name
        if one.name not in knows:
            assert any(example.result is None for example in blank), one.name


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.write)
def test_an_example_comes_to_what_it_says(example: Example) -> None:
    value = evaluate(example.checked.tree, example.facts)
    assert (type(value), value) == (type(example.result), example.result)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.write)
def test_an_example_comes_to_the_same_in_columns(example: Example) -> None:
    assert by_columns(example) == example.result


def by_columns(example: Example) -> object:
    """Return what the engine of a million contracts makes of an example."""
    printer = SqlPrinter({}, places_of_facts(), {})
    printed = printer.printed(example.checked.tree)
    with open_engine() as engine:
        engine.register("told", table_of(example))
        if not isinstance(printed, Ratio):
            return engine.execute(f"SELECT {printed} FROM told").fetchall()[0][0]
        query = f"SELECT {printed.numerator}, {printed.denominator} FROM told"
        top, bottom = engine.execute(query).fetchall()[0]
    if top is None or bottom is None:
        return None
    return printed.coefficient * Fraction(str(top)) / Fraction(str(bottom))


def table_of(example: Example) -> pa.Table:
    names = example.facts
    columns = {}
    for name, value in names.items():
        meaning = scope_of_facts().meanings.get(name, Meaning(Sort.DATE))
        columns[name] = pa.array([cell(value)], type=type_of(meaning, places_of_facts().get(name)))
    return pa.table(columns or {"nothing": pa.array([None])})


def type_of(meaning: Meaning, places: int | None) -> pa.DataType:
    match meaning.sort:
        case Sort.NUMBER:
            return pa.decimal128(24, places or 6)
        case Sort.DATE:
            return pa.date32()
        case Sort.TRUTH:
            return pa.bool_()
        case Sort.PAYMENTS:
            paid = [("on", pa.date32()), ("amount_wan", pa.decimal128(18, 6))]
            return pa.list_(pa.struct(paid))
        case _:
            return pa.string()


def cell(value: Value) -> object:
    if isinstance(value, Fraction):
        return pa.scalar(str(float(value))).cast(pa.decimal128(24, 6)).as_py().normalize()
    if isinstance(value, tuple):
        return [{"on": paid.on, "amount_wan": cell(paid.amount_wan)} for paid in value]
    return value


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("refused", refusals(), ids=lambda refused: refused.title.en)
def test_what_the_page_calls_refused_is_refused_at_once_and_in_words(refused: Refused) -> None:
    refused.says("en")  # what is loaded once is not the refusal's own time
    began = time.thread_time()
    answers = [refused.says(lang) for lang in LANGS]
    assert time.thread_time() - began < 1, "milliseconds of its own, however busy the machine is"
    assert answers[0] != answers[1]
    assert all("{" not in answer.replace(refused.piece, "") for answer in answers)


def test_an_example_that_is_not_refused_would_be_seen() -> None:
    fine = Refused("told(price_wan)", 1, refusals()[0].title, whole_file=False)
    with pytest.raises(AssertionError, match="is not refused"):
        fine.says("zh")


# --- the policy with every key -------------------------------------------------------------------


def test_the_policy_with_every_key_has_every_key() -> None:
    root = read_parts(skeleton_text(), "skeleton.yaml")
    assert set(root.mapping()) == set(keys.POLICY_KEYS)
    assert set(root.need("rules").items()[0].mapping()) == set(keys.RULE_KEYS)
    bodies = root.need("parameters").mapping().values()
    assert {key for body in bodies for key in body.mapping()} == set(leaves.PARAMETER_KEYS)
    stages = root.need("vocabularies").need("stages")
    assert set(stages.mapping()) == set(leaves.VOCABULARY_KEYS)
    assert set(stages.need("words").items()[0].mapping()) == set(leaves.WORD_KEYS)


def test_the_order_of_deciding_is_shown_on_a_rule_that_has_every_step() -> None:
    steps = [rung.step for rung in ladder(skeleton().rules[0])]
    assert set(steps) == set(Step)
    assert steps == sorted(steps, key=list(Step).index)
    assert skeleton().effective_from == date(2026, 1, 1)

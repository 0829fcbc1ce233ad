"""The rule language: what it refuses and where, its units, its logic, its two printers as one."""

from __future__ import annotations

import re
import time
from datetime import date
from fractions import Fraction
from functools import cache

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landwatch.errors import ExpressionError, LawbookError
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.expressions.check import Meaning, check, number
from landwatch.lawbook.expressions.columnwise import Ratio, SqlPrinter
from landwatch.lawbook.expressions.functions import Sort
from landwatch.lawbook.expressions.rowwise import Facts, Value, evaluate
from landwatch.lawbook.expressions.tree import parse
from landwatch.scan.dossier import open_engine
from tests.lawbook.trees import DATES, NUMBERS, PLACES, SCOPE, TRUTHS, expressions, facts
from tests.scan.worked import CASES

BLANK: Facts = dict.fromkeys([*NUMBERS, *DATES, *TRUTHS, "measure", "measure_seen_on", "stage"]) | {
    "deposits": ()
}


def value_of(text: str, **told: Value) -> Value:
    return evaluate(check(text, SCOPE).tree, {**BLANK, **told})


# --- what is refused, and where ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "column", "says"),
    [
        ("wann > 5", "expression.unknown_name_near", 1, "wan"),
        ("started and 面职 > mu", "expression.unknown_name_near", 13, "面积"),
        ("zzzzzz", "expression.unknown_name", 1, "zzzzzz"),
        ("wan > mu", "expression.units", 7, "亩"),
        ("wan + mu", "expression.units", 7, "亩"),
        ("wan > 5", "expression.units", 7, "万元"),
        ("1 < share < 2", "expression.chained", 1, "and"),
        ("__import__('os')", "expression.function", 1, "__import__"),
        ("wan.real", "expression.not_allowed", 1, "attribute"),
        ("started.__class__.__mro__", "expression.not_allowed", 1, "attribute"),
        ("told.__globals__(wan)", "expression.not_allowed", 1, "call"),
        ("lambda: 1", "expression.not_allowed", 1, "lambda"),
        ("[wan for wan in deposits]", "expression.not_allowed", 1, "loop"),
        ("{wan: 1}", "expression.not_allowed", 1, "curly"),
        ("(wan := 1)", "expression.not_allowed", 2, "assignment"),
        ("wan ** 2", "expression.not_allowed", 1, "operator"),
        ("wan % 2", "expression.not_allowed", 1, "operator"),
        ("f'{wan}'", "expression.not_allowed", 1, "formatted"),
        ("deposits[0]", "expression.not_allowed", 1, "subscript"),
        ("told(wan, x=1)", "expression.not_allowed", 1, "call"),
        ("wan > b'5'", "expression.constant", 7, "5"),
        ("share > 1e309", "expression.constant", 9, "inf"),
        ("share > 0x10", "expression.constant", 9, "16"),
        ("share > 1j", "expression.constant", 9, "1j"),
        ("share > 1234567890123456789", "expression.constant", 9, "18"),
        ("started is None", "expression.use_told", 1, "told"),
        ("stage in deposits", "expression.membership", 1, "in"),
        ('stage == "planed"', "expression.code_near", 10, "planned"),
        ('stage in ("planned", "halt")', "expression.code_near", 22, "halted"),
        ("stage < 'planned'", "expression.no_order", 1, "<"),
        ("signed_on + 365", "expression.date_sum", 1, "add_years"),
        ("signed_on > 2020", "expression.compared", 1, "date"),
        ("started and wan", "expression.wanted", 13, "yes/no"),
        ("ad_years(signed_on, 1)", "expression.function_near", 1, "add_years"),
        ("add_years(signed_on)", "expression.arguments", 1, "2"),
        ("add_years(signed_on, mu)", "expression.units", 22, "年"),
        ("seen_on(wan)", "expression.progress", 9, "seen_on"),
        ("missing(wan)", "expression.quoted", 9, "quoted"),
        ("wan >", "expression.syntax", 6, "wan >"),
        ("import os", "expression.syntax", 1, "import"),
        ("", "expression.syntax", 1, ""),
    ],
)
def test_what_the_language_does_not_know_is_refused_where_it_stands(
    text: str, code: str, column: int, says: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        check(text, SCOPE)
    error = caught.value
    assert (error.code, error.values["line"]) == (code, 1)
    assert error.values["column"] == column
    for lang in ("zh", "en"):
        assert "{" not in error.in_words(lang).replace("{wan", "")
        assert "—" not in error.in_words(lang)
    assert says in error.in_words("en") or says == "and"
    assert not re.search(r"\b(number|date|text|yes/no|payments)\b", error.in_words("zh"))


def test_the_line_is_counted_where_an_expression_has_several() -> None:
    with pytest.raises(ExpressionError) as caught:
        check("(started\n and urgedd)", SCOPE)
    assert (caught.value.values["line"], caught.value.values["column"]) == (2, 6)


def test_a_place_that_wants_a_date_takes_no_number() -> None:
    with pytest.raises(ExpressionError) as caught:
        check("wan", SCOPE, wants=Meaning(Sort.DATE))
    assert caught.value.code == "expression.wanted"


ENORMOUS = {
    "long": "started and " * 200_000 + "started",
    "brackets": "(" * 900 + "started" + ")" * 900,
    "nots": "not " * 400 + "started",
    "minuses": "-" * 1_900 + "1",
    "sums": "+".join(["1"] * 900),
    "calls": "told(" * 300 + "wan" + ")" * 300,
    "choices": "1 if started else " * 100 + "2",
    "digits": "9" * 1_999,
    "null byte": "started\0and urged",
    "surrogate": "started and \ud800",
}


@pytest.mark.parametrize("text", ENORMOUS.values(), ids=list(ENORMOUS))
def test_an_enormous_or_broken_text_is_refused_at_once(text: str) -> None:
    began = time.thread_time()
    with pytest.raises(ExpressionError):
        check(text, SCOPE)
    assert time.thread_time() - began < 1, "milliseconds of its own, however busy the machine is"


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        check(text, SCOPE)
    except ExpressionError as refused:
        assert refused.in_words("zh")


# --- names, signs, units --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("金额 ＞ 0", "wan > 0"),
        ("已动工 and 面积 ≥ 面积", "started and mu >= mu"),
        ("加年（签订日，2）", "add_years(signed_on, 2)"),
        ("较早（签订日，supplied_on）≤ signed_on", "earlier(signed_on, supplied_on) <= signed_on"),
        ("stage ！= “halted”", 'stage != "halted"'),
        ("（wan ＋ wan_too）／ 面积 ≠ wan ／ mu", "(wan + wan_too) / mu != wan / mu"),
        ("首个已知（金额，wan_too）＊ 2 － 金额 ＜ 0", "first_told(wan, wan_too) * 2 - wan < 0"),
    ],
)
@given(told=facts())
def test_chinese_names_and_full_width_signs_mean_the_same(
    chinese: str, english: str, told: Facts
) -> None:
    assert evaluate(check(chinese, SCOPE).tree, told) == evaluate(check(english, SCOPE).tree, told)


def test_an_intensity_in_hectares_is_compared_with_one_in_mu() -> None:
    in_both = "wan / mu == wan_too / hectares"
    assert value_of(in_both, wan=Fraction(250), mu=Fraction(1), wan_too=Fraction(3750),
                    hectares=Fraction(1)) is True  # fmt: skip
    assert value_of("wan / mu > wan_too / hectares", wan=Fraction(250), mu=Fraction(1),
                    wan_too=Fraction("3749.999999"), hectares=Fraction(1)) is True  # fmt: skip


def test_a_number_is_given_in_the_unit_that_its_place_wants() -> None:
    checked = check("wan / hectares", SCOPE, wants=number("万元/亩"))
    told = {**BLANK, "wan": Fraction(3750), "hectares": Fraction(1)}
    assert evaluate(checked.tree, told) == 250
    assert check("hectares", SCOPE, wants=number("m2")).meaning == number("m2")


def test_the_sum_of_two_areas_is_in_the_unit_of_the_first() -> None:
    assert value_of("mu + hectares", mu=Fraction(5), hectares=Fraction(2)) == 35
    assert value_of("hectares - mu", mu=Fraction(15), hectares=Fraction(2)) == 1


def test_a_number_is_as_it_is_written_and_not_as_a_float_has_it() -> None:
    assert value_of("share == 0.1 + 0.2", share=Fraction("0.3")) is True
    assert value_of("0.333333 < 1 / 3") is True


# --- three-valued logic ---------------------------------------------------------------------------

LOGIC: dict[tuple[bool | None, bool | None], tuple[bool | None, bool | None]] = {
    (True, True): (True, True),
    (True, False): (False, True),
    (True, None): (None, True),
    (False, True): (False, True),
    (False, False): (False, False),
    (False, None): (False, None),
    (None, True): (None, True),
    (None, False): (False, None),
    (None, None): (None, None),
}


@pytest.mark.parametrize("pair", LOGIC)
def test_and_and_or_are_kleenes_in_both_printers(pair: tuple[bool | None, bool | None]) -> None:
    told = {**BLANK, "started": pair[0], "urged": pair[1]}
    for text, expected in zip(("started and urged", "started or urged"), LOGIC[pair], strict=True):
        assert evaluate(check(text, SCOPE).tree, told) is expected
        assert by_columns(text, [told]) == [expected]


def test_not_of_unknown_is_unknown_and_told_always_knows() -> None:
    assert [value_of("not started", started=it) for it in (True, False, None)] == [
        False,
        True,
        None,
    ]
    assert [value_of("told(started)", started=it) for it in (False, None)] == [True, False]
    assert value_of("1 if started else 2") is None


def test_a_comparison_with_a_blank_is_unknown() -> None:
    for op in ("==", "!=", "<", "<=", ">", ">="):
        assert value_of(f"wan {op} wan_too", wan=Fraction(1)) is None
    assert value_of('stage in ("planned",)') is None
    assert value_of("wan / mu", wan=Fraction(1), mu=Fraction(0)) is None


def test_a_year_later_is_the_corresponding_day_or_the_months_last() -> None:
    assert value_of("add_years(signed_on, 1)", signed_on=date(2020, 2, 29)) == date(2021, 2, 28)
    assert value_of("add_months(signed_on, 6)", signed_on=date(2020, 8, 31)) == date(2021, 2, 28)
    assert value_of("加日(signed_on, 7)", signed_on=date(2020, 2, 25)) == date(2020, 3, 3)


# --- one tree, two printers -----------------------------------------------------------------------


@cache
def engine() -> duckdb.DuckDBPyConnection:
    return open_engine()


def table_of(rows: list[Facts]) -> pa.Table:
    decimal = pa.decimal128(18, PLACES)
    columns: dict[str, pa.DataType] = dict.fromkeys([*NUMBERS, "measure"], decimal)
    columns |= dict.fromkeys([*DATES, "measure_seen_on"], pa.date32())
    columns |= dict.fromkeys(TRUTHS, pa.bool_()) | {"stage": pa.string()}
    columns["deposits"] = pa.list_(pa.struct([("on", pa.date32()), ("amount_wan", decimal)]))
    cells = {name: [_cell(row[name], kind) for row in rows] for name, kind in columns.items()}
    return pa.table(cells, schema=pa.schema(list(columns.items())))


def _cell(value: Value, kind: pa.DataType) -> object:
    if isinstance(value, Fraction):
        return pa.scalar(f"{float(value):.{PLACES}f}").cast(kind).as_py()
    if isinstance(value, tuple):
        amount = pa.decimal128(18, PLACES)
        return [{"on": paid.on, "amount_wan": _cell(paid.amount_wan, amount)} for paid in value]
    return value


def by_columns(text: str, rows: list[Facts]) -> list[object]:
    """Return what DuckDB makes of an expression for each row; a number as top and bottom."""
    checked = check(text, SCOPE)
    printed = SqlPrinter({}, dict.fromkeys([*NUMBERS, "measure"], PLACES), {}).printed(checked.tree)
    told = table_of(rows)
    engine().register("told", told)
    try:
        if isinstance(printed, Ratio):
            query = f"SELECT {printed.numerator}, {printed.denominator} FROM told"
            return [_exact(printed, *pair) for pair in engine().execute(query).fetchall()]
        return [value for (value,) in engine().execute(f"SELECT {printed} FROM told").fetchall()]
    finally:
        engine().unregister("told")


def _exact(ratio: Ratio, top: object, bottom: object) -> Fraction | None:
    if top is None or bottom is None:
        return None
    return ratio.coefficient * Fraction(str(top)) / Fraction(str(bottom))


@settings(max_examples=400)
@given(expressions(3), st.lists(facts(), min_size=1, max_size=4))
def test_a_million_contracts_are_decided_as_one_is(text: str, rows: list[Facts]) -> None:
    tree = check(text, SCOPE).tree
    assert by_columns(text, rows) == [evaluate(tree, told) for told in rows]


ZEROS = ("0", "(share * 0)", "(0 * share)", "(share - share)", "(0 - share)", "(0 - 2)")


@pytest.mark.parametrize("divisor", ZEROS)
def test_a_divisor_that_is_not_positive_leaves_the_number_unknown(divisor: str) -> None:
    text = f"wan / {divisor} == wan"
    told = {**BLANK, "wan": Fraction(5), "share": Fraction(2)}
    assert evaluate(check(text, SCOPE).tree, told) is None
    assert by_columns(text, [told]) == [None]


def test_reading_runs_nothing() -> None:
    """A tree is data of our own: no code object, nothing that could be called."""
    tree = parse("told(wan) and not started")
    assert type(tree).__module__ == "landwatch.lawbook.expressions.tree"


@pytest.mark.parametrize("figure", ["1e999999", "-5", "1/0", "0x10", "Infinity", "1_000"])
def test_a_parameter_is_a_figure_as_a_document_prints_it(figure: str) -> None:
    text = (CASES.parent / "documents" / "urumqi-hitech-bond.yaml").read_text("utf-8")
    with pytest.raises(LawbookError) as refused:
        read_policy(
            text.replace("values: {always: 5}", f"values: {{always: {figure}}}"), "own.yaml"
        )
    assert refused.value.code == "policy.needs_number"

"""Printing a checked expression as DuckDB SQL: the same meaning for a million contracts.

A number is printed as a fraction of two decimals with an exact coefficient, and comparisons are
cross-multiplied, so that the engine never divides and never rounds where a limit decides. A divisor
that is not positive is NULL, as `rowwise` has it. NULL is unknown; SQL's own and/or are Kleene's.

Columns are widened to 38 digits before anything is multiplied: DuckDB keeps the product of two
18-digit decimals in 18 digits and stops the whole query when one row overflows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import lcm

from landwatch.lawbook.expressions.rowwise import Value
from landwatch.lawbook.expressions.tree import (
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Constant,
    Conversion,
    Logic,
    Membership,
    Name,
    Negation,
    Node,
)

ONE = "1"
WIDTH = 38
_YEARS = 10_000
"""More than lie between any two days of the calendar."""
UNKNOWN_NUMBER = "CAST(NULL AS DECIMAL(38, 6))"


@dataclass(frozen=True, slots=True)
class Ratio:
    """coefficient × numerator ÷ denominator; both printed, the denominator positive or NULL.

    `above` and `below` are the decimals that the engine keeps of the two; None where it rounds.
    """

    coefficient: Fraction
    numerator: str
    denominator: str = ONE
    above: int | None = 0
    below: int | None = 0

    def scaled(self, factor: Fraction) -> Ratio:
        """Return the number times an exact factor."""
        return replace(self, coefficient=self.coefficient * factor)

    def as_double(self) -> str:
        """Return the SQL of the rounded number, for showing and never for deciding."""
        top, bottom = self.coefficient.numerator, self.coefficient.denominator
        number = f"CAST({self.numerator} AS DOUBLE)"
        if top != 1:
            number = f"{number} * {top}"
        for divisor in (self.denominator, str(bottom)):
            if divisor != ONE:
                number = f"{number} / CAST({divisor} AS DOUBLE)"
        return f"({number})"


UNKNOWN = Ratio(Fraction(1), UNKNOWN_NUMBER, above=6)


def literal(value: Value) -> str:
    """Return a constant as SQL text."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case date():
            return f"DATE '{value.isoformat()}'"
        case _:
            raise TypeError(f"no literal for {value!r}: numbers are printed as ratios")


def quoted(name: str) -> str:
    """Return a column's name as SQL text."""
    return '"' + name.replace('"', '""') + '"'


@dataclass(frozen=True, slots=True)
class SqlPrinter:
    """Prints checked trees; `constants` are the parameters of the policy and the day of the scan.

    `numbers` gives the decimals of the columns that hold numbers, `ratios` the numbers that earlier
    columns hold as a numerator and a denominator. Where `only_shown`, nothing is decided by the
    expression: it is worked out in double precision, which a sum of many quotients needs (their
    common denominator has more than 38 digits).
    """

    constants: Mapping[str, Value]
    numbers: Mapping[str, int]
    ratios: Mapping[str, Ratio]
    only_shown: bool = False

    def plain(self, node: Node) -> str:
        """Return the SQL of a date, a truth value or a text."""
        printed = self.printed(node)
        return printed if isinstance(printed, str) else printed.as_double()

    def ratio(self, node: Node) -> Ratio:
        """Return the number that a node comes to."""
        printed = self.printed(node)
        assert isinstance(printed, Ratio)  # held by `check`
        return printed

    def printed(self, node: Node) -> str | Ratio:
        """Return the SQL of any node: a ratio for a number, text for the rest."""
        match node:
            case Name(name=name):
                return self._named(name)
            case Constant(value=value):
                return Ratio(value, ONE) if isinstance(value, Fraction) else literal(value)
            case Arithmetic():
                return self._counted(node)
            case Conversion(part=part, factor=factor):
                return self.ratio(part).scaled(factor)
            case Comparison():
                return self._compared(node)
            case Membership(member=member, choices=choices, negated=negated):
                listed = ", ".join(self.plain(choice) for choice in choices)
                return f"({self.plain(member)} {'NOT IN' if negated else 'IN'} ({listed}))"
            case Logic(op=op, parts=parts):
                return "(" + f" {op.upper()} ".join(self.plain(part) for part in parts) + ")"
            case Negation(part=part):
                return f"(NOT {self.plain(part)})"
            case Choice():
                return self._chosen(node)
            case Call():
                return self._called(node)

    def _named(self, name: str) -> str | Ratio:
        if name in self.ratios:
            return self.ratios[name]
        if name not in self.constants:
            return self._number(name) if name in self.numbers else quoted(name)
        value = self.constants[name]
        if isinstance(value, Fraction):
            return Ratio(value, ONE)
        if value is None and name in self.numbers:
            return UNKNOWN
        return literal(value)

    def _number(self, name: str) -> Ratio:
        places = self.numbers[name]
        return Ratio(Fraction(1), wide(quoted(name), places), above=places)

    def _counted(self, node: Arithmetic) -> Ratio:
        left, right = self.ratio(node.left), self.ratio(node.right)
        if self.only_shown:
            return _in_doubles(node.op, left, right)
        match node.op:
            case "*":
                return Ratio(
                    left.coefficient * right.coefficient,
                    product(left.numerator, right.numerator),
                    product(left.denominator, right.denominator),
                    _added(left.above, right.above),
                    _added(left.below, right.below),
                )
            case "/":
                return _quotient(left, right)
            case _:
                return _sum(left, right if node.op == "+" else right.scaled(Fraction(-1)))

    def _compared(self, node: Comparison) -> str:
        left, right = self.printed(node.left), self.printed(node.right)
        op = {"==": "=", "!=": "<>"}.get(node.op, node.op)
        if isinstance(left, Ratio) and isinstance(right, Ratio):
            left, right = _level(left, right)
        return f"({left} {op} {right})"

    def _chosen(self, node: Choice) -> str | Ratio:
        condition = self.plain(node.condition)
        then, otherwise = self.printed(node.then), self.printed(node.otherwise)
        if isinstance(then, Ratio) and isinstance(otherwise, Ratio):
            return _cases([(condition, then), (f"NOT {condition}", otherwise)])
        return f"(CASE WHEN {condition} THEN {then} WHEN NOT {condition} THEN {otherwise} END)"

    def _called(self, node: Call) -> str | Ratio:
        values = [self.printed(argument) for argument in node.arguments]
        if node.function == "first_told" and isinstance(values[0], Ratio):
            ratios = [value for value in values if isinstance(value, Ratio)]
            return _cases([(_is_told(ratio), ratio) for ratio in ratios])
        if node.function == "only_if" and isinstance(values[1], Ratio):
            return _cases([(str(values[0]), values[1])])
        if node.function == "first_reaching" and isinstance(values[1], Ratio):
            return self._first_reaching(str(values[0]), values[1])
        if node.function == "seen_on":
            argument = node.arguments[0]
            assert isinstance(argument, Name)  # held by `check`
            return quoted(f"{argument.name}_seen_on")
        if node.function == "told":
            value = values[0]
            return _is_told(value) if isinstance(value, Ratio) else f"({value} IS NOT NULL)"
        return _call(node.function, values)

    def _first_reaching(self, payments: str, wanted: Ratio) -> str:
        paid, needed = _level(Ratio(Fraction(1), wide("p.amount_wan", 6), above=6), wanted)
        reaching = f"list_filter({payments}, lambda p: {paid} >= {needed})"
        return f'list_min(list_transform({reaching}, lambda p: p."on"))'


def wide(sql: str, places: int) -> str:
    """Return a number's SQL with room to be multiplied."""
    return f"CAST({sql} AS DECIMAL({WIDTH}, {places}))"


def product(left: str, right: str) -> str:
    """Return the SQL of a product, without ones."""
    if left == ONE or right == ONE:
        return right if left == ONE else left
    return f"({left} * {right})"


def _times(number: int, sql: str) -> str:
    return str(number) if sql == ONE else product(str(number), sql)


def _quotient(left: Ratio, right: Ratio) -> Ratio:
    """Divide; a divisor that is not positive makes the whole NULL."""
    if right.numerator == ONE and right.denominator == ONE:
        if right.coefficient <= 0:
            return UNKNOWN
        return left.scaled(1 / right.coefficient)
    if right.coefficient == 0:
        return UNKNOWN
    sign = "<" if right.coefficient < 0 else ">"
    divisor = f"(CASE WHEN {right.numerator} {sign} 0 THEN {right.numerator} END)"
    coefficient = left.coefficient / right.coefficient
    if sign == "<":  # two negatives: keep the printed denominator positive
        divisor, coefficient = f"(-{divisor})", -coefficient
    return Ratio(
        coefficient,
        product(left.numerator, right.denominator),
        product(left.denominator, divisor),
        _added(left.above, right.below),
        _added(left.below, right.above),
    )


def _in_doubles(op: str, left: Ratio, right: Ratio) -> Ratio:
    """Return a number that is only shown; a divisor that is not positive makes it NULL too."""
    first, second = left.as_double(), right.as_double()
    if op == "/":
        second = f"(CASE WHEN {second} > 0 THEN {second} END)"
    return Ratio(Fraction(1), f"({first} {op} {second})", above=None)


def _sum(left: Ratio, right: Ratio) -> Ratio:
    common = lcm(left.coefficient.denominator, right.coefficient.denominator)
    first, second = int(left.coefficient * common), int(right.coefficient * common)
    if left.denominator == right.denominator:
        top = f"({_times(first, left.numerator)} + {_times(second, right.numerator)})"
        above = _finer(left.above, right.above)
        return Ratio(Fraction(1, common), top, left.denominator, above, left.below)
    top = (
        f"({_times(first, product(left.numerator, right.denominator))}"
        f" + {_times(second, product(right.numerator, left.denominator))})"
    )
    return Ratio(
        Fraction(1, common),
        top,
        product(left.denominator, right.denominator),
        _finer(_added(left.above, right.below), _added(right.above, left.below)),
        _added(left.below, right.below),
    )


def _added(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first + second


def _finer(*places: int | None) -> int | None:
    known = [one for one in places if one is not None]
    return max(known) if len(known) == len(places) else None


def _kept(sql: str, own: int | None, of_all: int | None) -> str:
    """Return a branch with the decimals of the finest one.

    DuckDB gives a CASE the most digits before the point that any branch has, and cuts the decimals.
    """
    return sql if of_all is None or own == of_all else wide(sql, of_all)


def _level(left: Ratio, right: Ratio) -> tuple[str, str]:
    """Return two whole expressions that compare as the two ratios do."""
    common = lcm(left.coefficient.denominator, right.coefficient.denominator)
    first, second = int(left.coefficient * common), int(right.coefficient * common)
    if left.denominator == right.denominator == ONE:
        return _times(first, left.numerator), _times(second, right.numerator)
    return (
        _times(first, product(left.numerator, right.denominator)),
        _times(second, product(right.numerator, left.denominator)),
    )


def _is_told(ratio: Ratio) -> str:
    known = [f"{sql} IS NOT NULL" for sql in (ratio.numerator, ratio.denominator) if sql != ONE]
    return "(" + (" AND ".join(known) or "TRUE") + ")"


def _cases(branches: list[tuple[str, Ratio]]) -> Ratio:
    """Return one ratio that is the first branch whose condition holds."""
    common = lcm(*(ratio.coefficient.denominator for _, ratio in branches))
    above = _finer(*(ratio.above for _, ratio in branches))
    below = _finer(*(ratio.below for _, ratio in branches))
    times = [_times(int(ratio.coefficient * common), ratio.numerator) for _, ratio in branches]
    tops = " ".join(
        f"WHEN {condition} THEN {_kept(top, ratio.above, above)}"
        for (condition, ratio), top in zip(branches, times, strict=True)
    )
    bottom = ONE
    if any(ratio.denominator != ONE for _, ratio in branches):
        bottoms = " ".join(
            f"WHEN {condition} THEN {_kept(ratio.denominator, ratio.below, below)}"
            for condition, ratio in branches
        )
        bottom = f"(CASE {bottoms} END)"
    return Ratio(Fraction(1, common), f"(CASE {tops} END)", bottom, above, below)


def _whole(value: str | Ratio, most: int) -> str:
    """Return a count (of years, days) as an integer; NULL beyond what the calendar holds."""
    assert isinstance(value, Ratio)  # held by `check`
    if value.numerator == value.denominator == ONE:
        count = int(value.coefficient)
        return str(count) if abs(count) < most else "CAST(NULL AS INTEGER)"
    return _within(f"TRY_CAST(trunc({value.as_double()}) AS INTEGER)", str(-most), str(most))


def _within(sql: str, below: str, above: str) -> str:
    """Return the SQL of a value that is NULL from `below` down and from `above` up.

    `least` and `greatest` pass over NULL: an unknown value meets the bound, and is NULL again.
    """
    return f"nullif(greatest(nullif(least({sql}, {above}), {above}), {below}), {below})"


def _calendar(sql: str) -> str:
    """Return the SQL of a day, NULL where no calendar of ours (0001 to 9999) has it."""
    return _within(f"CAST({sql} AS DATE)", "DATE '0001-01-01' - 1", "DATE '10000-01-01'")


def _call(function: str, values: list[str | Ratio]) -> str | Ratio:
    """Return the SQL of a function whose arguments need no special care."""
    first = values[0]
    match function:
        case "add_years":
            return _calendar(f"{first} + to_months(12 * {_whole(values[1], _YEARS)})")
        case "add_months":
            return _calendar(f"{first} + to_months({_whole(values[1], 12 * _YEARS)})")
        case "add_days":
            return _calendar(f"{first} + {_whole(values[1], 366 * _YEARS)}")
        case "year_start":
            return f"make_date(year({first}), 1, 1)"
        case "year_end":
            return f"make_date(year({first}), 12, 31)"
        case "month_end":
            return f"last_day({first})"
        case "days_between":
            return Ratio(Fraction(1), f"({values[1]} - {first})")
        case "earlier" | "later":
            known = " AND ".join(f"{value} IS NOT NULL" for value in values)
            least = "least" if function == "earlier" else "greatest"
            listed = ", ".join(str(value) for value in values)
            return f"(CASE WHEN {known} THEN {least}({listed}) END)"
        case "latest_told":
            return f"greatest({', '.join(str(value) for value in values)})"
        case "only_if":
            return f"(CASE WHEN {first} THEN {values[1]} END)"
        case "first_told":
            return f"coalesce({', '.join(str(value) for value in values)})"
        case "largest":
            amounts = f"list_transform({first}, lambda p: p.amount_wan)"
            return Ratio(Fraction(1), wide(f"list_max({amounts})", 6), above=6)
        case "total":
            amounts = f"list_transform({first}, lambda p: p.amount_wan)"
            summed = wide(f"coalesce(list_sum({amounts}), 0)", 6)
            return Ratio(Fraction(1), summed, above=6)
        case "missing" | "no_value" | "cause":
            return f"('{function}:' || {first})"
        case "stale":
            return f"('stale:observed_on=' || CAST({first} AS VARCHAR))"
        case _:
            raise AssertionError(f"{function} stands in functions.py and is not printed here")

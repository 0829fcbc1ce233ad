"""Deciding a rule for every contract at once: one checked tree, printed as one SQL query.

Definitions become columns (a number becomes a numerator and a denominator, so that nothing is
divided), then the ladder of the rule becomes one CASE whose branches are its rungs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from math import lcm

from landwatch.language.terms import Status
from landwatch.lawbook.expressions.check import Checked
from landwatch.lawbook.expressions.columnwise import (
    ONE,
    UNKNOWN_NUMBER,
    Ratio,
    SqlPrinter,
    literal,
    quoted,
    wide,
)
from landwatch.lawbook.expressions.functions import Sort
from landwatch.lawbook.expressions.rowwise import Value
from landwatch.lawbook.ladder import Rung, Test, ladder
from landwatch.lawbook.policy import About, DatedValue, Parameter, Policy, Rule
from landwatch.lawbook.reading import deciding_names, names_of
from landwatch.lawbook.vocabulary import places_of_facts, verifiable
from landwatch.scan.adoption import Adoption
from landwatch.scan.merge import listed
from landwatch.scan.turning import columns_for_later
from landwatch.scan.unread import reason_sql

PLACES = 6
"""Decimals that a finding shows; no decision is taken on a rounded number."""
SUBJECTS = ("contract_id", "zone_id", "parcel_id")
FIRST_DAY = '"clock/first_day"'
"""The column of the day from which a clock runs, where a parameter's value hangs on it."""


def constants_of(policy: Policy, rule: Rule, as_of: date) -> dict[str, Value]:
    """Return the values of the names that are the same for all contracts on a day."""
    constants: dict[str, Value] = {
        "as_of": as_of,
        "effective_from": policy.effective_from,
        "evidence_days": Fraction(rule.evidence_days),
        "warn_days": Fraction(rule.warn_days),
    }
    for parameter in policy.parameters.values():
        if parameter.by is None:
            dated = parameter.on(as_of)
            constants[parameter.name] = dated.value if dated else None
    return constants


def outcomes_sql(
    policy: Policy,
    rule: Rule,
    adoption: Adoption,
    as_of: date,
    *,
    subjects: Sequence[str] = SUBJECTS,
    for_later: bool = False,
) -> str:
    """Return the SQL of the outcome of every contract (or park), a row each, in their order.

    `subjects` are the columns that each row begins with: what it speaks of; `for_later` has it end
    with what tells when the outcome can turn by itself (see `scan.turning`).
    """
    query = query_of(policy, rule, as_of)
    beside = ["", *columns_for_later(rule, query.printer, as_of)] if for_later else []
    return _decided(query, rule, adoption, subjects=subjects, beside=",\n  ".join(beside))


def query_of(policy: Policy, rule: Rule, as_of: date) -> Query:
    """Return the query of every number and day that a rule names, a column each."""
    query = Query(
        constants=constants_of(policy, rule, as_of),
        numbers=places_of_facts() | dict.fromkeys(policy.parameters, PLACES),
        ratios={},
        source="parks" if rule.about is About.PARK else "dossiers",
    )
    used = names_of(rule).union(*(names_of(definition.is_) for definition in rule.definitions))
    parameters = [one for one in policy.parameters.values() if one.name in used]
    if any(len(one.begun_by(as_of)) > 1 for one in parameters):
        query.source = _with_first_day(query, parameters, rule, as_of)
    for parameter in parameters:
        if parameter.by is not None or len(parameter.begun_by(as_of)) > 1:
            query.add_parameter(parameter, parameter.begun_by(as_of))
    deciding = deciding_names(rule)
    for definition in rule.definitions:
        query.add(definition.name, definition.is_, only_shown=definition.name not in deciding)
    query.add("clock_from", rule.clock.since)
    query.add("limit_on", rule.clock.limit)
    query.add("days_past", rule.days_past)
    for name, checked in _measures(rule).items():
        query.add(name, checked, only_shown=True)
    return query


def _with_first_day(query: Query, parameters: Iterable[Parameter], rule: Rule, as_of: date) -> str:
    """Return the source with the first day of each clock: it picks among a parameter's values.

    What the day itself is worked out with are the values of the day of the scan.
    """
    first = Query(query.constants, query.numbers, {}, query.source)
    wanted = names_of(rule.clock.since)
    needed = []
    for definition in reversed(rule.definitions):
        if definition.name in wanted:
            needed.append(definition)
            wanted |= names_of(definition.is_)
    for parameter in parameters:
        if parameter.by is not None and parameter.name in wanted:
            first.add_parameter(parameter, parameter.begun_by(as_of)[-1:])
    for definition in reversed(needed):
        first.add(definition.name, definition.is_)
    made = ", ".join(quoted(name) for name in first.made)
    first.select(f"{first.printer.plain(rule.clock.since.tree)} AS {FIRST_DAY}")
    left_out = f" EXCLUDE ({made})" if made else ""
    return f"(SELECT *{left_out} FROM {first.source})"


def _measures(rule: Rule) -> dict[str, Checked]:
    named = {
        "found_measured": rule.measured,
        "found_threshold": rule.threshold,
        "found_amount_wan": rule.amount_wan,
    }
    return {name: checked for name, checked in named.items() if checked is not None}


@dataclass(slots=True)
class Query:
    """A query that grows by one column at a time, each able to use those before it."""

    constants: Mapping[str, Value]
    numbers: Mapping[str, int]
    ratios: dict[str, Ratio]
    source: str
    made: list[str] = field(default_factory=list)

    @property
    def printer(self) -> SqlPrinter:
        """Return what prints with all that was added so far."""
        return SqlPrinter(self.constants, self.numbers, self.ratios)

    def add(self, name: str, checked: Checked, *, only_shown: bool = False) -> None:
        """Add a definition as a column; a number as numerator and denominator."""
        if checked.meaning.sort is not Sort.NUMBER:
            self.select(f"{self.printer.plain(checked.tree)} AS {quoted(name)}", name)
            return
        printer = replace(self.printer, only_shown=only_shown)
        self._keep(name, printer.ratio(checked.tree))

    def add_parameter(self, parameter: Parameter, values: Sequence[DatedValue]) -> None:
        """Add a parameter that a fact picks (the level of the zone), or the first day of the clock.

        Of several values the newest that had begun by that day holds, and no later one.
        """
        told = [number for dated in values for number in _numbers(dated) if number is not None]
        common = lcm(*(number.denominator for number in told))
        sql = _value_sql(parameter, values[0], common) if values else "NULL"
        if len(values) > 1:
            newer = " ".join(
                f"WHEN {FIRST_DAY} >= {literal(dated.since)}"
                f" THEN {_value_sql(parameter, dated, common)}"
                for dated in reversed(values[1:])
            )
            sql = f"CASE {newer} WHEN {FIRST_DAY} IS NOT NULL THEN {sql} END"
        number = wide(sql, 0) if told else UNKNOWN_NUMBER
        self._keep(parameter.name, Ratio(Fraction(1, common), number))

    def _keep(self, name: str, ratio: Ratio) -> None:
        columns, bottom = [f"{ratio.numerator} AS {quoted(name + '/top')}"], ONE
        made = [name + "/top"]
        if ratio.denominator != ONE:
            columns.append(f"{ratio.denominator} AS {quoted(name + '/bottom')}")
            bottom = quoted(name + "/bottom")
            made.append(name + "/bottom")
        self.select(", ".join(columns), *made)
        top = quoted(name + "/top")
        self.ratios[name] = replace(ratio, numerator=top, denominator=bottom)

    def select(self, columns: str, *names: str) -> None:
        """Add columns; `names` are what they are called."""
        self.source = f"(SELECT *, {columns} FROM {self.source})"
        self.made.extend(names)


def _numbers(dated: DatedValue) -> list[Fraction | None]:
    return [dated.value] if dated.by_code is None else list(dated.by_code.values())


def _value_sql(parameter: Parameter, dated: DatedValue, common: int) -> str:
    """Return a value in parts of `common`: a number, or one for each code of a fact."""
    if parameter.by is None:
        return "NULL" if dated.value is None else str(int(dated.value * common))
    cases = " ".join(
        f"WHEN {quoted(parameter.by)} = {literal(code)} THEN {int(value * common)}"
        for code, value in (dated.by_code or {}).items()
        if value is not None
    )
    return f"CASE {cases} END" if cases else "NULL"


def _decided(
    query: Query, rule: Rule, adoption: Adoption, *, subjects: Sequence[str], beside: str = ""
) -> str:
    printer = query.printer
    rungs = ladder(rule)
    branches = " ".join(
        f"WHEN {_holds(rung, printer)} THEN {place}" for place, rung in enumerate(rungs, start=1)
    )
    speaks = adoption.sql(rule.about)
    reasons = _reasons(rungs, printer, adoption.open_sql(rule.about))
    branch = f"(CASE WHEN ({speaks}) IS NULL THEN -1 WHEN NOT {speaks} THEN 0 {branches} END)"
    statuses = {place: rung.status for place, rung in enumerate(rungs, start=1)}
    settled = [f"missing:{name}" for name in sorted(verifiable())]
    seen = listed(["works_without_permit", *settled])
    # No visit settles the statistics of a park: only contracts come to the inspector's list.
    visited = rule.about is About.CONTRACT
    verify = f"reason LIKE 'stale:%' OR reason IN ({seen})" if visited else "FALSE"
    as_of = literal(query.constants["as_of"])
    first = "".join(f"{name}, " for name in subjects)
    return f"""
SELECT {first}CASE WHEN branch <> -1 THEN branch <> 0 END AS adopted,
  status, reason,
  status = 'unknown' AND coalesce(limit_on < {as_of}, FALSE) AND coalesce({verify}, FALSE)
    AS to_verify,
  {_shown(query, "found_measured")} AS measured, {_shown(query, "found_threshold")} AS threshold,
  CASE WHEN status <> 'not_applicable' THEN clock_from END AS clock_from,
  CASE WHEN status <> 'not_applicable' THEN limit_on END AS limit_on,
  CASE WHEN status = 'breach' THEN {_days(query)} END AS days_past,
  CASE WHEN status = 'breach' THEN {_shown(query, "found_amount_wan")} END AS amount_wan,
  CASE WHEN status = 'breach' THEN {_remedies(rule, printer)} END AS remedies{beside}
FROM (
  SELECT * EXCLUDE (found_status, found_reason, unread),
    CASE WHEN unread IS NOT NULL AND found_status IN ('breach', 'exempt') THEN 'unknown'
      ELSE found_status END AS status,
    CASE WHEN unread IS NOT NULL AND found_status IN ('breach', 'exempt') THEN unread
      ELSE found_reason END AS reason
  FROM (
    SELECT *, {_cases(statuses)} AS found_status, {reasons} AS found_reason,
      {reason_sql(rule)} AS unread
    FROM (SELECT *, {branch} AS branch FROM {query.source})
  )
)"""


def _holds(rung: Rung, printer: SqlPrinter) -> str:
    sql = printer.plain(rung.when.tree)
    match rung.test:
        case Test.TRUE:
            return sql
        case Test.FALSE:
            return f"NOT {sql}"
        case Test.UNKNOWN:
            return f"({sql}) IS NULL"


def _cases(statuses: Mapping[int, Status]) -> str:
    branches = " ".join(f"WHEN {n} THEN {literal(str(s))}" for n, s in statuses.items())
    return f"(CASE branch WHEN -1 THEN 'unknown' WHEN 0 THEN 'not_applicable' {branches} END)"


def _reasons(rungs: list[Rung], printer: SqlPrinter, scope_open: str) -> str:
    branches = [f"WHEN -1 THEN {scope_open}", "WHEN 0 THEN 'not_adopted'"]
    for place, rung in enumerate(rungs, start=1):
        if isinstance(rung.reason, Checked):
            branches.append(f"WHEN {place} THEN {printer.plain(rung.reason.tree)}")
        elif rung.reason:
            branches.append(f"WHEN {place} THEN {literal(rung.reason)}")
    return f"(CASE branch {' '.join(branches)} END)"


def _shown(query: Query, name: str) -> str:
    if name not in query.ratios:
        return "CAST(NULL AS DOUBLE)"
    return f"round({query.ratios[name].as_double()}, {PLACES})"


def _days(query: Query) -> str:
    return f"CAST({query.ratios['days_past'].as_double()} AS INTEGER)"


def _remedies(rule: Rule, printer: SqlPrinter) -> str:
    parts = [
        f"CASE WHEN {printer.plain(remedy.when.tree)} THEN {literal(str(remedy.remedy))} END"
        if remedy.when
        else literal(str(remedy.remedy))
        for remedy in rule.remedies
    ]
    return f"concat_ws(';', {', '.join(parts)})"

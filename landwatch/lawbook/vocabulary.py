"""The facts that a rule may speak of: the ledger's columns and what follows from them on a day.

The scan room works every one of these out for each contract (a test holds the two lists together).
Columns of the progress reports stand for the latest report on or before the day, column by column;
`seen_on(x)` is the day of the report that told `x`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from landwatch.language import terms
from landwatch.language.columns import Column, ColumnType, Kind, columns_of
from landwatch.lawbook.expressions.check import DATE, TEXT, TRUTH, Meaning, Scope, number
from landwatch.lawbook.expressions.functions import Sort
from landwatch.lawbook.policy import About

PROGRESS_KEYS = ("contract_id", "observed_on", "source", "inspector", "note", "started")
"""Columns of a report that say who saw it when, or speak only through the evidence of a start."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A derived fact: its meaning, and its name in both languages."""

    name: str
    meaning: Meaning
    zh: str
    en: str


START_BASES = ("legal_test", "inspection", "report", "reported", "works_done")

DERIVED: tuple[Fact, ...] = (
    Fact("as_of", DATE, "核对日", "day of the scan"),
    Fact(
        "level",
        Meaning(Sort.TEXT, choices=frozenset(terms.ZoneLevel)),
        "园区级别",
        "level of the zone",
    ),
    Fact("amended_start_on", DATE, "补充协议约定开工日", "start agreed by amendment"),
    Fact("amended_completion_on", DATE, "补充协议约定竣工日", "completion agreed by amendment"),
    Fact("amended_on", DATE, "最近一次补充协议之日", "last amended on"),
    Fact("handover_on", DATE, "实际交地日", "handover"),
    Fact("start_shown", TRUTH, "已动工", "started"),
    Fact(
        "start_basis",
        Meaning(Sort.TEXT, choices=frozenset(START_BASES)),
        "动工依据",
        "evidence of the start",
    ),
    Fact("started_on", DATE, "动工日", "started on"),
    Fact("started_by_on", DATE, "见到已动工之日", "seen started on"),
    Fact("not_started_seen_on", DATE, "见到未动工之日", "seen not started on"),
    Fact("not_started_last_on", DATE, "最后一次见到未动工之日", "last seen not started on"),
    Fact("start_gap", TEXT, "动工情况不明的原因", "why the start is unknown"),
    Fact("start_contradicted_on", DATE, "与未动工矛盾的记载之日", "told otherwise on"),
    Fact("completion_on", DATE, "竣工日", "completed on"),
    Fact("completion_seen_by_on", DATE, "见到已建成之日", "seen completed on"),
    Fact("built_seen_on", DATE, "最近见到已建成之日", "last seen built on"),
    Fact("still_not_complete", TRUTH, "最近所见仍未竣工", "last seen not completed"),
    Fact("not_complete_last_on", DATE, "最后一次见到未竣工之日", "last seen not completed on"),
    Fact("production_on", DATE, "投产日", "in production since"),
    Fact("production_seen_by_on", DATE, "见到已投产之日", "seen in production on"),
    Fact("still_not_producing", TRUTH, "最近所见仍未投产", "last seen not producing"),
    Fact("not_producing_last_on", DATE, "最后一次见到未投产之日", "last seen not producing on"),
    Fact("working_seen_on", DATE, "最近一次见到在建之日", "last seen under construction on"),
    Fact("means_shown", TRUTH, "有建设能力", "has means to build"),
    Fact("means_seen_on", DATE, "有无建设能力的核查日", "means to build seen on"),
    Fact("delay_active", TRUTH, "经核实的政府原因或不可抗力延误持续中", "a verified delay lasts"),
    Fact("delay_cause", TEXT, "延误原因", "cause of the delay"),
    Fact("delay_until", DATE, "延误截止日", "the delay lasts until"),
    Fact("delay_ended", TRUTH, "曾有已结束的经核实延误", "a verified delay has ended"),
    Fact("delay_untold", TRUTH, "有经核实而原因未填的延误", "a verified delay tells no cause"),
    Fact(
        "delay_mixed", TRUTH, "延误结束后未重新约定开工", "no new start was agreed after the delay"
    ),
    Fact(
        "statute_delay_active",
        TRUTH,
        "经核实的法定除外事由持续中",
        "a verified ground of the statute lasts",
    ),
    Fact("statute_delay_cause", TEXT, "法定除外事由", "ground of the statute"),
    Fact("statute_delay_until", DATE, "法定除外事由截止日", "the ground lasts until"),
    Fact(
        "statute_delay_mixed",
        TRUTH,
        "曾有已结束的法定除外事由",
        "a verified ground of the statute has ended",
    ),
    Fact("bond_deposits", Meaning(Sort.PAYMENTS), "保证金缴存", "bond deposits"),
    Fact("blank_deposit_on", DATE, "金额未填的缴存日", "deposit without an amount on"),
    Fact("bond_refunds", Meaning(Sort.PAYMENTS), "保证金返还", "bond refunds"),
    Fact("urged_on", DATE, "最近一次督促之日", "last urged on"),
    Fact("support_cut_on", DATE, "最近一次减小政策扶持之日", "support last cut on"),
    Fact("industry_class", TEXT, "行业大类", "division of industry (two digits)"),
    Fact("province", TEXT, "省级区划", "province (two digits)"),
    Fact("year_tax_wan", number("万元"), "最近完整年度税收", "tax of the latest full year"),
    Fact("year_tax_on", DATE, "税收所属年度末", "end of that year (tax)"),
    Fact("year_output_wan", number("万元"), "最近完整年度产值", "output of the latest full year"),
    Fact("year_output_on", DATE, "产值所属年度末", "end of that year (output)"),
)

FORMER_NAMES = {"扫描日": "as_of"}
"""Chinese names of facts that policies were written with and that are still read."""

DERIVED_OF_PARKS: tuple[Fact, ...] = (
    Fact("as_of", DATE, "核对日", "day of the scan"),
    Fact("leading_count", number("1"), "主导产业个数", "number of leading industries"),
)


def progress_columns() -> tuple[Column, ...]:
    """Return the columns of the reports that rules may name."""
    return tuple(
        column for name, column in columns_of(Kind.PROGRESS).items() if name not in PROGRESS_KEYS
    )


def contract_columns() -> tuple[Column, ...]:
    """Return the columns of a contract that rules may name."""
    return tuple(columns_of(Kind.CONTRACTS).values())


def park_columns() -> tuple[Column, ...]:
    """Return the columns of a zone that rules about parks may name."""
    return tuple(
        column
        for column in columns_of(Kind.ZONES).values()
        if column.holds is not ColumnType.GEOMETRY
    )


def _meaning(column: Column, *, progress: bool) -> Meaning:
    match column.holds:
        case ColumnType.DECIMAL | ColumnType.INTEGER:
            places = 0 if column.holds is ColumnType.INTEGER else column.places
            unit = number(column.unit or "1").unit
            return Meaning(Sort.NUMBER, unit, progress=progress, decimals=(places, 0))
        case ColumnType.DATE:
            return Meaning(Sort.DATE, progress=progress)
        case ColumnType.YES_NO:
            return Meaning(Sort.TRUTH, progress=progress)
        case _:
            codes = frozenset(column.choices) if column.choices else None
            return Meaning(Sort.TEXT, choices=codes, progress=progress)


@cache
def fact_names() -> Mapping[str, tuple[str, str]]:
    """Return each fact's name in zh and en."""
    names = {column.name: (column.zh, column.en) for column in contract_columns()}
    names |= {column.name: (column.zh, column.en) for column in progress_columns()}
    names |= {fact.name: (fact.zh, fact.en) for fact in DERIVED}
    parks = {column.name: (column.zh, column.en) for column in park_columns()}
    parks |= {fact.name: (fact.zh, fact.en) for fact in DERIVED_OF_PARKS}
    return parks | names


@cache
def scope_of_facts(about: About = About.CONTRACT) -> Scope:
    """Return the facts as the checker needs them, with their Chinese names where these are one."""
    if about is About.PARK:
        meanings = {column.name: _meaning(column, progress=False) for column in park_columns()}
        meanings |= {fact.name: fact.meaning for fact in DERIVED_OF_PARKS}
    else:
        meanings = {column.name: _meaning(column, progress=False) for column in contract_columns()}
        meanings |= {column.name: _meaning(column, progress=True) for column in progress_columns()}
        meanings |= {fact.name: fact.meaning for fact in DERIVED}
    aliases = {zh: name for zh, name in FORMER_NAMES.items() if name in meanings}
    twice: set[str] = set()
    for name, (zh, _) in fact_names().items():
        if name not in meanings:
            continue
        if zh in aliases:
            twice.add(zh)
        aliases[zh] = name
    return Scope(
        meanings,
        {zh: name for zh, name in aliases.items() if zh not in twice and zh.isidentifier()},
    )


def places_of_facts() -> dict[str, int]:
    """Return the facts that are numbers, with the decimals that they keep."""
    derived = {"year_tax_wan": 6, "year_output_wan": 6, "leading_count": 0}
    return derived | {
        column.name: 0 if column.holds is ColumnType.INTEGER else column.places
        for column in (*park_columns(), *contract_columns(), *progress_columns())
        if column.holds in (ColumnType.DECIMAL, ColumnType.INTEGER)
    }


@cache
def verifiable() -> frozenset[str]:
    """Return the facts that a visit could settle: what puts a contract on the visit list.

    Progress columns, and the actual start and completion (ledger.md, settled questions).
    """
    seen = {column.name for column in columns_of(Kind.PROGRESS).values()}
    return frozenset(seen | {"actual_start_on", "actual_completion_on"})

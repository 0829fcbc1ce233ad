"""Worked cases: what an inspector can check by hand, and what the engines must come to.

A file of cases belongs to one policy: `policy:` names it, `cases:` lists them. A case has

- `id`: what it shows, in a sentence of its own; no two of a file alike;
- `rule`: the code of the rule it asks, and `as_of`, the day of the scan;
- `shows`: on which side of the rule's limit it stands: `below` (under the limit, or before the
  day), `at` (equal, or on the last day), `above` (over it, or after the day), `nothing_told` (the
  fact that decides is not told), `other` (conditions, exemptions, doubts);
- the ledger: `contract`, `zone`, `progress` (a list), `events` (a list), each cell under the
  ledger's permanent name. Their ids are made up for the case and never written. A case of a rule
  about parks tells a `zone` and nothing else;
- `expect`: the columns of the finding that the case was worked out for, `status` among them. A
  number may be rounded to six decimals; `null` says that the column is empty;
- `suppose`, where a slot of the policy is empty or another number is tried: a list such as
  `[cure_days=90]`, as `policy whatif` takes it;
- for readers, where wanted: `en` (the id in English), `why_zh`, `why_en` (the arithmetic) and
  `vector` (the test vector of the rulebook).

Nothing in the product but `policy check` and `policy test` reads cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from landwatch.errors import LawbookError, nearest
from landwatch.language.columns import Kind
from landwatch.lawbook.case_rows import Told, day_of_case, expected_of, row_of, rows_of
from landwatch.lawbook.leaves import term_of
from landwatch.lawbook.policy import About, Policy
from landwatch.lawbook.shelf import text_of
from landwatch.lawbook.source import Part, read_parts

TOP_KEYS = ("policy", "cases")
CASE_KEYS = (
    "id", "rule", "shows", "as_of", "contract", "zone", "progress", "events", "expect", "en",
    "why_zh", "why_en", "vector", "suppose",
)  # fmt: skip


class Shows(StrEnum):
    """On which side of its rule's limit a case stands."""

    BELOW = "below"
    AT = "at"
    ABOVE = "above"
    NOTHING_TOLD = "nothing_told"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Worked:
    """What a case tells: one contract with its zone, reports and events, or a park alone."""

    contract: Told
    zone: Told | None = None
    progress: tuple[Told, ...] = ()
    events: tuple[Told, ...] = ()
    about: About = About.CONTRACT


@dataclass(frozen=True, slots=True)
class Case:
    """A worked case: its facts, the day, and what is expected of its rule."""

    policy: str
    id: str
    rule: str
    as_of: date
    facts: Worked
    expect: Told
    shows: Shows
    file: str
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)
    """The line on which each expected column stands."""
    vector: str | None = None
    """The number of the rulebook's test vector that the case is."""
    suppose: tuple[str, ...] = ()
    """Numbers supposed in the policy, as `policy whatif` writes them: what an empty slot awaits."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of one policy, in the order of their file."""

    policy: str
    cases: tuple[Case, ...]
    file: str
    line: int


def read_cases(text: str, file: str) -> CaseFile:
    """Return the cases that a YAML text holds.

    Raises:
        LawbookError: what is wrong, where, and what to write instead.
    """
    root = read_parts(text, file)
    root.mapping(TOP_KEYS)
    policy = root.need("policy").text()
    found: dict[str, Case] = {}
    for part in root.need("cases").items():
        case = _case(part, policy)
        if case.id in found:
            raise part.need("id").refused("cases.twice", id=case.id, before=found[case.id].line)
        found[case.id] = case
    return CaseFile(policy, tuple(found.values()), file, root.need("policy").line)


def read_case_file(path: Path) -> CaseFile:
    """Return the cases of a reader's own file.

    Raises:
        LawbookError: it cannot be read, or does not say what it should.
    """
    return read_cases(text_of(path), path.name)


def shipped_cases(policy_id: str) -> CaseFile | None:
    """Return the cases that come with a policy of the shelf, or None where it has none."""
    path = files("landwatch.lawbook").joinpath("cases", f"{policy_id}.yaml")
    return read_cases(path.read_text("utf-8"), path.name) if path.is_file() else None


def held_to(policy: Policy, told: CaseFile) -> CaseFile:
    """Return the cases where each asks a rule of the policy about what that rule speaks of.

    Raises:
        LawbookError: the file is of another policy, a rule is not there, or the ledger is a
            contract's where the rule is about parks, or the other way round.
    """
    if told.policy != policy.id:
        raise LawbookError(
            "cases.policy", file=told.file, line=told.line, named=told.policy, policy=policy.id
        )
    codes = [rule.code for rule in policy.rules]
    for case in told.cases:
        place = {"file": case.file, "line": case.line, "id": case.id, "rule": case.rule}
        rule = policy.rule(case.rule)
        if rule is None:
            near = nearest(case.rule, codes)
            code = "cases.rule_near" if near else "cases.rule"
            raise LawbookError(code, near=near or "", policy=policy.id, **place)
        if rule.about is not case.facts.about:
            park = rule.about is About.PARK
            raise LawbookError("cases.needs_zone" if park else "cases.needs_contract", **place)
    return told


def _case(part: Part, policy: str) -> Case:
    part.mapping(CASE_KEYS)
    expect, supposed, vector = part.need("expect"), part.get("suppose"), part.get("vector")
    return Case(
        policy=policy,
        id=part.need("id").text(),
        rule=part.need("rule").text(),
        as_of=day_of_case(part.need("as_of")),
        facts=_facts(part),
        expect=expected_of(expect),
        shows=term_of(part.need("shows"), Shows),
        file=part.file,
        line=part.line,
        lines={name: value.line for name, value in expect.mapping().items()},
        vector=vector.text() if vector else None,
        suppose=tuple(one.text() for one in supposed.items()) if supposed else (),
    )


def _facts(part: Part) -> Worked:
    contract, zone = part.get("contract"), part.get("zone")
    if contract is None and zone is None:
        raise part.refused("policy.needs_key", key="contract")
    facts = Worked(
        contract=row_of(Kind.CONTRACTS, contract) if contract else {},
        zone=row_of(Kind.ZONES, zone) if zone and zone.content is not None else None,
        progress=rows_of(Kind.PROGRESS, part.get("progress")),
        events=rows_of(Kind.EVENTS, part.get("events")),
        about=About.CONTRACT if contract else About.PARK,
    )
    if contract is None and (facts.progress or facts.events):
        raise part.refused("policy.needs_key", key="contract")
    return facts

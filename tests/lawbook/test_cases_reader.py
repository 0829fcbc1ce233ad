"""Worked cases are read with the ledger's types, and refused with their line where they are off."""

from __future__ import annotations

import ast
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from landwatch.errors import LandwatchError, LawbookError
from landwatch.lawbook.cases import Shows, held_to, read_case_file, read_cases
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.policy import About
from tests.lawbook.small_policy import CASES, POLICY, line_of, with_changes

READERS = {
    *("landwatch/lawbook/coverage.py", "landwatch/lawbook/weakness.py"),
    *("landwatch/lawbook/case_schema.py", "landwatch/lawbook/template.py"),
    *("landwatch/scan/worked.py", "landwatch/scan/trial.py"),
    *("landwatch/commands/lawbook_checks.py", "landwatch/screen/lawbook_checks.py"),
}
OPENING = {"read_cases", "read_case_file", "shipped_cases"}


def refusal(*changes: tuple[str, str]) -> LawbookError:
    """Return why the small cases are refused after a change."""
    with pytest.raises(LawbookError) as caught:
        held_to(read_policy(POLICY, "small.yaml"), read_cases(with_changes(CASES, *changes), "c"))
    for lang in ("zh", "en"):
        assert caught.value.in_words(lang)
    return caught.value


def test_a_case_is_read_with_the_types_of_the_ledger_and_the_lines_of_its_expectations() -> None:
    told = read_cases(CASES, "small.cases.yaml")
    case = told.cases[0]
    assert (told.policy, case.rule, case.shows) == ("small-2020", "SMALL.FLOOR", Shows.BELOW)
    assert case.as_of == date(2022, 1, 1)
    assert case.facts.contract == {
        "agreed_completion_on": date(2021, 6, 30),
        "area_mu": Decimal(10),
    }
    assert case.facts.progress[0]["fixed_assets_wan"] == Decimal(999)
    assert case.expect == {"status": "breach", "measured": Fraction("99.9")}
    assert case.line == line_of(CASES, "差一万元")
    assert case.lines["measured"] == line_of(CASES, "measured: 99.9")


def test_yes_and_no_are_read_as_the_ledger_means_them_and_blanks_are_not_told() -> None:
    told = read_cases(
        with_changes(CASES, ("source: inspection,", "source: inspection, started: no, stage: ,")),
        "c",
    )
    assert told.cases[0].facts.progress[0]["started"] is False
    assert "stage" not in told.cases[0].facts.progress[0]


def test_an_empty_expectation_says_that_the_column_is_empty() -> None:
    told = read_cases(
        with_changes(CASES, ("measured: 99.9", "reason: , remedies: [], to_verify: false")), "c"
    )
    assert told.cases[0].expect == {
        "status": "breach", "reason": None, "remedies": (), "to_verify": False,
    }  # fmt: skip


def test_a_case_of_a_park_tells_a_zone_and_nothing_else() -> None:
    text = (
        "policy: p\ncases:\n  - {id: 园区, rule: P.ONE, shows: other, as_of: 2020-01-01,"
        " zone: {level: national, leading_industries: [石化, 装备]}, expect: {status: unknown}}\n"
    )
    facts = read_cases(text, "c").cases[0].facts
    assert facts.about is About.PARK
    assert facts.zone == {"level": "national", "leading_industries": "石化;装备"}
    with pytest.raises(LawbookError) as caught:
        read_cases(text.replace(" zone:", " progress: [{observed_on: 2020-01-01}], zone:"), "c")
    assert caught.value.code == "policy.needs_key"


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("policy.unknown_key_near", "    rule: SMALL", "    ruel: SMALL"),
        ("policy.unknown_key_near", "area_mu", "area_nu"),
        ("policy.unknown_key_near", "status: breach", "statsu: breach"),
        ("policy.needs_key", "{status: breach, measured", "{measured"),
        ("policy.needs_key", "    shows: below\n", ""),
        ("policy.needs_key", "    as_of: 2022-01-01\n", ""),
        ("policy.needs_key", "observed_on: 2021-12-01, ", ""),
        ("policy.needs_day", "as_of: 2022-01-01", "as_of: 2022-02-30"),
        ("policy.needs_day", "as_of: 2022-01-01", "as_of: 20220101"),
        ("policy.needs_day", "completion_on: 2021-06-30", "completion_on: 2021-06-31"),
        ("policy.term", "shows: below", "shows: under"),
        ("policy.term_near", "status: breach", "status: breached"),
        ("policy.term_near", "source: inspection", "source: inspektion"),
        ("policy.needs_number", "measured: 99.9", "measured: 1e3"),
        ("policy.needs_list", "progress: [", "progress: x # ["),
        ("cases.number", 'area_mu: "10"', 'area_mu: "1/3"'),
        ("cases.number", 'area_mu: "10"', "area_mu: ten"),
        ("cases.number", 'area_mu: "10"', "area_mu: 1e9"),
        ("cases.number", 'area_mu: "10"', "area_mu: １０"),
        ("cases.number", 'area_mu: "10"', "area_mu: -10"),
        ("cases.number", 'area_mu: "10"', "area_mu: 10.123456789"),
        ("cases.number", 'area_mu: "10"', "area_mu: 12345678901"),
        ("cases.twice", "id: 恰好", "id: 差一万元"),
        ("cases.rule_near", "rule: SMALL.FLOOR", "rule: SMALL.FLOR"),
        ("cases.policy", "policy: small-2020", "policy: other-2020"),
        ("cases.made_up", "contract: {", "contract: {contract_id: C1, "),
        ("policy.key_twice", "    shows: below\n", "    shows: below\n    shows: at\n"),
        ("policy.alias", "contract: {", "contract: &one {"),
    ],
)
def test_what_is_off_is_refused_in_words(code: str, old: str, new: str) -> None:
    if code == "policy.alias":  # an anchor alone is harmless; it is refused where it is used
        error = refusal((old, new), ("    progress: [", "    zone: *one\n    progress: ["))
    else:
        error = refusal((old, new))
    assert error.code == code


def test_a_refusal_names_the_line_and_the_nearest_word() -> None:
    error = refusal(("rule: SMALL.FLOOR", "rule: SMALL.FLOR"))
    assert error.values["near"] == "SMALL.FLOOR"
    assert error.values["line"] == line_of(CASES, "差一万元")
    error = refusal(("status: breach", "status: breached"))
    assert error.values["line"] == line_of(CASES, "status: breach")


def test_a_rule_about_contracts_is_not_asked_of_a_park_nor_the_other_way() -> None:
    first = CASES.index("    contract:")
    row = CASES[first : CASES.index("    expect", first)]
    assert refusal((row, "    zone: {level: national}\n")).code == "cases.needs_contract"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "policy: x", "policy: x\ncases: 3", "policy: [x]\ncases: []", "\t- {", "cases: []",
     "policy: x\ncases:\n  - null", "policy: x\ncases:\n  - {id: []}", "policy: x\ncases: [" * 40],
)  # fmt: skip
def test_a_file_that_is_no_file_of_cases_is_refused(text: str) -> None:
    with pytest.raises(LandwatchError) as caught:
        read_cases(text, "c.yaml")
    assert caught.value.exit_code == 3


def test_a_file_too_large_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "large.yaml").write_text("#" * 2_000_001, "utf-8")
    (tmp_path / "gbk.yaml").write_bytes("policy: 某市".encode("gbk"))
    for name in ("large.yaml", "gbk.yaml", "none.yaml", "."):
        with pytest.raises(LawbookError):
            read_case_file(tmp_path / name)


def test_only_check_and_test_read_cases(root: Path) -> None:
    """A case is for people and for these two verbs: no finding may depend on one."""
    importing, opening = set(), set()
    for path in sorted((root / "landwatch").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module in (
                "landwatch.lawbook.cases",
                "landwatch.lawbook.case_rows",
            ):
                importing.add(path.relative_to(root).as_posix())
                if OPENING & {alias.name for alias in node.names}:
                    opening.add(path.relative_to(root).as_posix())
    importing -= {"landwatch/lawbook/cases.py", "landwatch/lawbook/case_rows.py"}
    assert importing <= READERS
    assert opening == {"landwatch/commands/lawbook_checks.py"}


@pytest.fixture
def root() -> Path:
    """The root of the project."""
    return Path(__file__).parents[2]

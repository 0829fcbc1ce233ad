"""Codes and names of divisions: which stand, which are no more and what they became."""

from __future__ import annotations

from importlib import resources

import pytest
import yaml

from landwatch.geo import divisions
from landwatch.geo.divisions import Division, division_of, divisions_named, heirs
from landwatch.language.columns import Kind
from landwatch.ledger import Issue
from landwatch.ledger.divisions import about_division
from tests.ledger.conftest import TakeIn

LISTED = yaml.safe_load((resources.files("landwatch.geo") / "abolished.yaml").read_text("utf-8"))


def told_of(division: str, adcode: str = "") -> list[str]:
    return [about.code.value for about in about_division(division, adcode)]


def of_code(issues: list[Issue], code: str) -> list[Issue]:
    return [issue for issue in issues if issue.code.value == code]


def test_both_tables_are_there() -> None:
    assert len(divisions.counties()) > 2800
    assert sum(1 for each in divisions.held() if each.until is not None) > 2500


@pytest.mark.parametrize("code", sorted(LISTED))
def test_a_listed_division_held_its_code_until_that_year_and_its_heirs_stand(code: str) -> None:
    name, until, how, became = LISTED[code]
    assert [each.until for each in divisions.held() if (each.code, each.name) == (code, name)] == [
        until
    ]
    assert code not in divisions.counties()
    assert all(heir in divisions.counties() for heir in became)
    assert how in ("merged", "renamed", "split")
    assert (how == "split") == (len(became) > 1)


def test_most_counties_that_are_gone_since_2000_have_an_heir() -> None:
    gone = [each for each in divisions.held() if each.is_county and (each.until or 0) >= 2000]
    gone = [each for each in gone if each.name != "市辖区"]
    without = [each for each in gone if not heirs(each)]
    assert len(gone) == 962
    assert len(without) == 102


@pytest.mark.parametrize(
    ("code", "name", "became"),
    [
        ("330181", "萧山市", ["330109"]),  # a city became a district of the same name
        ("330121", "萧山县", ["330109"]),  # two changes on
        ("361128", "波阳县", ["361128"]),  # renamed under its code
        ("142302", "离石市", ["141102"]),  # its prefecture became a city
        ("360821", "吉安县", ["360821"]),  # stands today
        ("110103", "崇文区", ["110101"]),  # listed by hand
        ("340203", "马塘区", ["340209"]),  # renamed, then under another code
        ("141000", "临汾市", ["141000"]),
    ],
)
def test_what_became_of_a_division(code: str, name: str, became: list[str]) -> None:
    found = next(each for each in divisions.held() if (each.code, each.name) == (code, name))
    assert [each.code for each in heirs(found)] == became


@pytest.mark.parametrize("code", ["362301", "362401", "142601"])
def test_an_heir_is_neither_the_prefecture_of_that_name_nor_the_county_beside(code: str) -> None:
    """上饶市 became 信州区 when its prefecture took its name; 上饶县 beside it is another."""
    gone = max((each for each in divisions.held() if each.code == code), key=lambda e: e.until or 0)
    assert heirs(gone) == ()


@pytest.mark.parametrize(
    ("division", "adcode", "told"),
    [
        ("顺德区", "440606", []),
        ("佛山市顺德区", "440606", []),
        ("广东省 佛山市 顺德区", "440606", []),
        ("顺德区", "440600", []),  # the city above it
        ("佛山市", "440606", []),  # the district in it
        ("广东省", "440606", []),
        ("佛山市本级", "440606", ["division_municipal"]),
        ("佛山市本级", "440601", ["division_municipal"]),
        ("顺德区", "440605", ["adcode_disagrees"]),
        ("来凤县", "440606", ["adcode_disagrees"]),
        ("高新区管委会", "440606", []),  # no division we know: nothing to hold against the code
        ("", "999999", ["adcode_unknown"]),
        ("", "440655", ["adcode_unknown"]),
        ("", "330371", []),  # statistics number the development zones of a city from 71
        ("", "990071", ["adcode_unknown"]),
        ("", "440606000", ["adcode_length"]),
        ("", "4406", ["adcode_length"]),
        ("", "44060A", ["adcode_length"]),
        ("", "660801", ["division_corps"]),
        ("兵团第八师", "", ["division_corps"]),
        ("66团", "", ["division_corps"]),
        ("330109000", "", ["division_code"]),
        ("萧山市", "", ["division_abolished"]),
        ("萧山市", "330109", ["division_abolished"]),  # the heir's code: no contradiction
        ("萧山区", "330181", ["adcode_abolished"]),
        ("萧山市", "330181", ["adcode_abolished", "division_abolished"]),
        ("苏州工业园区", "", []),
        ("市辖区", "", []),
    ],
)
def test_what_is_said_of_a_division(division: str, adcode: str, told: list[str]) -> None:
    assert told_of(division, adcode) == told


def test_an_old_name_is_said_once_with_its_heir_and_its_rows(take_text: TakeIn) -> None:
    rows = "".join(f"A{n},某某{n}公司,吴江市\n" for n in range(5)) + "B1,某某,顺德区\n"
    taken = take_text(Kind.CONTRACTS, f"合同编号,土地使用权人,行政区\n{rows}")
    (issue,) = of_code(taken.issues, "division_abolished")
    assert (issue.row, issue.column, issue.values["count"]) == (2, "行政区", 5)
    assert "吴江区（320509）" in issue.in_words("zh")
    assert "2012" in issue.in_words("en")
    assert all(record.values["division"] in ("吴江市", "顺德区") for record in taken.records)
    assert (taken.intake.tally.accepted, taken.intake.tally.accepted_with_remarks) == (5, 1)


def test_a_division_split_in_two_names_both_heirs() -> None:
    (about,) = about_division("吴县市", "")
    assert about.values["heirs"] == "吴中区（320506）、相城区（320507）"


def test_an_heir_that_we_do_not_know_is_not_made_up(take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, "合同编号,土地使用权人,行政区\nA1,某某,九里区\n")
    (issue,) = of_code(taken.issues, "division_abolished")
    assert "本表未载明" in issue.in_words("zh")
    assert "not in our table" in issue.in_words("en")


def test_a_code_that_cannot_be_is_held_against_each_row_and_kept(take_text: TakeIn) -> None:
    text = "合同编号,土地使用权人,行政区划代码\nA1,某某,440655\nA2,某某,440655\nA3,某某,440606\n"
    taken = take_text(Kind.CONTRACTS, text)
    assert [issue.row for issue in of_code(taken.issues, "adcode_unknown")] == [2, 3]
    assert [record.values["adcode"] for record in taken.records] == ["440655", "440655", "440606"]
    assert taken.refused == []


def test_a_longer_code_names_the_division_it_begins_with() -> None:
    (longer,), (shorter,) = about_division("", "440606000"), about_division("", "4406")
    assert (longer.values["hint"], shorter.values["hint"]) == (" (440606 顺德区)", "")


def test_the_city_itself_is_said_once_a_file_and_never_resolved(take_text: TakeIn) -> None:
    rows = "".join(f"A{n},某某{n}公司,{n % 7}市本级\n" for n in range(20))
    taken = take_text(Kind.CONTRACTS, f"合同编号,土地使用权人,行政区\n{rows}")
    (issue,) = of_code(taken.issues, "division_municipal")
    assert issue.row is None
    assert issue.values["count"] == 20
    assert str(issue.values["names"]).endswith("…")
    assert not any("adcode" in record.values for record in taken.records)


def test_a_zone_tells_its_code_too(take_text: TakeIn) -> None:
    taken = take_text(Kind.ZONES, "园区编号,园区名称,行政区划代码\nZ1,甲园,110103\n")
    (issue,) = of_code(taken.issues, "adcode_abolished")
    assert "东城区（110101）" in issue.in_words("zh")


def test_names_that_no_table_holds_are_remembered_up_to_a_limit(
    monkeypatch: pytest.MonkeyPatch, take_text: TakeIn
) -> None:
    monkeypatch.setattr("landwatch.ledger.divisions._MOST_REMEMBERED", 10)
    rows = "".join(f"A{n},某某,{n:03d}市本级,{990000 + n}\n" for n in range(50))
    taken = take_text(Kind.CONTRACTS, f"合同编号,土地使用权人,行政区,行政区划代码\n{rows}")
    assert len(of_code(taken.issues, "adcode_unknown")) == 50
    (city,) = of_code(taken.issues, "division_municipal")
    assert city.values["count"] == 10


def test_todays_name_goes_before_an_old_one_and_the_last_before_the_first() -> None:
    assert [each.code for each in divisions_named("鼓楼区") if each.until is not None] == []
    assert {each.until for each in divisions_named("萧山县")} == {1987}
    assert division_of("440606") == Division("440606", "顺德区")
    assert division_of("100000") is None

"""Headers nobody knows: guessed aloud, corrected by hand, and only then used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landwatch.errors import InputRefusedError, LandwatchError
from landwatch.language.columns import Kind, columns_of
from landwatch.ledger import guess_headers, read_ledger, read_mapping, write_mapping

TakeIn: TypeAlias = Callable[..., Any]
Write: TypeAlias = Callable[..., Path]

STRANGE = (
    "某市台账,,,,,,\n"
    "档案号,拿地企业,出让面积亩,成交价格万元,动工约定日,实际开工日期情况,说明栏\n"
    "D-1,某公司,30,900,2020-06-30,2021-01-05,甲\n"
    "D-2,某厂,15.5,450,2020/12/31,,乙\n"
)


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    path = tmp_path / "外来.csv"
    path.write_text(STRANGE, "utf-8")
    return path


def mapping(tmp_path: Path, text: str, kind: Kind = Kind.CONTRACTS) -> Any:
    path = tmp_path / "对照.yaml"
    path.write_text(text, "utf-8")
    return read_mapping(path, kind)


def test_guesses_are_told_with_their_reason_and_values(strange: Path) -> None:
    found = {guess.header: guess for guess in guess_headers(Kind.CONTRACTS, strange)}
    assert next(iter(found)) == "档案号"
    assert found["档案号"].column is None
    area = found["出让面积亩"]
    assert (area.column, area.unit, area.sure) == ("area_m2", "亩", "likely")
    assert area.sample == ("30", "15.5")
    assert "出让面积" in area.reason("zh")
    assert found["成交价格万元"].column == "price_wan"
    assert found["实际开工日期情况"].column == "actual_start_on"
    doubtful = found["动工约定日"]
    assert doubtful.column is None
    assert set(doubtful.maybe) <= columns_of(Kind.CONTRACTS).keys()


def test_nothing_is_used_until_a_person_gives_the_file_back(
    strange: Path, tmp_path: Path, take_in: TakeIn
) -> None:
    with pytest.raises(InputRefusedError) as refused:
        read_ledger(Kind.CONTRACTS, strange)
    assert refused.value.code == "ledger.error.no_header_contracts"
    to = tmp_path / "对照.yaml"
    guessed = guess_headers(Kind.CONTRACTS, strange)
    write_mapping(to, Kind.CONTRACTS, strange.name, guessed, "zh")
    text = to.read_text("utf-8")
    assert "holder: 土地使用权人" in text
    told = yaml.safe_load(text)
    for entry in told["headers"]:
        mended = {"档案号": "contract_no", "拿地企业": "holder", "动工约定日": "agreed_start_on"}
        entry["column"] = mended.get(entry["header"], entry["column"])
    to.write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")
    taken = take_in(Kind.CONTRACTS, strange, mapping=read_mapping(to, Kind.CONTRACTS))
    first, second = taken.records
    assert first.key == "D-1"
    assert first.values["holder"] == "某公司"
    assert first.values["area_mu"] == Decimal(30)
    assert first.values["agreed_start_on"] == date(2020, 6, 30)
    assert first.values["actual_start_on"] == date(2021, 1, 5)
    assert second.values["price_wan"] == Decimal(450)
    assert taken.codes == ["mapping_used"]
    assert "档案号 → contract_no" in taken.issues[0].in_words("zh")


def test_a_mapping_that_is_there_is_never_written_over(strange: Path, tmp_path: Path) -> None:
    to = tmp_path / "对照.yaml"
    to.write_text("mine", "utf-8")
    with pytest.raises(InputRefusedError) as refused:
        write_mapping(to, Kind.CONTRACTS, "a", guess_headers(Kind.CONTRACTS, strange), "en")
    assert refused.value.code == "ledger.mapping.there"
    assert to.read_text("utf-8") == "mine"


def test_what_a_person_says_goes_before_what_is_known(tmp_path: Path, take_text: TakeIn) -> None:
    said = mapping(
        tmp_path,
        "headers:\n"
        "  - {header: 面积, column: area_m2, unit: 公顷}\n"
        "  - {header: 成交价格, column: }\n"
        "  - {header: 备案价, column: price_wan, unit: 元}\n"
        "  - {header: 不在, column: holder}\n",
    )
    text = "合同编号,面积,成交价格,备案价\nA1,1.5,1,3000000\n"
    taken = take_text(Kind.CONTRACTS, text, mapping=said)
    assert taken.only.values["area_m2"] == 15_000
    assert taken.only.values["price_wan"] == 300
    assert taken.codes == ["mapping_used", "mapping_absent"]
    assert taken.used()["成交价格"] is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("headers: [", "ledger.mapping.yaml"),
        ("[]", "ledger.mapping.no_headers"),
        ("kind: contracts", "ledger.mapping.no_headers"),
        ("kind: parcels\nheaders: [{header: a}]", "ledger.mapping.other_kind"),
        ("heders: [{header: a}]", "ledger.mapping.key"),
        ("headers: [a]", "ledger.mapping.entry"),
        ("headers: [{header: a, colum: holder}]", "ledger.mapping.key"),
        ("headers: [{header: a, column: holdr}]", "ledger.mapping.column"),
        ("headers: [{header: a, column: area_m2, unit: 万元}]", "ledger.mapping.unit"),
        ("headers: [{header: a, column: holder, unit: 亩}]", "ledger.mapping.unit"),
        ("headers: [{header: a, column: holder}, {header: A, column: location}]",
         "ledger.mapping.header_twice"),
        ("headers: [{header: a, column: area_m2}, {header: b, column: area_mu}]",
         "ledger.mapping.column_twice"),
        ("a: &a [*a]\nheaders: [*a]", "ledger.mapping.key"),
        ("[" * 5000, "ledger.mapping.yaml"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_meant_is_refused_in_words(
    text: str, code: str, tmp_path: Path
) -> None:
    with pytest.raises(InputRefusedError) as refused:
        mapping(tmp_path, text)
    assert refused.value.code == code
    assert refused.value.in_words("zh") != refused.value.in_words("en")


def test_the_nearest_column_is_offered(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError) as refused:
        mapping(tmp_path, "headers: [{header: a, column: agreed_start}]")
    assert "agreed_start_on" in refused.value.in_words("zh")


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    headers=st.lists(
        st.one_of(
            st.sampled_from(["面积", "开工日期", "投资", "企业", "编号: x", "- a", "# b", "{c}"]),
            st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=8),
        ),
        min_size=2,
        max_size=6,
    ),
    kind=st.sampled_from(list(Kind)),
)
def test_what_is_guessed_can_be_read_back(tmp_path: Path, headers: list[str], kind: Kind) -> None:
    import csv

    path, to = tmp_path / "a.csv", tmp_path / "a.yaml"
    to.unlink(missing_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, ["2020-01-01"] * len(headers)])
    try:
        guessed = guess_headers(kind, path)
    except LandwatchError as error:
        assert error.in_words("zh")
        return
    write_mapping(to, kind, path.name, guessed, "zh")
    said = read_mapping(to, kind)
    columns = {meant.column for meant in said.meant.values()}
    assert columns == {guess.column for guess in guessed}

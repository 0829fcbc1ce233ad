"""The figures known of the real files are found by the import itself.

They were stated by a person who counted the files with other tools. Where our count differs, the
test says why and counts both ways, without our reader. No row is quoted: only counts are.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from landwatch.language.columns import Kind
from landwatch.ledger import Instructions, Intake, Issue, read_ledger, read_mapping

DATA = (Path(__file__).parents[2] / ".." / "shared" / "data").resolve()
CONTRACTS, PARCELS = DATA / "contracts", DATA / "parcels"
GUANGDONG = CONTRACTS / "anPing" / "DataSupplyResultDetail.csv"
TODAY = date(2026, 11, 22)
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not beside the project"),
]


@dataclass(frozen=True, slots=True)
class Found:
    """What the import of some files said, and their rows as another library reads them."""

    intakes: Mapping[str, Intake]
    issues: list[Issue]
    rows: list[dict[str, str]]

    @property
    def by_code(self) -> Counter[str]:
        return sum((one.tally.by_code for one in self.intakes.values()), Counter[str]())

    def of(self, code: str) -> list[Issue]:
        return [issue for issue in self.issues if issue.code.value == code]

    def counted(self, code: str) -> int:
        """Return how many rows the remarks of one code speak of together."""
        return sum(int(str(issue.values["count"])) for issue in self.of(code))

    def cells(self, header: str) -> list[str]:
        return [row[header].strip() for row in self.rows]


def taken_in(paths: list[Path], rows: list[dict[str, str]]) -> Found:
    intakes = {}
    for path in paths:
        intakes[path.name] = read_ledger(Kind.CONTRACTS, path, Instructions(today=TODAY))
        for _ in intakes[path.name].batches():
            pass
        assert intakes[path.name].tally.adds_up
    issues = [issue for intake in intakes.values() for issue in intake.issues()]
    return Found(intakes, issues, rows)


def workbook_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a workbook without our reader, by its headers without colons."""
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    header, *rows = sheet.to_python(skip_empty_area=False)
    names = [str(name).replace("\xa0", "").strip().strip(":：") for name in header]
    for row in rows:
        yield dict(zip(names, map(str, row), strict=False))


@pytest.fixture(scope="module")
def nationwide() -> Found:
    paths = sorted((CONTRACTS / "modianor").glob("*.xls"))
    return taken_in(paths, [row for path in paths for row in workbook_rows(path)])


@pytest.fixture(scope="module")
def of_2007() -> Found:
    paths = sorted((CONTRACTS / "YuhangTsim").glob("*.xls"))
    return taken_in(paths, [row for path in paths for row in workbook_rows(path)])


@pytest.fixture(scope="module")
def guangdong() -> Found:
    with GUANGDONG.open(encoding="gb18030", newline="") as lines:
        return taken_in([GUANGDONG], list(csv.DictReader(lines)))


def number(text: str) -> float | None:
    bare = re.sub("[^0-9.]", "", text)
    return float(bare) if re.fullmatch(r"[0-9]+(\.[0-9]*)?", bare) else None


# 16,193 results nationwide, 2005


def test_16193_rows_are_accounted_for(nationwide: Found) -> None:
    assert sum(one.tally.rows for one in nationwide.intakes.values()) == 16_193
    assert len(nationwide.rows) == 16_193


def test_1238_duplicates_are_found(nationwide: Found) -> None:
    alike = Counter(tuple(row.items()) for row in nationwide.rows)
    assert nationwide.by_code["duplicate_row"] == 1_238 == len(nationwide.rows) - len(alike)


def test_every_filler_of_a_date_is_found(nationwide: Found) -> None:
    fillers = re.compile("(1900年01月01日|1901年01月02日)")
    by_hand = sum(bool(fillers.match(cell)) for row in nationwide.rows for cell in row.values())
    assert nationwide.by_code["sentinel_date"] == 88 == by_hand


def test_6167_zero_prices_are_told_apart(nationwide: Found) -> None:
    """3,740 of land that is not given free, 2,427 of allocated land, where 0 is the price.

    Of fewer than eight rows nothing is said: the two files of June have eight such rows together.
    """
    zeros = [
        row["供地方式"].strip() for row in nationwide.rows if number(row["成交价格(万元)"]) == 0
    ]
    free = sum(1 for way in zeros if way == "划拨")
    assert len(zeros) == 6_167
    assert nationwide.by_code["zero_price"] == 3_740 == len(zeros) - free
    assert nationwide.counted("price_free") == 2_419 == free - 8


def test_22_zero_areas_are_found(nationwide: Found) -> None:
    assert nationwide.by_code["zero_area"] == 22
    assert sum(number(cell) == 0 for cell in nationwide.cells("面积(公顷)")) == 22


def test_the_price_in_yuan_is_found_and_not_used(nationwide: Found) -> None:
    """10,643,139 for 1.39 公顷 is 510,000 万元 a 亩: five times the dearest land there is."""
    prices = [issue.values for issue in nationwide.of("price_implausible")]
    assert ("10643139", "20.8695") in {(str(one["price"]), str(one["mu"])) for one in prices}
    assert len(prices) == 12


def test_the_city_itself_and_old_names_are_counted(nationwide: Found) -> None:
    """The rows that were refused for want of any key are not among those that are spoken of."""
    refused = sum(one.tally.refused for one in nationwide.intakes.values())
    municipal = sum(cell.endswith("本级") for cell in nationwide.cells("行政区"))
    assert 0 <= municipal - nationwide.counted("division_municipal") <= refused == 3
    old = {issue.value for issue in nationwide.of("division_abolished")}
    assert {"吴江市", "富阳市", "绍兴县", "南汇区", "闸北区"} - old == {"吴江市"}
    unknown = [
        one
        for one in nationwide.of("division_abolished")
        if one.values["heirs"] == "ledger.heir.unknown"
    ]
    assert len({one.value for one in unknown}) <= 6


def test_terms_of_every_spelling_are_read(nationwide: Found) -> None:
    told = [cell for cell in nationwide.cells("土地使用年限") if cell]
    assert sum(cell == "2069-3-16" for cell in told) == 71
    assert nationwide.by_code["tenure_end_told"] == 72
    unread = nationwide.by_code["bad_tenure"] + nationwide.by_code["tenure_implausible"]
    assert len(told) > 13_000
    assert unread < len(told) / 400


def test_false_alarms_are_few(nationwide: Found) -> None:
    """Of 16,193 rows less than one in a thousand is held against its like or its double."""
    rare = ("price_above_median", "price_below_median", "near_duplicate", "same_content")
    assert 0 < sum(nationwide.by_code[code] for code in rare) < 16


# 225 rows of 2007, one file with its header shifted


def test_the_one_file_with_its_header_shifted_is_found(of_2007: Found) -> None:
    assert len(of_2007.intakes) == 58
    assert sum(one.tally.rows for one in of_2007.intakes.values()) == 225 == len(of_2007.rows)
    (gap,) = of_2007.of("header_gap")
    intake = of_2007.intakes[gap.file]
    assert "土地使用年限" not in {use.header for use in intake.headers}
    assert gap.column in {use.header for use in intake.unmapped}
    assert "industry_code" not in {use.column for use in intake.mapped}


def test_a_number_that_was_suffixed_is_one_contract_told_twice(of_2007: Found) -> None:
    (issue,) = of_2007.of("same_content")
    one, other = str(issue.values["other"]), str(issue.values["key"])
    assert other == f"{one}-1"


def test_units_of_the_corps_are_no_county(of_2007: Found) -> None:
    (corps,) = of_2007.of("division_corps")
    assert corps.values["count"] == 1


# 1,838 results of Guangdong


def test_1838_rows_and_the_bounds_whose_names_are_exchanged(guangdong: Found) -> None:
    """The stated 1,646 are the rows whose text in plotRatioUP is not above that in plotRatioLOWER.

    Compared as text, blanks with them. Of the 946 rows that tell both numbers, 878 have a greater
    "lower" one: the names are exchanged, and once they are read so only three rows are crossed.
    """
    assert guangdong.intakes[GUANGDONG.name].tally.rows == 1_838
    pairs = [(row["plotRatioUP"].strip(), row["plotRatioLOWER"].strip()) for row in guangdong.rows]
    assert sum(up <= lower for up, lower in pairs) == 1_646
    both = [(float(up), float(lower)) for up, lower in pairs if up and lower]
    assert len(both) == 946
    assert sum(up < lower for up, lower in both) == 878
    (said,) = guangdong.of("far_names_exchanged")
    assert (said.values["low"], said.values["high"]) == ("plotRatioUP", "plotRatioLOWER")
    above = [(up, lower) for up, lower in both if lower and up > lower]
    assert guangdong.by_code["far_crossed"] == 3 == len(above)


def test_names_taken_at_their_word_are_found_to_be_exchanged(
    guangdong: Found, tmp_path: Path
) -> None:
    mapping = tmp_path / "对照.yaml"
    mapping.write_text(
        "headers:\n  - {header: plotRatioUP, column: agreed_far_max}\n"
        "  - {header: plotRatioLOWER, column: agreed_far_min}\n",
        "utf-8",
    )
    said = Instructions(mapping=read_mapping(mapping, Kind.CONTRACTS))
    intake = read_ledger(Kind.CONTRACTS, GUANGDONG, said)
    issues = [issue for batch in intake.batches() for issue in batch.issues]
    (exchanged,) = [one for one in issues if one.code.value == "far_columns_crossed"]
    ups = [(number(row["plotRatioUP"]), number(row["plotRatioLOWER"])) for row in guangdong.rows]
    told = [(up, lower) for up, lower in ups if up and lower]  # 0 is: not agreed
    crossed = sum(1 for up, lower in told if up < lower)
    assert exchanged.values["count"] == crossed
    assert exchanged.values["told"] == sum(1 for up, lower in told if up != lower)
    assert crossed > 0.95 * sum(1 for up, lower in told if up != lower)


def test_instalments_are_named_and_left_alone(guangdong: Found) -> None:
    (said,) = guangdong.of("instalments_kept")
    assert said.column == "issue、paymentDate、paymentAmount"
    assert str(said.values["example"]).count("|") > 1


def test_prices_that_only_fill_their_cell_are_found(guangdong: Found) -> None:
    small = [
        price
        for row in guangdong.rows
        if (price := number(row["transferPrice"])) and price <= 0.01 and number(row["area"])
        if price < 0.1 * 15 * (number(row["area"]) or 0)
    ]
    assert guangdong.by_code["price_token"] == len(small) == 61


# the others


@pytest.mark.parametrize(
    ("name", "header", "look"),
    [
        ("3b08e37cd8.csv", "Site Reference", "elsewhere"),  # X and Y swapped: in Britain
        ("45e645b857.csv", "SiteReference", "elsewhere"),
        ("c7e27fdf41.csv", "SiteReference", "metres"),
        ("de3918b3af.csv", "SiteReference", "mixed"),  # four systems in one column
    ],
)
def test_points_of_foreign_registers_are_kept_and_place_nothing(
    name: str, header: str, look: str, tmp_path: Path
) -> None:
    """X and Y swapped are seen where one order lies in China; elsewhere neither can be told."""
    mapping = tmp_path / "对照.yaml"
    mapping.write_text(f"headers:\n  - {{header: {header}, column: parcel_id}}\n", "utf-8")
    encoding = "cp1252" if name.startswith("de3918") else None
    said = Instructions(encoding=encoding, mapping=read_mapping(mapping, Kind.PARCELS))
    intake = read_ledger(Kind.PARCELS, PARCELS / "uk_brownfield" / name, said)
    (points,) = [one for one in intake.remarks if one.code.value == "points_kept"]
    assert points.values["look"] == f"ledger.points.{look}"


def test_94_invalid_outlines_are_named_although_they_lie_outside_china(tmp_path: Path) -> None:
    mapping = tmp_path / "对照.yaml"
    mapping.write_text("headers:\n  - {header: id, column: parcel_id}\n", "utf-8")
    said = Instructions(mapping=read_mapping(mapping, Kind.PARCELS))
    intake = read_ledger(Kind.PARCELS, PARCELS / "palisades" / "parcels.geojson", said)
    for _ in intake.batches():
        pass
    assert intake.tally.by_code["invalid_geometry"] == 94

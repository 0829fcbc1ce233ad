"""Every file beside the project is read with all its rows, or refused with a reason; none traces.

Their rows name private people and are never quoted here: only counts are.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from landwatch.errors import LandwatchError
from landwatch.language.columns import Kind
from landwatch.ledger import Instructions, Intake, read_ledger, read_mapping

DATA = (Path(__file__).parents[2] / ".." / "shared" / "data").resolve()
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not beside the project"),
]
KINDS = {
    "contracts": Kind.CONTRACTS,
    "parcels": Kind.PARCELS,
    "boundaries": Kind.ZONES,
    "txt": Kind.PARCELS,
}
FOREIGN = {
    # file: the header that a person maps to the key, rows
    "parcels/nyc/pluto.geojson": ("BBL", 2000),
    "parcels/palisades/parcels.geojson": ("id", 8626),
    "parcels/palisades/palisades_permits_reports.csv": ("APN", None),
    "parcels/uk_brownfield/45e645b857.csv": ("SiteReference", None),
    "parcels/uk_brownfield/5ed5da3ec0.csv": ("LA SITE REF", None),
    "parcels/uk_brownfield/de3918b3af.csv": ("SiteReference", None),
    "boundaries/lanzhou/620100_full.json": ("adcode", None),
    "boundaries/lanzhou/211200_full.json": ("adcode", None),
}


def files(folder: str) -> list[Path]:
    return sorted(path for path in (DATA / folder).rglob("*") if path.is_file())


def spent(intake: Intake) -> Intake:
    """Return the intake after all its rows were read."""
    for batch in intake.batches():
        for issue in islice(batch.issues, 20):
            assert issue.in_words("zh")
            assert issue.in_words("en")
    assert intake.tally.adds_up
    return intake


def rows_in(path: Path) -> int:
    """Count the rows of a file without our reader, a header of one line left out."""
    if path.suffix == ".xls":
        from python_calamine import CalamineWorkbook

        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        return len(sheet.to_python(skip_empty_area=False)) - 1
    if path.suffix in (".geojson", ".json"):
        content = path.read_bytes()
        if b'"features"' in content[:2000]:
            return len(json.loads(content)["features"])
        text = content.decode("gb18030").lstrip()
        return len(json.JSONDecoder().raw_decode(text)[0])
    return sum(1 for _ in csv.reader(lines_of(path))) - 1


def lines_of(path: Path) -> Iterator[str]:
    for encoding in ("utf-8-sig", "gb18030", "cp1252"):
        try:
            return iter(path.read_bytes().decode(encoding).splitlines(keepends=True))
        except UnicodeDecodeError:
            continue
    raise AssertionError(path)


@pytest.fixture(scope="module")
def everything() -> tuple[dict[Path, Intake], Counter[str]]:
    """Read every file once: what was read, and how often each refusal was said."""
    read: dict[Path, Intake] = {}
    refused: Counter[str] = Counter()
    for folder, kind in KINDS.items():
        for path in files(folder):
            try:
                read[path] = spent(read_ledger(kind, path))
            except LandwatchError as error:
                assert error.in_words("zh") != error.in_words("en")
                refused[error.code] += 1
    return read, refused


def test_every_file_is_read_with_all_its_rows_or_refused_in_words(
    everything: tuple[dict[Path, Intake], Counter[str]],
) -> None:
    read, refused = everything
    assert set(refused) == {
        "ledger.error.no_header_contracts",
        "ledger.error.no_header_parcels",
        "ledger.error.no_header_zones",
        "ledger.error.format",  # the two texts about the files
        "ledger.error.encoding_none",  # a register in cp1252, read when it is named
    }
    assert len(read) + refused.total() == sum(len(files(folder)) for folder in KINDS)
    assert len(read) >= 71
    for path, intake in read.items():
        if path.name != "testfile":
            assert intake.tally.rows + intake.tally.blank == rows_in(path), path.name


def test_the_figures_known_of_the_workbooks_of_2005_are_found_by_the_import(
    everything: tuple[dict[Path, Intake], Counter[str]],
) -> None:
    read, _ = everything
    codes: Counter[str] = Counter()
    for path, intake in read.items():
        if path.parent.name == "modianor":
            codes += intake.tally.by_code
    assert codes["duplicate_row"] == 1_238
    assert codes["zero_area"] == 22
    assert codes["sentinel_date"] > 80


def test_the_details_of_the_crawler_are_read_and_its_list_is_left() -> None:
    intake = spent(read_ledger(Kind.CONTRACTS, DATA / "contracts" / "ZitaiChen" / "output.json"))
    assert (intake.tally.rows, intake.tally.refused) == (203, 0)
    assert intake.tally.by_code["sheet_skipped"] == 1
    assert len(intake.mapped) == 20


@pytest.mark.parametrize("name", list(FOREIGN))
def test_a_foreign_file_is_read_once_its_key_is_mapped(name: str, tmp_path: Path) -> None:
    header, rows = FOREIGN[name]
    kind = KINDS[name.partition("/")[0]]
    key = "zone_id" if kind is Kind.ZONES else "parcel_id"
    to = tmp_path / "对照.yaml"
    to.write_text(f"headers:\n  - header: {header}\n    column: {key}\n", "utf-8")
    encoding = "cp1252" if "de3918" in name else None
    path = DATA / name
    said = Instructions(mapping=read_mapping(to, kind), encoding=encoding)
    intake = spent(read_ledger(kind, path, said))
    assert intake.tally.rows + intake.tally.blank == (rows or rows_in(path))
    assert intake.tally.accepted + intake.tally.accepted_with_remarks > 0
    if "parcels.geojson" in name:
        assert intake.tally.by_code["outside_china"] == 8626
    if "lanzhou" in name:
        assert "outside_china" not in intake.tally.by_code


def test_geoparquet_of_another_land_is_read_and_not_placed(tmp_path: Path) -> None:
    to = tmp_path / "对照.yaml"
    to.write_text("headers:\n  - header: opa_id\n    column: parcel_id\n", "utf-8")
    said = Instructions(mapping=read_mapping(to, Kind.PARCELS))
    buildings, land = sorted((DATA / "parcels" / "philly").glob("*.parquet"))
    tally = spent(read_ledger(Kind.PARCELS, buildings, said)).tally
    assert tally.rows == 9955
    assert tally.by_code["not_an_area"] + tally.by_code["outside_china"] == 9955
    first = next(read_ledger(Kind.PARCELS, land, said).batches(1000))
    assert {issue.code.value for issue in first.issues} >= {"outside_china"}
    assert all("geometry" not in record.values for record in first.records)

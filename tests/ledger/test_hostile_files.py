from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landwatch.errors import InputRefusedError, LandwatchError, UnreadableFileError, UsageError
from landwatch.language.columns import Kind
from landwatch.ledger import Instructions, read_ledger, workbooks

TakeIn: TypeAlias = Callable[..., Any]
Write: TypeAlias = Callable[..., Path]


def refusal(path: Path, kind: Kind = Kind.CONTRACTS, **options: Any) -> LandwatchError:
    with pytest.raises(LandwatchError) as caught:
        for _ in read_ledger(kind, path, Instructions(**options)).batches():
            pass
    assert caught.value.exit_code in (2, 3)
    for lang in ("zh", "en"):
        words = caught.value.in_words(lang)
        assert "{" not in words
        assert "\n" not in words
    return caught.value


@pytest.mark.parametrize(
    "suffix", [".csv", ".xlsx", ".xls", ".geojson", ".gpkg", ".shp", ".pdf", ""]
)
@pytest.mark.parametrize(
    "content", [b"", b"\0" * 64, b"%PDF-1.7\n\x00\x01\xff", b"PK\x03\x04broken"]
)
def test_garbage_under_any_name_is_refused_in_words(
    suffix: str, content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / f"台账{suffix}"
    path.write_bytes(content)
    refusal(path)


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsb", ".ods", ".kmz", ".zip", ".csv"])
def test_a_zip_of_a_version_nobody_knows_is_refused_in_words(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"台账{suffix}"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 6] = 84
    path.write_bytes(content)
    refusal(path)


def test_a_folder_a_missing_file_and_a_near_name_are_said(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "ledger.error.folder"
    assert refusal(tmp_path / "没有.csv").code == "ledger.error.missing"
    (tmp_path / "合同台账.csv").write_text("合同编号\nA1\n", "utf-8")
    near = refusal(tmp_path / "合同台帐.csv")
    assert "合同台账.csv" in near.in_words("zh")


def test_a_file_that_another_program_holds_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04")

    def held(*_: object, **__: object) -> None:
        raise PermissionError(13, "held")

    monkeypatch.setattr(Path, "open", held)
    assert refusal(path).code == "ledger.error.locked"


def test_a_web_page_named_xls_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "导出.xls"
    path.write_text("<html><table><tr><td>合同编号</td></tr></table></html>", "utf-8")
    assert "另存为" in refusal(path).in_words("zh")


def test_an_unknown_format_lists_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    path.write_bytes(b"$FL2")
    assert "GeoPackage" in refusal(path).in_words("zh")


def test_encodings_that_are_none_or_wrong_are_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("合同编号\n来凤\n".encode("gbk"))
    assert isinstance(refusal(path, encoding="utf-9"), UsageError)
    assert refusal(path, encoding="utf-8").code == "ledger.error.encoding_wrong"
    path.write_bytes("合同编号\n来凤".encode("gbk") + b"\xff\xff\n")
    assert refusal(path).code == "ledger.error.encoding_none"


def test_a_quote_that_is_never_closed_takes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('合同编号,土地用途\nA1,"工业\nA2,工业\nA3,工业\n', "utf-8")
    assert refusal(path).code == "ledger.error.csv_quotes"
    path.write_text('合同编号,土地用途\nA1,"' + "很长" * 70_000 + '"\n', "utf-8")
    assert refusal(path).code == "ledger.error.csv_field"


def test_a_cell_longer_than_excel_allows_is_not_used(take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, f"合同编号,土地用途\nA1,{'长' * 40_000}\n")
    assert "land_use" not in taken.only.values
    assert taken.codes == ["cell_too_long"]
    assert len(taken.only.as_read["土地用途"]) == 32_767


def test_zero_bytes_do_not_reach_the_records(take_text: TakeIn) -> None:
    filler = "".join(f"B{number},{'工业用地' * 10}\n" for number in range(100))
    taken = take_text(Kind.CONTRACTS, f"合同编号,土地用途\n{filler}A\0 1,工\0业\n")
    last = taken.records[-1]
    assert last.key == "A 1"
    assert "\0" not in "".join([*last.as_read.values(), str(last.values)])


def test_ten_thousand_columns_are_kept(take_text: TakeIn) -> None:
    headers = ",".join(f"列{number}" for number in range(10_000))
    taken = take_text(Kind.CONTRACTS, f"合同编号,{headers}\nA1{',x' * 10_000}\n")
    assert len(taken.only.as_read) == 10_001
    assert len(taken.intake.unmapped) == 10_000


def test_a_packed_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "LARGEST_UNPACKED", 64 << 20)
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(2):
            packed.writestr(f"xl/worksheets/sheet{number}.xml", b"\0" * (33 << 20))
    assert path.stat().st_size < 1 << 20
    error = refusal(path)
    assert isinstance(error, InputRefusedError)
    assert error.code == "ledger.error.too_large"


def test_a_cell_at_the_end_of_the_world_takes_no_one_with_it(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.worksheets[0].append(["合同编号", "土地用途"])
    book.worksheets[0]["XFD1048576"] = "x"
    book.save(tmp_path / "a.xlsx")
    assert isinstance(refusal(tmp_path / "a.xlsx"), UnreadableFileError)


@pytest.mark.parametrize("seed", range(8))
def test_a_workbook_cut_off_anywhere_is_refused(seed: int, write_book: Write) -> None:
    path = write_book({"表": [["合同编号", "土地用途"], *[[f"A{n}", "工业"] for n in range(200)]]})
    whole = path.read_bytes()
    path.write_bytes(whole[: random.Random(seed).randrange(1, len(whole) - 30)])
    refusal(path)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.binary(max_size=400), st.sampled_from(list(Kind)))
def test_no_bytes_named_csv_bring_a_traceback(tmp_path: Path, content: bytes, kind: Kind) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    try:
        intake = read_ledger(kind, path)
        rows = sum(len(batch.records) + len(batch.refused) for batch in intake.batches())
    except LandwatchError as error:
        assert error.in_words("zh")
    else:
        assert rows == intake.tally.rows

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from landwatch.errors import InputRefusedError
from landwatch.language.columns import Kind
from landwatch.ledger import read_ledger

TakeIn: TypeAlias = Callable[..., Any]
Write: TypeAlias = Callable[..., Path]

TEXT = "合同编号,土地使用权人,成交价格\n来土合〔2020〕1号,某某（来凤）公司,300\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_delimited_text_is_read_in_every_encoding_it_comes_in(
    encoding: str, delimiter: str, ending: str, take_text: TakeIn
) -> None:
    text = TEXT.replace(",", delimiter).replace("\n", ending)
    taken = take_text(Kind.CONTRACTS, text, encoding)
    assert taken.only.values["holder"] == "某某（来凤）公司"
    assert taken.only.values["price_wan"] == Decimal(300)


def test_an_encoding_that_is_named_is_used(tmp_path: Path, take_in: TakeIn) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode("gbk"))
    taken = take_in(Kind.CONTRACTS, path, encoding="cp936")
    assert taken.only.values["holder"] == "某某（来凤）公司"


def test_rows_are_numbered_as_excel_shows_them(take_text: TakeIn) -> None:
    text = '\ufeff台账,,\n\n合同编号,备注栏,成交价格\nA1,"两\n行",1\n\nA2,,x\n'
    taken = take_text(Kind.CONTRACTS, text)
    assert [record.row for record in taken.records] == [4, 6]
    assert [(issue.row, issue.column) for issue in taken.issues] == [(6, "成交价格")]
    assert taken.intake.tally.blank == 1


def test_a_title_above_the_header_is_passed_over(take_text: TakeIn) -> None:
    text = "来凤县供地台账,,\n单位：公顷,,\n合同编号,土地用途,成交价格\nA1,工业,1\n"
    assert take_text(Kind.CONTRACTS, text).only.row == 4


def test_a_workbook_is_read_with_its_own_dates_and_numbers(
    write_book: Write, take_in: TakeIn
) -> None:
    path = write_book(
        {
            "说明": [["请先阅读"]],
            "一区": [
                ["合同编号", "约定开工时间", "成交价格(万元)", "面积(公顷)"],
                ["A1", datetime.fromisoformat("2020-06-30"), 300.5, 0.1 + 0.2],
                ["A2", "2020年6月30日", "1,200", "\xa0"],
                [20200001, date(2020, 6, 30), None, 1],
            ],
            "二区": [["合同编号", "土地用途"], ["B1", "工业用地"]],
        }
    )
    taken = take_in(Kind.CONTRACTS, path)
    assert [(record.sheet, record.row, record.key) for record in taken.records] == [
        ("一区", 2, "A1"),
        ("一区", 3, "A2"),
        ("一区", 4, "20200001"),
        ("二区", 2, "B1"),
    ]
    first = taken.records[0].values
    assert first["agreed_start_on"] == date(2020, 6, 30)
    assert first["price_wan"] == Decimal("300.5")
    assert first["area_m2"] == Decimal("3000")
    assert taken.records[1].values["price_wan"] == Decimal("1200")
    assert taken.codes == ["sheet_skipped"]
    assert taken.issues[0].sheet == "说明"


def test_a_hidden_sheet_is_not_read_and_said(tmp_path: Path, take_in: TakeIn) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.worksheets[0].append(["合同编号", "土地用途"])
    book.worksheets[0].append(["A1", "工业用地"])
    hidden = book.create_sheet("旧数据")
    hidden.append(["合同编号", "土地用途"])
    hidden.append(["A0", "工业用地"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    taken = take_in(Kind.CONTRACTS, tmp_path / "a.xlsx")
    assert [record.key for record in taken.records] == ["A1"]
    assert taken.codes == ["sheet_hidden"]


def test_long_numbers_that_excel_rounded_name_nothing(write_book: Write, take_in: TakeIn) -> None:
    path = write_book({"表": [["电子监管号", "土地用途"], [4406062019000010123, "工业用地"]]})
    taken = take_in(Kind.CONTRACTS, path)
    assert taken.records == []
    assert taken.codes == ["lost_digits"]


def test_text_named_xls_is_read_as_the_text_it_is(tmp_path: Path, take_in: TakeIn) -> None:
    path = tmp_path / "导出.xls"
    path.write_bytes(TEXT.replace(",", "\t").encode("gbk"))
    assert take_in(Kind.CONTRACTS, path).only.values["price_wan"] == Decimal(300)


def test_a_workbook_named_csv_is_read_as_the_workbook_it_is(
    write_book: Write, take_in: TakeIn
) -> None:
    path = write_book({"表": [["合同编号", "土地用途"], ["A1", "工业用地"]]})
    path = path.rename(path.with_suffix(".csv"))
    assert take_in(Kind.CONTRACTS, path).only.key == "A1"


def test_hectares_that_nobody_named_are_not_guessed(take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, "合同编号,面积\nA1,0.982452\nA2,12.5\n")
    assert taken.codes == ["area_unit_unclear"]
    assert all("area_m2" not in record.values for record in taken.records)
    assert taken.records[0].as_read["面积"] == "0.982452"
    words = taken.issues[0].in_words("zh")
    assert "面积(公顷)" in words
    assert "0.982452" in words


def test_square_metres_without_a_unit_are_square_metres(take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, "合同编号,出让面积\nA1,68507.52\nA2,250\n")
    assert taken.records[0].values["area_mu"] == Decimal("102.76128")
    named = take_text(Kind.CONTRACTS, "contract_id,area_m2\nA1,820.5\n")
    assert named.only.values["area_m2"] == Decimal("820.5")


def test_a_header_that_slid_left_is_not_used(take_text: TakeIn) -> None:
    text = "合同编号,供地方式,行业分类,,成交价格\nA1,划拨,50,食品制造业,0\nA2,划拨,50,纺织业,0\n"
    taken = take_text(Kind.CONTRACTS, text)
    assert taken.codes == ["header_gap"]
    assert all("industry_code" not in record.values for record in taken.records)
    assert taken.records[0].as_read["[D]"] == "食品制造业"


def test_a_record_id_that_repeats_is_no_key(take_text: TakeIn) -> None:
    header = "唯一标识,行政区,项目位置,土地使用权人,合同签订日期\n"
    rows = "p1,某市,甲路,某公司,2020-01-01\np1,某市,乙路,某公司,2020-01-02\n"
    taken = take_text(Kind.CONTRACTS, header + rows)
    assert taken.codes == ["source_id_repeats", "key_made", "key_made"]
    assert len({record.key for record in taken.records}) == 2


@pytest.mark.parametrize(
    ("kind", "text", "word"),
    [
        (Kind.CONTRACTS, "公告编号,宗地编号,土地用途,起始价\nX1,G1,工业,100\n", "出让公告"),
        (Kind.PARCELS, "名称,备注\n某地,无\n", "宗地编号"),
        (Kind.CONTRACTS, "contract_id,observed_on,source,started\nA1,2020-01-01,,是\n", "progress"),
        (Kind.CONTRACTS, "合同编号,成交价格\n", "只有表头"),
    ],
)
def test_a_file_that_is_not_what_it_is_named_is_refused_in_words(
    kind: Kind, text: str, word: str, take_text: TakeIn
) -> None:
    with pytest.raises(InputRefusedError) as refusal:
        take_text(kind, text)
    assert word in refusal.value.in_words("zh")
    assert refusal.value.in_words("en")


def test_the_same_bytes_have_the_same_name_and_hash(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TEXT, "utf-8")
    first = read_ledger(Kind.CONTRACTS, tmp_path / "a.csv").source
    again = read_ledger(Kind.CONTRACTS, tmp_path / "a.csv").source
    assert first == again
    assert first.name == "a.csv"
    assert first.size == len(TEXT.encode())


def test_a_long_file_comes_in_batches_that_hold_no_more_than_asked(
    take_text: TakeIn, tmp_path: Path
) -> None:
    text = "合同编号,成交价格\n" + "".join(f"A{number},1\n" for number in range(1050))
    taken = take_text(Kind.CONTRACTS, text)
    assert [record.row for record in taken.records] == list(range(2, 1052))
    again = read_ledger(Kind.CONTRACTS, tmp_path / "台账.csv")
    assert [len(batch.records) for batch in again.batches(500)] == [500, 500, 50]


def test_batches_are_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TEXT, "utf-8")
    intake = read_ledger(Kind.CONTRACTS, tmp_path / "a.csv")
    assert len(list(intake.batches(1))) == 1
    with pytest.raises(InputRefusedError):
        list(intake.batches())

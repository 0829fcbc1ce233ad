"""The quick way of reading a plain cell never tells anything else than the long way."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.cn import uscc

from landwatch.language.columns import Kind, columns_of
from landwatch.ledger.credit_codes import is_credit_code
from landwatch.ledger.headers import map_headers
from landwatch.ledger.telling import CellReader, Told, tell_all

PIECES = (
    *(
        "无",
        "暂无",
        "清空",
        "(clear)",
        "#REF!",
        "########",
        "n/a",
        "nan",
        "NULL",
        "—",
        "'",
        "=",
        "+",
    ),
    *(
        "2019-03-04",
        "2019年3月4日",
        "19",
        "20",
        "1900-01-01",
        "0",
        "00",
        "12.50",
        ".",
        "1e",
        "E+15",
    ),
    *(";", "；", "、", "|", "｜", " ", "\u3000", "\u00a0", "\u200b", "\ufeff", "\n", "\t", "\0"),
    *(
        "某",
        "某某（来凤）有限公司",
        "（",
        "）",
        "１２",
        "Ａ",
        "A",
        "B00001",
        "é",
        "e\u0301",
        "㎡",
        "亩",
    ),
    *("公顷", "万元", "%", "🏭", "\ud800", "ﬁ", "한", "\u1112\u1161\u11ab"),
)
GOOD = (
    *("某某（来凤）有限公司", "4406062019B00001", "兰国土出让〔2019〕0号", "36400.5", "2019-03-04"),
    *("工业用地", "挂牌出让", "Z01", "LZ-0001", "12.25亩", "620171"),
)
DAMAGED = st.tuples(st.sampled_from(GOOD), st.sampled_from(PIECES), st.integers(0, 20)).map(
    lambda made: made[0][: made[2]] + made[1] + made[0][made[2] :]
)
CELLS = DAMAGED | st.lists(st.sampled_from(PIECES), max_size=5).map("".join) | st.text(max_size=30)
SPELLINGS = ("{name}", "{name}(公顷)", "{name}(亩)", "{name}(元)", "{name}(万元/公顷)")


def readers_of(kind: Kind) -> list[CellReader]:
    """Return a reader of each column under its name and under names with units of their own."""
    names = [*columns_of(kind), "电子监管号", "投资强度", "guid"]
    headers = [form.format(name=name) for name in names for form in SPELLINGS]
    uses = [use for header in headers for use in map_headers(kind, [header])]
    return [CellReader(kind, use, None) for use in uses if use.column is not None]


def told_by(reader: CellReader, cell: object, text: str) -> Told:
    row = [""] * reader.at + [text]
    cells = [""] * reader.at + [cell]
    return tell_all([reader], cells, row)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(Kind))
@example(
    cells=["某某公司有限 ", "某某公司  有限", "A00001;A00001", "A0000000001;A0000000001", "'=A0001"]
)
@given(cells=st.lists(CELLS, min_size=1, max_size=4))
def test_every_column_reads_a_cell_the_quick_way_as_it_does_the_long_way(
    kind: Kind, cells: list[str]
) -> None:
    for reader, careful in zip(readers_of(kind), readers_of(kind), strict=True):
        careful.quick = lambda _: None
        for text in (*cells, *cells):  # what was read before is remembered
            if text:
                fresh = CellReader(kind, careful.use, None)
                fresh.quick = careful.quick
                assert told_by(reader, text, text) == told_by(fresh, text, text), text


@given(number=st.floats(0, 1e10) | st.integers(0, 10**13))
def test_a_number_of_a_workbook_is_read_as_the_text_that_it_shows(number: float) -> None:
    from landwatch.ledger.cells import shown

    for reader, careful in zip(readers_of(Kind.CONTRACTS), readers_of(Kind.CONTRACTS), strict=True):
        careful.read_as_shown = frozenset()
        assert told_by(reader, number, shown(number)) == told_by(careful, number, shown(number))


@given(
    code=st.text("0123456789", min_size=7, max_size=8).flatmap(
        lambda head: st.text("0123456789ABCDEFGHJKLMNPQRTUWXYIOZabc -", max_size=12).map(
            lambda tail: head + tail
        )
    ),
    mend=st.booleans(),
)
def test_a_credit_code_is_judged_as_the_library_of_numbers_judges_it(
    code: str, *, mend: bool
) -> None:
    if mend and len(code) >= 17 and all(sign in "0123456789ABCDEFGHJKLMNPQRTUWXY" for sign in code):
        code = code[:17] + uscc.calc_check_digit(code[:17])
    assert is_credit_code(code) == uscc.is_valid(code)

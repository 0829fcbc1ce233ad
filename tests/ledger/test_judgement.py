"""What many rows show together: prices, contracts told twice, exchanged bounds, slid headers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from landwatch.errors import InputRefusedError
from landwatch.language.columns import Kind
from landwatch.ledger import Background, Issue
from landwatch.ledger.background import KnownContract
from landwatch.ledger.remembered_rows import folded_holder
from tests.ledger.conftest import TakeIn, TakenIn

PRICED = "合同编号,土地使用权人,行政区,供地方式,土地用途,面积(亩),成交价格(万元),合同签订日期"
TOLD = "合同编号,土地使用权人,项目位置,面积(平方米),成交价格(万元),合同签订日期,供地方式"


def of_code(taken: TakenIn, *codes: str) -> list[Issue]:
    return [issue for issue in taken.issues if issue.code.value in codes]


def priced(*prices: str, division: str = "来凤县", use: str = "工业用地", start: int = 0) -> str:
    """Return rows of one county, 10 亩 each, at these prices."""
    return "".join(
        f"{division}{at},甲{at}公司,{division},挂牌出让,{use},10,{price},2019-03-04\n"
        for at, price in enumerate(prices, start)
    )


# prices against the median of their like


def test_a_price_a_hundred_times_the_median_is_told_with_both_and_kept(take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, f"{PRICED}\n{priced(*['120'] * 8, '120000')}")
    (issue,) = of_code(taken, "price_above_median", "price_below_median")
    assert (issue.row, issue.column, issue.value) == (10, "成交价格(万元)", "120000")
    zh = issue.in_words("zh")
    assert all(part in zh for part in ("120000 万元", "10 亩", "9 宗", "12 万元/亩", "来凤县"))
    assert taken.records[-1].values["price_wan"] == Decimal(120_000)
    assert taken.intake.tally.accepted_with_remarks == 1


@pytest.mark.parametrize(
    ("price", "codes"),
    [
        ("11999.9", []),
        ("12000", ["price_above_median"]),
        ("1.2", ["price_below_median"]),
        ("1.3", []),
    ],
)
def test_the_limit_is_a_hundred_times_and_a_hundredth(
    price: str, codes: list[str], take_text: TakeIn
) -> None:
    taken = take_text(Kind.CONTRACTS, f"{PRICED}\n{priced(*['120'] * 9, price)}")
    found = of_code(taken, "price_above_median", "price_below_median")
    assert [issue.code.value for issue in found] == codes


def test_seven_contracts_make_no_median(take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, f"{PRICED}\n{priced(*['120'] * 6, '120000')}")
    assert of_code(taken, "price_above_median") == []


def test_only_like_is_held_against_like(take_text: TakeIn) -> None:
    """A shop in a county of factories, and a county of shops: neither is a slip."""
    rows = priced(*["120"] * 8) + priced("60000", use="批发零售用地", start=20)
    rows += priced(*["60000"] * 8, division="顺德区", use="批发零售用地")
    taken = take_text(Kind.CONTRACTS, f"{PRICED}\n{rows}")
    assert of_code(taken, "price_above_median", "price_below_median") == []


def test_what_the_ledger_holds_helps_a_file_with_too_few(take_text: TakeIn) -> None:
    asked: list[Collection[str]] = []

    def known(divisions: Collection[str]) -> Iterator[KnownContract]:
        asked.append(divisions)
        for at in range(7):
            yield KnownContract(f"旧{at}", "来凤县", "grant", "工业用地", Decimal(120), Decimal(10))
        yield KnownContract("来凤县0", "来凤县", "grant", "工业用地", Decimal(9), Decimal(10))
        yield KnownContract("旧9", "来凤县", "lease", "工业用地", Decimal(9), Decimal(10))
        yield KnownContract("旧8", "来凤县", "grant", None, None, None)

    background = Background(contracts=known)
    text = f"{PRICED}\n{priced('120000')}"
    taken = take_text(Kind.CONTRACTS, text, background=background)
    (issue,) = of_code(taken, "price_above_median")
    assert issue.values["count"] == 8  # seven of the ledger and this one, told anew
    assert asked == [{"来凤县"}, {"来凤县"}]  # for prices, and for contracts told before


def test_the_ledgers_prices_do_not_speak_where_the_file_has_enough(take_text: TakeIn) -> None:
    def known(divisions: Collection[str]) -> Iterator[KnownContract]:
        for at in range(100):
            one = KnownContract(f"旧{at}", "来凤县", "grant", "工业用地", Decimal(10), Decimal(10))
            yield one

    text = f"{PRICED}\n{priced(*['120'] * 8, '12000')}"
    taken = take_text(Kind.CONTRACTS, text, background=Background(contracts=known))
    (issue,) = of_code(taken, "price_above_median")
    assert (issue.values["count"], issue.values["median"]) == (9, "12")


def test_a_token_price_is_said_and_spoils_no_median(take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, f"{PRICED}\n{priced(*['120'] * 8, *['0.0001'] * 12)}")
    assert [issue.row for issue in of_code(taken, "price_token")] == list(range(10, 22))
    assert of_code(taken, "price_above_median", "price_below_median") == []
    assert taken.records[-1].values["price_wan"] == Decimal("0.0001")


def test_a_few_square_metres_may_cost_less_than_a_hundred_yuan(take_text: TakeIn) -> None:
    text = "合同编号,土地使用权人,面积(平方米),成交价格(万元)\nA1,某某,1.5,0.005\n"
    assert of_code(take_text(Kind.CONTRACTS, text), "price_token") == []


def test_land_given_free_is_counted_once_where_there_is_much_of_it(take_text: TakeIn) -> None:
    rows = "".join(f"A{at},某局,划拨,100,0\n" for at in range(9))
    text = f"合同编号,土地使用权人,供地方式,面积(平方米),成交价格(万元)\n{rows}"
    (issue,) = take_text(Kind.CONTRACTS, text).issues
    assert (issue.code.value, issue.row, issue.values["count"]) == ("price_free", None, 9)


# contracts told twice


def test_the_same_content_under_another_key_names_both(take_text: TakeIn) -> None:
    row = "湖北甲食品有限公司,大道1号,36400,1200,2019-03-04,挂牌出让"
    taken = take_text(Kind.CONTRACTS, f"{TOLD}\nA1,{row}\nB7,{row}\n")
    (issue,) = of_code(taken, "same_content", "near_duplicate")
    assert (issue.code.value, issue.row) == ("same_content", 3)
    assert (issue.values["before"], issue.values["other"], issue.values["key"]) == (2, "A1", "B7")
    assert len(taken.records) == 2


def test_the_same_row_twice_is_a_duplicate_and_nothing_more(take_text: TakeIn) -> None:
    row = "A1,湖北甲食品有限公司,大道1号,36400,1200,2019-03-04,挂牌出让"
    taken = take_text(Kind.CONTRACTS, f"{TOLD}\n{row}\n{row}\n")
    assert [issue.code.value for issue in taken.issues] == ["duplicate_row"]


NEAR = [
    # holder, area in m², day of signing: like 湖北甲食品有限公司, 36400, 2019-03-04?
    ("湖北甲食品有限公司", "36400", "2019-04-04", True),  # 31 days
    ("湖北甲食品有限公司", "36400", "2019-04-05", False),
    ("湖北甲食品有限公司", "36764", "2019-03-04", True),  # 1 %
    ("湖北甲食品有限公司", "36800", "2019-03-04", False),
    ("湖北甲食品有限责任公司", "36400", "2019-03-06", True),
    ("湖北甲食品公司", "36400", "2019-03-06", True),
    (" 湖北甲　食品股份有限公司", "36390", "2019-02-10", True),
    ("湖北乙食品有限公司", "36400", "2019-03-06", False),
    ("湖北甲食品有限公司", "36400", "", False),
    ("湖北甲食品有限公司", "", "2019-03-06", False),
]


@pytest.mark.parametrize(("holder", "area", "day", "like"), NEAR)
def test_like_holder_area_and_day_are_told_with_both_keys(
    holder: str, area: str, day: str, like: bool, take_text: TakeIn
) -> None:
    rows = "A1,湖北甲食品有限公司,大道1号,36400,1200,2019-03-04,挂牌出让\n"
    rows += f"B7,{holder},大道乙号,{area},1300,{day},协议出让\n"
    taken = take_text(Kind.CONTRACTS, f"{TOLD}\n{rows}")
    found = of_code(taken, "near_duplicate")
    assert [(issue.row, issue.values["other"], issue.values["key"]) for issue in found] == (
        [(3, "A1", "B7")] if like else []
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("某某（来凤）有限公司", "某某(来凤)有限公司"),
        ("甲食品有限公司", "甲食品有限责任公司"),
        ("甲食品集团有限公司", "甲食品集团"),
        ("ＡＢＣ科技有限公司", "abc科技有限公司"),
        ("甲、乙食品公司", "甲乙食品公司"),
    ],
)
def test_one_holder_in_two_spellings(one: str, other: str) -> None:
    assert folded_holder(one) == folded_holder(other) != ""


@pytest.mark.parametrize("nobody", ["个人", "村民", "（自然人）", "公司", "甲", "其他"])
def test_a_word_that_names_nobody_in_particular_makes_no_two_contracts_one(
    nobody: str, take_text: TakeIn
) -> None:
    rows = "".join(f"A{at},{nobody},路{at}号,120,{at + 1},2019-03-04,协议\n" for at in range(3))
    assert of_code(take_text(Kind.CONTRACTS, f"{TOLD}\n{rows}"), "near_duplicate") == []


def test_a_holder_of_many_equal_plots_gives_one_remark_a_plot(take_text: TakeIn) -> None:
    """Sixty villas signed on one day: fifty-nine remarks, not one for each of 1,770 pairs."""
    rows = "".join(
        f"A{at:03d},湖北甲地产有限公司,路{at}号,500,{at + 10},2019-03-04,挂牌\n" for at in range(60)
    )
    assert len(of_code(take_text(Kind.CONTRACTS, f"{TOLD}\n{rows}"), "near_duplicate")) == 59


LIKE = {"holder": "湖北甲食品公司", "division": "来凤县", "signed_on": date(2019, 3, 10)}


@pytest.mark.parametrize(
    ("key", "told", "like"),
    [
        ("旧1", {"area_m2": Decimal(36_400)}, True),
        ("旧1", {"area_m2": Decimal(36_764)}, True),  # 1 %
        ("旧1", {"area_m2": Decimal(36_036)}, False),  # 1 % of the smaller one
        ("旧1", {"area_m2": Decimal(36_400), "signed_on": date(2019, 4, 5)}, False),
        ("旧1", {"area_m2": Decimal(36_400), "holder": "湖北乙食品公司"}, False),
        ("旧1", {"area_m2": None}, False),
        ("A1", {"area_m2": Decimal(36_400)}, False),  # itself, told again
    ],
)
def test_a_contract_of_the_ledger_under_another_key_is_named(
    key: str, told: dict[str, object], like: bool, take_text: TakeIn
) -> None:
    held: Any = {**LIKE, **told}
    background = Background(contracts=lambda divisions: [KnownContract(key, **held)])
    text = "合同编号,土地使用权人,行政区,面积(平方米),合同签订日期\n"
    text += "A1,湖北甲食品有限公司,来凤县,36400,2019-03-04\n"
    taken = take_text(Kind.CONTRACTS, text, background=background)
    found = of_code(taken, "near_in_ledger")
    assert [(one.row, one.values["other"], one.values["key"]) for one in found] == (
        [(2, "旧1", "A1")] if like else []
    )


# bounds exchanged


def bounds(*pairs: tuple[str, str], headers: str = "容积率下限,容积率上限") -> str:
    rows = "".join(f"A{at},某{at}公司,{low},{high}\n" for at, (low, high) in enumerate(pairs))
    return f"合同编号,土地使用权人,{headers}\n{rows}"


def test_columns_exchanged_in_most_rows_are_said_once_with_the_counts(take_text: TakeIn) -> None:
    text = bounds(*[("3.5", "1.0")] * 6, ("1.0", "2.0"), ("", "2.0"), ("1.5", "1.5"))
    taken = take_text(Kind.CONTRACTS, text)
    (issue,) = of_code(taken, "far_columns_crossed")
    assert (issue.row, issue.values["count"], issue.values["told"]) == (None, 6, 7)
    assert len(of_code(taken, "far_crossed")) == 6
    assert not any("agreed_far_min" in record.values for record in taken.records[:6])


@pytest.mark.parametrize("crossed", [0, 1, 3])
def test_a_few_crossed_rows_are_slips_and_no_exchanged_columns(
    crossed: int, take_text: TakeIn
) -> None:
    text = bounds(*[("3.5", "1.0")] * crossed, *[("1.0", "2.0")] * 5)
    taken = take_text(Kind.CONTRACTS, text)
    assert of_code(taken, "far_columns_crossed") == []
    assert len(of_code(taken, "far_crossed")) == crossed


def test_a_source_that_names_its_bounds_the_wrong_way_round_is_said(take_text: TakeIn) -> None:
    text = bounds(("1.0", "3.5"), headers="plotRatioUP,plotRatioLOWER")
    taken = take_text(Kind.CONTRACTS, text)
    assert [issue.code.value for issue in taken.issues] == ["far_names_exchanged"]
    assert taken.only.values["agreed_far_min"] == Decimal("1.0")


# a header beside its values

SLID = "合同编号,项目名称,土地用途,供地方式,面积(公顷),成交价格(万元),合同签订日期,土地使用权人"


def rows_of(count: int, shift: int) -> str:
    cells = ["项目", "工业用地", "挂牌出让", "1.5", "300", "2019-03-04", "湖北甲食品有限公司"]
    cells = cells[-shift:] + cells[:-shift] if shift else cells
    return "".join(f"A{at}," + ",".join(cells) + "\n" for at in range(count))


@pytest.mark.parametrize("shift", [1, -1])
def test_a_header_beside_its_values_refuses_the_file_with_an_example(
    shift: int, take_text: TakeIn
) -> None:
    with pytest.raises(InputRefusedError) as refused:
        take_text(Kind.CONTRACTS, f"{SLID}\n{rows_of(8, shift)}")
    assert refused.value.code == "ledger.error.columns_slid"
    assert "错开了一列" in refused.value.in_words("zh")
    assert "stands one column beside" in refused.value.in_words("en")


def test_a_header_over_its_values_is_no_slide(take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, f"{SLID}\n{rows_of(8, 0)}")
    assert len(taken.records) == 8


def test_two_columns_filled_wrongly_are_no_slide(take_text: TakeIn) -> None:
    """待定 in every date, names in every price: bad cells, told one by one, no shift."""
    rows = "".join(f"A{at},项目,工业用地,挂牌,1.5,待定,待定,某公司\n" for at in range(8))
    taken = take_text(Kind.CONTRACTS, f"{SLID}\n{rows}")
    assert {issue.code.value for issue in taken.issues} <= {"bad_date", "bad_number"}


# what is kept and not used


def test_instalments_in_one_cell_are_kept_and_neither_split_nor_summed(take_text: TakeIn) -> None:
    text = (
        "合同编号,土地使用权人,成交价格(万元),分期支付约定-支付期号,分期支付约定-约定支付金额(万元)\n"
        "A1,某公司,149910.72,1|2|,74955.36|74955.36|\nA2,某公司,5,1|,5|\n"
    )
    taken = take_text(Kind.CONTRACTS, text)
    (issue,) = of_code(taken, "instalments_kept")
    assert issue.row is None
    assert issue.values["example"] == "1|2|"
    assert taken.records[0].values["price_wan"] == Decimal("149910.72")
    assert taken.records[0].as_read["分期支付约定-约定支付金额(万元)"] == "74955.36|74955.36|"


def test_a_land_source_told_in_numbers_is_explained_and_kept(take_text: TakeIn) -> None:
    text = "合同编号,土地使用权人,面积(公顷),土地来源\nA1,甲,1.5,1.5\nA2,乙,2,0\nA3,丙,3,1.2\n"
    taken = take_text(Kind.CONTRACTS, text)
    assert [issue.code.value for issue in taken.issues] == ["land_source_numbers"]
    words = text.replace("1.5\nA2", "现有建设用地\nA2").replace(",0\n", ",新增建设用地\n")
    assert take_text(Kind.CONTRACTS, words).issues == []


@pytest.mark.parametrize(
    ("headers", "one", "other", "look"),
    [
        ("经度,纬度", "109.49", "29.49", "degrees"),
        ("经度,纬度", "29.49", "109.49", "swapped"),
        ("X,Y", "29.49", "109.49", "degrees"),  # north as X is no slip among surveyors
        ("GeoX,GeoY", "-1.74", "50.78", "elsewhere"),
        ("GeoX,GeoY", "52.19", "-2.20", "elsewhere"),
        ("横坐标,纵坐标", "36547000", "3263000", "metres"),
    ],
)
def test_points_in_two_columns_are_kept_and_looked_at(
    headers: str, one: str, other: str, look: str, take_text: TakeIn
) -> None:
    text = f"宗地编号,{headers}\nP1,{one},{other}\nP2,,{other}\nP3,{one},{other}\n"
    (issue,) = take_text(Kind.PARCELS, text).issues
    assert (issue.code.value, issue.values["look"]) == ("points_kept", f"ledger.points.{look}")
    assert "{" not in issue.in_words("zh") + issue.in_words("en")


def test_degrees_and_metres_in_one_column_are_said(take_text: TakeIn) -> None:
    text = "宗地编号,GeoX,GeoY\nP1,109.4,29.4\nP2,458058.16,304925.45\n"
    (issue,) = take_text(Kind.PARCELS, text).issues
    assert issue.values["look"] == "ledger.points.mixed"


# days ahead


@pytest.mark.parametrize(
    "header", ["合同签订日期", "实际交地时间", "项目投资协议书签订日期", "农转用批准日期"]
)
def test_what_cannot_have_happened_yet_is_unreadable(header: str, take_text: TakeIn) -> None:
    text = f"合同编号,土地使用权人,{header}\nA1,某公司,2026-01-01\n"
    taken = take_text(Kind.CONTRACTS, text, today=date(2025, 12, 1))
    (issue,) = taken.issues
    assert issue.code.value == "date_ahead"
    assert len(taken.only.unreadable) == 1
    assert take_text(Kind.CONTRACTS, text, today=date(2025, 12, 31)).issues == []


# years of tenure


@pytest.mark.parametrize(
    ("told", "years"),
    [
        ("50", "50"), ("50年", "50"), ("五十年", "50"), ("伍拾年", "50"), ("柒拾", "70"),
        ("５０ 年", "50"), ("50.0", "50"), ("70/40", "40;70"), ("40-70年", "40;70"),
        ("商业40年,住宅70年", "40;70"), ("住宅70年商业40年", "40;70"), ("40年.50年", "40;50"),
        ("城镇住宅用地70年; 教育用地50年;", "50;70"), ("其他商服用地40年; 城镇住宅用地70", "40;70"),
        ("商业:四十年、住宅:七十年", "40;70"), ("32.82;62.82", "32.82;62.82"), ("40;70", "40;70"),
        ("70年，70年", "70"), ("二类居住用地七十年", "70"), ("R2用地70年", "70"),
    ],
)  # fmt: skip
def test_terms_of_tenure_are_read(told: str, years: str, take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, f'合同编号,土地使用权人,出让年限\nA1,某公司,"{told}"\n')
    assert taken.only.values["tenure_years"] == years
    assert taken.issues == []


@pytest.mark.parametrize("told", ["2069-3-16", "至2069年3月16日止", "2019-03-17至2069-03-16"])
def test_an_end_among_the_years_is_the_end_of_tenure(told: str, take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, f"合同编号,土地使用权人,土地使用年限\nA1,某公司,{told}\n")
    assert taken.only.values["tenure_ends_on"] == date(2069, 3, 16)
    assert "tenure_years" not in taken.only.values
    assert taken.codes == ["tenure_end_told"]


@pytest.mark.parametrize(
    ("told", "code", "unreadable"),
    [
        ("7040", "bad_tenure", True), ("40.70", "bad_tenure", True), ("36个月", "bad_tenure", True),
        ("至2052年", "bad_tenure", True), ("划拨", "bad_tenure", True), ("5 0", "bad_tenure", True),
        ("商业40住宅50", "bad_tenure", True), ("99年", "tenure_implausible", True),
        ("长期", "tenure_open", False), ("0", "zero_term", False),
    ],
)  # fmt: skip
def test_what_tells_no_term_is_said_and_not_guessed(
    told: str, code: str, unreadable: bool, take_text: TakeIn
) -> None:
    taken = take_text(Kind.CONTRACTS, f"合同编号,土地使用权人,使用年限\nA1,某公司,{told}\n")
    assert taken.codes == [code]
    assert "tenure_years" not in taken.only.values
    assert ("tenure_years" in taken.only.unreadable) == unreadable


def test_the_end_of_tenure_has_a_header_of_its_own(take_text: TakeIn) -> None:
    text = "合同编号,土地使用权人,合同签订日期,使用权终止日期\nA1,某,2019-03-04,2009-03-04\n"
    taken = take_text(Kind.CONTRACTS, text)
    assert taken.only.values["tenure_ends_on"] == date(2009, 3, 4)
    assert taken.codes == ["dates_out_of_order"]

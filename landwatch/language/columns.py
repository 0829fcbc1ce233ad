"""The ledger's columns: one list for the importer, the store, the rules and the words.

A column's name carries its unit and never changes (ledger.md §1). The store keeps numbers as they
were told, rounded to the column's `places`; rules decide on exact decimals.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from landwatch.language import terms
from landwatch.language.terms import Term

NUMBERS_BELOW = 10**9
"""No number of a ledger is so large, in any unit: 万元, m² or 亩."""


class ColumnType(StrEnum):
    """What a cell of the column holds."""

    TEXT = "text"
    DATE = "date"
    DECIMAL = "decimal"
    INTEGER = "integer"
    YES_NO = "yes_no"
    CODE = "code"
    GEOMETRY = "geometry"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: permanent name, meaning in both languages, what it holds, unit and choices."""

    name: str
    holds: ColumnType
    zh: str
    en: str
    unit: str | None = None
    choices: type[Term] | None = None
    many: bool = False
    key: bool = False

    @property
    def places(self) -> int:
        """Return how many decimals are kept (money to a fen, m² to a cm², 亩 exact from m²)."""
        return {"m2": 4, "亩": 8}.get(self.unit or "", 6)

    def in_words(self, lang: str) -> str:
        """Return the column's name in `lang`."""
        return self.zh if lang == "zh" else self.en


class Kind(StrEnum):
    """The five kinds of record."""

    ZONES = "zones"
    PARCELS = "parcels"
    CONTRACTS = "contracts"
    PROGRESS = "progress"
    EVENTS = "events"


def _text(name: str, zh: str, en: str, *, key: bool = False, many: bool = False) -> Column:
    return Column(name, ColumnType.TEXT, zh, en, key=key, many=many)


def _date(name: str, zh: str, en: str, *, key: bool = False) -> Column:
    return Column(name, ColumnType.DATE, zh, en, key=key)


def _number(name: str, zh: str, en: str, unit: str, *, key: bool = False) -> Column:
    return Column(name, ColumnType.DECIMAL, zh, en, unit, key=key)


def _count(name: str, zh: str, en: str) -> Column:
    return Column(name, ColumnType.INTEGER, zh, en, "1")


def _yes_no(name: str, zh: str, en: str) -> Column:
    return Column(name, ColumnType.YES_NO, zh, en)


def _code(name: str, zh: str, en: str, choices: type[Term], *, key: bool = False) -> Column:
    return Column(name, ColumnType.CODE, zh, en, choices=choices, key=key)


_GEOMETRY = Column("geometry", ColumnType.GEOMETRY, "图形", "geometry")

ZONES = (
    _text("zone_id", "园区编号", "zone id", key=True),
    _text("name", "园区名称", "zone name"),
    _code("level", "园区级别", "zone level", terms.ZoneLevel),
    _text("parent_zone_id", "上级园区编号", "parent zone id"),
    _text("adcode", "行政区划代码", "division code"),
    _number("approved_area_ha", "批准面积", "approved area", "公顷"),
    _text("leading_industries", "主导产业", "leading industries", many=True),
    _yes_no("outer_county", "远郊县区园区", "park of an outer county"),
    _date("statistics_on", "统计截止日", "statistics as of"),
    _number("economy_wan", "经济总量", "whole economy", "万元"),
    _number("industry_output_wan", "工业产值", "industrial output", "万元"),
    _number("total_output_wan", "园区总产值", "output of the park", "万元"),
    _number("leading_output_wan", "主导产业产值", "output of the leading industries", "万元"),
    _number("annual_plan_ha", "年度用地计划", "annual land plan", "公顷"),
    _number("batch_area_ha", "批次用地申报面积", "land applied for in batches", "公顷"),
    _GEOMETRY,
)

PARCELS = (
    _text("parcel_id", "宗地编号", "parcel id", key=True),
    _text("unit_code", "不动产单元代码", "real-estate unit code"),
    _text("zone_id", "园区编号", "zone id"),
    _text("land_use", "土地用途", "land use"),
    _number("area_m2", "宗地面积", "certified area", "m2"),
    _GEOMETRY,
)

CONTRACTS = (
    _text("contract_id", "合同主键", "contract id", key=True),
    _text("supervision_no", "电子监管号", "supervision number"),
    _text("contract_no", "合同编号", "contract number"),
    _text("parcel_id", "宗地编号", "parcel id", many=True),
    _text("zone_id", "园区编号", "zone id"),
    _code("instrument", "供地方式", "instrument of supply", terms.Instrument),
    _text("project_name", "项目名称", "project"),
    _text("location", "项目位置", "location"),
    _text("division", "行政区", "division"),
    _text("adcode", "行政区划代码", "division code"),
    _text("holder", "土地使用权人", "holder"),
    _text("holder_uscc", "统一社会信用代码", "unified social credit code"),
    _text("land_use", "土地用途", "land use"),
    _text("industry_code", "行业代码", "industry code"),
    _text("industry_edition", "行业分类版本", "edition of the industry code"),
    _number("area_m2", "出让面积", "granted area", "m2"),
    _number("area_mu", "出让面积（亩）", "granted area in mu", "亩"),
    _number("price_wan", "成交价格", "price", "万元"),
    _date("signed_on", "合同签订日期", "signed on"),
    _date("supplied_on", "土地供应日期", "supplied on"),
    _date("agreed_delivery_on", "约定交地时间", "agreed delivery"),
    _date("delivered_on", "实际交地时间", "delivered on"),
    _date("agreed_start_on", "约定开工时间", "agreed start"),
    _date("agreed_completion_on", "约定竣工时间", "agreed completion"),
    _date("actual_start_on", "实际开工时间", "actual start, as reported"),
    _date("actual_completion_on", "实际竣工时间", "actual completion, as reported"),
    _number("agreed_total_investment_wan", "约定总投资额", "agreed total investment", "万元"),
    _number(
        "agreed_total_investment_land_price_wan",
        "总投资额中的土地价款",
        "land price inside the total investment",
        "万元",
    ),
    _number(
        "agreed_total_investment_taxes_wan",
        "总投资额中的税费",
        "taxes and fees inside the total investment",
        "万元",
    ),
    _number(
        "agreed_fixed_investment_wan", "约定固定资产投资", "agreed fixed-asset investment", "万元"
    ),
    _number("agreed_intensity_wan_per_mu", "约定投资强度", "agreed intensity", "万元/亩"),
    _number("agreed_far_min", "约定容积率下限", "agreed minimum floor-area ratio", "1"),
    _number("agreed_far_max", "约定容积率上限", "agreed maximum floor-area ratio", "1"),
    _number("agreed_density_min", "约定建筑系数下限", "agreed minimum density", "1"),
    _number("agreed_tax_wan_per_mu", "约定亩均税收", "agreed tax per mu", "万元/亩"),
    _number("agreed_output_wan_per_mu", "约定亩均产值", "agreed output per mu", "万元/亩"),
    _number("design_capacity", "设计产能", "design capacity", "产能"),
    _text("capacity_unit", "产能单位", "unit of capacity"),
    _number("due_start_area_m2", "应动工开发面积", "area due to be started", "m2"),
    _number("due_start_area_mu", "应动工开发面积（亩）", "area due to be started, in mu", "亩"),
    _number("start_penalty_permille", "开工违约金", "daily penalty for a late start", "‰/日"),
    _number(
        "completion_penalty_permille", "竣工违约金", "daily penalty for a late completion", "‰/日"
    ),
    _date("agreement_signed_on", "投资协议书签订日期", "investment agreement signed on"),
    _number("agreement_area_mu", "投资协议书面积", "area of the investment agreement", "亩"),
    _code("contract_form", "合同文本", "form of the contract", terms.ContractForm),
    _code("former_land_class", "原地类", "former class of the land", terms.FormerLand),
    _date("conversion_approved_on", "农用地转用批准日期", "conversion approved on"),
    _number(
        "agreed_energy_wan_per_tce",
        "约定单位能耗增加值",
        "agreed value added per energy",
        "万元/吨标煤",
    ),
    _number(
        "agreed_emission_wan_per_t",
        "约定单位排放增加值",
        "agreed value added per emission",
        "万元/吨",
    ),
    _number("floor_price_yuan_per_m2", "出让底价", "floor price", "元/m2"),
    _number(
        "grade_minimum_yuan_per_m2",
        "工业用地出让最低价标准",
        "minimum price of the land grade",
        "元/m2",
    ),
    _text("tenure_years", "土地使用年限", "years of tenure"),
    _date("tenure_ends_on", "土地使用权终止日期", "tenure ends on"),
)

PROGRESS = (
    _text("contract_id", "合同主键", "contract id", key=True),
    _date("observed_on", "核查日期", "observed on", key=True),
    _code("source", "来源", "source", terms.ProgressSource, key=True),
    _text("inspector", "核查人", "inspector", key=True),
    _yes_no("started", "是否动工", "started"),
    _date("permit_on", "施工许可日期", "construction permit"),
    _code("foundation", "基础类型", "kind of foundation", terms.Foundation),
    _number("pit_share", "基坑完成比例", "share of the pit dug", "1"),
    _count("piles_driven", "已打桩数", "piles driven"),
    _count("piles_total", "总桩数", "piles in all"),
    _number("foundation_share", "地基完成比例", "share of the foundation done", "1"),
    _number("developed_area_m2", "已开发面积", "developed area", "m2"),
    _number("developed_area_mu", "已开发面积（亩）", "developed area, in mu", "亩"),
    _date("suspended_since", "中止开发日期", "suspended since"),
    _date("resumed_on", "复工日期", "resumed on"),
    _yes_no("works_without_permit", "无证施工", "works without a permit"),
    _number("invested_wan", "已投资额", "invested", "万元"),
    _number("invested_land_price_wan", "已投资额中的土地价款", "land price inside it", "万元"),
    _number("invested_taxes_wan", "已投资额中的税费", "taxes and fees inside it", "万元"),
    _number("fixed_assets_wan", "固定资产投资", "fixed assets", "万元"),
    _number("fixed_land_price_wan", "固定资产另计土地价款", "land price beside them", "万元"),
    _number("floor_area_m2", "建筑面积", "floor area", "m2"),
    _number("footprint_m2", "建筑占地面积", "footprint", "m2"),
    _number("office_land_m2", "行政办公用地面积", "office and living land", "m2"),
    _number("green_area_m2", "绿地面积", "green area", "m2"),
    _date("in_production_on", "投产日期", "in production since"),
    _number("capacity_actual", "实际产能", "actual capacity", "产能"),
    _date("completed_on", "竣工日期", "completed on"),
    _number("output_wan", "产值", "output", "万元"),
    _number("tax_wan", "税收", "tax", "万元"),
    _number("value_added_wan", "增加值", "value added", "万元"),
    _number("energy_tce", "综合能耗", "energy", "吨标煤"),
    _number("emission_kg", "排放量", "emission", "kg"),
    _number("rd_wan", "研发经费", "R&D", "万元"),
    _count("employees", "职工人数", "employees"),
    _count("stat_year", "统计年度", "year of the statistics"),
    _yes_no("above_scale", "规模以上", "above the designated scale"),
    _number("evaluated_tax_wan", "评价税收", "evaluated tax", "万元"),
    _number("revenue_wan", "主营业务收入", "revenue", "万元"),
    _number("electricity_wan_kwh", "用电量", "electricity", "万千瓦时"),
    _date("unused_since", "连续未使用起始日", "unused since"),
    _yes_no("means_to_build", "有无建设能力", "means to build"),
    _code("stage", "项目阶段", "stage", terms.Stage),
    _text("note", "备注", "note"),
)

EVENTS = (
    _text("contract_id", "合同主键", "contract id", key=True),
    _code("kind", "事件类型", "kind of event", terms.EventKind, key=True),
    _date("on", "发生日期", "on", key=True),
    _text("document_no", "文号", "document number", key=True),
    _number("amount_wan", "金额", "amount", "万元", key=True),
    _date("until", "截止日期", "until"),
    _code("cause", "原因", "cause", terms.Cause),
    _yes_no("verified", "是否核实", "verified"),
    _date("agreed_start_on", "新约定开工时间", "new agreed start"),
    _date("agreed_completion_on", "新约定竣工时间", "new agreed completion"),
    _text("note", "备注", "note"),
)

COLUMNS: dict[Kind, tuple[Column, ...]] = {
    Kind.ZONES: ZONES,
    Kind.PARCELS: PARCELS,
    Kind.CONTRACTS: CONTRACTS,
    Kind.PROGRESS: PROGRESS,
    Kind.EVENTS: EVENTS,
}


def columns_of(kind: Kind) -> dict[str, Column]:
    """Return the columns of a kind of record by name, in order.

    >>> list(columns_of(Kind.ZONES))[:2]
    ['zone_id', 'name']
    """
    return {column.name: column for column in COLUMNS[kind]}

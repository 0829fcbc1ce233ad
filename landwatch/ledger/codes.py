"""Which code of an enumeration a cell names, and whether it says yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from landwatch.language import terms
from landwatch.language.catalogue import LANGUAGES
from landwatch.language.columns import Column
from landwatch.language.terms import Term
from landwatch.ledger.cells import Reading, tidy
from landwatch.ledger.issues import IssueCode

_SYNONYMS: dict[type[Term], dict[str, Sequence[str]]] = {
    terms.Instrument: {
        "grant": (
            *("招标出让", "拍卖出让", "挂牌出让", "协议出让", "招拍挂出让", "公开出让", "有偿出让"),
            *("招标", "拍卖", "挂牌", "协议", "招拍挂"),
            *("auction", "tender", "listing", "agreement"),
        ),
        "allocation": ("划拨供地", "行政划拨", "划拨用地", "无偿划拨"),
        "lease": ("租赁供地", "出租", "先租后让", "长期租赁", "弹性年期租赁"),
        "contribution": ("作价出资", "作价入股", "入股", "国家作价出资", "作价出资或入股"),
    },
    terms.ZoneLevel: {
        "national": ("国家级园区", "国家级开发区", "国家", "国级"),
        "provincial": ("省级园区", "省级开发区", "省"),
        "county": ("县级", "区级", "县区级园区", "县区产业园区", "县"),
    },
    terms.ContractForm: {
        "supplement_2006": ("2006年补充协议文本", "补充协议"),
        "form_2008": ("GF-2008-2601", "2008年文本"),
        "form_newer": ("新版合同文本", "新版"),
    },
    terms.FormerLand: {
        "cultivated": ("农用地（耕地）", "水田", "旱地", "水浇地"),
        "other_farmland": ("园地", "林地", "草地"),
        "construction": ("存量建设用地",),
        "unused": ("未利用土地",),
    },
    terms.Stage: {
        "planned": ("未开工", "待开工", "拟建", "筹建"),
        "levelled": ("场地平整", "场地平整完成", "已场平", "三通一平"),
        "under_construction": (
            *("建设中", "在建项目", "已开工", "续建", "继建"),
            *("基础及围墙等在施工中", "厂房主体第三层浇灌"),
        ),
        "halted_building": ("停工", "停工停建", "烂尾"),
        "trial_run": ("试生产", "试运行", "调试", "设备安装调试", "待投入试运行"),
        "in_production": ("已投产", "生产中", "正常生产", "已建成投产", "建成投产"),
        "halted_production": ("停产停业", "已停产"),
    },
    terms.Foundation: {
        "deep_pit": ("基坑", "深基坑开挖"),
        "piles": ("桩基础", "打桩"),
        "deep_pit+piles": ("深基坑+桩基", "深基坑和桩基", "桩基加深基坑", "桩基+深基坑"),
        "other": ("其他", "其它", "其它基础", "浅基础", "独立基础", "条形基础", "筏板基础"),
    },
    terms.ProgressSource: {
        "inspection": ("现场检查", "实地核查", "现场巡查", "巡查", "实地踏勘", "检查"),
        "permit_system": ("施工许可", "住建系统", "审批系统"),
        "remote_sensing": ("遥感", "卫星影像", "卫片"),
        "statistics": ("统计", "统计部门", "一套表"),
        "holder_report": ("企业自报", "企业上报", "企业报告", "自报"),
    },
    terms.EventKind: {
        "amendment": ("补充合同", "变更协议", "合同变更"),
        "delivery": ("交地", "交付土地", "交地确认"),
        "delay": ("延期", "延迟", "迟延"),
        "bond_deposit": ("保证金缴存", "缴纳保证金", "缴纳履约保证金"),
        "bond_refund": ("退还保证金", "保证金返还"),
        "bond_forfeit": ("不予退还保证金", "保证金没收"),
        "payment": ("缴纳土地价款", "缴纳出让金", "付款"),
        "transfer": ("土地转让", "转让登记"),
        "support_cut": ("减小政策扶持力度", "减少扶持"),
        "urge": ("督促通知", "督促开工", "催告"),
        "determination": ("闲置土地认定", "闲置认定"),
        "inability": ("无能力建设", "无建设能力"),
    },
    terms.Cause: {
        "G1": ("未按期交地", "交地延误", "未按时交地"),
        "G2": ("政府规划调整", "规划调整", "规划修改"),
        "G3": ("政策调整",),
        "G4": ("信访",),
        "G5": ("文物", "军事管制"),
        "G6": ("政府其他", "政府原因"),
        "FM": ("不可抗力", "自然灾害", "疫情"),
        "P": ("前期工作",),
    },
}

_YES = frozenset(
    (
        *("是", "yes", "y", "true", "1", "有", "已", "对", "√", "✓"),
        *("已动工", "已开工", "动工", "开工", "已核实", "已确认"),
    )
)
_NO = frozenset(
    (
        *("否", "no", "n", "false", "0", "没有", "未", "不是", "×", "✗"),
        *("未动工", "未开工", "未核实", "未确认", "尚未动工", "尚未开工"),
    )
)
_VERIFIED = frozenset(("经核实", "属实", "已核", "已核实", "经核实属实"))
_NOT_VERIFIED = frozenset(("未经核实", "不属实", "未核"))
_NONE_MEANS_NO = frozenset(("means_to_build", "works_without_permit"))


def _folded(text: str) -> str:
    return tidy(text).casefold().replace(" ", "").replace("'", "").replace("’", "")


@cache
def names_of(choices: type[Term]) -> dict[str, str]:
    """Return every accepted spelling of an enumeration's members, with the code it stands for."""
    names: dict[str, str] = {}
    for member in choices:
        spellings = [member.value, *(member.in_words(lang) for lang in LANGUAGES)]
        spellings += _SYNONYMS.get(choices, {}).get(member.value, ())
        names |= dict.fromkeys(map(_folded, spellings), member.value)
    return names


def read_code(text: str, column: Column) -> Reading:
    """Return the code that a cell names; 授权经营 and other words without a code name none.

    >>> from landwatch.language.columns import Kind, columns_of
    >>> read_code("挂牌出让", columns_of(Kind.CONTRACTS)["instrument"]).value
    'grant'
    """
    choices = column.choices or Term
    code = names_of(choices).get(_folded(text))
    if code is not None:
        return Reading(code)
    known = "、".join(member.in_words("zh") for member in choices)
    codes = ", ".join(member.value for member in choices)
    return Reading(code=IssueCode.BAD_CODE, told={"names": known, "codes": codes})


def read_yes_no(text: str, column: Column) -> Reading:
    """Return True for yes and False for no, in the field's words.

    >>> from landwatch.language.columns import Kind, columns_of
    >>> read_yes_no("未开工", columns_of(Kind.PROGRESS)["started"]).value
    False
    """
    folded = _folded(text)
    if folded in _YES or (column.name == "verified" and folded in _VERIFIED):
        return Reading(True)
    if column.name == "verified" and folded in _NOT_VERIFIED:
        return Reading(False)
    if folded in _NO or (folded == "无" and column.name in _NONE_MEANS_NO):
        return Reading(False)
    return Reading(code=IssueCode.BAD_YES_NO)


def none_means_no(column: Column) -> bool:
    """Tell whether 无 answers no in that column, where elsewhere it says nothing."""
    return column.name in _NONE_MEANS_NO

"""Every header that is accepted for a column, in one place.

Beside these a column answers to its own name and to its Chinese and English name of
`language/columns.py`. Earlier names go before later ones where a file has both. The national
supply-result headers, their page's and API's keys, and those of the files seen are among them; so
are the field names of cadastral layers (ZDDM, QLRMC …) whose meaning is certain.
"""

from __future__ import annotations

from collections.abc import Mapping

from landwatch.language.columns import Kind

SOURCE_ID, SUPERVISION_NO, CONTRACT_NO = "_source_id", "_supervision_no", "_contract_no"
"""Headers that only serve to make a key: a record id of the source, or another file's numbers."""

CLEARED, UNREADABLE = "_cleared_columns", "_unreadable_columns"
"""Headers of landwatch's own exports: the columns that a row asks to forget, or could not tell."""
MORE_GEOMETRY = "_geometry_"
"""Begins the marks of columns that go on with a geometry too long for one cell."""

MARKS: Mapping[str, tuple[str, ...]] = {
    CLEARED: ("cleared_columns", "清空的列"),
    UNREADABLE: ("unreadable_columns", "无法读懂的列"),
    **{f"{MORE_GEOMETRY}{part}": (f"geometry_{part}",) for part in range(2, 100)},
}

_SOURCE_IDS = ("md5mark", "guid", "recorderguid", "唯一标识", "主键md5", "记录编号")
_SUPERVISION = ("电子监管号", "监管号", "supervision_no")
_CONTRACT_NUMBERS = (
    "合同编号", "合同号", "出让合同编号", "出让合同号", "合同编号或划拨决定书编号",
    "划拨决定书编号", "contract_no",
)  # fmt: skip
_CONTRACT_IDS = ("合同id", "供地合同编号", "合同标识")
_DIVISION = ("行政区", "行政区域", "所在地", "区县", "administration")
_ZONE_ID = ("园区编码", "园区代码", "所属园区编号", "所属园区")
_PARCEL_ID = ("宗地号", "宗地编码", "宗地代码", "地块编号", "地块编码", "zddm", "dkbh")

SYNONYMS: Mapping[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.ZONES: {
        "zone_id": ("园区编码", "园区代码", "开发区代码"),
        "name": ("园区", "开发区名称", "名称"),
        "level": ("级别", "开发区级别"),
        "parent_zone_id": ("上级园区", "所属上级园区编号"),
        "adcode": ("行政区代码", "区划代码"),
        "approved_area_ha": ("批准规划面积", "核准面积"),
        "leading_industries": ("主导产业名称",),
        "outer_county": ("远郊县区", "是否远郊县区"),
        "statistics_on": ("统计日期", "统计时间"),
        "economy_wan": ("地区经济总量",),
        "industry_output_wan": ("工业经济", "工业总产值"),
        "total_output_wan": ("总产值", "园区产值"),
        "leading_output_wan": ("主导产业总产值",),
        "annual_plan_ha": ("年度用地计划面积",),
        "batch_area_ha": ("批次用地面积",),
        "geometry": ("geom", "wkt", "the_geom", "范围"),
    },
    Kind.PARCELS: {
        "parcel_id": _PARCEL_ID,
        "unit_code": ("不动产单元号", "单元代码", "bdcdyh"),
        "zone_id": _ZONE_ID,
        "land_use": ("用途", "规划用途", "地类", "yt"),
        "area_m2": ("面积", "证书面积", "土地面积", "发证面积", "宗地面积", "地块面积", "zdmj",
                    "dkmj"),
        "geometry": ("geom", "wkt", "the_geom", "范围"),
    },
    Kind.CONTRACTS: {
        "contract_id": _CONTRACT_IDS,
        "supervision_no": _SUPERVISION,
        "contract_no": _CONTRACT_NUMBERS,
        SOURCE_ID: _SOURCE_IDS,
        "parcel_id": _PARCEL_ID,
        "zone_id": _ZONE_ID,
        "instrument": ("供应方式", "土地供应方式", "出让方式", "supplytype"),
        "project_name": ("项目", "projectname"),
        "location": ("土地坐落", "宗地坐落", "坐落", "宗地位置", "地块位置", "土地位置",
                     "projectlocation", "parcellocation", "zl"),
        "division": _DIVISION,
        "adcode": ("行政区代码", "区划代码"),
        "holder": ("使用权人", "受让人", "受让单位", "用地单位", "竞得人", "企业名称",
                   "权利人名称", "qlrmc", "landholder"),
        "holder_uscc": ("信用代码", "社会信用代码", "受让人统一社会信用代码"),
        "land_use": ("用途", "规划用途", "landpurpose", "yt"),
        "industry_code": ("行业分类", "行业", "国民经济行业代码", "classification"),
        "industry_edition": ("行业分类年版",),
        "area_m2": ("面积", "供地面积", "供应面积", "土地面积", "宗地面积", "合同面积", "总面积",
                    "zdmj", "dkmj", "地块面积"),
        "price_wan": ("成交价", "成交价款", "出让价款", "土地价款", "出让金", "合同价款",
                      "transferprice"),
        "signed_on": ("签订日期", "合同签订时间", "签订时间", "contracttime", "signtime"),
        "supplied_on": ("供地日期", "供地时间", "土地供应时间"),
        "agreed_delivery_on": ("约定交地日期", "agreeddeliverytime"),
        "delivered_on": ("实际交地日期", "交地日期", "交地时间"),
        "agreed_start_on": ("约定开工日期", "约定动工时间", "约定动工日期", "合同约定开工时间",
                            "agreedstarttime"),
        "agreed_completion_on": ("约定竣工日期", "合同约定竣工时间",
                                 "agreedcompletiontime"),
        "actual_start_on": ("实际开工日期", "实际动工时间", "实际动工日期", "actualstarttime"),
        "actual_completion_on": ("实际竣工日期", "actualcompletiontime"),
        "agreed_total_investment_wan": ("总投资额", "总投资", "项目总投资", "约定总投资"),
        "agreed_total_investment_land_price_wan": ("其中土地价款",),
        "agreed_total_investment_taxes_wan": ("其中税费", "其中相关税费"),
        "agreed_fixed_investment_wan": ("固定资产总投资", "约定固定资产总投资"),
        "agreed_intensity_wan_per_mu": ("投资强度", "约定固定资产投资强度"),
        "agreed_far_min": ("容积率下限", "约定容积率的下限"),
        "agreed_far_max": ("容积率上限", "约定容积率的上限"),
        "agreed_density_min": ("建筑系数下限", "建筑密度下限", "约定建筑密度下限"),
        "agreed_tax_wan_per_mu": ("亩均税收",),
        "agreed_output_wan_per_mu": ("亩均产值",),
        "design_capacity": ("评审产能", "评审(或设计)产能", "评审或设计产能"),
        "due_start_area_m2": ("应动工开发建设用地面积", "应动工面积"),
        "start_penalty_permille": ("开工违约金比例", "延迟开工违约金"),
        "completion_penalty_permille": ("竣工违约金比例", "延迟竣工违约金"),
        "agreement_signed_on": ("项目投资协议书签订日期", "投资协议签订日期", "协议签订日期"),
        "agreement_area_mu": ("投资协议面积", "协议面积"),
        "contract_form": ("合同版本", "合同文本版本"),
        "former_land_class": ("原土地类型", "占用地类"),
        "conversion_approved_on": ("农转用批准日期", "农用地转用审批日期"),
        "agreed_energy_wan_per_tce": ("单位能耗标准",),
        "agreed_emission_wan_per_t": ("单位排放标准",),
        "floor_price_yuan_per_m2": ("土地出让底价",),
        "tenure_years": ("出让年限", "使用年限", "使用权年限", "土地使用权年限",
                         "土地使用权出让年限", "出让年期", "使用年期", "土地使用年期",
                         "土地使用期限", "landusegeterm", "landuseterm", "crnx"),
        "tenure_ends_on": ("使用权终止日期", "使用权终止时间", "土地使用权终止时间",
                           "土地使用权到期日", "使用权到期日期", "终止日期"),
        "grade_minimum_yuan_per_m2": ("最低价标准", "工业用地最低价标准"),
    },
    Kind.PROGRESS: {
        "contract_id": _CONTRACT_IDS,
        SUPERVISION_NO: _SUPERVISION,
        CONTRACT_NO: _CONTRACT_NUMBERS,
        SOURCE_ID: _SOURCE_IDS,
        "observed_on": ("观测日期", "检查日期", "巡查日期", "填报日期", "核查时间", "上报日期"),
        "source": ("信息来源", "数据来源"),
        "inspector": ("检查人", "巡查人", "核查人员"),
        "started": ("是否开工", "是否已动工", "是否已开工", "动工情况", "开工情况"),
        "permit_on": ("施工许可证日期", "施工许可证取得日期", "取得施工许可日期"),
        "pit_share": ("基坑开挖比例", "基坑比例"),
        "piles_driven": ("已打桩数量", "打桩数"),
        "piles_total": ("桩总数", "设计桩数"),
        "foundation_share": ("基础完成比例", "地基比例"),
        "developed_area_m2": ("已动工开发面积", "开发面积", "已开发建设面积"),
        "suspended_since": ("停工日期", "中止日期", "停工时间"),
        "resumed_on": ("恢复开工日期",),
        "invested_wan": ("已投资", "实际投资额", "累计投资", "累计完成投资"),
        "invested_land_price_wan": ("其中土地价款",),
        "invested_taxes_wan": ("其中税费", "其中相关税费"),
        "fixed_assets_wan": ("固定资产投资额", "累计固定资产投资"),
        "fixed_land_price_wan": ("土地价款", "另计土地价款"),
        "floor_area_m2": ("总建筑面积", "计容建筑面积"),
        "footprint_m2": ("基底面积", "建筑基底面积"),
        "office_land_m2": ("行政办公及生活服务设施用地面积",),
        "in_production_on": ("投产时间",),
        "completed_on": ("竣工时间", "实际竣工日期", "竣工验收日期"),
        "output_wan": ("总产值", "年产值", "工业总产值"),
        "tax_wan": ("税收总额", "年税收", "纳税额"),
        "value_added_wan": ("工业增加值",),
        "energy_tce": ("能耗", "综合能源消费量"),
        "rd_wan": ("研发投入", "研发费用"),
        "employees": ("从业人数", "职工数", "用工人数"),
        "stat_year": ("统计年份", "所属年度"),
        "above_scale": ("是否规上", "是否规模以上"),
        "evaluated_tax_wan": ("评价税额",),
        "revenue_wan": ("营业收入", "主营收入"),
        "electricity_wan_kwh": ("全年用电量",),
        "unused_since": ("未使用起始日", "闲置起始日"),
        "means_to_build": ("建设能力", "是否有建设能力"),
        "stage": ("阶段", "建设状态", "项目状态"),
        "note": ("说明", "remark"),
    },
    Kind.EVENTS: {
        "contract_id": _CONTRACT_IDS,
        SUPERVISION_NO: _SUPERVISION,
        CONTRACT_NO: _CONTRACT_NUMBERS,
        SOURCE_ID: _SOURCE_IDS,
        "kind": ("事件", "事件类别", "类型"),
        "on": ("日期", "事件日期", "时间"),
        "document_no": ("文件号", "文件编号", "认定书文号"),
        "amount_wan": ("事件金额",),
        "until": ("截止时间", "结束日期", "延期至"),
        "cause": ("延误原因", "原因代码"),
        "verified": ("是否已核实", "核实"),
        "agreed_start_on": ("约定开工时间", "变更后约定开工时间", "变更后开工时间"),
        "agreed_completion_on": ("约定竣工时间", "变更后约定竣工时间", "变更后竣工时间"),
        "note": ("说明", "remark"),
    },
}  # fmt: skip

NO_USUAL_UNIT = frozenset(("dkmj", "地块面积"))
"""Areas that are told in hectares as often as in m²: without their unit they are not used."""

PROFILES: tuple[tuple[frozenset[str], Mapping[str, tuple[str, str | None]]], ...] = (
    # Guangdong's open supply results: the bounds' names are swapped, the area is in hectares
    (
        frozenset(("plotratioup",)),
        {
            "plotratioup": ("agreed_far_min", None),
            "plotratiolower": ("agreed_far_max", None),
            "area": ("area_m2", "公顷"),
        },
    ),
    # the page's table of 约定容积率 flattened: its two cells keep only 下限 and 上限
    (
        frozenset(("下限", "上限", "土地来源")),
        {"下限": ("agreed_far_min", None), "上限": ("agreed_far_max", None)},
    ),
)
"""Headers that mean something only beside the marks of their source: column and unit."""

"""Under which key a row is kept: its own number, a number of its source, else made from itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from landwatch.language.columns import Kind
from landwatch.language.records import Value
from landwatch.ledger.cells import tidy
from landwatch.ledger.synonyms import CONTRACT_NO, SOURCE_ID, SUPERVISION_NO

REQUIRED: Mapping[Kind, tuple[str, ...]] = {
    Kind.ZONES: ("zone_id",),
    Kind.PARCELS: ("parcel_id",),
    Kind.CONTRACTS: (),
    Kind.PROGRESS: ("contract_id", "observed_on"),
    Kind.EVENTS: ("contract_id", "kind", "on"),
}
"""The columns without which a row says nothing; a contract needs something to make a key of."""

NUMBERS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ZONES: (),
    Kind.PARCELS: (),
    Kind.CONTRACTS: ("contract_id", "supervision_no", "contract_no", SOURCE_ID),
    Kind.PROGRESS: ("contract_id", SUPERVISION_NO, CONTRACT_NO, SOURCE_ID),
    Kind.EVENTS: ("contract_id", SUPERVISION_NO, CONTRACT_NO, SOURCE_ID),
}
"""Where the contract's number is looked for, the first told one speaks (ledger.md §1)."""

MADE = "row-"
"""Begins every key that was made of a row's own cells."""

_MADE_OF = ("division", "location", "project_name", "holder", "signed_on", "area_m2")


NUMBERED = frozenset(
    ("contract_id", "supervision_no", "contract_no", SUPERVISION_NO, CONTRACT_NO, SOURCE_ID)
)
"""Columns whose cell is the number of a contract."""
KEYED = NUMBERED | {"parcel_id", "zone_id", "document_no"}

_PLACEHOLDER = re.compile(
    r"(?:待|后)(?:补|定|填|录|核|查|编|办|补充|补录|确定|核实|完善)|(?:无|没有|未|暂无|尚无)(?:编号|合同|合同编号|电子监管号|"
    r"监管号|号|编|签|签订|签合同|填|填写|办理|提供|取得)?|同上|同前|同左|〃|″|\"|详?见(?:附件|附表|备注|附图)?[0-9一二三四五六七八九十]{0,3}|"
    r"附件|划拨|出让|租赁|单位|平均|(?:合|总|小|共|累)计|汇总|[-—–_/\\~.*?×]+|暂无|暂缺|缺|空|空白|不详|不明|未知|"
    r"其他|其它|tbd|tba|n\.?/?a\.?|null|none|nil|nan|unknown|pending|missing|no|todo|test|测试"
)
_NUMERAL_NO = re.compile("[一二三四五六七八九十百〇零壹贰叁肆伍陆柒捌玖拾]号?$")


def is_placeholder(told: str, *, names: bool) -> bool:
    """Tell whether a word stands where a number should: two contracts would become one under it.

    A contract's number holds a digit or letter; parcels and zones may have `names` for numbers.

    >>> is_placeholder("待补", names=False), is_placeholder("LZ-1", names=False)
    (True, False)
    >>> is_placeholder("高新园区", names=True), is_placeholder("高新园区", names=False)
    (False, True)
    """
    word = tidy(told).replace(" ", "").casefold().strip("()[]【】<>〈〉《》:。.")
    if not word or _PLACEHOLDER.fullmatch(word):
        return True
    return not (names or re.search("[0-9a-z]", word) or _NUMERAL_NO.search(word))


def made_contract_id(values: Mapping[str, Value]) -> str | None:
    """Return a contract id made of place, project, holder, day and area, or None.

    >>> made_contract_id({"division": "来凤县", "holder": "某公司"}) is None
    True
    """
    parts = [_plain(values.get(name)) for name in _MADE_OF]
    if sum(1 for part in parts if part) < 3:
        return None
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return f"{MADE}{digest[:16]}"


def key_of(kind: Kind, values: Mapping[str, Value]) -> str:
    r"""Return the key of a row whose required columns are told.

    >>> key_of(Kind.EVENTS, {"contract_id": "A|1", "kind": "urge", "on": date(2020, 1, 2)})
    'A\\|1|urge|2020-01-02|'
    """
    if kind is Kind.ZONES:
        return str(values["zone_id"])
    if kind is Kind.PARCELS:
        return str(values["parcel_id"])
    if kind is Kind.CONTRACTS:
        return str(values["contract_id"])
    names = ["contract_id", "observed_on", "source", "inspector"]
    if kind is Kind.EVENTS:
        told = "document_no" if "document_no" in values else "amount_wan"
        names = ["contract_id", "kind", "on", told]
    parts = (_plain(values.get(name)) for name in names)
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def _plain(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else tidy(str(value))

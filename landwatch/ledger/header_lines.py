"""What a header of several lines says for each column: 约定容积率 over 下限, 面积 over 公顷.

The lines above a column are told as one name. A heading that only groups is left out (基本情况, or
投资 over 已投资额); one that says whose word it is (合同约定, 实际情况) stays as 约定 or 实际, for
开工时间 may be either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from landwatch.language.columns import Kind
from landwatch.ledger.cells import shown, tidy
from landwatch.ledger.headers import TWINS, column_named, is_known
from landwatch.ledger.measures import measure_units
from landwatch.ledger.sheets import Merged, SourceRow
from landwatch.ledger.units_said import line_of_units

MOST_LINES = 3

_BRACKETED = re.compile(r"(?P<base>.+?) ?[(\[【](?P<unit>[^()\[\]【】]*)[)\]】]")
_ABOUT = "项目|宗地|地块|土地|企业|用地|供地|园区|出让|合同|受让人|受让方|基本|基础|其他|主要"
_GROUPS = re.compile(rf"(?:{_ABOUT})*(?:情况|信息|资料|内容|概况|要素|数据)")
_AGREED = re.compile(r"(?:土地)?(?:出让)?(?:合同)?约定(?:情况|内容|条件|要求|指标|时间|事项)?")
_ACTUAL = re.compile(r"实际(?:履约|建设|完成|执行|进展)?(?:情况|进度|时间)?")
_CHANGES = re.compile(
    "约定|实际|计划|预计|拟|原|变更|调整|修改|延期|上年|上期|去年|往年|本年|本期|累计|历史|[前后次]|"
    "[一二三四五六七八九十0-9]期|首期|分期|分割|其中|已|未|应|剩余|闲置|同比|评估|底价|起始|挂牌|竞买|转让|"
    "批准|批次|规划|工业|标准|平均|单位|[:。,;]|[0-9]{4}|.{13}"
)
"""What in a heading may change the meaning of the names under it, or is a title and no heading."""


def header_names(
    kind: Kind, rows: Sequence[SourceRow], merged: Sequence[Merged] | None
) -> tuple[str, ...]:
    """Return the name of each column as the lines of `rows` tell it together."""
    lines = [[tidy(shown(cell)) for cell in row.cells] for row in rows]
    if len(lines) == 1:
        return tuple(shown(cell) for cell in rows[0].cells)
    lines[1:] = [line_of_units(line) or line for line in lines[1:]]
    width = max(map(len, lines))
    spread = [_spread(line, width, row, merged) for line, row in zip(lines, rows, strict=True)]
    if merged is None:
        spread = [_carried(upper, spread[-1]) for upper in spread[:-1]] + spread[-1:]
    columns = list(zip(*spread, strict=True))
    return tuple(_under_groups(kind, columns, [_name(kind, column) for column in columns]))


def _under_groups(kind: Kind, columns: Sequence[Sequence[str]], names: list[str]) -> list[str]:
    """Return the names, those under a heading that is not known by their own last line alone.

    Only where another column is known with all its lines, so that a title never is a heading; not
    where two headings hold the same name, nor where one may change what the name means (变更前).
    """
    known = {at: column for at, name in enumerate(names) if (column := column_named(kind, name))}
    if not known:
        return names
    own: dict[int, str] = {}
    for at, lines in enumerate(columns):
        told = [text for text in lines if text]
        if at not in known and len(told) > 1 and not any(map(_CHANGES.search, told[:-1])):
            own[at] = told[-1]
    meant = {at: column for at, text in own.items() if (column := column_named(kind, text))}
    in_m2 = {twin: column for column, twin in TWINS.items()}
    all_meant = [in_m2.get(column, column) for column in (*known.values(), *meant.values())]
    for at, column in meant.items():
        if all_meant.count(in_m2.get(column, column)) == 1:
            names[at] = own[at]
    return names


def _spread(
    line: list[str], width: int, row: SourceRow, merged: Sequence[Merged] | None
) -> list[str]:
    """Return a line with the text of each merged cell in every column that it covers."""
    told = line + [""] * (width - len(line))
    at = row.number - 1
    for cell in merged or ():
        if cell.top == at and cell.left < width:
            for column in range(cell.left, min(cell.right + 1, width)):
                told[column] = told[cell.left]
    return told


def _carried(upper: list[str], lower: list[str]) -> list[str]:
    """Return an upper line carried to the right over blanks: a CSV forgets which were merged."""
    told, last = [], ""
    for text, below in zip(upper, lower, strict=True):
        last = text or (last if below else "")
        told.append(last)
    return told


def _name(kind: Kind, column: Sequence[str]) -> str:
    """Return the lines of one column as one name: the first telling that is known, else all."""
    lines = list(dict.fromkeys(text for text in column if text))
    if not lines:
        return ""
    name = lines[0]
    for lower in lines[1:]:
        tellings = list(_tellings(name, lower))
        name = next((one for one in tellings if is_known(kind, one)), tellings[0])
    return name


def _tellings(upper: str, lower: str) -> Iterator[str]:
    """Yield the ways in which two lines are one name, the most likely first."""
    yield f"{upper} {lower}"
    if measure_units(lower) or lower == "%":
        yield f"{upper}({lower})"
        return
    base, unit = upper, ""
    if (match := _BRACKETED.fullmatch(upper)) and measure_units(match["unit"]):
        base, unit = match["base"], "" if _BRACKETED.fullmatch(lower) else f"({match['unit']})"
        yield f"{base} {lower}{unit}"
    plain = base.replace(" ", "")
    if _AGREED.fullmatch(plain):
        yield f"约定{lower}{unit}"
    elif _ACTUAL.fullmatch(plain):
        yield f"实际{lower}{unit}"
    elif _GROUPS.fullmatch(plain) or plain in lower.replace(" ", ""):
        yield f"{lower}{unit}"

"""Verdicts on a sample, read back from its sheet row by row, or told one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landwatch import bootstrap
from landwatch.commands.telling import each_known
from landwatch.errors import InputRefusedError, LandwatchError, UsageError, Worded
from landwatch.language.catalogue import LANGUAGES, say
from landwatch.language.terms import AuditCause, AuditVerdict, Status, Term
from landwatch.ledger.cells import shown, tidy

if TYPE_CHECKING:
    from landwatch.ledger.sheets import Sheet
    from landwatch.store import Store
    from landwatch.store.samples import Entered, Judgement, SampleItem

_HEADER_WITHIN = 20
"""Rows in which the header is looked for."""
_NEEDED = ("item", "contract", "rule", "verdict", "should_be")
_FILLED = ("verdict", "should_be", "cause", "checked_on", "checked_by", "note")
_ALSO: Mapping[str, AuditVerdict] = {
    "正确": AuditVerdict.RIGHT, "√": AuditVerdict.RIGHT, "✓": AuditVerdict.RIGHT,
    "是": AuditVerdict.RIGHT, "错误": AuditVerdict.WRONG, "×": AuditVerdict.WRONG,
    "不对": AuditVerdict.WRONG, "否": AuditVerdict.WRONG, "说不清": AuditVerdict.CANNOT_SAY,
    "不确定": AuditVerdict.CANNOT_SAY, "无法确定": AuditVerdict.CANNOT_SAY,
}  # fmt: skip
"""What people also write for a verdict."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a row was not taken: where, in which column, and both values where two disagree."""

    row: int
    column: str
    code: str
    told: Mapping[str, Any] = field(default_factory=dict)

    def in_words(self, lang: str) -> str:
        """Return it in `lang`."""
        column = say(f"audit.column.{self.column}", lang)
        told = {
            name: value.in_words(lang) if isinstance(value, Worded) else value
            for name, value in self.told.items()
        }
        what = say(f"audit.trouble.{self.code}", lang, **told)
        return say("audit.trouble_at", lang, row=self.row, column=column, what=what)


class _RefusedError(Exception):
    """A row that cannot be taken."""

    def __init__(self, column: str, code: str, **told: object) -> None:
        self.column, self.code, self.told = column, code, told
        super().__init__(column, code)


@dataclass(frozen=True, slots=True)
class SheetEntered:
    """What reading a filled sheet came to; `open` rows have no verdict yet."""

    entered: Entered
    open: int
    troubles: tuple[Trouble, ...]


def enter_sample(url: str, path: Path, *, by: str, today: date) -> SheetEntered:
    """Read the verdicts of a filled sheet; rows that cannot be taken are told, the others are.

    Raises:
        InputRefusedError: the file cannot be read, or is no sheet of a sample.
    """
    from landwatch.ledger.workbooks import open_workbook

    if not path.is_file():
        raise InputRefusedError("audit.error.no_file", file=path.name)
    store = bootstrap.the_store(url)
    sheets, _ = open_workbook(path)
    found = next(filter(None, map(_table, sheets)), None)
    if found is None:
        raise InputRefusedError("audit.error.not_a_sheet", file=path.name)
    judgements: dict[int, Judgement] = {}
    troubles: list[Trouble] = []
    blank = 0
    known = {
        item.item_id: item
        for sample in store.samples.every()
        for item in store.samples.items(sample.sample_id)
    }
    for number, cells in found:
        try:
            item = _item_of(cells, known)
            said = _judgement(cells, item, today)
            if said is None:
                blank += 1
            elif judgements.setdefault(item.item_id, said) != said:
                raise _RefusedError("item", "twice", item=item.item_id)
        except _RefusedError as refused:
            troubles.append(Trouble(number, refused.column, refused.code, refused.told))
    entered = store.samples.judge(judgements, by=by)
    return SheetEntered(entered, blank, tuple(troubles))


def _table(sheet: Sheet) -> Iterator[tuple[int, dict[str, Any]]] | None:
    """Return the rows of a sheet by column, None where it has no header of a sample."""
    names = {
        tidy(say(f"audit.column.{name}", lang)): name
        for name in (*_NEEDED, "outcome", *_FILLED)
        for lang in LANGUAGES
    }
    for row in sheet.rows():
        if row.number > _HEADER_WITHIN:
            return None
        at = {names.get(tidy(shown(cell))): place for place, cell in enumerate(row.cells)}
        if set(_NEEDED) <= at.keys():
            return _rows(sheet, row.number, {name: p for name, p in at.items() if name})
    return None


def _rows(sheet: Sheet, header: int, at: Mapping[str, int]) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in sheet.rows():
        if row.number > header and not row.is_blank:
            cells = list(row.cells)
            yield row.number, {n: cells[p] if p < len(cells) else None for n, p in at.items()}


def _item_of(cells: Mapping[str, Any], known: Mapping[int, SampleItem]) -> SampleItem:
    """Return the item that a row speaks of; its contract and rule must be those drawn."""
    told = tidy(shown(cells["item"])).removesuffix(".0")
    item = known.get(int(told)) if told.isascii() and told.isdigit() else None
    if item is None:
        raise _RefusedError("item", "no_item", value=told)
    if tidy(shown(cells["contract"])) != tidy(item.subject):
        value = shown(cells["contract"])
        raise _RefusedError("contract", "other_subject", value=value, drawn=item.subject)
    rule = tidy(shown(cells["rule"])).split(" ")[-1]
    if rule != item.rule:
        raise _RefusedError("rule", "other_rule", value=rule, drawn=item.rule)
    return item


def _judgement(cells: Mapping[str, Any], item: SampleItem, today: date) -> Judgement | None:
    """Return what a row says, None where it says nothing yet."""
    from landwatch.store.content import storable

    texts = {name: tidy(shown(cells.get(name))) for name in _FILLED}
    if not any(texts.values()):
        return None
    verdict = _term("verdict", texts["verdict"], AuditVerdict, _ALSO)
    should = _term("should_be", texts["should_be"], Status, {})
    cause = _term("cause", texts["cause"], AuditCause, {})
    if "outcome" not in cells:
        verdict = _by_comparison(verdict, should, item)
        should = None if verdict is AuditVerdict.RIGHT else should
    if verdict is None:
        raise _RefusedError("verdict", "no_verdict")
    on = _day(cells.get("checked_on"), texts["checked_on"], today)
    said = _said(
        item, verdict, should, cause, on=on, note=storable(shown(cells.get("note")).strip()),
        who=storable(texts["checked_by"]) or None,
    )  # fmt: skip
    return said


def _by_comparison(
    verdict: Term | None, should: Term | None, item: SampleItem
) -> AuditVerdict | None:
    """Return the verdict of who did not see the outcome: what it should be, against what it is."""
    if verdict is not None:
        if verdict is not AuditVerdict.CANNOT_SAY:
            raise _RefusedError("verdict", "blind_verdict")
        return AuditVerdict.CANNOT_SAY
    if should is None:
        raise _RefusedError("should_be", "blind_open")
    return AuditVerdict.RIGHT if should == item.status else AuditVerdict.WRONG


def _term(column: str, text: str, family: type[Term], also: Mapping[str, Term]) -> Term | None:
    """Return the member that a cell names, by its code or its name in either language."""
    if not text:
        return None
    names = {**also, **{one.value: one for one in family}}
    names |= {tidy(one.in_words(lang)): one for one in family for lang in LANGUAGES}
    found = names.get(text) or names.get(text.casefold())
    if found is None:
        raise _RefusedError(column, "not_one_of", value=text, known=_Choices(tuple(family)))
    return found


@dataclass(frozen=True, slots=True)
class _Choices:
    members: Sequence[Term]

    def in_words(self, lang: str, /) -> str:
        return "、".join(one.in_words(lang) for one in self.members)


def _day(cell: Any, text: str, today: date) -> date | None:
    from landwatch.ledger.dates import read_date

    if not text:
        return None
    value = read_date(cell).value
    day = value.date() if isinstance(value, datetime) else value
    if not isinstance(day, date):
        raise _RefusedError("checked_on", "no_day", value=text)
    if day > today:
        raise _RefusedError("checked_on", "future", value=day.isoformat(), today=today.isoformat())
    return day


def _said(
    item: SampleItem,
    verdict: Term,
    should: Term | None,
    cause: Term | None,
    *,
    on: date | None,
    who: str | None,
    note: str,
) -> Judgement:
    """Return a judgement that does not speak against itself.

    Raises:
        _RefusedError: it does.
    """
    from landwatch.store.samples import Judgement

    its = Status(item.status)
    if verdict is AuditVerdict.WRONG and should is its:
        raise _RefusedError("should_be", "wrong_but_same", status=its)
    if verdict is not AuditVerdict.WRONG and should not in (None, its):
        assert should is not None
        raise _RefusedError("should_be", "not_wrong_but_other", status=its, other=should)
    if verdict is not AuditVerdict.WRONG and cause is not None:
        raise _RefusedError("cause", "cause_of_nothing", verdict=verdict)
    wrong = verdict is AuditVerdict.WRONG
    told = str(should) if wrong and should is not None else None
    return Judgement(str(verdict), told, cause and str(cause), note, on, who)


def judge_item(
    url: str,
    item_id: int,
    verdict: str,
    *,
    by: str,
    today: date,
    should_be: str | None = None,
    cause: str | None = None,
    on: date | None = None,
    note: str = "",
) -> tuple[SampleItem, Entered]:
    """Record what a person says of one drawn outcome; return it with what the telling came to.

    Raises:
        UnknownNameError: no such item, verdict, status or cause.
        UsageError: what is said speaks against itself, or was checked on a day that has not come.
    """
    each_known("audit.verdict", [verdict], list(AuditVerdict))
    each_known("what.status", [should_be] if should_be else [], list(Status))
    each_known("audit.cause", [cause] if cause else [], list(AuditCause))
    store: Store = bootstrap.the_store(url)
    item = store.samples.item(item_id)
    try:
        if on is not None and on > today:
            told = {"value": on.isoformat(), "today": today.isoformat()}
            raise _RefusedError("checked_on", "future", **told)
        said = _said(
            item, AuditVerdict(verdict), Status(should_be) if should_be else None,
            AuditCause(cause) if cause else None, on=on, who=None, note=note,
        )  # fmt: skip
    except _RefusedError as refused:
        raise _usage(refused) from None
    entered = store.samples.judge({item_id: said}, by=by)
    return store.samples.item(item_id), entered


def _usage(refused: _RefusedError) -> LandwatchError:
    return UsageError(f"audit.trouble.{refused.code}", **refused.told)

"""Verdicts on a sample, read back from its sheet row by row, or told one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landwatch import bootstrap
from landwatch.commands.sample_rows import (
    Cells,
    RefusedError,
    drawn_of,
    item_of,
    table_of,
    texts_of,
)
from landwatch.commands.telling import each_known
from landwatch.errors import InputRefusedError, LandwatchError, UsageError, Worded
from landwatch.language.catalogue import LANGUAGES, listed, say
from landwatch.language.terms import AuditCause, AuditVerdict, Status, Term
from landwatch.ledger.cells import shown, tidy

if TYPE_CHECKING:
    from landwatch.store import Store
    from landwatch.store.samples import Entered, Judgement, SampleItem

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


@dataclass(frozen=True, slots=True)
class SheetEntered:
    """What reading a filled sheet came to; `open` rows have no verdict yet.

    Rows with `troubles` were not taken; those with `remarks` were.
    """

    entered: Entered
    open: int
    troubles: tuple[Trouble, ...]
    remarks: tuple[Trouble, ...] = ()


def enter_sample(url: str, path: Path, *, by: str, today: date) -> SheetEntered:
    """Read the verdicts of a filled sheet; rows that cannot be taken are told, the others are.

    Raises:
        InputRefusedError: the file cannot be read, or is no sheet of a sample of this store.
    """
    from landwatch.ledger.workbooks import open_workbook

    if not path.is_file():
        raise InputRefusedError("audit.error.no_file", file=path.name)
    store = bootstrap.the_store(url)
    sheets, _ = open_workbook(path)
    found = table_of(sheets)
    if found is None:
        raise InputRefusedError("audit.error.not_a_sheet", file=path.name)
    judgements: dict[int, Judgement] = {}
    troubles: list[Trouble] = []
    remarks: list[Trouble] = []
    blank = 0
    drawn = drawn_of(store, found.mark, path.name)
    for number, cells in found.rows:
        try:
            item = item_of(cells, drawn)
            said = _judgement(cells, item, today)
            if said is None:
                blank += 1
            elif judgements.setdefault(item.item_id, said) != said:
                raise RefusedError("item", "twice", item=item.item_id)
            elif missing := unexplained(said, blind="outcome" not in cells):
                remarks.append(Trouble(number, missing, "unexplained"))
        except RefusedError as refused:
            troubles.append(Trouble(number, refused.column, refused.code, refused.told))
    entered = store.samples.judge(judgements, by=by)
    return SheetEntered(entered, blank, tuple(troubles), tuple(remarks))


def unexplained(said: Judgement, *, blind: bool = False) -> str | None:
    """Return the column that a wrong outcome leaves open: what it should be, or else the cause.

    Who did not see the outcome did not know that it is wrong, and is not asked for a cause.
    """
    if said.verdict != AuditVerdict.WRONG:
        return None
    if said.status is None:
        return "should_be"
    return "cause" if said.cause is None and not blind else None


def _judgement(cells: Cells, item: SampleItem, today: date) -> Judgement | None:
    """Return what a row says, None where it says nothing yet."""
    from landwatch.store.content import storable

    texts = texts_of(cells)
    if not any(texts.values()):
        return None
    verdict = _term("verdict", texts["verdict"], AuditVerdict, _ALSO)
    should = _term("should_be", texts["should_be"], Status, {})
    cause = _term("cause", texts["cause"], AuditCause, {})
    if "outcome" not in cells:
        verdict = _by_comparison(verdict, should, item)
        should = None if verdict is AuditVerdict.RIGHT else should
    if verdict is None:
        raise RefusedError("verdict", "no_verdict")
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
            raise RefusedError("verdict", "blind_verdict")
        return AuditVerdict.CANNOT_SAY
    if should is None:
        raise RefusedError("should_be", "blind_open")
    return AuditVerdict.RIGHT if should == item.status else AuditVerdict.WRONG


def _term(column: str, text: str, family: type[Term], also: Mapping[str, Term]) -> Term | None:
    """Return the member that a cell names, by its code or its name in either language."""
    if not text:
        return None
    names = {**also, **{one.value: one for one in family}}
    names |= {tidy(one.in_words(lang)): one for one in family for lang in LANGUAGES}
    found = names.get(text) or names.get(text.casefold())
    if found is None:
        raise RefusedError(column, "not_one_of", value=text, known=_Choices(tuple(family)))
    return found


@dataclass(frozen=True, slots=True)
class _Choices:
    members: Sequence[Term]

    def in_words(self, lang: str, /) -> str:
        return listed((one.in_words(lang) for one in self.members), lang)


def _day(cell: Any, text: str, today: date) -> date | None:
    from landwatch.ledger.dates import read_date

    if not text:
        return None
    value = read_date(cell).value
    day = value.date() if isinstance(value, datetime) else value
    if not isinstance(day, date):
        raise RefusedError("checked_on", "no_day", value=text)
    if day > today:
        raise RefusedError("checked_on", "future", value=day.isoformat(), today=today.isoformat())
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
        RefusedError: it does.
    """
    from landwatch.store.samples import Judgement

    its = Status(item.status)
    if verdict is AuditVerdict.WRONG and should is its:
        raise RefusedError("should_be", "wrong_but_same", status=its)
    if verdict is not AuditVerdict.WRONG and should not in (None, its):
        assert should is not None
        raise RefusedError("should_be", "not_wrong_but_other", status=its, other=should)
    if verdict is not AuditVerdict.WRONG and cause is not None:
        raise RefusedError("cause", "cause_of_nothing", verdict=verdict)
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
            raise RefusedError("checked_on", "future", **told)
        said = _said(
            item, AuditVerdict(verdict), Status(should_be) if should_be else None,
            AuditCause(cause) if cause else None, on=on, who=None, note=note,
        )  # fmt: skip
    except RefusedError as refused:
        raise _usage(refused) from None
    entered = store.samples.judge({item_id: said}, by=by)
    return store.samples.item(item_id), entered


def _usage(refused: RefusedError) -> LandwatchError:
    return UsageError(f"audit.trouble.{refused.code}", **refused.told)

"""Digests: what is to be acted on first, in three forms and two languages, nothing ever run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from landwatch.language.terms import Gravity, Status
from landwatch.lawbook.shelf import shelf
from landwatch.reports.digest import Digest, gathered, gravest_first
from landwatch.reports.digest_html import digest_html
from landwatch.reports.digest_text import LISTED, digest_text
from landwatch.reports.digest_workbook import write_digest
from landwatch.scan.causes import CauseKind, ChangeCause
from landwatch.scan.changes import Change, Holding, Outcome
from landwatch.scan.compare import ChangeKind
from landwatch.store import Charge, ScanSummary

EVIL = "=cmd()<img src=x onerror=alert(1)>&\"'`${}</script>"
LIMIT = ChangeCause(
    CauseKind.DAY, "limit", {"limit": "2021-06-30", "since": "2021-06-01", "as_of": "2021-07-01"}
)


def scan(number: int, day: int) -> ScanSummary:
    moment = datetime(2021, 7, day, tzinfo=UTC)
    return ScanSummary(number, date(2021, 7, day), moment, moment, "张三", "1", {}, {}, 2)


def outcome(gravity: Gravity, **told: Any) -> Outcome:
    status = Status.UNKNOWN if gravity is Gravity.TO_VERIFY else Status(str(gravity))
    blank = dict.fromkeys(("reason", "measured", "threshold", "limit_on", "days_past"))
    return Outcome(**{"status": status, "gravity": gravity, "amount_wan": None, "remedies": (),
                      **blank, **told})  # fmt: skip


def change(
    contract: str, kind: ChangeKind, after: Outcome | None, rule: str = "O53.A1", **told: Any
) -> Change:
    told = {"before": outcome(Gravity.NOT_DUE), "causes": (LIMIT,), **told}
    holding = told.pop("holding", Holding(contract, "Z", None, "示范公司", "厂房", None, "620102"))
    return Change(kind, rule, "order-53-2012", holding, after=after, **told)


BREACH = outcome(
    Gravity.BREACH, limit_on=date(2021, 6, 30), days_past=1, amount_wan=Decimal("200"),
    remedies=("charge_idle_fee",),
)  # fmt: skip
CHANGES = (
    change("C3", ChangeKind.CURED, outcome(Gravity.COMPLIANT), before=BREACH),
    change("C2", ChangeKind.NEW, outcome(Gravity.DUE_SOON, limit_on=date(2021, 9, 1))),
    change("C1", ChangeKind.ESCALATED, BREACH),
    change("C1", ChangeKind.ESCALATED, BREACH, "REL.26"),
    change("C4", ChangeKind.ESCALATED, outcome(Gravity.TO_VERIFY, reason="missing:started")),
    change("C5", ChangeKind.VANISHED, None, before=BREACH),
    change("C6", ChangeKind.EASED, outcome(Gravity.UNKNOWN, reason="missing:area_m2")),
)


def digest(changes: tuple[Change, ...] = CHANGES, **told: Any) -> Digest:
    whole: dict[str, Any] = {
        "whose": "person", "key": "王工", "name": "王工", "mails": ("w@example.org",),
        "charges": (Charge("王工", "w@example.org", "Z", None),),
        "before": scan(1, 1), "after": scan(2, 2), "lines": gathered(changes), "changes": changes,
        "standing": {"Z": {Gravity.BREACH: 3, Gravity.COMPLIANT: 40}},
        "fresh": {"zh": ["资料新"], "en": ["fresh enough"]}, "unowned": ("Z",),
        "zones": {"Z": "东园"}, "policies": shelf(),
    }  # fmt: skip
    return Digest(**{**whole, **told})


def test_what_changed_alike_is_one_line_and_the_gravest_comes_first() -> None:
    lines = gathered(CHANGES)
    told = [(one.holding.contract_id, str(one.kind), one.rules) for one in lines]
    assert told == [
        ("C1", "escalated", ("O53.A1", "REL.26")),
        ("C5", "vanished", ("O53.A1",)),
        ("C4", "escalated", ("O53.A1",)),
        ("C2", "new", ("O53.A1",)),
        ("C6", "eased", ("O53.A1",)),
        ("C3", "cured", ("O53.A1",)),
    ]
    assert sorted(CHANGES, key=gravest_first)[0].holding.contract_id == "C1"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("须先处理（4）", "已达标（1）", "满一年未动工开发", "O53.A1", "期限 2021-06-30",
                "已过 1 天", "涉及 200 万元", "期限 2021-06-30 已过", "征缴土地闲置费", "涉嫌",
                "没有负责人的园区：东园（Z）", "资料新", "涉嫌未达标 3", "landwatch visit C4",
                "2021-09-01 以前督促")),
        ("en", ("To act on first (4)", "Cured (1)", "limit 2021-06-30", "1 days past", "suspicion",
                "nobody is in charge of: 东园", "fresh enough", "suspected breach 3",
                "landwatch visit C4")),
    ],
)  # fmt: skip
def test_text_letter_and_workbook_say_what_their_reader_needs(
    lang: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    text, letter = digest_text(digest(), lang), Read(digest_html(digest(), lang)).text
    write_digest(tmp_path / "d.xlsx", digest(), lang)
    cells = [
        str(cell.value or "")
        for row in openpyxl.load_workbook(tmp_path / "d.xlsx").worksheets[0].iter_rows()
        for cell in row
    ]
    for word in words:
        assert word in text, word
        assert word in letter, word
        if word not in ("涉嫌未达标 3", "suspected breach 3"):
            assert any(word in cell for cell in cells), word


class Read(HTMLParser):
    """What a letter says, and every element and attribute it is made of."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._said: list[str] = []
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self._said.append(data)

    @property
    def text(self) -> str:
        return "".join(self._said)


def test_what_a_person_dropped_is_not_to_be_acted_on_and_what_else_vanished_is() -> None:
    dropped = ChangeCause(CauseKind.POLICY, "scanned", {"policy": "p", "id": "p"})
    meant = change("C1", ChangeKind.VANISHED, None, before=BREACH, causes=(dropped,))
    both = change("C2", ChangeKind.VANISHED, None, before=BREACH, causes=(dropped, LIMIT))
    found = digest((meant, both))
    assert [one.holding.contract_id for one in found.to_act_on()] == ["C2"]
    assert [one.holding.contract_id for one in found.others()] == ["C1"]


def test_a_letter_has_no_script_fetches_nothing_and_escapes_what_a_ledger_says() -> None:
    holding = Holding("C1", "Z", None, EVIL, EVIL, EVIL)
    evil = change("C1", ChangeKind.NEW, BREACH, holding=holding)
    letter = digest_html(digest((evil,), name=EVIL, zones={"Z": EVIL}), "zh")
    read = Read(letter)
    allowed = {"html", "head", "meta", "title", "body", "table", "tr", "td", "h1", "h2", "p", "b",
               "br", "span"}  # fmt: skip
    assert {tag for tag, _ in read.tags} <= allowed
    named = {name for _, attributes in read.tags for name in attributes}
    assert named <= {"lang", "charset", "name", "content", "role", "style"}
    assert "url(" not in letter and "http" not in letter and "@import" not in letter
    assert read.text.count(EVIL) >= 3


def test_a_workbook_runs_nothing_of_the_ledger(tmp_path: Path) -> None:
    evil = change("=1+1", ChangeKind.NEW, BREACH, holding=Holding("=1+1", "Z", None, EVIL))
    write_digest(tmp_path / "d.xlsx", digest((evil,)), "zh")
    for sheet in openpyxl.load_workbook(tmp_path / "d.xlsx").worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)


def test_a_long_list_ends_and_says_how_many_more_there_are() -> None:
    many = tuple(change(f"C{number:03}", ChangeKind.NEW, BREACH) for number in range(LISTED + 5))
    for said in (digest_text(digest(many), "en"), Read(digest_html(digest(many), "en")).text):
        assert "5 more stand in the workbook" in said
        assert f"C{LISTED:03}" not in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_digest_without_changes_says_so(lang: str, tmp_path: Path) -> None:
    nothing = digest((), unowned=(), standing={})
    word = "没有需要阅读的变化" if lang == "zh" else "Nothing changed"
    assert word in digest_text(nothing, lang)
    assert word in Read(digest_html(nothing, lang)).text
    write_digest(tmp_path / "none.xlsx", nothing, lang)
    assert (tmp_path / "none.xlsx").stat().st_size > 1000

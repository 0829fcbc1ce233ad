"""Who is in charge, and the digest each of them reads, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.commands.conftest import CONTRACT, Door

SEEN = {"contract_id": "C1", "observed_on": "2021-07-15", "source": "inspection", "started": "no"}


@pytest.fixture
def owned(ready: Door) -> Door:
    """Two parks, one in a person's charge and one in a division that is."""
    zones = [
        {"zone_id": "E", "name": "东园", "level": "county", "adcode": "620102"},
        {"zone_id": "W", "name": "西园/二期", "level": "county", "adcode": "630102"},
    ]
    ready.takes("zones", Path("zones.csv"), zones)
    ready.does("charge", "set", "王工", "--zone", "E", "--mail", "wang@example.org")
    ready.does("charge", "set", "李主任", "--division", "630000")
    return ready


@pytest.fixture
def parks(owned: Door) -> Door:
    """A contract in each of the parks and one in none; later all are seen not started."""
    rows = [
        {**CONTRACT, "contract_id": f"C{number}", "zone_id": zone}
        for number, zone in enumerate(("E", "W", ""), start=1)
    ]
    owned.takes("contracts", Path("contracts.csv"), rows)
    owned.does("policy", "drop", "grant-contract")
    owned.does("scan", "--as-of", "2021-08-01")
    seen = [{**SEEN, "contract_id": f"C{number}"} for number in (1, 2, 3)]
    owned.takes("progress", Path("progress.csv"), seen)
    owned.does("scan", "--as-of", "2021-08-01")
    return owned


def test_each_reads_of_their_own_and_the_park_of_nobody_is_named(parks: Door) -> None:
    mine = parks.does("digest", "--for", "王工").out
    assert "C1" in mine and "C2" not in mine and "没有负责人" not in mine
    assert "progress.csv" in mine and "涉嫌" in mine
    theirs = parks.does("digest", "--for", "李主任", "--lang", "en").out
    assert "C2" in theirs and "C1" not in theirs
    parks.does("charge", "end", "李主任")
    park = parks.does("digest", "--zone", "W").out
    assert "没有负责人的园区：西园/二期（W）" in park
    whole = parks.does("digest").out
    assert "C1" in whole and "C2" in whole and "C3" in whole and "园区以外" in whole


def test_a_folder_holds_a_digest_for_each_in_three_forms(parks: Door) -> None:
    said = parks.does("digest", "--all", "-o", "out")
    names = {path.name for path in Path("out").iterdir()}
    whose = ("all", "person-李主任", "person-王工", "zone-E", "zone-W")
    assert names == {f"{one}{form}" for one in whose for form in (".txt", ".html", ".xlsx")}
    assert "5 份摘要" in said.err
    assert "C1" in Path("out/person-王工.txt").read_text("utf-8")
    sheets = openpyxl.load_workbook("out/zone-E.xlsx").sheetnames
    assert len(sheets) == 2
    parks.does("digest", "--for", "王工", "-o", "one.html", "--lang", "en")
    assert "C1" in Path("one.html").read_text("utf-8")
    rows = json.loads(parks.does("digest", "--for", "王工", "--json").out)
    assert (rows[0]["name"], rows[0]["mails"]) == ("王工", ["wang@example.org"])
    assert {row["contract_id"] for row in rows[0]["changes"]} == {"C1"}
    assert parks("digest", "--fail-on", "new-breach").code == 1


REFUSED = [
    (("digest", "--for", "王"), "王工"),
    (("digest", "--zone", "EE"), "E"),
    (("digest", "--zone", "E", "--all"), "--all"),
    (("digest", "--all", "-o", "out.html"), "-o"),
    (("digest", "-o", "out.pdf"), "out.pdf"),
    (("charge", "set", "赵六"), "--zone"),
    (("charge", "set", "赵六", "--zone", "E", "--division", "62"), "--zone"),
    (("charge", "set", "赵六", "--zone", "EAST"), "EAST"),
    (("charge", "set", "赵六", "--division", "兰州"), "兰州"),
    (("charge", "set", "赵六", "--zone", "E", "--mail", "a@b\nBcc: x@y"), "Bcc"),
    (("charge", "set", " ", "--zone", "E"), "姓名"),
    (("charge", "end", "赵六"), "赵六"),
]


def test_what_cannot_be_is_said(owned: Door) -> None:
    for words, told in REFUSED:
        said = owned(*words)
        assert said.code == 2 and told in said.err, words


def test_who_is_in_charge_is_listed_with_every_act(owned: Door) -> None:
    assert "already" in owned.does(
        "charge", "set", "王工", "--zone", "E", "--mail", "wang@example.org", "--lang", "en"
    ).err  # fmt: skip
    listed = owned.does("charge", "list").out
    assert "王工" in listed and "东园" in listed and "wang@example.org" in listed
    assert "没有负责人" not in listed
    owned.does("charge", "end", "王工", "--zone", "E", "--by", "赵六")
    after = json.loads(owned.does("charge", "list", "--json").out)
    assert after["unowned"] == ["E"]
    assert [one["person"] for one in after["charges"]] == ["李主任"]
    history = json.loads(owned.does("charge", "list", "--history", "--json").out)
    assert [(act["act"], act["person"]) for act in history] == [
        ("assign", "王工"), ("assign", "李主任"), ("end", "王工"),
    ]  # fmt: skip
    assert history[-1]["recorded_by"] == "赵六"

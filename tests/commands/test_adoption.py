"""Adopting from the command line: scopes and days, a file of one's own, the law of a scan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from landwatch.lawbook.shelf import shelf
from tests.commands.conftest import CONTRACT, Door, Said
from tests.scan.own_city import OWN_CITY

OWN = "own-city-2024"
ZONES = [
    {"zone_id": "N", "name": "国家园", "level": "national", "adcode": "620102"},
    {"zone_id": "C", "name": "县园", "level": "county", "adcode": "630102"},
    {"zone_id": "U", "name": "未定园"},
]


@pytest.fixture
def parks(ready: Door) -> Door:
    """A contract in each of three parks and one in none, judged by no policy yet."""
    ready.takes("zones", Path("zones.csv"), ZONES)
    rows = [
        {**CONTRACT, "contract_id": zone or "X", "zone_id": zone, "supplied_on": "2018-06-30"}
        for zone in ("N", "C", "U", "")
    ]
    ready.takes("contracts", Path("contracts.csv"), rows)
    for policy in ("order-53-2012", "grant-contract"):
        ready.does("policy", "drop", policy)
    Path("own.yaml").write_text(OWN_CITY, "utf-8")
    return ready


def listed(door: Door, policy: str = OWN) -> Mapping[str, Any]:
    rows = door.does("policy", "list", "--json").rows
    return next(row for row in rows if row["id"] == policy)


def reasons(door: Door, day: str = "2021-08-01") -> dict[str, str]:
    """Return what a scan of the day says of each contract: a reason, or its status."""
    door.does("scan", "--as-of", day)
    return {row["contract_id"]: row["reason"] or row["status"] for row in door.findings()}


SPEAKS, SILENT = "missing:started", "not_adopted"


@pytest.mark.parametrize(
    ("options", "answers"),
    [
        ((), (SPEAKS, SPEAKS, SPEAKS, SPEAKS)),
        (("--zone", "N"), (SPEAKS, SILENT, SILENT, SILENT)),
        (("--level", "national"), (SPEAKS, SILENT, "missing:level", SILENT)),
        (("--division", "620100"), (SPEAKS, SILENT, "missing:adcode", "missing:adcode")),
        (("--division", "63"), (SILENT, SPEAKS, "missing:adcode", "missing:adcode")),
    ],
    ids=["everywhere", "zone", "level", "city", "province"],
)
def test_a_file_speaks_where_it_is_adopted(
    parks: Door, options: tuple[str, ...], answers: tuple[str, ...]
) -> None:
    said = parks.does("policy", "adopt", "own.yaml", *options)
    assert "已收下 own-city-2024 的文本" in said.err
    assert reasons(parks) == dict(zip(("N", "C", "U", "X"), answers, strict=True))
    parks.does("policy", "drop", OWN, *options)
    assert listed(parks)["adopted_for"] == []


def test_the_days_of_an_adoption_include_both_ends(parks: Door) -> None:
    parks.does("policy", "adopt", "own.yaml", "--from", "2021-01-01", "--to", "2021-12-31")
    days = ("2020-12-31", "2021-01-01", "2021-12-31", "2022-01-01")
    assert [reasons(parks, day)["N"] for day in days] == [SILENT, SPEAKS, SPEAKS, SILENT]
    assert "2021-01-01 至 2021-12-31" in parks.does("policy", "list").out
    assert "for this day" in parks.does("explain", "N", "OWN.START", "--lang", "en").out


@pytest.mark.parametrize(
    "options",
    [
        ("--zone", "N", "--level", "national"),
        ("--level", "nationl"),
        ("--zone", "Q"),
        ("--division", "99"),
        ("--division", "620"),
        ("--from", "2021-01-02", "--to", "2021-01-01"),
        ("--from", "2021-13-01"),
    ],
    ids=" ".join,
)
def test_a_scope_that_cannot_be_is_refused_and_nothing_is_stored(
    parks: Door, options: tuple[str, ...]
) -> None:
    assert parks("policy", "adopt", "own.yaml", *options).code == 2
    assert OWN not in {row["id"] for row in parks.does("policy", "list", "--json").rows}


def changed(text: str) -> str:
    return text.replace("values: {always: 1}", "values: {always: 5}")


def test_an_old_scan_is_explained_by_its_own_text(parks: Door) -> None:
    seen = {"contract_id": "N", "observed_on": "2021-07-15", "source": "inspection"}
    parks.takes("progress", Path("progress.csv"), [seen | {"started": "no"}])
    parks.does("policy", "adopt", "own.yaml")
    assert reasons(parks)["N"] == "breach"
    first = parks.does("explain", "N", "OWN.START", "--lang", "en").out
    version = listed(parks)["version"]

    Path("own.yaml").write_text(changed(OWN_CITY), "utf-8")
    assert "范围不变" in parks.does("policy", "adopt", "own.yaml").err
    assert listed(parks)["version"] != version
    assert listed(parks)["adopted_for"] == ["*"]
    assert reasons(parks)["N"] == "not_due"

    assert parks.does("explain", "N", "OWN.START", "--scan", "1", "--lang", "en").out == first
    old = parks.findings("--scan", "1", "--status", "breach")
    assert [(row["contract_id"], row["policy_version"]) for row in old] == [("N", version)]
    assert old[0]["explanation_en"] and old[0]["quote"] == "供地满一年须动工"


def test_a_scan_shows_rules_whose_policy_is_dropped_since(parks: Door) -> None:
    parks.does("policy", "adopt", "own.yaml")
    reasons(parks)
    parks.does("policy", "drop", OWN)
    assert {row["rule"] for row in parks.findings()} == {"OWN.START"}
    parks.does("report", "report.xlsx")
    parks.does("map", "map.html")


def test_a_shelf_policy_is_replaced_only_when_asked(parks: Door) -> None:
    policy = shelf()["order-53-2012"]
    Path("53.yaml").write_text(policy.text + "\n# 本局\n", "utf-8")
    refused = parks("policy", "adopt", "53.yaml")
    assert refused.code == 2 and "--replace" in refused.err
    assert listed(parks, policy.id)["own_file"] is None
    parks.does("policy", "adopt", "53.yaml", "--replace")
    own = listed(parks, policy.id)
    assert (own["own_file"], own["adopted_for"]) == ("53.yaml", ["*"])
    assert own["version"] != policy.version and "本库自己的版本" in parks.does("policy", "list").out
    parks.does("scan", "--as-of", "2021-08-01")
    assert {row["policy_version"] for row in parks.findings()} == {own["version"]}


def test_the_shelf_s_own_file_is_adopted_without_being_kept(parks: Door) -> None:
    policy = shelf()["order-53-2012"]
    Path("53.yaml").write_text(policy.text, "utf-8")
    parks.does("policy", "adopt", "53.yaml")
    assert listed(parks, policy.id)["own_file"] is None
    assert listed(parks, policy.id)["adopted_for"] == ["*"]


def refusals() -> dict[str, tuple[str, int]]:
    """Return files that must not be taken, each with its exit code."""
    return {
        "not yaml": ("id: [\n", 3),
        "empty": ("", 3),
        "binary": ("\x00\x01", 3),
        "deep": ("[" * 100_000, 3),
        "enormous": ("#" * 3_000_000, 3),
        "alias": ("a: &a [1]\nb: *a\n", 3),
        "bad expression": (OWN_CITY.replace("met: start_shown", "met: open('/etc/passwd')"), 3),
        "another's rule": (OWN_CITY.replace("OWN.START", "O53.A1"), 2),
    }


@pytest.mark.parametrize("kind", refusals())
def test_a_hostile_file_is_refused_with_nothing_stored(parks: Door, kind: str) -> None:
    text, code = refusals()[kind]
    Path("bad.yaml").write_text(text, "utf-8")
    before = parks.store.read_bytes()
    said = parks("policy", "adopt", "bad.yaml", "--replace")
    assert said.code == code and len(said.err) < 1000, said.err
    assert parks.store.read_bytes() == before


def test_a_file_that_is_not_there_is_named(parks: Door) -> None:
    said = parks("policy", "adopt", "nowhere.yaml")
    assert said.code == 3 and "nowhere.yaml" in said.err


def test_history_tells_every_act(parks: Door) -> None:
    parks.does("policy", "adopt", "own.yaml", "--division", "62", "--by", "李四")
    parks.does("policy", "drop", OWN, "--division", "620000", "--by", "王五")
    acts = parks.does("policy", "list", "--history", "--json").rows
    own = [(one["act"], one.get("division"), one["recorded_by"]) for one in acts
           if one["policy"] == OWN]  # fmt: skip
    assert own == [("bring", None, "李四"), ("adopt", "62", "李四"), ("drop", "62", "王五")]
    table: Said = parks.does("policy", "list", "--history")
    assert all(word in table.out for word in ("收入文本", "采用", "停用", "行政区划 62", "王五"))


def test_an_adopted_policy_that_is_gone_is_not_passed_over(
    parks: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    parks.does("policy", "adopt", "lanzhou-2012-148")
    rest = {name: one for name, one in shelf().items() if name != "lanzhou-2012-148"}
    monkeypatch.setattr("landwatch.bootstrap.shelf", lambda: rest)
    said = parks("scan", "--as-of", "2021-08-01")
    assert said.code == 3 and "lanzhou-2012-148" in said.err
    lost = listed(parks, "lanzhou-2012-148")
    assert lost["version"] is None and lost["adopted_for"] == ["*"]
    assert "停用" in parks.does("policy", "list").out
    parks.does("policy", "drop", "lanzhou-2012-148")
    parks.does("scan", "--as-of", "2021-08-01")


def test_machines_read_the_days_too(parks: Door) -> None:
    parks.does("policy", "adopt", "own.yaml", "--level", "county", "--to", "2030-12-31")
    (held,) = listed(parks)["adoptions"]
    assert (held["level"], held["holds_from"], held["holds_to"]) == ("county", None, "2030-12-31")
    assert json.dumps(held) and held["adopted_by"] == "张三"

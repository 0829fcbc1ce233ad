"""What a card is told of every contract is what the rules decide on, and what explain tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest

from landwatch import bootstrap
from landwatch.language.columns import Kind
from landwatch.language.terms import SPEAKING
from landwatch.lawbook.policy import About
from landwatch.lawbook.vocabulary import progress_columns
from landwatch.mapping.data import MapData
from landwatch.mapping.gather import map_data
from landwatch.mapping.terms import TermsPart, card_part
from landwatch.scan.findings import Wanted, findings, plain
from landwatch.scan.reading import Reading
from landwatch.scan.sources import told_facts
from landwatch.scan.told_contracts import ToldContracts, told_contracts
from landwatch.store import ScanSummary, Store

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def store(demo_store: str) -> Store:
    return bootstrap.the_store(demo_store)


@pytest.fixture(scope="module")
def scan(store: Store) -> ScanSummary:
    found = store.scan()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def told(store: Store, scan: ScanSummary) -> ToldContracts:
    return told_contracts(store, scan.as_of, scan.known_at)


def test_the_last_report_on_each_column_is_the_one_that_explain_names(
    store: Store, scan: ScanSummary, told: ToldContracts
) -> None:
    ids = told.facts.column("contract_id").to_pylist()
    spoken = told.reports
    compared = 0
    with Reading(store, scan.as_of, scan.known_at) as reading:
        dossiers = reading.dossiers(ids)
    for place, name in enumerate(ids):
        records = dossiers[name].records
        for column in progress_columns():
            latest = [
                (one.on, one.source)
                for one in told_facts([column.name], records, scan.as_of)
                if one.kind is Kind.PROGRESS and one.name == column.name
            ]
            if column.name.endswith("_mu"):
                continue  # told in m² as often, and shown in 亩
            at = spoken.of.get(column.name, np.full(len(ids), -1))[place]
            day = date.fromordinal(int(spoken.day[at]) + date(1970, 1, 1).toordinal())
            assert [(day, spoken.source[at])] * int(at >= 0) == latest, (name, column.name)
            compared += len(latest)
    assert compared > 500


def test_a_column_that_no_report_tells_has_no_report(told: ToldContracts) -> None:
    for name, places in told.reports.of.items():
        if name in told.facts.column_names:
            blank = np.asarray(told.facts.column(name).is_null())
            assert ((places < 0) | ~blank).all(), name
            assert ((places >= 0) | blank | name.endswith("_mu")).all(), name


def test_each_event_stands_with_its_contract_in_the_order_of_days(
    store: Store, scan: ScanSummary, told: ToldContracts
) -> None:
    ids = told.facts.column("contract_id").to_pylist()
    events = told.events.to_pylist()
    pairs = list(zip(told.event_contract.tolist(), events, strict=True))
    assert pairs == sorted(pairs, key=lambda pair: (pair[0], pair[1]["on"]))
    assert all(event["on"] <= scan.as_of for event in events)
    with Reading(store, scan.as_of, scan.known_at) as reading:
        dossiers = reading.dossiers(ids)
    kept = dict.fromkeys(ids, 0)
    for place, _ in pairs:
        kept[ids[place]] += 1
    latest = {name: {row["key"] for row in one.records.events} for name, one in dossiers.items()}
    assert kept == {name: len(keys) for name, keys in latest.items()}


@pytest.fixture(scope="module")
def page(store: Store, scan: ScanSummary) -> MapData:
    shelf = bootstrap.lawbook_of(store, scan)
    return map_data(store, scan, shelf, title="演示", makers=[card_part])


def test_each_finding_tells_its_facts_with_file_sheet_and_row(
    store: Store, scan: ScanSummary, page: MapData
) -> None:
    (part,) = page.parts
    assert isinstance(part, TermsPart)
    wanted = Wanted(statuses=frozenset(map(str, SPEAKING)), about=About.CONTRACT)
    shelf = bootstrap.lawbook_of(store, scan)
    rows = list(findings(store, scan, shelf, wanted))
    for row, used in zip(rows, part.findings["facts_used"], strict=True):
        assert [_place(fact) for fact in row["facts"]] == [
            (one.name.split(".")[1], one.file, one.sheet, one.row) for one in used
        ]
    values = [fact["value"] for row in rows for fact in row["facts"]]
    said = [one.value for used in part.findings["facts_used"] for one in used]
    assert [plain(v) for v in values if isinstance(v, str)] == [
        text for text, value in zip(said, values, strict=True) if isinstance(value, str)
    ]


def _place(fact: Mapping[str, Any]) -> tuple[Any, ...]:
    return fact["name"], fact["file"], fact["sheet"], fact["row"]


def test_the_sums_are_told_in_both_languages_and_never_repeat_the_sentence(page: MapData) -> None:
    (part,) = page.parts
    assert isinstance(part, TermsPart)
    sums = part.findings["sums"]
    assert sum(map(len, sums)) > len(sums), "most findings have a line or more"
    for lines, sentence in zip(sums, page.findings["explanation_zh"], strict=True):
        for zh, en in lines:
            assert zh.strip() and en.strip()
            assert zh not in sentence


def test_a_finding_tells_nothing_of_its_sums_where_the_policy_changed_since() -> None:
    from landwatch.mapping.reasoning import Reasoning

    assert Reasoning()(None, [], {}) == {"sums": (), "facts_used": ()}

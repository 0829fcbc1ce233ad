from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landwatch.language.columns import Kind, columns_of
from landwatch.ledger import IssueCode, Severity, read_ledger

HEADERS = {
    Kind.ZONES: ["zone_id", "园区名称", "级别", "批准面积(公顷)", "主导产业"],
    Kind.PARCELS: ["宗地编号", "土地用途", "宗地面积(平方米)"],
    Kind.CONTRACTS: ["合同编号", "供地方式", "面积(公顷)", "成交价格(万元)", "约定开工时间"],
    Kind.PROGRESS: ["contract_id", "observed_on", "source", "started", "foundation_share"],
    Kind.EVENTS: ["contract_id", "kind", "on", "金额(元)", "原因"],
}
CELLS = st.one_of(
    st.sampled_from(["", "A1", "A2", "--", "2020-01-01", "2020年1月2日", "1.5", "0", "-3", "合计"]),
    st.sampled_from(["出让", "划拨", "是", "否", "交地", "延误", "G1", "国家级", "1/3", "清空"]),
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=8),
)


@settings(
    max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.data(), st.sampled_from(list(Kind)), st.integers(1, 7))
def test_every_row_is_accounted_for_exactly_once(
    tmp_path: Path, data: st.DataObject, kind: Kind, size: int
) -> None:
    headers = HEADERS[kind]
    rows = data.draw(st.lists(st.lists(CELLS, max_size=len(headers) + 1), min_size=1, max_size=12))
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, ["A9", *["x"] * (len(headers) - 1)], *rows])
    intake = read_ledger(kind, path)
    batches = list(intake.batches(size))
    records = [record for batch in batches for record in batch.records]
    refused = [row for batch in batches for row in batch.refused]
    issues = [issue for batch in batches for issue in batch.issues]
    tally = intake.tally

    assert tally.adds_up
    assert tally.accepted + tally.accepted_with_remarks == len(records)
    assert tally.refused == len(refused)
    assert tally.rows + tally.blank == 1 + len(rows)
    spoken_of = {issue.row for issue in issues if issue.row is not None}
    assert tally.accepted_with_remarks == len({r.row for r in records} & spoken_of)
    assert {row.row for row in refused} == {
        issue.row for issue in issues if issue.severity is Severity.REFUSED
    }
    assert sum(tally.by_code.values()) == len(issues) == len(list(intake.issues()))
    assert list(intake.refused()) == refused
    known = columns_of(kind)
    for record in records:
        assert record.key
        assert not record.cleared & record.values.keys()
        assert not record.unreadable & (record.values.keys() | record.cleared)
        assert record.values.keys() | record.cleared | record.unreadable <= known.keys()
    for issue in issues:
        assert issue.in_words("zh")
        assert issue.in_words("en")


def test_every_code_has_words_that_can_be_filled() -> None:
    from landwatch.language.catalogue import catalogue, places

    words = catalogue()
    spoken = {key.rpartition(".")[2] for key in words if key.startswith("ledger.issue.")}
    assert spoken == {code.value for code in IssueCode}
    for code in IssueCode:
        zh, en = (words[f"ledger.issue.{code.value}"][lang] for lang in ("zh", "en"))
        spoken_zh, spoken_en = places(zh), places(en)
        assert spoken_zh == spoken_en, code

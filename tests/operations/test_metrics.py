"""The figures for Prometheus: the format to the letter, whole files, nobody else's overwritten."""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landwatch.errors import LandwatchError, UsageError
from landwatch.language.catalogue import says
from landwatch.operations import metrics
from landwatch.operations.metrics import KNOWN, Family, Sample
from tests.operations.prometheus_grammar import NotOfTheFormatError, read_strictly

INFO = "landwatch_info"
ROWS = "landwatch_import_rows"


@pytest.mark.parametrize(
    "text",
    [
        "a 1",
        "# HELP a b\na 1\n",
        "# HELP a b\n# TYPE a gauge\na{b=c} 1\n",
        '# HELP a b\n# TYPE a gauge\na{b="\\t"} 1\n',
        "# HELP a b\n# TYPE a gauge\na 1\na 2\n",
        "# HELP a b\n# TYPE a gauge\na one\n",
        '# HELP a b\n# TYPE a gauge\na{b="1",b="2"} 1\n',
    ],
    ids=["no end", "no type", "no quotes", "escape", "twice", "no number", "label twice"],
)
def test_the_strict_reader_refuses_what_prometheus_would(text: str) -> None:
    with pytest.raises(NotOfTheFormatError):
        read_strictly(text)


@given(
    st.dictionaries(
        st.sampled_from(["rule", "zone", "status"]), st.text(st.characters(codec="utf-8"))
    ),
    st.floats(allow_nan=False) | st.integers(-(2**53), 2**53),
)
def test_any_label_and_any_number_come_back_as_they_were(
    labels: dict[str, str], value: float
) -> None:
    text = metrics.written([Family(INFO, [Sample(value, labels)])])
    ((name, told), number) = next(iter(read_strictly(text).items()))
    assert (name, dict(told), number) == (INFO, labels, value)
    (mine,) = metrics.read(text)[INFO]
    assert (mine.labels, mine.value) == (labels, value)


def test_every_figure_is_named_as_prometheus_wants_and_explained_in_both_languages() -> None:
    for name in KNOWN:
        assert re.fullmatch(r"landwatch_[a-z_]+", name)
        assert says(f"metric.{name}")
        if "timestamp" in name or name.endswith("seconds"):
            assert name.endswith("_seconds")
    assert list(KNOWN) == sorted(set(KNOWN))


def test_what_other_runs_measured_stays_and_what_is_restated_gives_way(tmp_path: Path) -> None:
    path = tmp_path / "landwatch.prom"
    first = Family(
        ROWS,
        [
            Sample(5, {"kind": "zones", "result": "new"}),
            Sample(1, {"kind": "zones", "result": "x"}),
        ],
        "kind",
    )
    metrics.keep(path, [first, Family("landwatch_scan_seconds", [Sample(2.5)])])
    metrics.keep(path, [Family(ROWS, [Sample(7, {"kind": "events", "result": "new"})], "kind")])
    metrics.keep(path, [Family(ROWS, [Sample(6, {"kind": "zones", "result": "new"})], "kind")])
    assert read_strictly(path.read_text("utf-8")) == {
        (ROWS, (("kind", "events"), ("result", "new"))): 7,
        (ROWS, (("kind", "zones"), ("result", "new"))): 6,
        ("landwatch_scan_seconds", ()): 2.5,
    }
    assert path.stat().st_mode & 0o777 == 0o644, "node_exporter is somebody else"
    assert {one.name for one in tmp_path.iterdir()} == {path.name, f"{path.name}.lock"}


def test_a_rule_that_is_gone_leaves_no_outcomes_behind(tmp_path: Path) -> None:
    path, name = tmp_path / "landwatch.prom", "landwatch_scan_outcomes"
    metrics.keep(path, [Family(name, [Sample(1, {"rule": "A"}), Sample(2, {"rule": "B"})])])
    metrics.keep(path, [Family(name, [Sample(3, {"rule": "B"})])])
    assert read_strictly(path.read_text("utf-8")) == {(name, (("rule", "B"),)): 3}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("landwatch.gpkg", b"SQLite format 3\0", "metrics.not_prom"),
        ("other.prom", b"# HELP other\nother 1\n", "metrics.not_ours"),
        ("landwatch.txt", b"", "metrics.not_prom"),
    ],
)
def test_nothing_but_our_own_figures_is_ever_overwritten(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        metrics.keep(path, [Family(INFO, [Sample(1)])])
    assert refused.value.code == code
    assert path.read_bytes() == content


@pytest.mark.timeout(20)
@pytest.mark.parametrize("what", ["pipe", "device", "folder"])
def test_what_is_no_file_is_left_alone_and_not_waited_for(tmp_path: Path, what: str) -> None:
    path = tmp_path / "landwatch.prom"
    if what == "pipe":
        os.mkfifo(path)
    elif what == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    with pytest.raises(UsageError) as refused:
        metrics.keep(path, [Family(INFO, [Sample(1)])])
    assert refused.value.code == "metrics.not_ours"


def test_a_place_below_a_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LandwatchError) as refused:
        metrics.keep(tmp_path / "file" / "landwatch.prom", [Family(INFO, [Sample(1)])])
    assert refused.value.in_words("zh") and refused.value.in_words("en")


def test_a_file_that_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "landwatch.prom"
    path.write_text(f"{metrics.MARK}\n{ROWS}{{kind=\n", encoding="utf-8")
    metrics.keep(path, [Family(INFO, [Sample(1)])])
    assert read_strictly(path.read_text("utf-8")) == {(INFO, ()): 1}


def test_a_folder_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(LandwatchError) as refused:
        metrics.keep(tmp_path / "none" / "landwatch.prom", [Family(INFO, [Sample(1)])])
    assert refused.value.in_words("zh") and refused.value.in_words("en")


def test_runs_that_end_at_one_moment_lose_nothing_of_each_other(tmp_path: Path) -> None:
    path, name = tmp_path / "landwatch.prom", "landwatch_last_exit_code"

    def ends(at: int) -> None:
        metrics.keep(path, [Family(name, [Sample(at, {"verb": f"v{at}"})], "verb")])

    with ThreadPoolExecutor(8) as many:
        list(many.map(ends, range(24)))
    found = read_strictly(path.read_text("utf-8"))
    assert found == {(name, (("verb", f"v{at}"),)): at for at in range(24)}


def test_rows_of_two_files_of_one_kind_add_up_and_moments_do_not() -> None:
    one = Family(ROWS, [Sample(2, {"kind": "zones"})], "kind")
    assert one.plus(one).samples == [Sample(4, {"kind": "zones"})]
    when = Family("landwatch_last_import_timestamp_seconds", [Sample(2)])
    later = Family("landwatch_last_import_timestamp_seconds", [Sample(3)])
    assert when.plus(later).samples == [Sample(3)]

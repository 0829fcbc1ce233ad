"""What is packed is read back by the page's own reader: Python writes, node reads."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landwatch.mapping.columns import (
    Column,
    day_column,
    naturals_column,
    number_column,
    packed,
    text_column,
    varints,
    zigzag,
)

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed; Chromium reads it too")
MODULES = Path(str(files("landwatch.mapping").joinpath("page_modules")))


def read_back(columns: list[Column]) -> dict[str, list[Any]]:
    """Return every cell as the page's reader sees it."""
    script = f"""
        import {{ unpack }} from {json.dumps(MODULES.joinpath("columns.js").as_uri())};
        import {{ readFileSync }} from "node:fs";
        const {{ head, columns }} = await unpack(readFileSync(0, "utf8"));
        const out = {{}};
        for (const {{ name, rows }} of head.columns) {{
          const column = columns[name];
          const cell = (row) => (column.get ? column.get(row) : column[row]);
          out[name] = Array.from({{ length: rows }}, (_, row) => cell(row));
        }}
        process.stdout.write(JSON.stringify(out));
    """
    assert NODE is not None
    done = subprocess.run(
        [NODE, "--no-warnings", "--input-type=module", "-e", script],
        input=packed(columns, {}).encode(),
        capture_output=True,
        check=True,
    )
    result: dict[str, list[Any]] = json.loads(done.stdout)
    return result


@needs_node
def test_every_kind_of_column_is_read_as_it_was_written() -> None:
    days = [None, "1969-12-31", "1970-01-01", "2020-02-29", date(2031, 1, 1)]
    read = read_back(
        [
            text_column("plain", ["甲", "乙\n丙", "", "𠮷野家", "\ufeffb\ufeff"], searched=True),
            text_column("words", ["达标", "未达标"] * 500),
            text_column("pattern", [f"自 2019-03-{n % 28:02d} 起，{n * 7} 天" for n in range(999)]),
            text_column("long", [f"{'9' * 40}-{n:020d}" for n in range(99)]),
            number_column("number", [None, 0, -1.25, 1e9, math.nan]),
            day_column("day", days),
            naturals_column("naturals", [0, 127, 128, 16384, 2**31]),
        ]
    )
    assert read["plain"] == ["甲", "乙\n丙", "", "𠮷野家", "\ufeffb\ufeff"]
    assert read["words"] == ["达标", "未达标"] * 500
    assert read["pattern"] == [f"自 2019-03-{n % 28:02d} 起，{n * 7} 天" for n in range(999)]
    assert read["long"] == [f"{'9' * 40}-{n:020d}" for n in range(99)]
    assert read["number"] == [None, 0, -1.25, 1e9, None]
    assert read["day"] == ["", "1969-12-31", "1970-01-01", "2020-02-29", "2031-01-01"]
    assert read["naturals"] == [0, 127, 128, 16384, 2**31]


@needs_node
@settings(max_examples=20)
@given(
    st.lists(st.text(), max_size=30),
    st.lists(st.none() | st.decimals(min_value=-(10**6), max_value=10**6, places=6), max_size=30),
    st.lists(st.none() | st.dates(), max_size=30),
)
def test_any_text_number_and_day_survives(
    texts: list[str], numbers: list[Any], days: list[date | None]
) -> None:
    read = read_back(
        [text_column("text", texts), number_column("number", numbers), day_column("day", days)]
    )
    control = set(range(32)) - {9, 10, 13} | {127}
    clean = ["".join("\ufffd" if ord(c) in control else c for c in text) for text in texts]
    assert read["text"] == clean
    for told, seen in zip(numbers, read["number"], strict=True):
        assert seen is None if told is None else seen == pytest.approx(float(told), abs=1e-6)
    assert read["day"] == [day.isoformat() if day else "" for day in days]


def test_texts_that_differ_only_in_figures_take_little_room() -> None:
    sentences = [
        f"约定 {date(2015, 1, 1) + timedelta(days=n % 900)} 前开工，至今已超期 {n * 13 % 2000} 天。"
        for n in range(5000)
    ]
    column = text_column("explanation", sentences)
    assert column.kind == "pattern"
    assert sum(map(len, column.parts)) < len("".join(sentences).encode()) / 5


@given(st.lists(st.integers(-(2**52), 2**52)))
def test_folding_keeps_every_integer_apart(numbers: list[int]) -> None:
    folded = zigzag(np.array(numbers, np.int64))
    assert len(set(folded.tolist())) == len(set(numbers))
    assert all(number >= 0 for number in folded.tolist())
    assert len(varints(folded)) <= 8 * len(numbers)

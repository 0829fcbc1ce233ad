"""Headers nobody knows, on the command line: guessed into a file, mended, and read back."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.conftest import Door

STRANGE = "档案号,拿地企业,出让面积亩\nD-1,某公司,30\n"


def test_a_guess_is_written_mended_and_used(ready: Door) -> None:
    Path("外来.csv").write_text(STRANGE, "utf-8")
    before = ready.store.read_bytes()
    refused = ready("import", "contracts", "外来.csv")
    assert refused.code == 3
    assert "--guess" in refused.err
    said = ready.does("import", "contracts", "外来.csv", "--guess", "对照.yaml")
    assert "出让面积亩 → area_m2 (亩)" in said.err
    assert ready.store.read_bytes() == before
    path = Path("对照.yaml")
    text = path.read_text("utf-8")
    path.write_text(text.replace("档案号\n    column:", "档案号\n    column: contract_no"), "utf-8")
    done = ready.does("import", "contracts", "外来.csv", "--mapping", "对照.yaml", "--json")
    assert json.loads(done.out)["new"] == 1
    assert json.loads(done.out)["set_aside"] == 0


def test_a_mapping_file_is_never_written_over_and_serves_one_file(ready: Door) -> None:
    Path("外来.csv").write_text(STRANGE, "utf-8")
    Path("对照.yaml").write_text("mine", "utf-8")
    assert ready("import", "contracts", "外来.csv", "--guess", "对照.yaml").code == 3
    assert Path("对照.yaml").read_text("utf-8") == "mine"
    assert ready("import", "contracts", "外来.csv", "外来.csv", "--guess", "b.yaml").code == 2
    assert ready("import", "contracts", "外来.csv", "--mapping", "对照.yaml").code == 3

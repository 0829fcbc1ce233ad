"""The page's modules are modules: node runs their tests, TypeScript checks their types."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

MODULES = Path(__file__).parents[2] / "landwatch" / "mapping" / "page_modules"
TESTS = Path(__file__).parent / "modules"


def needed(program: str) -> str:
    """Return where a program is; without it the test is skipped, and fails under CI."""
    found = shutil.which(program)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{program} is not there, and CI must have it")
        pytest.skip(f"{program} is not there")
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the modules and their tests stand side by side as ES modules."""
    folder = tmp_path_factory.mktemp("modules")
    shutil.copytree(MODULES, folder / "page_modules")
    shutil.copytree(TESTS, folder / "modules")
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    shutil.copy(TESTS / "tsconfig.json", folder)
    return folder


@pytest.mark.timeout(120)
def test_node_runs_every_module_s_own_tests(folder: Path) -> None:
    files = sorted(str(file.relative_to(folder)) for file in folder.glob("modules/*.test.js"))
    ran = subprocess.run(
        [needed("node"), "--test", "--test-reporter=tap", *files],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    told = {name: int(count) for name, count in re.findall(r"^# (\w+) (\d+)$", ran.stdout, re.M)}
    assert told["pass"] >= len(files), "a file of tests has at least one test"
    assert (told["fail"], told["skipped"], told["todo"]) == (0, 0, 0)


@pytest.mark.timeout(120)
def test_every_module_is_typed_through(folder: Path) -> None:
    ran = subprocess.run(
        [needed("tsc"), "--project", "."], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout

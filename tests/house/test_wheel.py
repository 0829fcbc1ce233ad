"""What a bureau installs is the wheel: it must carry everything that landwatch needs to run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CARRIED = {
    "the policies": "landwatch/lawbook/documents/*.yaml",
    "the worked cases": "landwatch/lawbook/cases/*.yaml",
    "the words": "landwatch/language/words/*.yaml",
    "the page's modules": "landwatch/mapping/**/*.js",
    "the migrations": "landwatch/store/migrations/versions/*.py",
    "the mark that it is typed": "landwatch/py.typed",
}


@pytest.fixture(scope="module")
def wheel(root: Path, tracked: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel once, from the tracked files alone, without asking any index."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for path in tracked:
        if path.startswith("landwatch/") or "/" not in path:
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / path, source / path)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    run = subprocess.run(
        [*pip, "--no-index", "--wheel-dir", str(built), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    (made,) = built.glob("landwatch-*.whl")
    return made


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel, far from the checkout."""
    place = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    return place


@pytest.fixture(scope="module")
def carried(wheel: Path) -> frozenset[str]:
    """Return the names of the files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


def run_from(unpacked: Path, program: str, *words: str, cwd: Path) -> str:
    """Run a program that sees the wheel's landwatch before any other, and return what it says."""
    run = subprocess.run(
        [sys.executable, "-c", program, *words],
        env={**os.environ, "PYTHONPATH": str(unpacked), "PYTHONSAFEPATH": "1"},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_every_file_of_the_package_is_in_the_wheel(
    carried: frozenset[str], tracked: tuple[str, ...]
) -> None:
    assert {path for path in tracked if path.startswith("landwatch/")} - carried == set()


@pytest.mark.parametrize("pattern", CARRIED.values(), ids=CARRIED.keys())
def test_the_wheel_carries(unpacked: Path, pattern: str) -> None:
    assert list(unpacked.glob(pattern))


def test_the_wheel_carries_nothing_beside_the_package(carried: frozenset[str]) -> None:
    tops = {name.partition("/")[0] for name in carried}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"landwatch"}


def test_the_wheel_carries_its_licence(carried: frozenset[str]) -> None:
    licences = {Path(name).name for name in carried if "/licenses/" in name}
    assert licences == {"LICENSE", "NOTICE"}


def test_the_wheel_speaks_by_itself(unpacked: Path, tmp_path: Path) -> None:
    program = (
        "import landwatch; from landwatch.language.catalogue import say\n"
        "print(landwatch.__file__); print(say('status.breach', 'en'))"
    )
    file, word = run_from(unpacked, program, cwd=tmp_path).splitlines()
    assert Path(file).is_relative_to(unpacked)
    assert word == "breach"


def test_the_wheel_runs_the_demo_far_from_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    program = "import sys; sys.argv[0] = 'landwatch'; from landwatch.cli import main; main()"
    run_from(unpacked, program, "demo", str(tmp_path / "park"), cwd=tmp_path)
    made = {path.suffix for path in (tmp_path / "park").rglob("*")}
    assert {".gpkg", ".html", ".xlsx"} <= made

"""The folder that installs landwatch where there is no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest

from landwatch.operations import wheelhouse
from landwatch.operations.wheelhouse import Target, direct_names, needed, pins_of

ROOT = Path(__file__).resolve().parents[2]
LINUX = Target("linux", "x86_64", "3.11")
LOCK = """
alpha==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:ab
    # via landwatch (pyproject.toml)
beta==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:ba
    # via alpha
gamma==3.0 ; python_full_version >= '3.12' \\
    --hash=sha256:ca
    # via
    #   alpha
    #   delta
delta==4.0 \\
    --hash=sha256:da
    # via landwatch (pyproject.toml)
epsilon==5.0 \\
    --hash=sha256:ea
    # via delta
"""


@pytest.mark.parametrize(
    ("target", "names"),
    [
        (LINUX, ["alpha"]),
        (Target("windows", "amd64", "3.11"), ["alpha", "beta"]),
        (Target("linux", "aarch64", "3.12"), ["alpha", "gamma"]),
    ],
    ids=lambda one: one.name if isinstance(one, Target) else None,
)
def test_it_holds_what_landwatch_needs_there_and_no_tool_of_its_makers(
    target: Target, names: list[str]
) -> None:
    pins = pins_of(LOCK)
    assert [pin.name for pin in needed(pins, ["alpha"], target)] == names
    assert pins["alpha"].text == "alpha==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:ab"


def test_the_lock_of_today_gives_every_dependency_and_nothing_of_the_tests() -> None:
    pins = pins_of((ROOT / "requirements.lock").read_text("utf-8"))
    direct = direct_names(ROOT / "pyproject.toml")
    chosen = {pin.name for pin in needed(pins, direct, LINUX)}
    assert set(direct) <= chosen
    assert {"markupsafe", "et-xmlfile", "psycopg-binary"} <= chosen, "what they need in turn"
    assert chosen.isdisjoint({"pytest", "mypy", "ruff", "selenium", "hypothesis", "setuptools"})
    assert all(pin.hashes for pin in pins.values())


def test_the_makefile_has_the_verb() -> None:
    run = subprocess.run(
        ["make", "-n", "-C", str(ROOT), "wheelhouse", "VENV=none", "FOR=windows-amd64"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert 'landwatch.operations.wheelhouse build/wheelhouse --for "windows-amd64"' in run.stdout


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheelhouse of this checkout for this machine, carried as a tar and unpacked elsewhere."""
    made = tmp_path_factory.mktemp("made")
    run = subprocess.run(
        [sys.executable, "-m", "landwatch.operations.wheelhouse", str(made), "--source", str(ROOT)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode and os.environ.get("CI") != "true":
        pytest.skip("no package index is reached")
    assert run.returncode == 0, run.stderr
    (packed,) = made.glob("*.tar")
    stick = tmp_path_factory.mktemp("U 盘")
    with tarfile.open(packed) as tar:
        tar.extractall(stick, filter="data")
    (folder,) = stick.iterdir()
    return folder


def without_network(*words: object) -> list[str]:
    """Return a command that is run where there is no network, where the machine can do that."""
    cut_off = ["unshare", "--net", "--map-root-user"]
    try:
        subprocess.run([*cut_off, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        cut_off = []
    return [*cut_off, *map(str, words)]


@pytest.mark.slow
def test_one_command_installs_it_without_a_network_and_it_works(
    carried: Path, tmp_path: Path
) -> None:
    bare = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHON": sys.executable,
        "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull,
    }  # fmt: skip
    place = tmp_path / "装 这里"
    script = carried / "install.sh"
    run = subprocess.run(
        without_network("sh", script, place),
        env=bare, capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert run.stdout.splitlines()[0] == f"landwatch {version}"
    worked = subprocess.run(
        without_network(place / "bin" / "landwatch", "init", "--store", tmp_path / "a.gpkg"),
        env=bare, capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert worked.returncode == 0, worked.stderr
    assert (tmp_path / "a.gpkg").exists()
    there = subprocess.run(
        [place / "bin" / "python", "-m", "pip", "check"], env=bare, capture_output=True, check=False
    )
    assert there.returncode == 0, there.stdout


@pytest.mark.slow
def test_a_copy_that_was_cut_off_installs_nothing(carried: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(carried, copy, copy_function=os.link)
    wheel = next((copy / "wheels").glob("rich-*.whl"))
    half = wheel.read_bytes()[:1000]
    wheel.unlink()
    wheel.write_bytes(half)
    run = subprocess.run(
        ["sh", str(copy / "install.sh"), str(tmp_path / "venv")],
        env={"PATH": os.environ["PATH"], "PYTHON": sys.executable},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert "SHA256SUMS" in run.stderr
    assert not (tmp_path / "venv").exists()


@pytest.mark.slow
def test_it_says_for_which_machine_it_is(carried: Path, tmp_path: Path) -> None:
    text = (carried / "INSTALL.txt").read_text("utf-8")
    here = ".".join(map(str, sys.version_info[:2]))
    assert f"Python {here}" in text and "麒麟" in text and "install.sh" in text
    script = (carried / "install.sh").read_text("utf-8").replace(here, "3.99")
    (tmp_path / "install.sh").write_text(script)
    run = subprocess.run(
        ["sh", str(tmp_path / "install.sh"), str(tmp_path / "venv")],
        env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1 and "3.99" in run.stderr


@pytest.mark.parametrize("told", [None, "linux-aarch64", "windows-amd64"])
def test_a_target_is_named_by_system_machine_and_python(told: str | None) -> None:
    target = wheelhouse._target(told, "3.12")
    assert target.name.endswith("-py312")
    assert (told or "linux") in target.name
    assert all(target.machine in one for one in target.platforms)

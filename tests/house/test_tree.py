"""The house from outside: what lies at its door, what must never be carried in."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

AT_THE_DOOR = {
    *("landwatch", "data", "maps", "tests", "benchmarks", "docs", ".ci"),
    *("pyproject.toml", "requirements.lock", "Makefile", ".gitignore"),
    *("README.md", "LICENSE", "NOTICE"),
}
LARGEST = 1_500_000
# Folders that stand at the root of any Linux; what else stands there belongs to this machine.
OF_ANY_LINUX = {
    *("bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "media", "mnt", "proc"),
    *("run", "sbin", "srv", "sys", "tmp", "usr", "var"),
}
# Written so that this file does not name what it forbids.
REGISTRY = re.compile(r"\bpypi[.]\w|python[h]osted|npm[j]s|deb[.]debian")


def texts(root: Path, tracked: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return each tracked text file with what it says."""
    read = []
    for path in tracked:
        content = (root / path).read_bytes()
        if b"\0" not in content:
            read.append((path, content.decode("utf-8", errors="replace")))
    return read


def places_of_this_machine(root: Path) -> re.Pattern[str]:
    """Return what a path of this machine looks like: under its own folders, or of the checkout."""
    own = {path.name for path in Path("/").iterdir() if path.name.isidentifier()} - OF_ANY_LINUX
    own |= {"home", "root", "Users"}
    named = "|".join(sorted(map(re.escape, own)))
    return re.compile(rf"(?<![\w.<)\]}}/*$-])/(?:{named})/\w|{re.escape(str(root))}(?!\w)")


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


def test_only_what_the_plan_names_lies_at_the_top(tracked: tuple[str, ...]) -> None:
    assert {path.partition("/")[0] for path in tracked} - AT_THE_DOOR == set()


def test_no_kept_file_is_large(root: Path, tracked: tuple[str, ...]) -> None:
    large = {path: (root / path).stat().st_size for path in tracked}
    assert {path: size for path, size in large.items() if size > LARGEST} == {}


def test_no_kept_file_names_a_place_of_this_machine(root: Path, tracked: tuple[str, ...]) -> None:
    pattern = places_of_this_machine(root)
    found = {
        path: match[0] for path, text in texts(root, tracked) if (match := pattern.search(text))
    }
    assert found == {}


def test_a_place_of_this_machine_would_be_seen(root: Path) -> None:
    pattern = places_of_this_machine(root)
    assert pattern.search(f'"{Path.home().root}home/somebody/ledger.csv"')
    assert pattern.search(f"see {root}/README.md")
    assert not pattern.search("landwatch/home/page.js and </root/> and 万元/亩")


def test_no_kept_file_names_a_package_registry(root: Path, tracked: tuple[str, ...]) -> None:
    found = {
        path: match[0] for path, text in texts(root, tracked) if (match := REGISTRY.search(text))
    }
    assert found == {}


def test_a_package_registry_would_be_seen() -> None:
    assert REGISTRY.search("pip install -i https://" + "pypi" + ".org/simple")
    assert not REGISTRY.search("postgresql+psycopg://bureau@localhost/landwatch and PyPI")


@pytest.mark.parametrize("lock", ["requirements.lock", "tests/validators.lock"])
def test_a_lock_pins_by_version_and_hash_and_names_no_address(root: Path, lock: str) -> None:
    text = (root / lock).read_text("utf-8")
    assert re.findall(r"://|index-url|find-links|@ ", text) == []
    pins = [line for line in text.splitlines() if re.match(r"\w", line)]
    assert pins
    for pin in pins:
        assert re.match(r"[\w.-]+==[\w.!+]+( ;.*)? \\$", pin), pin
        after = text.partition(pin)[2]
        assert re.match(r"\s+--hash=sha256:[0-9a-f]{64}\b", after), f"{pin} has no hash"


def test_the_lock_holds_what_the_project_asks_for(root: Path, project: dict[str, Any]) -> None:
    text = (root / "requirements.lock").read_text("utf-8")
    pinned = {
        canonicalize_name(name): version
        for name, version in re.findall(r"^([\w.-]+)==([\w.!+]+)", text, flags=re.MULTILINE)
    }
    asked = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["dev"],
        *project["build-system"]["requires"],
    ]
    for line in asked:
        wanted = Requirement(line)
        version = pinned.get(canonicalize_name(wanted.name))
        assert version is not None, f"{wanted.name} is not locked: make lock"
        assert wanted.specifier.contains(version), f"{wanted} is locked as {version}: make lock"


def test_make_help_tells_every_verb_in_one_line(root: Path) -> None:
    told = subprocess.run(
        ["make", "-s", "-C", str(root), "help"], check=True, capture_output=True, text=True
    )
    verbs = re.findall(r"^  make (\w+) +\S", told.stdout, flags=re.MULTILINE)
    makefile = (root / "Makefile").read_text("utf-8")
    phony = re.findall(r"^\.PHONY: (.*)", makefile, flags=re.MULTILINE)[0].split()
    assert {"demo", "test", "check", "lock", "soak", "clean"} <= set(verbs)
    assert set(verbs) == set(phony) - {"needs"}

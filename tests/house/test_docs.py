"""The documents: what they link to is there, what they say to type comes out as they say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.test_readme import PLACEHOLDER, RUN, commands
from tests.house.tutorial import Change, Command, File, command, not_shown, plain, steps

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
TUTORIALS = {"zh": DOCS / "write-a-policy.md", "en": DOCS / "write-a-policy.en.md"}


def told() -> list[str]:
    """Return every command that a page names, but those of the tutorials, which are run."""
    pages = [page for page in PAGES if page not in TUTORIALS.values()]
    return sorted({line for page in pages for line in commands(page.read_text("utf-8"))})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_document_leads_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    anchors = set(re.findall(r'<a id="([^"]+)"', text))
    links = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    for link in links:
        path, _, anchor = link.partition("#")
        if "://" in link:
            continue
        assert not path or (page.parent / path).exists(), link
        assert path or anchor in anchors, link


def test_the_index_names_every_document() -> None:
    index = (DOCS / "index.md").read_text("utf-8")
    linked = set(re.findall(r"\]\(([^)\s#]+)", index))
    others = {page.name for page in PAGES} - {"index.md"}
    assert others - linked == set()


def test_the_readme_leads_to_the_documents() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in ("index", "write-a-policy", "rule-language", "reference"):
        assert f"docs/{name}.md" in readme
    for name in ("write-a-policy", "rule-language", "reference"):
        assert f"docs/{name}.en.md" in readme


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if not page.name.startswith(("bench", "soak"))],
    ids=lambda page: page.name,
)
def test_every_document_stands_in_both_languages(page: Path) -> None:
    if page.name == "index.md":
        assert "English" in page.read_text("utf-8")
        return
    stem = page.name.removesuffix(".md").removesuffix(".en")
    assert {f"{stem}.md", f"{stem}.en.md"} <= {other.name for other in PAGES}


def test_every_command_of_a_document_is_one_that_there_is() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    verbs = set(re.findall(r"^(\w+):", makefile, flags=re.MULTILINE))
    assert "make docs" in told()
    for line in told():
        program, *words = shlex.split(line)
        if program == "make":
            assert {word for word in words if "=" not in word} <= verbs, line
            continue
        typed = [word for word in words if not PLACEHOLDER.search(word)]
        run = subprocess.run(
            [sys.executable, "-c", RUN, *typed, "--help"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, f"{line}\n{run.stderr}"


# --- the tutorial, walked as a reader walks it ---------------------------------------------------


def test_a_tutorial_is_read_as_its_reader_reads_it() -> None:
    page = (
        "<!-- file: a.yaml -->\n```yaml\nid: a\n```\nthen\n```sh\nmkdir x\n"
        "landwatch scan   # exit code 1\n```\n```text\n one   two\n…\n```\n"
    )
    written, typed = steps(page)
    assert written == File("a.yaml", "id: a\n")
    assert typed == [Command("mkdir x"), Command("landwatch scan", 1, [" one   two", "…"])]
    assert command("landwatch scan  # 退出码 3").exit_code == 3
    assert not_shown("│ one │ two │\n three", ["one two", "…", "three"]) == []
    assert not_shown("three one", ["one", "three"]) == ["three"]
    assert plain("┏━━┓ a\n│ b") == "a b"
    assert Change("a", " x\n-y\n+z\n@@\n+q\n v\n").applied("x\ny\nv\n") == "x\nz\nq\nv\n"
    with pytest.raises(AssertionError, match="0 times"):
        Change("a", "-gone\n+here\n").applied("x\n")


class Reader:
    """Someone at a shell in a fresh folder, with `landwatch` on the path."""

    def __init__(self, folder: Path, lang: str) -> None:
        self.folder = folder / "home"
        self.folder.mkdir()
        shims = folder / "bin"
        shims.mkdir()
        shim = shims / "landwatch"
        shim.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "{RUN}" "$@"\n')
        shim.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if "LANDWATCH" not in name}
        self.environment = {
            **kept,
            "PATH": f"{shims}{os.pathsep}{os.environ['PATH']}",
            "LANDWATCH_LANG": lang,
            "LANDWATCH_USER": "reader",
            "COLUMNS": "160",
            "PYTHONPATH": str(ROOT),
        }

    def writes(self, file: File) -> None:
        (self.folder / file.name).write_text(file.text, "utf-8")

    def alters(self, change: Change) -> None:
        path = self.folder / change.name
        path.write_text(change.applied(path.read_text("utf-8")), "utf-8")

    def types(self, one: Command) -> str:
        """Type a line, see it end as the page says, and return what it says."""
        if one.line.startswith("cd "):
            self.folder = self.folder / one.line.removeprefix("cd ").strip()
            return ""
        done = subprocess.run(
            ["bash", "-c", one.line],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False,
            timeout=300,
        )  # fmt: skip
        said = done.stdout + "\n" + done.stderr
        assert done.returncode == one.exit_code, f"{one.line}\n{said}"
        return said


@pytest.mark.slow
@pytest.mark.parametrize("lang", TUTORIALS)
def test_the_tutorial_comes_out_as_it_says(lang: str, tmp_path: Path) -> None:
    reader = Reader(tmp_path, lang)
    shown = 0
    for step in steps(TUTORIALS[lang].read_text("utf-8")):
        if isinstance(step, File):
            reader.writes(step)
        elif isinstance(step, Change):
            reader.alters(step)
        else:
            said = "\n".join(map(reader.types, step))
            assert not_shown(said, step[-1].shows) == [], f"{step[-1].line}\n{said}"
            shown += len(step[-1].shows)
    assert shown > 30, "the page shows what comes out"
    page = max(reader.folder.glob("*.html"), key=lambda path: path.stat().st_size)
    assert "YS-02" in page.read_text("utf-8") or page.stat().st_size > 100_000

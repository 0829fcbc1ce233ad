"""What the README tells a stranger to type must be there to be typed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"
RUN = "import sys; sys.argv[0] = 'landwatch'; from landwatch.cli import main; main()"
PLACEHOLDER = re.compile(r"…|\.\.\.|<.+>|\[|\]|\|")


def commands(text: str) -> list[str]:
    """Return every `landwatch …` and `make …` of the page's blocks and of its running text."""
    fence = re.compile(r"^```.*?\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
    lines = [line for block in fence.findall(text) for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", fence.sub("", text))
    found = []
    for line in lines:
        words = re.match(r"\s*(?:\$ )?(?:\S*/)?((?:landwatch|make)(?: .*|$))", line)
        if words:
            found.append(re.split(r"\s+#|\s+[>|&;]|\s&&", words[1])[0].strip())
    return sorted(set(found))


def told(program: str) -> list[str]:
    """Return the commands of this README that begin with the program."""
    return [line for line in commands(README.read_text("utf-8")) if line.split()[0] == program]


def test_a_command_is_found_in_a_block_and_in_a_sentence() -> None:
    page = "Run `landwatch scan`:\n```sh\n$ .venv/bin/landwatch demo x  # a park\nmake test\n```\n"
    assert commands(page) == ["landwatch demo x", "landwatch scan", "make test"]


def test_the_readme_names_the_two_commands() -> None:
    assert {"make demo", "make test"} <= set(told("make"))


def test_every_make_verb_of_the_readme_is_in_the_makefile() -> None:
    makefile = (README.parent / "Makefile").read_text("utf-8")
    verbs = set(re.findall(r"^(\w+):", makefile, flags=re.MULTILINE))
    asked = {word for line in told("make") for word in line.split()[1:] if "=" not in word}
    assert asked - verbs == set()


@pytest.mark.parametrize("line", told("landwatch"))
def test_every_command_of_the_readme_is_one_that_landwatch_has(line: str) -> None:
    """`--help` at the end answers for the command, and refuses an option that is not there."""
    words = [word for word in shlex.split(line)[1:] if not PLACEHOLDER.search(word)]
    run = subprocess.run(
        [sys.executable, "-c", RUN, *words, "--help"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, f"{line}\n{run.stderr}"


def test_every_file_that_the_readme_shows_is_there() -> None:
    text = README.read_text("utf-8")
    links = re.findall(r"\]\(([^)\s#]+)|(?:src|href)=\"([^\"#]+)\"", text)
    local = {one or two for one, two in links if "://" not in (one or two)}
    assert {link for link in local if not (README.parent / link).exists()} == set()

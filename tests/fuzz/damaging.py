"""Damages files and takes them in: `python -m tests.fuzz.damaging HOW SECONDS SEED`.

HOW is `reader` (the importer alone) or `door` (the whole command, with a store, a report and the
screen). It runs in a process of its own: a library that aborts or hangs ends this process and not
the one that watches. The file tried last stays in the folder FUZZ_FOLDER. What was done is printed
as JSON.
"""

from __future__ import annotations

import faulthandler
import json
import os
import random
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.account import taken
from tests.fuzz.damage import harmed
from tests.fuzz.door import FrontDoor
from tests.fuzz.good_files import GoodFile, good_files

LONGEST_S = 30
"""No example may take longer: the process is ended, with the place where it hung."""
A_ROUND = 100


@dataclass(slots=True)
class Figures:
    """What a run did: executions, refusals by code, memory in the course of time."""

    seconds: float
    began: float = field(default_factory=time.monotonic)
    executions: int = 0
    taken: int = 0
    rows: int = 0
    slowest_s: float = 0.0
    ends: Counter[str] = field(default_factory=Counter)
    rss_mb: dict[str, float] = field(default_factory=dict)

    def note_memory(self) -> None:
        """Note the memory at each quarter of the time."""
        passed = (time.monotonic() - self.began) / self.seconds
        for quarter in (25, 50, 75, 100):
            if passed * 100 >= quarter and str(quarter) not in self.rss_mb:
                self.rss_mb[str(quarter)] = resident_mb()

    @property
    def over(self) -> bool:
        """Tell whether the time is up."""
        return time.monotonic() - self.began >= self.seconds


def resident_mb() -> float:
    """Return the memory that this process holds now, in MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def run(how: str, seconds: float, first_seed: int, folder: Path) -> Figures:
    """Try damaged files until the time is up; a trouble is raised, shrunk by hypothesis."""
    (folder / "good").mkdir()
    goods = good_files(folder / "good")
    warnings.simplefilter("error")
    figures = Figures(seconds)
    number = first_seed
    while not figures.over:
        (folder / "tried").mkdir(exist_ok=True)
        attempt = _attempt(how, folder / "tried")
        _round(goods, attempt, figures, number)()
        number += 1
    figures.note_memory()
    return figures


def _attempt(how: str, folder: Path) -> Callable[[GoodFile, Path], Any]:
    if how == "reader":
        return taken
    return FrontDoor(folder / "landwatch.gpkg").taken


def _round(
    goods: tuple[GoodFile, ...],
    attempt: Callable[[GoodFile, Path], Any],
    figures: Figures,
    number: int,
) -> Callable[[], None]:
    """Return one round of examples, the same for the same number."""
    named = {good.name: good for good in goods}

    @seed(number)
    @settings(
        max_examples=A_ROUND, deadline=None, database=None, derandomize=False,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink),
    )  # fmt: skip
    @given(st.sampled_from(sorted(named)), st.integers(0, 2**32 - 1))
    def one_round(name: str, dice: int) -> None:
        if figures.over:
            return
        good = named[name]
        folder = Path(os.environ["FUZZ_FOLDER"]) / "tried" / "file"
        path = laid_out(good, harmed(good, random.Random(dice)), folder)
        began = time.monotonic()
        with _watched(folder.with_name("said")):
            outcome = attempt(good, path)
        figures.slowest_s = max(figures.slowest_s, round(time.monotonic() - began, 2))
        figures.executions += 1
        figures.taken += outcome.refused is None
        figures.rows += outcome.rows
        figures.ends[outcome.refused or "taken"] += 1
        figures.note_memory()

    return one_round


@contextmanager
def _watched(said: Path) -> Iterator[None]:
    """End the process where the work hangs; hold it that no library says a word on its own."""
    kept = os.dup(2)
    with said.open("w+b") as file, os.fdopen(kept, "w") as stderr:
        os.dup2(file.fileno(), 2)
        faulthandler.dump_traceback_later(LONGEST_S, exit=True, file=stderr)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
            os.dup2(kept, 2)
        assert not (words := said.read_bytes()), f"said on its own: {words[:300]!r}"


def laid_out(good: GoodFile, parts: dict[str, bytes], folder: Path) -> Path:
    """Write the parts of a file into a folder that held the one before it; return its path."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    for name, content in parts.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder / good.name


def _real_stderr() -> IO[str]:
    """Return the standard error that stays, while libraries' words are listened for."""
    return os.fdopen(os.dup(2), "w")


def main() -> None:
    how, seconds, number = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    faulthandler.enable(_real_stderr())
    os.environ.setdefault("FUZZ_FOLDER", tempfile.mkdtemp(prefix="fuzz-"))
    figures = run(how, seconds, number, Path(os.environ["FUZZ_FOLDER"]))
    told = {
        name: getattr(figures, name)
        for name in ("executions", "taken", "rows", "slowest_s", "ends", "rss_mb")
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

"""Runs a fuzzer in a process of its own and says how it ended: hangs and aborts count too."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDED = ("boundary", "table", "records")
GRACE_S = 300
"""Beyond its time a fuzzer may need so long to load, and to shrink what it found."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a fuzzer did, and what it found: nothing, where `trouble` is empty."""

    fuzzer: str
    seconds: float
    executions: int = 0
    taken: int = 0
    slowest_s: float | None = None
    rss_mb: Mapping[str, float] = field(default_factory=dict)
    trouble: str = ""

    @property
    def growth_mb(self) -> float:
        """Return by how much the memory grew from the first quarter of the time to the end."""
        return round(self.rss_mb.get("100", 0) - self.rss_mb.get("25", 0), 1)


def damage(how: str, seconds: float, seed: int, folder: Path) -> Run:
    """Run the damaging fuzzer (`reader` or `door`); files of a trouble stay in `folder`."""
    folder.mkdir(parents=True)
    ended = _run(["tests.fuzz.damaging", how, str(seconds), str(seed)], seconds, folder)
    if ended.returncode:
        return Run(how, seconds, trouble=_last_words(ended))
    told = json.loads(ended.stdout)
    return Run(how, seconds, told["executions"], told["taken"], told["slowest_s"], told["rss_mb"])


def guide(target: str, seconds: float, seed: int, folder: Path) -> Run:
    """Run the coverage-guided fuzzer on a target."""
    folder.mkdir(parents=True)
    flags = [f"-max_total_time={round(seconds)}", f"-seed={seed}"]
    ended = _run(["tests.fuzz.guided", target, str(folder), *flags], seconds, folder)
    name = f"atheris: {target}"
    told = folder / "figures.jsonl"
    lines = (
        [json.loads(line) for line in told.read_text("utf-8").splitlines()] if told.exists() else []
    )
    if ended.returncode or not lines:
        return Run(name, seconds, trouble=_last_words(ended))
    last = lines[-1]
    return Run(name, seconds, last["executions"], last["taken"], None, _quarters(lines))


def _quarters(lines: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the memory at each quarter of the time."""
    end = lines[-1]["at_s"]
    marks = {quarter: end * int(quarter) / 100 for quarter in ("25", "50", "75", "100")}
    return {
        quarter: next(line["rss_mb"] for line in lines if line["at_s"] >= at)
        for quarter, at in marks.items()
    }


def _run(words: Sequence[str], seconds: float, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a module of this project; a fuzzer that does not end in time is ended."""
    hash_seed = {"PYTHONHASHSEED": "0", "FUZZ_FOLDER": str(folder), "TMPDIR": str(folder)}
    command = [sys.executable, "-m", *words]
    try:
        return subprocess.run(
            command, cwd=ROOT, env={**os.environ, **hash_seed}, capture_output=True, text=True,
            errors="replace", timeout=seconds + GRACE_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        said = late.stderr.decode("utf-8", "replace") if late.stderr else ""
        return subprocess.CompletedProcess(command, 124, "", f"did not end in time\n{said}")


def _last_words(ended: subprocess.CompletedProcess[str]) -> str:
    return f"exit {ended.returncode}\n{ended.stdout[-500:]}\n{ended.stderr[-6000:]}"


def cleared(folder: Path) -> None:
    """Take a folder away, with what fuzzers left in it."""
    shutil.rmtree(folder, ignore_errors=True)

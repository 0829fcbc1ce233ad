"""Coverage-guided damage by atheris: `python -m tests.fuzz.guided TARGET FOLDER [flags]`.

TARGET is a reader: `boundary` (boundary-point text), `table` (headers and delimited text) or
`records` (JSON); flags are libFuzzer's.
The bytes that atheris makes are a file, and what must hold of every file must hold of it;
whatever else is raised ends the process with libFuzzer's exit code, the bytes kept in FOLDER.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["landwatch.ledger", "landwatch.geo"]):
    from landwatch.language.columns import Kind
    from landwatch.ledger import boundary_sheet, json_records, workbooks  # noqa: F401 (instrumented)
    from tests.fuzz.account import taken
    from tests.fuzz.damaging import resident_mb
    from tests.fuzz.good_files import SHARED, GoodFile, good_files

KINDS = tuple(Kind)
NAMES = {"boundary": "界址点.txt", "table": "台账.csv", "records": "合同.json"}


class Target:
    """One reader under test: bytes in, a file on disk, and what must hold of it."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        self.executions = 0
        self.ends: Counter[str] = Counter()
        self.began = time.monotonic()
        self._path = folder / NAMES[name]
        self._told = self.began

    def __call__(self, data: bytes) -> None:
        """Take bytes in as a file; for tables the first byte says which kind it is to be."""
        kind = Kind.PARCELS
        if self.name != "boundary":
            kind = KINDS[data[0] % len(KINDS)] if data else Kind.CONTRACTS
            data = data[1:]
        self._path.write_bytes(data)
        outcome = taken(GoodFile(self._path.name, kind, {}), self._path)
        self.executions += 1
        self.ends["refused" if outcome.refused else "taken"] += 1
        if time.monotonic() - self._told > 1:
            self._tell()

    def _tell(self) -> None:
        """Write down what was done: libFuzzer ends the process without a last word."""
        self._told = time.monotonic()
        line = {"at_s": round(self._told - self.began, 1), "executions": self.executions,
                "taken": self.ends["taken"], "rss_mb": resident_mb()}  # fmt: skip
        with (self.folder / "figures.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def seeds(name: str, folder: Path) -> Path:
    """Write good files of a target's sort into a folder, made by ourselves, for a start."""
    corpus, made = folder / "corpus", folder / "good"
    corpus.mkdir(exist_ok=True)
    made.mkdir(exist_ok=True)
    suffixes = {"boundary": (".txt",), "table": (".csv", ".tsv"), "records": (".json", ".jsonl")}
    for good in good_files(made):
        if good.name.endswith(suffixes[name]):
            first = b"" if name == "boundary" else bytes([KINDS.index(good.kind)])
            (corpus / good.name).write_bytes(first + good.parts[good.name])
    if name == "boundary":  # real ones, where they are beside the project
        for real in sorted((SHARED / "txt").glob("*/*")):
            if real.is_file() and real.stat().st_size < 8192:
                (corpus / f"{real.parent.name}-{real.name}").write_bytes(real.read_bytes())
    return corpus


def main() -> None:
    name, folder, flags = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    os.environ.setdefault("TMPDIR", str(folder))
    corpus = seeds(name, folder)
    limits = [f"-artifact_prefix={folder}/", "-max_len=8192", "-timeout=30", "-rss_limit_mb=2048"]
    atheris.Setup([sys.argv[0], *limits, *flags, str(corpus)], Target(name, folder))
    atheris.Fuzz()


if __name__ == "__main__":
    main()

"""The whole import of one file after another into one store, as its user sees it."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from landwatch.cli import run
from landwatch.language.columns import Kind
from tests.fuzz.account import Outcome
from tests.fuzz.good_files import GoodFile

DONE, FOUND, USAGE, REFUSED = 0, 1, 2, 3
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What a terminal would take for an order: none of it may come from a file."""
_CURES: tuple[list[str], ...] = (
    [], [], [], ["--repair"], ["--cure", "swap"], ["--cure", "gcj02"], ["--dry-run"],
)  # fmt: skip


class FrontDoor:
    """`landwatch import` in this process, with a store of its own."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self._turn = 0
        if not store.exists():
            code, _, err = self._says("init", "--store", str(store))
            assert code == DONE, err

    def taken(self, good: GoodFile, path: Path) -> Outcome:
        """Import a file; the numbers shown must add up, and nobody sees a traceback."""
        self._turn += 1
        lang = ("zh", "en")[self._turn % 2]
        told = ["--store", str(self.store), "--lang", lang]
        crs = ["--crs", good.crs] if good.crs else []
        if self._turn % 5 == 0:
            return self._looked_at(good, path, ["--lang", lang, *crs])
        words = ["import", str(good.kind), str(path), *told, *crs]
        words += ["--report", str(self.store.with_name("报告.xlsx"))] if self._turn % 3 else []
        words += _CURES[self._turn % len(_CURES)]
        as_json = self._turn % 4 > 0
        code, out, err = self._says(*words, *(["--json"] if as_json else []))
        assert code in (DONE, USAGE, REFUSED), err
        assert "Traceback" not in out + err
        assert not _OBEYED.search(err), f"obeyed by a terminal: {err!r}"
        if not out.strip():
            assert err.strip(), "nothing was said"
            return Outcome(f"exit {code}" if code else None)
        answer = json.loads(out)
        kept = answer["accepted"] + answer["accepted_with_remarks"]
        assert answer["rows"] == kept + answer["refused"] + answer["set_aside"]
        written = (answer.get(name, 0) for name in ("new", "changed", "unchanged", "untouched"))
        assert "--dry-run" in words or sum(written) == kept
        assert (code == REFUSED) == (answer["refused"] > 0)
        return Outcome(None, answer["rows"])

    def _looked_at(self, good: GoodFile, path: Path, told: list[str]) -> Outcome:
        """Have the headers guessed and the coordinates looked at, which change nothing."""
        guess = self.store.with_name("对照.yaml")
        guess.unlink(missing_ok=True)
        commands = [["import", str(good.kind), str(path), "--guess", str(guess), *told]]
        if good.kind in (Kind.PARCELS, Kind.ZONES):
            commands.append(["doctor", "coordinates", str(path), *told])
        for words in commands:
            code, out, err = self._says(*words)
            assert code in (DONE, FOUND, USAGE, REFUSED), err
            assert "Traceback" not in out + err
            assert (out + err).strip(), "nothing was said"
        return Outcome(f"exit {code}" if code else None)

    def _says(self, *words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(list(words))
        return code, out.getvalue(), err.getvalue()

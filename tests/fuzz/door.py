"""The whole import of one file after another into one store, as its user sees it."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from landwatch.cli import run
from tests.fuzz.account import Outcome
from tests.fuzz.good_files import GoodFile

DONE, USAGE, REFUSED = 0, 2, 3


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
        words = ["import", str(good.kind), str(path), "--store", str(self.store), "--lang",
                 ("zh", "en")[self._turn % 2]]  # fmt: skip
        words += ["--crs", good.crs] if good.crs else []
        words += ["--report", str(self.store.with_name("报告.xlsx"))] if self._turn % 3 else []
        as_json = self._turn % 4 > 0
        code, out, err = self._says(*words, *(["--json"] if as_json else []))
        assert code in (DONE, USAGE, REFUSED), err
        assert "Traceback" not in out + err
        if not out.strip():
            assert err.strip(), "nothing was said"
            return Outcome(f"exit {code}" if code else None)
        told = json.loads(out)
        kept = told["accepted"] + told["accepted_with_remarks"]
        assert told["rows"] == kept + told["refused"] + told["set_aside"]
        assert told["new"] + told["changed"] + told["unchanged"] == kept
        assert (code == REFUSED) == (told["refused"] > 0)
        return Outcome(None, told["rows"])

    def _says(self, *words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(list(words))
        return code, out.getvalue(), err.getvalue()

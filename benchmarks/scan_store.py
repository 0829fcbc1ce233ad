"""A scan of a store from its rows to its kept findings, the time of each stage told apart."""

from __future__ import annotations

import hashlib
import io
from datetime import date

from benchmarks.scan_stages import Watch, patched
from landwatch.bootstrap import the_lawbook, the_store
from landwatch.scan import kept, resuming, run
from landwatch.store import Store


def scanned(url: str, as_of: date, *, whole: bool) -> tuple[dict[str, float], int]:
    """Scan the store of a URL and return what each stage took, and the scan's number."""
    parts = {name: Watch() for name in ("read", "gather", "keep")}
    patched(kept, "ledger_at", parts["read"])
    patched(run, "facts_alone", parts["gather"])
    patched(resuming, "rule_part", parts["keep"])
    patched(Store, "save_scan", parts["keep"])
    everything = Watch()
    with everything.running():
        store = the_store(url)
        adopted = kept.adopted_policies(store, the_lawbook(store), as_of)
        summary = kept.run_and_keep(
            store, adopted, as_of, by="benchmark", least=None if whole else 0, noted=_not_whole
        )
    assert summary.scan_id is not None
    took = {name: watch.wall_s for name, watch in parts.items()}
    took["decide"] = everything.wall_s - sum(took.values())
    return took, summary.scan_id


def _not_whole(why: object) -> None:
    """End the benchmark where a scan that should build upon another decides everything anew."""
    raise SystemExit(f"scanned whole: {why}")


def digest_of(url: str, scan_id: int) -> str:
    """Return the SHA-256 of a scan's findings as a CSV without the scan's number."""
    import pyarrow as pa
    import pyarrow.csv

    store = the_store(url)
    summary = store.scan(scan_id)
    assert summary is not None
    digest = hashlib.sha256()
    for one in kept.kept_outcomes(store, summary):
        text = io.BytesIO()
        table = pa.table(one.table.columns, names=one.table.column_names)
        pyarrow.csv.write_csv(table, text)
        digest.update(one.rule.encode() + text.getvalue())
    return digest.hexdigest()

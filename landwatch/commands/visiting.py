"""What an inspector saw, recorded without a file to edit."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landwatch import bootstrap
from landwatch.commands.telling import each_known
from landwatch.errors import InputRefusedError, UsageError
from landwatch.language.catalogue import say
from landwatch.language.columns import Kind
from landwatch.language.records import Record, SourceFile
from landwatch.language.terms import Stage
from landwatch.ledger.cells import tidy
from landwatch.ledger.keys import key_of

if TYPE_CHECKING:
    from landwatch.store import ImportReceipt


def visit(
    url: str,
    contract_id: str,
    *,
    started: bool,
    on: date,
    today: date,
    by: str,
    stage: str | None = None,
    note: str | None = None,
    photo: Path | None = None,
) -> ImportReceipt:
    """Record what an inspector saw on a day, without a file to edit.

    Raises:
        UnknownNameError: no such contract, or no such stage.
        UsageError: the day has not come yet.
        InputRefusedError: the photo cannot be read or kept.
    """
    store = bootstrap.the_store(url)
    contract_id = tidy(contract_id)
    each_known("what.contract", [contract_id], store.known_keys(Kind.CONTRACTS))
    if on > today:
        raise UsageError("error.future_visit", on=on.isoformat(), today=today.isoformat())
    as_read = {"contract_id": contract_id, "started": "yes" if started else "no"}
    as_read |= {"observed_on": on.isoformat(), "inspector": by}
    if stage is not None:
        each_known("what.stage", [stage], list(Stage))
        as_read["stage"] = stage
    if note:
        as_read["note"] = note
    if photo is not None:
        as_read |= _kept_photo(url, photo)
    told = json.dumps(as_read, ensure_ascii=False, sort_keys=True).encode()
    source = SourceFile(say("cli.visit_source", "zh"), hashlib.sha256(told).hexdigest(), len(told))
    values: dict[str, Any] = {
        "contract_id": contract_id,
        "observed_on": on,
        "source": "inspection",
        "inspector": by,
        "started": started,
    }
    values |= {name: as_read[name] for name in ("stage", "note") if name in as_read}
    key = key_of(Kind.PROGRESS, values)  # as the importer has it: one visit, one key
    with store.import_rows(Kind.PROGRESS, source, recorded_by=by) as writer:
        writer.add([Record(Kind.PROGRESS, key, values, None, 1, as_read=as_read)])
    receipt = writer.receipt
    assert receipt is not None  # written when the block was left
    return receipt


def _kept_photo(url: str, photo: Path) -> dict[str, str]:
    """Keep a photo beside the store under its hash; return what the record says of it."""
    folder = bootstrap.photos_beside(url)
    if folder is None:
        raise UsageError("error.photo_on_server")
    try:
        sha256 = hashlib.sha256(photo.read_bytes()).hexdigest()
        folder.mkdir(exist_ok=True)
        kept = folder / f"{sha256[:16]}{photo.suffix.lower()}"
        shutil.copyfile(photo, kept)
    except OSError as problem:
        raise InputRefusedError(
            "error.photo", file=str(photo), what=problem.strerror or str(problem)
        ) from None
    return {"photo": photo.name, "photo_sha256": sha256, "photo_kept": kept.name}

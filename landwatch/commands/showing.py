"""The demo parks, from ledger to map, in one go."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.drawing import draw_map, report
from landwatch.commands.intake import Imported, import_files
from landwatch.commands.policies import adopt
from landwatch.commands.scanning import Scanned, scan
from landwatch.commands.status import expect_source
from landwatch.commands.store import init
from landwatch.commands.telling import Told, silent
from landwatch.errors import InputRefusedError, UsageError
from landwatch.files import check_spelling
from landwatch.language.catalogue import say
from landwatch.store import Scope

if TYPE_CHECKING:
    from landwatch.store import Adoption


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo made, and the figures of it."""

    folder: Path
    store: Path
    map: Path
    workbook: Path
    imported: tuple[Imported, ...]
    scanned: Scanned
    adoptions: tuple[Adoption, ...] = field(default_factory=tuple)


def demo(folder: Path, *, by: str, lang: str, told: Told = silent) -> Shown:
    """Build the demo parks in a folder: ledger, store, scan, map and workbook, all made up.

    A second run in the same folder imports nothing new and scans again.

    Raises:
        UsageError: the folder holds a store with a ledger of somebody's own.
    """
    from landwatch.demo import write_ledger

    store_path = folder / "landwatch.gpkg"
    check_spelling(folder, UsageError)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ledger = write_ledger(folder)
    except OSError as problem:
        raise InputRefusedError(
            "error.folder", folder=str(folder), what=problem.strerror or str(problem)
        ) from None
    url = str(store_path)
    ours = {path.name for _, path in ledger.files}
    if store_path.exists() and any(
        one.source.name not in ours for one in bootstrap.the_store(url).imports()
    ):
        raise UsageError("error.demo_there", file=str(store_path))
    init(url, by=by)
    imported = tuple(
        done
        for kind, path in ledger.files
        for done in import_files(
            url, kind, [path], by=by, lang=lang, told=told,
            report=path.with_name(f"{path.stem}-issues.xlsx"),
        )
    )  # fmt: skip
    for policy_id, zone_id in ledger.adoptions:
        adopt(url, policy_id, Scope(zone_id=zone_id), by=by)
    for source, rhythm, grace_days in ledger.expected:
        expect_source(url, source, rhythm, grace_days=grace_days, by=by)
    scanned = scan(url, ledger.as_of, by=by, told=told)
    page, workbook = folder / "map.html", folder / "report.xlsx"
    title = say("cli.demo_title", lang)
    draw_map(url, page, lang=lang, title=title, made_up=True)
    report(url, workbook, lang=lang, title=title)
    return Shown(
        folder, store_path, page, workbook, imported, scanned,
        tuple(bootstrap.the_store(url).adoptions()),
    )  # fmt: skip

"""What a person asks for: one function a verb, used by the command line and by tests alike.

A verb takes plain values, does its work through the rooms, and returns what happened; it prints
nothing. `told` hears of progress; what the user did wrong is raised as a LandwatchError.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landwatch import bootstrap
from landwatch.errors import InputRefusedError, UnknownNameError, UsageError, nearest
from landwatch.language.catalogue import say
from landwatch.language.columns import Kind
from landwatch.language.records import Record, SourceFile
from landwatch.language.terms import Gravity, Stage, Status
from landwatch.ledger.cells import tidy
from landwatch.ledger.keys import key_of

if TYPE_CHECKING:
    from landwatch.lawbook.policy import Policy
    from landwatch.ledger import Batch, HeaderUse, Intake, Issue, Tally
    from landwatch.mapping.page import PageReceipt
    from landwatch.scan.explain import Section
    from landwatch.scan.findings import Wanted
    from landwatch.store import Adoption, ImportReceipt, ScanSummary, Store

Told = Callable[[str, int, int], None]
"""What long work tells of its progress: what it is at, how much is done, how much there is."""


def _silent(_what: str, _done: int, _of: int) -> None:
    return None


# --- init -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Made:
    """A store that is there now, and the policies adopted in it."""

    url: str
    adopted: tuple[str, ...]


def init(url: str, *, by: str) -> Made:
    """Make or upgrade the store, and adopt the policies that hold everywhere from the start."""
    store = bootstrap.a_new_store(url)
    known = store.ever_adopted()  # what a person dropped stays dropped
    for policy in bootstrap.the_lawbook().values():
        if policy.adopted_by_init and policy.id not in known:
            store.adopt(policy.id, None, by=by)
    return Made(store.url, tuple(sorted({act.policy_id for act in store.adoptions()})))


# --- import ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class IssueGroup:
    """The same trouble in the same column: how often, in which rows first, one of them whole."""

    example: Issue
    count: int = 0
    rows: list[int] = field(default_factory=list)

    def add(self, issue: Issue) -> None:
        """Count one more."""
        self.count += 1
        if issue.row is not None and len(self.rows) < SHOWN_ROWS:
            self.rows.append(issue.row)


@dataclass(frozen=True, slots=True)
class Imported:
    """One file taken in: what its headers mean, how its rows fared, what the store made of them."""

    kind: Kind
    source: SourceFile
    tally: Tally
    mapped: tuple[HeaderUse, ...]
    unmapped: tuple[HeaderUse, ...]
    issues: tuple[IssueGroup, ...]
    receipt: ImportReceipt | None
    strangers: tuple[Stranger, ...] = ()


@dataclass(frozen=True, slots=True)
class Stranger:
    """A contract that rows name and the ledger does not hold, and the nearest that it does."""

    name: str
    near: str | None


SHOWN_ROWS = 5
"""Rows that a terminal names for one trouble; the report workbook has them all."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How ledger files are read: what the user says of them, and the day of the import."""

    encoding: str | None = None
    crs: str | None = None
    today: date | None = None


def import_files(
    url: str,
    kind: Kind,
    paths: Collection[Path],
    *,
    by: str,
    reading: Reading | None = None,
    dry_run: bool = False,
    report: Path | None = None,
    lang: str = "zh",
    told: Told = _silent,
) -> Iterator[Imported]:
    """Take ledger files in, each all or nothing; yield how each fared, then write the report.

    Refused rows are reported and the good ones go on. The report tells of every file taken in, also
    where a later one is refused as a whole.

    Raises:
        InputRefusedError: a file as a whole cannot be taken, or the report cannot go there.
        StoreError: the store cannot be opened or written.
    """
    from landwatch.ledger import read_ledger, write_issue_workbook
    from landwatch.ledger.issue_workbook import check_report_target

    store, how = bootstrap.the_store(url), reading or Reading()
    if report is not None:
        if not report.absolute().parent.is_dir():
            raise UsageError("error.no_folder", folder=str(report.parent))
        for path in paths:
            check_report_target(report, path)
    intakes: list[Intake] = []
    try:
        for path in paths:
            intake = read_ledger(kind, path, encoding=how.encoding, crs=how.crs, today=how.today)
            done = _take_in(store, intake, by, dry_run, told)
            intakes.append(intake)
            yield done
    finally:
        if report is not None and intakes:
            write_issue_workbook(report, intakes, lang)


def _take_in(store: Store, intake: Intake, by: str, dry_run: bool, told: Told) -> Imported:
    """Spool a file's rows into the store, or only read them; return how they fared."""
    groups: dict[tuple[str, str | None], IssueGroup] = {}
    named: set[str] = set()
    receipt = None

    def heard(batch: Batch) -> None:
        _group(groups, batch.issues)
        named.update(_contracts_named(intake.kind, batch.records))
        told(intake.source.name, intake.tally.rows, 0)

    if dry_run:
        for batch in intake.batches():
            heard(batch)
    else:
        with store.import_rows(intake.kind, intake.source, recorded_by=by) as writer:
            for batch in intake.batches():
                writer.add(batch.records)
                heard(batch)
        receipt = writer.receipt
    return Imported(
        intake.kind, intake.source, intake.tally, intake.mapped, intake.unmapped,
        tuple(groups.values()), receipt, _strangers(store, named),
    )  # fmt: skip


def _contracts_named(kind: Kind, records: Iterable[Record]) -> set[str]:
    if kind not in (Kind.PROGRESS, Kind.EVENTS):
        return set()
    return {str(record.values["contract_id"]) for record in records}


def _strangers(store: Store, named: set[str]) -> tuple[Stranger, ...]:
    """Return the named contracts that no contract answers to, by key or by its other numbers."""
    if not named:
        return ()
    table = store.columns(Kind.CONTRACTS)
    known = {
        name
        for column in ("contract_id", "contract_no", "supervision_no")
        for name in table.column(column).to_pylist()
        if name is not None
    }
    missing = sorted(named - known)
    near = {name: nearest(name, known) for name in missing[:SHOWN_ROWS]}
    return tuple(Stranger(name, near.get(name)) for name in missing)


def _group(groups: dict[tuple[str, str | None], IssueGroup], issues: Iterable[Issue]) -> None:
    for issue in issues:
        place = (issue.code.value, issue.column)
        groups.setdefault(place, IssueGroup(issue)).add(issue)


# --- policies -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shelved:
    """A policy on the shelf, and where it is adopted (None: everywhere)."""

    policy: Policy
    adopted_for: tuple[str | None, ...]


def policies(url: str | None) -> list[Shelved]:
    """Return every policy with where it is adopted; without a store, where none is."""
    from landwatch.errors import StoreMissingError

    scopes: dict[str, list[str | None]] = {}
    if url is not None:
        try:
            for act in bootstrap.the_store(url).adoptions():
                scopes.setdefault(act.policy_id, []).append(act.zone_id)
        except StoreMissingError:
            scopes = {}
    return [
        Shelved(policy, tuple(scopes.get(policy.id, ())))
        for policy in bootstrap.the_lawbook().values()
    ]


def policy(policy_id: str) -> Policy:
    """Return one policy.

    Raises:
        UnknownNameError: there is none of that id; the nearest is offered.
    """
    shelf = bootstrap.the_lawbook()
    if policy_id not in shelf:
        raise UnknownNameError("what.policy", policy_id, shelf)
    return shelf[policy_id]


def adopt(url: str, policy_id: str, zone_id: str | None, *, by: str) -> bool:
    """Adopt a policy everywhere or for a zone; False where it already was.

    Raises:
        UnknownNameError: no such policy, or no such zone in the ledger.
    """
    wanted, store = policy(policy_id), bootstrap.the_store(url)
    if zone_id is not None:
        zones = set(store.columns(Kind.ZONES).column("zone_id").to_pylist())
        if zone_id not in zones:
            raise UnknownNameError("what.zone", zone_id, zones)
    return store.adopt(wanted.id, zone_id, by=by)


def drop(url: str, policy_id: str, zone_id: str | None, *, by: str) -> bool:
    """Drop a policy everywhere or for a zone; False where it was not adopted."""
    return bootstrap.the_store(url).drop(policy(policy_id).id, zone_id, by=by)


# --- scan -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scanned:
    """A kept scan, and how many outcomes it has of each gravity."""

    summary: ScanSummary
    gravities: Mapping[Gravity, int]

    def at_or_above(self, level: str) -> int:
        """Return how many outcomes are at least as grave as a level of `--fail-on`."""
        limit = Gravity(level).rank
        return sum(count for gravity, count in self.gravities.items() if gravity.rank <= limit)


def scan(url: str, as_of: date, *, by: str, told: Told = _silent) -> Scanned:
    """Scan every contract against every adopted rule as of a day, and keep the outcomes."""
    from landwatch.scan.kept import adopted_policies, run_and_keep

    store = bootstrap.the_store(url)
    adopted = adopted_policies(store, bootstrap.the_lawbook())
    summary = run_and_keep(store, adopted, as_of, by=by, told=told)
    return Scanned(summary, _gravities(store, summary))


def _gravities(store: Store, summary: ScanSummary) -> dict[Gravity, int]:
    import pyarrow.compute as pc

    from landwatch.scan.kept import kept_outcomes

    found: dict[Gravity, int] = {}
    assert summary.scan_id is not None
    for kept in kept_outcomes(store, summary.scan_id):
        verify = int(pc.sum(kept.table.column("to_verify")).as_py() or 0)
        for pair in pc.value_counts(kept.table.column("status")).to_pylist():
            gravity, count = Gravity(pair["values"]), int(pair["counts"])
            if gravity is Gravity.UNKNOWN:
                found[Gravity.TO_VERIFY] = found.get(Gravity.TO_VERIFY, 0) + verify
                count -= verify
            found[gravity] = found.get(gravity, 0) + count
    return found


def kept_scan(store: Store, scan_id: int | None) -> ScanSummary:
    """Return a kept scan, the latest where none is named.

    Raises:
        UsageError: nothing has been scanned yet.
        UnknownNameError: no scan of that number.
    """
    summary = store.scan(scan_id)
    if summary is None:
        raise UsageError("error.no_scan")
    return summary


# --- findings -------------------------------------------------------------------------------------


def wanted_findings(
    store: Store,
    summary: ScanSummary,
    *,
    statuses: Collection[str] = (),
    rules: Collection[str] = (),
    zones: Collection[str] = (),
    contracts: Collection[str] = (),
) -> Wanted:
    """Return a filter of findings; every name in it is one that the scan knows.

    Raises:
        UnknownNameError: a status, rule, zone or contract that is not there, with the nearest.
    """
    from landwatch.scan.findings import Wanted

    _each_known("what.status", statuses, list(Status))
    _each_known("what.rule", rules, summary.counts)
    if zones:
        known = store.columns(Kind.ZONES, known_at=summary.known_at).column("zone_id")
        _each_known("what.zone", zones, known.to_pylist())
    if contracts:
        _each_known("what.contract", contracts, store.known_keys(Kind.CONTRACTS))
    return Wanted(frozenset(statuses), frozenset(rules), frozenset(zones), frozenset(contracts))


def _each_known(what: str, names: Collection[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise UnknownNameError(what, name, known)


@dataclass(frozen=True, slots=True)
class Found:
    """Findings of a kept scan, one at a time, as their rows are asked for."""

    summary: ScanSummary
    rows: Iterator[dict[str, Any]]


def findings(
    url: str,
    *,
    scan_id: int | None = None,
    statuses: Collection[str] = (),
    rules: Collection[str] = (),
    zones: Collection[str] = (),
) -> Found:
    """Return the findings of a kept scan, with every column of the ledger's contract."""
    from landwatch.scan.findings import findings as rows_of

    store = bootstrap.the_store(url)
    summary = kept_scan(store, scan_id)
    wanted = wanted_findings(store, summary, statuses=statuses, rules=rules, zones=zones)
    return Found(summary, rows_of(store, summary, bootstrap.the_lawbook(), wanted))


def write_findings(
    url: str,
    found: Found,
    form: str,
    path: Path | None,
    *,
    bom: bool = False,
    told: Told = _silent,
) -> int:
    """Write findings in a form, to a file or (csv, json) to stdout; return how many there were.

    Raises:
        UsageError: a form that cannot go to stdout has no file.
    """
    from landwatch.mapping.gather import parcel_outlines
    from landwatch.reports import tables

    rows = _Counted(found.rows, told)
    if path is None:
        if form not in ("csv", "json"):
            raise UsageError("error.needs_file", form=form)
        if form == "csv":
            tables.write_csv(rows, sys.stdout, bom=bom)
        else:
            tables.write_json(rows, sys.stdout)
        return rows.count
    drawn = form in ("geojson", "gpkg")
    shapes = parcel_outlines(bootstrap.the_store(url), found.summary) if drawn else {}
    tables.write_findings(rows, path, form, geometry_of=shapes, bom=bom)
    return rows.count


@dataclass(slots=True)
class _Counted:
    """Rows as they pass, counted, with their progress told."""

    rows: Iterator[dict[str, Any]]
    told: Told
    count: int = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Return each row once."""
        for row in self.rows:
            self.count += 1
            if self.count % 500 == 0:
                self.told("findings", self.count, 0)
            yield row


# --- explain --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Explained:
    """One rule's check of one contract, in words."""

    contract_id: str
    rule: str
    heading: str
    status: Status
    sections: tuple[Section, ...]


def explain(
    url: str, contract_id: str, rule: str | None, *, lang: str, scan_id: int | None = None
) -> list[Explained]:
    """Return a lawyer's check of one contract: one rule, or every rule of the scan.

    Raises:
        UnknownNameError: no such contract or rule in the scan; the nearest is offered.
    """
    from landwatch.scan.explaining import explain_contract

    store = bootstrap.the_store(url)
    contract_id = tidy(contract_id)
    summary = kept_scan(store, scan_id)
    wanted_findings(store, summary, rules=[rule] if rule else (), contracts=[contract_id])
    return [
        Explained(one.contract_id, one.rule, one.heading, one.status, one.sections)
        for one in explain_contract(
            store, summary, bootstrap.the_lawbook(), contract_id, rule, lang
        )
    ]


# --- visit ----------------------------------------------------------------------------------------


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
    _each_known("what.contract", [contract_id], store.known_keys(Kind.CONTRACTS))
    if on > today:
        raise UsageError("error.future_visit", on=on.isoformat(), today=today.isoformat())
    as_read = {"contract_id": contract_id, "started": "yes" if started else "no"}
    as_read |= {"observed_on": on.isoformat(), "inspector": by}
    if stage is not None:
        _each_known("what.stage", [stage], list(Stage))
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


# --- what is written ------------------------------------------------------------------------------


def draw_map(
    url: str,
    path: Path,
    *,
    lang: str,
    statuses: Collection[str] = (),
    scan_id: int | None = None,
    title: str | None = None,
    made_up: bool = False,
) -> PageReceipt:
    """Write the page of a kept scan: one file that opens anywhere, without a network."""
    from landwatch.mapping.gather import map_data
    from landwatch.mapping.page import write_page

    store = bootstrap.the_store(url)
    summary = kept_scan(store, scan_id)
    _each_known("what.status", statuses, list(Status))
    data = map_data(
        store,
        summary,
        bootstrap.the_lawbook(),
        title=title or say("cli.map_title", lang),
        statuses=frozenset(statuses),
        made_up=made_up,
    )
    return write_page(path, data, lang=lang)


def report(
    url: str, path: Path, *, lang: str, scan_id: int | None = None, title: str | None = None
) -> Path:
    """Write the workbook of a kept scan: parks, findings, the visit list.

    Raises:
        UsageError: the name does not end in .xlsx.
    """
    from landwatch.reports.gather import report_data
    from landwatch.reports.workbook import write_report

    if path.suffix.lower() != ".xlsx":
        raise UsageError("error.report_kind", file=path.name)
    store = bootstrap.the_store(url)
    summary = kept_scan(store, scan_id)
    data = report_data(
        store, summary, bootstrap.the_lawbook(), title=title or say("cli.report_title", lang)
    )
    write_report(path, data, lang)
    return path


# --- demo -----------------------------------------------------------------------------------------


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


def demo(folder: Path, *, by: str, lang: str, told: Told = _silent) -> Shown:
    """Build the demo parks in a folder: ledger, store, scan, map and workbook, all made up.

    A second run in the same folder imports nothing new and scans again.

    Raises:
        UsageError: the folder holds a store with a ledger of somebody's own.
    """
    from landwatch.demo import write_ledger

    store_path = folder / "landwatch.gpkg"
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
        adopt(url, policy_id, zone_id, by=by)
    scanned = scan(url, ledger.as_of, by=by, told=told)
    page, workbook = folder / "map.html", folder / "report.xlsx"
    title = say("cli.demo_title", lang)
    draw_map(url, page, lang=lang, title=title, made_up=True)
    report(url, workbook, lang=lang, title=title)
    return Shown(
        folder, store_path, page, workbook, imported, scanned,
        tuple(bootstrap.the_store(url).adoptions()),
    )  # fmt: skip

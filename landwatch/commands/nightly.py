"""The nightly run: take in what lies in an inbox, scan, see who is late, say what came of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.comparing import LAST, compare
from landwatch.commands.intake import Reading, import_files
from landwatch.commands.night import Against, FileDone, FileFate, Night
from landwatch.commands.operating import note_import, note_scan, note_store
from landwatch.commands.scanning import scan
from landwatch.commands.telling import Told, silent
from landwatch.errors import LandwatchError, StoreBusyError, StoreError, UsageError
from landwatch.files import Why
from landwatch.language.catalogue import LANGUAGES, say
from landwatch.operations import inbox, journal, night
from landwatch.operations.inbox import Waiting
from landwatch.operations.lock import Holder, Lock
from landwatch.operations.night import NightNotes
from landwatch.operations.plan import PLAN_NAME, Plan, PlannedFiles, read_plan

if TYPE_CHECKING:
    from landwatch.store import ScanSummary, Store


@dataclass(frozen=True, slots=True)
class NightWork:
    """What a nightly run is asked for: which store and inbox, which day, by whom, in what words.

    `crew` is who works on the scan.
    """

    url: str
    folder: Path
    as_of: date
    by: str
    plan: Path | None = None
    lang: str = "zh"
    crew: bootstrap.Crew = bootstrap.THIS_PROCESS


def nightly(work: NightWork, told: Told = silent) -> Night:
    """Take in the files of an inbox, scan as of a day, and return what came of it.

    A file that was taken in goes to `done/`, one that was refused, or rows of it, to `refused/`
    beside the report that says why. Where the store fails half way, what is done stays done and
    another run goes on. What was done of it is told to those who operate landwatch.

    Raises:
        UsageError: the folder or its plan is not as it should be.
        StoreBusyError: another nightly run works in the folder; says whose and since when.
        StoreError: there is no store, or it cannot be opened: nothing was done.
    """
    folder = work.folder
    if not folder.is_dir():
        raise UsageError("nightly.no_folder", folder=str(folder))
    place = work.plan or folder / PLAN_NAME
    plan = read_plan(place)
    store = bootstrap.the_store(work.url)
    with _alone(folder, work.by):
        before = night.notes_of(folder)
        notes = before.gone_on()
        found = Night(folder, work.as_of, None if before.ended else before.began_at)
        shift = _Shift(work, plan, store, told, night.keep_notes(folder, notes), found)
        shift.run([place, *(one.mapping for one in plan.files if one.mapping)])
    return found


def night_ended(folder: Path) -> bool:
    """Tell whether the run before came to its end, so that there is nothing to go on with."""
    return night.notes_of(folder).ended


@contextmanager
def _alone(folder: Path, by: str) -> Iterator[None]:
    """Hold the folder against other nightly runs.

    Raises:
        StoreBusyError: one is at work there.
        UsageError: nothing can be written there, or its disk knows no locks.
    """
    lock = Lock(folder / f"{inbox.OWN}.lock")
    with lock.held(by) as holder:
        if holder is not None:
            raise _busy(folder, holder)
        yield


def _busy(folder: Path, holder: Holder) -> StoreBusyError:
    if holder.since is None:
        return StoreBusyError("nightly.busy", folder=str(folder))
    since = f"{holder.since.astimezone():%Y-%m-%d %H:%M:%S}"
    return StoreBusyError(
        "nightly.busy_by", folder=str(folder), who=holder.who, host=holder.host, pid=holder.pid,
        since=since,
    )  # fmt: skip


@dataclass(slots=True)
class _Shift:
    """One nightly run at work."""

    work: NightWork
    plan: Plan
    store: Store
    told: Told
    notes: NightNotes
    found: Night

    def run(self, keep: list[Path]) -> None:
        """Do the work; what the store or the disk refuses stops it, and is kept for the next."""
        try:
            for one in inbox.waiting_in(self.work.folder, self.plan, keep):
                self._deal_with(one)
            work = self.work
            done = scan(work.url, work.as_of, by=work.by, told=self.told, crew=work.crew)
            note_scan(done, alerting=True)
            self.found.scanned = done
            self.found.newly_edited = sum(done.edited.values()) > self.notes.edits
            self.found.against = self._against(done.summary)
            note_store(self.work.url)
        except LandwatchError as trouble:
            self.found.stopped = trouble
        except OSError as problem:
            why = Why(None, problem.strerror or str(problem))
            self.found.stopped = LandwatchError(
                "nightly.disk", folder=str(self.work.folder), why=why
            )
        except KeyboardInterrupt:
            self._note(replace(self.notes, at=""))  # a person stopped it: no fault of the file
            raise
        ended = self.found.stopped is None and not self.found.partly
        if ended and self.found.scanned is not None:  # what changed was told
            summary = self.found.scanned.summary
            scan_id = (summary.scan_id, summary.made_at.isoformat()) if summary.scan_id else None
            edits = sum(self.found.edited.values())
            self.notes = replace(self.notes, scan=scan_id, edits=edits)
        self._note(replace(self.notes, at="", ended=ended))

    def _note(self, notes: NightNotes) -> None:
        self.notes = night.keep_notes(self.work.folder, notes)

    def _deal_with(self, one: Waiting) -> None:
        name = one.name
        if (fate := self._left(one)) is not None:
            self._tell(FileDone(name, fate))
            return
        how = self._how(one)
        if how is None:
            self._tell(FileDone(name, FileFate.UNPLANNED))
            return
        if one.is_misnamed:
            trouble = UsageError("nightly.misnamed", file=name)
            self._put_away(one, FileDone(name, FileFate.REFUSED, why=trouble))
            return
        if self.notes.deaths.get(name, 0) >= night.MOST_DEATHS:
            self._put_away(one, self._died_over(one, how))
            return
        resumed = name in self.notes.deaths
        self._note(replace(self.notes, at=name))
        self._take_in(one, how, resumed=resumed)

    def _left(self, one: Waiting) -> FileFate | None:
        """Return why a file is left where it lies, None where it is to be dealt with."""
        if self.plan.ignores(one.name):
            return FileFate.IGNORED
        if one.no_file:
            return FileFate.NO_FILE
        return FileFate.ARRIVING if one.arriving else None

    def _how(self, one: Waiting) -> PlannedFiles | None:
        """Return how a file is read: a report that was mended is known without the plan."""
        from landwatch.ledger.report.target import kind_of_report

        if (kind := kind_of_report(one.path)) is not None:
            return PlannedFiles(kind, one.name)
        return None if one.entry is None else self.plan.files[one.entry]

    def _died_over(self, one: Waiting, how: PlannedFiles) -> FileDone:
        """Return what becomes of a file over which it died: its rows may be in all the same."""
        is_in = self._is_in(one, how)
        code, fate = "nightly.died", FileFate.REFUSED
        if is_in:
            code, fate = "nightly.died_in", FileFate.DONE
        trouble = UsageError(code, file=one.name, count=night.MOST_DEATHS)
        return FileDone(one.name, fate, why=trouble)

    def _take_in(self, one: Waiting, how: PlannedFiles, *, resumed: bool) -> None:
        """Import a file; where the run before died after its rows were in, only report on it."""
        working = self.work.folder / inbox.OWN
        working.mkdir(exist_ok=True)
        report = working / "report.xlsx"
        report.unlink(missing_ok=True)
        reading = Reading(
            how.encoding, how.crs, _today(), how.mapping, how.cure, how.repair, how.adapter
        )
        again = resumed and self._is_in(one, how)
        try:
            (done,) = import_files(
                self.work.url, how.kind, [one.path], by=self.work.by, reading=reading,
                dry_run=again, report=report, lang=self.work.lang, told=self.told,
            )  # fmt: skip
        except StoreError:
            self._note(replace(self.notes, at=""))  # no fault of the file
            raise
        except LandwatchError as trouble:
            if self._is_in(one, how):  # its rows are in, and only its report could not be written
                self._note(replace(self.notes, at=""))
                raise
            self._put_away(one, FileDone(one.name, FileFate.REFUSED, why=trouble))
            return
        note_import(done, dry_run=again)
        fate = FileFate.ROWS_REFUSED if done.tally.refused else FileFate.DONE
        told = report if done.issues or done.tally.refused else None
        self._put_away(one, FileDone(one.name, fate, imported=done, report=told))
        report.unlink(missing_ok=True)  # there is nothing to say of the file

    def _is_in(self, one: Waiting, how: PlannedFiles) -> bool:
        """Tell whether the run that died had taken a file in before it died."""
        if not one.path.is_file():
            return False
        with one.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        before = self.store.find_import(how.kind, digest)
        return before is not None and before.recorded_at >= self.notes.began_at

    def _put_away(self, one: Waiting, done: FileDone) -> None:
        """Move a file to where it belongs now, and its report beside it."""
        what = inbox.DONE if done.fate is FileFate.DONE else inbox.REFUSED
        into = inbox.place_for(self.work.folder, what, _today())
        now_at, lang = inbox.put_away(one, into), self.work.lang
        report = None
        if done.report is not None and done.report.exists():
            report = inbox.lay_beside(now_at, say("nightly.report_ending", lang), done.report)
        elif done.why is not None:
            words = [done.why.in_words(one) for one in (lang, *LANGUAGES)]
            text = "\n\n".join(dict.fromkeys(words)) + "\n"
            report = inbox.lay_beside(now_at, say("nightly.why_ending", lang), text)
        self._note(self.notes.without(done.name))
        self._tell(replace(done, now_at=now_at, report=report))

    def _tell(self, done: FileDone) -> None:
        self.found.files.append(done)
        journal.note(
            "inbox_file", file=done.name, fate=str(done.fate),
            error=done.why.code if done.why else None,
        )  # fmt: skip

    def _against(self, now: ScanSummary) -> Against | None:
        """Return what changed since the nightly run before, None where nothing can be compared."""
        before = self._scan_told_of(now) or LAST
        try:
            both = compare(self.work.url, before, str(now.scan_id), causes=False, told=self.told)
        except StoreError:
            raise
        except LandwatchError as why:  # the first scan, or the one before was let go
            journal.note("not_compared", error=why.code)
            return None
        kinds: Counter[str] = Counter()
        for rule in both.rules:
            kinds.update({str(kind): count for kind, count in rule.counts.items()})
        return Against(both.before.scan_id, now.scan_id, dict(kinds), both.newly_breach)

    def _scan_told_of(self, now: ScanSummary) -> str | None:
        """Return the scan of the last nightly run, where it is there and of no later day."""
        if self.notes.scan is None:
            return None
        number, made_at = self.notes.scan
        gone = self.store.prunings.every()
        for one in self.store.scans():
            same = (one.scan_id, one.made_at.isoformat()) == (number, made_at)
            if same and number not in gone and one.as_of <= now.as_of:
                return str(number)
        return None


def _today() -> date:
    return datetime.now().astimezone().date()

"""The store: what was told by whom and when, what was adopted, what each scan found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from landwatch.errors import UnknownNameError, UsageError
from landwatch.language.columns import ColumnType, Kind
from landwatch.language.records import SourceFile
from landwatch.store import (
    adoptions,
    changes,
    content,
    mirror,
    policy_texts,
    scans,
    told_history,
    withdrawals,
)
from landwatch.store.charges import Charges
from landwatch.store.column_types import zoned
from landwatch.store.faults import in_words
from landwatch.store.health import Health
from landwatch.store.intake import ImportAct, ImportWriter, Row, latest_moment, receipts
from landwatch.store.keeper import Keeper
from landwatch.store.mirror import MirroredRows
from landwatch.store.models import Import, table_of
from landwatch.store.places import places_of
from landwatch.store.prunings import Prunings, prunings
from landwatch.store.receipts import (
    EVERYWHERE,
    Adoption,
    Brought,
    ImportReceipt,
    LawbookAct,
    PolicyText,
    Reach,
    RecordAct,
    ScanSummary,
    Scope,
    SourcePlace,
    WithdrawnImport,
)
from landwatch.store.rhythms import Rhythms
from landwatch.store.samples import Samples
from landwatch.store.spool import Spool
from landwatch.store.works import Works

if TYPE_CHECKING:
    import pyarrow as pa

_MANY = 10_000


class Store:
    """A landwatch store, in a GeoPackage or in PostgreSQL; made by `create_store`, `open_store`.

    Rows are only added, never changed or taken away. No connection stays open between two calls,
    so other programs may open a GeoPackage then; but never open it with pyogrio, fiona or ADBC in
    this process while one of these calls runs.
    """

    def __init__(self, url: str, keeper: Keeper) -> None:
        """Keep the store in `keeper`."""
        self.url = url
        self._keeper = keeper

    def __repr__(self) -> str:
        return f"Store({self._keeper.shown!r})"

    @property
    def samples(self) -> Samples:
        """Return the outcomes that were drawn for people to check, with their verdicts."""
        return Samples(self._keeper)

    @property
    def prunings(self) -> Prunings:
        """Return which scans let their outcomes go, and the way to let more go."""
        return Prunings(self._keeper)

    @property
    def works(self) -> Works:
        """Return the scans that are not finished, and the way to be the only one who scans."""
        return Works(self._keeper)

    @property
    def health(self) -> Health:
        """Return the doctor of the store itself."""
        return Health(self._keeper)

    @property
    def rhythms(self) -> Rhythms:
        """Return how often which source is expected."""
        return Rhythms(self._keeper)

    @property
    def charges(self) -> Charges:
        """Return who is in charge of which park or division."""
        return Charges(self._keeper)

    def find_import(self, kind: Kind, sha256: str) -> ImportReceipt | None:
        """Return the latest standing import of the same file, if there was one."""
        with self._keeper.reading() as connection:
            standing = Import.import_id.in_(withdrawals.standing(connection, None))
            same = (Import.kind == kind.value, Import.sha256 == sha256, standing)
            return max(receipts(connection, *same), key=lambda r: r.import_id or 0, default=None)

    @contextmanager
    def import_rows(
        self,
        kind: Kind,
        source: SourceFile,
        *,
        recorded_by: str,
        recorded_at: datetime | None = None,
        note: Mapping[str, Any] | None = None,
    ) -> Iterator[ImportWriter]:
        """Take in the rows of one file, all of them or (on any exception) none.

        Rows handed to `add` are laid aside on disk; leaving the block writes them in one
        transaction and sets `receipt`. A row that tells just what the latest row of its key told
        is not written, only that it was told again. Where the same file was taken in before and
        nothing is new, the store stays as it was, byte by byte.
        """
        act = ImportAct(kind, source, recorded_by, zoned(recorded_at), note or {})
        with Spool[list[Row]]() as spool:
            writer = ImportWriter(self._keeper, act, spool)
            yield writer
            writer.write()

    def columns(
        self,
        kind: Kind,
        *,
        known_at: datetime | None = None,
        keys: Collection[str] | None = None,
        only: Collection[str] | None = None,
        geometry: bool = False,
    ) -> pa.Table:
        """Return every record of a kind as it was told, by columns, in the order recorded.

        Superseded rows are there too; whoever asks merges them. Rows of imports taken back are not,
        unless another import told them too. `known_at` leaves out what was recorded later, `keys`
        all other keys, `only` every other told column; `geometry` adds the shapes as WKB.
        """
        table = table_of(kind)
        wanted = [
            (name, column)
            for name, column in content.columns_of_kind(kind).items()
            if geometry or column.holds is not ColumnType.GEOMETRY
            if only is None or name in only or column.holds is ColumnType.GEOMETRY
        ]
        shown = [*content.ROW_COLUMNS, *wanted, *content.MARKS]
        cells = [
            self._keeper.selected(table.c[content.STORED_AS.get(name, name)]) for name, _ in shown
        ]
        rows = sa.select(*cells).order_by(table.c.record_id)
        rows = rows.where(withdrawals.visible(kind, zoned(known_at)))
        if keys is not None:
            rows = rows.where(self._keeper.among(table.c.record_key, keys))
        with self._keeper.reading() as connection:
            return self._keeper.arrow(connection, shown, rows)

    def mirrored(self, known_at: datetime | None = None) -> Mapping[Kind, MirroredRows] | None:
        """Return where all rows known at a moment lie by columns; None where they are too few.

        The files are brought up to date first; their columns are those of `columns`, without
        outlines. None too where they cannot be written: the store itself can be read.
        """
        folder = self._keeper.beside()
        with self._keeper.reading() as connection:
            if folder is None or not mirror.is_worth_it(connection):
                return None
            try:
                return mirror.rows_known(self._keeper, connection, folder, zoned(known_at))
            except OSError:
                return None

    def history(
        self, kind: Kind, *, of: Mapping[str, Collection[str]], known_at: datetime | None = None
    ) -> tuple[RecordAct, ...]:
        """Return every record that names one of some values, in the order recorded.

        `of` names columns and the values wanted of them; one that matches is enough. Records of
        imports taken back are among them, and every time that a record was told again.
        """
        with self._keeper.reading() as connection:
            return told_history.records(self._keeper, connection, kind, of, zoned(known_at))

    def places(
        self, kind: Kind, record_ids: Iterable[int], *, known_at: datetime | None = None
    ) -> dict[int, SourcePlace]:
        """Return where each of these records was read.

        A record whose import was taken back by `known_at` (None: now) stands where another import
        told it again, if one did.
        """
        ids, found = list(record_ids), dict[int, SourcePlace]()
        with self._keeper.reading() as connection:
            for start in range(0, len(ids), _MANY):
                some = ids[start : start + _MANY]
                found |= places_of(self._keeper, connection, kind, some, zoned(known_at))
        return found

    def known_keys(self, kind: Kind, *, known_at: datetime | None = None) -> set[str]:
        """Return every key of which a record is known (at a moment; None: now)."""
        keys = sa.select(table_of(kind).c.record_key).distinct()
        with self._keeper.reading() as connection:
            return set(connection.scalars(keys.where(withdrawals.visible(kind, zoned(known_at)))))

    def keys_within(self, kind: Kind, box: tuple[float, float, float, float]) -> set[str]:
        """Return the keys of which an outline ever told may touch a box (west, south, east, north).

        Nothing is left out: whoever asks looks at the outline that stands now.
        """
        table = table_of(kind)
        near = sa.select(table.c.record_key).where(self._keeper.touching(table, box)).distinct()
        with self._keeper.reading() as connection:
            return set(connection.scalars(near))

    def keys_telling(self, kind: Kind, column: str, values: Collection[str]) -> set[str]:
        """Return the keys of which a row ever told one of some values in a column.

        Nothing is left out: whoever asks looks at what stands now.
        """
        table = table_of(kind)
        told = self._keeper.among(table.c[column], values)
        telling = sa.select(table.c.record_key).where(told).distinct()
        with self._keeper.reading() as connection:
            return set(connection.scalars(telling))

    def changes(self, since: datetime, until: datetime) -> Mapping[Kind, frozenset[str]]:
        """Return the keys that something was recorded of after one moment and until another."""
        with self._keeper.reading() as connection:
            moments = zoned(since) or since, zoned(until) or until
            return changes.changes(connection, *moments)

    def ever_told(
        self, kind: Kind, columns: Collection[str], keys: Collection[str]
    ) -> frozenset[str]:
        """Return every text that a row of some keys ever told in some columns, known or not."""
        with self._keeper.reading() as connection:
            return changes.ever_told(self._keeper, connection, kind, columns, keys)

    def mark_of_knowledge(self, known_at: datetime, counted: dict[Kind, int] | None = None) -> str:
        """Return what is the same as long as a moment's knowledge is what it was when asked.

        `counted` keeps how many rows there are, for the mark of another moment.
        """
        with self._keeper.reading() as connection:
            return changes.mark_of_knowledge(connection, zoned(known_at) or known_at, counted)

    def imports(self) -> list[ImportReceipt]:
        """Return every import, first come first; those taken back too."""
        with self._keeper.reading() as connection:
            return list(receipts(connection))

    def withdrawn_imports(self, known_at: datetime | None = None) -> Mapping[int, WithdrawnImport]:
        """Return which imports were taken back until a moment (None: now), by their number."""
        with self._keeper.reading() as connection:
            return withdrawals.withdrawn(connection, zoned(known_at))

    def reach_of(self, import_id: int) -> Reach:
        """Return what taking an import back now would come to; nothing is changed.

        Raises:
            UnknownNameError: there is no such import.
        """
        with self._keeper.reading() as connection:
            return withdrawals.reach(self._keeper, connection, import_id)

    def withdraw(
        self, import_id: int, *, by: str, reason: str = "", at: datetime | None = None
    ) -> bool:
        """Take an import back: from this moment its rows are not known; nothing is erased.

        Returns False, and records nothing, where it was taken back already.

        Raises:
            UnknownNameError: there is no such import.
        """
        act = withdrawals.Withdrawing(import_id, by, reason, zoned(at))
        with self._keeper.writing() as connection:
            return withdrawals.withdraw(self._keeper, connection, act)

    def restore(
        self, import_id: int, *, by: str, reason: str = "", at: datetime | None = None
    ) -> bool:
        """Let an import that was taken back stand again, each row at its old place in the order.

        Returns False, and records nothing, where it was not taken back.

        Raises:
            UnknownNameError: there is no such import.
        """
        act = withdrawals.Withdrawing(import_id, by, reason, zoned(at))
        with self._keeper.writing() as connection:
            return withdrawals.restore(self._keeper, connection, act)

    def latest_moment(self, until: datetime | None = None) -> datetime | None:
        """Return the moment of the last act at or before `until`, None where there was none.

        A scan that keeps it as `known_at` can be repeated exactly: whatever is recorded later
        is recorded at a later moment.
        """
        with self._keeper.reading() as connection:
            return latest_moment(connection, zoned(until))

    def adopt(
        self, policy_id: str, scope: Scope | None = None, *, by: str, at: datetime | None = None
    ) -> bool:
        """Record that a policy holds in a scope (None: everywhere, on all days).

        Returns False, and records nothing, where it holds there already.
        """
        where = scope or EVERYWHERE
        with self._keeper.writing() as connection:
            return adoptions.adopt(self._keeper, connection, policy_id, where, by, zoned(at))

    def bring(
        self, text: PolicyText, scope: Scope | None = None, *, by: str, at: datetime | None = None
    ) -> Brought:
        """Record a policy's own text and that it holds in a scope, both or neither.

        The text stands from now on in this store for the policy of that id.
        """
        where, moment = scope or EVERYWHERE, zoned(at)
        with self._keeper.writing() as connection:
            return Brought(
                text=policy_texts.bring(self._keeper, connection, text, by, moment),
                adoption=adoptions.adopt(
                    self._keeper, connection, text.policy_id, where, by, moment
                ),
            )

    def drop(
        self, policy_id: str, scope: Scope | None = None, *, by: str, at: datetime | None = None
    ) -> bool:
        """Record that a policy no longer holds in the place of a scope (None: anywhere at all).

        Returns False, and records nothing, where it was not adopted in just that way.
        """
        return adoptions.drop(self._keeper, policy_id, scope or EVERYWHERE, by, zoned(at))

    def lawbook_acts(self) -> list[LawbookAct]:
        """Return who adopted, dropped or brought which policy when, oldest first."""
        with self._keeper.reading() as connection:
            every = [*policy_texts.acts(connection), *adoptions.acts(connection)]
        return sorted(every, key=lambda act: act.recorded_at)

    def brought_texts(self, known_at: datetime | None = None) -> dict[str, PolicyText]:
        """Return the texts that people brought and that stand, by the policy's id."""
        with self._keeper.reading() as connection:
            return policy_texts.brought(connection, zoned(known_at))

    def keep_policy_texts(self, texts: Iterable[PolicyText], *, by: str) -> None:
        """Keep the texts that a scan judges by, once for each version."""
        policy_texts.keep(self._keeper, texts, by)

    def policy_text(self, policy_id: str, version: str) -> str | None:
        """Return one version of a policy word for word, None where it was never kept."""
        with self._keeper.reading() as connection:
            return policy_texts.text_of(connection, policy_id, version)

    def ever_adopted(self) -> set[str]:
        """Return the policies that were adopted at some time, dropped since or not."""
        with self._keeper.reading() as connection:
            return adoptions.ever_adopted(connection)

    def adoptions(self, known_at: datetime | None = None) -> list[Adoption]:
        """Return which policies hold where, after what was recorded until `known_at`."""
        with self._keeper.reading() as connection:
            return adoptions.in_force(connection, zoned(known_at))

    def save_scan(
        self, summary: ScanSummary, parts: Iterable[bytes], fingerprint: str | None = None
    ) -> int:
        """Keep a scan with its outcomes, all or nothing, and return its number.

        What `works` laid aside under `fingerprint` goes with it.
        """
        with Spool[bytes]() as spool:
            with in_words(self._keeper.shown):
                for part in parts:
                    spool.put(part)
            return scans.save(self._keeper, summary, spool, fingerprint)

    def scans(self) -> list[ScanSummary]:
        """Return every scan, first made first."""
        with self._keeper.reading() as connection:
            return list(scans.summaries(connection))

    def scan(self, scan_id: int | None = None) -> ScanSummary | None:
        """Return one scan (None: the latest of the latest knowledge, None where there is none yet).

        Raises:
            UnknownNameError: there is no scan of that number.
        """
        if scan_id is None:
            return max(self.scans(), key=lambda one: (one.known_at, one.scan_id), default=None)
        with self._keeper.reading() as connection:
            found = next(scans.summaries(connection, scan_id), None)
        if found is None:
            known = (str(scan.scan_id) for scan in self.scans())
            raise UnknownNameError("store.scan", str(scan_id), known)
        return found

    def scan_parts(self, scan_id: int) -> Iterator[bytes]:
        """Return the parts of a scan's outcomes, in order, one in memory at a time.

        Raises:
            UsageError: they were let go (`landwatch prune`).
        """
        self.hold_whole(scan_id)
        with self._keeper.reading() as connection:
            numbers = scans.part_numbers(connection, scan_id)
        for number in numbers:
            with self._keeper.reading() as connection:
                content_of_part = scans.part(connection, number)
            yield content_of_part

    def hold_whole(self, scan_id: int) -> None:
        """Refuse a scan whose outcomes were let go: that nothing is found would be no answer.

        Raises:
            UsageError: they were (`landwatch prune`); says how to make it again.
        """
        with self._keeper.reading() as connection:
            gone = prunings(connection, scan_id).get(scan_id)
        if gone is not None:
            when = f"{gone.recorded_at.astimezone():%Y-%m-%d %H:%M}"
            raise UsageError("error.scan_pruned", scan=scan_id, when=when, who=gone.recorded_by)

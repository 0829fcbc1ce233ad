"""Digests of what changed between two scans: for all, for a person in charge, for a park."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.charges import parks_of
from landwatch.commands.comparing import Compared, compare
from landwatch.commands.telling import Told, each_known, silent
from landwatch.errors import InputRefusedError, UsageError
from landwatch.files import whole_file
from landwatch.language.catalogue import LANGUAGES
from landwatch.language.terms import Gravity

if TYPE_CHECKING:
    from landwatch.reports.digest import Digest, Whose
    from landwatch.scan.changes import Change, Holding
    from landwatch.store import Charge, ScanSummary, Store

FORMS = (".txt", ".html", ".xlsx")
Counts = Mapping[str | None, Mapping[Gravity, int]]


@dataclass(frozen=True, slots=True)
class ForWhom:
    """Whose digests are asked for; nobody named is the one digest of all."""

    person: str | None = None
    zone: str | None = None
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Digested:
    """The digests that were asked for, and the comparison that they are made of."""

    compared: Compared
    digests: tuple[Digest, ...]


def digest(
    url: str,
    before: str,
    after: str | None = None,
    *,
    whom: ForWhom | None = None,
    told: Told = silent,
) -> Digested:
    """Return digests of what changed between two scans, with the cause of each change.

    Raises:
        UsageError: more than one reader is named, or there is no such pair of scans.
        UnknownNameError: no such scan, park or person in charge; the nearest is offered.
    """
    asked = whom or ForWhom()
    if sum((asked.person is not None, asked.zone is not None, asked.everybody)) > 1:
        raise UsageError("digest.error.one")
    store = bootstrap.the_store(url)
    charges, parks = store.charges.in_force(), parks_of(store)
    each_known("what.person", [asked.person] if asked.person else [], {c.person for c in charges})
    each_known("what.zone", [asked.zone] if asked.zone else [], parks)
    found = compare(url, before, after, told=told)
    desk = _Desk(found, tuple(found.changes), tuple(charges), parks, _standing(store, found.after),
                 _fresh(store, found.after))  # fmt: skip
    return Digested(found, tuple(desk.digests(asked)))


def _standing(store: Store, scan: ScanSummary) -> Counts:
    """Return how many outcomes of each gravity a park has, by columns."""
    from landwatch.scan.kept import kept_outcomes

    counts: dict[str | None, dict[Gravity, int]] = {}
    for kept in kept_outcomes(store, scan):
        keys = ["zone_id", "status", "to_verify"]
        grouped = kept.table.select(keys).group_by(keys).aggregate([([], "count_all")])
        for row in grouped.to_pylist():
            of_park = counts.setdefault(row["zone_id"], {})
            gravity = Gravity.of(row["status"], bool(row["to_verify"]))
            of_park[gravity] = of_park.get(gravity, 0) + row["count_all"]
    return dict(sorted(counts.items(), key=lambda pair: (pair[0] is None, pair[0] or "")))


def _fresh(store: Store, scan: ScanSummary) -> Mapping[str, list[str]]:
    from landwatch.scan.freshness_at import freshness_at
    from landwatch.scan.freshness_words import summary

    fresh = freshness_at(store, scan.as_of, scan.known_at)
    return {lang: [sentence.text for sentence in summary(fresh, lang)] for lang in LANGUAGES}


@dataclass(frozen=True, slots=True)
class _Desk:
    """What all digests of one comparison are made of."""

    found: Compared
    changes: tuple[Change, ...]
    charges: tuple[Charge, ...]
    parks: Mapping[str, tuple[str, str | None]]
    standing: Counts
    fresh: Mapping[str, list[str]]

    def digests(self, asked: ForWhom) -> Iterator[Digest]:
        if asked.person is not None:
            yield self._of_person(asked.person)
        elif asked.zone is not None:
            yield self._of_zone(asked.zone)
        else:
            yield self._made("all", ("", ""), lambda _: True, list(self.standing), ())
        if asked.everybody:
            for person in sorted({one.person for one in self.charges}):
                yield self._of_person(person)
            moved = {one.holding.zone_id for one in self.changes}
            for zone in self.parks:
                if zone in moved:
                    yield self._of_zone(zone)

    def _of_person(self, person: str) -> Digest:
        mine = tuple(one for one in self.charges if one.person == person)

        def is_mine(of: Holding) -> bool:
            return any(one.covers(of.zone_id, of.adcode) for one in mine)

        zones = [
            zone
            for zone, (_, adcode) in self.parks.items()
            if any(one.covers(zone, adcode) for one in mine)
        ]
        return self._made("person", (person, person), is_mine, zones, mine)

    def _of_zone(self, zone: str) -> Digest:
        name, adcode = self.parks[zone]
        mine = tuple(one for one in self.charges if one.covers(zone, adcode))
        return self._made("zone", (zone, name), lambda of: of.zone_id == zone, [zone], mine)

    def _made(
        self,
        whose: Whose,
        named: tuple[str, str],
        mine: Callable[[Holding], bool],
        zones: Collection[str | None],
        charges: tuple[Charge, ...],
    ) -> Digest:
        from landwatch.reports.digest import Digest, gathered

        changes = tuple(one for one in self.changes if mine(one.holding))
        unowned = tuple(
            zone
            for zone, (_, adcode) in self.parks.items()
            if zone in zones and not any(one.covers(zone, adcode) for one in self.charges)
        )
        return Digest(
            whose=whose,
            key=named[0],
            name=named[1],
            mails=tuple(sorted({one.mail for one in charges if one.mail})),
            charges=charges,
            before=self.found.before,
            after=self.found.after,
            lines=gathered(changes),
            changes=changes,
            standing={zone: self.standing[zone] for zone in zones if zone in self.standing},
            fresh=self.fresh,
            unowned=unowned,
            zones={**self.found.zones, **{zone: name for zone, (name, _) in self.parks.items()}},
            policies=self.found.policies,
        )


def place_of_digest(path: Path, *, everybody: bool) -> Path:
    """Return the path where digests may be written: a file of one of the forms, or a folder.

    Raises:
        UsageError: another form, or one file for many digests.
    """
    suffix = path.suffix.lower()
    if path.is_dir() or not suffix:
        return path
    if everybody:
        raise UsageError("digest.error.folder")
    if suffix not in FORMS:
        raise UsageError("digest.error.file", file=path.name)
    return path


def write_digests(found: Digested, path: Path, *, lang: str) -> list[Path]:
    """Write digests into a folder, each in every form, or the one digest into a file.

    Raises:
        UsageError: the name is none of a digest.
        LandwatchError: it cannot be written there.
    """
    place_of_digest(path, everybody=len(found.digests) > 1)
    if path.suffix.lower() in FORMS and not path.is_dir():
        _write(found.digests[0], path, lang)
        return [path]
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        what = problem.strerror or str(problem)
        raise InputRefusedError("error.folder", folder=str(path), what=what) from None
    written: list[Path] = []
    for one in found.digests:
        name = _file_name(one, {made.stem for made in written})
        for form in FORMS:
            target = path / f"{name}{form}"
            _write(one, target, lang)
            written.append(target)
    return written


def _write(one: Digest, path: Path, lang: str) -> None:
    from landwatch.reports.digest_html import digest_html
    from landwatch.reports.digest_text import digest_text
    from landwatch.reports.digest_workbook import write_digest

    if path.suffix.lower() == ".xlsx":
        write_digest(path, one, lang)
        return
    said = digest_html(one, lang) if path.suffix.lower() == ".html" else digest_text(one, lang)
    with whole_file(path) as beside:
        beside.write_text(said, encoding="utf-8", newline="\n")


_ODD = re.compile(r"[^\w（）()-]+")


def _file_name(one: Digest, taken: Collection[str]) -> str:
    """Return the name of a digest's files: whose it is, with signs that every system takes."""
    name = "-".join(part for part in (one.whose, _ODD.sub("_", one.key).strip("_")[:60]) if part)
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free

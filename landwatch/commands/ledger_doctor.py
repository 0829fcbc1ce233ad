"""The doctor of a ledger: what it holds that does not fit together. It changes nothing."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landwatch import bootstrap
from landwatch.commands.ground import grants
from landwatch.commands.ledger_ground import Said, ground_told, said_of_ground
from landwatch.commands.telling import Told, silent
from landwatch.errors import UsageError, nearest
from landwatch.language.catalogue import listed, say, says
from landwatch.language.columns import Kind
from landwatch.language.terms import ProgressSource

if TYPE_CHECKING:
    import pyarrow as pa

    from landwatch.geo.sightings import Example, Sighting

_SHAPES = (Kind.PARCELS, Kind.ZONES)
_WRONG = (
    "contract_unknown", "parcel_unknown", "zone_unknown", "start_denied", "start_test_not_met",
    "start_denied_later", "works_before_start",
)  # fmt: skip
_NOTES = (
    "overlap_strips", "parcel_without_contract", "contract_without_parcel", "outline_missing",
    "start_sources_disagree", "start_told_later", "adcode_abolished", "division_abolished",
    "outline_moved",
)  # fmt: skip
_DIVISIONS = ("adcode_abolished", "adcode_unknown", "adcode_disagrees", "division_abolished")
_NEAR_AMONG, _NEAR_SHOWN = 100_000, 5
COLUMNS = ("code", "severity", "key", "other", "words", "told")


@dataclass(frozen=True, slots=True)
class LedgerSeen:
    """What the doctor saw in a ledger on a day, gravest first; and how much he looked at."""

    as_of: date
    looked: Mapping[Kind, int]
    sightings: tuple[Sighting, ...]


def doctor_ledger(
    url: str, as_of: date, *, known_at: datetime | None = None, told: Told = silent
) -> LedgerSeen:
    """Look at all that a store holds, as of a day: outlines, names, evidence, divisions.

    Raises:
        StoreError: the store cannot be opened.
    """
    store = bootstrap.the_store(url)
    records = {
        kind: store.columns(kind, known_at=known_at, geometry=kind in _SHAPES) for kind in Kind
    }
    steps = (_of_ground(records), _of_records(records, as_of), _of_divisions(records))
    found: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for done, step in enumerate(steps):
        told(url, done, len(steps))
        for code, key, values in step:
            found.setdefault(code, []).append((key, values))
    looked = {kind: len(set(table.column("key").to_pylist())) for kind, table in records.items()}
    sightings = [_sighting(code, each) for code, each in found.items()]
    order = ("wrong", "suspect", "note")
    sightings.sort(key=lambda one: (order.index(one.severity), -one.count, one.code))
    return LedgerSeen(as_of, looked, tuple(sightings))


def _of_ground(records: Mapping[Kind, pa.Table]) -> Iterator[Said]:
    contracts = grants(records[Kind.CONTRACTS])
    yield from said_of_ground(ground_told(records[Kind.PARCELS], records[Kind.ZONES], contracts))


def _of_records(records: Mapping[Kind, pa.Table], as_of: date) -> Iterator[Said]:
    """Yield what the records say against each other, with the nearest name that is there."""
    from landwatch.scan.contradictions import contradictions
    from landwatch.scan.dossier import Ledger, gather, open_engine

    plain = {
        kind: table.drop_columns(["geometry"]) if kind in _SHAPES else table
        for kind, table in records.items()
    }
    known = {
        "contract_unknown": set(records[Kind.CONTRACTS].column("key").to_pylist()),
        "zone_unknown": set(records[Kind.ZONES].column("key").to_pylist()),
    }
    shown = dict.fromkeys(known, 0)
    engine = open_engine()
    try:
        gather(engine, Ledger(plain), as_of)
        for one in contradictions(engine, as_of):
            told = dict(one.told)
            if one.code in known:
                shown[one.code] += 1
                few = shown[one.code] <= _NEAR_SHOWN and len(known[one.code]) <= _NEAR_AMONG
                told["near"] = nearest(one.key, known[one.code]) if few else None
            yield one.code, one.key, told
    finally:
        engine.close()


def _of_divisions(records: Mapping[Kind, pa.Table]) -> Iterator[Said]:
    """Yield the codes and names of divisions that are none, or are no more, once each."""
    from landwatch.geo.told import told_now
    from landwatch.ledger.divisions import about_division

    counts: dict[tuple[str, str], list[str]] = {}
    for kind in (Kind.ZONES, Kind.CONTRACTS):
        table = records[kind]
        codes = told_now(table, "key", "adcode")
        names = told_now(table, "key", "division") if "division" in table.column_names else {}
        for key, code in codes.items():
            counts.setdefault((names.get(key) or "", code or ""), []).append(key)
    for (name, code), keys in sorted(counts.items()):
        for about in about_division(name, code):
            if about.code.value in _DIVISIONS:
                told = {**about.values, "count": len(keys), "column": about.column}
                yield about.code.value, keys[0], {**told, "value": about.value}


def _sighting(code: str, each: Sequence[tuple[str, Mapping[str, Any]]]) -> Sighting:
    from landwatch.geo.sightings import Example, Severity, Sighting

    severity = Severity.WRONG if code in _WRONG else Severity.SUSPECT
    if code in _NOTES:
        severity = Severity.NOTE
    examples = tuple(Example(key=key, told=told) for key, told in each)
    return Sighting(code, severity, len(each), examples)


def example_words(code: str, example: Example, lang: str) -> str:
    """Return what is said of one thing, in `lang`."""
    told = {name: _in_words(value, lang) for name, value in example.told.items()}
    near = say("doctor.near", lang, near=told["near"]) if told.get("near") else ""
    zone, share = told.get("elsewhere"), told.get("elsewhere_share")
    elsewhere = say("doctor.elsewhere_in", lang, zone=zone, share=share) if zone else ""
    less = say("doctor.given_up", lang, less=told["less"]) if told.get("less") else ""
    asides = {"key": example.key, "near": near, "elsewhere": elsewhere, "given_up": less}
    return say(f"doctor.one.{code}", lang, **{**told, **asides})


def _in_words(value: object, lang: str) -> object:
    """Return a value as a sentence shows it: keys of the catalogue and sources by their names."""
    if not isinstance(value, str):
        return value
    if value and set(value.split(";")) <= set(ProgressSource):
        return listed((ProgressSource(name).in_words(lang) for name in value.split(";")), lang)
    return say(value, lang) if "." in value and says(value) else value


def place_of_ledger_seen(path: Path) -> Path:
    """Return the path where the table may be written, before long work is done for it.

    Raises:
        UsageError: the name does not end in .csv, so that no store and no ledger is written over.
        LandwatchError: it cannot be written there.
    """
    from landwatch.files import check_writable

    if path.suffix.casefold() != ".csv":
        raise UsageError("doctor.error.csv", file=path.name)
    check_writable(path)
    return path


def write_ledger_seen(seen: LedgerSeen, path: Path, *, lang: str) -> Path:
    """Write every sighting with all its examples as a table, one a row.

    Raises:
        LandwatchError: it cannot be written there.
    """
    from landwatch.files import whole_file
    from landwatch.reports.plain import unrunnable

    with whole_file(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        table.writerows([unrunnable(cell) for cell in row] for row in _rows(seen, lang))
    return path


def _rows(seen: LedgerSeen, lang: str) -> Iterable[tuple[str, ...]]:
    for sighting in seen.sightings:
        for example in sighting.examples:
            yield (
                sighting.code,
                sighting.severity.value,
                example.key or "",
                str(example.told.get("other") or example.told.get("named") or ""),
                example_words(sighting.code, example, lang),
                json.dumps(example.told, ensure_ascii=False, default=str, sort_keys=True),
            )

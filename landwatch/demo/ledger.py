"""The ledger of the demo: its files on disk, the day to scan, the policies to adopt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from landwatch.demo.forms import write_areas, write_table
from landwatch.demo.ground import lots_of, outline_of
from landwatch.demo.park import PARKS, Enterprise, Park, Row, SheetForm, read_park
from landwatch.errors import InputRefusedError
from landwatch.language.columns import Kind
from landwatch.language.terms import Rhythm

AS_OF = date(2026, 6, 30)
ADOPTIONS: tuple[tuple[str, str | None], ...] = (
    ("real-estate-law-26", None),
    ("lanzhou-2012-148", "LZ-DEMO"),
    ("lanzhou-2012-148", "LZ-DEMO-N"),
    ("lanzhou-2012-148", "LZ-DEMO-S"),
    ("urumqi-hitech-bond", "UR-DEMO"),
    ("urumqi-etdz-terms", "UR-DEMO-E"),
    ("land-administration-law-38", None),
    ("industrial-indicators-2008", "LZ-DEMO-N"),
    ("industrial-indicators-2008", "UR-DEMO-E"),
    ("zhejiang-standard-land", "TZ-DEMO"),
    ("huangyan-2022-score", "TZ-DEMO"),
)
"""Beside what `init` adopts; adoption does not reach sub-zones by itself."""
EXPECTED: tuple[tuple[str, Rhythm, int], ...] = (
    ("progress:holder_report", Rhythm.MONTHLY, 10),
    ("progress:inspection", Rhythm.QUARTERLY, 0),
)
"""How often the demo's bureau wants to hear, with days of grace: its own choice, no law's."""


@dataclass(frozen=True, slots=True)
class DemoLedger:
    """The files of the demo in the order of their import, and what to do with them.

    Attributes:
        folder: where the files lie.
        files: what each holds, zones first.
        as_of: the day to scan; the records end there.
        adoptions: policy and zone, None for everywhere.
        expected: source, rhythm, days of grace.
    """

    folder: Path
    files: tuple[tuple[Kind, Path], ...]
    as_of: date
    adoptions: tuple[tuple[str, str | None], ...]
    expected: tuple[tuple[str, Rhythm, int], ...] = EXPECTED


def write_ledger(folder: Path) -> DemoLedger:
    """Write the ledger of the made-up parks into `folder`, the same bytes every time.

    Raises:
        InputRefusedError: the folder cannot be written to.
    """
    parks = [read_park(name) for name in PARKS]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = tuple((kind, _write(park, kind, folder)) for kind in Kind for park in parks)
    except OSError as problem:
        what = problem.strerror or str(problem)
        raise InputRefusedError("error.folder", folder=str(folder), what=what) from problem
    return DemoLedger(folder, files, AS_OF, ADOPTIONS)


def _write(park: Park, kind: Kind, folder: Path) -> Path:
    form = park.sheets[kind]
    path = folder / form.file
    match kind:
        case Kind.ZONES:
            areas = [(zone.told, outline_of(zone.outline, park.place)) for zone in park.zones]
            write_areas(path, form, areas)
        case Kind.PARCELS:
            write_areas(path, form, [(_parcel(park, lot[0]), lot[3]) for lot in lots_of(park)])
        case _:
            write_table(path, form, [*_rows(park, kind), *_faulty(park, kind)])
    return path


def _parcel(park: Park, parcel: str) -> Row:
    """Return the row of a parcel; land that nobody holds is in reserve."""
    block, lot = next(
        (block, lot) for block in park.blocks for lot in block.lots if lot.parcel == parcel
    )
    held = any(enterprise.parcel == parcel for enterprise in park.enterprises)
    return {
        "宗地编号": parcel,
        "园区编号": block.zone,
        "土地用途": "工业用地" if held else "储备用地（演示）",
        "宗地面积": lot.area_m2,
    }


def _rows(park: Park, kind: Kind) -> Iterator[Row]:
    """Yield the rows of a table in the order of the enterprises; reports and events by day."""
    if kind is Kind.CONTRACTS:
        yield from (contract_row(park, enterprise) for enterprise in park.enterprises)
        return
    number = park.sheets[kind].headers[0]
    day = "核查日期" if kind is Kind.PROGRESS else "发生日期"
    told = [
        {number: enterprise.id, **row}
        for enterprise in park.enterprises
        for row in (enterprise.reports if kind is Kind.PROGRESS else enterprise.events)
    ]
    yield from sorted(told, key=lambda row: str(row[day]))


def contract_row(park: Park, enterprise: Enterprise) -> Row:
    """Return the row of a contract: what its park has in common, its place, then its own cells."""
    form = park.sheets[Kind.CONTRACTS]
    address, zone = _address(park, enterprise)
    common: dict[str, str | None] = {
        form.headers[0]: enterprise.id,
        "行政区": park.division,
        "电子监管号": _supervision_no(park, enterprise),
        "项目名称": f"{enterprise.project}（演示）",
        "园区编号": zone,
        "宗地编号": enterprise.parcel,
        "统一社会信用代码": _credit_code(park, enterprise),
    }
    common |= dict.fromkeys(("项目位置", "宗地坐落"), address)
    common |= dict.fromkeys(("土地使用权人", "受让人"), enterprise.holder)
    return {**_defaults(form), **common, **enterprise.contract}


def _defaults(form: SheetForm) -> Row:
    return form.defaults or {}


def _address(park: Park, enterprise: Enterprise) -> tuple[str, str | None]:
    """Return where a contract lies in words, and in which zone."""
    for parcel, block, number, _ in lots_of(park):
        if parcel == enterprise.parcel:
            return f"{park.name}{block.street}{number}号", block.zone
    return f"{park.name}（未上图）", str(park.zones[0].told["园区编号"])


def _supervision_no(park: Park, enterprise: Enterprise) -> str:
    """Return a number of the national form: division, year of signing, B, a running number."""
    year = str(enterprise.contract["合同签订日期"])[:4]
    return f"{park.adcode}{year}B{int(enterprise.id[-2:]):05d}"


def _credit_code(park: Park, enterprise: Enterprise) -> str:
    """Return a credit code that nobody holds: MADEM in it, its check digit right."""
    from stdnum.cn import uscc

    stem = park.credit_stem + enterprise.id[-2:]
    return stem + str(uscc.calc_check_digit(stem))


def _faulty(park: Park, kind: Kind) -> Iterator[Row]:
    """Yield the faults at the end of a file."""
    by_id = {enterprise.id: enterprise for enterprise in park.enterprises}
    for fault in park.faults:
        if fault.kind is kind:
            again = fault.again and contract_row(park, by_id[fault.again])
            yield again or fault.row or {}

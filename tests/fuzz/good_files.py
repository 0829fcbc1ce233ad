"""Good files of every format that the importer reads, made here, to be damaged."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landwatch.language.columns import Kind

ROWS = 12
SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
_CONTRACTS = ("合同编号", "土地使用权人", "出让面积(公顷)", "成交价格(万元)", "合同签订日期",
              "约定开工时间", "土地用途", "备注")  # fmt: skip
_HEADERS: Mapping[Kind, Sequence[str]] = {
    Kind.ZONES: ("园区编号", "园区名称", "园区级别", "批准面积", "统计截止日"),
    Kind.CONTRACTS: _CONTRACTS,
    Kind.PROGRESS: ("合同编号", "核查日期", "来源", "是否动工", "已投资额", "备注"),
    Kind.EVENTS: ("合同编号", "事件类型", "发生日期", "文号", "金额"),
    Kind.PARCELS: ("宗地编号", "土地用途", "area_m2"),
}


@dataclass(frozen=True, slots=True)
class GoodFile:
    """A good file of `rows` entries: the files it consists of, and the one that is named."""

    name: str
    kind: Kind
    parts: Mapping[str, bytes]
    rows: int = ROWS
    encoding: str | None = None
    crs: str | None = None


def good_files(folder: Path) -> tuple[GoodFile, ...]:
    """Return a good file of every format; `folder` is where the libraries write theirs."""
    return (*_texts(), *_workbooks(), *_json(), *_drawn(folder), *_plain_spatial(), *_real())


def header(kind: Kind) -> list[str]:
    """Return the header of the tables of a kind."""
    return list(_HEADERS[kind])


def entry(kind: Kind, n: int) -> list[str]:
    """Return one good row of a kind; no two are alike."""
    day = f"2019-{n % 12 + 1:02}-{n % 28 + 1:02}"
    if kind is Kind.ZONES:
        return [f"Y{n}", f"某某第{n}园区", "省级", f"{100 + n}.5", day]
    if kind is Kind.CONTRACTS:
        return [f"HT-2019-{n}", f"某某第{n}机械有限公司", f"{n + 1}.25", f"{300 + n}", day,
                "2020年6月30日", "工业用地", f"第{n}宗"]  # fmt: skip
    if kind is Kind.PROGRESS:
        return [f"HT-2019-{n}", day, "现场核查", "是" if n % 2 else "否", f"{n * 10}", f"照片{n}"]
    if kind is Kind.EVENTS:
        return [f"HT-2019-{n}", "缴纳履约保证金", day, f"文〔2019〕{n}号", f"{n}.5"]
    return [f"ZD-{n}", "工业用地", f"{10_000 + n}"]


def table(kind: Kind) -> list[list[str]]:
    """Return a header and good rows."""
    return [header(kind), *(entry(kind, n) for n in range(ROWS))]


def as_text(rows: Sequence[Sequence[str]], sign: str = ",", end: str = "\n") -> str:
    """Return rows as delimited text, in quotes where they must be."""

    def quoted(cell: str) -> str:
        needs = any(mark in cell for mark in (sign, '"', "\n", "\r"))
        return '"' + cell.replace('"', '""') + '"' if needs else cell

    return "".join(sign.join(map(quoted, row)) + end for row in rows)


def _texts() -> Iterator[GoodFile]:
    for kind, encoding, sign, end in (
        (Kind.CONTRACTS, "utf-8-sig", ",", "\n"),
        (Kind.CONTRACTS, "gbk", ",", "\r\n"),
        (Kind.PROGRESS, "utf-16", "\t", "\r\n"),
        (Kind.EVENTS, "gb18030", "\t", "\n"),
        (Kind.ZONES, "utf-8", "；", "\r"),
    ):
        name = f"台账-{encoding}.{'tsv' if sign == chr(9) else 'csv'}"
        text = as_text(table(kind), sign, end).encode(encoding)
        yield GoodFile(name, kind, {name: text}, encoding=encoding)
    rows = [[*row[:-1], f'{row[-1]}\n"另起一行", 逗号'] for row in table(Kind.CONTRACTS)[1:]]
    quoted = as_text([["供地台账"], header(Kind.CONTRACTS), *rows])
    yield GoodFile("带引号.csv", Kind.CONTRACTS, {"带引号.csv": quoted.encode()}, encoding="utf-8")
    for name, points in (("界址点.txt", _boundary("38")), ("无带号.txt", _boundary(""))):
        yield GoodFile(name, Kind.PARCELS, {name: points.encode("gbk")}, encoding="gbk")


def _boundary(belt: str) -> str:
    """Return a boundary-point text of plots in the 38th belt, with its number or without."""
    lines = ["[属性描述]", "格式版本号=1.01版本", "数据产生单位=某某测绘",
             "坐标系=2000国家大地坐标系", "几度分带=3",
             "投影类型=高斯克吕格", "计量单位=米", "带号=38", "精度=0.01",
             "转换参数=,,,,,,", "[地块坐标]"]  # fmt: skip
    for n in range(ROWS):
        x, y = 500_000 + 300 * n, 3_900_000 + 300 * n
        lines.append(f"5,1.0000,{n + 1},地块{n + 1},面,,工业,0601,@")
        corners = [(x, y), (x + 100, y), (x + 100, y + 100), (x, y + 100), (x, y)]
        lines += [f"J{at % 4 + 1},1,{b}.5,{belt}{a}.5" for at, (a, b) in enumerate(corners)]
    return "\r\n".join(lines) + "\r\n"


def _workbooks() -> Iterator[GoodFile]:
    from openpyxl import Workbook

    for kind in (Kind.CONTRACTS, Kind.PROGRESS):
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.append(["某某开发区供地台账"])
        for row in table(kind):
            sheet.append(row)
        sheet.append(["合计", "", "99"])
        sheet.merge_cells("A1:D1")
        sheet.row_dimensions[5].hidden = True
        other = book.create_sheet("填表说明")
        other.append(["本表由各园区填报"])
        out = io.BytesIO()
        book.save(out)
        name = f"{kind}.xlsx"
        yield GoodFile(name, kind, {name: out.getvalue()})
    text = as_text(table(Kind.CONTRACTS)).encode("gbk")
    packed = repacked({"台账/合同.csv": text, "台账/说明.txt": "请先阅读\n".encode("gbk")})
    yield GoodFile("台账.zip", Kind.CONTRACTS, {"台账.zip": packed})


def repacked(members: Mapping[str, bytes]) -> bytes:
    """Return an archive of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


def _json() -> Iterator[GoodFile]:
    head = header(Kind.CONTRACTS)
    records = [dict(zip(head, entry(Kind.CONTRACTS, n), strict=True)) for n in range(ROWS)]
    array = json.dumps(records, ensure_ascii=False, indent=1).encode()
    yield GoodFile("合同.json", Kind.CONTRACTS, {"合同.json": array}, encoding="utf-8")
    answer = json.dumps({"code": 200, "data": {"list": records}}, ensure_ascii=False).encode("gbk")
    yield GoodFile("接口.json", Kind.CONTRACTS, {"接口.json": answer}, encoding="gbk")
    lines = "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()
    yield GoodFile("逐行.jsonl", Kind.CONTRACTS, {"逐行.jsonl": lines}, encoding="utf-8")


def square(n: int) -> list[tuple[float, float]]:
    """Return the corners of the n-th square parcel, in degrees."""
    x, y = round(103.8 + n * 0.01, 6), 36.05
    return [(x, y), (x + 0.005, y), (x + 0.005, y + 0.005), (x, y + 0.005), (x, y)]


def _frame() -> Any:
    import geopandas
    from shapely.geometry import Polygon

    rows = [entry(Kind.PARCELS, n) for n in range(ROWS)]
    told = {name: [row[at] for row in rows] for at, name in enumerate(header(Kind.PARCELS))}
    shapes = [Polygon(square(n)) for n in range(ROWS)]
    return geopandas.GeoDataFrame(told, geometry=shapes, crs="EPSG:4490")


def _drawn(folder: Path) -> Iterator[GoodFile]:
    """Yield the formats that geopandas writes, each from a folder of its own."""
    frame = _frame()
    for name, options in (
        ("宗地.geojson", {"driver": "GeoJSON"}),
        ("宗地.gpkg", {"driver": "GPKG"}),
        ("宗地.fgb", {"driver": "FlatGeobuf"}),
        ("宗地.shp", {"driver": "ESRI Shapefile", "encoding": "GBK"}),
        ("宗地.gdb", {"driver": "OpenFileGDB"}),
    ):
        own = folder / name.replace(".", "-")
        own.mkdir()
        frame.to_file(own / name, layer="宗地", **options)
        files = [path for path in sorted(own.rglob("*")) if path.is_file()]
        parts = {str(path.relative_to(own)): path.read_bytes() for path in files}
        yield GoodFile(name, Kind.PARCELS, parts)
        if name.endswith(".shp"):
            yield GoodFile("压缩.zip", Kind.PARCELS, {"压缩.zip": repacked(parts)})
    frame.to_parquet(folder / "宗地.parquet")
    content = (folder / "宗地.parquet").read_bytes()
    yield GoodFile("宗地.parquet", Kind.PARCELS, {"宗地.parquet": content})


def _plain_spatial() -> Iterator[GoodFile]:
    """Yield the formats that are text: KML, its packed form, and a drawing."""
    kml = ['<?xml version="1.0" encoding="UTF-8"?>\n<kml><Document>']
    dxf = ["0", "SECTION", "2", "ENTITIES"]
    for n in range(ROWS):
        corners = " ".join(f"{x},{y},0" for x, y in square(n))
        told = zip(header(Kind.PARCELS), entry(Kind.PARCELS, n), strict=True)
        data = "".join(f'<Data name="{k}"><value>{v}</value></Data>' for k, v in told)
        kml.append(
            f"<Placemark><ExtendedData>{data}</ExtendedData><Polygon><outerBoundaryIs><LinearRing>"
            f"<coordinates>{corners}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        )
        x = 35_500_000 + n * 300
        dxf += ["0", "LWPOLYLINE", "5", f"{n + 16:X}", "100", "AcDbEntity", "8", "宗地",
                "100", "AcDbPolyline", "90", "4", "70", "1"]  # fmt: skip
        for a, b in ((0, 0), (100, 0), (100, 100), (0, 100)):
            dxf += ["10", str(x + a), "20", str(3_990_000 + b)]
    text = "\n".join([*kml, "</Document></kml>\n"]).encode()
    yield GoodFile("宗地.kml", Kind.PARCELS, {"宗地.kml": text}, encoding="utf-8")
    yield GoodFile("宗地.kmz", Kind.PARCELS, {"宗地.kmz": repacked({"doc.kml": text})})
    drawing = "\n".join([*dxf, "0", "ENDSEC", "0", "EOF", ""]).encode("gbk")
    yield GoodFile("宗地.dxf", Kind.PARCELS, {"宗地.dxf": drawing}, encoding="gbk", crs="EPSG:4523")


def _real() -> Iterator[GoodFile]:
    """Yield a small old workbook from beside the project, where it is there: none writes them."""
    found = sorted((SHARED / "contracts" / "YuhangTsim").glob("*.xls"))
    small = [path for path in found if path.stat().st_size < 8192][:2]
    for n, path in enumerate(small):
        name = f"旧版{n}.xls"
        yield GoodFile(name, Kind.CONTRACTS, {name: path.read_bytes()}, rows=0)

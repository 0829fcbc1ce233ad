"""What the fuzzers found, each kept as small as it could be made."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from landwatch.errors import LandwatchError, UnreadableFileError
from landwatch.language.columns import Kind
from landwatch.ledger import Instructions, read_ledger, workbook_child
from tests.fuzz.good_files import GoodFile, good_files

Lay = Callable[[str], Path]


@pytest.fixture(scope="module")
def goods(tmp_path_factory: pytest.TempPathFactory) -> dict[str, GoodFile]:
    return {good.name: good for good in good_files(tmp_path_factory.mktemp("good"))}


@pytest.fixture
def lay(tmp_path: Path, goods: dict[str, GoodFile]) -> Lay:
    """Lay out a good file, to be damaged."""

    def laid(name: str) -> Path:
        for part, content in goods[name].parts.items():
            (tmp_path / part).write_bytes(content)
        return tmp_path / name

    return laid


def refusal(path: Path, crs: str | None = None) -> LandwatchError:
    with pytest.raises(LandwatchError) as refused:
        for _ in read_ledger(Kind.PARCELS, path, Instructions(crs=crs)).batches():
            pass
    assert refused.value.in_words("zh")
    assert refused.value.in_words("en")
    return refused.value


def test_a_feature_that_gdal_passes_over_is_missed(lay: Lay) -> None:
    path = lay("宗地.geojson")
    path.write_text(path.read_text("utf-8").replace('"Feature"', '"Fea ure"', 1), "utf-8")
    lost = refusal(path)
    assert lost.code == "ledger.error.rows_lost"
    assert (lost.values["held"], lost.values["read"]) == (12, 11)


def test_rows_beyond_what_a_table_says_of_itself_are_missed(lay: Lay) -> None:
    path = lay("宗地.shp")
    table = path.with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    content[4:8] = struct.pack("<I", 7)
    table.write_bytes(content)
    assert refusal(path).code == "ledger.error.rows_lost"


def test_a_deleted_row_of_a_table_is_not_missed(lay: Lay) -> None:
    path = lay("宗地.shp")
    table = path.with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    begin, width = struct.unpack("<HH", content[8:12])
    content[begin + 2 * width] = ord("*")
    table.write_bytes(content)
    intake = read_ledger(Kind.PARCELS, path)
    assert sum(len(batch.records) for batch in intake.batches()) == 11


def test_a_refusal_in_bytes_that_are_no_text_does_not_take_the_process_down(lay: Lay) -> None:
    path = lay("宗地.gpkg")
    content = path.read_bytes()
    at = content.index(b"BEFORE INSERT ON 'gpkg_tile_matrix'")
    path.write_bytes(content[:at] + b"BEFORE IN\xff\xfe\xffT" + content[at + 13 :])
    code = (
        "import sys; from pathlib import Path; from landwatch.ledger import read_ledger\n"
        "from landwatch.errors import UnreadableFileError\n"
        "from landwatch.language.columns import Kind\n"
        "for _ in range(30):\n"
        "    try: read_ledger(Kind.PARCELS, Path(sys.argv[1]))\n"
        "    except UnreadableFileError: pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_no_library_speaks_to_the_user(lay: Lay, capfd: pytest.CaptureFixture[str]) -> None:
    path = lay("宗地.geojson")
    content = path.read_bytes()
    path.write_bytes(content.replace("宗地编号".encode(), b"\xbc\xff\x94", 1))
    refusal(path)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("system", ["SPHEROID of no planet", "PROJCS[", "\0", "某某坐标系"])
def test_a_system_of_no_sense_is_no_system(lay: Lay, system: str) -> None:
    path = lay("宗地.shp")
    path.with_suffix(".prj").write_text(system, "utf-8")
    assert refusal(path).code == "ledger.error.no_crs"
    assert read_ledger(Kind.PARCELS, path, Instructions(crs="EPSG:4490")).headers


def test_an_ellipsoid_that_is_not_the_earths_is_no_system(lay: Lay) -> None:
    path = lay("宗地.shp")
    system = path.with_suffix(".prj")
    told = system.read_text("ascii")
    assert "6378137" in told
    system.write_text(told.replace("6378137", "6378"), "ascii")
    assert refusal(path).code == "ledger.error.no_crs"


def test_corners_that_are_no_numbers_warn_nobody(lay: Lay) -> None:
    path = lay("宗地.dxf")
    path.write_text(path.read_text("gbk").replace("35500100", "nan", 1), "gbk")
    intake = read_ledger(Kind.PARCELS, path, Instructions(crs="EPSG:4523"))
    codes = [issue.code for batch in intake.batches() for issue in batch.issues]
    assert codes
    assert intake.tally.rows + len(codes) >= 12


def test_a_plot_of_a_thousand_rings_takes_no_minutes(lay: Lay) -> None:
    path = lay("界址点.txt")
    head, _, _ = path.read_text("gbk").partition("5,1.0000,1,")
    lines = [f"{4 * 1000},1.0000,1,地块,面,,工业,0601,@"]
    for ring in range(1000):
        x, y = 38_500_000 + ring % 40 * 20, 3_900_000 + ring // 40 * 20
        corners = ((x, y), (x + 10, y), (x + 10, y + 10), (x, y + 10))
        lines += [f"J1,{ring + 1},{north},{east}" for east, north in corners]
    path.write_text(head + "\n".join(lines), "gbk")
    began = time.process_time()
    (record,) = (r for b in read_ledger(Kind.PARCELS, path).batches() for r in b.records)
    assert time.process_time() - began < 5
    assert len(getattr(record.values["geometry"], "geoms", ())) == 1000


def test_a_member_without_a_name_and_one_that_ends_early_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("abc", "宗地编号\nZ1\n")
    whole = path.read_bytes()
    for old, new in ((b"abc", b"\0bc"), (b"\x03\0\0\0abc", b"\x03\0\xff\xffabc")):
        path.write_bytes(whole.replace(old, new))
        assert isinstance(refusal(path), UnreadableFileError)
    path.write_bytes(whole.replace(b"PK\x01\x02\x14\x03\x14\0", b"PK\x01\x02\x14\x03\x14\0\x01"))
    assert refusal(path)


def test_a_workbook_asks_for_no_more_than_its_size_needs(tmp_path: Path) -> None:
    small = tmp_path / "a.xlsx"
    small.write_bytes(b"PK")
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from landwatch.ledger.workbook_child import limit_itself\n"
        "limit_itself(Path(sys.argv[1]))\n"
        "limits = resource.RLIMIT_AS, resource.RLIMIT_CPU\n"
        "print(*(resource.getrlimit(limit)[0] for limit in limits))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(small)], capture_output=True, text=True, check=True
    )
    memory, seconds = map(int, done.stdout.split())
    assert memory <= 1 << 30 | 1 << 20
    assert seconds <= 30


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_workbooks_reader_ends_with_the_import_that_was_killed(tmp_path: Path) -> None:
    endless = tmp_path / "a.xlsx"
    os.mkfifo(endless)  # the reader waits for ever
    reading = [sys.executable, "-P", workbook_child.__file__, str(endless)]
    code = f"import subprocess; subprocess.run({reading!r})"
    parent = subprocess.Popen([sys.executable, "-c", code])
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    awaited(lambda: bool(children.read_text("ascii").split()))
    child = Path("/proc") / children.read_text("ascii").split()[0]
    awaited(lambda: "ctypes" in (child / "maps").read_text("utf-8"))
    time.sleep(0.2)  # it has asked to end with its parent, and waits for the file
    parent.kill()
    parent.wait()
    awaited(lambda: not child.exists())


def awaited(come: Callable[[], bool]) -> None:
    """Wait until something has come to be, and no longer than a busy machine may need."""
    until = time.monotonic() + 30
    while not come():
        assert time.monotonic() < until
        time.sleep(0.02)

"""Adapters: a bureau's own export is read by its own package, and a bad one harms nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from landwatch.errors import InputRefusedError, UnknownNameError, UsageError
from landwatch.language.columns import Kind
from landwatch.ledger import Instructions, read_ledger, read_mapping
from landwatch.ledger.adapters.installed import adapters
from tests.house.tutorial import File, steps
from tests.ledger.conftest import TakeIn, taken_in

DOCS = Path(__file__).parents[2] / "docs"
Install = Callable[..., Path]

GOOD = """
from landwatch.ledger.adapters import Meaning, Table

class Own:
    name = "own"
    title = {"zh": "本局系统", "en": "our system"}

    def recognises(self, file):
        return file.start.startswith(b"OWN")

    def tables(self, file):
        lines = file.path.read_text("utf-8").splitlines()[1:]
        rows = lambda: (line.split("^") for line in lines)
        return [Table(("no", "area", "ways"), rows, MEANINGS, first_row=2)]

MEANINGS = {"no": Meaning("contract_id"), "area": Meaning("area_m2", "亩"), "ways": Meaning(None)}
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return a way to lay a package with one adapter where Python finds it."""
    modules: list[str] = []

    def laid(source: str, name: str = "own", attribute: str = "Own") -> Path:
        site, module = tmp_path / f"site-{name}", f"{name}_adapter"
        about = site / f"{name}_adapter-2.5.dist-info"
        about.mkdir(parents=True)
        (site / f"{module}.py").write_text(source, "utf-8")
        (about / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}-adapter\nVersion: 2.5\n", "utf-8"
        )
        entry = f"[landwatch.adapters]\n{name} = {module}:{attribute}\n"
        (about / "entry_points.txt").write_text(entry, "utf-8")
        monkeypatch.syspath_prepend(str(site))
        modules.append(module)
        return site

    yield laid
    for module in modules:
        sys.modules.pop(module, None)


@pytest.fixture
def own_file(tmp_path: Path) -> Path:
    path = tmp_path / "合同.own"
    path.write_text("OWN 1\nA-1^30^x\nA-2^12.6^y\n", "utf-8")
    return path


def test_the_one_that_is_shipped_is_registered() -> None:
    (shipped,) = [one for one in adapters() if one.package == "landwatch"]
    assert (shipped.name, shipped.reason) == ("landchina", "")
    assert "土地市场" in shipped.in_words("zh")
    assert "land market" in shipped.in_words("en")


def test_a_file_that_an_adapter_knows_is_read_by_it(
    install: Install, own_file: Path, take_in: TakeIn
) -> None:
    install(GOOD)
    taken = take_in(Kind.CONTRACTS, own_file)
    assert {record.key: record.values["area_m2"] for record in taken.records} == {
        "A-1": Decimal(20_000),
        "A-2": Decimal(8_400),
    }
    assert [record.row for record in taken.records] == [2, 3]
    assert taken.records[0].as_read["ways"] == "x"
    read_by = {"adapter": "own", "package": "own-adapter", "version": "2.5"}
    assert taken.intake.note == {"adapters": [read_by]}
    assert "own-adapter 2.5" in taken.issues[0].in_words("zh")


def test_a_mapping_of_a_person_goes_before_the_adapter(
    install: Install, own_file: Path, tmp_path: Path
) -> None:
    install(GOOD)
    to = tmp_path / "对照.yaml"
    to.write_text("headers:\n  - {header: area, column: area_m2, unit: 公顷}\n", "utf-8")
    said = Instructions(mapping=read_mapping(to, Kind.CONTRACTS))
    taken = taken_in(read_ledger(Kind.CONTRACTS, own_file, said))
    assert taken.records[0].values["area_m2"] == Decimal(300_000)


def test_members_of_an_archive_are_read_by_adapters_too(
    install: Install, own_file: Path, tmp_path: Path
) -> None:
    install(GOOD)
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as out:
        out.write(own_file, "合同.own")
    for named in (None, "own"):
        taken = taken_in(read_ledger(Kind.CONTRACTS, packed, Instructions(adapter=named)))
        assert [record.key for record in taken.records] == ["A-1", "A-2"]


BROKEN = {
    "cannot be loaded": "raise RuntimeError('没有授权文件')",
    "is not there": "Other = 1",
    "has no name": "class Own:\n    pass",
    "has nothing to call": "class Own:\n    name, title, tables, recognises = 'own', {}, 1, 2",
    "fails when asked": GOOD.replace('file.start.startswith(b"OWN")', "1 / 0"),
}


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_adapter_is_named_and_stops_no_import(
    source: str, install: Install, tmp_path: Path, take_in: TakeIn
) -> None:
    install(source)
    path = tmp_path / "a.csv"
    path.write_text("合同编号,土地用途\nA-1,工业\n", "utf-8")
    taken = take_in(Kind.CONTRACTS, path)
    assert [record.key for record in taken.records] == ["A-1"]
    assert taken.codes == ["adapter_broken"]
    assert "own-adapter" in taken.issues[0].in_words("en")
    if "named" not in source and "1 / 0" not in source:
        with pytest.raises(UsageError) as trouble:
            read_ledger(Kind.CONTRACTS, path, Instructions(adapter="own"))
        assert trouble.value.code == "adapter.error.broken"


FAILING = {
    "in the middle": ('line.split("^")', '(line.split("^") if "30" in line else 1 / 0)'),
    "a cell of no kind": ('line.split("^")', '[["A-1"], {}, 3j]'),
    "an unknown column": ('Meaning("area_m2", "亩")', 'Meaning("price")'),
    "a unit that does not fit": ('Meaning("area_m2", "亩")', 'Meaning("area_m2", "万元")'),
    "no table": ("return [Table", "return []; [Table"),
}


@pytest.mark.parametrize("change", FAILING.values(), ids=FAILING.keys())
def test_a_file_whose_adapter_fails_is_refused_whole_and_in_words(
    change: tuple[str, str], install: Install, own_file: Path
) -> None:
    install(GOOD.replace(*change))
    with pytest.raises(InputRefusedError) as refusal:
        list(read_ledger(Kind.CONTRACTS, own_file).batches())
    assert refusal.value.code in ("adapter.error.failed", "adapter.error.nothing")
    for lang in ("zh", "en"):
        assert "own" in refusal.value.in_words(lang)


def test_two_adapters_that_know_one_file_are_not_chosen_between(
    install: Install, own_file: Path
) -> None:
    install(GOOD)
    install(GOOD.replace('name = "own"', 'name = "twin"'), "twin")
    with pytest.raises(UsageError) as trouble:
        read_ledger(Kind.CONTRACTS, own_file)
    assert "own (own-adapter), twin (twin-adapter)" in trouble.value.in_words("zh")
    intake = read_ledger(Kind.CONTRACTS, own_file, Instructions(adapter="twin"))
    assert intake.note["adapters"] == [
        {"adapter": "twin", "package": "twin-adapter", "version": "2.5"}
    ]


def test_two_adapters_of_one_name_are_told_apart(install: Install) -> None:
    install(GOOD)
    install(GOOD, "twin")
    usable = {one.package: one.adapter is not None for one in adapters()}
    assert usable == {"own-adapter": True, "twin-adapter": False, "landwatch": True}


def test_an_adapter_of_a_bureau_goes_before_the_shipped_one(
    install: Install, tmp_path: Path
) -> None:
    install(GOOD.replace('file.start.startswith(b"OWN")', 'b"xmMc" in file.start'))
    path = landchina(tmp_path, [RECORD])
    assert read_ledger(Kind.CONTRACTS, path).note["adapters"][0]["adapter"] == "own"  # type: ignore[index]
    named = Instructions(adapter="landchina")
    assert read_ledger(Kind.CONTRACTS, path, named).note["adapters"][0]["adapter"] == "landchina"  # type: ignore[index]


def test_a_person_can_leave_adapters_out_or_mistype_them(own_file: Path, install: Install) -> None:
    install(GOOD)
    with pytest.raises(InputRefusedError) as refusal:
        read_ledger(Kind.CONTRACTS, own_file, Instructions(adapter="none"))
    assert refusal.value.code == "ledger.error.format"
    with pytest.raises(UnknownNameError) as unknown:
        read_ledger(Kind.CONTRACTS, own_file, Instructions(adapter="owm"))
    assert unknown.value.near == "own"


def test_nothing_of_adapters_is_looked_at_before_a_file_is_imported() -> None:
    program = (
        "import sys, landwatch.cli\n"
        "print([name for name in sys.modules if name.startswith('landwatch.ledger')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"


# --- the national land market --------------------------------------------------------------------

RECORD: dict[str, Any] = {
    "gdGuid": "0f1d", "dzBaBh": "4406062019B00001", "xmMc": "某项目", "gyMj": 1.389,
    "xzqFullName": "佛山市顺德区", "xzqDm": "440606000", "gyFs": "23", "je": 1250.5,
    "minRjl": 1.0, "maxRjl": 2.5, "srr": "某某有限公司", "tzQd": 0, "crNx": "50",
    "dgSj": 1575129600000, "qdRq": "2018-11-30", "jgSj": None,
}  # fmt: skip


def landchina(folder: Path, records: list[dict[str, Any]]) -> Path:
    path = folder / "供地结果.json"
    answer = {"data": {"list": records}}
    path.write_text(json.dumps(answer, ensure_ascii=False, indent=1), "utf-8")
    return path


def test_a_record_of_the_national_interface_is_understood(tmp_path: Path, take_in: TakeIn) -> None:
    told = take_in(Kind.CONTRACTS, landchina(tmp_path, [RECORD])).only
    assert told.key == "4406062019B00001"
    expected = {
        "area_m2": Decimal(13890), "price_wan": Decimal("1250.5"), "instrument": "grant",
        "adcode": "440606", "agreed_start_on": date(2019, 12, 1), "signed_on": date(2018, 11, 30),
        "agreed_far_min": Decimal(1), "agreed_far_max": Decimal("2.5"), "holder": "某某有限公司",
    }  # fmt: skip
    assert {name: told.values[name] for name in expected} == expected
    assert told.values["tenure_years"] == "50"
    assert not told.unreadable


def test_an_intensity_of_the_national_interface_has_no_certain_unit(
    tmp_path: Path, take_in: TakeIn
) -> None:
    told = take_in(Kind.CONTRACTS, landchina(tmp_path, [{**RECORD, "tzQd": 3000}])).only
    assert told.unreadable == {"agreed_intensity_wan_per_mu"}


def test_a_record_without_a_number_is_kept_under_its_own_id(
    tmp_path: Path, take_in: TakeIn
) -> None:
    bare = {name: value for name, value in RECORD.items() if name != "dzBaBh"}
    taken = take_in(Kind.CONTRACTS, landchina(tmp_path, [{**bare, "bh": None}]))
    assert taken.refused or taken.only.key in ("0f1d",) or taken.only.key.startswith("row-")


def test_the_same_fields_in_a_csv_are_understood(tmp_path: Path, take_in: TakeIn) -> None:
    path = tmp_path / "a.csv"
    names = ["dzBaBh", "xmMc", "gyMj", "gyFs", "dgSj"]
    cells = [str(RECORD[name]) for name in names]
    path.write_text(",".join(names) + "\n" + ",".join(cells) + "\n", "gb18030")
    taken = take_in(Kind.CONTRACTS, path)
    assert taken.only.values["area_m2"] == Decimal(13890)
    assert taken.only.values["agreed_start_on"] == date(2019, 12, 1)
    assert (taken.only.row, taken.only.values["instrument"]) == (2, "grant")


# --- the documents -------------------------------------------------------------------------------


def files_of(page: str) -> dict[str, str]:
    text = (DOCS / page).read_text("utf-8")
    return {step.name: step.text for step in steps(text) if isinstance(step, File)}


def test_both_languages_show_the_same_adapter() -> None:
    assert files_of("adapters.md") == files_of("adapters.en.md") != {}


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_adapter_of_the_documents_is_installed_and_reads_its_file(tmp_path: Path) -> None:
    for name, text in files_of("adapters.md").items():
        encoding = "gb18030" if name.endswith(".ysx") else "utf-8"
        (tmp_path / name).write_text(text, encoding)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    site = tmp_path / "site"
    installed = subprocess.run(
        [*pip, "--no-build-isolation", "--disable-pip-version-check", "--target", site, "."],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert installed.returncode == 0, installed.stderr
    page = (DOCS / "adapters.md").read_text("utf-8")
    said = run(tmp_path, site, "init")
    for step in steps(page):
        for line in step if isinstance(step, list) else ():
            if line.line.startswith("landwatch import"):
                said += run(tmp_path, site, *line.line.split()[1:])
            for shown in line.shows:
                assert shown in said
    listed = json.loads(run(tmp_path, site, "export", "contracts", "out.csv", "--json"))
    assert listed["records"] == 2
    rows = (tmp_path / "out.csv").read_text("utf-8")
    assert "YS-001" in rows
    assert ",20000,30,960," in rows
    found = json.loads(run(tmp_path, site, "imports", "--json"))
    assert {read["adapter"] for one in found for read in one["note"]["adapters"]} == {"yunshan"}


def run(folder: Path, site: Path, *words: str) -> str:
    """Run a command in a process that sees the installed adapter; return all that it says."""
    done = subprocess.run(
        [sys.executable, "-m", "landwatch.cli", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site), "LANDWATCH_LANG": "zh"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout if "--json" in words else done.stdout + done.stderr


EXIT, OWN_WORDS = "import sys; sys.exit(0)", "raise InputRefusedError('no.such.key', a=1)"
IMPORTS = "from landwatch.errors import InputRefusedError\n"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (GOOD.replace("return [Table", EXIT + "; return [Table"), "SystemExit"),
        (GOOD.replace("rows = lambda: (line.split", "rows = lambda: (exit(0) or line.split"),
         "SystemExit"),
        (IMPORTS + GOOD.replace("return [Table", OWN_WORDS + "; return [Table"), "no.such.key"),
        (GOOD.replace('line.split("^")', "('A-1', 10**5000, 'x')"), "too long"),
        (GOOD.replace('line.split("^")', "line"), "str for a row"),
    ],
    ids=["exit", "exit in the rows", "words of its own", "a number without end", "text for a row"],
)  # fmt: skip
def test_an_adapter_that_ends_the_program_or_speaks_in_keys_is_named_as_failed(
    source: str, reason: str, install: Install, own_file: Path
) -> None:
    install(source)
    with pytest.raises(InputRefusedError) as refused:
        taken_in(read_ledger(Kind.CONTRACTS, own_file))
    assert refused.value.code == "adapter.error.failed"
    assert "own-adapter" in refused.value.in_words("zh")
    assert reason in refused.value.in_words("en")


@pytest.mark.parametrize("where", ["load", "recognise"])
def test_an_adapter_that_ends_the_program_does_not_end_the_imports_of_others(
    where: str, install: Install, tmp_path: Path, take_in: TakeIn
) -> None:
    recognise = "return file.start"
    install(EXIT if where == "load" else GOOD.replace(recognise, f"{EXIT}; {recognise}"))
    path = tmp_path / "a.csv"
    path.write_text("合同编号,受让人\nLZ-1,甲\n", "utf-8")
    taken = take_in(Kind.CONTRACTS, path)
    assert taken.only.key == "LZ-1"
    assert "SystemExit" in taken.issues[0].in_words("zh")


def test_texts_and_numbers_of_an_adapter_become_plain_ones(
    install: Install, own_file: Path, take_in: TakeIn
) -> None:
    odd = """
class Text(str):
    def __str__(self):
        raise RuntimeError("no")

class Whole(int):
    __str__ = __repr__ = Text.__str__
"""
    install(odd + GOOD.replace('line.split("^")', "(Text(line[:3]), Whole(3), Text('x'))"))
    taken = take_in(Kind.CONTRACTS, own_file)
    assert [record.key for record in taken.records] == ["A-1", "A-2"]
    assert taken.records[0].values["area_m2"] == 2000

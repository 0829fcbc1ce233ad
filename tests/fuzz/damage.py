"""Ways in which files come to harm: each takes a file's bytes, a place and dice."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from random import Random
from typing import TypeAlias

from tests.fuzz.good_files import GoodFile, repacked

Harm: TypeAlias = Callable[[bytes, Random], bytes]
TextHarm: TypeAlias = Callable[[list[str], Random], list[str]]

HOSTILE = (
    "=cmd|' /C calc'!A0", "<img src=x onerror=alert(1)>", "[red]红[/red]", "[/]", "{0}", "{column}",
    "%s%n", "'; DROP TABLE imports;--", "\0", "\x1b[2J", "\u202e倒", "\ufeff", "𠮷𠀀", "é̂̃",
    "１２．５亩", "１ｅ９９９", "1e400", "-1e400", "NaN", "Infinity", "9" * 400, "0x1F", "1_000",
    "9999-12-31", "0000-00-00", "10000-01-01", "2019年13月45日", "民国一百零八年", "二〇一九年",
    "２０１９－１－１",
    "4.40606E+15", "１／３", "五十年", "70/40", "(clear)", "清空", "#REF!", "=1/0", "合计", "注：",
    "POLYGON((0 0,1 1,0 1,0 0))", "MULTIPOLYGON EMPTY", "1,000,000,000,000,000,000", "٣٤٥",
    "²", "½", "一亿亿", "长" * 33_000, "\u2028", "\x85", '"', "'", "\ud7ff", "true", "a\tb",
)  # fmt: skip


# --- bytes ---


def cut_off(data: bytes, dice: Random) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def flip(data: bytes, dice: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 8, 64))):
        if changed:
            changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def overwrite(data: bytes, dice: Random) -> bytes:
    at, size = dice.randrange(len(data) + 1), dice.choice((1, 4, 16, 300))
    filler = dice.choice((b"\0", b"\xff", b" ", None))
    patch = dice.randbytes(size) if filler is None else filler * size
    return data[:at] + patch + data[at + size :]


def insert(data: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + dice.randbytes(dice.choice((1, 2, 7, 100))) + data[at:]


def take_out(data: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + data[at + dice.choice((1, 2, 10, 500)) :]


def say_twice(data: bytes, dice: Random) -> bytes:
    one, other = sorted((dice.randrange(len(data) + 1), dice.randrange(len(data) + 1)))
    return data[:other] + data[one:other] + data[other:]


def swap_halves(data: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[at:] + data[:at]


BYTES: tuple[Harm, ...] = (cut_off, flip, overwrite, insert, take_out, say_twice, swap_halves)


# --- lines of text ---


def swap_lines(lines: list[str], dice: Random) -> list[str]:
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return lines


def header_again(lines: list[str], dice: Random) -> list[str]:
    lines.insert(dice.randrange(len(lines) + 1), lines[0])
    return lines


def other_ends(lines: list[str], dice: Random) -> list[str]:
    ends = ("\n", "\r\n", "\r", "\n\n", "\x85", "\u2028", "\x0b", "\x0c", "")
    return [line.rstrip("\r\n") + dice.choice(ends) for line in lines]


def slide(lines: list[str], dice: Random) -> list[str]:
    at, sign = dice.randrange(len(lines)), dice.choice(",\t;，")
    cells = lines[at].split(sign)
    where = dice.randrange(len(cells))
    cells[where:where] = [""] * dice.choice((1, 1, 2, 50))
    lines[at] = sign.join(cells)
    return lines


def lose_cell(lines: list[str], dice: Random) -> list[str]:
    at, sign = dice.randrange(len(lines)), dice.choice(",\t;，")
    cells = lines[at].split(sign)
    del cells[dice.randrange(len(cells))]
    lines[at] = sign.join(cells)
    return lines


def hostile_cell(lines: list[str], dice: Random) -> list[str]:
    at, sign = dice.randrange(len(lines)), dice.choice(',\t;，="<>')
    cells = lines[at].split(sign)
    cells[dice.randrange(len(cells))] = dice.choice(HOSTILE)
    lines[at] = sign.join(cells)
    return lines


def another_number(lines: list[str], dice: Random) -> list[str]:
    at = dice.randrange(len(lines))
    digits = [n for n, sign in enumerate(lines[at]) if sign.isdigit()]
    if digits:
        place = dice.choice(digits)
        told = dice.choice(("-", "9" * 30, ".", "e5", "亿", "０", "", "1e308", "NaN", ",", "五"))
        lines[at] = lines[at][:place] + told + lines[at][place + 1 :]
    return lines


def lose_line(lines: list[str], dice: Random) -> list[str]:
    del lines[dice.randrange(len(lines))]
    return lines


def line_twice(lines: list[str], dice: Random) -> list[str]:
    at = dice.randrange(len(lines))
    lines[at:at] = [lines[at]] * dice.choice((1, 2, 40))
    return lines


def strange_line(lines: list[str], dice: Random) -> list[str]:
    lines.insert(dice.randrange(len(lines) + 1), dice.choice(HOSTILE) + dice.choice(("\n", "")))
    return lines


def shuffle(lines: list[str], dice: Random) -> list[str]:
    dice.shuffle(lines)
    return lines


TEXTS: tuple[TextHarm, ...] = (
    swap_lines, header_again, other_ends, slide, lose_cell, hostile_cell, hostile_cell,
    another_number, another_number, lose_line, line_twice, strange_line, shuffle,
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-be", "utf-32", "big5",
             "latin-1", "cp1252", "utf-7")  # fmt: skip


def harmed(good: GoodFile, dice: Random) -> dict[str, bytes]:
    """Return the parts of a file after one to four harms."""
    parts = dict(good.parts)
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        if not parts:
            break
        name = dice.choice(sorted(parts))
        parts[name] = _harmed_part(name, parts[name], good.encoding, dice)
        if len(parts) > 1 and not dice.randrange(12):
            del parts[dice.choice(sorted(parts))]
    return parts


def _harmed_part(name: str, data: bytes, encoding: str | None, dice: Random) -> bytes:
    """Return one file harmed by its nature: as text, as an archive, or as bytes."""
    if name.endswith((".zip", ".kmz", ".xlsx")) and dice.randrange(5):
        return _within_archive(data, dice)
    if encoding is not None and dice.randrange(4):
        return _as_text(data, encoding, dice)
    return dice.choice(BYTES)(data, dice)


def _as_text(data: bytes, encoding: str, dice: Random) -> bytes:
    lines = data.decode(encoding, "replace").splitlines(keepends=True)
    for _ in range(dice.choice((1, 1, 2, 5))):
        if lines:
            lines = dice.choice(TEXTS)(lines, dice)
    wanted = encoding if dice.randrange(6) else dice.choice(ENCODINGS)
    return "".join(lines).encode(wanted, "replace")


def _within_archive(data: bytes, dice: Random) -> bytes:
    """Return an archive that unpacks, with a member harmed, lost or renamed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = {name: packed.read(name) for name in packed.namelist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        return data
    if not members:
        return data
    name = dice.choice(sorted(members))
    what = dice.randrange(10)
    if what == 0:
        del members[name]
    elif what == 1:
        members[dice.choice(("../逃出.csv", "C:\\a.csv", " ", "a" * 300, "x.gdb/y"))] = members[
            name
        ]
    elif what < 6:
        members[name] = _as_text(members[name], "utf-8", dice)
    else:
        members[name] = dice.choice(BYTES)(members[name], dice)
    return repacked(members)

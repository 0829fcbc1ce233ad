"""Prometheus' text exposition format, read as strictly as promtool reads it.

What it holds beyond the format's letter are promtool's own demands: a HELP and a TYPE before the
samples of a name, each once, no name apart from its own samples, no sample twice, names by unit.
"""

from __future__ import annotations

import math
import re

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
TYPES = {"counter", "gauge", "histogram", "summary", "untyped"}
NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Inf)|NaN")
BASE_UNITS = ("seconds", "bytes", "ratio", "info")


class NotOfTheFormatError(Exception):
    """A line that Prometheus would refuse."""


Labels = tuple[tuple[str, str], ...]


def read_strictly(text: str) -> dict[tuple[str, Labels], float]:
    """Return every sample; refuse what Prometheus or promtool would."""
    if not text.endswith("\n"):
        raise NotOfTheFormatError("the last line has no end")
    helped: set[str] = set()
    typed: set[str] = set()
    ended: set[str] = set()
    current = ""
    found: dict[tuple[str, Labels], float] = {}
    for line in text[:-1].split("\n"):
        if line.startswith(("# HELP ", "# TYPE ")):
            _, word, name, rest = line.split(" ", 3)
            once = helped if word == "HELP" else typed
            if name in once or not NAME.fullmatch(name):
                raise NotOfTheFormatError(line)
            if word == "TYPE" and rest not in TYPES:
                raise NotOfTheFormatError(line)
            if word == "HELP" and re.search(r"\\(?![\\n])", rest):
                raise NotOfTheFormatError(line)
            once.add(name)
        elif line and not line.startswith("#"):
            name, labels, value = sample(line)
            if name != current:
                ended.add(current)
                current = name
            if name in ended or name not in helped & typed or (name, labels) in found:
                raise NotOfTheFormatError(line)
            found[name, labels] = value
    return found


def sample(line: str) -> tuple[str, Labels, float]:
    """Read one sample, sign by sign."""
    name = NAME.match(line)
    if name is None:
        raise NotOfTheFormatError(line)
    at, labels = name.end(), []
    if line[at : at + 1] == "{":
        at += 1
        while line[at] != "}":
            label = LABEL.match(line, at)
            if label is None or line[label.end() : label.end() + 2] != '="':
                raise NotOfTheFormatError(line)
            value, at = quoted(line, label.end() + 2)
            labels.append((label[0], value))
            if line[at] == ",":
                at += 1
        at += 1
    if line[at : at + 1] != " " or not NUMBER.fullmatch(line[at + 1 :]):
        raise NotOfTheFormatError(line)
    if len({one for one, _ in labels}) != len(labels):
        raise NotOfTheFormatError(line)
    number = float(line[at + 1 :].replace("Inf", "inf"))
    return name[0], tuple(sorted(labels)), math.nan if math.isnan(number) else number


def quoted(line: str, at: int) -> tuple[str, int]:
    """Read a label's value from behind its quote; return it and the place behind the other."""
    signs = []
    while line[at] != '"':
        if line[at] == "\\":
            meant = {"\\": "\\", '"': '"', "n": "\n"}.get(line[at + 1])
            if meant is None:
                raise NotOfTheFormatError(line)
            signs.append(meant)
            at += 2
        else:
            signs.append(line[at])
            at += 1
    return "".join(signs), at + 1

"""Figures for Prometheus: a textfile that node_exporter reads, always written whole.

Each run restates what it measured; what other runs measured stays in the file. So one file tells of
the last import of each kind, of the last scan, and of how each verb ended.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG

from landwatch.errors import LandwatchError, UsageError
from landwatch.files import unwritable, whole_file
from landwatch.language.catalogue import say
from landwatch.operations.lock import Lock

MARK = "# landwatch: what the last runs measured"
_METRIC = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_SAMPLE = re.compile(rf"({_METRIC.pattern})(?:\{{(.*)\}})? (\S+)")
_PAIR = re.compile(rf'({_LABEL.pattern})="((?:[^"\\\n]|\\[\\"n])*)"(,|$)')
_SIGNS = {"\\": "\\\\", '"': '\\"', "\n": "\\n"}
_MEANT = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}
_PATIENCE_S = 5.0
ADDED = ("landwatch_import_rows", "landwatch_import_seconds")
"""Figures of several files of one run that add up."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One figure with its labels."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Family:
    """The figures of one name.

    `by` is the label whose values a run restates: samples with another value of it stay. Without
    it all of them give way.
    """

    name: str
    samples: Sequence[Sample]
    by: str | None = None

    def over(self, before: Sequence[Sample]) -> Family:
        """Return this family with those earlier samples that it does not restate."""
        if self.by is None:
            return self
        told = {sample.labels.get(self.by) for sample in self.samples}
        stay = [one for one in before if one.labels.get(self.by) not in told]
        return Family(self.name, [*stay, *self.samples], self.by)

    def plus(self, more: Family) -> Family:
        """Return this family with another's samples; counts of the same labels add up.

        Moments and durations do not: of them the later stands.
        """
        sums = {tuple(sorted(one.labels.items())): one for one in self.samples}
        for one in more.samples:
            mark = tuple(sorted(one.labels.items()))
            before = sums[mark].value if mark in sums and self.name in ADDED else 0
            sums[mark] = Sample(before + one.value, one.labels)
        return Family(self.name, list(sums.values()), self.by)


def written(families: Iterable[Family]) -> str:
    r"""Return families in Prometheus' text format, sorted, every name and label as it must be.

    >>> text = written([Family("landwatch_info", [Sample(1, {"version": 'a"b'})])])
    >>> text.splitlines()[-1]
    'landwatch_info{version="a\\"b"} 1'
    """
    lines = [MARK]
    for family in sorted(families, key=lambda one: one.name):
        if not _METRIC.fullmatch(family.name):
            raise ValueError(family.name)
        lines.append(f"# HELP {family.name} {_help(family.name)}")
        lines.append(f"# TYPE {family.name} gauge")
        lines += sorted(_line(family.name, sample) for sample in family.samples)
    return "\n".join(lines) + "\n"


def _help(name: str) -> str:
    """Return what a figure tells, in English: Prometheus wants one text for a name everywhere."""
    return say(f"metric.{name}", "en").replace("\\", "\\\\").replace("\n", "\\n")


def _line(name: str, sample: Sample) -> str:
    for label in sample.labels:
        if not _LABEL.fullmatch(label):
            raise ValueError(label)
    pairs = ",".join(f'{label}="{_escaped(text)}"' for label, text in sample.labels.items())
    return (
        f"{name}{{{pairs}}} {_number(sample.value)}" if pairs else f"{name} {_number(sample.value)}"
    )


def _escaped(text: str) -> str:
    clean = text.encode("utf-8", "replace").decode()
    return "".join(_SIGNS.get(sign, sign) for sign in clean)


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if value == int(value) else repr(float(value))


def read(text: str) -> dict[str, list[Sample]]:
    """Return the samples of a text in Prometheus' format by name; of ours, whatever is in it.

    Raises:
        ValueError: a line is not of that format.
    """
    found: dict[str, list[Sample]] = {}
    for line in text.split("\n"):  # a label may hold any other sign that ends a line
        if not line or line.startswith("#"):
            continue
        told = _SAMPLE.fullmatch(line)
        if told is None:
            raise ValueError(line)
        value = float(told[3].replace("Inf", "inf"))
        found.setdefault(told[1], []).append(Sample(value, dict(_labels(told[2] or ""))))
    return found


def _labels(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        pair = _PAIR.match(text, at)
        if pair is None:
            raise ValueError(text)
        yield pair[1], re.sub(r'\\[\\"n]', lambda sign: _MEANT[sign[0]], pair[2])
        at = pair.end()


def check_place(path: Path) -> None:
    """Refuse a file that node_exporter would not read, or that is something else than our figures.

    Raises:
        UsageError: it does not end in .prom, or something else stands there, or cannot be read.
    """
    if path.suffix != ".prom":
        raise UsageError("metrics.not_prom", file=str(path))
    try:
        there = path.stat()  # looked at once: another run may be about to make it
        # A pipe is not even opened: it would be waited for.
        if not (S_ISREG(there.st_mode) and _is_ours(path)):
            raise UsageError("metrics.not_ours", file=str(path))
    except FileNotFoundError:
        return
    except OSError as problem:
        raise unwritable(path, problem, UsageError) from problem


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        begin = file.read(len(MARK))
    return not begin or begin == MARK.encode()


def keep(path: Path, families: Sequence[Family]) -> None:
    """Write what was measured, and what other runs measured before, into the textfile.

    Raises:
        LandwatchError: it cannot be written there, or something else stands there.
    """
    check_place(path)
    with Lock(path.with_name(path.name + ".lock")).waiting(_PATIENCE_S):
        before = _before(path)
        anew = {family.name: family.over(before.get(family.name, [])) for family in families}
        stay = [
            Family(name, samples) for name, samples in before.items()
            if name not in anew and name in KNOWN
        ]  # fmt: skip
        with whole_file(path, error=LandwatchError) as beside:
            beside.write_bytes(written([*stay, *anew.values()]).encode())
            beside.chmod(0o644)  # node_exporter is somebody else


def _before(path: Path) -> dict[str, list[Sample]]:
    try:
        return read(path.read_bytes().decode())
    except (OSError, ValueError):  # a file that was cut off tells nothing that must be kept
        return {}


KNOWN = (
    "landwatch_import_rows",
    "landwatch_import_seconds",
    "landwatch_info",
    "landwatch_last_end_timestamp_seconds",
    "landwatch_last_exit_code",
    "landwatch_last_import_timestamp_seconds",
    "landwatch_last_scan_timestamp_seconds",
    "landwatch_last_seconds",
    "landwatch_last_success_timestamp_seconds",
    "landwatch_nightly_files",
    "landwatch_scan_changes",
    "landwatch_scan_contracts",
    "landwatch_scan_day_timestamp_seconds",
    "landwatch_scan_outcomes",
    "landwatch_scan_seconds",
    "landwatch_source_covered_ratio",
    "landwatch_source_late",
    "landwatch_store_bytes",
)
"""Every figure that there is."""

"""One folder that installs landwatch on a machine without a network: `make wheelhouse`.

The runtime part of the lock, for one Python and one platform, each wheel by its hash; landwatch's
own wheel, built from the checkout; sums of all of it; how to install it, and a script that does.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

_STANZA = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>\S+)(?: ; (?P<marker>.*?))? \\$")
_OWN = "landwatch (pyproject.toml)"
_GLIBC = range(5, 29)
"""Wheels for a GNU C library of 2.28 or older: Kylin V10, UOS 20, RHEL 8, Debian 10 and later."""
_LOG = logging.getLogger("landwatch.wheelhouse")


@dataclass(frozen=True, slots=True)
class Target:
    """The machine that the wheels are for, such as linux-x86_64 with Python 3.11."""

    system: str
    machine: str
    python: str

    @property
    def name(self) -> str:
        """Return it as the folder's name says it."""
        return f"{self.system}-{self.machine}-py{self.python.replace('.', '')}"

    @property
    def platforms(self) -> list[str]:
        """Return the tags of the wheels that run there."""
        if self.system == "windows":
            return ["win_amd64"]
        named = [f"manylinux_2_{minor}_{self.machine}" for minor in _GLIBC]
        return [*named, f"manylinux2014_{self.machine}", f"manylinux2010_{self.machine}"]

    @property
    def markers(self) -> dict[str, str]:
        """Return what the markers of the lock are asked of."""
        windows = self.system == "windows"
        return {
            "implementation_name": "cpython",
            "os_name": "nt" if windows else "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_system": "Windows" if windows else "Linux",
            "python_full_version": f"{self.python}.0",
            "python_version": self.python,
            "sys_platform": "win32" if windows else "linux",
        }


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of the lock: its version, when it is wanted, its hashes, and who wants it."""

    name: str
    version: str
    marker: str | None
    hashes: tuple[str, ...]
    via: tuple[str, ...]

    def wanted_on(self, target: Target) -> bool:
        """Tell whether it is installed there."""
        from packaging.markers import Marker

        return self.marker is None or Marker(self.marker).evaluate(target.markers)

    @property
    def text(self) -> str:
        """Return it as a file of requirements has it."""
        return " \\\n    ".join([f"{self.name}=={self.version}", *self.hashes])


def pins_of(lock: str) -> dict[str, Pin]:
    """Return the packages of a lock by name."""
    found: dict[str, Pin] = {}
    begun: re.Match[str] | None = None
    lines: list[str] = []
    for line in [*lock.splitlines(), ""]:
        if (stanza := _STANZA.match(line)) or not line:
            if begun is not None:
                found[begun["name"]] = _pin(begun, lines)
            begun, lines = stanza, []
        else:
            lines.append(line.strip())
    return found


def _pin(begun: re.Match[str], lines: Sequence[str]) -> Pin:
    hashes = tuple(line.removesuffix(" \\") for line in lines if line.startswith("--hash"))
    told = [line.removeprefix("#").strip() for line in lines if line.startswith("#")]
    via = tuple(one.removeprefix("via").strip() for one in told)
    wants = tuple(one for one in via if one)
    return Pin(begun["name"], begun["version"], begun["marker"], hashes, wants)


def needed(pins: Mapping[str, Pin], direct: Iterable[str], target: Target) -> list[Pin]:
    """Return the packages that landwatch needs to run: those it names, and what they want."""
    chosen = {name for name in direct if pins[name].wanted_on(target)}
    while True:
        more = {
            name for name, pin in pins.items()
            if name not in chosen and chosen & set(pin.via) and pin.wanted_on(target)
        }  # fmt: skip
        if not more:
            return [pins[name] for name in sorted(chosen)]
        chosen |= more


def direct_names(project: Path) -> list[str]:
    """Return the packages that landwatch itself names, as the lock calls them."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    told = tomllib.loads(project.read_text("utf-8"))["project"]["dependencies"]
    return [str(canonicalize_name(Requirement(line).name)) for line in told]


def make(source: Path, out: Path, target: Target) -> Path:
    """Fill a folder with all that an installation needs, and lay a tar beside it; return that."""
    pins = pins_of((source / "requirements.lock").read_text("utf-8"))
    runtime = needed(pins, direct_names(source / "pyproject.toml"), target)
    shutil.rmtree(out, ignore_errors=True)
    wheels = out / "wheels"
    wheels.mkdir(parents=True)
    listed = out / "requirements.txt"
    listed.write_text("\n".join(pin.text for pin in runtime) + "\n", encoding="utf-8")
    _LOG.info("── %d wheels, %s", len(runtime), target.name)
    _download(listed, wheels, target)
    own = _build(source, wheels)
    version = own.name.split("-")[1]
    pin = f"landwatch=={version} \\\n    --hash=sha256:{_sum(own)}\n"
    with listed.open("a", encoding="utf-8") as file:
        file.write(pin)
    for name, text in _papers(target, version):
        (out / name).write_text(text, encoding="utf-8", newline="\n")
    (out / "install.sh").chmod(0o755)
    sums = [f"{_sum(path)}  {path.relative_to(out).as_posix()}" for path in _carried(out)]
    (out / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8", newline="\n")
    packed = out.with_name(f"{out.name}.tar")
    with tarfile.open(packed, "w") as tar:
        tar.add(out, out.name)
    return packed


def _pip(*words: str) -> None:
    quiet = ("--quiet", "--disable-pip-version-check")
    subprocess.run([sys.executable, "-m", "pip", words[0], *quiet, *words[1:]], check=True)


def _download(listed: Path, wheels: Path, target: Target) -> None:
    platforms = [word for name in target.platforms for word in ("--platform", name)]
    _pip(
        "download", "--require-hashes", "--no-deps", "--only-binary", ":all:",
        "--implementation", "cp", "--python-version", target.python, *platforms,
        "--dest", str(wheels), "--requirement", str(listed),
    )  # fmt: skip


def _build(source: Path, wheels: Path) -> Path:
    """Build landwatch's own wheel far from the checkout, where nothing old lies about."""
    with tempfile.TemporaryDirectory() as place:
        copied = Path(place) / "landwatch"
        left_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source / "landwatch", copied / "landwatch", ignore=left_out)
        for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
            shutil.copyfile(source / name, copied / name)
        words = ("--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(wheels))
        _pip("wheel", *words, str(copied))
    (made,) = wheels.glob("landwatch-*.whl")
    return made


def _papers(target: Target, version: str) -> Iterator[tuple[str, str]]:
    told = {
        "version": version,
        "python": target.python,
        "system": target.system,
        "machine": target.machine,
    }
    templates = files("landwatch.operations").joinpath("templates")
    papers = {"INSTALL.txt": "install_text", "install.sh": "install_script"}
    if target.system == "windows":
        papers["install.cmd"] = "install_windows"
    for name, template in papers.items():
        text = templates.joinpath(f"{template}.template").read_text("utf-8")
        for place, value in told.items():
            text = text.replace(f"@{place}@", value)
        yield name, text


def _carried(out: Path) -> list[Path]:
    return sorted(path for path in out.rglob("*") if path.is_file())


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _target(told: str | None, python: str | None) -> Target:
    system, _, machine = (told or f"linux-{platform.machine()}").partition("-")
    here = ".".join(platform.python_version_tuple()[:2])
    return Target(system, machine or "x86_64", python or here)


def main(words: Sequence[str] | None = None) -> None:
    """Make the folder that the command line asks for."""
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    parser = argparse.ArgumentParser(prog="python -m landwatch.operations.wheelhouse")
    parser.add_argument("out", type=Path)
    parser.add_argument("--for", dest="target", metavar="linux-x86_64|windows-amd64|…")
    parser.add_argument("--python", metavar="3.11")
    parser.add_argument("--source", type=Path, default=Path())
    asked = parser.parse_args(words)
    target = _target(asked.target or None, asked.python or None)
    try:
        packed = make(asked.source, asked.out / f"landwatch-{target.name}", target)
    except subprocess.CalledProcessError:  # pip has said which one
        parser.exit(1, f"── {target.name}: 缺少安装包，见上 · a wheel is missing, see above\n")
    _LOG.info("── %s (%.0f MB)", packed, packed.stat().st_size / 1e6)


if __name__ == "__main__":
    main()

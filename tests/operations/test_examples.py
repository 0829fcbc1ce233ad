"""The examples run as they are: systemd, cron, a shell and YAML read them."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from configparser import ConfigParser
from dataclasses import replace
from pathlib import Path

import pytest

from landwatch.language.columns import Kind
from landwatch.operations.examples import Example, Site, example, site_of, write_examples
from landwatch.operations.plan import read_plan

STORE = "postgresql+psycopg://bureau:geheim@db/landwatch"
LANGS = ("zh", "en")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A folder with blanks and signs that units and tables give a meaning of their own."""
    program = tmp_path / "bin" / "landwatch"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    place = site_of(tmp_path / "收件 箱 100% $HOME", STORE, "zh")
    return replace(place, program=str(program))


def text_of(which: Example, site: Site) -> str:
    (told,) = (text for _, text in example(which, site))
    return told


@pytest.mark.parametrize("which", list(Example), ids=str)
@pytest.mark.parametrize("lang", LANGS)
def test_every_example_is_filled_in_and_tells_no_password(
    which: Example, lang: str, tmp_path: Path
) -> None:
    for name, text in example(which, site_of(tmp_path / "inbox", STORE, lang)):
        assert name and text.endswith("\n")
        assert "geheim" not in text
        assert not re.findall(r"\{[a-z_]+\}", text)
        assert bool(re.search("[\u4e00-\u9fff]{5}", text)) == (lang == "zh")


def test_systemd_takes_the_units_as_they_are(site: Site, tmp_path: Path) -> None:
    units = tmp_path / "units"
    units.mkdir()
    written = write_examples(Example.SYSTEMD, site, units)
    service, timer, env = written
    if shutil.which("systemd-analyze"):
        # Who may run it is the machine's own affair: there is no user landwatch here.
        text = service.read_text("utf-8")
        service.write_text(re.sub(r"(?m)^(User|Group)=.*\n", "", text), "utf-8")
        run = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", service, timer],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (run.returncode, run.stderr) == (0, "")
        service.write_text(text, "utf-8")
    unit = ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(service.read_text("utf-8"))
    assert unit["Service"]["ExecStart"].count("%%") == 1
    assert "$$HOME" in unit["Service"]["ExecStart"]
    assert unit["Service"]["Restart"] == "on-failure"
    assert unit["Service"]["RestartPreventExitStatus"].split() == ["2", "3", "70", "130"], "not 4"
    assert unit["Service"]["SuccessExitStatus"] == "1"
    assert f"LANDWATCH_STORE={STORE.replace('geheim', '***')}" in env.read_text("utf-8")
    with pytest.raises(FileExistsError):
        write_examples(Example.SYSTEMD, site, units)


def test_cron_starts_just_this_command(site: Site) -> None:
    lines = text_of(Example.CRON, site).splitlines()
    jobs = [line for line in lines if re.match(r"\d", line)]
    for job in jobs:
        fields = re.fullmatch(r"((?:\S+\s+){5})(\S+)\s+(.*)", job)
        assert fields is not None and fields[2] == "landwatch"
        assert re.search(r"(?<!\\)%", fields[3]) is None, "cron ends the command at a bare %"
        words = shlex.split(fields[3].replace("\\%", "%"))
        assert words[:3] == site.words
    assert jobs[1].endswith("--resume")
    for line in lines:
        assert line.startswith("#") or "=" in line or line in jobs


def test_the_plan_is_one_that_is_read(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "nightly.yaml"
    path.write_text(text_of(Example.PLAN, site), "utf-8")
    assert {one.kind for one in read_plan(path).files} == set(Kind)


def test_the_alert_program_mails_what_it_is_told(site: Site, tmp_path: Path) -> None:
    (hook,) = write_examples(Example.ALERT, site, tmp_path)
    mail = tmp_path / "bin" / "sendmail"
    mail.write_text('#!/bin/sh\necho "to: $*"; cat\n')
    mail.chmod(0o755)
    run = subprocess.run(
        [hook], input='{"a": 1}\n', capture_output=True, text=True, check=True,
        env={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"},
    )  # fmt: skip
    head, _, body = run.stdout.partition("\n\n")
    assert head.startswith("to: ") and "Subject: landwatch" in head
    assert body == '{"a": 1}\n'


def test_logrotate_has_every_brace_it_opens(site: Site) -> None:
    text = text_of(Example.LOGROTATE, site)
    assert re.search(r"^/var/log/landwatch/\*\.jsonl \{\n(?:    \w[\w ]*\n)+\}\n", text, re.M)
    assert "copytruncate" not in text, "each line opens the file anew: nothing is lost"


def test_windows_gets_quotes_and_its_own_exit_code(site: Site) -> None:
    text = text_of(Example.WINDOWS, site)
    assert '"nightly"' in text and "100%%" in text and "%ERRORLEVEL%" in text

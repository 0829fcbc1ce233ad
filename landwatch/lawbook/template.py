"""A policy to begin with: a commented file of two rules, and the cases that hold it to account."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from landwatch.errors import UsageError
from landwatch.files import unwritable, write_new
from landwatch.lawbook.keys import ID

EXAMPLE_ID, EXAMPLE_CODE = "my-city-2026", "MYCITY"
ENDINGS = (".yaml", ".yml")


def write_template(path: Path, policy_id: str | None) -> tuple[Path, str]:
    """Write the template and its cases beside it; return the file of cases and the policy's id.

    Args:
        path: the file to write; nothing that is there is touched.
        policy_id: the id of the policy, by default the file's name.

    Raises:
        UsageError: a file is there already, the name is not that of a YAML file, or the id is none.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UsageError("template.not_yaml", file=str(path))
    wanted = policy_id or path.stem.lower()
    if not ID.fullmatch(wanted):
        raise UsageError("template.bad_id", id=wanted)
    cases = cases_beside(path)
    for one in (path, cases):
        if one.exists():
            raise UsageError("template.there", file=str(one))
    _write(path, policy_template(wanted))
    try:
        _write(cases, cases_template(wanted))
    except UsageError:
        path.unlink()
        raise
    return cases, wanted


def cases_beside(path: Path) -> Path:
    """Return where the worked cases of a policy's file stand.

    >>> cases_beside(Path("my-city.yaml")).name
    'my-city.cases.yaml'
    """
    return path.with_name(f"{path.stem}.cases.yaml")


def policy_template(policy_id: str = EXAMPLE_ID) -> str:
    """Return the text of a policy to begin with."""
    return _filled("template.yaml", policy_id)


def cases_template(policy_id: str = EXAMPLE_ID) -> str:
    """Return the text of its worked cases."""
    return _filled("template.cases.yaml", policy_id)


def code_of(policy_id: str) -> str:
    """Return the first part of the rule codes of a policy, made of the words of its id.

    >>> code_of("my-city-2026"), code_of("2026-148")
    ('MYCITY', 'P2026148')
    """
    words = [word for word in policy_id.split("-") if not word.isdecimal()]
    code = "".join(words or policy_id.split("-")).upper()
    return code if re.match("[A-Z]", code) else f"P{code}"


def _filled(name: str, policy_id: str) -> str:
    text = files("landwatch.lawbook").joinpath(name).read_text("utf-8")
    return text.replace(EXAMPLE_ID, policy_id).replace(f"{EXAMPLE_CODE}.", f"{code_of(policy_id)}.")


def _write(path: Path, text: str) -> None:
    try:
        write_new(path, text)
    except FileExistsError:
        raise UsageError("template.there", file=str(path)) from None
    except OSError as problem:
        raise unwritable(path, problem, UsageError) from problem

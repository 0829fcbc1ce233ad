"""The shelf of policies: those that come with landwatch, and the reader's own files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from landwatch.errors import LawbookError, UnknownNameError
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.policy import Policy, Rule
from landwatch.lawbook.source import MAX_BYTES


@cache
def shelf() -> Mapping[str, Policy]:
    """Return the policies that come with landwatch, by id.

    Raises:
        LawbookError: one of them does not say what it should (a bug, caught by the tests).
    """
    documents = files("landwatch.lawbook").joinpath("documents")
    policies = [
        read_policy(path.read_text("utf-8"), path.name)
        for path in sorted(documents.iterdir(), key=lambda path: path.name)
        if path.name.endswith(".yaml")
    ]
    return {policy.id: policy for policy in policies}


def policy(policy_id: str) -> Policy:
    """Return one policy.

    Raises:
        UnknownNameError: there is none of that id; the nearest is offered.
    """
    found = shelf().get(policy_id)
    if found is None:
        raise UnknownNameError("policy", policy_id, shelf())
    return found


def rules() -> Mapping[str, tuple[Policy, Rule]]:
    """Return every rule of the shelf with its policy, by code.

    Raises:
        LawbookError: two rules carry one code.
    """
    found: dict[str, tuple[Policy, Rule]] = {}
    for document in shelf().values():
        for rule in document.rules:
            if rule.code in found:
                raise LawbookError("policy.code_twice", code=rule.code, file=document.id)
            found[rule.code] = (document, rule)
    return found


def read_file(path: Path) -> Policy:
    """Return a policy from a reader's own file.

    Raises:
        LawbookError: it cannot be read, or does not say what it should.
    """
    return read_policy(text_of(path), path.name)


def text_of(path: Path) -> str:
    """Return the text of a reader's own file.

    Raises:
        LawbookError: it is not there, too large, or no UTF-8.
    """
    try:
        with path.open("rb") as file:  # no more than is needed to see that it is too large
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as problem:
        what = getattr(problem, "strerror", None) or str(problem)
        raise LawbookError("policy.unreadable", file=str(path), what=what) from None
    if len(content) > MAX_BYTES:
        raise LawbookError("policy.too_large", file=path.name, limit=MAX_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LawbookError("policy.not_utf8", file=path.name) from None
    return text.replace("\r\n", "\n")

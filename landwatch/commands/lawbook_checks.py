"""Holding a policy to account before anybody is: what is wrong or weak in it, how its cases go.

Only these verbs read worked cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.telling import Told, silent
from landwatch.errors import LawbookError, UnknownNameError

if TYPE_CHECKING:
    from landwatch.lawbook.cases import CaseFile
    from landwatch.lawbook.coverage import Coverage
    from landwatch.lawbook.policy import Policy
    from landwatch.lawbook.weakness import Weakness
    from landwatch.scan.trial import Tried

FILE_ENDINGS = (".yaml", ".yml")
LARGEST_SOURCE = 20_000_000


@dataclass(frozen=True, slots=True)
class PolicyCheck:
    """What a policy's file was found to be: refused for these errors, or read with weaknesses."""

    file: str
    policy: Policy | None
    errors: tuple[LawbookError, ...]
    weaknesses: tuple[Weakness, ...]
    cases: int
    sources: int

    @property
    def refused(self) -> bool:
        """Return whether the policy or its cases cannot be taken as they stand."""
        return bool(self.errors)


@dataclass(frozen=True, slots=True)
class CasesTried:
    """How every case came out, and what the cases of each policy cover."""

    tried: tuple[Tried, ...]
    coverage: tuple[Coverage, ...]

    @property
    def failed(self) -> tuple[Tried, ...]:
        """Return the cases that did not come out as they were worked out by hand."""
        return tuple(one for one in self.tried if not one.passed)

    @property
    def nothing_tried(self) -> bool:
        """Return whether there were rules, and not one case of any: that shows nothing."""
        return not self.tried and any(one.speaks for one in self.coverage)


@dataclass(frozen=True, slots=True)
class _Document:
    """A policy's text, and where its cases are."""

    text: str
    file: str
    policy_id: str | None
    beside: Path | None

    def cases(self, named: Path | None = None) -> CaseFile | None:
        """Return its cases: those named, else those beside it or shipped with it, if any."""
        from landwatch.lawbook.cases import read_case_file, shipped_cases

        if named is not None:
            return read_case_file(named)
        if self.beside is not None:
            return read_case_file(self.beside) if self.beside.exists() else None
        return shipped_cases(self.policy_id or "")


def check_policy(
    named: str, *, cases: Path | None = None, sources: Sequence[Path] = ()
) -> PolicyCheck:
    """Return what is wrong in a policy's file, else what is weak in it.

    Raises:
        UnknownNameError: no file, and no policy of that id.
        LawbookError: a file cannot be read at all.
    """
    from landwatch.lawbook.proofreading import proofread
    from landwatch.lawbook.review import others_of, review
    from landwatch.lawbook.source import read_parts
    from landwatch.lawbook.weakness import Review

    document = _document(named)
    texts = [_source_text(path) for path in sources]
    policy, errors = proofread(document.text, document.file)
    held, trouble = _held(document, policy, cases)
    errors = (*errors, *trouble)
    weak: list[Weakness] = []
    if policy is not None:
        shelf = bootstrap.the_lawbook()
        others = {} if document.policy_id in shelf else others_of(policy, shelf.values())
        root = read_parts(document.text, document.file)
        weak = review(Review(policy, root, held, others, texts))
    return PolicyCheck(
        file=document.file,
        policy=policy,
        errors=errors,
        weaknesses=tuple(weak),
        cases=len(held.cases) if held else 0,
        sources=len(texts),
    )


def try_policies(named: Sequence[str], *, told: Told = silent) -> CasesTried:
    """Return how the cases of these policies come out, of the whole shelf where none is named.

    Raises:
        UnknownNameError: no file, and no policy of that id.
        LawbookError: a policy or its cases cannot be read.
    """
    from landwatch.lawbook.cases import held_to
    from landwatch.lawbook.coverage import coverage_of
    from landwatch.lawbook.draft import read_policy
    from landwatch.scan.trial import try_cases

    pairs: list[tuple[Policy, CaseFile | None]] = []
    for name in named or tuple(bootstrap.the_lawbook()):
        document = _document(name)
        policy, cases = read_policy(document.text, document.file), document.cases()
        pairs.append((policy, held_to(policy, cases) if cases else None))
    tried = try_cases([(policy, cases) for policy, cases in pairs if cases], told)
    coverage = [coverage_of(policy, cases.cases if cases else ()) for policy, cases in pairs]
    return CasesTried(tuple(tried), tuple(coverage))


def _document(named: str) -> _Document:
    from landwatch.lawbook.shelf import text_of
    from landwatch.lawbook.template import cases_beside

    shelf = bootstrap.the_lawbook()
    if named in shelf:
        return _Document(shelf[named].text, f"{named}.yaml", named, None)
    path = Path(named)
    if path.suffix.lower() not in FILE_ENDINGS and not path.is_file():
        raise UnknownNameError("what.policy", named, shelf)
    return _Document(text_of(path), path.name, None, cases_beside(path))


def _held(
    document: _Document, policy: Policy | None, named: Path | None
) -> tuple[CaseFile | None, tuple[LawbookError, ...]]:
    """Return the cases of a policy, or what is wrong with them."""
    from landwatch.lawbook.cases import held_to

    try:
        cases = document.cases(named)
        if cases is not None and policy is not None:
            held_to(policy, cases)
    except LawbookError as trouble:
        return None, (trouble,)
    return cases, ()


def _source_text(path: Path) -> str:
    """Return the text of the document itself, in UTF-8 or in the bureaus' GB 18030."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_SOURCE + 1)
    except (OSError, ValueError) as problem:
        what = getattr(problem, "strerror", None) or str(problem)
        raise LawbookError("check.source_unreadable", file=str(path), what=what) from None
    if len(content) > LARGEST_SOURCE:
        raise LawbookError("policy.too_large", file=path.name, limit=LARGEST_SOURCE)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LawbookError("check.source_no_text", file=path.name)

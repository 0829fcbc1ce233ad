"""Reading a policy for all that is wrong in it, not only for the first.

The reader proper stops at the first error. Where it did, the file is gone through once more part by
part: every parameter, vocabulary, definition and expression is tried, and of each rule the first
word that is out of place. What merely follows from an error told is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from landwatch.errors import LawbookError
from landwatch.language.terms import Authority, PolicyClass
from landwatch.lawbook.draft import Desk, about_of, read_policy, rule_of, rule_parts, scope_for
from landwatch.lawbook.expressions.check import TEXT, Checked, Meaning, Scope
from landwatch.lawbook.expressions.tree import Constant, Position
from landwatch.lawbook.keys import EFFECTIVE_KEYS, ID, POLICY_KEYS, RULE_KEYS
from landwatch.lawbook.leaves import (
    day_of,
    matching_of,
    parameters_of,
    term_of,
    vocabularies_of,
    words_of,
    yes_of,
)
from landwatch.lawbook.policy import About, Parameter, Policy
from landwatch.lawbook.source import Part, read_parts

_T = TypeVar("_T")
MOST_ERRORS = 100
"""More than a person reads at once; the rest come to light when these are mended."""


def proofread(text: str, file: str) -> tuple[Policy | None, tuple[LawbookError, ...]]:
    """Return the policy that a YAML text holds, or everything that is wrong, by line."""
    try:
        return read_policy(text, file), ()
    except LawbookError as first:
        try:
            root = read_parts(text, file)
        except LawbookError:
            return None, (first,)
        proof = _Proof(root)
        proof.read()
        proof.errors.append(first)
        return None, _in_order(proof.errors)


def place_of(error: LawbookError) -> tuple[int, int]:
    """Return line and column of an error; that of an expression stands in the error inside it."""
    inside = getattr(error.values.get("problem"), "values", error.values)
    return int(str(inside.get("line", 0))), int(str(inside.get("column", 0)))


def _in_order(errors: list[LawbookError]) -> tuple[LawbookError, ...]:
    """Return each error once, by its place."""
    once = {(*place_of(error), error.in_words("en")): error for error in errors}
    return tuple(once[key] for key in sorted(once))[:MOST_ERRORS]


@dataclass(slots=True)
class _LenientDesk(Desk):
    """A desk that notes what is wrong in an expression and goes on.

    A name whose definition could not be read is `lost`: whatever names it is not told as an error.
    """

    errors: list[LawbookError] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    failed: int = 0

    def expression(self, part: Part, wants: Meaning | None = None) -> Checked:
        """Return a checked expression, or a stand-in for one that is wrong."""
        try:
            return Desk.expression(self, part, wants)
        except LawbookError as error:
            self.failed += 1
            inside = getattr(error.values.get("problem"), "values", {})
            if inside.get("name") not in self.lost:
                self.errors.append(error)
            return Checked("", Constant(False, Position(1, 1)), wants or TEXT)

    def define(self, part: Part | None) -> None:
        """Read the definitions one by one; what one of them lacks does not hide the others."""
        for name, body in _named(part).items():
            before = self.failed
            try:
                Desk.definitions(self, replace(body, content={name: body}))
            except LawbookError as error:
                self.errors.append(error)
                self.lost.add(name)
            if self.failed > before:
                self.lost.add(name)
                known = {one: is_ for one, is_ in self.scope.meanings.items() if one != name}
                self.scope = Scope(known, self.scope.aliases)


@dataclass(slots=True)
class _Proof:
    """What was found wrong in the parts of a file."""

    root: Part
    errors: list[LawbookError] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)

    def read(self) -> None:
        """Try every part of the file, each for itself."""
        self.head()
        parameters = self.parameters()
        for name, body in _named(self.root.get("vocabularies")).items():
            self.tried(vocabularies_of, replace(body, content={name: body}))
        desk = self.desk(scope_for(parameters, About.CONTRACT))
        desk.define(self.root.get("definitions"))
        self.tried(desk.conditions, self.root.get("applies"))
        self.tried(rule_parts, self.root)
        rules = self.root.get("rules")
        for part in rules.content if rules and isinstance(rules.content, tuple) else ():
            self.tried(self.rule, part, parameters, desk)

    def head(self) -> None:
        """Try what says which document it is."""
        root = self.root
        reads: tuple[Callable[[], object], ...] = (
            lambda: root.mapping(POLICY_KEYS),
            lambda: matching_of(root.need("id"), ID, "policy.bad_id"),
            *(lambda key=key: words_of(root.need(key)) for key in ("title", "issuer", "summary")),
            *(lambda key=key: root.need(key).text() for key in ("document_no", "source")),
            lambda: term_of(root.need("authority"), Authority),
            lambda: term_of(root.need("class"), PolicyClass),
            lambda: root.need("effective").mapping(EFFECTIVE_KEYS),
            lambda: day_of(root.need("effective").get("from")),
            lambda: day_of(root.need("effective").get("to")),
            lambda: yes_of(root.get("adopted_by_init")),
        )
        for read in reads:
            self.tried(read)

    def parameters(self) -> Mapping[str, Parameter]:
        """Return the parameters that can be read; the others are lost."""
        found: dict[str, Parameter] = {}
        for name, body in _named(self.root.get("parameters")).items():
            read = self.tried(parameters_of, replace(body, content={name: body}))
            found |= read or {}
            if read is None:
                self.lost.add(name)
        return found

    def rule(
        self, part: Part, parameters: Mapping[str, Parameter], policy_desk: _LenientDesk
    ) -> None:
        """Try one rule: its definitions, its expressions, and how it is put together."""
        park = about_of(part) is About.PARK
        desk = self.desk(scope_for(parameters, About.PARK) if park else policy_desk.scope)
        desk.lost |= set() if park else policy_desk.lost
        desk.define(part.get("define"))
        self.tried(part.mapping, RULE_KEYS)
        known = set(RULE_KEYS) - {"define"}
        rest = {key: body for key, body in part.mapping().items() if key in known}
        rule_of(replace(part, content=rest), desk, (), ())

    def desk(self, scope: Scope) -> _LenientDesk:
        """Return a desk that notes its errors here."""
        return _LenientDesk(scope, errors=self.errors, lost=set(self.lost))

    def tried(self, read: Callable[..., _T], *what: object) -> _T | None:
        """Return what was read, None where it could not be."""
        try:
            return read(*what)
        except LawbookError as error:
            self.errors.append(error)
            return None


def _named(part: Part | None) -> Mapping[str, Part]:
    return part.content if part and isinstance(part.content, Mapping) else {}

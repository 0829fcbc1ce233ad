"""What follows from a rule alone, worked out once for each rule and not for each finding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from landwatch.lawbook.policy import Rule

Found = TypeVar("Found")
_MOST_RULES = 500


class OnceForEachRule(Generic[Found]):
    """Remembers what a function returns of a rule.

    A rule is hashed by walking all its trees, which takes as long as the answer: it is known by
    being the very same one.
    """

    def __init__(self, work: Callable[[Rule], Found]) -> None:
        """Remember nothing yet."""
        self._work = work
        self._known: dict[int, tuple[Rule, Found]] = {}

    def __call__(self, rule: Rule) -> Found:
        """Return what the function returns of a rule."""
        known = self._known.get(id(rule))
        if known is None or known[0] is not rule:
            if len(self._known) >= _MOST_RULES:
                self._known.clear()
            known = self._known[id(rule)] = (rule, self._work(rule))
        return known[1]

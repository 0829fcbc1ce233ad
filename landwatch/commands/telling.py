"""What long work tells of its progress, and how a name that is not known is refused."""

from __future__ import annotations

from collections.abc import Callable, Collection

from landwatch.errors import UnknownNameError

Told = Callable[[str, int, int], None]
"""What long work tells of its progress: what it is at, how much is done, how much there is."""


def silent(_what: str, _done: int, _of: int) -> None:
    """Hear of progress and say nothing."""


def each_known(what: str, names: Collection[str], known: Collection[str]) -> None:
    """Hold every name to the known ones.

    Raises:
        UnknownNameError: the first that is not known; the nearest is offered.
    """
    for name in names:
        if name not in known:
            raise UnknownNameError(what, name, known)

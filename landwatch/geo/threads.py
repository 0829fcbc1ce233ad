"""Work on shapes in threads: GEOS lets go of the interpreter while it works on an array."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

THREADS = min(8, os.cpu_count() or 1)

Task = TypeVar("Task")
Done = TypeVar("Done")
Held = TypeVar("Held")


def in_order(work: Callable[[Task], Done], tasks: Iterable[Task]) -> Iterator[Done]:
    """Yield what the work makes of each task, in their order, while the next ones are worked on.

    No more tasks are taken than threads can work on, and one, so that memory stays what a few take.
    A shape that was prepared must not be asked by two tasks at a time: GEOS builds its index when
    it is first needed.
    """
    with ThreadPoolExecutor(THREADS, thread_name_prefix="landwatch-geo") as pool:
        ahead: deque[Future[Done]] = deque()
        try:
            for task in tasks:
                ahead.append(pool.submit(work, task))
                if len(ahead) > THREADS:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for one in ahead:
                one.cancel()


class OfThread(Generic[Held]):
    """Something of which each thread makes its own, when it first needs it."""

    def __init__(self, make: Callable[[], Held]) -> None:
        """Say how it is made."""
        self._make, self._of_thread = make, threading.local()

    @property
    def own(self) -> Held:
        """Return this thread's own."""
        found: Held | None = getattr(self._of_thread, "held", None)
        if found is None:
            found = self._of_thread.held = self._make()
        return found

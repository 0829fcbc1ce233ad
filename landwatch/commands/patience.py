"""How long a scan may take, and how long it waits for another one of the same store."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landwatch.commands.telling import Told
from landwatch.settings import read_store_settings

if TYPE_CHECKING:
    from landwatch.store import Store


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for another scan (None: as the settings say), and seconds to scan (any)."""

    wait_s: float | None = None
    most_s: float | None = None

    @contextmanager
    def alone(self, store: Store, who: str) -> Iterator[None]:
        """Hold a store against other scans.

        Raises:
            StoreBusyError: another scan did not end in time.
        """
        wait_s = read_store_settings().lock_seconds if self.wait_s is None else self.wait_s
        with store.works.alone(who, wait_s):
            yield

    def hearing(self, told: Told) -> Told:
        """Return what hears of progress, and says when the time is up, from now on."""
        if self.most_s is None:
            return told
        from landwatch.scan.resuming import OutOfTimeError

        until = time.monotonic() + self.most_s

        def heard(what: str, done: int, of: int) -> None:
            told(what, done, of)
            if done < of and time.monotonic() >= until:
                raise OutOfTimeError

        return heard


AS_SET = Patience()

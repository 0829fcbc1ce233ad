"""A scan that is spread over workers and held at one piece: for the tests that kill its processes.

Run as `python -m tests.scan.spreading FOLDER` it is a coordinator that waits until it is killed.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from landwatch.lawbook.shelf import shelf
from landwatch.scan.adoption import Adoption
from landwatch.scan.cluster import Processes
from landwatch.scan.cutting import Size
from landwatch.scan.dossier import Ledger
from landwatch.scan.pieces import Crew, Task
from landwatch.scan.run import Adopted
from landwatch.scan.spread import Spread
from tests.scan.worked import ledger_of
from tests.scan.worlds import AS_OF, world

SIZE = Size(contracts=20)
CONTRACTS = 60


def law() -> list[Adopted]:
    """A policy with rules about contracts and about parks."""
    return [Adopted(shelf()["lanzhou-2012-148"], Adoption(everywhere=True))]


def made_up() -> Ledger:
    """A ledger of three divisions, which are three pieces."""
    told = world(4, CONTRACTS)
    return ledger_of(
        {
            name: replace(worked, contract={**worked.contract, "adcode": f"62010{place // 20}"})
            for place, (name, worked) in enumerate(told.items())
        }
    )


@dataclass
class Held:
    """A crew that is held at the second piece: a pipe lies in place of its contracts.

    `then` is told the pipe and what was there.
    """

    crew: Crew
    then: Callable[[Path, bytes], None]

    def work(self, tasks: Sequence[Task]) -> Iterator[tuple[int, bytes]]:
        """Have the crew work, with the pipe in its way."""
        pipe = Path(tasks[0].folder) / "contracts-000002.parquet"
        content = pipe.read_bytes()
        pipe.unlink()
        os.mkfifo(pipe)
        self.then(pipe, content)
        yield from self.crew.work(tasks)


def reader_of(pipe: Path, patience_s: float) -> int:
    """Return the process that reads a pipe, once there is one; it is not given anything."""
    ends = time.monotonic() + patience_s
    while time.monotonic() < ends:
        try:
            writing = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as problem:
            if problem.errno != errno.ENXIO:
                raise
            time.sleep(0.05)
            continue
        _HELD_OPEN.append(writing)  # closed, it would tell the reader that the file ends here
        for held in Path("/proc").glob("[0-9]*/fd/*"):
            with suppress(OSError):
                if held.readlink() == pipe and int(held.parts[2]) != os.getpid():
                    return int(held.parts[2])
    raise TimeoutError(f"nobody reads {pipe}")


_HELD_OPEN: list[int] = []


def _keep(pipe: Path, content: bytes) -> None:
    pipe.with_name("contracts.whole").write_bytes(content)


if __name__ == "__main__":
    spread = Spread(Held(Processes(2), _keep), Path(sys.argv[1]), SIZE)
    list(spread.decide(made_up(), law(), AS_OF))

"""Workers of dask.distributed: processes of this machine, or a cluster that is already there.

Each worker is given one piece at a time, so that a worker that dies lays the blame on the piece it
was at. The scheduler gives that piece to another one; where several died on it, it is named.
"""

from __future__ import annotations

import logging
import signal
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from landwatch.errors import LandwatchError, UsageError
from landwatch.scan.pieces import Task, told_by, work_on

CONNECT_S = 20
"""How long the scheduler may take to answer."""
PATIENCE_S = 120
"""How long a scan waits without any worker; the pieces so far are kept."""
_LOOK_S = 2


class ClusterError(LandwatchError):
    """The workers cannot be reached, or cannot finish: what is finished is kept."""

    exit_code = 4


@dataclass(frozen=True, slots=True)
class Processes:
    """So many processes of this machine; nothing listens beyond 127.0.0.1."""

    count: int

    def work(self, tasks: Sequence[Task]) -> Iterator[tuple[int, bytes]]:
        """Yield the number of each piece and its outcomes as they come."""
        with _quiet(), ExitStack() as held:
            distributed = library()
            with _ctrl_c_is_ours():
                cluster = held.enter_context(
                    distributed.LocalCluster(
                        n_workers=min(self.count, len(tasks)),
                        threads_per_worker=1,
                        processes=True,
                        host="127.0.0.1",
                        dashboard_address=None,
                        silence_logs=logging.CRITICAL,
                        local_directory=tempfile.gettempdir(),
                    )
                )
            client = held.enter_context(distributed.Client(cluster, set_as_default=False))
            yield from _Foreman(client, tasks).work()


@dataclass(frozen=True, slots=True)
class Cluster:
    """The workers of a scheduler that is already there, `tcp://host:8786` or `tls://host:8786`."""

    address: str
    patience_s: float = PATIENCE_S

    def work(self, tasks: Sequence[Task]) -> Iterator[tuple[int, bytes]]:
        """Yield the number of each piece and its outcomes as they come."""
        with _quiet(), ExitStack() as held:
            distributed = library()
            try:
                client = held.enter_context(
                    distributed.Client(self.address, timeout=CONNECT_S, set_as_default=False)
                )
            except (OSError, TimeoutError, ValueError, TypeError) as problem:
                why = " ".join(str(problem).split())[:200]
                raise ClusterError("cluster.unreachable", address=self.address, why=why) from None
            yield from _Foreman(client, tasks, self.patience_s).work()


def library() -> Any:
    """Return dask.distributed, which an installation may be without.

    Raises:
        UsageError: it is not there; says how it is installed, also without internet.
    """
    try:
        import distributed
    except ImportError as problem:
        raise UsageError("cluster.not_installed", why=problem) from None
    return distributed


@contextmanager
def _ctrl_c_is_ours() -> Iterator[None]:
    """Have Ctrl-C of a terminal reach this process only, which ends the ones begun herein.

    They inherit what is held back, and so do those that replace them; here it comes afterwards.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # it would let the signal through again as it begins
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library's own log off the screen; what matters is said in words.

    On the way down from Ctrl-C it stays quiet: what it left undone is told late, by asyncio.
    """
    logs = [logging.getLogger(name) for name in ("distributed", "asyncio")]
    before = [log.level for log in logs]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"distributed\b.*")
        try:
            import dask

            dask.config.set({"logging.distributed": "critical"})
        except ImportError:  # said in words a moment later
            pass
        for log in logs:
            log.setLevel(logging.CRITICAL)
        try:
            yield
        except (KeyboardInterrupt, GeneratorExit):
            for log in logs:
                log.setLevel(logging.CRITICAL + 1)
            before = [log.level for log in logs]
            raise
        finally:
            for log, level in zip(logs, before, strict=True):
                log.setLevel(level)


class _Foreman:
    """Hands out pieces, one to each thread of the workers, and takes their outcomes in."""

    def __init__(self, client: Any, tasks: Sequence[Task], patience_s: float = PATIENCE_S) -> None:
        self._client, self._patience_s = client, patience_s
        self._left = list(reversed(tasks))
        self._at: dict[Any, Task] = {}

    def work(self) -> Iterator[tuple[int, bytes]]:
        """Yield the outcomes of every piece as they come."""
        try:
            while self._left or self._at:
                self._hand_out()
                for future in self._ended():
                    task = self._at.pop(future)
                    yield task.number, self._outcome(future, task)
        finally:
            self._client.cancel(list(self._at), force=True)

    def _hand_out(self) -> None:
        """Give each thread of the workers a piece; without workers, wait for one."""
        waiting_since = time.monotonic()
        while not (threads := sum(self._threads().values())):
            if time.monotonic() - waiting_since > self._patience_s:
                raise ClusterError("cluster.no_worker", seconds=round(self._patience_s))
            time.sleep(min(_LOOK_S, self._patience_s / 10))
        while self._left and len(self._at) < threads:
            task = self._left.pop()
            key = f"landwatch-{task.mark[:12]}-{task.number}"
            future = self._client.submit(work_on, task, key=key, pure=False)
            self._at[future] = task

    def _threads(self) -> dict[str, int]:
        try:
            return dict(self._client.nthreads())
        except (OSError, TimeoutError, AttributeError, RuntimeError):
            raise ClusterError("cluster.lost", address=_address(self._client)) from None

    def _ended(self) -> list[Any]:
        """Return the pieces that came to an end, however; wait a moment for one."""
        wait = library().wait
        try:
            with self._client.as_current():
                found = wait(list(self._at), timeout=_LOOK_S, return_when="FIRST_COMPLETED")
        except TimeoutError:
            return []
        except CancelledError:
            raise ClusterError("cluster.lost", address=_address(self._client)) from None
        return sorted(found.done, key=lambda future: self._at[future].number)

    def _outcome(self, future: Any, task: Task) -> bytes:
        from distributed.scheduler import KilledWorker

        try:
            answer = future.result()
        except KilledWorker as killed:
            worker = getattr(killed.last_worker, "address", "")
            raise ClusterError(
                "cluster.deadly", piece=task.number, worker=worker, times=_deaths(killed)
            ) from None
        except (ModuleNotFoundError, AttributeError) as problem:
            raise ClusterError("cluster.without_landwatch", why=problem) from None
        except CancelledError:
            raise ClusterError("cluster.lost", address=_address(self._client)) from None
        finally:
            future.release()
        return told_by(answer)


def _deaths(killed: Any) -> int:
    return int(getattr(killed, "allowed_failures", 3)) + 1


def _address(client: Any) -> str:
    scheduler = getattr(client, "scheduler", None)
    return str(getattr(scheduler, "address", "") or "")

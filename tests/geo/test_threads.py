"""Work in threads keeps its order, its errors and its memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from landwatch.geo.threads import THREADS, OfThread, in_order


def test_results_come_in_the_order_of_the_tasks() -> None:
    def slow_when_even(task: int) -> int:
        time.sleep(0.002 * (task % 2 == 0))
        return task * task

    assert list(in_order(slow_when_even, range(20))) == [at * at for at in range(20)]
    assert list(in_order(slow_when_even, ())) == []


def test_only_a_few_tasks_are_taken_ahead_of_what_was_asked_for() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for at in range(100):
            taken.append(at)
            yield at

    results = in_order(lambda task: task, tasks())
    for at in range(10):
        assert next(results) == at
        assert len(taken) <= at + THREADS + 2
    results.close()  # type: ignore[attr-defined]
    assert len(taken) < 20


def test_an_error_of_a_task_is_raised_where_its_result_is_asked_for() -> None:
    def opened(name: str) -> str:
        return Path(name).read_text("utf-8")

    with pytest.raises(FileNotFoundError):
        list(in_order(opened, [__file__, "/nowhere/at/all"]))


def test_each_thread_makes_its_own_once() -> None:
    made: list[int] = []

    def make() -> int:
        made.append(threading.get_ident())
        return threading.get_ident()

    held = OfThread(make)
    assert all(list(in_order(lambda _: held.own == threading.get_ident(), range(50))))
    assert len(made) == len(set(made)) <= THREADS

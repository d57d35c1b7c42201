"""Units of work and who performs them."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from qa import pool
from qa.work import Executor, Local


@dataclass
class _Doubler:
    pid: int

    def answer(self, unit: int) -> tuple[int, bool]:
        if unit == 13:
            os._exit(5)
        return unit * 2, os.getpid() == self.pid


def _lost(unit: int, why: str) -> tuple[int, str]:
    return -unit, why


def test_in_this_process() -> None:
    built = []

    def build() -> _Doubler:
        built.append(1)
        return _Doubler(os.getpid())

    executor: Executor[int, tuple[int, bool]] = Local(build, 1, _lost)
    assert list(executor.run(iter(()))) == []
    assert built == []
    taken: list[int] = []

    def units() -> Iterator[int]:
        for unit in range(3):
            taken.append(unit)
            yield unit

    results = executor.run(units())
    assert next(results) == (0, True)
    assert taken == [0]  # units are taken as they are needed
    assert list(results) == [(2, True), (4, True)]
    assert built == [1]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_in_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_context", lambda: multiprocessing.get_context("fork"))
    here = os.getpid()
    executor: Executor[int, tuple[int, object]] = Local(lambda: _Doubler(here), 3, _lost)
    found = list(executor.run(range(20)))
    assert [number for number, _ in found] == [-13 if n == 13 else n * 2 for n in range(20)]
    assert {told for n, (_, told) in enumerate(found) if n != 13} == {False}
    assert "检查进程意外退出（退出码 5）" in str(found[13][1])
    assert multiprocessing.active_children() == []

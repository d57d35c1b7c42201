"""Units of work and who performs them.

A night's work comes in two units: a host to crawl, and a shard of pages to judge with its
manifest.  Each is picklable and knows all it needs, so that an executor may run it in this
process, in worker processes, or some day on other machines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, Protocol, TypeVar

from qa.pool import Answering, spread

Unit_contra = TypeVar("Unit_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)


class Executor(Protocol[Unit_contra, Result_co]):
    """Runs units of one kind; results come in the order of the units."""

    def run(self, units: Iterable[Unit_contra]) -> Iterator[Result_co]:
        """Results of all units, as they become known; a unit that kills its worker gives one too."""


class Local(Generic[Unit_contra, Result_co]):
    """This machine: worker processes, or this process where one is enough.

    Args:
        build: makes what performs units; called once a process.
        jobs: number of processes; below 2 nothing is started.
        lost: the result of a unit whose worker died, given the unit and why (Chinese).
    """

    def __init__(self, build: Callable[[], Answering], jobs: int, lost: Callable[[Any, str], Any]) -> None:
        self._build = build
        self._jobs = jobs
        self._lost = lost

    def run(self, units: Iterable[Unit_contra]) -> Iterator[Result_co]:
        """Results in the order of the units."""
        if self._jobs >= 2:
            yield from spread(units, self._build, self._jobs, self._lost)
            return
        performer: Answering | None = None
        for unit in units:
            performer = performer or self._build()
            yield performer.answer(unit)

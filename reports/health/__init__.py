"""The health report of a site (体检报告), told from a run store: what is new, still there, put right.

:func:`write_all` leaves ``report.html``, ``ledger.xlsx``, ``findings.csv``, ``findings.json``,
``findings.sarif`` and ``score.json``.  Everything is read from SQLite as it is written, so memory
does not grow with the site; the same run and time give the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

from reports.health import _links
from reports.health._data import Facts, HealthRun

if TYPE_CHECKING:
    from reports.health._score import Score

__all__ = ["FILES", "HealthRun", "unchecked", "write_all"]

FILES = ("report.html", "ledger.xlsx", "findings.csv", "findings.json", "findings.sarif", "score.json")
"""Names of what :func:`write_all` writes, in order."""


def write_all(run: HealthRun, out: Path) -> list[Path]:
    """Write every format into a folder, each whole or not at all.

    Args:
        run: a judged run.
        out: the folder; made where it is missing.

    Returns:
        The files written, in the order of :data:`FILES`.

    Raises:
        OSError: the folder cannot be written to; files finished before stay.
        ValueError: the store holds no such run.
    """
    facts = Facts(run)
    out.mkdir(parents=True, exist_ok=True)
    apart = _apart(run, out)
    from reports.health import _csv, _html, _json, _sarif, _score

    _links.prepare(facts)
    sheet = _score.score(facts)
    writers: dict[str, Callable[[Path], None]] = {
        "report.html": lambda path: _html.write(facts, sheet, path),
        "ledger.xlsx": lambda path: _write_ledger(facts, sheet, path),
        "findings.csv": lambda path: _csv.write(facts, path),
        "findings.json": lambda path: _json.write(facts, sheet, path),
        "findings.sarif": lambda path: _sarif.write(facts, path),
        "score.json": lambda path: _score.write(facts, sheet, path),
    }
    for name, write in writers.items():
        if name != _SLOWEST or apart is None:
            _replace(out / name, write)
    if apart is not None:
        apart.join()
        if apart.exitcode:  # tried again here, where what is wrong can be told
            _replace(out / _SLOWEST, writers[_SLOWEST])
    return [out / name for name in FILES]


_SLOWEST = "ledger.xlsx"


def _apart(run: HealthRun, out: Path) -> BaseProcess | None:
    """Write the workbook, which takes as long as all others, in a process of its own where that is safe."""
    import multiprocessing
    import sys
    import threading

    path = next((row[2] for row in run.db.execute("PRAGMA database_list") if row[1] == "main"), "")
    if not path or sys.platform != "linux" or (os.cpu_count() or 1) < 2 or threading.active_count() > 1:
        return None
    process = multiprocessing.get_context("fork").Process(
        target=_workbook, args=(run, path, out), daemon=True
    )
    process.start()
    return process


def _write_ledger(facts: Facts, sheet: Score, path: Path) -> None:
    from reports.health import _ledger

    _ledger.write(facts, sheet, path)


def _workbook(run: HealthRun, path: str, out: Path) -> None:
    from dataclasses import replace

    from qa.site.store import open_store
    from reports.health import _score

    db = open_store(path, create=False, readonly=True)  # a connection must not be used across a fork
    facts = Facts(replace(run, db=db))
    _links.prepare(facts)
    _replace(out / _SLOWEST, lambda where: _write_ledger(facts, _score.score(facts), where))


def unchecked(run: HealthRun) -> int:
    """Number of pages that could not be checked, or not wholly, and of reasons why the run has gaps."""
    facts = Facts(run)
    return facts.unchecked + len(facts.run_gaps)


def _replace(path: Path, write: Callable[[Path], None]) -> Path:
    draft = path.with_name(f".{path.name}.new")
    try:
        write(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path

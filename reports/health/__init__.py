"""The health report of a site (体检报告), told from a run store: what is new, still there, put right.

:func:`write_all` leaves ``report.html``, ``ledger.xlsx``, ``findings.csv``, ``findings.json``,
``findings.sarif`` and ``score.json``.  Everything is read from SQLite as it is written, so memory
does not grow with the site; the same run and time give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reports.health import _links
from reports.health._data import Facts, HealthRun

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
    from reports.health import _csv, _html, _json, _ledger, _sarif, _score

    facts = Facts(run)
    _links.prepare(facts)
    sheet = _score.score(facts)
    writers: tuple[Callable[[Path], None], ...] = (
        lambda path: _html.write(facts, sheet, path),
        lambda path: _ledger.write(facts, sheet, path),
        lambda path: _csv.write(facts, path),
        lambda path: _json.write(facts, sheet, path),
        lambda path: _sarif.write(facts, path),
        lambda path: _score.write(facts, sheet, path),
    )
    out.mkdir(parents=True, exist_ok=True)
    return [_replace(out / name, write) for name, write in zip(FILES, writers, strict=True)]


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

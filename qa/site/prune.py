"""Keeps a run store from growing for ever: old runs go, and the snapshots nothing refers to any more."""

from __future__ import annotations

import sqlite3
from pathlib import Path

KEEP = 35
"""Runs that stay: five weeks of nights, what the report's trend shows; the ledger remembers longer."""

_RUN_TABLES = ("frontier", "fetch", "issue", "issue_page", "gone", "mark", "trap")
_CONTENT_TABLES = ("link", "page", "band", "finding")


def prune(db: sqlite3.Connection, folder: Path, keep: int = KEEP) -> int:
    """Drop all but the newest runs.

    A body goes when no run that stays saw it; a WARC file goes when no body in it stays.

    Args:
        db: the run store.
        folder: of the WARC files.
        keep: number of runs to keep.

    Returns:
        Number of runs dropped.
    """
    oldest = db.execute("SELECT id FROM run ORDER BY id DESC LIMIT 1 OFFSET ?", (keep - 1,)).fetchone()
    if oldest is None:
        return 0
    db.execute("BEGIN IMMEDIATE")
    dropped: int = db.execute("SELECT count(*) FROM run WHERE id < ?", oldest).fetchone()[0]
    if not dropped:
        db.execute("COMMIT")
        return 0
    for table in _RUN_TABLES:
        db.execute(f"DELETE FROM {table} WHERE run_id < ?", oldest)
    db.execute("DELETE FROM run WHERE id < ?", oldest)
    db.execute("DROP TABLE IF EXISTS temp.unseen")
    db.execute(
        "CREATE TEMP TABLE unseen AS SELECT id FROM content WHERE id NOT IN"
        " (SELECT content_id FROM fetch WHERE content_id IS NOT NULL)"
    )
    db.execute("UPDATE url SET content_id = NULL WHERE content_id IN (SELECT id FROM temp.unseen)")
    for table in _CONTENT_TABLES:
        db.execute(f"DELETE FROM {table} WHERE content_id IN (SELECT id FROM temp.unseen)")
    db.execute("DELETE FROM content WHERE id IN (SELECT id FROM temp.unseen)")
    kept = {name for (name,) in db.execute("SELECT DISTINCT warc FROM content")}
    db.execute("COMMIT")
    for path in folder.glob("run-*.warc.gz"):
        if path.name not in kept and int(path.name[4:9]) < oldest[0]:
            path.unlink(missing_ok=True)
    return dropped

"""Soft 404: pages answered with 200 that say "no such page" (see :func:`mark_soft_404`)."""

from __future__ import annotations

import sqlite3


def mark_soft_404(db: sqlite3.Connection, run: int) -> int:
    """Mark the pages of a run that are soft 404s; returns how many."""
    return 0

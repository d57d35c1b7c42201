"""The ledger (台账): what was found when on which site, and what people decided about it.

One database for all sites, SQLite by default and PostgreSQL by address.  ``shapes`` are what goes
in and out, ``tables`` the schema, ``connect`` the two databases, ``record`` takes one judged run
over, ``book`` is the :class:`~qa.ledger.book.Ledger` itself.  SQLAlchemy is imported when a ledger
is opened, not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.ledger.shapes import (
    Event,
    EventKind,
    Filters,
    LedgerError,
    LedgerIssue,
    Recorded,
    RunSummary,
    SiteStats,
    State,
    Status,
)

if TYPE_CHECKING:
    from qa.ledger.book import Ledger

__all__ = [
    "Event",
    "EventKind",
    "Filters",
    "LedgerError",
    "LedgerIssue",
    "Recorded",
    "RunSummary",
    "SiteStats",
    "State",
    "Status",
    "open_ledger",
]


def open_ledger(url: str, *, upgrade: bool = False) -> Ledger:
    """Open a ledger; one that does not exist yet is made.

    Args:
        url: ``sqlite:///path`` or ``postgresql://user@host/database``.
        upgrade: bring tables of an older version up to date instead of refusing them.

    Raises:
        LedgerError: not reachable, not a ledger, or of another version; the message is Chinese,
            says what to do and never holds a password.
    """
    from qa.ledger.book import Ledger

    return Ledger(url, upgrade=upgrade)

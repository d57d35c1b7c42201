"""What goes into the ledger and comes out of it.  Times are ISO 8601 in UTC with ``Z``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from qa.finding import Level


class LedgerError(Exception):
    """The ledger cannot be used, or not in this way; the message is Chinese."""


class State(StrEnum):
    """What the last run says of an issue."""

    OPEN = "open"
    GONE = "gone"

    @property
    def label(self) -> str:
        """Chinese name."""
        return {"open": "仍在", "gone": "已消失"}[self.value]


class Status(StrEnum):
    """What people say of an issue: the steps of 销号, and the two ways to leave it alone."""

    PENDING = "pending"
    ASSIGNED = "assigned"
    FIXED = "fixed"
    VERIFIED = "verified"
    FALSE_ALARM = "false-alarm"
    WONT_FIX = "wont-fix"

    @property
    def label(self) -> str:
        """Chinese name."""
        return _STATUS[self.value]

    @classmethod
    def parse(cls, word: str) -> Status:
        """A status by key or Chinese name; raises ``KeyError`` for an unknown one."""
        word = word.strip().lower().replace("_", "-")
        for one in cls:
            if word in (one.value, one.label):
                return one
        return cls({"销号": "verified", "已销号": "verified"}[word])


_STATUS = {
    "pending": "待处理",
    "assigned": "已派发",
    "fixed": "已整改",
    "verified": "已复核",
    "false-alarm": "误报",
    "wont-fix": "不改",
}


class EventKind(StrEnum):
    """What happened to an issue."""

    FOUND = "found"
    GONE = "gone"
    REAPPEARED = "reappeared"
    REOPENED = "reopened"
    """Marked as put right, yet found by a later run: back to 待处理."""
    STATUS = "status"

    @property
    def label(self) -> str:
        """Chinese name."""
        return _EVENTS[self.value]


_EVENTS = {
    "found": "发现",
    "gone": "消失",
    "reappeared": "再现",
    "reopened": "退回",
    "status": "改状态",
}


@dataclass(frozen=True, slots=True)
class LedgerIssue:
    """One error of one site, from the run that first found it on.

    Attributes:
        site, home, unit: the site's name (may be empty), home page and unit.
        pass_key: key of the pass, as ``proof1``.
        rule_title: what kind of error it is, Chinese.
        before, after: what stands around the quote.
        section, title, url: column, title and address of the first page that carries it.
        pages: how many pages carry it.
        target: faults of links: the address in question.
        suppressed: reason where somebody chose to ignore it in the page or the configuration.
        status_at, status_by, remark: of the last change of status; empty where there was none.
    """

    fingerprint: str
    site: str
    home: str
    unit: str
    rule: str
    rule_title: str
    level: Level
    pass_key: str
    confidence: str
    message: str
    quote: str
    before: str
    after: str
    suggestion: str
    basis: str
    section: str
    title: str
    url: str
    target: str
    pages: int
    suppressed: str | None
    first_seen: str
    last_seen: str
    gone_at: str | None
    state: State
    status: Status
    status_at: str
    status_by: str
    remark: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an issue's history; ``old`` and ``new`` are labels of a changed status."""

    at: str
    kind: EventKind
    actor: str
    remark: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one run changed.

    Attributes:
        repeated: the very same verdicts were there already; nothing was changed.
        late: a later run of the site was there already; only the run itself was noted.
        new, still, gone, reappeared: issues by what became of them.
        reopened: marked as put right, yet found again.
    """

    repeated: bool = False
    late: bool = False
    new: int = 0
    still: int = 0
    gone: int = 0
    reappeared: int = 0
    reopened: int = 0


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Counts of one run, for trends; ``levels`` counts the issues found that were not ignored."""

    number: int
    started: str
    finished: str
    state: str
    pages: int
    issues: int
    levels: Mapping[Level, int]
    suppressed: int
    new: int
    gone: int
    ruleset: str
    store: str


@dataclass(frozen=True, slots=True)
class SiteStats:
    """How a site stands: open issues by level and by status, ignored ones apart."""

    site: str
    home: str
    unit: str
    last_run: str
    levels: Mapping[Level, int]
    statuses: Mapping[Status, int]
    suppressed: int
    gone: int

    @property
    def open(self) -> int:
        """Open issues."""
        return sum(self.levels.values())


@dataclass(frozen=True, slots=True)
class Filters:
    """Which issues are wanted; everything not said is no limit.

    Attributes:
        sites: names, home pages or units.
        level: this level or graver.
        since: first seen at this time (or day) or later.
        suppressed: whether ignored ones too.
        fingerprint: begins with.
    """

    sites: tuple[str, ...] = ()
    level: Level | None = None
    passes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    state: State | None = None
    statuses: frozenset[Status] = field(default_factory=frozenset)
    since: str = ""
    suppressed: bool = False
    fingerprint: str = ""


def utc(time: str) -> str:
    """A time in its one spelling: UTC, seconds, ``Z``.

    Raises:
        LedgerError: not a time with its zone.
    """
    try:
        found = datetime.fromisoformat(time)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise LedgerError(f"“{time}”不是带时区的时间，应写作 2026-01-02T03:04:05Z")
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

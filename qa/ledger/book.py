"""The ledger itself: runs in, issues and approvals out, and what people decided in between."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, Self

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    true,
    update,
)

from qa.approval import Approval, ApprovalError, from_record, record_of
from qa.finding import Level
from qa.ledger.connect import Database
from qa.ledger.record import dismiss_alike, hold_site, is_spelling, record_run, restore_alike
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
    utc,
)
from qa.ledger.tables import approval, event, issue, run, site
from qa.site.model import SiteConfig
from qa.site.urls import canonical

_ISSUE = select(
    issue.c.fingerprint,
    site.c.name.label("site"),
    site.c.home,
    site.c.unit,
    issue.c.rule,
    issue.c.rule_title,
    issue.c.level,
    issue.c["pass"].label("pass_key"),
    issue.c.confidence,
    issue.c.message,
    issue.c.quote,
    issue.c.before,
    issue.c.after,
    issue.c.suggestion,
    issue.c.basis,
    issue.c.section,
    issue.c.title,
    issue.c.url,
    issue.c.target,
    issue.c.pages,
    issue.c.suppressed,
    issue.c.first_seen,
    issue.c.last_seen,
    issue.c.gone_at,
    issue.c.state,
    issue.c.status,
    issue.c.status_at,
    issue.c.status_by,
    issue.c.remark,
).join_from(issue, site)
_LOCK = text("LOCK TABLE approval IN SHARE ROW EXCLUSIVE MODE")
_SHORTEST = 6


class Ledger:
    """An open ledger; a context manager that closes it.

    Safe to use from several processes at once: every change is one transaction.

    Attributes:
        where: its name in messages.
        found_version: revision it had when it was opened; ``None`` where it was new.

    Raises:
        LedgerError: see :func:`qa.ledger.open_ledger`; every method raises it where the database fails.
    """

    def __init__(self, url: str, *, upgrade: bool = False) -> None:
        self._database = Database(url)
        self.where = self._database.where
        try:
            self.found_version = self._database.ensure(upgrade=upgrade)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    # --- runs -----------------------------------------------------------------------------------

    def record_run(
        self, store: sqlite3.Connection, run_id: int, config: SiteConfig, *, time: str
    ) -> Recorded:
        """Take one judged run over, whole or not at all; a second time it changes nothing.

        A run judged again is taken over again.  What an incomplete run did not find stays open,
        unless its store says that it is gone.

        Args:
            store: of the run.
            run_id: its number there.
            config: the site it is filed under, known by its home page.
            time: now, with zone.

        Raises:
            LedgerError: no such run, one not yet judged, or the database fails.
        """
        with self._database.writing() as connection:
            return record_run(connection, store, run_id, config, time=time)

    def trend(self, site_word: str, runs: int = 30) -> list[RunSummary]:
        """The last runs of a site (home page or name), oldest first."""
        newest = (
            select(run)
            .join_from(run, site)
            .where(_is_site(site_word))
            .order_by(run.c.started.desc(), run.c.id.desc())
            .limit(runs)
        )
        with self._database.reading() as connection:
            rows = connection.execute(newest).mappings().all()
        return [
            RunSummary(
                number=row["number"],
                started=row["started"],
                finished=row["finished"],
                state=row["state"],
                pages=row["pages"],
                issues=row["issues"],
                levels={level: row[level.key] for level in Level},
                suppressed=row["suppressed"],
                new=row["new"],
                gone=row["gone"],
                ruleset=row["ruleset"],
                store=row["store"],
            )
            for row in reversed(rows)
        ]

    # --- issues ---------------------------------------------------------------------------------

    def issues(self, filters: Filters = Filters()) -> Iterator[LedgerIssue]:  # noqa: B008 - frozen
        """Issues by site, graver ones first; streamed."""
        query = _ISSUE.where(_matches(filters)).order_by(
            site.c.id, issue.c.level.desc(), issue.c.first_seen, issue.c.id
        )
        with self._database.reading() as connection:
            for row in connection.execute(query).mappings():
                values: dict[str, Any] = dict(row)
                values["level"] = Level(row["level"])
                values["state"] = State(row["state"])
                values["status"] = Status(row["status"])
                yield LedgerIssue(**values)

    def history(self, fingerprint: str, *, site: str = "") -> list[Event]:
        """What happened to one issue, oldest first.

        Raises:
            LedgerError: as :meth:`set_state`.
        """
        with self._database.reading() as connection:
            key = _one_issue(connection, fingerprint, site).id
            rows = connection.execute(
                select(event).where(event.c.issue_id == key).order_by(event.c.id)
            ).mappings()
            return [
                Event(
                    row["at"],
                    EventKind(row["kind"]),
                    row["actor"],
                    row["remark"],
                    _label(row["old"]),
                    _label(row["new"]),
                )
                for row in rows
            ]

    def set_state(
        self, fingerprint: str, status: Status, actor: str, remark: str, time: str, *, site: str = ""
    ) -> str:
        """Set what people say of an issue, and keep it in its history.

        A false alarm of spelling is one wherever the site writes the same: open issues that nobody has
        decided on are dismissed along with it, now and as later runs find them, and go back when
        nobody calls any of that writing a false alarm any more.

        Args:
            fingerprint: or its first characters, six at least, where they are clear.
            status: the new one.
            actor: who says so.
            remark: why, or what is to be done.
            time: now, with zone.
            site: home page or name, where the same error stands on several sites.

        Returns:
            The whole fingerprint.

        Raises:
            LedgerError: none or several issues of that fingerprint, or nobody to answer for it.
        """
        if not actor.strip():
            raise LedgerError("改状态要写明由谁处理")
        time = utc(time)
        with self._database.writing() as connection:
            found = _one_issue(connection, fingerprint, site)
            key, whole = found.id, str(found.fingerprint)
            spelling = is_spelling(found.rule)
            if spelling:
                hold_site(connection, found.site_id)
            old, *writing = connection.execute(
                select(issue.c.status, issue.c.rule, issue.c.quote, issue.c.suggestion)
                .where(issue.c.id == key)
                .with_for_update()
            ).one()
            connection.execute(
                update(issue)
                .where(issue.c.id == key)
                .values(status=status.value, status_at=time, status_by=actor.strip(), remark=remark.strip())
            )
            connection.execute(
                insert(event).values(
                    issue_id=key,
                    at=time,
                    kind=EventKind.STATUS.value,
                    actor=actor.strip(),
                    remark=remark.strip(),
                    old=old,
                    new=status.value,
                )
            )
            if spelling and status == Status.FALSE_ALARM:
                dismiss_alike(connection, found.site_id, time, writing=tuple(writing))
            elif spelling and old == Status.FALSE_ALARM:
                restore_alike(connection, found.site_id, time, tuple(writing))
        return whole

    def stats(self) -> list[SiteStats]:
        """How every site stands, in the order they were first recorded."""
        levels: dict[int, dict[Level, int]] = {}
        statuses: dict[int, dict[Status, int]] = {}
        ignored: dict[int, int] = {}
        gone: dict[int, int] = {}
        with self._database.reading() as connection:
            sites = connection.execute(
                select(site, func.max(run.c.started).label("last"))
                .join_from(site, run, isouter=True)
                .group_by(site.c.id, site.c.home, site.c.name, site.c.unit)
                .order_by(site.c.id)
            ).all()
            # "is NULL" as a column: one pass over the issues.
            ours = issue.c.suppressed.is_not(None)
            counted = connection.execute(
                select(
                    issue.c.site_id, issue.c.state, issue.c.status, issue.c.level, ours, func.count()
                ).group_by(issue.c.site_id, issue.c.state, issue.c.status, issue.c.level, ours)
            ).all()
        for key, state, status, level, suppressed, count in counted:
            if state == State.GONE:
                gone[key] = gone.get(key, 0) + count
            elif suppressed:
                ignored[key] = ignored.get(key, 0) + count
            else:
                by_level = levels.setdefault(key, {})
                by_level[Level(level)] = by_level.get(Level(level), 0) + count
                by_status = statuses.setdefault(key, {})
                by_status[Status(status)] = by_status.get(Status(status), 0) + count
        return [
            SiteStats(
                site=row.name,
                home=row.home,
                unit=row.unit,
                last_run=row.last or "",
                levels={level: levels.get(row.id, {}).get(level, 0) for level in Level},
                statuses={status: statuses.get(row.id, {}).get(status, 0) for status in Status},
                suppressed=ignored.get(row.id, 0),
                gone=gone.get(row.id, 0),
            )
            for row in sites
        ]

    # --- approvals ------------------------------------------------------------------------------

    def approve(self, approvals: Iterable[Approval], *, text: bool = True) -> None:
        """Note what was approved, all of it or nothing.

        Each replaces what was approved for its address before, and what was approved of the same
        draft (identity and path) while it had no address.

        Args:
            approvals: in their order; their times with zone.
            text: keep the words too, not their hash alone.

        Raises:
            LedgerError: an address is none, or a time has no zone.
        """
        with self._database.writing() as connection:
            if not self._database.sqlite:  # two at once must not both find nothing to replace
                connection.execute(_LOCK)
            for one in approvals:
                draft = _key("draft", one.identity, one.path)
                key = draft
                if one.url:
                    url = canonical(one.url)
                    if url is None:
                        raise LedgerError(f"“{one.url}”不是网址，不能记入台账")
                    key = _key("url", url)
                values = {
                    name: _plain(value) if isinstance(value, str) else value
                    for name, value in record_of(one, text=text).items()
                }
                values["approved_at"] = utc(one.at)
                connection.execute(delete(approval).where(approval.c.key.in_([draft, key])))
                connection.execute(insert(approval).values(key=key, **values))

    def approvals(self, site: str = "") -> tuple[list[Approval], list[str]]:
        """What was approved, in its order, and a Chinese complaint for every record that is spoilt.

        Args:
            site: how addresses must begin; approvals without an address are given all the same.
        """
        query = select(approval).order_by(approval.c.id)
        if site:
            begins = approval.c.url.startswith(site, autoescape=True)
            query = query.where(or_(begins, approval.c.url == ""))
        found, spoilt = [], []
        with self._database.reading() as connection:
            for row in connection.execute(query).mappings():
                try:
                    found.append(from_record({str(name): value for name, value in row.items()}))
                except ApprovalError as error:
                    spoilt.append(f"{self.where}里“{row['title']}”的批准记录：{error}，已略过")
        return found, spoilt


def _plain(words: str) -> str:
    """Words as both databases hold them: no NUL, nothing that cannot be encoded."""
    return words.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _key(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode("utf-8", "replace")).hexdigest()


def _label(status: str) -> str:
    return Status(status).label if status else ""


def _is_site(word: str) -> ColumnElement[bool]:
    """A site by home page, name or unit."""
    return or_(site.c.home == (canonical(word) or word), site.c.name == word, site.c.unit == word)


def _matches(filters: Filters) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = [true()]
    if filters.sites:
        found.append(or_(*(_is_site(word) for word in filters.sites)))
    if filters.level is not None:
        found.append(issue.c.level >= int(filters.level))
    if filters.passes:
        found.append(issue.c["pass"].in_(filters.passes))
    if filters.rules:
        found.append(issue.c.rule.in_(filters.rules))
    if filters.state is not None:
        found.append(issue.c.state == filters.state.value)
    if filters.statuses:
        found.append(issue.c.status.in_(sorted(status.value for status in filters.statuses)))
    if filters.since:
        found.append(issue.c.first_seen >= filters.since)
    if not filters.suppressed:
        found.append(issue.c.suppressed.is_(None))
    if filters.fingerprint:
        found.append(issue.c.fingerprint.startswith(filters.fingerprint, autoescape=True))
    return and_(*found)


def _one_issue(connection: Connection, fingerprint: str, site_word: str) -> Row[Any]:
    """``id``, ``fingerprint``, ``rule`` and ``site_id`` of the one issue meant."""
    fingerprint = fingerprint.strip().lower()
    if len(fingerprint) < _SHORTEST:
        raise LedgerError(f"编号“{fingerprint}”太短，至少写前 {_SHORTEST} 位")
    query: Select[Any] = (
        select(issue.c.id, issue.c.fingerprint, issue.c.rule, issue.c.site_id)
        .join_from(issue, site)
        .where(issue.c.fingerprint.startswith(fingerprint, autoescape=True))
        .order_by(issue.c.id)
        .limit(2)
    )
    if site_word:
        query = query.where(_is_site(site_word))
    rows = connection.execute(query).all()
    if not rows:
        raise LedgerError(f"台账里没有编号为“{fingerprint}”的问题")
    if len(rows) > 1:
        same = rows[0].fingerprint == rows[1].fingerprint
        hint = "不止一个站点有这个问题，请用 --site 指明" if same else "不止一条，请把编号写全"
        raise LedgerError(f"编号“{fingerprint}”：{hint}")
    return rows[0]

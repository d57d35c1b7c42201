"""One judged run taken over into the ledger.

Issues of the run and open issues of the ledger are both read in order of their fingerprints, page
by page, and merged as two sorted lists are: memory stays flat however many there are, and what did
not change costs one row of a bulk update.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    func,
    insert,
    literal,
    select,
    update,
)

from qa.finding import Level
from qa.ledger.shapes import EventKind, LedgerError, Recorded, State, Status, utc
from qa.ledger.tables import event, issue, run, site
from qa.site.model import SiteConfig
from qa.site.urls import canonical

ACTOR = "系统"
"""Who the ledger's own events are by."""

_PAGE = 1000
_MOST_PARAMETERS = 500
_PUT_RIGHT = (Status.FIXED.value, Status.VERIFIED.value)

_ISSUES = """
SELECT i.fingerprint, i.rule, i.title, i.level, i.pass, i.confidence, i.message, i.quote, i.before, i.after,
  i.suggestion, i.basis, i.section, i.page_title, u.url, coalesce(t.url, ''), i.pages, i.suppressed,
  i.first_seen
FROM issue i JOIN url u ON u.id = i.url_id LEFT JOIN url t ON t.id = i.target_id
WHERE i.run_id = ? ORDER BY i.fingerprint
"""
_CARRIED = (
    "rule", "rule_title", "level", "pass", "confidence", "message", "quote", "before", "after", "suggestion",
    "basis", "section", "title", "url", "target", "pages", "suppressed",
)  # fmt: skip
"""What the ledger keeps as the last run that found an issue has it; in the order of ``_ISSUES``."""
_KNOWN = select(
    issue.c.id,
    issue.c.fingerprint,
    issue.c.status,
    issue.c.status_at,
    *(issue.c[name] for name in _CARRIED),
)

Found = tuple[Any, ...]
"""An issue of the run: fingerprint, what :data:`_CARRIED` names, first seen."""

Writing = tuple[str, str, str]
"""Rule, quote and suggestion of an issue of spelling."""

_SPELLING = "typo/"
_DISMISSED = "同一写法已判为误报"
_RESTORED = "同一写法已不再判为误报"
_WRITTEN = (
    issue.c.rule,
    issue.c.quote,
    issue.c.suggestion,
    func.substr(issue.c.before, func.length(issue.c.before), 1).label("left"),
    func.substr(issue.c.after, 1, 1).label("right"),
)
"""How an issue is written: its :data:`Writing`, and the characters beside it."""


@dataclass
class _Batch:
    """Changes not yet written."""

    new: list[Found] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    reopened: list[tuple[int, str]] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return len(self.new) + len(self.seen) + len(self.gone) >= _PAGE


@dataclass(frozen=True)
class _Facts:
    """The run as its store has it."""

    started: str
    finished: str
    judged: str
    state: str
    ruleset: str
    store: str
    complete: bool
    pages: int
    counts: Mapping[str, int]


def record_run(
    connection: Connection, store: sqlite3.Connection, number: int, config: SiteConfig, *, time: str
) -> Recorded:
    """Take one judged run over; the caller's transaction keeps it whole.

    Raises:
        LedgerError: no such run, or one that has not been judged.
    """
    facts = _facts(store, number)
    time = utc(time)
    site_id = lock_site(connection, config)
    same = (run.c.site_id == site_id) & (run.c.started == facts.started) & (run.c.number == number)
    old = connection.execute(select(run).where(same)).mappings().first()
    if old is not None and old["judged"] == facts.judged:
        return Recorded(repeated=True)
    before = connection.execute(
        select(run.c.started, run.c.ruleset)
        .where(run.c.site_id == site_id, ~same)
        .order_by(run.c.started.desc(), run.c.id.desc())
        .limit(1)
    ).first()
    late = before is not None and before.started > facts.started
    values = {
        "finished": facts.finished,
        "judged": facts.judged,
        "state": facts.state,
        "ruleset": facts.ruleset,
        "store": facts.store,
        "recorded": time,
        "pages": facts.pages,
        **facts.counts,
    }
    if old is None:
        run_id = connection.scalar(
            insert(run)
            .values(site_id=site_id, number=number, started=facts.started, **values)
            .returning(run.c.id)
        )
        ruleset = before.ruleset if before is not None else ""
    else:
        run_id = old["id"]
        connection.execute(update(run).where(run.c.id == run_id).values(**values))
        ruleset = old["ruleset"]
    if late:
        return Recorded(late=True)
    remark = "规则或词表有变动" if ruleset not in ("", facts.ruleset) else ""
    merge = _Merge(connection, store, number, site_id, int(run_id or 0), facts, time, remark)
    result = merge.all()
    dismiss_alike(connection, site_id, time, int(run_id or 0))
    connection.execute(
        update(run)
        .where(run.c.id == run_id)
        .values(new=run.c.new + result.new + result.reappeared, gone=run.c.gone + result.gone)
    )
    return result


def lock_site(connection: Connection, config: SiteConfig) -> int:
    """Id of the site, made where it is new; nobody else writes its issues until the transaction ends."""
    home = canonical(config.home) or config.home
    dialect = connection.dialect.name
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as upsert
    else:
        from sqlalchemy.dialects.sqlite import insert as upsert  # type: ignore[assignment]
    connection.execute(
        upsert(site).values(home=home, name=config.name, unit=config.unit).on_conflict_do_nothing()
    )
    row = connection.execute(select(site).where(site.c.home == home).with_for_update()).one()
    name, unit = config.name or row.name, config.unit or row.unit
    if (name, unit) != (row.name, row.unit):
        connection.execute(update(site).where(site.c.id == row.id).values(name=name, unit=unit))
    return int(row.id)


def hold_site(connection: Connection, site_id: int) -> None:
    """Nobody else takes over a run of the site, or spreads a verdict in it, until the transaction ends.

    To be called before issues are locked, as a run does it.
    """
    connection.execute(select(site.c.id).where(site.c.id == site_id).with_for_update())


def is_spelling(rule: str) -> bool:
    """Whether what people say of one issue of the rule holds for the same writing on other pages."""
    return rule.startswith(_SPELLING)


def dismiss_alike(
    connection: Connection,
    site_id: int,
    time: str,
    run_id: int | None = None,
    *,
    writing: Writing | None = None,
) -> int:
    """Dismiss what is written as an issue that somebody dismissed as a false alarm.

    Spelling alone: the same rule, quote and suggestion, and the same character before or after.  Only
    open issues that nobody has decided on change, and only what people dismissed counts: what was
    dismissed here brings along nothing further.

    Args:
        connection: in a transaction that holds the site.
        site_id: the site.
        time: now, in UTC.
        run_id: the run that brought the issues.
        writing: no other than this one.

    Returns:
        How many were dismissed.
    """
    return _Alike(connection, site_id, time, run_id, writing).dismiss()


def restore_alike(connection: Connection, site_id: int, time: str, writing: Writing) -> int:
    """Take back what :func:`dismiss_alike` did, where nobody's verdict speaks for it any more.

    Args:
        connection: in a transaction that holds the site.
        site_id: the site.
        time: now, in UTC.
        writing: of the issue that is no false alarm after all.

    Returns:
        How many went back to be dealt with.
    """
    return _Alike(connection, site_id, time, None, writing).restore()


def _facts(store: sqlite3.Connection, number: int) -> _Facts:
    row = store.execute(
        "SELECT started, finished, judged, state, ruleset, gaps FROM run WHERE id = ?", (number,)
    ).fetchone()
    if row is None:
        raise LedgerError(f"运行记录里没有第 {number} 次抓取")
    started, finished, judged, state, ruleset, gaps = row
    if judged is None:
        raise LedgerError(f"第 {number} 次抓取还没有判定，请先运行 shenjiao judge")
    pages = store.execute(
        "SELECT count(*) FROM fetch WHERE run_id = ? AND purpose = 'page' AND status IN (200, 304)", (number,)
    ).fetchone()[0]
    counts = dict.fromkeys(("issues", "suppressed", *(level.key for level in Level)), 0)
    for level, ignored, count in store.execute(
        "SELECT level, suppressed IS NOT NULL, count(*) FROM issue WHERE run_id = ? GROUP BY 1, 2", (number,)
    ):
        counts["issues"] += count
        counts["suppressed" if ignored else Level(level).key] += count
    where = next((path for _, name, path in store.execute("PRAGMA database_list") if name == "main"), "")
    return _Facts(
        utc(started),
        utc(finished) if finished else "",
        judged,
        state,
        ruleset or "",
        where,
        state == "done" and gaps == "[]",
        pages,
        counts,
    )


class _Merge:
    """The run's issues against the ledger's."""

    def __init__(
        self,
        connection: Connection,
        store: sqlite3.Connection,
        number: int,
        site_id: int,
        run_id: int,
        facts: _Facts,
        time: str,
        remark: str,
    ) -> None:
        self.connection = connection
        self.store = store
        self.number = number
        self.site_id = site_id
        self.run_id = run_id
        self.facts = facts
        self.time = time
        self.remark = remark
        self.batch = _Batch()
        self.counts: Counter[str] = Counter()

    def all(self) -> Recorded:
        """Merge and write."""
        for found, known in self._pairs():
            if found is not None and known is not None:
                self.batch.seen.append(known.id)
                self._carry(found, known)
            elif found is not None:
                self.batch.new.append(found)
            elif known is not None and (self.facts.complete or self._is_gone(known.fingerprint)):
                self.batch.gone.append(known.id)
            if self.batch.full:
                self._flush()
        self._flush()
        count = self.counts
        return Recorded(
            new=count["new"],
            still=count["still"],
            gone=count["gone"],
            reappeared=count["reappeared"],
            reopened=count["reopened"],
        )

    def _pairs(self) -> Iterator[tuple[Found | None, Row[Any] | None]]:
        """Issues of both sides by fingerprint, smallest first; one side is ``None`` where it has none."""
        ours, theirs = self._known(), self._found()
        known, found = next(ours, None), next(theirs, None)
        while known is not None or found is not None:
            if known is None or (found is not None and found[0] < known.fingerprint):
                yield found, None
                found = next(theirs, None)
            elif found is None or known.fingerprint < found[0]:
                yield None, known
                known = next(ours, None)
            else:
                yield found, known
                known, found = next(ours, None), next(theirs, None)

    def _found(self) -> Iterator[Found]:
        for row in self.store.execute(_ISSUES, (self.number,)):
            # PostgreSQL holds no NUL.
            yield tuple(value.replace("\0", "\ufffd") if isinstance(value, str) else value for value in row)

    def _known(self) -> Iterator[Row[Any]]:
        # What is written meanwhile lies below the last fingerprint read, so no page meets it again.
        query = (
            _KNOWN.where(issue.c.site_id == self.site_id, issue.c.state == State.OPEN.value)
            .where(issue.c.fingerprint > bindparam("after_key"))
            .order_by(issue.c.fingerprint)
            .limit(_PAGE)
            .with_for_update()
        )
        last = ""
        while rows := self.connection.execute(query, {"after_key": last}).all():
            yield from rows
            last = rows[-1].fingerprint

    def _is_gone(self, fingerprint: str) -> bool:
        """Whether a run that is not complete can tell that an issue is there no more."""
        # Judging carries on what nobody could look at; of what is ignored it does not say that it went.
        found = self.store.execute(
            "SELECT 1 FROM gone WHERE run_id = ?1 AND fingerprint = ?2 UNION ALL SELECT 1 FROM issue"
            " WHERE run_id = (SELECT max(id) FROM run WHERE id < ?1 AND judged IS NOT NULL)"
            " AND fingerprint = ?2 AND suppressed IS NOT NULL",
            (self.number, fingerprint),
        )
        return found.fetchone() is not None

    def _carry(self, found: Found, known: Row[Any]) -> None:
        """Keep the ledger's words as the run has them; take back what was marked as put right."""
        words = found[1:-1]
        if words != known[-len(_CARRIED) :]:
            self.batch.changed.append(dict(zip(_CARRIED, words, strict=True)) | {"key": known.id})
        put_right = known.status in _PUT_RIGHT and known.status_at < self.facts.started
        if put_right and words[-1] is None:
            self.batch.reopened.append((known.id, known.status))

    def _flush(self) -> None:
        batch = self.batch
        for rows in _pieces(batch.new):
            self._insert(rows)  # those that come back join what changed and what is reopened
        if batch.changed:
            values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _CARRIED}
            self.connection.execute(
                update(issue).where(issue.c.id == bindparam("key")).values(values),
                [
                    {("key" if name == "key" else f"new_{name}"): value for name, value in row.items()}
                    for row in batch.changed
                ],
            )
        for ids in _pieces(batch.seen):
            _set(self.connection, ids, last_seen=self.facts.started)
        self.counts["still"] += len(batch.seen)
        for ids in _pieces(batch.gone):
            _set(self.connection, ids, state=State.GONE.value, gone_at=self.time)
            self._log(issue.c.id.in_(ids), EventKind.GONE, self.remark)
        self.counts["gone"] += len(batch.gone)
        for status in _PUT_RIGHT:
            for ids in _pieces([key for key, old in batch.reopened if old == status]):
                words = "标为已整改后复查仍有此问题"
                _set(
                    self.connection,
                    ids,
                    status=Status.PENDING.value,
                    status_at=self.time,
                    status_by=ACTOR,
                    remark=words,
                )
                self._log(issue.c.id.in_(ids), EventKind.REOPENED, words, status, Status.PENDING.value)
                self.counts["reopened"] += len(ids)
        self.batch = _Batch()

    def _insert(self, rows: Sequence[Found]) -> None:
        """Issues that are not open in the ledger: some were there before and went, the others are new."""
        by_key = {row[0]: row for row in rows}
        back = self.connection.execute(
            _KNOWN.where(issue.c.site_id == self.site_id, issue.c.fingerprint.in_(list(by_key)))
            .order_by(issue.c.fingerprint)
            .with_for_update()
        ).all()
        if back:
            ids = [known.id for known in back]
            _set(self.connection, ids, state=State.OPEN.value, gone_at=None, last_seen=self.facts.started)
            self._log(issue.c.id.in_(ids), EventKind.REAPPEARED, self.remark)
            for known in back:
                self._carry(by_key.pop(known.fingerprint), known)
            self.counts["reappeared"] += len(back)
        if not by_key:
            return
        same = {"site_id": self.site_id, "state": State.OPEN.value, "last_seen": self.facts.started}
        self.connection.execute(
            insert(issue),
            [
                dict(zip(("fingerprint", *_CARRIED), row, strict=False)) | {"first_seen": utc(row[-1])} | same
                for row in by_key.values()
            ],
        )
        self._log(issue.c.fingerprint.in_(list(by_key)), EventKind.FOUND, self.remark)
        self.counts["new"] += len(by_key)

    def _log(
        self, which: ColumnElement[bool], kind: EventKind, remark: str, old: str = "", new: str = ""
    ) -> None:
        which = (issue.c.site_id == self.site_id) & which
        _log(self.connection, which, self.run_id, self.time, kind, remark, old, new)


class _Alike:
    """Issues of spelling that share their writing, on one site."""

    def __init__(
        self, connection: Connection, site_id: int, time: str, run_id: int | None, writing: Writing | None
    ) -> None:
        self.connection = connection
        self.time = time
        self.run_id = run_id
        self.spelling = (issue.c.site_id == site_id) & issue.c.rule.startswith(_SPELLING, autoescape=True)
        if writing is not None:
            for column, words in zip(_WRITTEN, writing, strict=False):
                self.spelling &= column == words
        self.by_people = (
            self.spelling & (issue.c.status == Status.FALSE_ALARM.value) & (issue.c.status_by != ACTOR)
        )
        self.beside: dict[Writing, tuple[set[str], set[str]]] = {}
        for *key, left, right in connection.execute(select(*_WRITTEN).where(self.by_people).distinct()):
            befores, afters = self.beside.setdefault(tuple(key), (set(), set()))
            befores.add(left)
            afters.add(right)

    def dismiss(self) -> int:
        if not self.beside:
            return 0
        which = (
            (issue.c.state == State.OPEN.value)
            & (issue.c.status == Status.PENDING.value)
            & issue.c.status_by.in_(["", ACTOR])
        )
        return self._change(which, Status.PENDING, Status.FALSE_ALARM, _DISMISSED, like=True)

    def restore(self) -> int:
        which = (
            (issue.c.status == Status.FALSE_ALARM.value)
            & (issue.c.status_by == ACTOR)
            & (issue.c.remark == _DISMISSED)
        )
        return self._change(which, Status.FALSE_ALARM, Status.PENDING, _RESTORED, like=False)

    def _change(
        self, which: ColumnElement[bool], old: Status, new: Status, remark: str, *, like: bool
    ) -> int:
        """Of these issues, change those that are (or are not) written as one that people dismissed."""
        query: Select[Any] = (
            select(issue.c.id, issue.c.fingerprint, *_WRITTEN)
            .where(self.spelling, which, issue.c.fingerprint > bindparam("after_key"))
            .order_by(issue.c.fingerprint)
            .limit(_PAGE)
            .with_for_update()
        )
        last, count = "", 0
        while rows := self.connection.execute(query, {"after_key": last}).all():
            for ids in _pieces([row.id for row in rows if self._is_like(row) is like]):
                _set(
                    self.connection,
                    ids,
                    status=new.value,
                    status_at=self.time,
                    status_by=ACTOR,
                    remark=remark,
                )
                _log(
                    self.connection,
                    issue.c.id.in_(ids),
                    self.run_id,
                    self.time,
                    EventKind.STATUS,
                    remark,
                    old.value,
                    new.value,
                )
                count += len(ids)
            last = rows[-1].fingerprint
        return count

    def _is_like(self, row: Row[Any]) -> bool:
        befores, afters = self.beside.get((row.rule, row.quote, row.suggestion), (set(), set()))
        # Nothing beside it (a paragraph begins or ends there) is nothing in common.
        return bool((row.left and row.left in befores) or (row.right and row.right in afters))


def _set(connection: Connection, ids: Sequence[int], **values: Any) -> None:
    connection.execute(update(issue).where(issue.c.id.in_(ids)).values(**values))


def _log(
    connection: Connection,
    which: ColumnElement[bool],
    run_id: int | None,
    time: str,
    kind: EventKind,
    remark: str,
    old: str,
    new: str,
) -> None:
    values: dict[str, Any] = {
        "run_id": run_id,
        "at": time,
        "kind": kind.value,
        "actor": ACTOR,
        "remark": remark,
        "old": old,
        "new": new,
    }
    rows = (
        select(issue.c.id, *(literal(value, event.c[name].type) for name, value in values.items()))
        .where(which)
        .order_by(issue.c.id)
    )
    connection.execute(insert(event).from_select(["issue_id", *values], rows))


def _pieces(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for at in range(0, len(items), _MOST_PARAMETERS):
        yield items[at : at + _MOST_PARAMETERS]

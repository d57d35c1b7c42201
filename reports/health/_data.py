"""What the formats of the health report share: the run in hand and its figures, asked of SQLite once."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from qa import __version__
from qa.finding import Confidence, Level, Pass
from qa.passes import Gates, Verdict, worst
from qa.rule import Rule
from qa.site.columns import ColumnState, columns
from qa.site.model import Site, SiteConfig, SiteRule
from rules import SITE

ABSENT_STATUS = (404, 410)
"""Answers that are facts, not gaps: the page is not there, and whatever links to it is a dead link."""
TREND_RUNS = 30
"""Nights in the trend."""

_NEW, _STILL = "new", "still"
STATES: Mapping[str, str] = {_NEW: "新增", _STILL: "仍存在"}
"""States of issues and their Chinese names."""

LEVEL_LABELS: Mapping[int, str] = {int(one): one.label for one in Level}
LEVEL_KEYS: Mapping[int, str] = {int(one): one.key for one in Level}
PASS_LABELS: Mapping[str, str] = {one.key: one.label for one in Pass}
CONFIDENCE_LABELS: Mapping[str, str] = {one.value: one.label for one in Confidence}

# Ids follow the order of discovery, which differs from crawl to crawl: lists are in order of address.
_SETUP = """
DROP TABLE IF EXISTS temp.health_rank;
CREATE TEMP TABLE health_rank (url_id INTEGER PRIMARY KEY, rank INTEGER NOT NULL);
INSERT INTO health_rank SELECT id, row_number() OVER (ORDER BY url) FROM url;
DROP TABLE IF EXISTS temp.health_live;
CREATE TEMP TABLE health_live (content_id INTEGER PRIMARY KEY, url_id INTEGER NOT NULL, rank INTEGER NOT NULL);
INSERT INTO health_live
  SELECT f.content_id, f.url_id, min(r.rank) FROM fetch f JOIN health_rank r ON r.url_id = f.url_id
  WHERE f.run_id = {run} AND f.purpose = 'page' AND f.status IN (200, 304) AND f.content_id IS NOT NULL
  GROUP BY f.content_id;
"""

_ISSUES = """
SELECT i.id, i.fingerprint, i.rule, i.title, i.level, i.pass, i.confidence, i.message, i.quote,
  i.before, i.after, i.suggestion, i.basis, i.basis_url, i.score_item, i.chrome, i.suppressed, i.pages,
  u.url, i.line, i.col, t.url, i.section, i.page_title, i.first_seen, i.state, c.warc, c.offset, c.length
FROM issue i JOIN url u ON u.id = i.url_id
LEFT JOIN url t ON t.id = i.target_id LEFT JOIN content c ON c.id = i.content_id
WHERE i.run_id = ?
"""


class Issue(NamedTuple):
    """One row of table ``issue`` with its addresses and the place of its snapshot."""

    id: int
    fingerprint: str
    rule: str
    title: str
    level: int
    pass_: str
    confidence: str
    message: str
    quote: str
    before: str
    after: str
    suggestion: str
    basis: str
    basis_url: str
    score_item: str
    chrome: int
    suppressed: str | None
    pages: int
    url: str
    line: int
    col: int
    target: str | None
    section: str
    page_title: str
    first_seen: str
    state: str
    warc: str | None
    offset: int | None
    length: int | None

    @property
    def error(self) -> str:
        """The fault in words: the rule's title, and its message where that says more."""
        if not self.message or self.message == self.title:
            return self.title
        # Messages of site rules are whole sentences that say what the title says.
        whole = self.title in self.message or (self.rule.startswith(SITE) and self.message)
        return self.message if whole else f"{self.title}：{self.message}"

    @property
    def snapshot(self) -> str:
        """Where the page as it was seen lies: file and offset of the WARC record; empty: nowhere."""
        return "" if self.warc is None else f"{self.warc} @{self.offset or 0}"


class Gone(NamedTuple):
    """An issue of the last run that is there no more."""

    fingerprint: str
    rule: str
    title: str
    level: int
    quote: str
    url: str
    page_title: str
    first_seen: str


class Gap(NamedTuple):
    """Something that was not checked; ``url`` is empty where it concerns the whole run."""

    url: str
    kind: str
    reason: str
    rule: str = ""
    pass_: str = ""


class Night(NamedTuple):
    """One run of the trend; figures without suppressed issues."""

    run: int
    started: str
    new: int
    still: int
    gone: int


@lru_cache(maxsize=4096)
def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@dataclass(frozen=True)
class HealthRun:
    """One judged run of a site, to be told of.

    Attributes:
        db: the run store; temporary tables and views are made in it, nothing else is written.
        run: number of the run.
        config: the site's configuration.
        time: ISO 8601 time of the report, given by the caller; its zone is used throughout.
        version: of the program.
        rules: rules of pages and of sites that ran.
        gates: what blocks.
    """

    db: sqlite3.Connection
    run: int
    config: SiteConfig
    time: str
    version: str = __version__
    rules: Sequence[Rule | SiteRule] = ()
    gates: Gates = field(default_factory=Gates)


class Facts:
    """Figures of a run, each asked of the store once, when first needed.

    Raises:
        ValueError: the store holds no run of this number.
    """

    def __init__(self, run: HealthRun) -> None:
        self.run = run
        self.db = run.db
        row = self.db.execute(
            "SELECT started, finished, state, home, notices, gaps FROM run WHERE id = ?", (run.run,)
        ).fetchone()
        if row is None:
            raise ValueError(f"运行记录里没有第 {run.run} 次检查")
        self.started: str = row[0]
        self.finished: str = row[1] or ""
        self.state: str = row[2]
        self.home_url: str = row[3]
        self.notices: list[str] = [str(one) for one in json.loads(row[4])]
        self.run_gaps: list[str] = [str(one) for one in json.loads(row[5])]
        self.db.executescript(_SETUP.format(run=int(run.run)))
        self.site = Site(self.db, run.run, run.config, today=self.today)

    # --- Time

    @cached_property
    def _zone(self) -> Any:
        found = _moment(self.run.time)
        return found.tzinfo if found else UTC

    @cached_property
    def today(self) -> date:
        """The day of the report, in its zone."""
        found = _moment(self.run.time) or _moment(self.started)
        assert found is not None
        return found.astimezone(self._zone).date()

    def local(self, text: str) -> str:
        """A time of the store in the report's zone, ``YYYY-MM-DD HH:MM``; as it is where it is none."""
        found = _moment(text)
        return f"{found.astimezone(self._zone):%Y-%m-%d %H:%M}" if found else text

    # --- Issues

    def issues(self, where: str = "", parameters: Sequence[Any] = (), *, limit: int = -1) -> Iterator[Issue]:
        """Issues in the order of the report; ``where`` is a further condition (``AND …``) of ours."""
        sql = f"{_ISSUES} {where} ORDER BY i.id LIMIT ?"
        cursor = self.db.execute(sql, (self.run.run, *parameters, limit))
        yield from map(Issue._make, cursor)

    def gone(self, *, limit: int = -1) -> Iterator[Gone]:
        """Issues put right since the last run, gravest first."""
        cursor = self.db.execute(
            "SELECT fingerprint, rule, title, level, quote, url, page_title, first_seen FROM gone"
            " WHERE run_id = ? ORDER BY level DESC, rule, url, fingerprint LIMIT ?",
            (self.run.run, limit),
        )
        yield from map(Gone._make, cursor)

    def pages_of(self, issue: int, *, limit: int = -1) -> Iterator[tuple[str, int]]:
        """Addresses that carry an issue, with the line in each, in order of address."""
        yield from self.db.execute(
            "SELECT u.url, o.line FROM issue_page o CROSS JOIN temp.health_rank r ON r.url_id = o.url_id"
            " JOIN url u ON u.id = o.url_id WHERE o.run_id = ? AND o.issue_id = ? ORDER BY r.rank LIMIT ?",
            (self.run.run, issue, limit),
        )

    @cached_property
    def counts(self) -> Mapping[tuple[str, Pass, Level], int]:
        """Live issues by state, pass and level."""
        return {
            (state, Pass.parse(pass_), Level(level)): number
            for state, pass_, level, number in self.db.execute(
                "SELECT state, pass, level, count(*) FROM issue WHERE run_id = ? AND suppressed IS NULL"
                " GROUP BY 1, 2, 3",
                (self.run.run,),
            )
        }

    def count(
        self, *, state: str | None = None, pass_: Pass | None = None, level: Level | None = None
    ) -> int:
        """Number of live issues that fit."""
        return sum(
            number
            for key, number in self.counts.items()
            if state in (None, key[0]) and pass_ in (None, key[1]) and level in (None, key[2])
        )

    @cached_property
    def suppressed(self) -> int:
        """Number of issues somebody chose to ignore."""
        return self._one("SELECT count(*) FROM issue WHERE run_id = ? AND suppressed IS NOT NULL")

    @cached_property
    def gone_count(self) -> int:
        return self._one("SELECT count(*) FROM gone WHERE run_id = ?")

    @cached_property
    def previous(self) -> str:
        """When the last finished run before this one began; empty: this is the first."""
        row = self.db.execute(
            "SELECT started FROM run WHERE id < ? AND state = 'done' ORDER BY id DESC LIMIT 1",
            (self.run.run,),
        ).fetchone()
        return row[0] if row else ""

    @cached_property
    def blocking(self) -> int:
        """Number of live issues at or above the gate of their pass."""
        return sum(
            number
            for (_, pass_, level), number in self.counts.items()
            if (gate := self.run.gates.level(pass_)) is not None and level >= gate
        )

    def blocks(self, issue: Issue) -> bool:
        """Whether one issue is at or above the gate of its pass."""
        gate = self.run.gates.level(Pass.parse(issue.pass_))
        return issue.suppressed is None and gate is not None and issue.level >= gate

    @cached_property
    def by_column(self) -> list[tuple[str, Counter[Level]]]:
        """Live issues by column, most first; columns unknown last."""
        found: dict[str, Counter[Level]] = {}
        for section, level, number in self.db.execute(
            "SELECT section, level, count(*) FROM issue WHERE run_id = ? AND suppressed IS NULL GROUP BY 1, 2",
            (self.run.run,),
        ):
            found.setdefault(section, Counter())[Level(level)] = number
        return sorted(found.items(), key=lambda item: (not item[0], -item[1].total(), item[0]))

    @cached_property
    def trend(self) -> list[Night]:
        """Finished runs up to this one, oldest first."""
        nights = []
        for run, started in self.db.execute(
            "SELECT id, started FROM run WHERE id <= ?1 AND (id = ?1 OR state = 'done') AND judged IS NOT NULL"
            " ORDER BY id DESC LIMIT ?2",
            (self.run.run, TREND_RUNS),
        ).fetchall():
            if run == self.run.run:
                new, still = self.count(state=_NEW), self.count(state=_STILL)
            else:
                states = dict(
                    self.db.execute(
                        "SELECT state, count(*) FROM issue WHERE run_id = ? AND suppressed IS NULL GROUP BY 1",
                        (run,),
                    ).fetchall()
                )
                new, still = states.get(_NEW, 0), states.get(_STILL, 0)
            (gone,) = self.db.execute("SELECT count(*) FROM gone WHERE run_id = ?", (run,)).fetchone()
            nights.append(Night(run, started, new, still, gone))
        return nights[::-1]

    # --- Unchecked

    @cached_property
    def pages(self) -> int:
        """Pages of the site that were fetched or tried; redirects and attachments are none."""
        return self._one(
            "SELECT count(*) FROM fetch f LEFT JOIN content c ON c.id = f.content_id"
            " WHERE f.run_id = ? AND f.purpose = 'page' AND f.next_id IS NULL"
            " AND (c.id IS NULL OR c.page = 1)"
        )

    @cached_property
    def failed(self) -> list[tuple[str, str, int]]:
        """Pages that gave no answer to judge: (kind, Chinese cause, number), most first."""
        return self.db.execute(
            "SELECT failure, min(message), count(*) FROM fetch WHERE run_id = ? AND purpose = 'page'"
            " AND failure IS NOT NULL AND failure <> 'robots' AND status NOT IN (404, 410) GROUP BY failure, message"
            " ORDER BY 3 DESC, 1, 2",
            (self.run.run,),
        ).fetchall()

    @cached_property
    def absent(self) -> int:
        """Pages that are not there (404, 410): dead links, not gaps."""
        return self._one(
            "SELECT count(*) FROM fetch WHERE run_id = ? AND purpose = 'page' AND status IN (404, 410)"
        )

    @cached_property
    def barred(self) -> int:
        """Pages that robots.txt closes to crawlers: neither checked nor a failure."""
        return self._one(
            "SELECT count(*) FROM fetch WHERE run_id = ? AND purpose = 'page' AND failure = 'robots'"
        )

    @cached_property
    def unjudged(self) -> int:
        """Pages fetched that no rule has seen."""
        row = self.db.execute(
            "SELECT count(*) FROM health_live v CROSS JOIN content c ON c.id = v.content_id"
            " LEFT JOIN page p ON p.content_id = v.content_id WHERE c.page = 1 AND p.content_id IS NULL"
        ).fetchone()
        return int(row[0])

    @cached_property
    def partly(self) -> int:
        """Pages of which some part was not checked."""
        row = self.db.execute(
            "SELECT count(*) FROM health_live v CROSS JOIN page p ON p.content_id = v.content_id"
            " WHERE p.unchecked <> '[]'"
        ).fetchone()
        return int(row[0])

    @cached_property
    def unchecked(self) -> int:
        """Number of pages not checked, or not wholly."""
        return sum(number for *_, number in self.failed) + self.unjudged + self.partly

    @property
    def incomplete(self) -> bool:
        """Whether anything went unchecked."""
        return bool(self.unchecked or self.run_gaps)

    def gaps(self) -> Iterator[Gap]:
        """Everything that was not checked: the run as a whole, pages without answer, parts of pages."""
        for reason in self.run_gaps:
            yield Gap("", "run", reason)
        for url, kind, message, status in self.db.execute(
            "SELECT u.url, f.failure, f.message, f.status FROM fetch f JOIN url u ON u.id = f.url_id"
            " WHERE f.run_id = ? AND f.purpose = 'page' AND f.failure IS NOT NULL"
            " AND f.failure <> 'robots' AND f.status NOT IN (404, 410) ORDER BY f.failure, u.url",
            (self.run.run,),
        ):
            yield Gap(url, kind, message or (f"服务器回应 {status}" if status else "没有回应"))
        for (url,) in self.db.execute(
            "SELECT u.url FROM health_live v CROSS JOIN content c ON c.id = v.content_id"
            " JOIN url u ON u.id = v.url_id LEFT JOIN page p ON p.content_id = v.content_id"
            " WHERE c.page = 1 AND p.content_id IS NULL ORDER BY v.rank"
        ):
            yield Gap(url, "unjudged", "网页已抓取，尚未审校")
        for url, text in self.db.execute(
            "SELECT u.url, p.unchecked FROM health_live v CROSS JOIN page p ON p.content_id = v.content_id"
            " JOIN url u ON u.id = v.url_id WHERE p.unchecked <> '[]' ORDER BY v.rank"
        ):
            for reason, rule, pass_ in unchecked_parts(text):
                yield Gap(url, "part", reason, rule, pass_)

    # --- Verdict

    @cached_property
    def verdicts(self) -> Mapping[Pass, Verdict]:
        """Verdict of each pass over the whole site. What was found before still counts."""
        found = dict.fromkeys(Pass, Verdict.UNCHECKED if self._all_open else Verdict.PASSED)
        for pass_ in self._open_passes:
            found[pass_] = Verdict.UNCHECKED
        for (_, pass_, level), number in self.counts.items():
            gate = self.run.gates.level(pass_)
            blocked = gate is not None and level >= gate
            if number:
                one = Verdict.BLOCKED if blocked else Verdict.ATTENTION
                found[pass_] = worst((found[pass_], one))
        return found

    @property
    def verdict(self) -> Verdict:
        return worst(self.verdicts.values())

    @property
    def exit_code(self) -> int:
        """0 clean, 1 something at or above the gate, 3 something could not be checked."""
        if self.incomplete:
            return 3
        return 1 if self.blocking else 0

    @cached_property
    def _all_open(self) -> bool:
        return bool(self.run_gaps or self.failed or self.unjudged)

    @cached_property
    def _open_passes(self) -> set[Pass]:
        found: set[Pass] = set()
        for (text,) in self.db.execute(
            "SELECT DISTINCT p.unchecked FROM health_live v CROSS JOIN page p ON p.content_id = v.content_id"
            " WHERE p.unchecked <> '[]'"
        ):
            for _, _, pass_ in unchecked_parts(text):
                found.update([Pass.parse(pass_)] if pass_ else Pass)
        return found

    # --- Columns and dates

    @cached_property
    def by_day(self) -> Counter[str]:
        """Articles by the day they were published, ``YYYY-MM-DD``."""
        return Counter(
            dict(
                self.db.execute(
                    "SELECT substr(p.published, 1, 10), count(*) FROM health_live v"
                    " CROSS JOIN page p ON p.content_id = v.content_id"
                    " WHERE p.kind = 'article' AND length(p.published) >= 10 GROUP BY 1"
                ).fetchall()
            )
        )

    @cached_property
    def columns(self) -> list[ColumnState]:
        """Columns with a name, those without a date first, then the longest without an update."""
        found = [one for one in columns(self.site) if one.name]
        return sorted(
            found, key=lambda one: (one.newest is not None, -(one.idle(self.today) or 0), one.name, one.url)
        )

    def _one(self, sql: str) -> int:
        return int(self.db.execute(sql, (self.run.run,)).fetchone()[0])


@lru_cache(maxsize=256)
def unchecked_parts(text: str) -> tuple[tuple[str, str, str], ...]:
    """Column ``page.unchecked`` as ``(reason, rule, pass)`` triples; rule and pass may be empty."""
    found = []
    for one in json.loads(text):
        reason, rule, pass_ = (*one, None, None)[:3] if isinstance(one, list) else (one, None, None)
        found.append((str(reason), str(rule or ""), str(pass_ or "")))
    return tuple(found)


COLUMN_TYPES: Mapping[str, str] = {
    "news": "动态要闻",
    "notice": "通知公告",
    "policy": "政策文件",
    "interpretation": "政策解读",
    "message": "留言公开",
}
"""Types of columns (keys of ``[columns]`` in the thresholds) and their Chinese names."""


def column_type(column: ColumnState) -> str:
    """Type of a column in words, saying where it is guessed; empty where it is not known."""
    name = COLUMN_TYPES.get(column.type, column.type)
    return f"{name}（按名称推断）" if name and not column.told else name

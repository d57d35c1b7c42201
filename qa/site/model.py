"""Site rules: the same shape as rules of pages, over the facts of a whole site.

A site rule is a generator ``(site) -> hits``.  It asks the run store in SQL: the tables are in
:mod:`qa.site.store`, and :class:`Site` adds views of the run in hand.  Rules fetch nothing.
"""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tomli

from qa.finding import Confidence, Level, Pass
from qa.rule import RuleError
from qa.site.footer import FRAGMENT
from qa.standard import Clause, Trust


@cache
def default_thresholds() -> Mapping[str, Any]:
    """Thresholds of the national check list, from ``thresholds.toml`` beside this module."""
    return tomli.loads((Path(__file__).parent / "thresholds.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column (栏目) the configuration tells of outright.

    Attributes:
        url: every page whose address begins with it belongs to the column.
        name: as people call it.
        type: a key of ``[columns]`` in ``thresholds.toml`` (``news``, ``notice`` …), or empty.
        days: longest time without an update; 0: that of the type.
    """

    url: str
    name: str = ""
    type: str = ""
    days: int = 0


@dataclass(frozen=True)
class SiteConfig:
    """One site, as the configuration gives it.

    Attributes:
        home: address of the home page.
        name: the site's official name (of the footer and of SiteName); empty: as found.
        unit: 单位 it is filed under in the ledger.
        code: site identification code (网站标识码); empty: as found.
        columns: told outright; they outweigh what is guessed.
        thresholds: overrides of :func:`default_thresholds`, merged by table.
        unimportant: addresses (prefixes) not judged by site rules.
    """

    home: str
    name: str = ""
    unit: str = ""
    code: str = ""
    columns: tuple[Column, ...] = ()
    thresholds: Mapping[str, Any] = field(default_factory=dict)
    unimportant: tuple[str, ...] = ()


@dataclass(slots=True)
class SiteHit:
    """One fault of a site.

    Attributes:
        pages: ids (of ``url``) of the pages that carry it, the most telling first; never empty.
        key: what it is known by from run to run, besides the rule: an address, a column, a
            number. Two hits of one rule must not share one.
        quote: words or address found.
        message: Chinese sentence for the editor; the rule's title where empty.
        suggestion: what to do or write instead.
        before, after: what stands around the quote.
        line: of the first page's source; 0 unknown.
        target: id of the address in question (faults of links), or ``None``.
        chrome: it stands in what all pages share.
    """

    pages: Sequence[int]
    key: str
    quote: str = ""
    message: str = ""
    suggestion: str = ""
    before: str = ""
    after: str = ""
    line: int = 0
    target: int | None = None
    chrome: bool = False
    level: Level | None = None
    confidence: Confidence | None = None
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server of an example answers at one address.

    Attributes:
        body: HTML for pages.
        status: of HTTP; 0 with ``failure`` for none at all.
        to: where a redirect (301, 302 …) leads.
        failure: kind of failure, as in ``crawler.fetch.Kind``.
        media: media type.
        headers: raw lines.
    """

    body: str = ""
    status: int = 200
    to: str = ""
    failure: str = ""
    media: str = "text/html"
    headers: str = ""


@dataclass(frozen=True)
class SiteExample:
    """A small site and the hits expected of it.

    Attributes:
        pages: path (``/a.html``) or absolute address to HTML or a :class:`Reply`. The home page
            is ``/``; the host is ``https://www.example.gov.cn`` unless ``home`` says otherwise.
            What pages link to and is not given here answers 404.
        hits: expected hits in order: ``(quote, number of pages)``; empty for a clean site.
        today: the day of the run.
        config: the site's configuration (``home`` is filled in).
        before: the site as it was in an earlier run, with that run's day; for rules that compare.
        probes: folder (``/a/``) to what a made-up address there answers; without: 404.
    """

    pages: Mapping[str, str | Reply]
    hits: tuple[tuple[str, int], ...] = ()
    today: date = date(2026, 6, 30)
    config: SiteConfig | None = None
    before: tuple[date, Mapping[str, str | Reply]] | None = None
    probes: Mapping[str, str | Reply] = field(default_factory=dict)
    home: str = "https://www.example.gov.cn/"


SiteCheck = Callable[["Site"], Iterable[SiteHit]]


@dataclass(eq=False)
class SiteRule:
    """One rule over a site; made by :func:`site_rule`. Fields are those of ``qa.rule.Rule``.

    Attributes:
        supersedes: rules of pages that are not run over a site, since this one tells the same once.
        steady: what it finds hangs on the run's answers and the configuration alone, neither on the
            day nor on earlier runs: where the answers are those of the last run, so is what it found.
    """

    function: SiteCheck
    title: str
    level: Level
    passes: Pass
    basis: Clause
    bad: Sequence[SiteExample]
    good: Sequence[SiteExample]
    why: str
    confidence: Confidence = Confidence.HIGH
    score_item: str = ""
    preview: bool = False
    aliases: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    steady: bool = False
    id: str = ""

    @property
    def family(self) -> str:
        """First part of the id."""
        return self.id.partition("/")[0]

    def check(self, site: Site) -> Iterator[SiteHit]:
        """Run the rule over a site."""
        yield from self.function(site)

    def validate(self) -> None:
        """House rules; raises :class:`RuleError`."""
        if not self.why.strip():
            raise RuleError(f"{self.id}: no docstring saying why")
        if not self.bad or not self.good:
            raise RuleError(f"{self.id}: needs examples, bad and good")
        if any(not example.hits for example in self.bad) or any(example.hits for example in self.good):
            raise RuleError(f"{self.id}: bad examples expect hits, good ones none")
        if self.basis.trust is Trust.UNVERIFIED and self.level > Level.WARNING:
            raise RuleError(f"{self.id}: basis is 待核, so the level may not exceed warning")


def site_rule(
    *,
    title: str,
    level: Level,
    passes: Pass,
    basis: Clause,
    bad: Sequence[SiteExample],
    good: Sequence[SiteExample],
    confidence: Confidence = Confidence.HIGH,
    score_item: str = "",
    preview: bool = False,
    aliases: Sequence[str] = (),
    supersedes: Sequence[str] = (),
    steady: bool = False,
) -> Callable[[SiteCheck], SiteRule]:
    """Turn a generator ``(site) -> hits`` into a site rule; its docstring is the why."""

    def decorate(function: SiteCheck) -> SiteRule:
        why = inspect.cleandoc(function.__doc__ or "")
        return SiteRule(
            function, title, level, passes, basis, bad, good, why, confidence, score_item, preview,
            tuple(aliases), tuple(supersedes), steady,
        )  # fmt: skip

    return decorate


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where an address leads in the end.

    Attributes:
        url_id: the last address of the chain.
        status: its status; 0 where none came.
        failure: its kind of failure, ``redirect-loop``/``redirects`` for chains without end, or ``None``.
        message: Chinese cause of the failure.
        hops: number of redirects.
        permanent: every one of them is for good (301, 308).
        content_id: the body it ends at.
    """

    url_id: int
    status: int
    failure: str | None
    message: str
    hops: int
    permanent: bool
    content_id: int | None


_VIEWS = """
CREATE TEMP VIEW visit AS
  SELECT f.url_id, u.url, u.host, f.purpose, f.status, f.failure, f.message, f.next_id, f.content_id,
         f.at, f.headers, f.elapsed, r.depth, r.referrer_id, r.source
  FROM fetch f JOIN url u ON u.id = f.url_id
  LEFT JOIN frontier r ON r.run_id = f.run_id AND r.url_id = f.url_id
  WHERE f.run_id = {run};
CREATE TEMP TABLE live AS
  SELECT f.url_id, u.url, u.host, r.depth, r.source, c.title AS html_title, c.first_seen, p.*
  FROM fetch f JOIN url u ON u.id = f.url_id
  JOIN content c ON c.id = f.content_id
  JOIN page p ON p.content_id = c.id
  LEFT JOIN frontier r ON r.run_id = f.run_id AND r.url_id = f.url_id
  WHERE f.run_id = {run} AND f.purpose = 'page' AND f.status IN (200, 304)
    AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.run_id = {run} AND m.url_id = f.url_id);
CREATE INDEX temp.live_url ON live (url_id);
CREATE INDEX temp.live_content ON live (content_id);
CREATE TEMP VIEW carried AS
  SELECT f.url_id AS page_id, l.n, l.target_id, l.fragment, l.kind, l.text, l.place, l.line, l.rel, l.hidden,
         l.content_id
  FROM fetch f JOIN link l ON l.content_id = f.content_id
  WHERE f.run_id = {run} AND f.purpose = 'page' AND f.status IN (200, 304)
    AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.run_id = {run} AND m.url_id = f.url_id);
"""


class Site:
    """The facts of one run, for site rules; reads only.

    For the run in hand (see ``_VIEWS``): ``visit`` (every fetch with its address and depth), ``live``
    (pages answered with 200 and judged, soft 404s left out, with all columns of ``page``: a temporary
    table, since a dozen rules go through it, as it is when the site is opened) and ``carried`` (every
    link of such a page).

    Args:
        db: run store; temporary tables and views are made in it.
        run: number of the run.
        config: the site's configuration.
        today: the day to judge by; the run's own where ``None``.
    """

    def __init__(
        self, db: sqlite3.Connection, run: int, config: SiteConfig, *, today: date | None = None
    ) -> None:
        self.db = db
        self.run = run
        self.config = config
        started = db.execute("SELECT started FROM run WHERE id = ?", (run,)).fetchone()[0]
        self.started: str = started
        self.today = today or date.fromisoformat(started[:10])
        for kind, name in (("VIEW", "visit"), ("TABLE", "live"), ("VIEW", "carried")):
            db.execute(f"DROP {kind} IF EXISTS temp.{name}")
        for statement in _VIEWS.format(run=int(run)).split(";\n"):
            db.execute(statement)  # not executescript, which would end the caller's transaction

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows of a query, as they are read; several may be open at a time."""
        yield from self.db.execute(sql, parameters)

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """The first column of the first row, or ``None``."""
        row = self.db.execute(sql, parameters).fetchone()
        return row[0] if row else None

    def threshold(self, table: str, key: str, default: Any = None) -> Any:
        """A threshold, the configuration's own before the package's."""
        own = self.config.thresholds.get(table, {})
        if key in own:
            return own[key]
        return default_thresholds().get(table, {}).get(key, default)

    @cached_property
    def home(self) -> int:
        """Id of the home page's address; where it redirects, by itself or by a tag, of what it leads to."""
        found = self.one("SELECT id FROM url WHERE url = ?", (self.home_url,))
        if found is None:
            return 0
        at = self.resolve(found).url_id
        for _ in range(3):
            onward = self.one(
                "SELECT l.target_id FROM fetch f JOIN page p ON p.content_id = f.content_id"
                " JOIN link l ON l.content_id = f.content_id"
                " WHERE f.run_id = ? AND f.url_id = ? AND p.marks & ? AND l.kind = 'refresh' AND l.target_id <> f.url_id",
                (self.run, at, FRAGMENT),
            )
            if onward is None:
                break
            at = self.resolve(onward).url_id
        return at

    @cached_property
    def home_url(self) -> str:
        """Canonical address of the home page."""
        return str(self.one("SELECT home FROM run WHERE id = ?", (self.run,)))

    @cached_property
    def host(self) -> str:
        """Host of the home page, with port."""
        return urlsplit(self.home_url).netloc

    @cached_property
    def previous(self) -> int | None:
        """Number of the last finished run before this one."""
        found: int | None = self.one("SELECT max(id) FROM run WHERE id < ? AND state = 'done'", (self.run,))
        return found

    @cached_property
    def _redirects(self) -> dict[int, tuple[int, int]]:
        return {
            url_id: (next_id, status)
            for url_id, next_id, status in self.rows(
                "SELECT url_id, next_id, status FROM fetch WHERE run_id = ? AND next_id IS NOT NULL",
                (self.run,),
            )
        }

    def resolve(self, url_id: int) -> Resolved:
        """Follow redirects from an address to its end; an address never asked has failure ``unasked``."""
        hops, permanent, seen = 0, True, {url_id}
        at = url_id
        while (following := self._redirects.get(at)) is not None:
            at, status = following
            hops += 1
            permanent = permanent and status in (301, 308)
            if at in seen:
                return Resolved(at, status, "redirect-loop", "网页来回跳转，打不开", hops, permanent, None)
            if hops > 10:
                return Resolved(at, status, "redirects", "跳转次数过多（超过 10 次）", hops, permanent, None)
            seen.add(at)
        row = self.db.execute(
            "SELECT status, failure, message, content_id FROM fetch WHERE run_id = ? AND url_id = ?",
            (self.run, at),
        ).fetchone()
        if row is None:
            return Resolved(at, 0, "unasked", "没有检查", hops, permanent and hops > 0, None)
        status, failure, message, content = row
        return Resolved(at, status, failure, message, hops, permanent and hops > 0, content)

    @cached_property
    def resolved(self) -> str:
        """Name of a table with where every address of the run leads, made at the first call.

        Its columns are ``url_id`` (primary key) and ``end_id``, ``status``, ``failure``, ``message``,
        ``hops``, ``permanent`` and ``content_id`` as :meth:`resolve` tells them.  Addresses that were
        never asked are not in it.
        """
        self.db.execute("DROP TABLE IF EXISTS temp.resolved")
        self.db.execute(
            "CREATE TEMP TABLE resolved (url_id INTEGER PRIMARY KEY, end_id INTEGER, status INTEGER,"
            " failure TEXT, message TEXT, hops INTEGER, permanent INTEGER, content_id INTEGER)"
        )
        self.db.execute(
            "INSERT INTO temp.resolved SELECT url_id, url_id, status, failure, message, 0, 0, content_id"
            " FROM fetch WHERE run_id = ? AND next_id IS NULL",
            (self.run,),
        )
        self.db.executemany(
            "INSERT INTO temp.resolved VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    url_id,
                    end.url_id,
                    end.status,
                    end.failure,
                    end.message,
                    end.hops,
                    end.permanent,
                    end.content_id,
                )
                for url_id in self._redirects
                for end in (self.resolve(url_id),)
            ),
        )
        return "temp.resolved"

    def url(self, url_id: int) -> str:
        """Address of an id."""
        return str(self.one("SELECT url FROM url WHERE id = ?", (url_id,)))

    def internal(self, host: str) -> bool:
        """Whether a host is the site's own: it has pages in this run."""
        return host in self._hosts

    @cached_property
    def _hosts(self) -> frozenset[str]:
        return frozenset(
            host for (host,) in self.rows("SELECT DISTINCT host FROM visit WHERE purpose = 'page'")
        )

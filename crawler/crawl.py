"""A whole site, breadth first, into a run store: facts only, no verdicts.

Levels are crawled one after another and each in order of addresses, so that what is covered does
not hang on timing; inside a level as many requests are under way as each host's pace allows.
What is found is committed in batches; a crawl that is killed goes on where it was.
"""

from __future__ import annotations

import hashlib
import heapq
import itertools
import json
import re
import sqlite3
import time
from array import array
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.fetch import WORDS, Failure, Kind
from crawler.pace import Pace
from crawler.reading import Page, Reader, Reading, text_of
from crawler.recorder import Batch, Body, Recorder, explain
from crawler.scope import Scope, is_file
from crawler.sitemap import read_sitemap
from crawler.transport import Request, Response, Transport
from crawler.traps import Traps, shape
from qa.site.extract import FOLLOWED, MAX_LINKS, excerpt
from qa.site.options import CrawlOptions
from qa.site.store import CHECK, LINK_INDEXES, PAGE, PROBE, ROBOTS, SITEMAP, latest_run, open_store
from qa.site.urls import canonical, folder, host, resolve

_LATER = 1_000_000
"""Depth of pages known from sitemaps alone, until a link to them is found."""
_ROBOTS_NAME = "shenjiao"
_EXTERNAL_BYTES = 65_536
_BATCH_PAGES = 200
_BATCH_BYTES = 8_000_000
_BATCH_SECONDS = 0.5
_MAX_SITEMAPS = 500
_MAX_MOVES = 5
"""Redirects of robots.txt that are followed (RFC 9309), and of sitemaps."""
_MAX_HOPS = 20
"""Redirects in a row; reports call a chain of more than 10 too long."""
_ROBOTS_BYTES = 512_000
_MAX_PROBES = 300
_PROBE_AGE_HOURS = 24 * 7
_BUFFER = 4000
_FORESEEN = 1000
_LOOK = 0.05
"""Seconds an answer is waited for while pages are being read."""
_ALWAYS_THERE = frozenset(
    [
        "beian.miit.gov.cn",
        "beian.mps.gov.cn",
        "bszs.conac.cn",
        "dcs.conac.cn",
        "www.beian.gov.cn",
        "www.gov.cn",
        "zfwzgl.www.gov.cn",
    ]
)
"""Hosts every footer links to: where not even these are found, it is this machine that is cut off."""
_REMEMBERED = 10_000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEALABLE = frozenset({Kind.TIMEOUT, Kind.RESET, Kind.TRUNCATED, Kind.DNS, Kind.REFUSED, Kind.UNREACHABLE})
_NO_CONNECTION = frozenset({Kind.REFUSED, Kind.UNREACHABLE, Kind.TIMEOUT, Kind.DNS, Kind.RESET})
_HEALABLE_STATUS = frozenset({502, 504})
_HEAD_UNFIT = frozenset({400, 401, 403, 404, 405, 406, 410, 500, 501, 502, 503})
_END_OF_HOME = """
WITH RECURSIVE chain(id, n) AS (
  SELECT u.id, 0 FROM url u WHERE u.url = ?2
  UNION ALL SELECT f.next_id, n + 1 FROM chain JOIN fetch f ON f.run_id = ?1 AND f.url_id = chain.id
  WHERE f.next_id IS NOT NULL AND n < 20)
SELECT f.failure, f.message, f.next_id, c.page, f.headers
FROM chain LEFT JOIN fetch f ON f.run_id = ?1 AND f.url_id = chain.id LEFT JOIN content c ON c.id = f.content_id
ORDER BY n DESC LIMIT 1
"""
_MEDIA = re.compile(r"^content-type:\s*([^\s;]+)", re.IGNORECASE | re.MULTILINE)
_TO_PAGE, _TO_CHECK, _TO_NOTHING = 2, 1, 0

Clock = Callable[[], str]


@dataclass(slots=True)
class Progress:
    """How far a crawl is.

    Attributes:
        phase: Chinese name of what is being done.
        done, queued, failed: addresses in this phase and altogether.
    """

    phase: str = ""
    pages: int = 0
    checked: int = 0
    unchanged: int = 0
    failed: int = 0
    queued: int = 0
    active: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Crawled:
    """What a crawl came to.

    Attributes:
        run: its number in the store.
        state: ``done``, or ``stopped`` (can be resumed).
        gaps: Chinese reasons why it is not complete; empty for a whole crawl.
    """

    run: int
    state: str
    progress: Progress
    gaps: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


class CrawlError(Exception):
    """A crawl that cannot begin; the message is Chinese."""


@dataclass(slots=True)
class _Work:
    """One address to ask."""

    url_id: int
    url: str
    purpose: str
    depth: int = 0
    seed: bool = False
    known: int | None = None
    etag: str | None = None
    modified: str | None = None
    targets: bytes | None = None
    """Packed targets of the known body."""
    head: bool = False
    attempts: int = 0
    cookie: str = ""
    fresh: bool = False
    of: str = ""
    """Of robots.txt: the host it speaks for."""


class _Host:
    """One host: its pace, its queue, its robots.txt."""

    __slots__ = ("last_failure", "name", "pace", "private", "queue", "robots", "waiting")

    def __init__(self, name: str, pace: Pace, *, private: bool, waiting: bool) -> None:
        self.name = name
        self.pace = pace
        self.private = private
        self.queue: deque[_Work] = deque()
        self.robots: Any = None
        self.waiting = waiting
        self.last_failure: Failure | None = None


class _Urls:
    """Numbers of addresses: the newest in memory, all in the store."""

    _GENERATION = 20_000

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._next = (db.execute("SELECT max(id) FROM url").fetchone()[0] or 0) + 1
        self._young: dict[str, int] = {}
        self._old: dict[str, int] = {}
        self.new: list[tuple[int, str, str]] = []

    @property
    def count(self) -> int:
        return self._next

    def __call__(self, url: str) -> int:
        found = self._young.get(url)
        if found is not None:
            return found
        found = self._old.get(url)
        if found is None:
            row = self._db.execute("SELECT id FROM url WHERE url = ?", (url,)).fetchone()
            if row is None:
                return self._add(url)
            found = int(row[0])
        self._young[url] = found
        return found

    def foresee(self, urls: Iterable[str]) -> None:
        """Look up many addresses that are about to be asked for, a hundred a statement."""
        unknown = [url for url in urls if url not in self._young and url not in self._old]
        for some in batched(dict.fromkeys(unknown), 100):
            marks = ", ".join("?" * len(some))
            numbers = dict(self._db.execute(f"SELECT url, id FROM url WHERE url IN ({marks})", some))
            for url in some:
                number = numbers.get(url)
                if number is None:
                    self._add(url)
                else:
                    self._young[url] = number

    def _add(self, url: str) -> int:
        number = self._young[url] = self._next
        self._next += 1
        self.new.append((number, url, host(url)))
        return number

    @property
    def full(self) -> bool:
        """Whether it is time to :meth:`age`."""
        return len(self._young) >= self._GENERATION

    def age(self) -> None:
        """Let the oldest leave memory; all must be in the store, or they would get a second number."""
        self._old, self._young = self._young, {}


class Crawl:
    """One crawl of one site.

    Args:
        home: address of the home page.
        out: folder of the site; ``run.db`` and ``warc/`` are in it.
        options: see there.
        clock: time as ISO 8601 UTC with ``Z``.
        resume: go on with the last run, which was stopped or killed.
        progress: told of progress a few times a second.
        stopping: asked often; true ends the crawl in good order.
        trusted: further TLS authorities, a PEM file.
        apart: whether pages may be read in a second process.

    Raises:
        CrawlError: ``home`` is no address, or there is nothing to resume.
        ScopeError: a pattern in the options does not compile.
        StoreError: the store cannot be used.
    """

    def __init__(
        self,
        home: str,
        out: Path,
        options: CrawlOptions,
        *,
        clock: Clock,
        resume: bool = False,
        progress: Callable[[Progress], None] | None = None,
        stopping: Callable[[], bool] = lambda: False,
        trusted: str = "",
        apart: bool = True,
    ) -> None:
        address = canonical(home)
        if address is None:
            raise CrawlError(f"“{home}”不是网址，应以 http:// 或 https:// 开头")
        self.home = address
        self.options = options
        self.scope = Scope(address, options)
        self.out = out
        self._now = clock
        self._time = ("", 0.0)
        self._report = progress
        self._stopping = stopping
        self._trusted = trusted
        self._apart = apart
        self.progress = Progress()
        self.gaps: list[str] = []
        self.notices: list[str] = []
        self._stopped = ""
        self._traps = Traps()
        self._targets: tuple[dict[str, int], dict[str, int]] = ({}, {})
        self._dropped: dict[str, int] = {}
        self._hosts: dict[str, _Host] = {}
        self._busy: dict[str, _Host] = {}
        self._retries: list[tuple[float, int, _Work]] = []
        self._order = itertools.count()
        self._queued = 0
        self._batch = Batch()
        self._flushed = 0.0
        self._told = 0.0
        self._taken = 0
        self._spent = False
        self._fresh: set[int] = set()
        self._hops: dict[int, int] = {}
        self._sitemap_files = 0
        self._given = {host(address)}
        self._seeds = []
        for seed in options.seeds:
            url = canonical(seed)
            if url is None:
                raise CrawlError(f"起始网址“{seed}”不是网址，应以 http:// 或 https:// 开头")
            self._seeds.append(url)
            self._given.add(host(url))
            self.scope.admit(host(url))
        out.mkdir(parents=True, exist_ok=True)
        self._path = out / "run.db"
        self._db = open_store(self._path)
        try:
            self._begin(resume=resume)
        except sqlite3.Error as error:
            self._db.close()
            raise CrawlError(f"“{self._path}”写不进：{explain(error)}") from error
        except BaseException:
            self._db.close()
            raise

    def _begin(self, *, resume: bool) -> None:
        db = self._db
        db.execute("PRAGMA temp_store=FILE")
        last = latest_run(db)
        config = self.options.to_json()
        if resume:
            row = db.execute("SELECT state, home, gaps FROM run WHERE id = ?", (last,)).fetchone()
            if row is None or row[0] == "done":
                raise CrawlError(f"“{self.out}”里没有中断的抓取，不用 --resume 重新开始即可")
            if row[1] != self.home:
                raise CrawlError(f"上次中断的抓取是 {row[1]}，与这次的 {self.home} 不是同一网站")
            assert last is not None
            self.run = last
            db.execute(
                "UPDATE run SET state = 'running', gaps = '[]', config = ? WHERE id = ?", (config, last)
            )
            self._take_up()
        else:
            cursor = db.execute(
                "INSERT INTO run (started, state, home, config) VALUES (?, 'running', ?, ?)",
                (self._clock(), self.home, config),
            )
            assert cursor.lastrowid is not None
            self.run = cursor.lastrowid
        self._previous = db.execute(
            "SELECT max(id) FROM run WHERE id < ? AND state = 'done'", (self.run,)
        ).fetchone()[0]
        self._urls = _Urls(db)
        self._first_new = self._urls.count
        self._next_content = (db.execute("SELECT max(id) FROM content").fetchone()[0] or 0) + 1
        self._state = bytearray(max(65_536, self._urls.count * 2))
        for url_id, purpose, depth in db.execute(
            "SELECT url_id, purpose, depth FROM frontier WHERE run_id = ?", (self.run,)
        ):
            self._mark(url_id, _TO_PAGE if purpose == PAGE and depth < _LATER else _TO_CHECK)
        self._traps.closed |= {
            name
            for (name,) in db.execute(
                "SELECT shape FROM trap WHERE run_id = ?1 OR (run_id = ?2 AND dropped > 0)",
                (self.run, self._previous),
            )
        }
        self.progress.pages, self._taken = db.execute(
            "SELECT count(*), count(*) FILTER (WHERE failure IS NOT 'robots') FROM fetch"
            " WHERE run_id = ? AND purpose = 'page'",
            (self.run,),
        ).fetchone()
        db.execute(
            "CREATE TEMP TABLE level (n INTEGER PRIMARY KEY, url_id INTEGER, url TEXT, depth INTEGER, source TEXT,"
            " content_id INTEGER, etag TEXT, modified TEXT, targets BLOB)"
        )

    def _take_up(self) -> None:
        """Go on with a run: hosts that joined it, and what failed for want of an answer is asked again."""
        for (url,) in self._db.execute(
            "SELECT u.url FROM frontier r JOIN url u ON u.id = r.url_id WHERE r.run_id = ? AND r.source = 'seed'",
            (self.run,),
        ):
            self.scope.admit(host(url))
        kinds = ", ".join(f"'{kind}'" for kind in sorted(_HEALABLE))
        self._db.execute(
            "DELETE FROM fetch WHERE run_id = ? AND purpose IN ('page', 'sitemap')"
            f" AND (status IN (429, 503) OR failure IN ({kinds}))",
            (self.run,),
        )

    def _clock(self) -> str:
        """The time, asked for once in a while only."""
        now = time.monotonic()
        if now - self._time[1] >= 0.25:
            self._time = (self._now(), now)
        return self._time[0]

    # -- the whole ------------------------------------------------------------

    def crawl(self) -> Crawled:
        """Run to the end, or to where it has to stop."""
        self._started = time.monotonic()
        self._recorder = Recorder(self._path, self.out / "warc", self.run)
        self._transport = Transport(self.options, trusted=self._trusted)
        self._reader = Reader(apart=self._apart)
        state = "stopped"
        broken: BaseException | None = None
        try:
            self._phases()
            if not self._stopped:
                state = "done"
        except sqlite3.OperationalError as failure:  # of the store's own temporary tables
            broken = failure
        finally:
            self._transport.close()
            self._reader.close()
            if self._recorder.error is None:
                self._flush()
            self._recorder.close()
            error = self._recorder.error or broken
            if error is not None:
                state = "stopped"
                self._stopped = f"写不进运行记录（{explain(error)}），抓取停在这里；已写入的完好，处理后可用 --resume 接着抓"
            if self._stopped:
                self.gaps.insert(0, self._stopped)
            self._finish(state)
        return Crawled(self.run, state, self.progress, self.gaps, self.notices)

    def _finish(self, state: str) -> None:
        try:
            for statement in LINK_INDEXES:
                self._db.execute(statement)
            if state == "done":
                self._look_at_home()
            self._count_gaps()
            self._db.execute(
                "UPDATE run SET state = ?, finished = ?, notices = ?, gaps = ? WHERE id = ?",
                (
                    state,
                    self._clock() if state == "done" else None,
                    json.dumps(self.notices, ensure_ascii=False),
                    json.dumps(self.gaps, ensure_ascii=False),
                    self.run,
                ),
            )
        except sqlite3.OperationalError as error:  # a full disk: the run stays "running" and can be resumed
            self.gaps.append(f"运行记录没有收尾：{explain(error)}")
        finally:
            self._db.close()

    def _look_at_home(self) -> None:
        """A site whose home page could not be read was not checked, whatever else went well."""
        failure, message, onward, page, headers = self._db.execute(
            _END_OF_HOME, (self.run, self.home)
        ).fetchone()
        if page:
            return
        media = _MEDIA.search(headers or "")
        if failure == str(Kind.ROBOTS):
            words = "被 robots.txt 禁止抓取，确认是本单位网站的可加 --ignore-robots"
        elif failure is not None:
            words = f"打不开（{message}）"
        elif onward is not None:
            words = f"打不开（{WORDS[Kind.LOOP]}）"
        elif media is not None and "html" not in media.group(1):
            words = f"不是网页（类型是 {media.group(1)}）"
        else:
            words = "没有内容" if headers else "没有抓到"
        self.gaps.append(f"首页{words}，网站没有查成")

    def _count_gaps(self) -> None:
        """Say what is known and was not asked."""
        oversized = self._db.execute(
            "SELECT count(*) FROM fetch f JOIN link l ON l.content_id = f.content_id AND l.n = ?"
            " WHERE f.run_id = ? AND f.purpose = 'page'",
            (MAX_LINKS - 1, self.run),
        ).fetchone()[0]
        if oversized:
            self.gaps.append(f"有 {oversized} 个网页的链接超过 {MAX_LINKS} 个，超出的没有检查")
        total = sum(self._dropped.values())
        if total:
            names = "、".join(sorted(self._dropped)[:5])
            self.gaps.append(
                f"疑似没有尽头的网址（日历、查询参数等）共 {total} 个没有抓取：{names}；确属无用的可用 --exclude 排除"
            )
        left = sum(
            count
            for name, count in self._db.execute(
                "SELECT u.host, count(*) FROM frontier f JOIN url u ON u.id = f.url_id"
                " WHERE run_id = ? AND f.purpose <> 'sitemap' AND NOT EXISTS (SELECT 1 FROM fetch x WHERE x.run_id = f.run_id AND x.url_id = f.url_id) GROUP BY u.host",
                (self.run,),
            )
            if self.options.external or self.scope.inside(name)
        )
        if left:
            self.gaps.append(f"还有 {left} 个已发现的网址没有抓取")

    def _phases(self) -> None:
        self._phase("读取 robots.txt 和网站地图")
        self._seed()
        self._phase("抓取网页")
        self._levels()
        if self._halted():
            return
        self._phase("检查链接")
        self._believe()
        self._checks()
        if self._halted():
            return
        if self.options.probes:
            self._phase("试探不存在的网址")
            self._drain(self._probe_work())
            self._commit()
            self._checks()
        self._doubt()

    def _halted(self) -> bool:
        return bool(self._stopped)

    def _phase(self, name: str) -> None:
        self.progress.phase = name
        if not self.options.robots and name.startswith("读取"):
            self.notices.append("按要求没有遵守 robots.txt（--ignore-robots），仅限用于本单位网站")
        if self.options.insecure and name.startswith("读取"):
            self.notices.append("按要求没有核对网站证书（--insecure）")

    def _seed(self) -> None:
        self._enqueue(self.home, _TO_PAGE, 0, None, "seed")
        for seed in self._seeds:
            self._enqueue(seed, _TO_PAGE, 0, None, "seed")
        self._commit()
        if self.options.robots:
            home = self._host(self.home)
            while home.waiting and not self._stopped:
                self._turn()
        if self.options.sitemaps and not self._stopped:
            robots = self._hosts[host(self.home)].robots if self.options.robots else None
            named = [] if robots is None else list(robots.sitemaps)
            root = resolve(self.home, "/sitemap.xml")
            urls = [found[0] for name in named if (found := resolve(self.home, name)) is not None]
            if root is not None:
                urls.append(root[0])
            self._drain(self._sitemap_work(urls))
            self._commit()

    def _levels(self) -> None:
        depth = 0
        while not self._stopped:
            self._commit()
            for name in sorted(self._traps.settle()):
                self._batch.traps.append((self.run, name, 0))
            row = self._db.execute(
                "SELECT min(depth) FROM frontier f WHERE run_id = ? AND purpose = 'page' AND depth >= ?"
                " AND NOT EXISTS (SELECT 1 FROM fetch x WHERE x.run_id = f.run_id AND x.url_id = f.url_id)",
                (self.run, depth if depth < _LATER else 0),
            ).fetchone()
            if row[0] is None:
                return
            depth = row[0]
            if self.options.max_depth and depth > self.options.max_depth:
                self.gaps.append(f"按设定只抓到首页起第 {self.options.max_depth} 层，更深的没有抓取")
                return
            self._fresh.clear()
            self._drain(self._level_work(depth))
            if self._spent:
                return
            depth += 1

    # -- work -----------------------------------------------------------------

    def _pending(self, condition: str, parameters: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        """Addresses not yet asked, in order; a snapshot, so that writing goes on meanwhile."""
        db = self._db
        db.execute("DELETE FROM level")
        db.execute(
            "INSERT INTO level (url_id, url, depth, source, content_id, etag, modified, targets)"
            " SELECT u.id, u.url, f.depth, f.source, c.id, c.etag, c.modified, c.targets"
            " FROM frontier f JOIN url u ON u.id = f.url_id LEFT JOIN content c ON c.id = u.content_id"
            f" AND (c.page = 1 OR c.media NOT IN ('text/html', 'application/xhtml+xml', '')) WHERE f.run_id = ? AND {condition} AND NOT EXISTS"
            " (SELECT 1 FROM fetch x WHERE x.run_id = f.run_id AND x.url_id = f.url_id) ORDER BY u.url",
            (self.run, *parameters),
        )
        at = 0
        while True:
            rows = db.execute("SELECT * FROM level WHERE n > ? ORDER BY n LIMIT 1000", (at,)).fetchall()
            if not rows:
                return
            yield from rows
            at = rows[-1][0]

    def _level_work(self, depth: int) -> Iterator[_Work]:
        traps = self._traps
        for _, url_id, url, at, source, content, etag, modified, targets in self._pending(
            "f.depth = ? AND f.purpose = 'page'", (depth,)
        ):
            if traps.closed and content is None and (name := traps.holds(url)):
                self._batch.dropped.append((self.run, url_id))
                self._batch.traps.append((self.run, name, 1))
                self._dropped[name] = self._dropped.get(name, 0) + 1
                continue
            if self.options.max_pages and self._may_ask(url):
                if self._taken >= self.options.max_pages:
                    self._stop_at_budget(f"按设定最多抓取 {self.options.max_pages} 个网页，其余没有抓取")
                    return
                self._taken += 1
            yield _Work(url_id, url, PAGE, at, source == "seed", content, etag, modified, targets)

    def _may_ask(self, url: str) -> bool:
        """Whether robots.txt, waited for where need be, lets a page through: only such pages are counted."""
        at = self._host(url)
        while at.waiting and not self._stopped:
            self._turn()
        return at.robots is None or bool(at.robots.can_fetch(url, _ROBOTS_NAME))

    def _stop_at_budget(self, words: str) -> None:
        if words not in self.gaps:
            self.gaps.append(words)
        self._spent = True

    def _checks(self) -> None:
        """Ask the addresses that are no pages, redirects of theirs included, until none is left."""
        while not self._stopped:
            self._commit()
            before = self.progress.checked
            self._drain(self._check_work())
            self._commit()
            if self.progress.checked == before:
                return

    def _check_work(self) -> Iterator[_Work]:
        inside = self.scope.inside
        for _, url_id, url, depth, _, content, _, _, _ in self._pending("f.purpose = 'check'", ()):
            external = not inside(host(url))
            if external and not self.options.external:
                continue
            head = not external or is_file(url)
            yield _Work(url_id, url, CHECK, depth, known=content, head=head)

    def _believe(self) -> None:
        """Take good answers of other sites over from earlier runs while they are young."""
        if self._previous is None or not self.options.external or self.options.external_age <= 0:
            return
        inside = self.scope.inside
        oldest = _shifted(self._clock(), -self.options.external_age)
        while True:
            self._commit()
            rows = self._db.execute(
                "SELECT f.url_id, u.url, f.depth, x.at, x.elapsed, x.status, x.next_id, x.content_id, x.attempts,"
                " x.headers FROM frontier f JOIN url u ON u.id = f.url_id"
                " JOIN fetch x ON x.run_id = ? AND x.url_id = f.url_id"
                " WHERE f.run_id = ? AND f.purpose = 'check' AND x.purpose = 'check' AND x.failure IS NULL"
                " AND x.status BETWEEN 200 AND 399 AND x.at >= ?"
                " AND NOT EXISTS (SELECT 1 FROM fetch y WHERE y.run_id = f.run_id AND y.url_id = f.url_id)",
                (self._previous, self.run, oldest),
            ).fetchall()
            taken = 0
            for url_id, url, depth, at, elapsed, status, next_id, content, attempts, headers in rows:
                if inside(host(url)):
                    continue
                taken += 1
                self._batch.fetches.append(
                    (
                        self.run,
                        url_id,
                        CHECK,
                        at,
                        elapsed,
                        status,
                        None,
                        "",
                        next_id,
                        content,
                        attempts,
                        headers,
                        1,
                    )
                )
                if next_id is not None:
                    target = self._db.execute("SELECT url FROM url WHERE id = ?", (next_id,)).fetchone()
                    self._enqueue(target[0], _TO_CHECK, depth, url_id, "redirect")
            if not taken:
                return

    def _sitemap_work(self, urls: list[str]) -> Iterator[_Work]:
        self._sitemaps: deque[tuple[str, int]] = deque((url, 0) for url in dict.fromkeys(urls))
        self._sitemaps.extend(
            self._db.execute(
                "SELECT u.url, r.depth FROM frontier r JOIN url u ON u.id = r.url_id"
                " WHERE r.run_id = ? AND r.purpose = 'sitemap' ORDER BY r.depth, u.url",
                (self.run,),
            ).fetchall()
        )
        seen = set()
        while self._sitemaps or self._queued or len(self._transport) or self._retries:
            if not self._sitemaps:
                yield _PAUSE
                continue
            url, depth = self._sitemaps.popleft()
            if url in seen or depth > 3:
                continue
            if self._sitemap_files >= _MAX_SITEMAPS:
                self.gaps.append(f"网站地图超过 {_MAX_SITEMAPS} 个，其余没有读")
                return
            if not self.scope.inside(host(url)):
                continue
            seen.add(url)
            self._sitemap_files += 1
            url_id = self._urls(url)
            if self._db.execute(
                "SELECT 1 FROM fetch WHERE run_id = ? AND url_id = ?", (self.run, url_id)
            ).fetchone():
                continue
            yield _Work(url_id, url, SITEMAP, depth)

    def _probe_work(self) -> Iterator[_Work]:
        """Made-up addresses, one for every folder that answered with pages."""
        counts: OrderedDict[str, int] = OrderedDict()
        for (url,) in self._db.execute(
            "SELECT u.url FROM fetch f JOIN url u ON u.id = f.url_id"
            " WHERE f.run_id = ? AND f.purpose = 'page' AND f.status IN (200, 304)",
            (self.run,),
        ):
            where = folder(url)
            counts[where] = counts.get(where, 0) + 1
            if len(counts) > 20_000:
                counts.popitem(last=False)
        chosen: dict[str, int] = {}
        oldest = _shifted(self._clock(), -_PROBE_AGE_HOURS)
        for where, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            name = host(where)
            chosen[name] = chosen.get(name, 0) + 1
            if chosen[name] > _MAX_PROBES:
                continue
            token = hashlib.blake2b(where.encode(), digest_size=6).hexdigest()
            url = f"{where}no-such-page-{token}.html"
            url_id = self._urls(url)
            if self._db.execute(
                "SELECT 1 FROM fetch WHERE run_id = ? AND url_id = ?", (self.run, url_id)
            ).fetchone():
                continue
            known = self._db.execute(
                "SELECT at, elapsed, status, failure, message, next_id, content_id, attempts, headers FROM fetch"
                " WHERE run_id = ? AND url_id = ? AND purpose = 'probe' AND at >= ? AND status > 0",
                (self._previous, url_id, oldest),
            ).fetchone()
            if known is not None:
                self._batch.fetches.append((self.run, url_id, PROBE, *known, 1))
                if known[5] is not None:
                    target = self._db.execute("SELECT url FROM url WHERE id = ?", (known[5],)).fetchone()
                    self._enqueue(target[0], _TO_CHECK, 0, url_id, "redirect")
                continue
            yield _Work(url_id, url, PROBE)

    # -- the turning wheel ----------------------------------------------------

    def _drain(self, source: Iterator[_Work]) -> None:
        """Ask everything a source gives, and whatever comes back for another try."""
        self._spent = False
        exhausted = False
        while not self._stopped:
            while not exhausted and self._queued < _BUFFER:
                work = next(source, None)
                if work is None:
                    exhausted = True
                elif work is _PAUSE:
                    break
                else:
                    self._queue(work)
            if not (self._queued or len(self._transport) or self._retries or len(self._reader)):
                if exhausted:
                    return
                continue
            self._turn()

    def _queue(self, work: _Work) -> None:
        at = self._host(work.url)
        at.queue.append(work)
        self._busy[at.name] = at
        self._queued += 1

    def _turn(self) -> None:
        """Send what may be sent, take in what has come."""
        transport, now = self._transport, time.monotonic()
        while self._retries and self._retries[0][0] <= now:
            work = heapq.heappop(self._retries)[2]
            if work.purpose == ROBOTS:
                self._robots(self._hosts[work.of], work)
            else:
                self._queue(work)
        wait = 0.5
        for at in list(self._busy.values()):
            pace, waiting = at.pace, at.queue
            if at.waiting:
                continue
            if pace.gone:
                self._give_up(at)
                continue
            while waiting and len(transport) < self.options.total and pace.ready(now):
                self._send(at, waiting.popleft(), now)
            if waiting:
                wait = min(wait, pace.wait(now) or wait)
            else:
                del self._busy[at.name]
        reader = self._reader
        if len(transport):
            for response in transport.poll(min(wait, _LOOK) if len(reader) else wait):
                self._answer(response)
            self._take_readings(0.0)
        elif len(reader):
            self._take_readings(wait)
        elif self._queued or self._retries:
            if self._retries:
                wait = min(wait, max(0.0, self._retries[0][0] - now))
            time.sleep(min(wait, 0.2))
        self._watch()

    def _take_readings(self, wait: float) -> None:
        for found, token in self._reader.collect(wait):
            self._page_read(found, *token)

    def _send(self, at: _Host, work: _Work, now: float) -> None:
        self._queued -= 1
        if (
            at.robots is not None
            and work.purpose != SITEMAP
            and not at.robots.can_fetch(work.url, _ROBOTS_NAME)
        ):
            self._record(work, 0, 0.0, failure=Failure(Kind.ROBOTS, WORDS[Kind.ROBOTS]))
            return
        work.attempts += 1
        at.pace.take(now)
        external = work.purpose == CHECK and not work.head
        self._transport.start(
            Request(
                work.url,
                (work, at),
                work.head,
                work.etag,
                work.modified,
                _EXTERNAL_BYTES if external else 0,
                work.purpose in (PAGE, PROBE, CHECK),
                at.private,
                work.cookie,
                work.fresh,
            )
        )

    def _watch(self) -> None:
        now = time.monotonic()
        batch = self._batch
        if (
            batch.size >= _BATCH_BYTES
            or len(batch.fetches) >= _BATCH_PAGES
            or (batch.fetches and now - self._flushed >= _BATCH_SECONDS)
        ):
            self._flush()
        if self._urls.full:
            self._commit()
            self._urls.age()
        if self._recorder.error is not None:
            self._stopped = "写不进运行记录"
        elif self._stopping():
            self._stopped = "抓取被中断，可用 --resume 接着抓"
        elif self.options.max_seconds and now - self._started > self.options.max_seconds:
            self._stopped = f"按设定最多抓取 {self.options.max_seconds:g} 秒，时间到了，可用 --resume 接着抓"
        if self._report is not None and now - self._told >= 0.2:
            self._told = now
            progress = self.progress
            progress.queued = self._queued + len(self._retries)
            progress.active = len(self._transport)
            progress.seconds = now - self._started
            self._report(progress)

    def _host(self, url: str) -> _Host:
        name = host(url)
        at = self._hosts.get(name)
        if at is None:
            inside = self.scope.inside(name)
            options = self.options
            pace = Pace(
                options.concurrency if inside else min(options.concurrency, 2),
                options.rate if inside else min(options.rate or 5.0, 5.0),
            )
            needs = inside and options.robots
            at = _Host(name, pace, private=options.allow_private or name in self._given, waiting=needs)
            self._hosts[name] = at
            if needs:
                found = resolve(url, "/robots.txt")
                assert found is not None
                self._robots(at, _Work(self._urls(found[0]), found[0], ROBOTS, of=name))
        return at

    def _robots(self, at: _Host, work: _Work) -> None:
        work.attempts += 1
        at.pace.take(time.monotonic())
        private = self.options.allow_private or host(work.url) in self._given
        self._transport.start(Request(work.url, (work, at), enough=_ROBOTS_BYTES, private=private))

    def _give_up(self, at: _Host) -> None:
        """A host that is gone: what waits for it is left, said so, and not asked one by one."""
        del self._busy[at.name]
        self._queued -= len(at.queue)
        left = list(at.queue)
        at.queue.clear()
        if self.scope.inside(at.name) and not self._stopped:
            cause = at.last_failure.message if at.last_failure else "服务器要求停止访问"
            if at.name == host(self.home):
                self._stopped = f"网站连续没有回应（{cause}），抓取停在这里，可稍后用 --resume 接着抓"
                return
            self.gaps.append(f"{at.name} 连续没有回应（{cause}），其余网页没有抓取")
        failure = at.last_failure or Failure(Kind.SERVER_ERROR, "访问过于频繁，被服务器限制（429）", 429)
        for work in left:
            self._record(work, failure.status, 0.0, failure=failure)

    # -- answers --------------------------------------------------------------

    def _answer(self, response: Response) -> None:
        work: _Work
        at: _Host
        work, at = response.request.token
        now = time.monotonic()
        failure, status = response.failure, response.status
        if status in (429, 503) or (failure is not None and failure.kind is Kind.PRIVATE):
            worth = status and at.pace.throttle(now, response.retry_after)
            if not status:
                at.pace.give_back()
            elif (
                worth
                and work.attempts <= max(5, self.options.retries)
                and (
                    status == 429 or response.retry_after is not None or work.attempts <= self.options.retries
                )
            ):
                self._again(work, at.pace.resume)
                return
        elif failure is not None and not status:
            at.last_failure = failure
            at.pace.failed(now, connection=failure.kind in _NO_CONNECTION)
        else:
            at.pace.answered(response.elapsed)
        if (
            failure is not None
            and work.head
            and (status in _HEAD_UNFIT or failure.kind in (Kind.RESET, Kind.MALFORMED, Kind.TIMEOUT))
        ):
            work.head = False
            work.fresh = True  # some servers send a body after HEAD, which spoils the connection
            work.attempts -= 1
            self._again(work, now)
            return
        if failure is not None and failure.kind is Kind.MALFORMED and not status and not work.fresh:
            work.fresh = True
            self._again(work, now)
            return
        if failure is not None and work.attempts <= self.options.retries:
            heals = failure.kind in _HEALABLE or status in _HEALABLE_STATUS
            if heals:
                self._again(work, max(at.pace.resume, now + 0.5 * 2 ** (work.attempts - 1)))
                return
        if work.purpose == ROBOTS:
            self._read_robots(work, at, response)
        elif work.purpose == SITEMAP:
            self._read_sitemap(work, response)
        else:
            self._take(work, response)

    def _again(self, work: _Work, when: float) -> None:
        heapq.heappush(self._retries, (when, next(self._order), work))

    def _read_robots(self, work: _Work, at: _Host, response: Response) -> None:
        from protego import Protego

        if response.status in _REDIRECTS and (target := self._moved(work, response)):
            self._robots(at, _Work(work.url_id, target, ROBOTS, work.depth + 1, of=work.of))
            return
        at.waiting = False
        failure = response.failure
        self._record(work, response.status, response.elapsed, failure=failure, response=response)
        if failure is not None and (response.status >= 500 or not response.status or response.status == 429):
            if response.status:
                words = f"{at.name} 的 robots.txt 取不到（{failure.message}），按规范不得抓取；确认是本单位网站的，可加 --ignore-robots"
            else:
                words = f"{at.name} 打不开（{failure.message}）"
                if str(failure.kind).startswith("tls"):
                    words += "；确认是本单位网站的，可加 --insecure"
            if at.name == host(self.home):
                self._stopped = f"{words}；抓取停在这里，处理后可用 --resume 接着抓"
                if not response.status:
                    self._record(
                        _Work(self._urls(self.home), self.home, PAGE), 0, response.elapsed, failure=failure
                    )
            else:
                self.gaps.append(words)
                at.robots = Protego.parse("User-agent: *\nDisallow: /")
            return
        text = ""
        if response.status == 200:
            if response.html or response.body.lstrip()[:1] == b"<":
                self.notices.append(f"{at.name} 的 robots.txt 其实是一个网页，按没有 robots.txt 处理")
            else:
                text = response.body.decode("utf-8-sig", "replace")
        at.robots = Protego.parse(text)
        delay = at.robots.crawl_delay(_ROBOTS_NAME)
        if delay:
            at.pace.delay = min(float(delay), 60.0)

    def _moved(self, work: _Work, response: Response) -> str:
        """Where robots.txt or a sitemap is now; empty where following it leads nowhere."""
        found = resolve(work.url, response.location) if response.location else None
        return "" if found is None or found[0] == work.url or work.depth >= _MAX_MOVES else found[0]

    def _read_sitemap(self, work: _Work, response: Response) -> None:
        if response.status in _REDIRECTS and (target := self._moved(work, response)):
            if self.scope.inside(host(target)):
                self._queue(_Work(work.url_id, target, SITEMAP, work.depth + 1))
                return
        elif response.status == 200 and response.html:  # may yet be asked for as the page it is
            if not work.url.endswith("/sitemap.xml"):
                self.notices.append(f"网站地图 {work.url}：不是网站地图，而是普通网页")
            return
        self._record(work, response.status, response.elapsed, failure=response.failure, response=response)
        if response.status != 200 or response.failure is not None:
            return
        found = read_sitemap(response.body, work.url)
        if found.fault and not work.url.endswith("/sitemap.xml"):
            self.notices.append(f"网站地图 {work.url}：{found.fault}")
        for url in found.sitemaps:
            self._sitemaps.append((url, work.depth + 1))
            if self.scope.inside(host(url)) and self._wanted(self._urls(url), _TO_CHECK):
                self._batch.frontier.append(
                    (self.run, self._urls(url), work.depth + 1, SITEMAP, None, "sitemap")
                )
        pages = [url for url in found.pages if self.scope.purpose(url, True) == PAGE]
        for some in batched(pages, _FORESEEN):
            self._urls.foresee(some)
            for url in some:
                self._enqueue(url, _TO_CHECK, _LATER, None, "sitemap")

    def _take(self, work: _Work, response: Response) -> None:
        failure, status = response.failure, response.status
        if status in _REDIRECTS and response.location:
            self._redirected(work, response)
            return
        if work.purpose == PAGE:
            self.progress.pages += 1
        elif work.purpose == CHECK:
            self.progress.checked += 1
        if status == 304 and work.known is not None:
            self.progress.unchanged += 1
            self._record(work, 304, response.elapsed, content=work.known, response=response)
            self._follow_known(work)
            return
        if failure is not None and work.purpose in (PAGE, CHECK):
            self.progress.failed += 1  # a made-up address is meant to fail, a sitemap need not be there
        content = None
        if response.body and (work.purpose == CHECK or (response.whole and status)):
            content = self._keep(work, response)
            if content is None:
                return
        self._record(work, status, response.elapsed, failure=failure, content=content, response=response)

    def _redirected(self, work: _Work, response: Response) -> None:
        resolved = resolve(work.url, response.location)
        if resolved is not None and resolved[0] == work.url and response.cookie and not work.cookie:
            work.cookie = response.cookie
            self._again(work, 0.0)
            return
        if work.purpose == PAGE:
            self.progress.pages += 1
        else:
            self.progress.checked += 1
        if resolved is None:
            words = f"服务器要求跳转到不是网页的地址（{response.location[:80]}）"
            self._record(
                work,
                response.status,
                response.elapsed,
                failure=Failure(Kind.MALFORMED, words),
                response=response,
            )
            return
        target = resolved[0]
        if work.seed and not self.scope.inside(host(target)):
            self.scope.admit(host(target))
            for known in self._targets:
                known.clear()  # decided without that host
            self.notices.append(f"{work.url} 跳转到 {target}，一并作为本网站抓取")
        purpose = self.scope.purpose(target, True) if work.purpose == PAGE else CHECK
        next_id = self._urls(target)
        hops = self._hops.get(work.url_id, 0) + 1
        if hops > _MAX_HOPS:
            failure = Failure(Kind.REDIRECTS, WORDS[Kind.REDIRECTS])
            self._record(
                work, response.status, response.elapsed, failure=failure, next_id=next_id, response=response
            )
            return
        self._hops[next_id] = min(hops, self._hops.get(next_id, hops))
        self._record(work, response.status, response.elapsed, next_id=next_id, response=response)
        if purpose:
            code = _TO_PAGE if purpose == PAGE else _TO_CHECK
            self._enqueue(
                target,
                code,
                work.depth + (work.purpose == PAGE),
                work.url_id,
                "seed" if work.seed else "redirect",
            )

    def _keep(self, work: _Work, response: Response) -> int | None:
        """Keep a body: its snapshot and, of pages, its links.

        Returns its number; ``None`` where the page is still being read (see :meth:`_page_read`,
        which records the answer as well: nothing is on record whose links are not).
        """
        body, html, batch = response.body, response.html, self._batch
        page = work.purpose == PAGE and response.status == 200
        digest = hashlib.sha1(body, usedforsecurity=False).digest()
        same = None
        if work.url_id < self._first_new:
            same = self._db.execute(
                "SELECT id, page, targets FROM content WHERE url_id = ? AND digest = ?", (work.url_id, digest)
            ).fetchone()
            if same is not None and (same[1] or not (page and html)):
                work.targets = same[2]
                self._seen_again(work, response, same[0])
                return int(same[0])
        if same is not None:  # asked so far only whether it is alive
            content = int(same[0])
        else:
            content = self._next_content
            self._next_content += 1
        if html and page:
            token = (work, response, content, None if same is not None else digest)
            found = self._reader.give(Page(work.url, response.charset, response.whole, body), token)
            if found is not None:
                self._page_read(found, *token)
            return None
        title = words = ""
        if html:
            title, words = excerpt(text_of(body, response.charset, whole=response.whole))
        batch.bodies.append(
            Body(
                content, work.url_id, work.url, self._clock(), response.status, response.headers, body, digest,
                response.media, response.charset, title, words, response.etag, response.modified, "",
                array("q", [self.scope.stamp]).tobytes(),
                int(html and work.purpose == PROBE and response.status == 200), response.status == 200,
            )
        )  # fmt: skip
        if response.status == 200:
            batch.newest.append((content, work.url_id))
        batch.size += len(body)
        return content

    def _page_read(
        self, found: Reading, work: _Work, response: Response, content: int, digest: bytes | None
    ) -> None:
        """A page has been read: its links, its body (``digest``: not known yet) and the answer go on record."""
        batch = self._batch
        if found.lost:
            self.gaps.append(f"{work.url} 的链接没有读出来：{found.lost}")
        targets = self._follow(work, response, content, found.links).tobytes()
        if digest is None:
            batch.read.append((found.title, found.anchors, targets, content))
        else:
            batch.bodies.append(
                Body(
                    content, work.url_id, work.url, self._clock(), response.status, response.headers,
                    response.body, digest, response.media, response.charset, found.title, "", response.etag,
                    response.modified, found.anchors, targets, 1, True,
                )
            )  # fmt: skip
            batch.size += len(response.body)
        batch.newest.append((content, work.url_id))
        self._record(
            work,
            response.status,
            response.elapsed,
            failure=response.failure,
            content=content,
            response=response,
        )

    def _seen_again(self, work: _Work, response: Response, content: int) -> None:
        if work.purpose == PAGE and response.status == 200:
            self.progress.unchanged += 1
            work.known = content
            self._batch.newest.append((content, work.url_id))
            self._follow_known(work)

    def _follow(
        self, work: _Work, response: Response, content: int, found: list[tuple[Any, ...]]
    ) -> array[int]:
        """Put the links of a page on record and what they lead to in the queue; returns its packed targets."""
        targets = array("q", [self.scope.stamp])
        own = other = 0
        fresh = self._fresh
        shaped = shape(work.url)
        links, depth = self._batch.links, work.depth + 1
        wanted, state = self._targets, self._state
        for n, (url, fragment, kind, text, place, line, rel, hidden) in enumerate(found):
            known = wanted[kind in FOLLOWED]
            packed = known.get(url)
            if packed is None:
                packed = self._target(url, kind)
            target, code = packed >> 2, packed & 3
            if kind == "form":
                code = _TO_NOTHING
            links.append((content, n, target, fragment, kind, text, place, line, rel, hidden))
            targets.append(target << 2 | code)
            if not code:
                continue
            if target >= len(state) or state[target] < code:
                self._put(target, code, depth, work.url_id, "link")
                if code == _TO_PAGE:
                    fresh.add(target)
            if code == _TO_PAGE and target in fresh:
                if shape(url) == shaped:
                    own += 1
                else:
                    other += 1
        self._traps.page(work.url, response.body, own, other)
        return targets

    def _follow_known(self, work: _Work) -> None:
        """Follow the links of a page that has not changed."""
        if work.purpose != PAGE:
            return
        depth = work.depth + 1
        packed = array("q")
        packed.frombytes(work.targets or b"")
        state, size = self._state, len(self._state)
        if packed and packed[0] == self.scope.stamp:
            for item in itertools.islice(packed, 1, None):
                target, code = item >> 2, item & 3
                if code and (target >= size or state[target] < code):
                    self._put(target, code, depth, work.url_id, "link")
            return
        again = array("q", [self.scope.stamp])
        for target, url, kind in self._db.execute(
            "SELECT l.target_id, u.url, l.kind FROM link l JOIN url u ON u.id = l.target_id"
            " WHERE l.content_id = ? ORDER BY l.n",
            (work.known,),
        ):
            code = self._code(url, kind)
            again.append(target << 2 | code)
            if code and self._wanted(target, code):
                self._put(target, code, depth, work.url_id, "link")
        self._batch.packed.append((again.tobytes(), work.known))

    def _target(self, url: str, kind: str) -> int:
        """Number of an address and what a link leads to, packed; kept for the pages to come."""
        known = self._targets[kind in FOLLOWED]
        if len(known) >= _REMEMBERED:
            known.clear()
        packed = known[url] = self._urls(url) << 2 | self._code(url, kind)
        return packed

    def _code(self, url: str, kind: str) -> int:
        """What a link leads to, in this scope."""
        purpose = self.scope.purpose(url, kind in FOLLOWED)
        return _TO_PAGE if purpose == PAGE else _TO_CHECK if purpose else _TO_NOTHING

    # -- rows -----------------------------------------------------------------

    def _mark(self, url_id: int, code: int) -> None:
        if url_id >= len(self._state):
            self._state.extend(bytes(max(65_536, url_id + 1 - len(self._state))))
        self._state[url_id] = max(self._state[url_id], code)

    def _wanted(self, url_id: int, code: int) -> bool:
        return url_id >= len(self._state) or self._state[url_id] < code

    def _enqueue(self, url: str, code: int, depth: int, referrer: int | None, source: str) -> None:
        url_id = self._urls(url)
        if self._wanted(url_id, code):
            self._put(url_id, code, depth, referrer, source)

    def _put(self, url_id: int, code: int, depth: int, referrer: int | None, source: str) -> None:
        self._mark(url_id, code)
        purpose = PAGE if code == _TO_PAGE or source == "sitemap" else CHECK
        self._batch.frontier.append((self.run, url_id, depth, purpose, referrer, source))

    def _record(
        self,
        work: _Work,
        status: int,
        elapsed: float,
        *,
        failure: Failure | None = None,
        content: int | None = None,
        next_id: int | None = None,
        response: Response | None = None,
    ) -> None:
        self._batch.fetches.append(
            (
                self.run,
                work.url_id,
                work.purpose,
                self._clock(),
                round(elapsed, 6),
                status,
                None if failure is None else str(failure.kind),
                "" if failure is None else failure.message,
                next_id,
                content,
                work.attempts,
                "" if response is None else response.headers,
                0,
            )
        )

    def _flush(self) -> None:
        batch = self._batch
        self._flushed = time.monotonic()
        batch.urls, self._urls.new = self._urls.new, []
        if batch:
            self._recorder.put(batch)
        self._batch = Batch()

    def _commit(self) -> None:
        """Write all that is known and wait for it."""
        self._flush()
        self._recorder.drain()
        if self._recorder.error is not None:
            self._stopped = self._stopped or "写不进运行记录"

    def _doubt(self) -> None:
        """Where no other site at all could be found, it is this machine that is cut off."""
        rows = self._db.execute(
            "SELECT u.host, max(f.failure IS NULL OR f.failure NOT IN ('dns', 'dns-temporary', 'unreachable'))"
            " FROM fetch f JOIN url u ON u.id = f.url_id WHERE f.run_id = ? AND f.purpose = 'check' GROUP BY u.host",
            (self.run,),
        ).fetchall()
        outside = [(name, reached) for name, reached in rows if not self.scope.inside(name)]
        telling = len(outside) >= 3 or any(name in _ALWAYS_THERE for name, _ in outside)
        if telling and not any(reached for _, reached in outside):
            self._db.execute(
                "UPDATE fetch SET failure = 'dns-temporary', message = '所有外部网址都连不上，本机可能没有联网'"
                " WHERE run_id = ? AND purpose = 'check' AND failure IN ('dns', 'unreachable')",
                (self.run,),
            )
            self.gaps.append(f"外部网站（{len(outside)} 个）全部连不上，本机可能没有联网，外部链接没有查成")


_PAUSE = _Work(0, "", "")


def batched(items: Iterable[str], size: int) -> Iterator[list[str]]:
    """Items in lists of ``size``; the last may be shorter."""
    waiting = iter(items)
    while some := list(itertools.islice(waiting, size)):
        yield some


def _shifted(at: str, hours: float) -> str:
    """A time so many hours later (earlier where negative)."""
    from datetime import datetime, timedelta

    moved = datetime.fromisoformat(at) + timedelta(hours=hours)
    return moved.strftime("%Y-%m-%dT%H:%M:%SZ")

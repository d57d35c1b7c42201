"""Small sites for the examples of site rules: a mapping of addresses to pages becomes a run store.

The closure of links from the home page is "crawled" in memory, breadth first, by the same
extraction and the same reading of facts as a real crawl; nothing touches a network.
"""

from __future__ import annotations

import hashlib
import sqlite3
from array import array
from collections.abc import Mapping
from datetime import date

from qa.engine import article_title, document_identity
from qa.readers import read
from qa.site.extract import FOLLOWED, excerpt, extract
from qa.site.facts import bands, read_facts
from qa.site.model import Reply, Site, SiteConfig, SiteExample, SiteHit, SiteRule
from qa.site.soft import mark_soft_404
from qa.site.store import CHECK, LINK_INDEXES, PAGE, PROBE, open_store
from qa.site.urls import canonical, host
from qa.source import Source

_TOKEN = "shenjiao-probe"  # noqa: S105 - no secret: part of an address that cannot exist
_MESSAGES = {404: "找不到该网页（404）", 410: "网页已删除（410）", 500: "服务器内部出错（500）"}


class _Builder:
    def __init__(self, db: sqlite3.Connection, example: SiteExample) -> None:
        self.db = db
        self.example = example
        self.host = host(example.home)

    def url(self, url: str) -> int:
        self.db.execute("INSERT OR IGNORE INTO url (url, host) VALUES (?, ?)", (url, host(url)))
        return int(self.db.execute("SELECT id FROM url WHERE url = ?", (url,)).fetchone()[0])

    def crawl(self, day: date, pages: Mapping[str, str | Reply]) -> int:
        """One run over the site as it is on a day; returns its number."""
        db, home = self.db, self.example.home
        at = f"{day.isoformat()}T02:00:00Z"
        run = db.execute(
            "INSERT INTO run (started, finished, state, home, config) VALUES (?, ?, 'done', ?, '{}')",
            (at, at, home),
        ).lastrowid
        assert run is not None
        answers = {}
        for name, answer in pages.items():
            url = canonical(name if "//" in name else home + name.removeprefix("/"))
            assert url is not None, name
            answers[url] = answer if isinstance(answer, Reply) else Reply(answer)
        level: list[tuple[str, str, int | None, str]] = [(home, PAGE, None, "seed")]
        level += [(url, PAGE, None, "sitemap") for url in answers if host(url) == self.host and url != home]
        known = set()
        orphans = level[1:]
        queue = level[:1]
        depth = 0
        while queue or orphans:
            if not queue:
                queue, orphans = [item for item in orphans if item[0] not in known], []
            following: list[tuple[str, str, int | None, str]] = []
            for url, purpose, referrer, source in queue:
                if url in known:
                    continue
                known.add(url)
                url_id = self.url(url)
                db.execute(
                    "INSERT INTO frontier VALUES (?, ?, ?, ?, ?, ?)",
                    (run, url_id, depth, purpose, referrer, source),
                )
                reply = answers.get(url, Reply(status=404))
                following += self.fetch(run, at, url, url_id, purpose, reply)
            queue = following
            depth += 1
        for path, answer in self.example.probes.items():
            url = f"{home.rstrip('/')}{path}{_TOKEN}.html"
            reply = answer if isinstance(answer, Reply) else Reply(answer)
            self.fetch(run, at, url, self.url(url), PROBE, reply)
        return run

    def fetch(
        self, run: int, at: str, url: str, url_id: int, purpose: str, reply: Reply
    ) -> list[tuple[str, str, int | None, str]]:
        db = self.db
        following: list[tuple[str, str, int | None, str]] = []
        content: int | None = None
        next_id: int | None = None
        if reply.to:
            target = canonical(
                reply.to if "//" in reply.to else self.example.home + reply.to.removeprefix("/")
            )
            assert target is not None, reply.to
            next_id = self.url(target)
            inside = host(target) == self.host
            following.append((target, purpose if inside else CHECK, url_id, "redirect"))
        elif reply.status == 200:
            content, following = self.content(run, at, url, url_id, purpose, reply)
        failure = reply.failure or (
            None if reply.status < 400 else "client-error" if reply.status < 500 else "server-error"
        )
        message = _MESSAGES.get(reply.status, reply.failure and f"打不开（{reply.failure}）")
        db.execute(
            "INSERT INTO fetch (run_id, url_id, purpose, at, elapsed, status, failure, message, next_id,"
            " content_id, headers) VALUES (?, ?, ?, ?, 0.05, ?, ?, ?, ?, ?, ?)",
            (run, url_id, purpose, at, reply.status, failure, message or "", next_id, content, reply.headers),
        )
        return following

    def content(
        self, run: int, at: str, url: str, url_id: int, purpose: str, reply: Reply
    ) -> tuple[int, list[tuple[str, str, int | None, str]]]:
        db = self.db
        digest = hashlib.sha1(reply.body.encode(), usedforsecurity=False).digest()
        row = db.execute(
            "SELECT id FROM content WHERE url_id = ? AND digest = ?", (url_id, digest)
        ).fetchone()
        new = row is None
        html = reply.media == "text/html"
        if row is None:
            made = db.execute(
                "INSERT INTO content (url_id, digest, size, media, charset, run_id, first_seen, page)"
                " VALUES (?, ?, ?, ?, 'utf-8', ?, ?, ?)",
                (
                    url_id,
                    digest,
                    len(reply.body.encode()),
                    reply.media,
                    run,
                    at,
                    int(purpose == PAGE and html),
                ),
            )
            assert made.lastrowid is not None
            content = made.lastrowid
        else:
            content = row[0]
        following: list[tuple[str, str, int | None, str]] = []
        if not html:
            return content, following
        if purpose != PAGE:
            title, words = excerpt(reply.body)
            db.execute("UPDATE content SET title = ?, excerpt = ? WHERE id = ?", (title, words, content))
        if purpose == CHECK:
            return content, following
        found = extract(reply.body, url)
        targets = array("q")
        for n, link in enumerate(found.links if purpose == PAGE else ()):
            target = self.url(link.url)
            if new:
                db.execute(
                    "INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (content, n, target, link.fragment, link.kind, link.text, link.place, link.line, link.rel,
                     link.hidden),
                )  # fmt: skip
            targets.append(target)
            follow = link.kind in FOLLOWED and host(link.url) == self.host
            following.append((link.url, PAGE if follow else CHECK, url_id, "link"))
        if new:
            db.execute(
                "UPDATE content SET title = ?, anchors = ?, targets = ? WHERE id = ?",
                (found.title, "\n".join(found.anchors), targets.tobytes(), content),
            )
            self.judge(content, url, reply)
        return content, following

    def judge(self, content: int, url: str, reply: Reply) -> None:
        document = read(Source(url, reply.body, "html", url=url))
        facts = read_facts(document, url)
        row = {
            "content_id": content,
            "ruleset": "example",
            "title": article_title(document),
            "identity": document_identity(document),
            **facts.row(),
        }
        names = ", ".join(row)
        self.db.execute(
            f"INSERT INTO page ({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
        )
        self.db.executemany(
            "INSERT OR IGNORE INTO band VALUES (?, ?)", [(key, content) for key in bands(facts.sketch)]
        )


def build(example: SiteExample) -> Site:
    """The example's site, as a run store in memory."""
    db = open_store(":memory:")
    for statement in LINK_INDEXES:
        db.execute(statement)
    builder = _Builder(db, example)
    if example.before is not None:
        builder.crawl(*example.before)
    run = builder.crawl(example.today, example.pages)
    mark_soft_404(db, run)
    return Site(db, run, example.config or SiteConfig(example.home), today=example.today)


def hits(one: SiteRule, example: SiteExample) -> list[SiteHit]:
    """Hits of one rule alone over an example's site."""
    return list(one.check(build(example)))

"""Soft 404: pages answered with 200 that say "no such page" (see :func:`mark_soft_404`).

A crawl asks for a made-up address in every folder.  Where that is answered with 404 the folder is
honest and its pages are believed.  Where it is answered with 200, or led elsewhere, pages of the
folder that look the same, or are led to the same place, are not there either.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from qa.site.sketch import similarity
from qa.site.store import CHECK, PAGE, PROBE
from qa.site.urls import folder

SOFT_404 = "soft404"
"""Name of the mark."""
ATTACHMENT = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|rtf|csv|zip|rar|7z|jpe?g|png|gif|bmp|mp[34]|wmv|avi|flv)\Z",
    re.IGNORECASE,
)
"""Ends of paths that are never pages."""
HOME_ALIAS = re.compile(
    r"/?(?:(?:index|default|home|main|welcome|cn|zh|zh-cn)(?:\.\w+)?/?)?\Z", re.IGNORECASE
)
"""Paths under which a home page goes."""

_SAME = 0.9
_MOST = 0.9
_NAMED = 3
"""Folders named in a remark."""
_ECHOES = 4
"""How often a page may repeat the address it was asked for."""
_INDEX = re.compile(r"(?:index|default|home|main)(?:\.\w+)?\Z", re.IGNORECASE)
_LOGIN = re.compile(r"login|signin|logon|passport|oauth|/sso|/cas\b|/auth|denglu", re.IGNORECASE)
_ECHO = re.compile(r"[\w%.~-]*\d[\w%.~-]*|\s+", re.ASCII)
_SAYS_SO = re.compile(
    r"\A\W*(?:(?:http\s*)?(?:错误|error)?\s*[-:：]?\s*404\b.{0,30}|.{0,6}(?:页面|网页|文件|内容|资源|文章|信息)"
    r"(?:不存在|未找到|没有找到|找不到(?:了)?|已(?:被)?删除|已下线).{0,20}|找不到.{0,8}(?:页面|网页|文件|资源).{0,20}"
    r"|(?:page |file )?not found\b.{0,30}|.{0,12}404\s*(?:not found|错误|error|页面|未找到).{0,20})\Z",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Answer:
    """What an address answered with 200: all that two answers are compared by."""

    url: str
    title: str
    excerpt: str
    digest: bytes
    text_hash: str
    size: int
    content: int


@dataclass(slots=True)
class _Probe:
    """What a made-up address taught of its folder.

    Attributes:
        answer: where it was answered with 200.
        end: id of the address it was led to, where it was led to a fixed one.
        honest: answered as it should be, or not at all: nothing to learn.
        says_so: the answer reads like an error page.
        usual: the answer is that of the whole host, and not its home page.
        scope, matched: pages asked in the folder, and those that look like the answer, with
            whether each is the folder's own index page.
    """

    folder: str
    answer: _Answer | None = None
    end: int | None = None
    honest: bool = False
    says_so: bool = False
    usual: bool = False
    scope: int = 0
    matched: list[tuple[int, bool]] = field(default_factory=list)


def says_gone(title: str) -> bool:
    """Whether a page's title is that of an error page: “404 Not Found”, “页面不存在”."""
    return bool(title) and len(title) < 60 and bool(_SAYS_SO.match(title))


def _plain(text: str, url: str) -> str:
    """A title or excerpt without what may echo the address asked for: its path, names, numbers."""
    parts = urlsplit(url)
    path = parts.path
    for echo in (url, path, unquote(path), path.rpartition("/")[2]):
        if len(echo) > 1:
            text = text.replace(echo, "")
    return _ECHO.sub("", text).casefold()


def _echoes(answer: _Answer, probe: _Answer) -> bool:
    """Whether two bodies differ in length as they would by repeating their addresses, and in nothing else."""
    longer = len(answer.url.encode()) - len(probe.url.encode())
    return answer.size - probe.size in {times * longer for times in range(_ECHOES + 1)}


class _Marker:
    def __init__(self, db: sqlite3.Connection, run: int) -> None:
        self.db = db
        self.run = run
        self.next: dict[int, int] = dict(
            db.execute("SELECT url_id, next_id FROM fetch WHERE run_id = ? AND next_id IS NOT NULL", (run,))
        )
        home = db.execute(
            "SELECT u.id, u.url FROM run r JOIN url u ON u.url = r.home WHERE r.id = ?", (run,)
        ).fetchone()
        self.home: frozenset[int] = frozenset({home[0], self.end(home[0])}) if home else frozenset()
        self.site = urlsplit(home[1]).netloc if home else ""
        self.probes = {probe.folder: probe for probe in self._read_probes()}
        self.nearest: dict[str, _Probe | None] = {}
        self.marked: set[int] = set()

    def end(self, url_id: int) -> int:
        """Last address of a chain of redirects; the address itself for loops."""
        at = url_id
        for _ in range(11):
            following = self.next.get(at)
            if following is None:
                return at
            at = following
        return url_id

    def _answer(self, url_id: int) -> tuple[_Answer | None, bool]:
        """The page an address answered with 200, and whether it says that it is none."""
        row = self.db.execute(
            "SELECT u.url, c.title, c.excerpt, c.digest, coalesce(p.text_hash, ''), c.size,"
            " c.id, coalesce(p.error_page, 0) FROM fetch f JOIN url u ON u.id = f.url_id"
            " JOIN content c ON c.id = f.content_id LEFT JOIN page p ON p.content_id = c.id"
            " WHERE f.run_id = ? AND f.url_id = ? AND f.status IN (200, 304)",
            (self.run, url_id),
        ).fetchone()
        return (None, False) if row is None else (_Answer(*row[:7]), bool(row[7]) or says_gone(row[1]))

    def _read_probes(self) -> Iterator[_Probe]:
        rows = self.db.execute(
            "SELECT f.url_id, u.url FROM fetch f JOIN url u ON u.id = f.url_id"
            " WHERE f.run_id = ?1 AND f.purpose = ?2 AND f.url_id NOT IN (SELECT next_id FROM fetch"
            " WHERE run_id = ?1 AND purpose = ?2 AND next_id IS NOT NULL) ORDER BY u.url",
            (self.run, PROBE),
        ).fetchall()
        for url_id, url in rows:
            end = self.end(url_id)
            name = url.rpartition("/")[2]
            answer, says_so = self._answer(end)
            end_url = self.db.execute("SELECT url FROM url WHERE id = ?", (end,)).fetchone()[0]
            if end != url_id and name not in end_url:
                # Led to one place whatever was asked; a login page says nothing of what is behind it.
                useless = _LOGIN.search(end_url) is not None or (answer is None and end not in self.home)
                yield _Probe(folder(url), end=end, honest=useless)
                continue
            yield _Probe(folder(url), answer, honest=answer is None, says_so=says_so)
            if end != url_id and folder(end_url) != folder(url):
                yield _Probe(folder(end_url), answer, honest=answer is None, says_so=says_so)

    def probe_of(self, url: str) -> _Probe | None:
        """Probe of the folder of an address, or of the nearest folder above it."""
        at = folder(url)
        if at in self.nearest:
            return self.nearest[at]
        probe = self.probes.get(at)
        if probe is None and at.count("/") > 3:
            probe = self.probe_of(at[:-1])
        self.nearest[at] = probe
        return probe

    def same(self, answer: _Answer, probe: _Answer) -> bool:
        """Whether an answer is what the made-up address got."""
        if answer.digest == probe.digest:
            return True
        if _plain(answer.title, answer.url) != _plain(probe.title, probe.url):
            return False
        if answer.text_hash and answer.text_hash == probe.text_hash:
            return True
        if not answer.text_hash:
            if answer.excerpt and probe.excerpt:
                return _plain(answer.excerpt, answer.url) == _plain(probe.excerpt, probe.url)
            return not probe.text_hash and _echoes(answer, probe)
        sketches = [
            row[0]
            for row in self.db.execute(
                "SELECT sketch FROM page WHERE content_id IN (?, ?) AND sketch IS NOT NULL",
                (answer.content, probe.content),
            )
        ]
        return len(sketches) == 2 and similarity(*sketches) >= _SAME

    def answered(self) -> None:
        """Look at every address that was answered with 200."""
        rows = self.db.execute(
            "SELECT f.url_id, u.host, c.media, coalesce(p.error_page, 0), u.url, c.title, c.excerpt, c.digest,"
            " coalesce(p.text_hash, ''), c.size, c.id FROM fetch f JOIN url u ON u.id = f.url_id"
            " JOIN content c ON c.id = f.content_id LEFT JOIN page p ON p.content_id = c.id"
            " WHERE f.run_id = ? AND f.purpose IN (?, ?) AND f.status IN (200, 304)",
            (self.run, PAGE, CHECK),
        )
        for url_id, host, media, error_page, *facts in rows:
            if url_id in self.home or media not in ("text/html", "application/xhtml+xml"):
                continue
            answer = _Answer(*facts)
            if error_page or says_gone(answer.title):
                self.marked.add(url_id)
                continue
            if host == self.site and ATTACHMENT.search(answer.url.partition("?")[0]):
                self.marked.add(url_id)
                continue
            probe = self.probe_of(answer.url)
            if probe is None or probe.answer is None:
                continue
            probe.scope += 1
            if self.same(answer, probe.answer):
                rest = answer.url[len(probe.folder) :].partition("?")[0]
                probe.matched.append((url_id, not rest or _INDEX.match(rest) is not None))

    def redirected(self) -> None:
        """Mark addresses led to where made-up ones are led."""
        rows = self.db.execute(
            "SELECT f.url_id, u.url FROM fetch f JOIN url u ON u.id = f.url_id"
            " WHERE f.run_id = ? AND f.purpose IN (?, ?) AND f.next_id IS NOT NULL",
            (self.run, PAGE, CHECK),
        )
        for url_id, url in rows:
            if url_id in self.home or HOME_ALIAS.match(urlsplit(url).path):
                continue
            probe = self.probe_of(url)
            if (
                probe is not None
                and not probe.honest
                and probe.end is not None
                and self.end(url_id) == probe.end
            ):
                self.marked.add(url_id)

    def _shells(self) -> Iterator[_Probe]:
        """Folders where everything is answered with one and the same shell, pages that exist too."""
        totals: Mapping[str, list[int]] = defaultdict(lambda: [0, 0])
        for probe in self.probes.values():
            total = totals[urlsplit(probe.folder).netloc]
            total[0] += probe.scope
            total[1] += len(probe.matched)
        homes = [answer for one in self.home if (answer := self._answer(one)[0]) is not None]
        for probe in self.probes.values():
            if probe.answer is None or probe.says_so or not probe.matched:
                continue
            netloc = urlsplit(probe.folder).netloc
            scope, matched = totals[netloc]
            is_home = netloc == self.site and any(self.same(home, probe.answer) for home in homes)
            root = self.probes.get(f"{probe.folder.partition('//')[0]}//{netloc}/")
            probe.usual = (
                root is not None
                and root is not probe
                and root.answer is not None
                and self.same(root.answer, probe.answer)
                and not is_home
            )
            own = any(index for _, index in probe.matched) and not probe.usual
            if (is_home and matched >= _MOST * scope) or (own and len(probe.matched) >= _MOST * probe.scope):
                yield probe

    def compared(self) -> list[str]:
        """Mark what looks like the answer to a made-up address; a Chinese remark on what cannot be told."""
        shells = {probe.folder for probe in self._shells()}
        for probe in self.probes.values():
            if probe.folder in shells:
                continue
            told = probe.says_so or probe.usual or not any(index for _, index in probe.matched)
            self.marked.update(url_id for url_id, index in probe.matched if told or not index)
        if not shells:
            return []
        named = "、".join(sorted(shells)[:_NAMED])
        rest = f" 等 {len(shells)} 个文件夹" if len(shells) > _NAMED else ""
        return [
            f"{named}{rest or ' '}下无论什么网址都返回同一个页面（多为单页应用），无法识别其中“状态正常、实为出错”的网页"
        ]


def mark_soft_404(db: sqlite3.Connection, run: int) -> int:
    """Mark the pages of a run that are soft 404s; returns how many.

    Marks of an earlier judging are made anew.  What cannot be told (folders that answer everything
    with one shell) is added to the run's notices.
    """
    marker = _Marker(db, run)
    marker.answered()
    marker.redirected()
    remarks = marker.compared()
    db.execute("DELETE FROM mark WHERE run_id = ? AND name = ?", (run, SOFT_404))
    db.executemany(
        "INSERT INTO mark (run_id, url_id, name) VALUES (?, ?, ?)",
        ((run, url_id, SOFT_404) for url_id in sorted(marker.marked)),
    )
    notices = json.loads(db.execute("SELECT notices FROM run WHERE id = ?", (run,)).fetchone()[0])
    added = [remark for remark in remarks if remark not in notices]
    if added:
        db.execute(
            "UPDATE run SET notices = ? WHERE id = ?",
            (json.dumps([*notices, *added], ensure_ascii=False), run),
        )
    return len(marker.marked)

"""Addresses of a site with the pages that carry them, in one query a rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal
from urllib.parse import urlsplit

from qa.site.model import Site, SiteHit
from qa.site.soft import ATTACHMENT, HOME_ALIAS
from rules.links._classify import Kind, host_kind

DEAD = frozenset({"dns", "refused", "tls-expired", "tls-host", "redirect-loop", "redirects", "bad-url"})
"""Failures that say an address is dead, as ``crawler.links`` has them."""
DEAD_STATUS = frozenset({404, 410, 500, 501, 502, 504})
OFFLINE = frozenset({"dns", "dns-temporary", "unreachable"})
"""Failures that may well be this machine's own."""
NOUNS = {
    "image": "图片",
    "media": "音视频",
    "object": "嵌入的内容",
    "script": "脚本",
    "style": "样式表",
    "frame": "框架页",
}
ANSWERED = "r.failure IS NULL AND r.status BETWEEN 200 AND 399"
"""Of :func:`targets`: what was answered in the end."""

_CARRIERS = """
SELECT t.id, t.url, t.host, r.end_id, r.status, r.failure, r.message, r.hops, r.permanent, r.content_id,
       {fragment}, c.url_id, l.kind, l.text, l.place, l.line
FROM {resolved} r CROSS JOIN url t ON t.id = r.url_id
CROSS JOIN link l INDEXED BY {index} ON l.target_id = r.url_id{fragments}
CROSS JOIN content c ON c.id = l.content_id
CROSS JOIN fetch f ON f.run_id = :run AND f.url_id = c.url_id AND f.content_id = c.id
LEFT JOIN frontier q ON q.run_id = :run AND q.url_id = c.url_id
WHERE f.purpose = 'page' AND f.status IN (200, 304) AND ({where})
  AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.run_id = :run AND m.url_id = c.url_id)
ORDER BY t.id, {by}c.url_id <> :home, q.depth, c.url_id, l.n
"""
MARKED = "EXISTS (SELECT 1 FROM mark m WHERE m.run_id = :run AND m.url_id IN (r.url_id, r.end_id))"
"""Of :func:`targets`: soft 404s, themselves or what they are led to."""


@dataclass(slots=True)
class Target:
    """An address (with its fragment, where that was asked for) and the pages that carry it.

    Attributes:
        failure: kind of failure of what it leads to, else ``None``.
        content_id: the body it leads to.
        pages: ids of the pages, home page first, then by depth.
        kinds: kinds of the links.
        text, line: of the first link.
        chrome: it stands in what all pages share on more than half of them.
    """

    url_id: int
    url: str
    host: str
    end_id: int
    status: int
    failure: str | None
    message: str
    hops: int
    permanent: bool
    content_id: int | None
    fragment: str
    text: str
    line: int
    pages: list[int] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    chrome: bool = False

    @property
    def path(self) -> str:
        """Path of the address."""
        return urlsplit(self.url).path

    @property
    def sort(self) -> Literal["link", "resource", "attachment", ""]:
        """What a dead one is called; empty for forms, which answer nobody but their own page."""
        if not self.kinds.isdisjoint(NOUNS):
            return "resource"
        if ATTACHMENT.search(self.path):
            return "attachment"
        return "" if self.kinds == {"form"} else "link"

    @property
    def noun(self) -> str:
        """What an editor calls it: 链接, 附件, 图片 …, with the words of the first link."""
        if self.sort == "attachment":
            noun = "附件"
        else:
            noun = next((name for kind, name in NOUNS.items() if kind in self.kinds), "链接")
        text = self.text if len(self.text) <= 30 else f"{self.text[:29]}…"
        return f"{noun}“{text}”" if text else noun

    def hit(self, message: str, **details: Any) -> SiteHit:
        """A hit at the address."""
        whole = f"{self.url}#{self.fragment}" if self.fragment else self.url
        given = {"quote": whole, "key": whole, "target": self.url_id, **details}
        return SiteHit(self.pages, message=message, line=self.line, chrome=self.chrome, **given)


def _gathered(rows: Iterable[tuple[Any, ...]]) -> Target:
    """One target of its rows, which come page by page."""
    made: Target | None = None
    pages: dict[int, bool] = {}
    for *facts, page, kind, text, place, line in rows:
        if made is None:
            made = Target(*(*facts, text, line))
        pages[page] = pages.get(page, True) and place == "chrome"
        made.kinds.add(kind)
        made.text = made.text or text
    assert made is not None
    made.pages = list(pages)
    made.chrome = 2 * sum(pages.values()) > len(pages)
    return made


def targets(site: Site, where: str, *, fragments: bool = False) -> Iterator[Target]:
    """Addresses that pages of the run carry, by id.

    Args:
        site: the run.
        where: condition in SQL over ``r`` (:attr:`~qa.site.model.Site.resolved`), ``t`` (``url``),
            ``l`` (``link``) and ``c`` (the ``content`` that carries it).
        fragments: links with a fragment alone, each address with each fragment by itself.
    """
    sql = _CARRIERS.format(
        resolved=site.resolved,
        index="link_fragment" if fragments else "link_target",
        fragments=" AND l.fragment <> ''" if fragments else "",
        where=where,
        by="l.fragment, " if fragments else "",
        fragment="l.fragment" if fragments else "''",
    )
    rows = site.db.execute(sql, {"run": site.run, "home": site.home})
    for _, group in groupby(rows, itemgetter(0, 10)):
        yield _gathered(group)


def chosen(site: Site, ids: Iterable[int]) -> Iterator[Target]:
    """:func:`targets` of some addresses."""
    site.db.execute("CREATE TEMP TABLE IF NOT EXISTS chosen (id INTEGER PRIMARY KEY)")
    site.db.execute("DELETE FROM temp.chosen")
    site.db.executemany("INSERT OR IGNORE INTO temp.chosen VALUES (?)", ((one,) for one in ids))
    return targets(site, "r.url_id IN (SELECT id FROM temp.chosen)")


def offline(site: Site) -> bool:
    """Whether this machine itself was cut off: three other hosts or more, and none could be found."""
    rows = site.rows(
        "SELECT u.host, min(coalesce(f.failure, '') IN ('dns', 'dns-temporary', 'unreachable'))"
        " FROM fetch f JOIN url u ON u.id = f.url_id WHERE f.run_id = ? AND f.purpose = 'check' GROUP BY u.host",
        (site.run,),
    )
    lost = [bool(unfound) for host, unfound in rows if not site.internal(host)]
    return len(lost) >= 3 and all(lost)


def failed(site: Site) -> Iterator[tuple[Target, bool]]:
    """Addresses that did not open, each with whether it is surely dead (else nobody can tell from here)."""
    cut_off = offline(site)
    for target in targets(site, "r.failure IS NOT NULL OR r.status >= 400"):
        dead = target.failure in DEAD or target.status in DEAD_STATUS
        if cut_off and target.failure in OFFLINE:
            dead = False
        yield target, dead


def dead(site: Site, sort: str) -> Iterator[SiteHit]:
    """Hits at dead addresses of one :attr:`Target.sort`; chains without end are another rule's."""
    for target, surely in failed(site):
        if surely and target.sort == sort and target.failure not in ("redirect-loop", "redirects"):
            yield target.hit(f"{target.noun}打不开：{cause(site, target)}", suggestion="请改正或删除")


def cause(site: Site, target: Target) -> str:
    """Why it did not open, with where it was led."""
    message = target.message or f"状态码 {target.status}"
    return f"跳转到 {site.url(target.end_id)} 后，{message}" if target.hops else message


def private(host: str) -> bool:
    """Whether a host is one of an intranet by its very name; rules of pages report those."""
    return host_kind(host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host)[0] in (
        Kind.INTRANET,
        Kind.BARE,
    )


def is_home(url: str) -> bool:
    """Whether an address is a site's home page, under any of the usual names."""
    parts = urlsplit(url)
    return not parts.query and HOME_ALIAS.match(parts.path) is not None

"""Links to addresses that moved for good."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.finding import Level, Pass
from qa.site.model import Reply, Site, SiteExample, SiteHit, site_rule
from rules._standards import GUIDELINES
from rules.site._links import ANSWERED, MARKED, is_home, targets


@site_rule(
    steady=True,
    title="链接的网址已永久迁移",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=GUIDELINES["链接"],
    bad=(
        SiteExample(
            {
                "/": '<a href="/old/1.html">甲</a><a href="http://www.example.com/a">某报</a>',
                "/old/1.html": Reply(status=301, to="/new/1.html"),
                "/new/1.html": "<p>正文</p>",
                "http://www.example.com/a": Reply(status=301, to="https://www.example.com/a/"),
                "https://www.example.com/a/": "<p>某报</p>",
            },
            hits=(("https://www.example.gov.cn/old/1.html", 1), ("http://www.example.com/a", 1)),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<a href="/a">甲</a><a href="http://www.example.com/">某报</a>',
                "/a": Reply(status=302, to="/b"),
                "/b": "<p>正文</p>",
                "http://www.example.com/": Reply(status=301, to="http://www.example.com/cn/"),
                "http://www.example.com/cn/": "<p>某报</p>",
            }
        ),
    ),
)
def moved(site: Site) -> Iterator[SiteHit]:
    """旧网址靠服务器转到新网址，一旦不再转就打不开，趁早改成新网址。

    只是 http 变成 https、末尾多一条斜杠或补上首页文件名的，作提示；首页被转到栏目或语言版本的不报。
    """
    for target in targets(site, f"r.hops > 0 AND r.permanent AND {ANSWERED} AND NOT {MARKED}"):
        new = site.url(target.end_id)
        if not target.sort or target.path in ("", "/") or is_home(new):
            continue
        level = Level.NOTE if _plain(new) == _plain(target.url) else None
        yield target.hit(f"{target.noun}已永久迁移到 {new}", suggestion=new, level=level)


def _plain(url: str) -> str:
    """An address without what servers add by themselves."""
    return _ADDED.sub("", url.partition("//")[2].removeprefix("www."))


_ADDED = re.compile(r"/?(?:(?:index|default)\.\w+)?\Z", re.IGNORECASE)

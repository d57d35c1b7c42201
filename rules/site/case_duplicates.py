"""Addresses that differ in upper and lower case alone and show the same page."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Level, Pass
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from rules._standards import EDITING
from rules.site._same import ids, same_page, twins


@site_rule(
    steady=True,
    title="同一网页有大小写不同的网址",
    level=Level.NOTE,
    passes=Pass.PROOF3,
    basis=EDITING["链接"],
    bad=(
        SiteExample(
            {
                "/": '<a href="/Zwgk/a.html">甲</a><a href="/zwgk/a.html">乙</a>',
                "/Zwgk/a.html": "<p>正文</p>",
                "/zwgk/a.html": "<p>正文</p>",
            },
            hits=(("https://www.example.gov.cn/zwgk/a.html", 2),),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<a href="/A.html">甲</a><a href="/a.html">乙</a>',
                "/A.html": "<p>正文甲</p>",
                "/a.html": "<p>正文乙</p>",
            },
        ),
    ),
)
def case_duplicates(site: Site) -> Iterator[SiteHit]:
    """同一网页有几种写法，统计、收录和查错都会算成几个网页；换一台区分大小写的服务器，其中一些还会打不开。"""
    for members in twins(site, "lower(l.url)", "1"):
        for equal in same_page(members):
            first, *others = equal
            for other in others:
                yield SiteHit(
                    ids([other, first]),
                    key=other.url,
                    quote=other.url,
                    message=f"与 {first.url} 是同一网页，只有大小写不同；请统一写法",
                    suggestion=first.url,
                    target=other.url_id,
                )

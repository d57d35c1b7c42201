"""Addresses that differ in a closing slash alone and show the same page."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Level, Pass
from qa.site.model import Reply, Site, SiteExample, SiteHit, site_rule
from rules._standards import EDITING
from rules.site._same import ids, same_page, twins


@site_rule(
    steady=True,
    title="同一网页的网址末尾有的带斜杠、有的不带",
    level=Level.NOTE,
    passes=Pass.PROOF3,
    basis=EDITING["链接"],
    bad=(
        SiteExample(
            {
                "/": '<a href="/zwgk">甲</a><a href="/zwgk/">乙</a>',
                "/zwgk": "<p>正文</p>",
                "/zwgk/": "<p>正文</p>",
            },
            hits=(("https://www.example.gov.cn/zwgk/", 2),),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<a href="/zwgk">甲</a><a href="/zwgk/">乙</a>',
                "/zwgk": Reply(status=301, to="/zwgk/"),
                "/zwgk/": "<p>正文</p>",
            },
        ),
        SiteExample(
            {"/": '<a href="/a">甲</a><a href="/a/">乙</a>', "/a": "<p>正文甲</p>", "/a/": "<p>正文乙</p>"}
        ),
    ),
)
def slash_duplicates(site: Site) -> Iterator[SiteHit]:
    """同一网页有两个网址，统计、收录和查错都会算成两个网页。请统一写法，或让服务器把一种转到另一种。"""
    for members in twins(site, "rtrim(l.url, '/')", "l.url NOT LIKE '%?%'"):
        for equal in same_page(members):
            first, *others = equal
            for other in others:
                yield SiteHit(
                    ids([other, first]),
                    key=other.url,
                    quote=other.url,
                    message=f"与 {first.url} 是同一网页，只差末尾的斜杠；请统一写法",
                    suggestion=first.url,
                    target=other.url_id,
                )

"""Attachments that cannot be downloaded."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Level, Pass
from qa.site.model import Reply, Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._links import dead


@site_rule(
    steady=True,
    title="附件打不开",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=INSPECTION["可用性"],
    score_item="LINK-H",
    bad=(
        SiteExample(
            {
                "/": '<a href="/a.html">甲</a>',
                "/a.html": '<a href="/P01.pdf">附件：名单</a><a href="/P02.DOC">附件2</a>',
            },
            hits=(("https://www.example.gov.cn/P01.pdf", 1), ("https://www.example.gov.cn/P02.DOC", 1)),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<a href="/P01.pdf">附件</a><a href="/b.html">乙</a>',
                "/P01.pdf": Reply("x", media="application/pdf"),
            }
        ),
    ),
)
def dead_attachment(site: Site) -> Iterator[SiteHit]:
    """附件下载不了，通知、公告等于没有发全。同样计入可用性扣分。"""
    yield from dead(site, "attachment")

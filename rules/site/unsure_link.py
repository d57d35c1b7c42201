"""Links that nobody can judge from here."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Confidence, Level, Pass
from qa.site.model import Reply, Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._links import cause, failed, private


@site_rule(
    steady=True,
    title="无法确认能否打开的链接",
    level=Level.NOTE,
    passes=Pass.PROOF3,
    basis=INSPECTION["可用性"],
    confidence=Confidence.LOW,
    bad=(
        SiteExample(
            {
                "/": '<a href="/login">登录</a><a href="https://www.example.com/">某报</a>',
                "/login": Reply(status=403),
                "https://www.example.com/": Reply(status=0, failure="timeout"),
            },
            hits=(("https://www.example.gov.cn/login", 1), ("https://www.example.com/", 1)),
        ),
    ),
    good=(
        SiteExample({"/": '<a href="/a.html">甲</a><a href="/none.html">乙</a>', "/a.html": "<p>正文</p>"}),
        SiteExample(
            {
                "/": '<a href="http://10.1.2.3/">内网</a>',
                "http://10.1.2.3/": Reply(status=0, failure="private"),
            }
        ),
    ),
)
def unsure_link(site: Site) -> Iterator[SiteHit]:
    """对方要求登录、拒绝自动访问、限制频率或迟迟没有回应的，程序无法断定读者能否打开，提示人工看一看。

    网址一望而知是内网地址的，由“链接指向内网或本机地址”报告。
    """
    for target, surely in failed(site):
        if surely or not target.sort or (target.failure == "private" and private(target.host)):
            continue
        yield target.hit(f"无法确认{target.noun}能否打开：{cause(site, target)}；请人工打开看一看")

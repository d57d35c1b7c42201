"""Links to pages that do not open."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Level, Pass
from qa.site.model import Reply, Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._links import dead


@site_rule(
    steady=True,
    title="链接打不开",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=INSPECTION["可用性"],
    score_item="LINK-H",
    bad=(
        SiteExample(
            {
                "/": '<a href="/a.html">甲</a><a href="https://www.example.com/gone">某报</a>',
                "/a.html": '<a href="/b.html">乙</a><a href="/">首页</a>',
                "https://www.example.com/gone": Reply(status=0, failure="dns"),
            },
            hits=(("https://www.example.com/gone", 1), ("https://www.example.gov.cn/b.html", 1)),
        ),
        SiteExample(
            {
                "/": '<a href="/a.html">甲</a><a href="/old.html">旧</a>',
                "/a.html": '<a href="/old.html">旧</a>',
                "/old.html": Reply(status=302, to="/new.html"),
                "/new.html": Reply(status=410),
            },
            hits=(("https://www.example.gov.cn/old.html", 2),),
        ),
        SiteExample(
            {"/": '<a href="/a.html">甲</a>', "/a.html": Reply(status=500)},
            hits=(("https://www.example.gov.cn/a.html", 1),),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<a href="/a.html">甲</a><img src="/a.png"><form action="/s"></form>',
                "/a.html": "<p>正文</p>",
            }
        ),
        SiteExample(
            {
                "/": '<a href="/login">登录</a><a href="https://www.example.com/">某报</a>',
                "/login": Reply(status=403),
                "https://www.example.com/": Reply(status=0, failure="timeout"),
            }
        ),
        SiteExample(
            {
                "/": '<a href="https://a.example.com/">一</a><a href="https://b.example.com/">二</a>'
                '<a href="https://c.example.com/">三</a>',
                **{f"https://{name}.example.com/": Reply(status=0, failure="dns") for name in "abc"},
            }
        ),
    ),
)
def dead_link(site: Site) -> Iterator[SiteHit]:
    """链接打不开是检查指标的扣分项：首页每处扣 0.2 分，其他页面每处扣 0.1 分。

    每个网址只报一次，并列出所有带有这个链接的网页。没有权限、访问过频、等待超时等在本机无法断定的，
    由“无法确认能否打开的链接”提示；所有外站都找不到时，多半是本机没有联网，也不在此报。
    """
    yield from dead(site, "link")

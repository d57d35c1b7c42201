"""Links to pages that are led to a home page."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Confidence, Level, Pass
from qa.site.model import Reply, Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._links import ANSWERED, is_home, targets


@site_rule(
    title="链接被转到网站首页",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=INSPECTION["可用性"],
    confidence=Confidence.MEDIUM,
    score_item="LINK-H",
    bad=(
        SiteExample(
            {"/": '<a href="/a/1.html">甲</a>', "/a/1.html": Reply(status=302, to="/")},
            probes={"/a/": Reply(status=302, to="/")},
            hits=(("https://www.example.gov.cn/a/1.html", 1),),
        ),
        SiteExample(
            {"/": '<a href="/zwgk/2019/1.html">甲</a>', "/zwgk/2019/1.html": Reply(status=302, to="/")},
            hits=(("https://www.example.gov.cn/zwgk/2019/1.html", 1),),
        ),
        SiteExample(
            {
                "/": '<a href="http://old.example.com/a?id=1">某报</a>',
                "http://old.example.com/a?id=1": Reply(status=301, to="https://www.example.com/index.html"),
                "https://www.example.com/index.html": "<p>某报</p>",
            },
            hits=(("http://old.example.com/a?id=1", 1),),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<a href="/a/1.html">甲</a>',
                "/a/1.html": Reply(status=302, to="/error.html"),
                "/error.html": "<p>出错</p>",
            },
            probes={"/a/": Reply(status=302, to="/error.html")},
        ),
        SiteExample(
            {
                "/": '<a href="/index.html">首页</a><a href="/a/1">甲</a><a href="http://example.com/">某报</a>',
                "/index.html": Reply(status=301, to="/"),
                "/a/1": Reply(status=302, to="/a/2"),
                "/a/2": "<p>正文</p>",
                "http://example.com/": Reply(status=301, to="https://www.example.com/"),
                "https://www.example.com/": "<p>某报</p>",
            }
        ),
    ),
)
def redirect_to_home(site: Site) -> Iterator[SiteHit]:
    """点的是某篇文章，打开的却是首页，多半是原网页已经撤下。请核实后换成有效网址或删除链接。

    编造的网址也被转到首页的目录，可以断定原网页已不存在，作错误。
    """
    for target in targets(site, f"r.hops > 0 AND {ANSWERED}"):
        if is_home(target.url) or not target.sort:
            continue
        end = site.url(target.end_id)
        if not is_home(end):
            continue
        if site.one("SELECT 1 FROM mark WHERE run_id = ? AND url_id = ?", (site.run, target.url_id)):
            message = f"{target.noun}被转到网站首页 {end}，原网页已不存在（该目录下编造的网址也转到首页）"
            yield target.hit(message, level=Level.ERROR, confidence=Confidence.HIGH)
        else:
            yield target.hit(f"{target.noun}被转到网站首页 {end}，原网页可能已不存在")

"""Images, scripts, styles and frames that do not load."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Level, Pass
from qa.site.model import Reply, Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._links import dead


@site_rule(
    steady=True,
    title="图片、脚本、样式等加载不了",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=INSPECTION["可用性"],
    score_item="LINK-H",
    bad=(
        SiteExample(
            {
                "/": '<img src="/a.png" alt="现场"><script src="/a.js"></script><a href="/b.html">乙</a>',
                "/b.html": '<img src="/a.png">',
            },
            hits=(("https://www.example.gov.cn/a.png", 2), ("https://www.example.gov.cn/a.js", 1)),
        ),
        SiteExample(
            {"/": '<a href="/a.png"><img src="/a.png" alt="现场"></a>'},
            hits=(("https://www.example.gov.cn/a.png", 1),),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<img src="/a.png" alt="现场"><a href="/b.html">乙</a>',
                "/a.png": Reply("x", media="image/png"),
            }
        ),
    ),
)
def dead_resource(site: Site) -> Iterator[SiteHit]:
    """图片加载不了，页面上就是一个空框；脚本、样式加载不了，版面和功能会出错。同样计入可用性扣分。"""
    yield from dead(site, "resource")

"""A home page without the 找错 entry."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Level, Pass
from qa.site.footer import UNKNOWN
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._pages import footer, page, pages


@site_rule(
    steady=True,
    title="首页底部没有“我为政府网站找错”入口",
    level=Level.ERROR,
    passes=Pass.REVIEW3,
    basis=INSPECTION["找错入口"],
    score_item="ERR-1",
    bad=(SiteExample({"/": page("<p>首页</p>", foot=footer(entry=False))}, (("", 1),)),),
    good=(
        SiteExample({"/": page("<p>首页</p>")}),
        SiteExample({"/": page("<p>首页</p>", foot=footer(entry=False) + '<img src="/images/jiucuo.png">')}),
        SiteExample({"/": page("<p>首页</p>", foot="<iframe src='/foot.html'></iframe>")}),
        SiteExample({"/a.html": page("<p>首页打不开</p>", foot=footer(entry=False))}),
    ),
)
def no_error_entry_home(site: Site) -> Iterator[SiteHit]:
    """首页底部应规范添加“我为政府网站找错”监督举报平台入口，未添加的扣分。

    看页脚有没有指向该平台的链接、脚本、图片或“找错”“纠错”字样；页脚由脚本载入的不报。
    """
    for url_id, _, (entry,) in pages(site, "error_entry", f"url_id = {site.home} AND NOT marks & {UNKNOWN}"):
        if not entry:
            yield SiteHit([url_id], "home", message="首页底部没有“我为政府网站找错”入口")

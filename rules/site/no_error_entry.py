"""Pages other than the home page without the 找错 entry."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Level, Pass
from qa.site.footer import UNKNOWN
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._pages import article, footer, page, pages

_HOME = page('<p><a href="/a.html">一</a><a href="/b.html">二</a></p>')


@site_rule(
    steady=True,
    title="页面底部没有“我为政府网站找错”入口",
    level=Level.WARNING,
    passes=Pass.REVIEW3,
    basis=INSPECTION["找错入口"],
    score_item="ERR-2",
    bad=(
        SiteExample(
            {"/": _HOME, "/a.html": article("防汛会议", "2026-06-01"), "/b.html": article("防火会议", "2026-06-01", foot=footer(entry=False))},
            (("", 1),),
        ),
    ),
    good=(
        SiteExample({"/": _HOME, "/a.html": article("防汛会议", "2026-06-01"), "/b.html": article("防火会议", "2026-06-01")}),
        SiteExample({"/": page("<p>首页</p>", foot=footer(entry=False))}),
    ),
)  # fmt: skip
def no_error_entry(site: Site) -> Iterator[SiteHit]:
    """首页以外的页面底部也应有“我为政府网站找错”入口。缺少的页面合为一处，全部列出。"""
    found, total = [], 0
    for url_id, _, (entry,) in pages(site, "error_entry", f"url_id <> {site.home} AND NOT marks & {UNKNOWN}"):
        total += 1
        if not entry:
            found.append(url_id)
    if found:
        everywhere = len(found) == total
        share = f"首页以外全部{total}个页面" if everywhere else f"首页以外{total}个页面中有{len(found)}个"
        yield SiteHit(found, "pages", message=f"{share}的底部没有“我为政府网站找错”入口", chrome=everywhere)

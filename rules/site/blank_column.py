"""Columns with nothing in them."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Confidence, Level, Pass
from qa.site.columns import columns
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._pages import article, listing, page

_SITE = {
    "/": page('<a href="/kb/">信息公开</a>'),
    "/xw/": listing("新闻动态", ("a.html", "全市防汛工作会议召开", "2026-06-20")),
    "/xw/a.html": article("全市防汛工作会议召开", "2026-06-20"),
}


@site_rule(
    title="栏目空白",
    level=Level.ERROR,
    passes=Pass.REVIEW3,
    basis=INSPECTION["其他栏目"],
    score_item="COL-BLANK",
    confidence=Confidence.MEDIUM,
    bad=(
        SiteExample({**_SITE, "/kb/": listing("信息公开")}, (("信息公开", 1),)),
        SiteExample({**_SITE, "/kb/": listing("信息公开", body="<p>暂无信息</p><script>$.ajax('/x')</script>")}, (("信息公开", 1),)),
    ),
    good=(
        SiteExample({**_SITE, "/kb/": listing("信息公开", ("a.html", "某局信息公开指南", ""))}),
        SiteExample({**_SITE, "/kb/": listing("信息公开", body="<script>$.ajax('/list.json')</script>")}),
        SiteExample({**_SITE, "/kb/": listing("信息公开", body='<a href="/kb/zn/">指南</a>'), "/kb/zn/": page("<p>指南</p>")}),
        SiteExample({**_SITE, "/kb/": listing("信息公开", body='<img src="/jigou.png" alt="机构图">'), "/jigou.png": "x"}),
        SiteExample({**_SITE, "/kb/": listing("机构职能", body="<p>某局负责全市有关工作的统筹协调和监督管理，承担市委、市政府交办的其他任务。</p>")}),
        SiteExample({**_SITE, "/kb/": listing("信息公开", body="<script type='text/xml'><datastore><record><![CDATA[2026-03-01]]></record></datastore></script>")}),
    ),
)  # fmt: skip
def blank_column(site: Site) -> Iterator[SiteHit]:
    """空白栏目每个扣分，达到5个属单项否决。

    页面没有任何条目和文字，也没有别的页面所没有的链接、图片、表单，才算空白；内容由脚本载入的不报。
    """
    for state in columns(site):
        if state.blank:
            yield SiteHit(
                [state.page],
                state.url,
                quote=state.name,
                message=f"栏目“{state.name}”没有任何内容",
                suggestion="补充内容，或者撤下该栏目",
            )

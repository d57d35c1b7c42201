"""Links that are led round in circles."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Level, Pass
from qa.site.model import Reply, Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._links import targets


@site_rule(
    steady=True,
    title="链接来回跳转，打不开",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=INSPECTION["可用性"],
    score_item="LINK-H",
    bad=(
        SiteExample(
            {"/": '<a href="/a">甲</a>', "/a": Reply(status=302, to="/b"), "/b": Reply(status=302, to="/a")},
            hits=(("https://www.example.gov.cn/a", 1),),
        ),
        SiteExample(
            {
                "/": '<a href="/0">甲</a>',
                **{f"/{n}": Reply(status=302, to=f"/{n + 1}") for n in range(12)},
                "/12": "<p>正文</p>",
            },
            hits=(("https://www.example.gov.cn/0", 1),),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<a href="/a">甲</a><a href="/c">丙</a>',
                "/a": Reply(status=302, to="/b"),
                "/b": "<p>正文</p>",
            }
        ),
    ),
)
def redirect_loop(site: Site) -> Iterator[SiteHit]:
    """网址之间互相跳转，浏览器转几圈后就报错，读者打不开。"""
    for target in targets(site, "r.failure IN ('redirect-loop', 'redirects')"):
        yield target.hit(
            f"{target.noun}打不开：{target.message}", suggestion="请改成最终网址，或修正跳转设置"
        )

"""So many stale columns of news and notices that the site fails (VETO-COL-1)."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Confidence, Level, Pass
from qa.site.columns import columns
from qa.site.model import Column, Site, SiteConfig, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._pages import listing, page

_KINDS = ("news", "notice", "policy")
_HOST = "https://www.example.gov.cn/"
_PAGES = {
    "/": page("".join(f'<a href="/{n}/">栏目</a>' for n in range(5))),
    **{f"/{n}/": listing("通知公告", ("a.html", "关于停水的通知", "2025-11-02")) for n in range(5)},
}


@site_rule(
    title="未更新的动态、公告、文件类栏目达到单项否决的数量",
    level=Level.VETO,
    passes=Pass.REVIEW3,
    basis=INSPECTION["栏目更新"],
    score_item="VETO-COL-1",
    bad=(SiteExample(_PAGES, (("5个栏目", 5),)),),
    good=(
        SiteExample({key: value for key, value in _PAGES.items() if key != "/4/"}),
        SiteExample(_PAGES, config=SiteConfig("", thresholds={"veto": {"stale_columns": 6}})),
        SiteExample(_PAGES, config=SiteConfig("", columns=(Column(f"{_HOST}0/", "机构设置"),))),
    ),
)
def many_stale_columns(site: Site) -> Iterator[SiteHit]:
    """两周内未更新的动态要闻类、六个月内未更新的通知公告和政策文件类一级栏目，累计达到5个，属单项否决。

    只计类别由配置或 ColumnType 写明、且为一级栏目的；是否为一级栏目按导航和面包屑推断，请核对后认定。
    """
    limit = int(site.threshold("veto", "stale_columns"))
    found = [
        state
        for state in columns(site)
        if state.type in _KINDS and state.told and state.top and state.stale(site.today)
    ]
    if len(found) >= limit:
        names = "、".join(f"“{state.name}”" for state in found[:10])
        yield SiteHit(
            [state.page for state in found],
            "stale",
            quote=f"{len(found)}个栏目",
            message=f"{names}{'等' if len(found) > 10 else ''}共{len(found)}个栏目超过期限没有更新，达到{limit}个即属单项否决",
            confidence=Confidence.HIGH if all(state.configured for state in found) else Confidence.MEDIUM,
        )

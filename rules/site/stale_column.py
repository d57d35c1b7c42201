"""Columns that have gone without an update for longer than their type allows."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Confidence, Level, Pass
from qa.site.columns import columns
from qa.site.model import Column, Site, SiteConfig, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._pages import article, chinese, listing, page

_HOME = page("<p>首页</p>")
_OLD = listing(
    "通知公告", ("a.html", "关于停水的通知", "2025-11-02"), ("b.html", "关于停电的通知", "2025-10-02")
)


@site_rule(
    title="栏目长期未更新",
    level=Level.ERROR,
    passes=Pass.REVIEW3,
    basis=INSPECTION["栏目更新"],
    score_item="COL-OLD",
    bad=(
        SiteExample({"/": _HOME, "/tzgg/": _OLD}, (("通知公告", 1),)),
        SiteExample(
            {"/": _HOME, "/xw/": listing("新闻动态", ("/a.html", "全市防汛工作会议召开", ""), ("/b.html", "全市防火工作会议召开", "")),
             "/a.html": article("全市防汛工作会议召开", "2026-06-01"), "/b.html": article("全市防火工作会议召开", "2026-05-01")},
            (("新闻动态", 1),),
        ),
        SiteExample(
            {"/": _HOME, "/tzgg/": listing("办事动态", ("a.html", "关于停水的通知", "2026-05-02"))},
            (("便民服务", 1),),
            config=SiteConfig("", columns=(Column("https://www.example.gov.cn/tzgg/", "便民服务", days=30),)),
        ),
    ),
    good=(
        SiteExample({"/": _HOME, "/tzgg/": listing("通知公告", ("a.html", "关于停水的通知", "2026-01-02"))}),
        SiteExample({"/": _HOME, "/tzgg/": _OLD, "/tzgg/202606/t20260601_1.html": article("关于停气的通知", "2026-06-01")}),
        SiteExample({"/": _HOME, "/tzgg/": listing("机构职能", ("a.html", "某局机构职能介绍", "2020-11-02"))}),
        SiteExample({"/": _HOME, "/tzgg/": listing("2019年通知", ("a.html", "关于停水的通知", "2019-11-02"))}),
        SiteExample({"/": page('<a href="/tzgg/index_2.html">第二页</a>'), "/tzgg/index_2.html": _OLD}),
        SiteExample({"/": _HOME, "/tzgg/": _OLD}, config=SiteConfig("", unimportant=("https://www.example.gov.cn/tzgg/",))),
    ),
)  # fmt: skip
def stale_column(site: Site) -> Iterator[SiteHit]:
    """动态要闻类栏目两周、通知公告和政策文件类栏目六个月内应有更新，否则按项扣分；多了属单项否决。

    栏目的类别先看配置，再看 ColumnType，最后看名称；看不出类别、没有日期可查的栏目不报。
    更新时间取列表日期、所链稿件和下级栏目稿件中最新的一个。按名称推断的类别降为警告。
    """
    for state in columns(site):
        idle = state.idle(site.today)
        if not state.stale(site.today) or state.newest is None:
            continue
        grave = state.configured or (state.told and state.top)
        yield SiteHit(
            [state.page],
            state.url,
            quote=state.name,
            message=f"“{state.name}”最近一次更新是{chinese(state.newest)}，已有{idle}天没有更新，超过{state.days}天",
            level=None if grave else Level.WARNING,
            confidence=Confidence.HIGH if state.told else Confidence.MEDIUM,
        )

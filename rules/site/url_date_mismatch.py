"""``PubDate`` far from the date in the page's address."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date

from qa.finding import Confidence, Level, Pass
from qa.site.columns import judged
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._dated import Doubt, told
from rules.site._pages import article, chinese, page

_OLD = "/xw/202401/t20240115_1.html"
_HOME = page(
    f'<p><a href="{_OLD}">一</a><a href="/art/2026/3/1/a.html">二</a><a href="/xw/202512/b.html">三</a></p>'
)


@site_rule(
    steady=True,
    title="发布时间与网址中的日期相差过大",
    level=Level.WARNING,
    passes=Pass.REVIEW3,
    basis=INSPECTION["弄虚作假"],
    score_item="VETO-SEC-5",
    confidence=Confidence.LOW,
    bad=(
        SiteExample({"/": _HOME, _OLD: article("防汛会议", "2026-06-20")}, (("2026年6月20日", 1),)),
        SiteExample(
            {"/": _HOME, "/art/2026/3/1/a.html": article("防汛会议", "2025-01-20")}, (("2025年1月20日", 1),)
        ),
        SiteExample(
            {"/": _HOME, "/xw/202512/b.html": article("防汛会议", "2026-03-20")}, (("2026年3月20日", 1),)
        ),
    ),
    good=(
        SiteExample({"/": _HOME, _OLD: article("防汛会议", "2024-01-20")}),
        SiteExample({"/": _HOME, "/art/2026/3/1/a.html": article("防汛会议", "2026-02-27")}),
        SiteExample({"/": _HOME, "/xw/202512/b.html": article("防汛会议", "2026-01-20")}),
        SiteExample({"/": page('<a href="/a.html">一</a>'), "/a.html": article("防汛会议", "2026-06-20")}),
    ),
)
def url_date_mismatch(site: Site) -> Iterator[SiteHit]:
    """网址里的日期是建稿日期，一般与发布时间相近。发布时间晚出很多，会被疑为把旧稿改新充作更新。

    发布时间早出半年以上的，多为补录旧文件，只作提示；一次很多的，多为改版迁移，合为一条提示。
    """
    late, early = int(site.threshold("dates", "url_late")), int(site.threshold("dates", "url_early"))

    def doubts(*, later: bool) -> Iterator[Doubt]:
        for url_id, url, said, published in site.rows(
            "SELECT url_id, url, url_date, published FROM live WHERE kind = 'article' AND url_date IS NOT NULL"
            " AND published IS NOT NULL ORDER BY url"
        ):
            first, last = _range(said)
            day = date.fromisoformat(published[:10])
            wrong = (day - last).days > late if later else (first - day).days > early
            if wrong and judged(site, url):
                yield Doubt(
                    url_id,
                    url,
                    chinese(published),
                    f"发布时间是{chinese(published)}，网址中的日期是{chinese(said)}，相差过大；请核实发布时间",
                )

    summary = "有{n}篇稿件的发布时间与网址中的日期相差过大，可能是改版迁移所致，请核实"
    yield from told(site, doubts(later=True), summary)
    yield from told(site, doubts(later=False), summary, key="early", level=Level.NOTE)


def _range(said: str) -> tuple[date, date]:
    """First and last day an address may mean."""
    if len(said) == 10:
        day = date.fromisoformat(said)
        return day, day
    year, month = int(said[:4]), int(said[5:])
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])

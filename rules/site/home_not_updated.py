"""A home page without an update for two weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from qa.finding import Confidence, Level, Pass
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._pages import article, chinese, listing, page

_PLENTY = 5
"""Dated articles linked from the home page, from which on its lists have plainly been seen."""
_NEW = article("全市防汛工作会议召开", "2026-06-28")
_OLD = article("全市防汛工作会议召开", "2026-05-20")
_BARE = article("全市防汛工作会议召开", "")
_HOME = page('<ul><li><a href="/xw/a.html">全市防汛工作会议召开</a></li></ul>')
_HUB = page("<p>请选择栏目</p>")


@site_rule(
    title="首页长期未更新",
    level=Level.VETO,
    passes=Pass.REVIEW3,
    basis=INSPECTION["首页更新"],
    score_item="VETO-HOME",
    bad=(
        SiteExample({"/": _HOME, "/xw/a.html": _OLD}, (("2026年5月20日", 1),)),
        SiteExample({"/": _HOME, "/xw/a.html": _BARE}, (("", 1),)),
        SiteExample(
            {
                "/": _HUB,
                "/xw/": listing("新闻动态", ("a.html", "全市防汛工作会议召开", "2026-05-20")),
                "/xw/a.html": _OLD,
            },
            (("2026年5月20日", 1),),
        ),
        SiteExample({"/": _HOME, "/xw/a.html": _OLD, "/gk/b.html": _NEW}, (("2026年5月20日", 1),)),
    ),
    good=(
        SiteExample({"/": _HOME, "/xw/a.html": _NEW}),
        SiteExample(
            {"/": page("<ul><li><a href='/x.html'>某市举行招商推介会</a><i>2026-06-20</i></li></ul>")}
        ),
        SiteExample(
            {"/": _HUB, "/xw/": listing("新闻动态", ("a.html", "全市防汛工作会议召开", "2026-06-20"))}
        ),
        SiteExample({"/": _HUB}),
    ),
)
def home_not_updated(site: Site) -> Iterator[SiteHit]:
    """首页两周内没有更新，属单项否决。

    看首页列表旁的日期和首页所链稿件的发布时间；首页只有导航的，看它链到的各栏目页。
    稿件页未注明发布时间的，按检查指标视为不更新。站内别处有新稿件、首页可能由脚本载入的，降为警告，请人工核对。
    """
    limit = int(site.threshold("home", "days"))
    today = site.today.isoformat()
    late = (site.today + timedelta(days=1)).isoformat()
    row = next(site.rows("SELECT latest, items FROM live WHERE url_id = ?", (site.home,)), None)
    if row is None:
        return
    newest, articles, bare = _from(site, "page_id = ?", (site.home,), late)
    newest = max(filter(None, (row[0] if row[0] and row[0] <= late else None, newest)), default=None)
    if newest is None and not articles:
        newest, articles, bare = _second_level(site, late)
    if newest is None:
        if articles and articles == bare:
            yield SiteHit(
                [site.home],
                "undated",
                message=f"首页所链的{articles}篇稿件都没有注明发布时间，按检查指标视为未更新",
                suggestion="在稿件页标题下注明发布时间",
            )
        return
    idle = (site.today - date.fromisoformat(newest)).days
    if idle <= limit:
        return
    elsewhere = site.one(
        "SELECT max(substr(published, 1, 10)) FROM live WHERE kind = 'article' AND substr(published, 1, 10) <= ?",
        (today,),
    )
    message = f"首页最近一次更新是{chinese(newest)}，已有{idle}天没有更新，超过{limit}天"
    if elsewhere is not None and (site.today - date.fromisoformat(elsewhere)).days <= limit:
        yield SiteHit(
            [site.home],
            "home",
            quote=chinese(newest),
            message=f"{message}；但站内有{chinese(elsewhere)}发布的稿件，如首页列表由脚本载入，请人工核对",
            level=Level.WARNING,
            confidence=Confidence.LOW,
        )
        return
    # A few old entries may be all that stands in the page itself, the news being put in by a script.
    sure = articles - bare >= _PLENTY
    yield SiteHit(
        [site.home],
        "home",
        quote=chinese(newest),
        message=message,
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
    )


def _from(site: Site, which: str, parameters: tuple[object, ...], late: str) -> tuple[str | None, int, int]:
    """Newest article linked from some pages, how many articles there are, how many without a date."""
    newest, count, bare = next(
        site.rows(
            "SELECT max(CASE WHEN substr(p.published, 1, 10) <= ? THEN substr(p.published, 1, 10) END), count(*),"
            " count(*) - count(p.published)"
            f" FROM (SELECT DISTINCT target_id FROM carried WHERE {which} AND kind IN ('a', 'area')) t"
            " CROSS JOIN fetch f ON f.run_id = ? AND f.url_id = t.target_id"
            " CROSS JOIN page p ON p.content_id = f.content_id AND p.kind = 'article'",
            (late, *parameters, site.run),
        )
    )
    return newest, count, bare


def _second_level(site: Site, late: str) -> tuple[str | None, int, int]:
    below = (
        "page_id IN (SELECT c.target_id FROM carried c JOIN live v ON v.url_id = c.target_id"
        " WHERE c.page_id = ? AND c.kind IN ('a', 'area') AND v.kind <> 'article')"
    )
    newest, articles, bare = _from(site, below, (site.home,), late)
    listed = site.one(
        "SELECT max(v.latest) FROM carried c JOIN live v ON v.url_id = c.target_id"
        " WHERE c.page_id = ? AND c.kind IN ('a', 'area') AND v.latest <= ?",
        (site.home, late),
    )
    return max(filter(None, (newest, listed)), default=None), articles, bare

"""Articles dated after the day of the run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from qa.finding import Level, Pass
from qa.site.columns import judged
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._dated import Doubt, told
from rules.site._pages import article, chinese, page

_HOME = page('<p><a href="/a.html">一</a></p>')


@site_rule(
    title="发布时间晚于检查当日",
    level=Level.ERROR,
    passes=Pass.REVIEW3,
    basis=INSPECTION["弄虚作假"],
    score_item="VETO-SEC-5",
    bad=(
        SiteExample({"/": _HOME, "/a.html": article("防汛会议", "2026-07-20")}, (("2026年7月20日", 1),)),
        SiteExample({"/": _HOME, "/a.html": page("<h1>会议召开</h1><p>发布日期：2027年6月1日</p><p>正文</p>")}, (("2027年6月1日", 1),)),
        SiteExample(
            {"/": page("".join(f'<a href="/{n}.html">{n}</a>' for n in range(21))),
             **{f"/{n}.html": article(f"会议{n}", "2026-07-20") for n in range(21)}},
            (("2026年7月20日", 21),),
        ),
    ),
    good=(
        SiteExample({"/": _HOME, "/a.html": article("防汛会议", "2026-06-30")}),
        SiteExample({"/": _HOME, "/a.html": article("防汛会议", "2026-07-01")}),
        SiteExample({"/": _HOME, "/a.html": page("<h1>会议预告</h1><p>会议时间：2026年8月1日</p><p>正文</p>")}),
    ),
)  # fmt: skip
def future_date(site: Site) -> Iterator[SiteHit]:
    """稿件还没到发布时间就已上网，发布时间必有不实。

    取自页面文字而非标签的，可能是会议、活动的时间，降为警告。相差一天以内的不报（时区）。
    """
    late = (site.today + timedelta(days=int(site.threshold("dates", "future")))).isoformat()

    def doubts(source: str) -> Iterator[Doubt]:
        for url_id, url, published in site.rows(
            "SELECT url_id, url, published FROM live WHERE substr(published, 1, 10) > ? AND published_from = ?"
            " ORDER BY url",
            (late, source),
        ):
            if judged(site, url):
                day = chinese(published)
                yield Doubt(
                    url_id, url, day, f"发布时间是{day}，晚于检查当日（{chinese(site.today.isoformat())}）"
                )

    summary = "有{n}篇稿件的发布时间晚于检查当日，请核对发布系统的时间"
    yield from told(site, doubts("meta"), summary)
    yield from told(site, doubts("text"), summary, key="text", level=Level.WARNING)

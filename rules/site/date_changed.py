"""Publication dates that changed between runs while the text did not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from qa.finding import Confidence, Level, Pass
from qa.site.columns import judged
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._dated import Doubt, told
from rules.site._pages import article, chinese, page

_HOME = page('<p><a href="/a.html">一</a></p>')
_BEFORE = (date(2026, 6, 29), {"/": _HOME, "/a.html": article("防汛会议", "2026-05-01")})


@site_rule(
    title="正文未改，发布时间变了",
    level=Level.WARNING,
    passes=Pass.REVIEW3,
    basis=INSPECTION["弄虚作假"],
    score_item="VETO-SEC-5",
    confidence=Confidence.MEDIUM,
    bad=(
        SiteExample(
            {"/": _HOME, "/a.html": article("防汛会议", "2026-06-28")},
            (("2026年6月28日", 1),),
            before=_BEFORE,
        ),
    ),
    good=(
        SiteExample({"/": _HOME, "/a.html": article("防汛会议", "2026-05-01")}, before=_BEFORE),
        SiteExample(
            {"/": _HOME, "/a.html": article("防汛会议", "2026-06-28", text="全文已作修订。")}, before=_BEFORE
        ),
        SiteExample({"/": _HOME, "/a.html": article("防汛会议", "2026-06-28")}),
    ),
)
def date_changed(site: Site) -> Iterator[SiteHit]:
    """同一网页正文一字未改，发布时间却与上一次检查时不同，会被疑为改动发稿日期充作更新。

    正文也改了的，多为更新稿件，不报；只差时分的不报。一次很多的，多为系统升级，合为一条提示。
    """
    previous = site.previous
    if previous is None:
        return

    def doubts() -> Iterator[Doubt]:
        for url_id, url, now, then in site.rows(
            "SELECT l.url_id, l.url, l.published, p.published FROM live l"
            " CROSS JOIN fetch f ON f.run_id = ? AND f.url_id = l.url_id AND f.content_id <> l.content_id"
            " CROSS JOIN page p ON p.content_id = f.content_id"
            " WHERE l.kind = 'article' AND p.kind = 'article' AND l.text_hash <> '' AND l.text_hash = p.text_hash"
            " AND l.published_from = p.published_from"
            " AND substr(l.published, 1, 10) <> substr(p.published, 1, 10) ORDER BY l.url",
            (previous,),
        ):
            if judged(site, url):
                yield Doubt(
                    url_id,
                    url,
                    chinese(now),
                    f"正文没有改动，发布时间却由{chinese(then)}变为{chinese(now)}；请核实",
                )

    yield from told(site, doubts(), "有{n}篇稿件正文没有改动而发布时间变了，可能是系统升级所致，请核实")

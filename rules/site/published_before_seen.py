"""Articles dated before a complete run that did not find them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from qa.finding import Confidence, Level, Pass
from qa.site.columns import judged
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._dated import Doubt, told
from rules.site._pages import article, chinese, listing, page

_HOME = page('<p><a href="/xw/">新闻动态</a></p>')
_BEFORE = (
    date(2026, 6, 25),
    {"/": _HOME, "/xw/": listing("新闻动态", ("b.html", "防火会议", "2026-06-01")), "/xw/b.html": article("防火会议", "2026-06-01")},
)  # fmt: skip
_LIST = listing("新闻动态", ("a.html", "防汛会议", "2026-06-10"), ("b.html", "防火会议", "2026-06-01"))
_OLD = article("防火会议", "2026-06-01")


@site_rule(
    title="发布时间早于此前一次检查，当时却没有这个网页",
    level=Level.WARNING,
    passes=Pass.REVIEW3,
    basis=INSPECTION["弄虚作假"],
    score_item="VETO-SEC-5",
    confidence=Confidence.LOW,
    bad=(
        SiteExample(
            {"/": _HOME, "/xw/": _LIST, "/xw/a.html": article("防汛会议", "2026-06-10"), "/xw/b.html": _OLD},
            (("2026年6月10日", 1),),
            before=_BEFORE,
        ),
    ),
    good=(
        SiteExample(
            {"/": _HOME, "/xw/": _LIST, "/xw/a.html": article("防汛会议", "2026-06-24"), "/xw/b.html": _OLD}, before=_BEFORE
        ),
        SiteExample({"/": _HOME, "/xw/": _LIST, "/xw/a.html": article("防汛会议", "2026-06-10"), "/xw/b.html": _OLD}),
        SiteExample(
            {"/": _HOME, "/xw/": listing("新闻动态", ("c.html", "防火会议", "2026-06-01")), "/xw/c.html": _OLD}, before=_BEFORE
        ),
        SiteExample(
            {"/": _HOME, "/gk/": listing("政策文件", ("a.html", "防汛会议", "2026-06-10")), "/gk/a.html": article("防汛会议", "2026-06-10")},
            before=_BEFORE,
        ),
    ),
)  # fmt: skip
def published_before_seen(site: Site) -> Iterator[SiteHit]:
    """此前完整检查时没有的网页，发布时间却写在那次检查之前，有倒填发布日期的可能，属单项否决的查证线索。

    只看当时已收录的栏目里新出现的稿件；换了网址的旧稿、此前检查不完整的、相差不到几天的都不报。
    补录旧稿也会如此，所以只作警告；一次很多的，多为集中补录或改版，合为一条提示。
    """
    previous = site.previous
    if previous is None:
        return
    started, gaps = next(site.rows("SELECT started, gaps FROM run WHERE id = ?", (previous,)))
    if gaps != "[]":
        return
    seen = date.fromisoformat(started[:10])
    edge = (seen - timedelta(days=int(site.threshold("dates", "margin")))).isoformat()

    _remember(site, previous)

    def doubts() -> Iterator[Doubt]:
        for url_id, url, published in site.rows(
            # In a list that was there the last time too, at an address nobody knew, with a text nobody knew.
            "SELECT l.url_id, l.url, l.published FROM live l WHERE l.kind = 'article'"
            " AND substr(l.published, 1, 10) < ?1"
            " AND NOT EXISTS (SELECT 1 FROM content c WHERE c.url_id = l.url_id AND c.run_id < ?3)"
            " AND NOT EXISTS (SELECT 1 FROM frontier r WHERE r.run_id = ?2 AND r.url_id = l.url_id)"
            " AND NOT EXISTS (SELECT 1 FROM temp.known_text k WHERE k.words IN (l.text_hash, l.identity))"
            " AND EXISTS (SELECT 1 FROM link k CROSS JOIN page p ON p.content_id = k.content_id AND p.kind = 'column'"
            "   CROSS JOIN content c ON c.id = k.content_id"
            "   CROSS JOIN fetch g ON g.run_id = ?3 AND g.url_id = c.url_id AND g.content_id = c.id"
            "   CROSS JOIN fetch f ON f.run_id = ?2 AND f.url_id = c.url_id AND f.status IN (200, 304)"
            "   WHERE k.target_id = l.url_id)"
            " ORDER BY l.url",
            (edge, previous, site.run),
        ):
            if judged(site, url):
                yield Doubt(
                    url_id,
                    url,
                    chinese(published),
                    f"发布时间是{chinese(published)}，但{chinese(started)}检查时还没有这个网页；请核实是否补录旧稿或倒填日期",
                )

    yield from told(
        site, doubts(), "有{n}篇新出现的稿件，发布时间早于上一次检查，可能是集中补录或改版，请核实"
    )


def _remember(site: Site, run: int) -> None:
    """Texts and identities of a run's pages, as a table."""
    site.db.execute("CREATE TEMP TABLE IF NOT EXISTS known_text (words TEXT PRIMARY KEY) WITHOUT ROWID")
    site.db.execute("DELETE FROM temp.known_text")
    for column in ("text_hash", "identity"):
        site.db.execute(
            f"INSERT OR IGNORE INTO temp.known_text SELECT p.{column} FROM fetch f"
            f" JOIN page p ON p.content_id = f.content_id WHERE f.run_id = ? AND p.{column} <> ''",
            (run,),
        )

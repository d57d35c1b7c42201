"""Articles that do not say when they were published."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.finding import Level, Pass
from qa.site.columns import judged
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from qa.site.urls import folder
from rules._standards import INSPECTION
from rules.site._pages import article, page

# Pages about the body or the site itself bear no date, though many systems tag them like articles.
_STANDING = re.compile(
    r"关于(?:我们|本站)|声明|隐私|联系我们|网站地图|使用帮助|机构|职能|职责|简介|概况|领导|简历|指南|简况|办公地址|联系方式"
)
_HOME = page('<p><a href="/xw/a.html">一</a><a href="/xw/b.html">二</a><a href="/gk/c.html">三</a></p>')


@site_rule(
    steady=True,
    title="稿件页没有注明发布时间",
    level=Level.ERROR,
    passes=Pass.REVIEW3,
    basis=INSPECTION["首页更新"],
    score_item="VETO-HOME",
    bad=(
        SiteExample(
            {"/": _HOME, "/xw/a.html": article("防汛会议", ""), "/xw/b.html": article("防火会议", ""), "/gk/c.html": article("通知", "")},
            (("通知", 1), ("防汛会议", 2)),
        ),
    ),
    good=(
        SiteExample({"/": _HOME, "/xw/a.html": article("防汛会议", "2026-06-01"), "/xw/b.html": page("<h1>机构职能</h1><p>某局</p>")}),
        SiteExample({"/": _HOME, "/xw/a.html": article("某局机构职能", "")}),
        SiteExample({"/": _HOME, "/xw/a.html": page("<h1>会议召开</h1><p>发布日期：2026年6月1日</p><p>正文</p>")}),
    ),
)  # fmt: skip
def no_publication_time(site: Site) -> Iterator[SiteHit]:
    """稿件页未注明发布时间的，检查时视为不更新。

    标签里没有 PubDate、页面上也没有写明发布时间的稿件才报；同一目录下的合为一处。
    只有标签写明为稿件，或网址、面包屑、版面都像稿件的页面才看，看不准的不报；机构概况、网站声明之类没有发布时间可言的不报。
    """
    groups: dict[str, list[int]] = {}
    titles: dict[str, str] = {}
    for url_id, url, title in site.rows(
        "SELECT url_id, url, title FROM live WHERE kind = 'article' AND published IS NULL AND url_id <> ?"
        " ORDER BY url",
        (site.home,),
    ):
        if judged(site, url) and not _STANDING.search(title):
            place = folder(url)
            groups.setdefault(place, []).append(url_id)
            titles.setdefault(place, title)
    for place, found in groups.items():
        more = f"等{len(found)}篇" if len(found) > 1 else ""
        yield SiteHit(
            found,
            place,
            quote=titles[place],
            message=f"稿件“{titles[place]}”{more}没有注明发布时间",
            suggestion="在标题下注明发布时间，写作 YYYY-MM-DD HH:MM，并填写 PubDate 标签",
        )

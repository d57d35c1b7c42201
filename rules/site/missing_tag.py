"""Page tags missing or empty, by tag over the whole site."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Level, Pass
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._pages import SITE, article, listing, page, pages

_TAGS = (
    ("site_name", "SiteName", "网站名称", ""),
    ("site_domain", "SiteDomain", "网站域名", ""),
    ("site_code", "SiteIDCode", "网站标识码", ""),
    ("column_name", "ColumnName", "栏目名称", "column"),
    ("column_type", "ColumnType", "栏目类别", "column"),
    ("article_title", "ArticleTitle", "标题", "article"),
    ("pub_date", "PubDate", "发布时间", "article"),
    ("content_source", "ContentSource", "来源", "article"),
)
_KINDS = {"": "页面", "column": "栏目页", "article": "内容页"}
_HOME = page('<p><a href="/a.html">一</a><a href="/b.html">二</a></p>')


@site_rule(
    steady=True,
    title="缺少页面标签（全站统计）",
    level=Level.WARNING,
    passes=Pass.REVIEW3,
    basis=INSPECTION["页面标签"],
    score_item="META",
    supersedes=("tags/missing",),
    bad=(
        SiteExample(
            {"/": _HOME, "/a.html": article("防汛会议", ""), "/b.html": article("防火会议", "").replace('<meta name="ContentSource" content="某局">', "")},
            (("PubDate", 2), ("ContentSource", 1)),
        ),
        SiteExample(
            {"/": _HOME, "/a.html": page("<h2>公告</h2>", metas=f'{SITE}<meta name="ColumnName" content="公告"><meta name="ColumnType" content="">'),
             "/b.html": page("<p>关于我们</p>", metas="")},
            (("SiteName", 1), ("SiteDomain", 1), ("SiteIDCode", 1), ("ColumnType", 1)),
        ),
    ),
    good=(
        SiteExample({"/": _HOME, "/a.html": article("防汛会议", "2026-06-01"), "/b.html": listing("公告", ("a.html", "防汛会议", "2026-06-01"))}),
        SiteExample({"/": _HOME, "/a.html": page("<h1>404</h1><p>您访问的页面不存在</p>", metas=""), "/b.html": "<p>片段</p>"}),
    ),
)  # fmt: skip
def missing_tag(site: Site) -> Iterator[SiteHit]:
    """网站各页面应有站点标签，栏目页另有栏目标签，内容页另有内容标签；抽查中每个缺标签的页面扣分。

    一个标签一处问题，列出缺少它或内容为空的全部页面。看不出是栏目页还是内容页的，只查站点标签。
    """
    names = ", ".join(name for name, *_ in _TAGS)
    found: dict[str, list[int]] = {name: [] for name, *_ in _TAGS}
    empty = dict.fromkeys(found, 0)
    totals = dict.fromkeys(_KINDS, 0)
    for url_id, _, (kind, *values) in pages(site, f"kind, {names}"):
        totals[""] += 1
        home = url_id == site.home
        if kind in totals and not home:
            totals[kind] += 1
        for (name, _tag, _words, only), value in zip(_TAGS, values, strict=True):
            if not value and (not only or (only == kind and not home)):
                found[name].append(url_id)
                empty[name] += value is not None
    for name, tag, words, only in _TAGS:
        lacking, total = found[name], totals[only]
        if not lacking:
            continue
        some = "全部" if len(lacking) == total else f"{total}个{_KINDS[only]}中有"
        how = f"，其中{empty[name]}个有标签而内容为空" if empty[name] else ""
        yield SiteHit(
            lacking,
            tag,
            quote=tag,
            message=f"{some}{len(lacking)}个{_KINDS[only] if some == '全部' else ''}缺少页面标签 {tag}（{words}）{how}",
            chrome=len(lacking) == total > 1,
        )

"""Pages that no page links to."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Confidence, Level, Pass
from qa.site.model import Reply, Site, SiteExample, SiteHit, site_rule
from rules._standards import EDITING


@site_rule(
    title="没有任何网页链接到的网页",
    level=Level.NOTE,
    passes=Pass.REVIEW3,
    basis=EDITING["链接"],
    confidence=Confidence.MEDIUM,
    bad=(
        SiteExample(
            {
                "/": '<a href="/a.html">甲</a>',
                "/a.html": "<p>正文</p>",
                "/lost.html": '<title>旧页</title><a href="/lost.html">本页</a>',
            },
            hits=(("https://www.example.gov.cn/lost.html", 1),),
        ),
        SiteExample(
            {"/": "<p>首页</p>", **{f"/{n}.html": f"<p>正文{n}</p>" for n in range(30)}},
            hits=(("https://www.example.gov.cn/0.html", 30),),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<a href="/a.html">甲</a><a href="/old.html">乙</a>',
                "/a.html": "<p>正文</p>",
                "/old.html": Reply(status=301, to="/b.html"),
                "/b.html": "<p>正文</p>",
            },
        ),
    ),
)
def orphan_page(site: Site) -> Iterator[SiteHit]:
    """网站地图里有、往次检查见过而且仍能打开，却没有网页链接到它：读者从站内找不到，或者本该撤下而没有撤。

    列表靠脚本翻页的网站，程序顺着链接走不到后面各页；没有链接的网页超过两成时只作一条提示。
    """
    total = site.one("SELECT count(*) FROM live")
    given = {"run": site.run, "home": site.home, "first": site.home_url}
    rows = site.db.execute(_UNLINKED.format(resolved=site.resolved), given)
    most = max(_FEW, total // 5)
    found = [(url_id, url, title) for (url_id, url, title), _ in zip(rows, range(_MANY), strict=False)]
    if len(found) > most:
        (_, first, _), count = found[0], len(found)
        shown = f"{count} 个以上的" if count == _MANY else f"{count} 个"
        message = f"有 {shown}网页没有任何网页链接到（共检查 {total} 个），多因列表靠脚本翻页；请抽查"
        yield SiteHit(
            [url_id for url_id, _, _ in found],
            key="",
            quote=first,
            message=message,
            confidence=Confidence.LOW,
        )
        return
    for url_id, url, title in found:
        message = f"没有网页链接到“{title or url}”；请补上入口，或将其撤下"
        yield SiteHit([url_id], key=url, quote=url, message=message, target=url_id)


_FEW, _MANY = 20, 2000
_UNLINKED = """
SELECT v.url_id, v.url, v.html_title FROM live v
WHERE v.url_id <> :home AND v.url <> :first AND coalesce(v.source, '') <> 'link'
  AND v.url_id NOT IN (SELECT end_id FROM {resolved} WHERE hops > 0)
  AND NOT EXISTS (
    SELECT 1 FROM link l CROSS JOIN content c ON c.id = l.content_id
    CROSS JOIN fetch f ON f.run_id = :run AND f.url_id = c.url_id AND f.content_id = c.id
    WHERE l.target_id = v.url_id AND c.url_id <> v.url_id
      AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.run_id = :run AND m.url_id = c.url_id))
ORDER BY v.url
"""

"""http: resources on https: pages, each told once."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Level, Pass
from qa.site.model import Reply, Site, SiteExample, SiteHit, site_rule
from rules._standards import WEB_STANDARD
from rules.site._links import targets


@site_rule(
    steady=True,
    title="https 网页引用了 http 资源",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    supersedes=("links/mixed_content",),
    basis=WEB_STANDARD["混合内容"],
    bad=(
        SiteExample(
            {
                "/": '<a href="/a.html">甲</a><script src="http://www.example.gov.cn/a.js"></script>',
                "/a.html": '<script src="http://www.example.gov.cn/a.js"></script><img src="http://img.example.com/b.png">',
                "http://www.example.gov.cn/a.js": Reply("x", media="text/javascript"),
                "http://img.example.com/b.png": Reply("x", media="image/png"),
            },
            hits=(("http://www.example.gov.cn/a.js", 2), ("http://img.example.com/b.png", 1)),
        ),
    ),
    good=(
        SiteExample(
            {"/": '<a href="http://www.example.com/">某报</a><img src="//www.example.gov.cn/a.png">'}
        ),
        SiteExample(
            {"/": '<script src="http://www.example.gov.cn/a.js"></script>'}, home="http://www.example.gov.cn/"
        ),
    ),
)
def mixed_content(site: Site) -> Iterator[SiteHit]:
    """在 https 网页里，http 的脚本、样式和框架会被浏览器拦截，页面功能缺失；图片和音视频可能显示不出来。

    每个资源只报一次，并列出引用它的网页。
    """
    if site.one("SELECT 1 FROM url WHERE url >= 'https://' AND url < 'https:0' LIMIT 1") is None:
        return
    for target in targets(site, _LOADED):
        active = not target.kinds <= {"image", "media"}
        message = "浏览器会拦截" if active else "可能显示不出来"
        yield target.hit(
            f"https 网页引用了 http 的{target.noun}，{message}；请改用 https",
            suggestion=f"https{target.url[4:]}",
            level=None if active else Level.WARNING,
        )


_LOADED = (
    "t.url >= 'http://' AND t.url < 'http:0' AND t.host NOT IN ('localhost', '127.0.0.1', '[::1]')"
    " AND l.kind IN ('script', 'style', 'frame', 'object', 'image', 'media')"
    " AND EXISTS (SELECT 1 FROM url p WHERE p.id = c.url_id AND p.url >= 'https://' AND p.url < 'https:0')"
)

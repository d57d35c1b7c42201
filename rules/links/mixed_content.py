"""``http:`` resources on an ``https:`` page."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Image, Resource
from qa.finding import Level, Pass
from qa.rule import Bad, Good, Hit, Settings, rule
from rules._standards import WEB_STANDARD
from rules.links._classify import hit, target_of

_SECURE = Settings(options={"links/mixed_content": {"assume_https": True}})


@rule(
    title="https 页面引用了 http 资源",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=WEB_STANDARD["混合内容"],
    media=("html",),
    bad=(
        Bad('<script src="⟦http://www.example.com/a.js⟧"></script><p>正文</p>', settings=_SECURE),
        Bad('<p>正文</p><img src="⟦HTTP://www.example.com/a.jpg⟧" alt="现场">', settings=_SECURE),
        Bad('<iframe src="⟦http://map.example.com/⟧" title="地图"></iframe>', settings=_SECURE),
    ),
    good=(
        Good(
            '<img src="https://www.example.com/a.jpg" alt="现场"><script src="//www.example.com/a.js"></script>',
            settings=_SECURE,
        ),
        Good(
            '<a href="http://www.example.com/">某报</a><iframe src="http://127.0.0.1/" title="x"></iframe>',
            settings=_SECURE,
        ),
        '<img src="http://www.example.com/a.jpg" alt="现场">',
    ),
)
def mixed_content(document: Document, settings: Settings) -> Iterator[Hit]:
    """在 https 页面里，http 脚本、样式和框架会被浏览器拦截，页面功能缺失；图片可能显示不出来。

    页面地址未知时不判断，可用选项 assume_https 声明网站一律使用 https。
    """
    url = document.source.url
    if url is None:
        if not settings.option("links/mixed_content", "assume_https", False):
            return
    elif not url.lower().startswith("https://"):
        return
    loaded: list[Resource | Image] = [*document.resources, *document.images]
    for reference in loaded:
        target = target_of(reference)
        if target[:7].lower() != "http://" or any(target[7:].startswith(own) for own in _LOOPBACK):
            continue
        if isinstance(reference, Image) or reference.kind == "media":
            yield hit(
                reference,
                "https 页面引用了 http 图片或音视频，可能显示不出来；请改用 https",
                level=Level.WARNING,
            )
        else:
            yield hit(reference, "https 页面引用了 http 脚本、样式或框架，浏览器会拦截；请改用 https")


_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

"""Images without ``alt``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document, Image
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import WCAG

_TINY = lazy(r"""\b(?:width|height)\s*[=:]\s*["']?\s*[0-3](?:px)?\s*(?:["'\s;/>]|\Z)""", re.IGNORECASE)
_NAMED = lazy(r"""[\s"'](?:title|aria-label|aria-labelledby)\s*=\s*["']?[^\s"'>]""", re.IGNORECASE)
_COUNTER = lazy(
    r"(?:^|[/._-])(?:pixel|track(?:er|ing)?|beacon|spacer|blank|transparent|count(?:er)?|stat|hm|cnzz|1x1)(?:[/._?-]|$)",
    re.IGNORECASE,
)


def content(document: Document, image: Image) -> bool:
    """Whether an image is there to be seen: not hidden, not decoration, no tracking pixel or spacer."""
    if image.hidden or image.decorative or not image.src:
        return False
    return not _COUNTER.search(image.src[-200:]) and not _TINY.search(
        document.source.text[image.tag.start : image.tag.end]
    )


@rule(
    title="图片没有替代文字",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=WCAG["图像的替代文本"],
    media=("html",),
    bad=(
        Bad('<p>⟦<img src="a.jpg">⟧图为会议现场</p>'),
        Bad("<a href='a.html'>⟦<img src='logo.png' width='100'>⟧</a>"),
    ),
    good=(
        '<img src="a.jpg" alt="会议现场"><img src="line.gif" alt="">',
        '<img src="a.jpg" title="会议现场"><img src="a.jpg" aria-label="会议现场">',
        '<img src="a.jpg" role="presentation"><img src="a.jpg" aria-hidden="true">',
        '<img src="/stat.gif?id=1" width="1" height="1"><img src="https://hm.example.com/hm.gif?x">',
        '<div style="display:none"><img src="a.jpg"></div><img>',
        '<img src="p.gif" style="width:1px;height:1px">',
    ),
)
def missing_alt(document: Document) -> Iterator[Hit]:
    """读屏软件遇到没有替代文字的图片，只能念出一长串文件名。

    内容图片写明画面要点；纯装饰图片写 alt=""。统计用的像素图、隐藏图片不报。
    """
    for image in document.images:
        if image.alt is None and content(document, image):
            tag = document.source.text[image.tag.start : image.tag.end]
            if not _NAMED.search(tag):
                message = '图片缺少替代文字（alt）；请写明内容，纯装饰图片写 alt=""'
                yield Hit(Span(0, 0), message, source=image.tag, quote=image.src)

"""``alt`` that repeats a file name or says merely that there is a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.readers.html import attribute_spans
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import WCAG

_FILE = lazy(
    r"[^\s，。；：]{1,100}\.(?:jpe?g|png|gif|bmp|webp|svg|tiff?)\Z"
    r"|(?:img|image|dsc[nf]?|wps|pic|photo|screenshot|mmexport|clip_image|w0)[-_ ]?\d+[\w-]*\Z"
    r"|(?:微信图片|微信截图|QQ图片|QQ截图|屏幕截图|截图|截屏|未标题|未命名)[-_ ]?\d[\d_ -]*\Z"
    r"|[0-9a-f]{16,}\Z|\d{8,}\Z",
    re.IGNORECASE,
)
_WORDS = "图片 图像 照片 图 配图 插图 image img picture photo pic logo图片 undefined null alt 未标题-1 未命名"
_EMPTY_WORDS = frozenset(_WORDS.split())


@rule(
    title="图片的替代文字只是文件名",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=WCAG["图像的替代文本"],
    media=("html",),
    bad=(
        Bad('<p><img src="a.jpg" alt="⟦DSC_0123.JPG⟧"></p>'),
        Bad('<p><img src="a.jpg" alt="⟦微信图片_20250301101112⟧"><img src="b.jpg" alt=\'⟦图片⟧\'></p>'),
        Bad('<p><img alt=⟦W020250301373737⟧ src="a.jpg"></p>'),
    ),
    good=(
        '<img src="a.jpg" alt="会议现场"><img src="b.png" alt="">',
        '<img src="a.jpg" alt="2025年全市经济工作会议"><img src="a.jpg" alt="图1 人口变化">',
        '<div hidden><img src="a.jpg" alt="1.jpg"></div>',
        '<img src="a.jpg" alt="请下载 附件.jpg 查看">',
    ),
)
def alt_is_filename(document: Document) -> Iterator[Hit]:
    """替代文字是念给看不见图片的人听的，文件名、“图片”二字和截图编号都没有告诉他画面上是什么。"""
    for image in document.images:
        alt = image.alt
        if not alt or image.hidden:
            continue
        alt = alt.strip()
        if _FILE.match(alt) or alt.lower() in _EMPTY_WORDS:
            tag = document.source.text[image.tag.start : image.tag.end]
            place = attribute_spans(tag, image.tag.start)["alt"]
            yield Hit(Span(0, 0), f"替代文字“{alt[:40]}”没有说明图片内容", source=place, quote=alt)

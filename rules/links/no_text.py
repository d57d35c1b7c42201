"""Links that show neither text nor an image with a description."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import WCAG
from rules.links._classify import facts, hit, scripted

_INSIDE = lazy(
    r"<(?:svg|object|video|audio|iframe|input|button|select|canvas|embed|i|span|em|noscript)\b", re.IGNORECASE
)


@rule(
    title="链接没有文字",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=WCAG["链接用途"],
    media=("html",),
    bad=(
        Bad('<p><a href="⟦a.html⟧"></a>正文</p>'),
        Bad('<a href="⟦a.html⟧"><img src="logo.png" alt=""></a><a href="⟦b.html⟧"> </a>'),
    ),
    good=(
        '<a href="a.html"><img src="logo.png" alt="某市人民政府"></a>',
        '<a href="a.html"><img src="logo.png"></a>',
        '<a href="a.html" title="首页"></a><a href="a.html" aria-label="首页"></a>',
        '<a href="a.html"><svg><path d=""/></svg></a><a href="a.html"><i class="icon"></i></a>',
        '<a href="#" id="x"></a><a name="p1"></a>',
        '<div hidden><a href="a.html"></a></div><map><area href="a.html"></map>',
        '<a href="a.html">正文',
    ),
)
def no_text(document: Document) -> Iterator[Hit]:
    """链接里没有文字，图片也没有替代文字，读屏软件只能读出网址；页面上看不见的空链接多是编辑残留。

    图标字体、图形和脚本使用的链接不作判断；图片缺少替代文字的由相应规则去报。
    """
    text = document.source.text
    for link in facts(document).silent:
        if link.hidden or link.title.strip() or link.label.strip() or link.tag != "a":
            continue
        if any(image.alt is None or image.alt.strip() for image in link.images):
            continue
        end = text.find("</", link.source.end)
        if end < 0 or _INSIDE.search(text, link.source.end, end) or scripted(document, link):
            continue
        what = "链接里的图片没有替代文字" if link.images else "链接没有文字，页面上看不见也点不到"
        yield hit(link, f"{what}；请补上说明，或删去这个链接")

"""Frames without a title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import WCAG
from rules.links._classify import tag_text

_NAMED = lazy(r"""[\s"'](?:title|aria-label|aria-labelledby)\s*=\s*["']?[^\s"'>]""", re.IGNORECASE)
_UNSEEN = lazy(
    r"""display\s*:\s*none|visibility\s*:\s*hidden|[\s"']hidden[\s=>]|aria-hidden\s*=\s*["']?true"""
    r"""|[\s"';](?:width|height)\s*[=:]\s*["']?\s*[01](?:px)?\s*(?:["'\s;/>])""",
    re.IGNORECASE,
)


@rule(
    title="框架（iframe）没有标题",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=WCAG["框架标题"],
    media=("html",),
    bad=(
        Bad('<p>正文</p><iframe src="⟦https://www.example.com/map⟧" width="600"></iframe>'),
        Bad('<p>正文</p><iframe title="" src="⟦weather.html⟧"></iframe>'),
    ),
    good=(
        '<p>正文</p><iframe src="map.html" title="办公地点地图"></iframe>',
        '<p>正文</p><iframe src="map.html" style="display:none"></iframe>',
        '<p>正文</p><iframe src="stat.html" width="0" height="0"></iframe><iframe></iframe>',
        '<p>正文</p><script src="a.js"></script>',
    ),
)
def frame_title(document: Document) -> Iterator[Hit]:
    """读屏软件靠框架的标题判断里面是什么、要不要进去；没有标题只能逐个试听。隐藏的框架不报。"""
    for resource in document.resources:
        if resource.kind == "frame":
            tag = tag_text(document, resource.source)
            if not _NAMED.search(tag) and not _UNSEEN.search(tag):
                message = "框架没有标题，请加 title 说明内容"
                yield Hit(Span(0, 0), message, source=resource.source, quote=resource.url)

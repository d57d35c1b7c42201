"""``<a>`` without ``href`` that looks like a link."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import WEB_STANDARD
from rules.links._classify import facts


@rule(
    title="链接标签缺少地址",
    level=Level.NOTE,
    passes=Pass.PROOF3,
    basis=WEB_STANDARD["a 元素的 href 属性"],
    confidence=Confidence.MEDIUM,
    media=("html",),
    bad=(
        Bad("<p>详见⟦<a>⟧《实施方案》</a>。</p>"),
        Bad('<p>附件：⟦<a target="_blank">⟧申请表.doc</a></p>'),
    ),
    good=(
        '<p><a name="part1">第一部分</a></p>',
        '<p><a class="current">首页</a></p>',
        "<p><a onclick='go()'>办理</a></p>",
        "<p><a></a>正文</p>",
        "<nav><a>首页</a></nav>",
        '<p><a href="a.html">《实施方案》</a></p>',
    ),
)
def no_href(document: Document) -> Iterator[Hit]:
    """正文里的链接标签没有地址，文字看起来像链接却点不开，多为粘贴或编辑时丢失。

    锚点、带样式类或脚本的标签另有用途，不报。
    """
    for link in facts(document).missing:
        if not link.main or link.hidden or link.span.end == link.span.start:
            continue
        tag = document.source.text[link.source.start : link.source.end]
        names = {part.partition("=")[0].lower() for part in tag[2:-1].split()}
        if names <= {"target", "title", "style", "rel"}:
            yield Hit(
                link.span,
                "链接标签没有地址（href），点不开；请补上地址，或去掉标签",
                source=link.source,
                quote=tag,
            )

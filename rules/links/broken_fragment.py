"""``#name`` without such a place on the page."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from qa.document import Document, Link
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import WEB_STANDARD
from rules.links._classify import Kind, facts, hit, scripted

_PAGE = "<html><body>{}</body></html>"


@rule(
    title="页内链接找不到落点",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=WEB_STANDARD["片段标识符"],
    page=True,
    media=("html",),
    score_item="LINK-H",
    bad=(
        Bad(_PAGE.format('<a href="⟦#part2⟧">第二部分</a><h2 id="part1">第一部分</h2>')),
        Bad(_PAGE.format('<p><a href="⟦#附件⟧">附件</a></p><h2 id="附件1">附件</h2>')),
    ),
    good=(
        _PAGE.format('<a href="#part2">第二部分</a><h2 id="part2">第二部分</h2>'),
        _PAGE.format('<a href="#%E9%99%84%E4%BB%B6">附件</a><a name="附件"></a>'),
        _PAGE.format('<a href="#/home">首页</a><a href="#!list">列表</a><a href="#top">顶部</a>'),
        _PAGE.format('<a href="#tab2" data-toggle="tab">二</a><a href="#x" onclick="f()">三</a>'),
        _PAGE.format('<svg><image href="#x"/></svg><iframe src="#y"></iframe>'),
        '<a href="#part2">第二部分</a>',
    ),
)
def broken_fragment(document: Document) -> Iterator[Hit]:
    """目录、跳转链接的落点（id 或 name）在页面上不存在，点击后不会移动，等同于失效链接。

    只对完整网页判断；由脚本接手的标签不报。
    """
    for reference, address in facts(document).of(Kind.FRAGMENT):
        if not isinstance(reference, Link) or reference.hidden:
            continue
        name = address.cause
        if name in document.anchors or unquote(name) in document.anchors or scripted(document, reference):
            continue
        yield hit(reference, f"页面上没有名为“{unquote(name)}”的位置，点击后不会跳转")

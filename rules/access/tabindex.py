"""Positive ``tabindex``."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import WCAG
from rules.access._markup import markup, tag_hit


@rule(
    title="用 tabindex 打乱了键盘顺序",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=WCAG["焦点顺序"],
    media=("html",),
    bad=(
        Bad('<p>⟦<a href="a.html" tabindex="5">⟧甲</a><a href="b.html">乙</a></p>'),
        Bad("<p>正文</p>⟦<input title='a' TABINDEX=2>⟧"),
    ),
    good=(
        '<a href="a.html" tabindex="0">甲</a><div tabindex="-1">乙</div>',
        "<p>tabindex 属性</p>",
        '<a href="a.html" tabindex="x">甲</a>',
    ),
)
def tabindex(document: Document) -> Iterator[Hit]:
    """大于 0 的 tabindex 会抢在其他内容之前，用键盘的人会在页面上跳来跳去；按内容先后排列即可。"""
    for tag in markup(document):
        words = tag.attributes.get("tabindex", "")
        if words.isdecimal() and int(words[:6]) > 0:
            yield tag_hit(tag, f"tabindex 为 {words}，打乱了键盘顺序；请改为 0 或去掉")

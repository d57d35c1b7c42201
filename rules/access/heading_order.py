"""Heading levels that skip one."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import WCAG


@rule(
    title="标题层级跳级",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=WCAG["标题层级"],
    bad=(
        Bad("<h1>年度报告</h1><h3>⟦一、总体情况⟧</h3>"),
        Bad("<h2>甲</h2><p>正文</p><h3>乙</h3><h5>⟦丙⟧</h5><h5>丁</h5>"),
    ),
    good=(
        "<h1>甲</h1><h2>乙</h2><h3>丙</h3><h2>丁</h2>",
        "<h3>甲</h3><p>正文</p><h4>乙</h4>",
        "<nav><h1>甲</h1><h4>乙</h4></nav><p>正文</p>",
    ),
)
def heading_order(document: Document) -> Iterator[Hit]:
    """读屏软件按标题层级跳读，从一级直接跳到三级，会让人以为漏了一层。字号大小应由样式决定，不靠选择层级。"""
    last = 0
    for block in document.blocks:
        if not block.level or not block.main:
            continue
        if last and block.level > last + 1:
            yield Hit(block.span, f"标题从第 {last} 级直接跳到第 {block.level} 级，中间少了一级")
        last = block.level

"""A level of headings left out."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import DOCUMENT_FORMAT
from rules.format._outline import outline


@rule(
    title="结构层次跳级",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=DOCUMENT_FORMAT["7.3.3"],
    needs=("（1）", "(1)", "1."),
    bad=(
        Bad("<p>一、总体</p><p>（一）情况</p><p>⟦（1）⟧甲</p><p>（2）乙</p>"),
        Bad("<p>一、总体</p><p>⟦（1）⟧甲</p><p>（2）乙</p><p>二、做法</p><p>（1）丙</p>"),
    ),
    good=(
        "<p>一、总体</p><p>1.甲</p><p>2.乙</p>",
        "<p>一、总体</p><p>（一）情况</p><p>1.甲</p><p>（1）乙</p><p>（2）丙</p>",
        "<p>（1）甲</p><p>（2）乙</p>",
        "<p>第一章 总则</p><p>（1）甲</p><p>（2）乙</p>",
        "<p>一、总体</p><p>（1）甲</p><p>二、做法</p>",
    ),
)
def level_skip(document: Document) -> Iterator[Hit]:
    """结构层次序数依次为“一、”“（一）”“1.”“（1）”。只有两层时可用“一、”和“1.”，不宜越过“1.”直接用“（1）”。"""
    top, items = 0, outline(document)
    for index, item in enumerate(items):
        if item.level == 4 and item.number == 1 and top in (1, 2):
            after = items[index + 1] if index + 1 < len(items) else None
            if after is not None and after.level == 4 and after.number == 2:
                over = "“一、”" if top == 1 else "“（一）”"
                yield Hit(Span(item.start, item.end), f"{over}之下直接用“（1）”，跳过了“1.”这一层")
                return
        if item.level < 5:
            top = item.level

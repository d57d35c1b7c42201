"""Items of one level written in two ways."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import EDITING
from rules.format._outline import Item, outline


@rule(
    title="同级序数写法不统一",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=EDITING[""],
    needs=("(", "、", "．"),
    bad=(
        Bad("<p>（一）主动公开</p><p>（二）依申请公开</p><p>⟦(三)⟧监督保障</p>"),
        Bad("<p>1.甲</p><p>⟦2、⟧乙</p><p>3.丙</p>"),
    ),
    good=("<p>（一）甲</p><p>（二）乙</p>", "<p>1.甲</p><p>2.乙</p><p>一、丙</p>"),
)
def sequence_style(document: Document) -> Iterator[Hit]:
    """同一层次的序数在全文应当只有一种写法：括号不混用全角半角，“1.”不混用“1、”。报告各有几处，标出较少的一种。"""
    styles: dict[int, dict[str, list[Item]]] = {}
    for item in outline(document):
        if item.level in (2, 3, 4):
            styles.setdefault(item.level, {}).setdefault(item.opener + item.mark, []).append(item)
    for level, forms in styles.items():
        if len(forms) < 2:
            continue
        ranked = sorted(forms.values(), key=len)
        few, many = ranked[0], ranked[-1]
        text = document.text
        counts = "、".join(
            f"“{text[group[0].start : group[0].end]}”式{len(group)}处" for group in reversed(ranked)
        )
        kind = "标题序数" if level == 2 else "序数"
        related = ((Span(many[0].start, many[0].end), "另一种写法"),)
        yield Hit(Span(few[0].start, few[0].end), f"同级{kind}写法不统一：{counts}", related=related)

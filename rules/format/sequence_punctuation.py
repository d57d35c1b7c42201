"""The point behind a sequence number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import PUNCTUATION
from rules.punctuation._article import HAN, find, span_of

_NUMERALS = "一二三四五六七八九十"
_POINT = re.compile(
    rf"(?<![^\n。；：])(?:[（(](?:[{_NUMERALS}]{{1,3}}|\d{{1,2}})[）)]([、.．，])"
    rf"|[①-⑳]([、.．，])"
    rf"|(?:(?<=\n)|\A)(?:[{_NUMERALS}]{{1,3}}([.．，,])(?=[{HAN}“《])|\d{{1,2}}([、，])(?=[{HAN}“《A-Za-z])))"
)


@rule(
    title="序次语后的点号",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["B.3.2"],
    needs=(*("）、", ")、", "）.", "）．", "），", "1、", "2、", "3、", "2，", "3，"), *"①②③④⑤⑥⑦⑧⑨", *(f"{n}{m}" for n in "一二三" for m in ".．，,")),
    bad=(
        Bad("<p>（一）⟦、⟧加强领导</p><p>1⟦、⟧落实责任</p><p>2⟦，⟧强化监督</p>", "<p>（一）加强领导</p><p>1.落实责任</p><p>2.强化监督</p>"),
        Bad("<p>一⟦，⟧加强领导。①⟦、⟧落实责任</p>", "<p>一、加强领导。①落实责任</p>"),
    ),
    good=(
        "<p>一、总体要求</p><p>（一）加强领导</p><p>1.落实责任</p><p>①甲</p>",
        "<p>投资3、5亿元，（一）、（二）项</p><p>9、10月份</p><p>第一，甲</p>",
    ),
)
def sequence_punctuation(document: Document) -> Iterator[Hit]:
    """“一”后用顿号，“1”后用下脚点；带括号的和带圈的序次语后面不再加点号。"""
    text = document.text
    for match in find(document, _POINT):
        group = match.lastindex or 0
        after = text[match.end() : match.end() + 1]
        if group == 1 and after in "（(":
            continue
        fix = {3: "、", 4: "."}.get(group, "")
        marker = text[match.start() : match.start(group)].strip()
        words = f"序次语“{marker}”后应用“{fix}”" if fix else f"序次语“{marker}”已有括号（圈），后面不加“{match[group]}”"
        yield Hit(span_of(match, group), words, fix=fix)

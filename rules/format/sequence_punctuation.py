"""The point behind a sequence number."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import PUNCTUATION
from rules.punctuation._article import HAN, block_of, lines, occurrences

_NUMERALS = "一二三四五六七八九十"
_BRACKET = lazy(rf"[（(](?:[{_NUMERALS}]{{1,3}}|\d{{1,2}})$")
_HEAD = lazy(
    rf"[①-⑳]([、.．，])|[{_NUMERALS}]{{1,3}}([.．，,])(?=[{HAN}“《])|\d{{1,2}}([、，])(?=[{HAN}“《A-Za-z])"
)
_BEFORE = ("", "\n", "。", "；", "：")
_FIRST = frozenset(f"{_NUMERALS}0123456789①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_BEHIND = ("）、", ")、", "）.", "）．", "），", ").", ")．")


@rule(
    title="序次语后的点号",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["B.3.2"],
    needs=("、", "，", "．", ".", ","),
    bad=(
        Bad(
            "<p>（一）⟦、⟧加强领导</p><p>1⟦、⟧落实责任</p><p>2⟦，⟧强化监督</p>",
            "<p>（一）加强领导</p><p>1.落实责任</p><p>2.强化监督</p>",
        ),
        Bad(
            "<p>一⟦，⟧加强领导。（二）⟦.⟧甲</p><p>①⟦、⟧落实责任</p>",
            "<p>一、加强领导。（二）甲</p><p>①落实责任</p>",
        ),
    ),
    good=(
        "<p>一、总体要求</p><p>（一）加强领导</p><p>1.落实责任</p><p>①甲</p>",
        "<p>投资3、5亿元，（一）、（二）项</p><p>9、10月份</p><p>第一，甲</p>",
    ),
)
def sequence_punctuation(document: Document) -> Iterator[Hit]:
    """“一”后用顿号，“1”后用下脚点；带括号的和带圈的序次语后面不再加点号。"""
    text = document.text
    for at, end in occurrences(text, _BEHIND):
        match = _BRACKET.search(text, max(0, at - 4), at)
        if (
            match is None
            or text[match.start() - 1 : match.start()] not in _BEFORE
            or block_of(document, at) is None
        ):
            continue
        if text[end : end + 1] not in ("（", "("):
            marker = text[match.start() : at + 1]
            yield Hit(Span(at + 1, end), f"序次语“{marker}”已有括号，后面不加“{text[at + 1]}”", fix="")
    for block, body in lines(document):
        head = _HEAD.match(body) if body[0] in _FIRST else None
        if head is not None:
            group = head.lastindex or 0
            low, high = head.span(group)
            fix = ("", "、", ".")[group - 1]
            words = f"后应用“{fix}”" if fix else f"已有圆圈，后面不加“{head[1]}”"
            yield Hit(Span(block.start + low, block.start + high), f"序次语“{body[:low]}”{words}", fix=fix)

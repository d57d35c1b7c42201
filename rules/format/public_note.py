"""The note on publicity below the date."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import DOCUMENT_FORMAT
from rules.punctuation._article import lines

_NOTE = lazy(r"[(（【\[〔]?(此件(?:主动公开|公开发布|依申请公开|不予公开|有删减))[)）】\]〕]?[。.]?")


@rule(
    title="附注没有加圆括号",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=DOCUMENT_FORMAT["7.3.8"],
    needs=("此件",),
    bad=(
        Bad("<p>2023年8月1日</p><p>⟦此件公开发布⟧</p>", "<p>2023年8月1日</p><p>（此件公开发布）</p>"),
        Bad("<p>2023年8月1日</p><p>⟦【此件主动公开】⟧</p>", "<p>2023年8月1日</p><p>（此件主动公开）</p>"),
    ),
    good=("<p>（此件公开发布）</p>", "<p>此件公开发布后，各单位要抓好落实。</p>"),
)
def public_note(document: Document) -> Iterator[Hit]:
    """“此件公开发布”一类的附注居左空二字，加圆括号编排在成文日期下一行。"""
    for block, body in lines(document):
        if "此件" in body[:3] and len(body) < 14:
            match = _NOTE.fullmatch(body)
            fix = f"（{match[1]}）" if match else body
            if fix != body:
                yield Hit(Span(block.start, block.end), f"附注应写作“{fix}”", fix=fix)

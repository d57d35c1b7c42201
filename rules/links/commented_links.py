"""Links of gambling and the like left in comments of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import INSPECTION
from rules.links._dark import outside_host
from rules.links._illicit import illicit, illicit_host

_MOST = 20
_LINK = lazy(
    r"""<a\b[^<>]{0,300}?\bhref\s*=\s*["']?([^"'\s<>]{1,300})[^<>]{0,300}>([^<]{0,200})""", re.IGNORECASE
)


@rule(
    title="注释里藏有赌博、色情等链接",
    level=Level.ERROR,
    passes=Pass.REVIEW2,
    basis=INSPECTION["单项否决·安全、泄密事故等严重问题"],
    score_item="VETO-SEC-4",
    media=("html",),
    bad=(
        Bad('<p>正文</p><!-- ⟦<a href="http://a.example.com/">百家乐⟧</a> -->'),
        Bad(
            '<!--<a class="x" href=http://b.example.com/>某网</a>⟦<a href="http://www.bet365.example.com/">首页⟧</a>--><p>正文</p>'
        ),
    ),
    good=(
        '<!-- <a href="http://a.example.com/">某网</a> --><p>正文</p>',
        '<!-- <a href="/a.html">警方打击百家乐</a> --><p>正文</p>',
        "<!-- 百家乐 --><p>正文</p>",
    ),
)
def commented_links(document: Document) -> Iterator[Hit]:
    """注释里的内容读者看不到，却会随源代码发布出去；其中有赌博、色情等链接，说明网页曾被篡改而没有清除干净。"""
    count = 0
    for comment in document.comments:
        if "href" not in comment.text and "HREF" not in comment.text:
            continue
        text = document.source.text
        for match in _LINK.finditer(text, comment.source.start, comment.source.end):
            found = illicit(match.group(2))
            part = "" if found is not None else illicit_host(outside_host(match.group(1)))
            if found is None and not part:
                continue
            count += 1
            if count > _MOST:
                return
            what = f"“{found.word}”，疑似{found.topic}内容" if found is not None else f"“{part}”"
            yield Hit(
                Span(0, 0),
                f"注释里的链接含{what}，请清除，并核查网页是否被篡改",
                source=Span(*match.span()),
                quote=match.group(2).strip() or match.group(1),
            )

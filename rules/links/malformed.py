"""Addresses written wrong."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import WEB_STANDARD
from rules.links._classify import Kind, facts, hit, noun


@rule(
    title="网址书写有误",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=WEB_STANDARD["网址（URL）的写法"],
    score_item="LINK-H",
    bad=(
        Bad('<a href="⟦http:/www.example.com/a⟧">甲</a>', '<a href="http://www.example.com/a">甲</a>'),
        Bad(
            '<a href="⟦http//www.example.com/?a=1&amp;b=2⟧">甲</a>',
            '<a href="http://www.example.com/?a=1&amp;b=2">甲</a>',
        ),
        Bad('<a href="⟦http://http://www.example.com/⟧">甲</a>', '<a href="http://www.example.com/">甲</a>'),
        Bad('<a href="⟦https：//www.example.com/⟧">甲</a>', '<a href="https://www.example.com/">甲</a>'),
        Bad('<a href="⟦http:／／www.example.com/⟧">甲</a><a href="⟦http://www。example.com/⟧">乙</a>'),
        Bad('<a href="⟦htpp://www.example.com/⟧">甲</a><a href="⟦www.example.gov.cn⟧">乙</a>'),
        Bad('<a href="⟦http://www .example.com/⟧">甲</a><a href="⟦bgs@example.com⟧">信箱</a>'),
        Bad('<a href="⟦http://www.example.com/a.html。⟧">甲</a><a href="⟦undefined⟧">乙</a>'),
        Bad('<a href="⟦http://999.1.1.1/⟧">甲</a><a href="⟦http:\\\\www.example.com/⟧">乙</a>'),
        Bad(
            '<a href="⟦https://www.example.com:99999/⟧">甲</a><a href="⟦http://a.example.com http://b.example.com⟧">乙</a>'
        ),
        Bad('<a href="⟦http://www.example.com/附件 1.doc⟧">附件</a>'),
    ),
    good=(
        '<a href="http://www.example.com/">甲</a><a href="https://www.example.com:8443/a?b=http://c">乙</a>',
        '<a href="mailto:bgs@example.com">信箱</a><a href="tel:12345">电话</a>',
        '<a href="//www.example.com/a">甲</a><a href="http://www.某市.政务/">乙</a>',
        '<a href="https://www.example.com/附件（1）.doc">附件</a><a href="httpd/index.html">手册</a>',
        '<a href="{{ item.url }}">甲</a><a href="${url}">乙</a>',
        '<a href="www/index.html">甲</a><a href=" https://www.example.com/ ">乙</a>',
        '<a href="http://web.example.com/https://www.example.com/">存档</a>',
    ),
)
def malformed(document: Document) -> Iterator[Hit]:
    """少写斜杠、用了全角冒号、重复写 http://、漏写协议，浏览器都会当成另一个地址，读者打不开。

    地址中间有空格的多数浏览器能够容忍，但转发、抓取时常被截断，只作提示。
    """
    for reference, address in facts(document).of(Kind.MALFORMED):
        raw = document.source.text[reference.source.start : reference.source.end]
        fix = None
        if address.mended:
            # What is wrong stands at the start or end, so entities further on are kept as they are.
            fix = address.mended if "&" not in raw else address.mended.replace("&", "&amp;")
        yield hit(reference, f"{noun(reference)}地址有误：{address.cause}", fix=fix)
    for reference, _ in facts(document).of(Kind.BLANKS):
        yield hit(
            reference,
            f"{noun(reference)}地址里有空格，转发时容易被截断；宜改为 %20 或重新命名文件",
            level=Level.NOTE,
        )

"""Markup and entities left in the reader's text."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import EDITING
from rules.punctuation._article import find, span_of

_LEFT = lazy(
    r"<((?:https?://|www\.)[^<>\s]{3,300})>"
    r"|</?(?:p|br|span|div|font|strong|b|i|u|a|td|tr|th|table|img|h[1-6]|li|ul|o:p|st1:\w+|style|script)(?:\s[^<>\n]{0,300})?/?>"
    r"|&(?:amp;)?(?:nbsp|lt|gt|quot|ldquo|rdquo|lsquo|rsquo|mdash|hellip|middot|ensp|emsp|amp);"
    r"|(?<=[^\x00-\x7f])\?(?:nbsp|quot|ldquo|rdquo|middot);"
    r"|&#x?[0-9A-Fa-f]{2,6};"
    r"|\$\d\.\$\d|\{\{[^{}\n]{1,60}\}\}|\$\{[\w.]{1,40}\}|\[/?(?:url|img|b|color|size)(?:=[^\]\n]{0,80})?\]"
)
_ENTITIES = {
    "nbsp": " ", "lt": "<", "gt": ">", "quot": '"', "ldquo": "“", "rdquo": "”", "lsquo": "‘", "rsquo": "’",
    "mdash": "—", "hellip": "…", "middot": "·", "ensp": " ", "emsp": " ", "amp": "&",
}  # fmt: skip


@rule(
    title="残留的标记或转义字符",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=EDITING[""],
    needs=("<", "&", "$", "{{", "[", "?"),
    bad=(
        Bad(
            "可在“中国晋江”（⟦<http://www.jinjiang.gov.cn/>⟧）下载。",
            "可在“中国晋江”（http://www.jinjiang.gov.cn/）下载。",
            "text",
            name="a.txt",
        ),
        Bad("<p>落实“双减⟦&amp;rdquo;⟧政策⟦&lt;br/&gt;⟧</p>", "<p>落实“双减”政策</p>"),
        Bad("<p>发⟦?quot;⟧专、精、特，惠及⟦$1.$2⟧万人，⟦{{title}}⟧</p>"),
    ),
    good=("<p>增长<b>8</b>%，A&amp;B公司，C&lt;D</p>", "<p>R&amp;D经费，价格$1.2，[1]注，x?y</p>"),
)
def leftover_markup(document: Document) -> Iterator[Hit]:
    """网页标签、转义字符、模板变量和网址的尖括号本应由程序处理，出现在读者眼前就是发布环节的差错。"""
    for match in find(document, _LEFT):
        body = match[0]
        if match[1]:
            yield Hit(span_of(match), "网址外残留尖括号", fix=match[1])
        elif body.startswith("<"):
            yield Hit(span_of(match), f"残留网页标签“{body[:40]}”", fix="")
        else:
            name = body.strip("&?;").removeprefix("amp;")
            yield Hit(span_of(match), f"残留转义字符或模板变量“{body}”", fix=_ENTITIES.get(name))

"""The note on attachments below the body."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import DOCUMENT_FORMAT
from rules.punctuation._article import lines

_NOTE = lazy(r"附件?[ ]?[:：]?[ \u3000]*(?:(\d{1,2})([.．、]))?[ \u3000]*(\S.*)")
_NEXT = lazy(r"(\d{1,2})([.．、])[ \u3000]*(\S.*)")
_SENTENCE = lazy(r"[，。；？！](?=.)|详见|点击|下载|请|见附")


@rule(
    title="附件说明的写法",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=DOCUMENT_FORMAT["7.3.4"],
    needs=("附",),
    bad=(
        Bad("<p>附件：任务分解表⟦。⟧</p>", "<p>附件：任务分解表</p>"),
        Bad(
            "<p>附件：1⟦、⟧任务分解表⟦；⟧</p><p>2⟦、⟧联系表⟦。⟧</p>",
            "<p>附件：1.任务分解表</p><p>2.联系表</p>",
        ),
        Bad("<p>附件⟦⟧1.任务分解表</p>", "<p>附件：1.任务分解表</p>"),
    ),
    good=(
        "<p>附件：1.任务分解表</p><p>2.《办法》</p><p>晋江市人民政府。</p>",
        "<p>附件：详见政府网站。</p><p>附件1</p><p>附近居民、附件下载</p>",
        "<p>附则由市政府解释。</p><p>附件1：任务表</p><p>附件</p>",
    ),
)
def attachment_note(document: Document) -> Iterator[Hit]:
    """附件说明用“附件”加全角冒号和名称；有两个以上附件时用阿拉伯数字“1.”标注顺序；附件名称后不加标点。"""
    listing = 0
    for block, body in lines(document):
        if body.startswith(("附件", "附：", "附:")):
            match = _NOTE.fullmatch(body)
            if (
                match is None
                or _SENTENCE.search(body)
                or not re.match(r"附件?[ ]?[:：]|附件[ ]?\d{1,2}[.．、]\D", body)
            ):
                listing = 0
                continue
            listing = int(match[1] or 0)
            if not re.match(r"附件?[ ]?[:：]", body):
                at = block.start + 2
                yield Hit(Span(at, at), "“附件”后应标全角冒号", fix="：")
        elif listing:
            match = _NEXT.fullmatch(body)
            if match is None or int(match[1]) != listing + 1:
                listing = 0
                continue
            listing += 1
        else:
            continue
        if match[2] == "、":
            at = block.start + match.start(2)
            yield Hit(Span(at, at + 1), "附件顺序号应为“1.”的形式", fix=".")
        if body[-1] in "。；，、;,":
            yield Hit(Span(block.end - 1, block.end), "附件名称后不加标点", fix="")

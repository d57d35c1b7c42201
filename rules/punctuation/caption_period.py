"""A full stop at the end of a caption."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Role
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import PUNCTUATION
from rules.punctuation._article import lines

_NUMBERED = lazy(r"[图表]\s?[一二三四五六七八九十\d]{1,3}(?:[-—.]\d{1,2})?[\s　：:]")


@rule(
    title="图表说明末尾的句号",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["A.1"],
    needs=("。",),
    bad=(
        Bad("<p>图1 全市公开渠道分布⟦。⟧</p>", "<p>图1 全市公开渠道分布</p>"),
        Bad("<table><caption>申请办理情况⟦。⟧</caption><tr><td>1</td></tr></table>"),
    ),
    good=(
        "<p>图1 全市公开渠道分布</p>",
        "<p>图1 共三部分。下同。</p>",
        "<p>表1所列事项由各部门落实。</p>",
        "<p>工作完成。</p>",
    ),
)
def caption_period(document: Document) -> Iterator[Hit]:
    """图、表的短语式说明，末尾不用句号，即使中间用了逗号。说明由几个句子组成的不在此列。"""
    for block, body in lines(document):
        if block.role is not Role.CAPTION and body[0] not in "图表":
            continue
        if len(body) >= 60 or body.find("。") != len(body) - 1:
            continue
        if block.role is Role.CAPTION or _NUMBERED.match(body):
            yield Hit(Span(block.end - 1, block.end), "图表说明末尾不用句号", fix="")

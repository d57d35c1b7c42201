"""The same verb twice in one clause, the second time in a summary with 共."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import EDITING

_VERBS = (
    "发布|开展|组织|举办|召开|制定|办理|受理|审核|收到|答复|回复|公开|印发|出台|修订|清理|查处|检查|培训|处理|"
    "报送|编制|制作|审查|回应|解决|落实|完成|推送|转载|接待|化解|调解|排查|整改|发放|征集|举行|建成|实施|引进"
)
_SUMMARY = lazy(rf"共计?(?P<verb>{_VERBS})(?=[^，。；：！？\n]{{0,14}}?[0-9一二三四五六七八九十百千万两])")
_NOT_BEFORE = frozenset("公总一亲反")
_CLAUSE_MARKS = "，。；：！？、\n"
_REACH = 60
_SHORTEST_OBJECT = 4


@rule(
    title="同一分句里动词重复",
    level=Level.WARNING,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    confidence=Confidence.MEDIUM,
    needs=("共",),
    bad=(Bad("<p>及时发布民意征集或网上调查⟦共发布⟧网上调查72件。</p>"),),
    good=(
        "<p>及时发布民意征集，共发布网上调查72件。</p>",
        "<p>召开各类会议，全年共召开12次。</p>",
        "<p>开展" + "我市各镇各村各类群众性文化体育活动丰富多彩" * 4 + "共开展120场。</p>",
        "<p>公共处理中心处理3件。</p>",
        "<p>完成投资8亿元、累计完成投资32亿元。中华人民共和国中央人民政府。</p>",
    ),
)
def repeated_verb(document: Document) -> Iterator[Hit]:
    """“发布……共发布……件”中间不点断，是把两句话写成了一句：或缺逗号，或前一个动词多余。"""
    text = document.text
    for match in _SUMMARY.finditer(text):
        start = match.start()
        if text[start - 1 : start] in _NOT_BEFORE:
            continue
        if text.endswith("全年", 0, start):
            start -= 2
        low = max(0, start - _REACH)
        clause = max(text.rfind(mark, low, start) for mark in _CLAUSE_MARKS) + 1
        if clause == 0 and low > 0:
            continue
        verb = match.group("verb")
        at = text.find(verb, clause, start)
        if at >= 0 and start - at - len(verb) >= _SHORTEST_OBJECT:
            yield Hit(
                Span(start, match.end()),
                f"同一分句里已有“{verb}”，此处又说“{text[start : match.end()]}”：或在前面加逗号点断，或删去一个“{verb}”",
                related=((Span(at, at + len(verb)), f"前面的“{verb}”"),),
            )

"""村社区 in a text that elsewhere writes 村（社区）."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa import nlp
from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import EDITING

# bare form -> the form with brackets, as a pattern; the first group is shown and used as the fix.
_FORMS: dict[str, re.Pattern[str]] = {
    "村社区": lazy(r"村[（(]社区[）)]"),
    "镇街道": lazy(r"镇[（(]街道[）)]"),
    "镇街": lazy(r"镇[（(]街道?[）)]"),
    "乡镇街道": lazy(r"乡镇[（(]街道[）)]"),
    "县市区": lazy(r"县[（(]市、?区[）)]"),
}
_NOT_BEFORE = "农城新古中心小集示范乡"
_BARE = lazy("|".join(sorted(_FORMS, key=len, reverse=True)))


@rule(
    title="“村（社区）”一类写法不统一",
    level=Level.NOTE,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    confidence=Confidence.MEDIUM,
    needs=tuple(_FORMS),
    bad=(
        Bad(
            "<p>在政务服务大厅、⟦村社区⟧建设信息屏，实现市、镇（街道）、村（社区）三级联动。</p>",
            "<p>在政务服务大厅、村（社区）建设信息屏，实现市、镇（街道）、村（社区）三级联动。</p>",
        ),
    ),
    good=(
        "<p>各村社区都建成了信息屏。</p>",
        "<p>农村社区建设与村（社区）联动，城镇街道整治。</p>",
    ),
)
def inconsistent_parenthetical(document: Document) -> Iterator[Hit]:
    """同一篇文章里“村（社区）”与“村社区”混用，读者会以为是两样东西；应当统一。"""
    text = document.text
    forms: dict[str, str | None] = {}
    for match in _BARE.finditer(text):
        bare = match.group()
        if bare not in forms:
            full = _FORMS[bare].search(text)
            forms[bare] = full.group() if full else None
        wanted = forms[bare]
        before = text[match.start() - 1 : match.start()] if match.start() else ""
        if wanted is None or (before and before in _NOT_BEFORE):
            continue
        span = Span(*match.span())
        if nlp.crosses(text, Span(span.start, span.start + 1)) and nlp.known(before + bare[0]):
            continue
        yield Hit(span, f"文中另有“{wanted}”的写法，宜统一", fix=wanted)

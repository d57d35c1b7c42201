"""Per cent and percentage points confused."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import EDITING
from rules.punctuation._article import find, span_of

_POINT = lazy(
    r"(?:\d|[一二三四五六七八九十])个(百分比)|\d([%％]个?)百分点|百分之(?:\d+(?:\.\d+)?|[一二三四五六七八九十]+)(个百分点)|\d(?:\.\d+)?(个)[%％]"
)


@rule(
    title="百分数与百分点混用",
    level=Level.WARNING,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    needs=("百分点", "个百分比", "个%", "个％"),
    bad=(
        Bad("<p>提高3个⟦百分比⟧，下降2⟦%个⟧百分点</p>", "<p>提高3个百分点，下降2个百分点</p>"),
        Bad("<p>提高百分之五⟦个百分点⟧，增长6⟦个⟧%</p>", "<p>提高百分之五，增长6%</p>"),
    ),
    good=("<p>提高3个百分点，增长5%，提高百分之五</p>", "<p>用百分比表示，高于全省0.5个百分点</p>"),
)
def percent_point(document: Document) -> Iterator[Hit]:
    """两个百分数相减的差用“个百分点”，增减的幅度用“%”，两者不能叠用或错用。"""
    for match in find(document, _POINT):
        group = match.lastindex or 0
        fix = {1: "百分点", 2: "个"}.get(group, "")
        yield Hit(span_of(match, group), "百分数与“百分点”混用", fix=fix)

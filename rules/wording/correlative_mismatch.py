"""Correlatives that do not belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import EDITING

_PATTERNS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    (
        "不",
        lazy(r"(?:不仅|不但)(?!仅)[^。；，！？\n]{2,25}，(?:但|却|然而)(?!也|同时|还|是)"),
        "“不仅（不但）”应当与“而且（还、也）”搭配",
    ),
    (
        "然",
        lazy(r"虽然[^。；，！？\n]{2,25}，(?:而且|并且|所以|因此)"),
        "“虽然”应当与“但是（却）”搭配",
    ),
    (
        "尽管",
        lazy(r"尽管[^。；，！？\n]{2,25}，(?:而且|并且|所以|因此)"),
        "“尽管”应当与“但是（却）”搭配",
    ),
    ("只要", lazy(r"只要[^。；，！？\n]{2,30}，才(?!是)"), "“只要”应当与“就”搭配，“只有”才与“才”搭配"),
    (
        "只有",
        lazy(r"只有[^。；，！？\n个家条一]{2,30}，就(?!是|会)"),
        "“只有”应当与“才”搭配，“只要”才与“就”搭配",
    ),
    (
        "论",
        lazy(r"(?:无论|不论)[^。；，！？\n]{2,30}，(?:但是?|却)"),
        "“无论（不论）”应当与“都（也）”搭配",
    ),
)


@rule(
    title="关联词语搭配不当",
    level=Level.WARNING,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    confidence=Confidence.MEDIUM,
    needs=("不仅", "不但", "虽然", "尽管", "只要", "只有", "无论", "不论"),
    bad=(
        Bad("<p>⟦只要坚持群众路线，才⟧能把工作做好。</p>"),
        Bad("<p>⟦虽然资金紧张，而且⟧时间有限。</p>"),
    ),
    good=(
        "<p>只要坚持群众路线，就能把工作做好。只有改革，才有出路。</p>",
        "<p>虽然资金紧张，但是进展顺利。不仅要快，而且要好。</p>",
    ),
)
def correlative_mismatch(document: Document) -> Iterator[Hit]:
    """“只要……就……”“只有……才……”“虽然……但是……”是成对使用的，错配会使逻辑关系混乱。"""
    text = document.text
    for literal, pattern, message in _PATTERNS:
        if literal in text:
            for match in pattern.finditer(text):
                yield Hit(Span(*match.span()), message)

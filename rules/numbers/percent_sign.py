"""Half- and full-width per cent signs in one document."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import NUMBERS
from rules.punctuation._article import block_of


def _places(document: Document, sign: str, limit: int) -> list[int]:
    found: list[int] = []
    text, at = document.text, -1
    while len(found) < limit and (at := text.find(sign, at + 1)) >= 0:
        if block_of(document, at) is not None and text[at - 1 : at].isdigit():
            found.append(at)
    return found


@rule(
    title="百分号全角、半角混用",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=NUMBERS["体例"],
    needs=("％",),
    bad=(
        Bad("<p>增长8%，工业增长9%，农业增长4⟦％⟧</p>", "<p>增长8%，工业增长9%，农业增长4%</p>"),
        Bad(
            "<p>增长8⟦%⟧，工业增长9％，农业增长4％，外贸7％</p>",
            "<p>增长8％，工业增长9％，农业增长4％，外贸7％</p>",
        ),
    ),
    good=("<p>增长8%，工业9%</p>", "<p>增长8％，工业9％</p>", "<p>增长8％，命令 %s 不算</p>"),
)
def percent_sign(document: Document) -> Iterator[Hit]:
    """同一篇文稿的百分号应统一形式。报告两种形式各有几处，标出较少的一种。"""
    half, full = _places(document, "%", 100_000), _places(document, "％", 100_000)
    if not half or not full:
        return
    few, many = (half, full) if len(half) < len(full) else (full, half)
    text = document.text
    words = f"全文百分号有“%”{len(half)}处、“％”{len(full)}处，宜统一"
    related = ((Span(many[0], many[0] + 1), "另一种形式"),)
    for index, at in enumerate(few[:20]):
        fix = "%" if text[at] == "％" else "％"
        yield Hit(Span(at, at + 1), words, fix=fix, related=related if not index else ())

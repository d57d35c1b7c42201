"""Grouped and ungrouped figures in one document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document, Role
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import NUMBERS
from rules.punctuation._article import block_of

_GROUPED = lazy(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])")
_PLAIN = lazy(
    r"(?<![\d.,A-Za-z\-—〔])[1-9]\d{4,8}(?![\d,A-Za-z\-—])(?=\s?[个件人份条元吨户家套台辆名亩只平立公项次万亿])"
)


@rule(
    title="千分位写法不统一",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=NUMBERS["体例"],
    needs=(",",),
    bad=(
        Bad("<p>发布信息⟦22,084⟧条，办件30541件，答复12345件。</p>"),
        Bad("<p>发布信息22,084条，来信30,541件，补助⟦12345⟧元。</p>"),
    ),
    good=(
        "<p>发布22084条，办件30541件。</p>",
        "<p>发布22,084条，办件541件。</p>",
        "<td>22,084</td><td>1</td>",
    ),
)
def digit_grouping(document: Document) -> Iterator[Hit]:
    """四位以上的数可以用千分撇分节，也可以不分，同一篇文稿应统一。表格单元格不计。"""
    text = document.text

    def places(pattern: re.Pattern[str]) -> list[Span]:
        found = []
        for match in pattern.finditer(text):
            block = block_of(document, match.start())
            if block is not None and block.role is not Role.CELL:
                found.append(Span(*match.span()))
        return found

    grouped = places(_GROUPED)
    plain = places(_PLAIN) if grouped else []
    if grouped and plain:
        few, many = (grouped, plain) if len(grouped) <= len(plain) else (plain, grouped)
        words = f"千分位写法不统一：分节的{len(grouped)}处，不分节的{len(plain)}处"
        yield Hit(few[0], words, related=((many[0], "另一种写法"),))

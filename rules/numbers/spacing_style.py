"""Blanks between figures and Chinese characters, here so and there otherwise."""

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

_SPACED = lazy(r"(?<!\d)\d{4}[ \u00a0]+年")
_TIGHT = lazy(r"(?<!\d)\d{4}年")


def _all(document: Document, pattern: re.Pattern[str]) -> list[Span]:
    found = []
    for match in pattern.finditer(document.text):
        block = block_of(document, match.start())
        if block is not None and block.role is not Role.CELL:
            found.append(Span(*match.span()))
    return found


@rule(
    title="年份与“年”之间空格不统一",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=NUMBERS["体例"],
    needs=(" 年", "\u00a0年"),
    bad=(
        Bad(
            "<p>⟦2023 年⟧，全市共制作公文8011份。2023年底，2022年</p>",
            "<p>2023年，全市共制作公文8011份。2023年底，2022年</p>",
        ),
        Bad("<p>⟦2023&nbsp;年⟧工作</p><p>2023年度报告</p>", "<p>2023年工作</p><p>2023年度报告</p>"),
    ),
    good=("<p>2023 年，2022 年</p>", "<p>2023年，2022年</p>", "<td>2023 年</td><p>2022年</p>"),
)
def spacing_style(document: Document) -> Iterator[Hit]:
    """数字与汉字之间加不加空格，同一篇文稿应统一。报告两种写法各有几处，标出加空格的第一处。"""
    spaced = _all(document, _SPACED)
    tight = _all(document, _TIGHT) if spaced else []
    if spaced and tight:
        first = spaced[0]
        body = document.slice(first)
        words = f"全文“{body}”这样加空格的{len(spaced)}处，不加空格的{len(tight)}处，宜统一"
        related = ((tight[0], "不加空格的写法"), *((span, "加空格的写法") for span in spaced[1:20]))
        yield Hit(first, words, fix=re.sub(r"\s+", "", body), related=related)

"""Per cent signs and magnitudes missing at the start of a range."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import NUMBERS
from rules.punctuation._article import block_of, dashes

_TAIL = lazy(r"\d+(?:\.\d+)?(%|％|‰|亿|万(?!分))")
_HEAD = lazy(r"(?:^|[^\dA-Za-z.\-—–~～/〔])\d+(?:\.\d+)?$")


@rule(
    title="数值范围起点缺百分号或单位",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=NUMBERS["5.1.4"],
    needs=("%", "％", "‰", "亿", "万"),
    bad=(
        Bad("<p>增长63⟦⟧～68%</p>", "<p>增长63%～68%</p>"),
        Bad("<p>投资9⟦⟧～16亿元，增长8.5⟦⟧—9％</p>", "<p>投资9亿～16亿元，增长8.5％—9％</p>"),
    ),
    good=("<p>63%～68%，9亿～16亿元，3—5个</p>", "<p>2016—2020年，A3-5%，1—3个万人计划</p>"),
)
def range_unit(document: Document) -> Iterator[Hit]:
    """百分数的范围，前一个数的百分号不能省：“63%～68%”不写作“63～68%”。

    带“万”“亿”的范围省去前一个单位会有歧义（9还是9亿），宜写全；此项只作提示。
    """
    text = document.text
    for at, high, _ in dashes(document):
        match = _TAIL.match(text, high) if text[high : high + 1].isdigit() else None
        if match is None or not _HEAD.search(text[max(0, at - 12) : at]) or block_of(document, at) is None:
            continue
        unit = match[1]
        ten = unit in "亿万"
        yield Hit(
            Span(at, at),
            f"范围的起点也要写“{unit}”",
            fix=unit,
            level=Level.NOTE if ten else None,
            clause=NUMBERS["5.1.4 亿例"] if ten else None,
        )

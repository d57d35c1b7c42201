"""Chinese names and symbols of one unit in one document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import NUMBERS
from rules.punctuation._article import find

_SYMBOLS = {
    "km": ("公里", "千米"),
    "km²": ("平方公里", "平方千米"),
    "kg": ("公斤", "千克"),
    "m²": ("平方米",),
    "㎡": ("平方米",),
    "m³": ("立方米",),
    "m3": ("立方米",),
    "m2": ("平方米",),
    "KM": ("公里", "千米"),
    "hm²": ("公顷",),
    "℃": ("摄氏度",),
    "GHz": ("吉赫",),
    "kW": ("千瓦",),
    "KW": ("千瓦",),
    "MW": ("兆瓦",),
    "kV": ("千伏",),
    "KV": ("千伏",),
}
_SYMBOL = re.compile(r"(?<=[\d万亿])\s?(km²|hm²|kg|km|KM|m²|㎡|m³|m3|m2|℃|GHz|kW|KW|MW|kV|KV)(?![A-Za-z0-9])")


@rule(
    title="同一单位的中文名称与符号混用",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=NUMBERS["体例"],
    needs=("km", "kg", "KM", "m²", "㎡", "m³", "m3", "m2", "℃", "GHz", "kW", "KW", "MW", "kV", "KV", "hm²"),
    bad=(
        Bad("<p>新建公路12公里，改造8⟦km⟧。</p>"),
        Bad("<p>面积50⟦㎡⟧，其中办公30平方米。</p>"),
    ),
    good=("<p>新建公路12km，改造8km。</p>", "<p>新建12公里，5kg。</p>", "<p>文件12kmz</p>"),
)
def unit_style(document: Document) -> Iterator[Hit]:
    """同一篇文稿里，同一计量单位宜统一用中文名称或统一用符号。"""
    seen: set[str] = set()
    text = document.text
    for match in find(document, _SYMBOL):
        symbol = match[1]
        if symbol in seen:
            continue
        seen.add(symbol)
        for name in _SYMBOLS[symbol]:
            other = re.search(rf"(?<=[\d万亿]){name}", text)
            if other:
                count = len(re.findall(rf"[\d万亿]\s?{re.escape(symbol)}(?![A-Za-z0-9])", text))
                names = len(re.findall(rf"[\d万亿]{name}", text))
                words = f"全文“{symbol}”{count}处、“{name}”{names}处，宜统一"
                yield Hit(
                    Span(*match.span(1)), words, alternatives=(name,), related=((Span(*other.span()), "另一种写法"),)
                )
                break

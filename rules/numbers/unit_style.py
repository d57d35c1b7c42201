"""Chinese names and symbols of one unit in one document."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import NUMBERS
from rules.punctuation._article import block_of, occurrences

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
_BEFORE = frozenset("0123456789万亿")
_BEHIND = ("/", "²", "³")


@rule(
    title="同一单位的中文名称与符号混用",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=NUMBERS["体例"],
    needs=("k", "K", "m", "㎡", "℃", "G", "M"),
    bad=(
        Bad("<p>新建公路12公里，改造8⟦km⟧。</p>"),
        Bad("<p>面积50⟦㎡⟧，其中办公30平方米。</p>"),
    ),
    good=(
        "<p>新建公路12km，改造8km。</p>",
        "<nav>8km</nav><main><p>新建12公里，5kg。</p></main>",
        "<p>文件12kmz，时速4km/h，12公里</p>",
    ),
)
def unit_style(document: Document) -> Iterator[Hit]:
    """同一篇文稿里，同一计量单位宜统一用中文名称或统一用符号。"""
    text = document.text
    for symbol, names in _SYMBOLS.items():
        first = count = 0
        for at, end in occurrences(text, (symbol,)):
            before, after = text[at - 2 : at].rstrip()[-1:], text[end : end + 1]
            if (
                not before
                or before not in _BEFORE
                or (after.isascii() and after.isalnum())
                or after in _BEHIND
            ):
                continue
            if block_of(document, at) is not None:
                first, count = first or at, count + 1
        for name in names if count else ():
            others = [
                Span(at, end) for at, end in occurrences(text, (name,)) if text[at - 1 : at] in _BEFORE and at
            ]
            if others:
                words = f"全文“{symbol}”{count}处、“{name}”{len(others)}处，宜统一"
                place = Span(first, first + len(symbol))
                yield Hit(place, words, alternatives=(name,), related=((others[0], "另一种写法"),))
                break

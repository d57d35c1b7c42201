"""The connecting mark of ranges."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import PUNCTUATION
from rules.punctuation._article import block_of, dashes, in_address

_TAIL = lazy(
    r"(\d+(?:\.\d+)?)(年|月|日|个|家|人|岁|天|亿|万|千|%|％|元|项|公里|米|倍|名|小时|分钟|度|吨|亩|户|所|座|条|级|周|次|平方)"
)
_HEAD = lazy(r"(?:^|[^\dA-Za-z.\-—–~～/〔（(#])\d+(?:\.\d+)?(?:%|[亿万年月日])?$")
_ONE = lazy(r"(?<=[\d%％])一(?=\d)")
_ONES = tuple(f"{char}一" for char in "0123456789%％")
_SCORE = lazy(r"(?<!\d)\d一\d(?!\d|[%％]|[个家年月日项万亿户人名])")
_YEARS = lazy(r"(?:19|20)\d\d年?\Z")
_KEYS = ("~", "-", "－", "–", "--")


@rule(
    title="起止范围的连接号",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["4.13.3"],
    needs=("~", "-", "－", "–", *_ONES),
    bad=(
        Bad("<p>打造2⟦~⟧3个示范项目，新增20⟦-⟧30家</p>", "<p>打造2～3个示范项目，新增20～30家</p>"),
        Bad("<p>2017⟦~⟧2021年计划，用3⟦-⟧5年，1月⟦--⟧6月</p>", "<p>2017—2021年计划，用3～5年，1月—6月</p>"),
        Bad("<p>计划（1981⟦一⟧1985）提出下降3⟦一⟧12%</p>", "<p>计划（1981—1985）提出下降3～12%</p>"),
    ),
    good=(
        "<p>http://a.cn/?r=1-3个，2017—2021年</p>",
        "<p>2017—2021年，25～30家，3—5个</p>",
        "<p>GB/T 9704-2012、F-16人、K-12年级、2023-01-05日</p>",
        "<p>http://a.cn/x-3个 电话0595-85662126</p>",
        "<p>5-3-2个，（1-3年），－5度</p>",
        "<p>12345一号受理，比分1一1</p>",
    ),
)
def range_mark(document: Document) -> Iterator[Hit]:
    """数值范围用浪纹线“～”（也可用一字线），时间起止用一字线“—”；短横线用于编号、型号、电话号码。

    键盘上的“~”“-”不是这两种连接号，夹在数字之间的汉字“一”多半是识别或输入错误。
    """
    text = document.text
    for low, high, run in dashes(document):
        if run not in _KEYS or not text[high : high + 1].isdigit():
            continue
        match = _TAIL.match(text, high)
        if match is None or not _HEAD.search(text[max(0, low - 12) : low]):
            continue
        if in_address(text, low) or block_of(document, low) is None:
            continue
        dated = match[2] in "月日" or (match[2] == "年" and len(match[1]) == 4)
        fix = "—" if dated else "～"
        yield Hit(Span(low, high), f"起止范围应用“{fix}”，不用“{run}”", fix=fix)
    for match in _ONE.finditer(text):
        at = match.start()
        if _SCORE.match(text, at - 1) or block_of(document, at) is None:
            continue
        fix = "—" if _YEARS.search(text, max(0, at - 5), at) else "～"
        yield Hit(Span(at, at + 1), f"数字之间的“一”应为连接号“{fix}”", fix=fix)

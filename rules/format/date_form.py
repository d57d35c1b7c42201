"""The date at the foot of a document."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import DOCUMENT_FORMAT
from rules.punctuation._article import lines

_ARABIC = lazy(r"(\d{4})[ ]?年[ ]?(\d{1,2})[ ]?月[ ]?(\d{1,2})[ ]?日")
_HAN = lazy(
    r"[一二][〇○零0一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


@rule(
    title="成文日期的写法",
    level=Level.ERROR,
    passes=Pass.PROOF2,
    basis=DOCUMENT_FORMAT["7.3.5.4"],
    needs=("日",),
    bad=(
        Bad("<p>晋江市人民政府</p><p>⟦2023年08月01日⟧</p>", "<p>晋江市人民政府</p><p>2023年8月1日</p>"),
        Bad("<p>晋江市人民政府</p><p>⟦二〇二三年八月一日⟧</p>"),
    ),
    good=(
        "<p>二〇〇二年十二月三日</p>",
        "<p>2023年8月1日</p>",
        "<p>自2023年08月01日起施行。</p>",
        "<p>发布时间：2023年08月01日</p>",
        "<td>2023年08月01日</td>",
    ),
)
def date_form(document: Document) -> Iterator[Hit]:
    """成文日期用阿拉伯数字把年、月、日标全，年份标全称，月、日不编虚位（1不编为01）。只查单独成段的日期。"""
    for block, body in lines(document):
        if body[-1] != "日" or len(body) > 16:
            continue
        match = _ARABIC.fullmatch(body)
        if match:
            if match[2].startswith("0") or match[3].startswith("0"):
                fix = f"{match[1]}年{int(match[2])}月{int(match[3])}日"
                yield Hit(Span(block.start, block.end), f"成文日期的月、日不编虚位：{fix}", fix=fix)
        elif _HAN.fullmatch(body) and body[:4].translate(_DIGITS) >= "2013":
            yield Hit(
                Span(block.start, block.end),
                "成文日期应用阿拉伯数字（2012年7月以后的公文）",
                level=Level.NOTE,
            )

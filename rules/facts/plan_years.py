"""Five-year plans, party congresses and sessions of the National People's Congress against years."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import ARITHMETIC

_PLANS = {
    "十五五": 2026,
    "十四五": 2021,
    "十三五": 2016,
    "十二五": 2011,
    "十一五": 2006,
    "十五": 2001,
    "九五": 1996,
    "八五": 1991,
    "七五": 1986,
    "六五": 1981,
}
_CONGRESSES = {
    "十四": 1992,
    "十五": 1997,
    "十六": 2002,
    "十七": 2007,
    "十八": 2012,
    "十九": 2017,
    "二十": 2022,
}
_TERMS = {"八": 1993, "九": 1998, "十": 2003, "十一": 2008, "十二": 2013, "十三": 2018, "十四": 2023}
_PLAN = re.compile(
    rf"[“‘\"]({'|'.join(_PLANS)})[”’\"](?:规划|时期|期间|计划)?[（(]"
    r"((?:19|20)\d\d)\s*年?\s*[—–\-－~～至]{1,2}\s*((?:19|20)\d\d)\s*年?[）)]"
)
_YEAR = r"(?<!\d)((?:19|20)\d\d)年(?:\d{1,2}月(?:\d{1,2}日)?)?[，,]?"
_CONGRESS = re.compile(
    rf"{_YEAR}(?:中国共产党第|党的)({'|'.join(_CONGRESSES)})(?:大|次全国代表大会)(?:胜利|隆重|在北京|在京|顺利)*召开(?![后前以之的])"
)
_SESSION = re.compile(
    rf"{_YEAR}第?({'|'.join(sorted(_TERMS, key=len, reverse=True))})届全国(?:人大|人民代表大会)第?([一二三四五])次会议"
)


@rule(
    title="五年规划或届次与年份不符",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=ARITHMETIC["历法"],
    needs=("”（", "”规划（", "”时期（", "”期间（", '"（', "召开", "次会议"),
    bad=(
        Bad("<p>“十四五”（⟦2020—2025年⟧）时期，“十三五”规划(⟦2016-2021⟧)</p>"),
        Bad("<p>⟦2023年⟧10月，党的二十大胜利召开；⟦2022年⟧3月十四届全国人大一次会议通过</p>"),
    ),
    good=(
        "<p>“十四五”（2021—2025年）、“十五”时期（2001—2005年）、“十四五”规划（2022—2025年）</p>",
        "<p>2022年10月，党的二十大胜利召开；2023年党的二十大召开后第一年；2023年3月十四届全国人大一次会议</p>",
    ),
)
def plan_years(document: Document) -> Iterator[Hit]:
    """五年规划、党代会和全国人民代表大会会议的年份是固定的，写错了会连带全文的时间。"""
    text = document.text
    if "”" in document.text or '"' in document.text:
        for match in _PLAN.finditer(text):
            name, first, last = match.groups()
            start = _PLANS[name]
            if int(first) < start or int(last) > start + 4:
                span = Span(match.start(2), match.end() - 1)
                yield Hit(span, f"“{name}”是{start}—{start + 4}年，不是{first}—{last}年")
    if "召开" in text:
        for match in _CONGRESS.finditer(text):
            year, name = match.groups()
            if int(year) != _CONGRESSES[name]:
                yield Hit(
                    Span(match.start(1), match.end(1) + 1),
                    f"党的{name}大于{_CONGRESSES[name]}年召开，不是{year}年",
                )
    if "次会议" in text:
        for match in _SESSION.finditer(text):
            year, term, number = match.groups()
            right = _TERMS[term] + "一二三四五".index(number)
            if int(year) != right:
                span = Span(match.start(1), match.end(1) + 1)
                yield Hit(span, f"{term}届全国人大{number}次会议于{right}年召开，不是{year}年")

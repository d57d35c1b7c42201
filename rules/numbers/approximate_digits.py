"""Approximate numbers in Arabic figures."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import NUMBERS
from rules.punctuation._article import block_of, occurrences, span_of

_UNITS = "个|天|名|年(?!级|期)|次|家|倍|公里|小时|分钟|里|米|人"
_SOME = lazy(
    rf"(?<=[^\d.、第\n])(?:([1-8])、([2-9])(十|百|千|万)?(?={_UNITS})|([1-9])(0)几(?=[个名天年次家人岁里所条项])|(1)几(?=[个名天年次家人岁里所条项]))"
)
_STARTS = (*(f"{n}、{n + 1}" for n in range(1, 9)), "0几", "1几")
_HAN = "〇一二三四五六七八九"


@rule(
    title="概数用阿拉伯数字",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=NUMBERS["4.2.2"],
    needs=_STARTS,
    bad=(
        Bad("<p>仅用⟦3、4⟧个工作日</p>", "<p>仅用三四个工作日</p>"),
        Bad(
            "<p>来了⟦10几⟧个人，走了⟦5、6百⟧人，等了⟦1几⟧天</p>",
            "<p>来了十几个人，走了五六百人，等了十几天</p>",
        ),
        Bad("<p>共⟦50几⟧名</p>", "<p>共五十几名</p>"),
    ),
    good=(
        "<p>三四个月，十几天</p>",
        "<p>在1、3、7个工作日内办结，2、5年</p>",
        "<p>3、4个项目</p>",
        "<p>第3、4名，增长几个点</p>",
    ),
)
def approximate_digits(document: Document) -> Iterator[Hit]:
    """相邻两个数字连用的概数和含“几”的概数，用汉字，中间不加顿号。"""
    text = document.text
    for at, end in occurrences(text, _STARTS):
        match = (
            _SOME.match(text, at - 1)
            if text[at] in "01" and text[at + 1] == "几" and at
            else _SOME.match(text, at)
        )
        if match is None and at:
            match = _SOME.match(text, at)
        if match is None or match.end() < end or block_of(document, at) is None:
            continue
        first, second, scale, tens, _, _ = match.groups()
        if first:
            fix = f"{_HAN[int(first)]}{_HAN[int(second)]}{scale or ''}"
        else:
            fix = f"{_HAN[int(tens)] if tens and tens != '1' else ''}十几"
        yield Hit(span_of(match), "概数用汉字，中间不加顿号", fix=fix)

"""The wrong zero in Chinese figures."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import NUMBERS
from rules.punctuation._article import find, span_of

_YEARS = tuple(lazy(f"{first}[一二三四五六七八九〇零0OoОоＯ○◯Ο０]{{3}}(?=年)") for first in "一二")
_WRONG = lazy(r"[0OoОоＯ○◯Ο０]")


@rule(
    title="汉字年份中的“〇”误用",
    level=Level.ERROR,
    passes=Pass.PROOF2,
    basis=NUMBERS["体例"],
    needs=tuple("0OoОоＯ○◯Ο０"),
    bad=(
        Bad("<p>⟦二0一六⟧年一月，⟦二○二三⟧年</p>", "<p>二〇一六年一月，二〇二三年</p>"),
        Bad("<p>展望⟦二О三五⟧年</p>", "<p>展望二〇三五年</p>"),
    ),
    good=("<p>二〇二三年，2023年，中核四0四公司</p>", "<p>一九九六年</p>"),
)
def zero_character(document: Document) -> Iterator[Hit]:
    """汉字数字里的零写作“〇”（U+3007），不用阿拉伯数字0、字母O或圆圈符号代替。替代字符会使检索、朗读和年份识别出错。"""
    for pattern in _YEARS:
        for match in find(document, pattern):
            fixed = _WRONG.sub("〇", match[0])
            if fixed != match[0]:
                yield Hit(span_of(match), f"“{match[0]}”中的零应写作“〇”", fix=fixed, safe=True)

"""Set terms that take Chinese figures."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import NUMBERS
from rules.numbers.lunar_digits import han
from rules.punctuation._article import block_of, occurrences

_PARTY = lazy(r"(?:党的|中共|共产党)(1[2-9]|20)大(?!会|队|类|项|道|厦|街)")
_SESSION = lazy(
    r"(?<![\d.])((?:第)?(?:1[0-9]|20))届(?:[一二三四五六七八九\d]中全会|全国人大|全国人民代表大会|中央委员会|中央纪委|中央纪律)"
)
_PLAN = lazy(r"[“‘\"](1[0-5])五[”’\"](?:规划|时期|期间|以来|计划|开局|末|目标|收官)")
_PHRASE = lazy(
    r"[“‘\"]([2-8])(?:个意识|个自信|个维护|个确立|个代表|个全面|位一体|项规定|严三实|学一做|个务必)[”’\"]"
)
_ANCHORS = (
    (("大",), _PARTY, 5),
    (("届",), _SESSION, 4),
    (("五”", "五’", '五"'), _PLAN, 3),
    (tuple(f"{mark}{digit}" for mark in '“‘"' for digit in "2345678"), _PHRASE, 0),
)


@rule(
    title="固定词语里的数字用阿拉伯数字",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=NUMBERS["4.2.3"],
    needs=("大", "届", "五”", "五’", '五"', "“", "‘"),
    bad=(
        Bad("<p>党的⟦20⟧大和⟦19⟧届五中全会</p>", "<p>党的二十大和十九届五中全会</p>"),
        Bad(
            "<p>“⟦14⟧五”规划，“⟦2⟧个维护”，⟦第20⟧届中央委员会</p>",
            "<p>“十四五”规划，“两个维护”，第二十届中央委员会</p>",
        ),
    ),
    good=(
        "<p>党的二十大，“十四五”规划</p>",
        "<p>第14届亚洲跳伞锦标赛，“2个项目”</p>",
        "<p>党的20大类活动</p>",
    ),
)
def fixed_terms(document: Document) -> Iterator[Hit]:
    """已定型的词语、会议届次、规划名称，其中的数字是词的一部分，用汉字。"""
    text = document.text
    for words, pattern, back in _ANCHORS:
        for at, _ in occurrences(text, words):
            if back and not text[at - 1 : at].isdigit() and not text[at - 2 : at - 1].isdigit():
                continue
            match = pattern.search(text, max(0, at - back), at + 12)
            if match is None or match.end() <= at + (not back) or block_of(document, at) is None:
                continue
            digits = match[1].lstrip("第")
            han_ = "两" if pattern is _PHRASE and digits == "2" else han(int(digits))
            fix = f"第{han_}" if match[1].startswith("第") else han_
            yield Hit(Span(*match.span(1)), "固定词语中的数字用汉字", fix=fix)

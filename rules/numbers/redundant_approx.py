"""Two words of approximation round one figure."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import EDITING
from rules.punctuation._article import block_of, occurrences, span_of

_UNITS = "元|人|个|吨|公里|平方米|户|家|件|年|天|次|倍|亩|名|美元|人次|套|台|辆|岁|小时|分钟|个月|个百分点"
_NUMBER = r"(?:\d+(?:\.\d+)?|[一二三四五六七八九十百千]{1,5})"
_ABOUT = lazy(
    rf"(?:大约|约|将近|近|接近|超过|超|不足|至少|最多){_NUMBER}(?:%|％|[万亿千百]{{0,2}}(?:{_UNITS})?)(?:左右|上下)"
)
_OVER = lazy(
    rf"(?:大约|约|将近|超过){_NUMBER}[多余](?:%|％|[万亿]?(?:元|人(?!民)|个|吨|公里|户|家|件|年|天|次|亩|名))"
)
_WORD = frozenset("签节条预合集违履公契毁邻附最靠临")


@rule(
    title="概数词语重复",
    level=Level.WARNING,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    needs=("左右", "上下", "约", "将近", "超过"),
    bad=(
        Bad("<p>到场⟦约300人左右⟧，投资⟦近5亿元上下⟧</p>"),
        Bad("<p>占地⟦约20余亩⟧</p>"),
    ),
    good=("<p>到场约300人，300人左右，共签约360余个项目</p>", "<p>为近10年来最多，年均增长8%左右</p>"),
)
def redundant_approx(document: Document) -> Iterator[Hit]:
    """“约”“近”“超”与“左右”“上下”“余”“多”都表示约数，前后各用一个是重复，有的还互相矛盾（如“超……左右”）。"""
    text = document.text
    for words, pattern in ((("左右", "上下"), _ABOUT), (("约", "将近", "超过"), _OVER)):
        for at, end in occurrences(text, words):
            if pattern is _ABOUT:
                found = (one for one in pattern.finditer(text, max(0, at - 18), end) if one.end() == end)
                match = next(found, None)
            else:
                match = pattern.match(text, at)
            if (
                match is None
                or text[match.start() - 1 : match.start()] in _WORD
                or block_of(document, at) is None
            ):
                continue
            yield Hit(span_of(match), f"“{match[0]}”：前后两个概数词语留一个")

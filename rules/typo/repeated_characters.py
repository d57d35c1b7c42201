"""A function character typed twice."""

from __future__ import annotations

from collections.abc import Iterator

from qa import nlp
from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import DICTIONARY

_DOUBLED = lazy(r"([的了和在是与及对将以于由并被把从向就也还都要可其而且或但如该这那不我你他她们])\1(?!\1)")
_REACH = 5
"""How far a dictionary word may lie over the pair; jieba's longest useful words are that long."""


def _explained(text: str, start: int) -> bool:
    """Whether some dictionary word claims one of the two characters for itself."""
    if nlp.known(text[start : start + 2]):
        return True
    low, high = max(0, start - _REACH), min(len(text), start + 2 + _REACH)
    if any(nlp.known(text[at : start + 1]) for at in range(low, start)):
        return True
    if any(nlp.known(text[start + 1 : at]) for at in range(start + 3, high + 1)):
        return True
    return nlp.crosses(text, Span(start, start + 2))


@rule(
    title="虚词重复",
    level=Level.ERROR,
    passes=Pass.PROOF1,
    basis=DICTIONARY[""],
    bad=(
        Bad("<p>经检疫合格⟦的的⟧生猪产品。</p>", "<p>经检疫合格的生猪产品。</p>"),
        Bad("<p>政府管理创新⟦和和⟧制度创新。</p>", "<p>政府管理创新和制度创新。</p>"),
    ),
    good=(
        "<p>达到目的的办法，的的确确。</p>",
        "<p>促进社会和和谐，天有为为国为民，可以以函代会。</p>",
        "<p>了了解情况。现在在建项目。</p>",
    ),
)
def repeated_characters(document: Document) -> Iterator[Hit]:
    """“的的”“和和”之类多是改稿时留下的重复。

    两个字中有一个能同左边或右边的字成词时（“目的的”“的确”“和谐”），不作重复处理。
    """
    text = document.text
    for match in _DOUBLED.finditer(text):
        start, end = match.span()
        sentence = document.sentence(Span(start, end))
        window = text[sentence.start : sentence.end]
        if not _explained(window, start - sentence.start):
            char = match.group(1)
            yield Hit(Span(start, end), f"“{char}”字重复", fix=char)

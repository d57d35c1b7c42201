"""A character that is missing, told by the language model."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Hit, Settings, rule
from rules._standards import DICTIONARY
from rules.typo._spelling import hits


@rule(
    title="疑似漏字",
    level=Level.WARNING,
    confidence=Confidence.LOW,
    passes=Pass.PROOF1,
    basis=DICTIONARY[""],
    bad=(Bad("<p>全面贯彻落⟦党⟧的二十大精神。</p>", "<p>全面贯彻落实党的二十大精神。</p>"),),
    good=("<p>全面贯彻落实党的二十大精神。</p>",),
)
def missing_character(document: Document, settings: Settings) -> Iterator[Hit]:
    """删改时带掉的字，补上之后才通顺。"""
    yield from hits(document, settings, ("漏字",))

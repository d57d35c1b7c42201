"""A character too many, told by the language model."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Hit, Settings, rule
from rules._standards import DICTIONARY
from rules.typo._spelling import hits


@rule(
    title="疑似多字",
    level=Level.WARNING,
    confidence=Confidence.LOW,
    passes=Pass.PROOF1,
    basis=DICTIONARY[""],
    bad=(Bad("<p>进一⟦步⟧步完善基层治理体系。</p>", "<p>进一步完善基层治理体系。</p>"),),
    good=("<p>进一步完善基层治理体系，稳步推进各项改革。</p>",),
)
def superfluous_character(document: Document, settings: Settings) -> Iterator[Hit]:
    """改稿或连击键盘留下的多余的字，删去之后才通顺。"""
    yield from hits(document, settings, ("多字",))

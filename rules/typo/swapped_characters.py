"""Two characters in the wrong order, told by the language model."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Hit, Settings, rule
from rules._standards import DICTIONARY
from rules.typo._spelling import hits


@rule(
    title="疑似字序颠倒",
    level=Level.WARNING,
    confidence=Confidence.LOW,
    passes=Pass.PROOF1,
    basis=DICTIONARY[""],
    bad=(
        Bad(
            "<p>扎实推进乡村⟦兴振⟧，建设宜居宜业和美乡村。</p>",
            "<p>扎实推进乡村振兴，建设宜居宜业和美乡村。</p>",
        ),
    ),
    good=("<p>扎实推进乡村振兴，建设宜居宜业和美乡村。</p>",),
)
def swapped_characters(document: Document, settings: Settings) -> Iterator[Hit]:
    """相邻两个字打颠倒了。"""
    yield from hits(document, settings, ("颠倒",))

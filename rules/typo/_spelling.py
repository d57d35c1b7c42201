"""What the spelling engine says of a document, as hits."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from qa.document import Document
from qa.finding import Confidence
from qa.rule import Hit, Settings
from qa.source import Span

_REASONS = {"同音": "读音相同", "近音": "读音相近", "形近": "字形相近", "搭配": "搭配不当"}


def hits(document: Document, settings: Settings, kinds: Collection[str]) -> Iterator[Hit]:
    """Suggestions of some kinds that are sure enough; merely possible ones where a proofreader asks for them."""
    from qa.typo.documents import CERTAIN, DEFAULT, THOROUGH, suggestions

    least = THOROUGH if settings.thorough else DEFAULT
    for span, one, sure in suggestions(document):
        if one.why not in kinds or sure < least or _protected(document.text, span, settings):
            continue
        yield Hit(
            span,
            f"{_words(one.original, one.replacement, one.why)}，把握 {min(99, int(sure * 100))}%",
            fix=one.replacement,
            confidence=Confidence.MEDIUM if sure >= CERTAIN else Confidence.LOW,
            yields=True,
        )


def _words(original: str, replacement: str, why: str) -> str:
    if why == "多字":
        return f"疑多“{original}”字"
    if why == "漏字":
        return f"“{original}”字前疑漏“{replacement.removesuffix(original)}”字"
    if why == "颠倒":
        return f"“{original}”疑为“{replacement}”，字序颠倒"
    return f"“{original}”疑为“{replacement}”之误（{_REASONS[why]}）"


def _protected(text: str, span: Span, settings: Settings) -> bool:
    """Whether a word of the site's own covers a range: allowed terms, names of officials."""
    for word in (*settings.pack.allow, *(one.name for one in settings.pack.officials)):
        at = text.find(word, max(0, span.start - len(word)), span.end + len(word))
        if at >= 0 and at <= span.start and span.end <= at + len(word):
            return True
    return False

"""What the spelling engine says of a document, as hits."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from qa import nlp
from qa.document import Document
from qa.finding import Confidence, Level
from qa.rule import Hit, Settings
from qa.source import Span

if TYPE_CHECKING:
    from qa.typo.speller import Suggestion

_REASONS = {"同音": "读音相同或仅声调不同", "近音": "读音相近", "形近": "字形相近", "搭配": "与前后文不搭配"}
_PARTICLES = frozenset("的地得")
_REACH, _LONGEST = 3, 4
_HAN = re.compile(r"[\u4e00-\u9fff]")


def hits(document: Document, settings: Settings, kinds: Collection[str]) -> Iterator[Hit]:
    """Suggestions of some kinds that are sure enough; merely possible ones where a proofreader asks for them."""
    from qa.typo.documents import CERTAIN, DEFAULT, THOROUGH, suggestions

    least = THOROUGH if settings.thorough else DEFAULT
    for span, one, sure, variant in suggestions(document):
        if one.why not in kinds or sure < least or protected(document.text, span, settings):
            continue
        if variant is None:
            words = _words(document.text, span, one)
        else:
            words = f"此处写作“{variant.here}”，文中另有{variant.number}处写作“{variant.usual}”，疑“{one.original}”为“{one.replacement}”之误"
        yield Hit(
            span,
            f"{words}，把握 {min(99, round(sure * 1000) // 10)}%",
            fix=one.replacement,
            level=Level.WARNING if sure >= DEFAULT else Level.NOTE,
            confidence=Confidence.MEDIUM if sure >= CERTAIN else Confidence.LOW,
            yields=True,
        )


def _words(text: str, span: Span, one: Suggestion) -> str:
    if one.why == "多字":
        if len(one.original) > 1:
            return f"“{one.original}”疑重复，多写了一遍"
        return f"“{_around(text, span)}”疑多一个“{one.original}”字"
    if one.why == "漏字":
        return f"“{one.original}”字前疑漏“{one.replacement.removesuffix(one.original)}”字"
    was, now = _word(text, span, one.replacement)
    if one.why == "颠倒":
        return f"“{was}”疑为“{now}”，字序颠倒"
    if one.original in _PARTICLES and one.replacement in _PARTICLES:
        return f"此处“{one.original}”疑应为“{one.replacement}”（的、地、得混用）"
    return f"“{was}”疑为“{now}”之误（{_REASONS[one.why]}）"


def _word(text: str, span: Span, replacement: str) -> tuple[str, str]:
    """The word a change makes, as it stands now and as it would be; the characters alone where there is none."""
    low, high = span.start, span.end
    while low and span.start - low < _REACH and _HAN.match(text[low - 1]):
        low -= 1
    while high < len(text) and high - span.end < _REACH and _HAN.match(text[high]):
        high += 1
    best = (span.start, span.end)
    if len(replacement) < _REACH:
        for begin in range(low, span.start + 1):
            for end in range(span.end, high + 1):
                made = text[begin : span.start] + replacement + text[span.end : end]
                if len(made) <= _LONGEST and end - begin > best[1] - best[0] and nlp.known(made):
                    best = (begin, end)
    begin, end = best
    return text[begin:end], text[begin : span.start] + replacement + text[span.end : end]


def _around(text: str, span: Span) -> str:
    """What stands there, with the character on either side."""
    return text[max(0, span.start - 1) : span.end + 1].strip()


def protected(text: str, span: Span, settings: Settings) -> bool:
    """Whether a word of the site's own covers a range: allowed terms, names of officials."""
    for word in (*settings.pack.allow, *(one.name for one in settings.pack.officials)):
        at = text.find(word, max(0, span.end - len(word)), span.start + len(word))
        if at >= 0 and at <= span.start and span.end <= at + len(word):
            return True
    return False

"""The engine over documents: sentence by sentence, each looked at once, with the document's own evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from qa import nlp
from qa.document import Document
from qa.source import Span
from qa.typo import speller
from qa.typo.speller import Suggestion
from qa.typo.variants import Variant, variants

DEFAULT, THOROUGH = 0.75, 0.1
"""Confidence from which a finding is told by default, and to a proofreader who wants to look at everything."""
CERTAIN = 0.9
"""Confidence that the document's own habits do not shake."""
_LEAST = 0.35
"""Confidence, as that of a sentence alone, below which nothing is weighed."""
_RATE, _SENTENCES = 1 / 400, 400
"""How many slips a published sentence has, and how many sentences of a document it takes to doubt that as much."""
_PRIOR = 12.0
"""The odds of a slip are those of a sentence alone, times this, times the slips a sentence of the document has.

Sentences somebody asks about are wrong far more often than published ones; measured on 118,000 sentences of the
corpus whose alarms were read one by one.
"""
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]*")
_LEAST_HAN = 4
_HAN = re.compile(r"[\u4e00-\u9fff]")
_HABIT = 3
"""Times a spelling stands in a document to be its habit."""
_LIKELY = 0.85
"""Confidence, as that of a sentence alone, from which the other spelling may speak for a change."""
_OUTVOTED = 4
"""How many times as often the other spelling must stand there to be the right one."""


class Found(NamedTuple):
    """A suggestion and where it stands in the document's text; how the text writes it elsewhere, if that tells."""

    span: Span
    suggestion: Suggestion
    confidence: float
    variant: Variant | None = None


@lru_cache(maxsize=100_000)
def _checked(sentence: str) -> tuple[Suggestion, ...]:
    """Suggestions for a sentence, thorough ones too; boilerplate is paid for once."""
    return tuple(speller.load().check(sentence, least=_LEAST))


def sentences(document: Document) -> Iterator[tuple[int, str]]:
    """Sentences of a document with some Chinese in them, and where each begins."""
    for block in document.blocks:
        for match in _SENTENCE.finditer(document.text, block.start, block.end):
            sentence = match.group()
            if len(sentence) >= _LEAST_HAN and len(_HAN.findall(sentence)) >= _LEAST_HAN:
                yield match.start(), sentence


_GROUP = {
    "同音": "sound", "近音": "sound", "形近": "shape", "搭配": "shape", "多字": "order", "漏字": "order", "颠倒": "order",
}  # fmt: skip
_SHARES = {"sound": 0.65, "shape": 0.27, "order": 0.08}
"""Kinds of slips that come together, and the share of each in what the classifier learnt from."""


def _shifted(confidence: float, odds: float) -> float:
    """A confidence after the odds have changed."""
    sure = min(confidence, 0.9999)
    told = sure / (1 - sure) * odds
    return told / (1 + told)


def _odds(found: Iterable[Suggestion], sentences: int) -> dict[str, float]:
    """How the odds of a slip of each kind in this document compare with those of a sentence somebody asks about.

    A text that was read by a machine abounds in look-alikes and has no more homophones than others; what stands
    there tells which it is.
    """
    groups: dict[str, list[float]] = {name: [] for name in _SHARES}
    for one in found:
        groups[_GROUP[one.why]].append(one.confidence)
    odds = {}
    for name, confidences in groups.items():
        share = _SHARES[name]
        now = _PRIOR * _RATE
        for _ in range(6):
            slips = sum(_shifted(one, now) for one in confidences)
            now = min(1.0, _PRIOR * (slips / share + _RATE * _SENTENCES) / (sentences + _SENTENCES))
        odds[name] = now
    return odds


def _weighed(text: str, span: Span, suggestion: Suggestion, confidence: float) -> float:
    """Confidence after a look at how the document writes the same thing elsewhere."""
    if not suggestion.original or not suggestion.replacement:
        return confidence
    sides = [(text[max(0, span.start - 1) : span.start], ""), ("", text[span.end : span.end + 1])]
    pairs = [pair for pair in sides if _HAN.match("".join(pair))]
    habits = max((text.count(left + suggestion.original + right) for left, right in pairs), default=0)
    names = [left + suggestion.replacement + right for left, right in pairs]
    # A common word stands often anyway; what no dictionary knows is a name.
    others = max((text.count(name) for name in names if not nlp.known(name)), default=0)
    if habits and others >= _OUTVOTED * habits and suggestion.confidence >= _LIKELY:
        return 1 - (1 - confidence) * 0.4
    if habits >= _HABIT and confidence < CERTAIN:
        return min(confidence, THOROUGH)
    return confidence


def suggestions(document: Document) -> list[Found]:
    """All suggestions for a document, in order; worked out at the first call.

    Raises:
        OSError: a model is missing.
    """
    known: list[Found] | None = document.__dict__.get("_typo")
    if known is None:
        told: dict[Span, Suggestion] = {}
        number = 0
        for begin, sentence in sentences(document):
            number += 1
            for one in _checked(sentence):
                told.setdefault(Span(begin + one.begin, begin + one.end), one)
        odds = _odds(told.values(), number)
        known = []
        for span, one in told.items():
            confidence = _shifted(one.confidence, odds[_GROUP[one.why]])
            known.append(Found(span, one, round(_weighed(document.text, span, one, confidence), 3)))
        for other in variants(document.text):
            span = other.span
            known = [two for two in known if two.span.end <= span.start or span.end <= two.span.start]
            known.append(Found(span, other.suggestion, other.suggestion.confidence, other))
        known.sort(key=lambda two: two.span)
        document.__dict__["_typo"] = known
    return known


__all__ = ["CERTAIN", "DEFAULT", "THOROUGH", "Found", "sentences", "suggestions"]

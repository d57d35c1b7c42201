"""The engine over documents: sentence by sentence, each looked at once, with the document's own evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from qa import nlp
from qa.document import Document
from qa.source import Span
from qa.typo import speller
from qa.typo.speller import DEFAULT, THOROUGH, Suggestion

CERTAIN = 0.97
"""Confidence that the document's own habits do not shake."""
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]*")
_LEAST_HAN = 4
_HAN = re.compile(r"[\u4e00-\u9fff]")
_HABIT = 3
"""Times a spelling stands in a document to be its habit."""
_OUTVOTED = 4
"""How many times as often the other spelling must stand there to be the right one."""


class Found(NamedTuple):
    """A suggestion and where it stands in the document's text."""

    span: Span
    suggestion: Suggestion
    confidence: float


@lru_cache(maxsize=100_000)
def _checked(sentence: str) -> tuple[Suggestion, ...]:
    """Suggestions for a sentence, thorough ones too; boilerplate is paid for once."""
    return tuple(speller.load().check(sentence, least=THOROUGH))


def sentences(document: Document) -> Iterator[tuple[int, str]]:
    """Sentences of a document with some Chinese in them, and where each begins."""
    for block in document.blocks:
        for match in _SENTENCE.finditer(document.text, block.start, block.end):
            sentence = match.group()
            if len(sentence) >= _LEAST_HAN and len(_HAN.findall(sentence)) >= _LEAST_HAN:
                yield match.start(), sentence


def _weighed(text: str, span: Span, suggestion: Suggestion) -> float:
    """Confidence after a look at how the document writes the same thing elsewhere."""
    confidence = suggestion.confidence
    if not suggestion.original or not suggestion.replacement:
        return confidence
    sides = [(text[max(0, span.start - 1) : span.start], ""), ("", text[span.end : span.end + 1])]
    pairs = [pair for pair in sides if _HAN.match("".join(pair))]
    habits = max((text.count(left + suggestion.original + right) for left, right in pairs), default=0)
    names = [left + suggestion.replacement + right for left, right in pairs]
    # A common word stands often anyway; what no dictionary knows is a name.
    others = max((text.count(name) for name in names if not nlp.known(name)), default=0)
    if habits and others >= _OUTVOTED * habits:
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
        known = []
        seen = set()
        for begin, sentence in sentences(document):
            for one in _checked(sentence):
                span = Span(begin + one.begin, begin + one.end)
                if span not in seen:
                    seen.add(span)
                    known.append(Found(span, one, round(_weighed(document.text, span, one), 3)))
        document.__dict__["_typo"] = known
    return known


__all__ = ["CERTAIN", "DEFAULT", "THOROUGH", "Found", "sentences", "suggestions"]

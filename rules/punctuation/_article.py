"""What punctuation, number and format rules share: the article's text and things worked out once a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from qa.document import Block, Document, Role
from qa.patterns import lazy
from qa.source import Span

HAN = "\u3400-\u9fff〇"
"""Chinese characters, for use inside a regular expression's brackets."""

_Made = TypeVar("_Made")
_OUTSIDE = (Role.ATTRIBUTE, Role.CODE)


def is_han(char: str) -> bool:
    """Whether a character (or the empty string) is a Chinese one."""
    return "\u3400" <= char <= "\u9fff" or char == "〇"


def once(function: Callable[[Document], _Made]) -> Callable[[Document], _Made]:
    """Work something out once a document, however many rules ask for it."""
    made: WeakKeyDictionary[Document, _Made] = WeakKeyDictionary()

    @wraps(function)
    def wrapper(document: Document) -> _Made:
        if document not in made:
            made[document] = function(document)
        return made[document]

    return wrapper


def block_of(document: Document, offset: int) -> Block | None:
    """The article's block at an offset; ``None`` in chrome, attributes and code."""
    block = document.block_at(offset)
    if block is None or not block.main or block.role in _OUTSIDE:
        return None
    return block


def find(document: Document, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Matches of a pattern in the article's own blocks."""
    for match in pattern.finditer(document.text):
        if block_of(document, match.start()) is not None:
            yield match


@once
def lines(document: Document) -> list[tuple[Block, str]]:
    """The article's blocks with their text, table cells left out."""
    text = document.text
    return [
        (block, text[block.start : block.end])
        for block in document.paragraphs()
        if block.role is not Role.CELL and block.end > block.start
    ]


def occurrences(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Every place of some literals, as ``(start, end)``: far cheaper than an alternation."""
    for word in words:
        size = len(word)
        at = text.find(word)
        while at >= 0:
            yield at, at + size
            at = text.find(word, at + size)


_DASHES = lazy("[-—―─－~～–−‐‑]+")


@once
def dashes(document: Document) -> list[tuple[int, int, str]]:
    """Runs of dashes of all kinds between other characters: start, end, the run."""
    return [(*match.span(), match[0]) for match in _DASHES.finditer(document.text)]


def in_address(text: str, at: int) -> bool:
    """Whether an offset stands inside a web or mail address, looking 200 characters back."""
    low = max(0, at - 200)
    start = at
    while start > low and "!" <= text[start - 1] <= "~":
        start -= 1
    token = text[start:at]
    return "://" in token or "@" in token or "www." in token


def span_of(match: re.Match[str], group: int = 0) -> Span:
    """Span of a match or one of its groups."""
    return Span(*match.span(group))

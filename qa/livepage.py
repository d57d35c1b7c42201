"""Where in a page's source an article lies, what hides there, and what runs there."""

from __future__ import annotations

import sys
from bisect import bisect_right
from dataclasses import dataclass, field

from qa.readers._tokens import TokenType, tokenize
from qa.readers.html import _VOID, MAIN, region_of
from qa.site.extract import _HIDING
from qa.source import Span

_HOLDERS = frozenset(["article", "blockquote", "center", "dd", "div", "form", "li", "main", "section", "td"])
_ENDS_P = _HOLDERS | {"p", "table", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr"}
_REACH = 200
"""How many open elements an end tag may close; markup worse than that is not followed."""


@dataclass(slots=True)
class Layout:
    """A page's elements by place in the source.

    Attributes:
        holders: elements that may hold an article, with whether their name says they do.
        hidden: ranges that no reader sees, disjoint and in order; ``scripts``: ``(offset, address, code)``.
        frames: ``(offset, address)``; ``images``: offsets.
    """

    holders: list[tuple[Span, bool]] = field(default_factory=list)
    hidden: list[Span] = field(default_factory=list)
    scripts: list[tuple[int, str, str]] = field(default_factory=list)
    frames: list[tuple[int, str]] = field(default_factory=list)
    images: list[int] = field(default_factory=list)

    def around(self, span: Span) -> Span | None:
        """The element that holds a range and no more than it must; ``None``: only the page does."""
        best: Span | None = None
        named: Span | None = None
        for place, speaks in self.holders:
            if place.start <= span.start and span.end <= place.end:
                size = place.end - place.start
                if best is None or size < best.end - best.start:
                    best = place
                if speaks and (named is None or size < named.end - named.start):
                    named = place
        return named or best

    def is_hidden(self, offset: int) -> bool:
        """Whether a place in the source lies in a hidden element."""
        at = bisect_right(self.hidden, Span(offset, sys.maxsize)) - 1
        return at >= 0 and offset < self.hidden[at].end

    def image_between(self, low: int, high: int) -> bool:
        """Whether an image stands between two places of the source."""
        at = bisect_right(self.images, low)
        return at < len(self.images) and self.images[at] < high


class _Open:
    __slots__ = ("hidden", "named", "start", "tag")

    def __init__(self, tag: str, start: int, named: bool, hidden: bool) -> None:
        self.tag = tag
        self.start = start
        self.named = named
        self.hidden = hidden


def layout(text: str) -> Layout:
    """Read a page's elements. Never raises on markup, however broken."""
    text = text.replace("\r\n", " \n").replace("\r", "\n").replace("</>", "<?>")
    starts = [0]
    at = text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    found = Layout()
    stack: list[_Open] = []

    def close(end: int) -> None:
        one = stack.pop()
        if one.tag in _HOLDERS:
            found.holders.append((Span(one.start, end), one.named))
        if one.hidden:
            found.hidden.append(Span(one.start, end))

    for token in tokenize(text, resolve_references=False, capture_source=True):
        kind = token.type
        if kind is TokenType.START_TAG:
            tag = token.tag or ""
            offset = starts[token.line - 1] + token.col
            if tag in _ENDS_P and stack and stack[-1].tag == "p":
                close(offset)
            values = {name: value or "" for name, value in token.attrs or ()}
            if tag == "img":
                found.images.append(offset)
            elif tag == "script":
                found.scripts.append((offset, values.get("src", "").strip(), ""))
            elif tag in ("iframe", "frame", "embed", "object"):
                found.frames.append((offset, (values.get("src") or values.get("data") or "").strip()))
            if tag in _VOID:
                continue
            names = f"{values.get('class', '')} {values.get('id', '')}".strip()
            named = bool(names) and tag in _HOLDERS and region_of(names) == MAIN
            hidden = "hidden" in values or bool(values.get("style") and _HIDING.search(values["style"]))
            stack.append(_Open(tag, offset, named, hidden))
        elif kind is TokenType.END_TAG:
            tag = token.tag or ""
            end = starts[token.line - 1] + token.col + len(token.source or "")
            depth = next((n for n, one in enumerate(reversed(stack[-_REACH:]), 1) if one.tag == tag), 0)
            for _ in range(depth):
                close(end)
        elif kind is TokenType.TEXT and stack and stack[-1].tag == "script" and found.scripts:
            offset, address, code = found.scripts[-1]
            found.scripts[-1] = (offset, address, code + (token.data or ""))
    while stack:
        close(len(text))
    found.hidden = _merged(found.hidden)
    return found


def _merged(spans: list[Span]) -> list[Span]:
    """Ranges in order, those inside others left out."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if not kept or span.end > kept[-1].end:
            kept.append(span)
    return kept

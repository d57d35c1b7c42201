"""Start tags that the document model does not keep, found without building a tree."""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.document import Document
from qa.patterns import lazy
from qa.readers.html import attribute_spans
from qa.rule import Hit
from qa.source import Span

_WANTED = lazy(
    r"<(?:input|select|textarea|/?label|video|audio|bgsound|marquee)(?:[\s/][^>]*)?>", re.IGNORECASE
)
_TABINDEX = lazy(r"tabindex\s*=", re.IGNORECASE)
_START = lazy(r"<[a-z][^<>]*>", re.IGNORECASE)
_HIDDEN = lazy(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Tag(NamedTuple):
    """A start tag (or ``/label``): name, place, text as in the source, attributes."""

    name: str
    place: Span
    text: str
    attributes: dict[str, str]

    @property
    def hidden(self) -> bool:
        """Hidden by its own attributes."""
        return "hidden" in self.attributes or bool(_HIDDEN.search(self.attributes.get("style", "")))


def markup(document: Document) -> list[Tag]:
    """Tags of controls, media, ``<marquee>`` and whatever has ``tabindex``, in order."""
    known = document.__dict__.get("_access_tags")
    if known is None:
        known = document.__dict__["_access_tags"] = _find(document)
    found: list[Tag] = known
    return found


def _find(document: Document) -> list[Tag]:
    source = document.source
    if source.media != "html":
        return []
    text = source.text
    places = [match.span() for match in _WANTED.finditer(text)]
    if "tabindex" in text or "TABINDEX" in text:
        known = set(places)
        for match in _TABINDEX.finditer(text):
            start = _START.match(text, max(text.rfind("<", 0, match.start()), 0))
            if start and start.span() not in known and start.end() > match.start():
                places.append(start.span())
        places.sort()
    if not places:
        return []
    inert = _inert(document)
    return [
        _tag(text[low:high], Span(low, high))
        for low, high in places
        if not any(start <= low < end for start, end in inert)
    ]


def _tag(raw: str, place: Span) -> Tag:
    spans = attribute_spans(raw, 0)
    attributes = {name: raw[span.start : span.end].strip() for name, span in spans.items()}
    return Tag(raw[1:].split(None, 1)[0].rstrip("/>").lower(), place, raw, attributes)


def _inert(document: Document) -> list[Span]:
    """Comments and scripts, whose tags are none."""
    found = [comment.source for comment in document.comments]
    text = document.source.text
    if "<SCRIPT" in text:
        text = text.replace("<SCRIPT", "<script").replace("</SCRIPT", "</script")
    at = text.find("<script")
    while at >= 0:
        end = text.find("</script", at)
        end = end if end >= 0 else len(text)
        found.append(Span(at, end))
        at = text.find("<script", end)
    return found


def tag_hit(tag: Tag, message: str, **details: str) -> Hit:
    """A hit at a tag."""
    return Hit(Span(0, 0), message, source=tag.place, quote=tag.text, fix=details.get("fix"))

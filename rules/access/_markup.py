"""Start tags that the document model does not keep, found without building a tree."""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.document import Document
from qa.readers.html import attribute_spans
from qa.rule import Hit
from qa.source import Span

_WANTED = re.compile(
    r"<(?:(?P<name>input|select|textarea|video|audio|bgsound|marquee)(?=[\s/>])|/?label(?=[\s>])|\w+\s[^<>]*?tabindex)[^>]*>",
    re.IGNORECASE,
)
_GUARD = re.compile(r"<(?:input|select|textarea|video|audio|bgsound|marquee)[\s/>]|tabindex", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


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
    if source.media != "html" or not _GUARD.search(source.text):
        return []
    found = []
    text = source.text
    for match in _WANTED.finditer(text):
        low = match.start()
        if _inert(document, low):
            continue
        raw = match.group()
        spans = attribute_spans(raw, 0)
        attributes = {name: raw[span.start : span.end].strip() for name, span in spans.items()}
        found.append(
            Tag(raw[1:].split(None, 1)[0].rstrip("/>").lower(), Span(*match.span()), raw, attributes)
        )
    return found


def _inert(document: Document, at: int) -> bool:
    """Whether a place lies in a comment or a script."""
    if any(comment.source.start <= at < comment.source.end for comment in document.comments):
        return True
    text = document.source.text
    opened = max(text.rfind("<script", 0, at), text.rfind("<SCRIPT", 0, at))
    return opened > max(text.rfind("</script", 0, at), text.rfind("</SCRIPT", 0, at))


def tag_hit(tag: Tag, message: str, **details: str) -> Hit:
    """A hit at a tag."""
    return Hit(Span(0, 0), message, source=tag.place, quote=tag.text, fix=details.get("fix"))

"""Links, anchors and title of a page, by turbohtml's tree: a tenth of a millisecond a page.

This is what a crawl needs of every page; what rules need is read by :mod:`qa.readers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from qa.readers.html import CHROME, CHROME_ROLES, CHROME_TAGS, MAIN, PLAIN, region_of
from qa.site.urls import Resolver

MAX_TEXT = 100
"""Characters of anchor text that are kept."""
MAX_LINKS = 20_000
"""Links of one page that are kept; a page with more is said to have more."""
EXCERPT = 300


_KINDS = {
    ("a", "href"): "a",
    ("area", "href"): "area",
    ("img", "src"): "image",
    ("img", "srcset"): "image",
    ("input", "src"): "image",
    ("source", "src"): "media",
    ("source", "srcset"): "image",
    ("video", "src"): "media",
    ("video", "poster"): "image",
    ("audio", "src"): "media",
    ("track", "src"): "media",
    ("embed", "src"): "object",
    ("object", "data"): "object",
    ("script", "src"): "script",
    ("iframe", "src"): "frame",
    ("frame", "src"): "frame",
    ("body", "background"): "image",
    ("table", "background"): "image",
    ("td", "background"): "image",
    ("form", "action"): "form",
    ("meta", "content"): "refresh",
}
_LINK_RELS = {"stylesheet": "style", "icon": "image", "shortcut": "image", "apple-touch-icon": "image"}
FOLLOWED = frozenset({"a", "area", "frame", "refresh"})
"""Kinds of links that lead to pages."""
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
    r"|(?:left|top|right|bottom|text-indent|margin-left|margin-top)\s*:\s*-\s*\d{3,}"
    r"|font-size\s*:\s*[01](?:px|pt)?\s*(?:;|$)"
    r"|(?:^|;|\s)(?:height|width)\s*:\s*[01](?:px)?\s*(?:;|$)",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"\s+")


class RawLink(NamedTuple):
    """One link as it stands in a page; ``url`` is absolute and canonical, without fragment."""

    url: str
    fragment: str
    kind: str
    text: str
    place: str
    line: int
    rel: str
    hidden: bool


@dataclass(slots=True)
class Extract:
    """What a crawl keeps of a page.

    Attributes:
        title: of ``<title>``, blanks folded.
        anchors: ids and names.
        links: in order of the page.
        dropped: links beyond :data:`MAX_LINKS`.
    """

    title: str = ""
    anchors: list[str] = field(default_factory=list)
    links: list[RawLink] = field(default_factory=list)
    dropped: int = 0


@lru_cache(maxsize=16_384)
def _shape(tag: str, names: str, role: str, style: str) -> tuple[int | None, bool]:
    """Region an element speaks for (``None``: its parent's) and whether it hides what it holds."""
    hidden = bool(style and _HIDING.search(style))
    spoken = region_of(names) if names else PLAIN
    if spoken == MAIN or tag in ("main", "article"):
        return MAIN, hidden
    if spoken == CHROME or tag in CHROME_TAGS or role in CHROME_ROLES:
        return CHROME, hidden
    return None, hidden


def _surroundings(element: Any, known: dict[Any, tuple[int | None, bool]]) -> tuple[int | None, bool]:
    """Region of an element, inherited ones included, and whether it or what holds it is hidden.

    ``known`` keeps the answers of one page, so that each element is looked at once.
    """
    path = []
    around: tuple[int | None, bool] | None = None
    while around is None:
        path.append(element)
        element = element.parent
        around = known.get(element) if hasattr(element, "tag") else (None, False)
    for element in reversed(path):
        attrs = element.attrs
        if attrs:
            get = attrs.get
            names = f"{get('class') or ''} {get('id') or ''}".strip()
            region, hides = _shape(element.tag, names, get("role") or "", get("style") or "")
            hides = hides or "hidden" in attrs
        else:
            region, hides = _shape(element.tag, "", "", "")
        if around[0] == MAIN or region is None:
            region = around[0]
        around = known[element] = (region, hides or around[1])
    return around


def _references(document: Any) -> Iterator[tuple[str, str, Any, str]]:
    """``(kind, href, element, rel)`` of everything a page points at."""
    for item in document.links():
        element = item.element
        tag = element.tag
        attribute = item.attribute
        if tag == "link":
            rel = (element.attr("rel") or "").lower()
            kind = next((_LINK_RELS[word] for word in rel.split() if word in _LINK_RELS), None)
            if kind is None:
                continue
        else:
            kind = _KINDS.get((tag, attribute or "")) or ("style" if attribute in (None, "style") else None)
            if kind is None:
                continue
            rel = (element.attr("rel") or "").lower() if tag == "a" else ""
            if kind == "style":
                kind = "image" if attribute == "style" else "style"
        yield kind, item.url, element, rel


def _words(kind: str, element: Any) -> str:
    if kind == "a":
        text = _BLANKS.sub(" ", element.text).strip()
        if not text:
            image = element.find("img")
            text = (image.attr("alt") or "") if image is not None else ""
        return (text or element.attr("title") or "")[:MAX_TEXT]
    if kind == "image":
        return (element.attr("alt") or "")[:MAX_TEXT]
    return ""


def extract(text: str, url: str) -> Extract:
    """Read a page's links.

    Args:
        text: decoded HTML.
        url: canonical address of the page.
    """
    import turbohtml

    document: Any = turbohtml.parse(text)
    found = Extract()
    title = document.find("title")
    if title is not None:
        found.title = _BLANKS.sub(" ", title.text).strip()[:300]
    found.anchors = [name for name in document.xpath("//*/@id | //a/@name") if name]
    base = document.find("base")
    resolver = Resolver(url, base.attr("href") if base is not None else None)
    count = 0
    known: dict[Any, tuple[int | None, bool]] = {}
    for kind, href, element, rel in _references(document):
        resolved = resolver(href)
        if resolved is None:
            continue
        count += 1
        if count > MAX_LINKS:
            continue
        region, hidden = _surroundings(element, known)
        found.links.append(
            RawLink(
                resolved[0],
                resolved[1],
                kind,
                _words(kind, element),
                "chrome" if region == CHROME else "main",
                element.source_line or 0,
                rel,
                hidden,
            )
        )
    found.dropped = max(0, count - MAX_LINKS)
    return found


def excerpt(text: str) -> tuple[str, str]:
    """Title and the first words of a page, for pages that are not judged (external ones)."""
    import turbohtml

    document: Any = turbohtml.parse(text)
    title = document.find("title")
    body = document.find("body")
    words = _BLANKS.sub(" ", document.to_text() if body is None else body.to_text()).strip()
    return (_BLANKS.sub(" ", title.text).strip()[:300] if title is not None else "", words[:EXCERPT])

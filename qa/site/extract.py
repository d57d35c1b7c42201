"""Links, anchors and title of a page, by turbohtml's tree: a tenth of a millisecond a page.

This is what a crawl needs of every page; what rules need is read by :mod:`qa.readers`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from qa.readers.html import CHROME, CHROME_ROLES, CHROME_TAGS, MAIN, MAIN_TAGS, PLAIN, region_of
from qa.site.urls import Resolver

MAX_TEXT = 100
"""Characters of anchor text that are kept."""
MAX_LINKS = 20_000
"""Links of one page that are kept; a page with more is said to have more."""
EXCERPT = 300
_TITLE = 300


_KINDS: dict[tuple[str, str | None], str] = {
    ("a", "href"): "a",
    ("a", "xlink:href"): "a",
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
_INERT = -1
_SETTLED = frozenset({MAIN, _INERT})
_SPEAKING = CHROME_TAGS | MAIN_TAGS


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
        dropped: links beyond :data:`MAX_LINKS`, of whatever scheme.
    """

    title: str = ""
    anchors: list[str] = field(default_factory=list)
    links: list[RawLink] = field(default_factory=list)
    dropped: int = 0


@lru_cache(maxsize=16_384)
def _shape(tag: str, names: str, role: str) -> int:
    """Region an element speaks for; :data:`PLAIN`: that of what holds it."""
    spoken = region_of(names)
    if spoken == MAIN or tag in MAIN_TAGS:
        return MAIN
    return CHROME if spoken == CHROME or tag in CHROME_TAGS or role in CHROME_ROLES else PLAIN


class _Places:
    """Region of every element that holds links; each element of a page is looked at once."""

    __slots__ = ("_known", "_styled")

    def __init__(self, document: Any) -> None:
        self._known: dict[Any, tuple[int, bool]] = {document.root: (PLAIN, False)}
        self._styled = document.xpath_one("//*[@style or @hidden]") is not None

    def __call__(self, element: Any) -> tuple[int, bool]:
        """Region, inherited ones included, and whether the element or what holds it is hidden."""
        hidden = self._styled and _hides(element)
        parent = element.parent
        known = self._known
        around = known.get(parent)
        if around is None:
            path = []
            while around is None:
                if not hasattr(parent, "attrs"):
                    # Not an element: the inside of a <template>, which is no part of the page.
                    around = known[parent] = (_INERT, True)
                    break
                path.append(parent)
                parent = parent.parent
                around = known.get(parent)
            region, concealed = around
            for holder in reversed(path):
                attrs = holder.attrs
                tag = holder.tag
                if region not in _SETTLED and (attrs or tag in _SPEAKING):
                    get = attrs.get
                    names = " ".join((*(get("class") or ()), get("id") or ""))
                    spoken = _shape(tag, names, get("role") or "")
                    region = region if spoken == PLAIN else spoken
                if self._styled and not concealed and attrs:
                    concealed = _hides(holder)
                known[holder] = (region, concealed)
            around = (region, concealed)
        return around[0], hidden or around[1]


def _hides(element: Any) -> bool:
    attrs = element.attrs
    if not attrs:
        return False
    style = attrs.get("style")
    return "hidden" in attrs or (style is not None and _HIDING.search(style) is not None)


def _words(kind: str, element: Any) -> str:
    if kind == "a":
        text = " ".join(element.text.split())
        if not text:
            image = element.find("img")
            text = (image.attr("alt") or "") if image is not None else ""
        return (text or element.attr("title") or "")[:MAX_TEXT]
    if kind in ("image", "area"):
        return (element.attr("alt") or "")[:MAX_TEXT]
    return ""


def _kind(tag: str, attribute: str | None, element: Any) -> str:
    if tag == "link":
        rels = (element.attr("rel") or "").lower().split()
        return next((_LINK_RELS[word] for word in rels if word in _LINK_RELS), "")
    if attribute is None:
        return "style"
    return "image" if attribute == "style" else ""


def _title(document: Any) -> str:
    title = document.find("title")
    if title is not None and title.closest("svg") is not None:
        title = document.select_one("head title, body > title")
    return " ".join(title.text.split())[:_TITLE] if title is not None else ""


def extract(text: str, url: str) -> Extract:
    """Read a page's links.

    Args:
        text: decoded HTML.
        url: canonical address of the page.
    """
    import turbohtml

    document: Any = turbohtml.parse(text)
    found = Extract()
    found.title = _title(document)
    found.anchors = [name for name in document.xpath("//*/@id | //a/@name") if name]
    base = document.find("base")
    if base is not None and base.attr("href") is None:
        base = document.xpath_one("//base[@href]")
    resolver = Resolver(url, base.attr("href") if base is not None else None)
    place = _Places(document)
    keep = found.links.append
    for item in document.links():
        element = item.element
        tag, attribute = element.tag, item.attribute
        kind = _KINDS.get((tag, attribute)) or _kind(tag, attribute, element)
        if not kind:
            continue
        if len(found.links) >= MAX_LINKS:
            found.dropped += 1
            continue
        resolved = resolver(item.url)
        if resolved is None:
            continue
        region, hidden = place(element)
        if region == _INERT:
            continue
        keep(
            RawLink(
                resolved[0],
                resolved[1],
                kind,
                _words(kind, element),
                "chrome" if region == CHROME else "main",
                element.source_line or 0,
                (element.attr("rel") or "").lower() if tag == "a" else "",
                hidden,
            )
        )
    return found


def excerpt(text: str) -> tuple[str, str]:
    """Title and the first words of a page, for pages that are not judged (external ones)."""
    import turbohtml

    document: Any = turbohtml.parse(text)
    body = document.find("body")
    words = " ".join((document if body is None else body).to_text().split())
    return _title(document), words[:EXCERPT]

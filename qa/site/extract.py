"""Links, anchors and title of a page, by turbohtml's tree: a tenth of a millisecond a page.

This is what a crawl needs of every page; what rules need is read by :mod:`qa.readers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_PASSING = frozenset(["li", "p", "td", "span", "dd", "h3", "h4"])
"""Tags that without attributes say nothing of their own."""


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
        anchors: ids, then names.
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
        self._styled = any(document.find(attrs={name: True}) is not None for name in ("style", "hidden"))

    def __call__(self, element: Any) -> tuple[int, bool]:
        """Region, inherited ones included, and whether the element or what holds it is hidden."""
        parent = element.parent
        known = self._known
        around = known.get(parent)
        if around is None:
            # Most links stand alone in a plain <li>: what holds that is known from its neighbour.
            if getattr(parent, "tag", "") in _PASSING and not parent.attrs:
                around = known.get(parent.parent)
            if around is None:
                around = self._climb(parent)
        if self._styled and not around[1] and _hides(element):
            return around[0], True
        return around

    def _climb(self, holder: Any) -> tuple[int, bool]:
        known = self._known
        path = []
        around = None
        while around is None:
            if not hasattr(holder, "attrs"):
                # Not an element: the inside of a <template>, which is no part of the page.
                around = known[holder] = (_INERT, True)
                break
            path.append(holder)
            holder = holder.parent
            around = known.get(holder)
        region, concealed = around
        for one in reversed(path):
            attrs = one.attrs
            tag = one.tag
            if region not in _SETTLED and (attrs or tag in _SPEAKING):
                get = attrs.get
                names = " ".join((*(get("class") or ()), get("id") or ""))
                spoken = _shape(tag, names, get("role") or "")
                region = region if spoken == PLAIN else spoken
            if self._styled and not concealed and attrs:
                concealed = _hides(one)
            known[one] = (region, concealed)
        return region, concealed


def _hides(element: Any) -> bool:
    attrs = element.attrs
    if not attrs:
        return False
    style = attrs.get("style")
    return "hidden" in attrs or (style is not None and _HIDING.search(style) is not None)


def _words(kind: str, element: Any) -> str:
    if kind == "a":
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


def _held(document: Any, resolver: Resolver) -> Iterator[RawLink]:
    """Links of lists that are held as data in a script (大汉 JCMS) and shown by another script."""
    for script in document.find_all("script"):
        source = script.text
        if "<record>" not in source:
            continue
        # All but the records is blanked, so that lines are still counted right.
        kept, at = [], 0
        for record in _RECORD.finditer(source):
            kept += ["\n" * source.count("\n", at, record.start(1)), record.group(1)]
            at = record.end(1)
        for element in _parse("".join(kept)).find_all("a", attrs={"href": True}):
            resolved = resolver(element.attr("href") or "")
            if resolved is None:
                continue
            words = " ".join(element.text.split())[:MAX_TEXT] or _words("a", element)
            line = (script.source_line or 1) + (element.source_line or 1) - 1
            yield RawLink(
                *resolved, "a", words, "main", line, (element.attr("rel") or "").lower(), hidden=False
            )


def _parse(text: str) -> Any:
    import turbohtml

    return turbohtml.parse(text)


def _title(document: Any) -> str:
    title = document.find("title")
    if title is not None and title.closest("svg") is not None:
        title = document.select_one("head title, body > title")
    return " ".join(title.text.split())[:_TITLE] if title is not None else ""


def _anchors(document: Any) -> list[str]:
    named = [element.attr("id") for element in document.find_all(attrs={"id": True})]
    named += [element.attr("name") for element in document.find_all("a", attrs={"name": True})]
    return list(dict.fromkeys(name for name in named if name))


def extract(text: str, url: str) -> Extract:
    """Read a page's links.

    Args:
        text: decoded HTML.
        url: canonical address of the page.
    """
    document = _parse(text)
    found = Extract()
    found.title = _title(document)
    found.anchors = _anchors(document)
    base = document.find("base")
    if base is not None and base.attr("href") is None:
        base = document.xpath_one("//base[@href]")
    resolver = Resolver(url, base.attr("href") if base is not None else None)
    place = _Places(document)
    links = found.links
    keep, make = links.append, tuple.__new__
    listed = "<record>" in text
    for item in document.links():
        element = item.element
        tag, attribute = element.tag, item.attribute
        kind = _KINDS.get((tag, attribute)) or _kind(tag, attribute, element)
        if not kind:
            continue
        if len(links) >= MAX_LINKS:
            found.dropped += 1
            continue
        resolved = resolver(item.url)
        if resolved is None:
            continue
        region, hidden = place(element)
        if region == _INERT:
            continue
        if kind == "a":
            text = " ".join(element.text.split())
            words = text[:MAX_TEXT] if text else _words(kind, element)
            rel = element.attr("rel")
        else:
            words, rel = _words(kind, element), None
        where = "chrome" if region == CHROME else "main"
        line = element.source_line or 0
        keep(make(RawLink, (*resolved, kind, words, where, line, rel.lower() if rel else "", hidden)))
    if listed:
        for link in _held(document, resolver):
            if len(links) >= MAX_LINKS:
                found.dropped += 1
            else:
                keep(link)
    return found


def excerpt(text: str) -> tuple[str, str]:
    """Title and the first words of a page, for pages that are not judged (external ones)."""
    document = _parse(text)
    body = document.find("body")
    words = " ".join((document if body is None else body).to_text().split())
    return _title(document), words[:EXCERPT]

"""Links that lead out of the site, and whether their readers can see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from qa.document import Document, Link, Resource
from qa.patterns import lazy
from qa.rule import Settings
from rules.links._classify import tag_text
from rules.links._illicit import known_host, official_host

_HOST = lazy(r"(?:https?:)?//(?:[^/?#@\\]*@)?([^/?#:\\]+)", re.IGNORECASE)
_STYLE = lazy(r"""(style=(?:"([^"<>]*)"|'([^'<>]*)'))""")
_ODD_STYLE = lazy(r"""(style\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'))""", re.IGNORECASE)
_SMALL = lazy(r"(?:^|[;\s])(?:height|width)\s*:\s*[01](?:px|pt)?\s*(?:!important\s*)?(?=;|$)", re.IGNORECASE)
_CLIPPED = lazy(r"overflow\s*:\s*hidden", re.IGNORECASE)
_AWAY = lazy(
    r"(?:^|[;\s])(?:left|top|right|bottom|margin-left|margin-top|text-indent)\s*:\s*-\s*\d{3,}", re.IGNORECASE
)
_TINY = lazy(r"font-size\s*:\s*[01](?:px|pt|em|%)?\s*(?:!important\s*)?(?:;|$)", re.IGNORECASE)
_UNSHOWN = lazy(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:^|[;\s])opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)", re.IGNORECASE
)
_COLOUR = lazy(r"(?:^|[;\s])(background-color|background|color)\s*:\s*([#\w]+)", re.IGNORECASE)
_MARQUEE = lazy(r"<marquee\b[^<>]{0,300}>", re.IGNORECASE)
_FLAT = lazy(r"""\b(?:height|width)\s*=\s*["']?[0-2](?:px)?["'\s>/]""", re.IGNORECASE)
_TAG_NAME = lazy(r"<([A-Za-z][\w-]*)")
_TAGS = lazy(r"<[^<>]*>")
_WIDGET = lazy(
    r"tab|pane|menu|nav|drop|select|option|link|yqlj|friend|share|layer|pop|modal|swip|slide|qr|code|weixin|wechat|wx"
    r"|dialog|tip|more|toggle|collapse|accordion|print|mobile|phone|search|template|tpl|wza|stat|count|tongji",
    re.IGNORECASE,
)
_VOID = frozenset({"img", "input", "br", "hr", "meta", "link", "source", "embed", "col", "area", "base"})
_HOLDERS = frozenset(
    [
        "a",
        "abbr",
        "article",
        "aside",
        "b",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "fieldset",
        "font",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "i",
        "label",
        "li",
        "main",
        "marquee",
        "nav",
        "ol",
        "p",
        "section",
        "small",
        "span",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "tr",
        "u",
        "ul",
    ]
)
_LONG_TAG = 400
_UNCLOSED = 2000
"""Characters that an element without an end tag is taken to hide."""
_TEXT = 300


class Region(NamedTuple):
    """A part of the source that a style hides.

    Attributes:
        how: Chinese; empty for ``display:none`` and the like, which menus and tabs use too.
        widget: its tag names a part of the page that is shown on demand.
    """

    start: int
    end: int
    how: str
    widget: bool


class Hidden(NamedTuple):
    """A reference that leads out of the site and is not to be seen."""

    reference: Link | Resource
    host: str
    text: str
    how: str
    widget: bool


@lru_cache(maxsize=16_384)
def outside_host(href: str) -> str:
    """Host an address names outright, lower case; empty for relative ones."""
    match = _HOST.match(href)
    return match.group(1).lower() if match else ""


def own_hosts(document: Document, settings: Settings) -> tuple[str, ...]:
    """Hosts of the site itself, without ``www.``."""
    url = document.source.url
    hosts = (*settings.domains, outside_host(url) if url else "")
    return tuple(host.lower().removeprefix("www.") for host in hosts if host)


def foreign(host: str, own: tuple[str, ...]) -> bool:
    """Whether a host is neither the site's own nor official nor one that every site links to."""
    if not host or official_host(host) or known_host(host):
        return False
    return not any(host == one or host.endswith(f".{one}") for one in own)


@lru_cache(maxsize=8192)
def hides(style: str) -> str | None:
    """How a style hides what it holds; ``None`` where it does not, empty for what menus use too."""
    if _AWAY.search(style):
        return "移到了屏幕之外"
    if len(_SMALL.findall(style)) > 1 and _CLIPPED.search(style):
        return "放在看不见的小框里"
    if _TINY.search(style):
        return "字号小到看不见"
    colours = {name.lower(): value.lower() for name, value in _COLOUR.findall(style)}
    ground = colours.get("background-color") or colours.get("background")
    if ground is not None and ground == colours.get("color"):
        return "文字与背景同色"
    if _UNSHOWN.search(style) or (_SMALL.search(style) and _CLIPPED.search(style)):
        return ""
    return None


@lru_cache(maxsize=2048)
def _names_widget(tag: str) -> bool:
    return _WIDGET.search(tag) is not None


@lru_cache(maxsize=64)
def _tags_named(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){re.escape(name)}(?=[\s/>])", re.IGNORECASE)


def _end(text: str, name: str, at: int) -> int:
    """Where an element ends whose start tag ends at ``at``; -1 where it is never closed."""
    depth = 1
    for match in _tags_named(name).finditer(text, at):
        depth += -1 if match.group(1) else 1
        if not depth:
            return match.end()
    return -1


def _hiding_tags(text: str) -> Iterator[tuple[int, str]]:
    """Start of every tag whose style hides it, with how."""
    odd = "STYLE" in text or "Style" in text or "style =" in text
    pattern = _ODD_STYLE if odd else _STYLE
    hiding = {
        whole: how
        for whole, double, single in set(pattern.findall(text))
        if (how := hides(double or single)) is not None
    }
    for match in pattern.finditer(text) if hiding else ():
        how = hiding.get(match.group())
        at = match.start()
        low = text.rfind("<", max(0, at - 1000), at) if how is not None else -1
        if low >= 0:
            yield low, how or ""
    if "marquee" in text or "MARQUEE" in text:
        for match in _MARQUEE.finditer(text):
            if _FLAT.search(match.group()):
                yield match.start(), "放在看不见的滚动条里"


def regions(text: str) -> list[Region]:
    """Parts of the source that are hidden, in order; none lies within another."""
    found: list[Region] = []
    unclosed: set[str] = set()
    reach = -1
    for low, how in sorted(_hiding_tags(text)):
        if low < reach:
            continue
        match = _TAG_NAME.match(text, low)
        high = text.find(">", low)
        if high < 0:
            break
        if match is None:
            continue
        name = match.group(1).lower()
        if name in _VOID or text[high - 1] == "/":
            reach = high
        else:
            reach = -1 if name in unclosed or name not in _HOLDERS else _end(text, name, high)
            if reach < 0:
                unclosed.add(name)
                reach = min(len(text), high + _UNCLOSED)
        if how == "字号小到看不见" and "font-size" in text[high:reach]:
            continue
        found.append(Region(low, reach, how, _names_widget(text[low : high + 1][:_LONG_TAG])))
    return found


def _source_text(document: Document, link: Link) -> str:
    """Words of a link as the source has them; the reader's text leaves hidden ones out."""
    text = document.source.text
    low = text.find(">", link.source.end)
    high = text.find("</", low, low + _TEXT) if low >= 0 else -1
    if high < 0:
        return ""
    return unescape(_TAGS.sub("", text[low + 1 : high])).strip()


def hidden_references(document: Document, settings: Settings) -> list[Hidden]:
    """Links and frames out of the site that nobody can see, in order of the page."""
    known = document.__dict__.get("_dark_links")
    if known is None:
        known = document.__dict__["_dark_links"] = _find(document, own_hosts(document, settings))
    found: list[Hidden] = known
    return found


def _find(document: Document, own: tuple[str, ...]) -> list[Hidden]:
    wanted: list[tuple[Link | Resource, str]] = []
    for link in document.links:
        href = link.href
        if (
            href
            and (href[:4] in ("http", "HTTP") or href[:2] == "//")
            and foreign(host := outside_host(href), own)
        ):
            wanted.append((link, host))
    wanted += (
        (item, host)
        for item in document.resources
        if item.kind == "frame" and foreign(host := outside_host(item.url), own)
    )
    if not wanted:
        return []
    wanted.sort(key=lambda pair: pair[0].source)
    parts = regions(document.source.text)
    found = []
    at = 0
    for reference, host in wanted:
        place = reference.source.start
        while at < len(parts) and parts[at].end <= place:
            at += 1
        region = parts[at] if at < len(parts) and parts[at].start <= place else None
        if isinstance(reference, Resource):
            flat = len(_FLAT.findall(tag_text(document, reference.source))) > 1
            if region is not None or flat:
                how = "小到看不见" if flat else (region.how if region else "")
                found.append(Hidden(reference, host, "", how, False))
        elif region is not None or reference.hidden:
            text = document.slice(reference.span).strip() or _source_text(document, reference)
            how, widget = (region.how, region.widget) if region else ("", True)
            found.append(Hidden(reference, host, text or reference.title, how, widget))
    return found

"""The page tags of the national check list and what kind of page carries them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from qa.document import Document, Meta
from qa.patterns import lazy
from qa.rule import Hit
from qa.source import Span

SITE = {"SiteName": "网站名称", "SiteDomain": "网站域名", "SiteIDCode": "网站标识码"}
CONTENT = {"ArticleTitle": "标题", "PubDate": "发布时间", "ContentSource": "来源"}
COLUMN = {
    "ColumnName": "栏目名称",
    "ColumnType": "栏目类别",
    "ColumnDescription": "栏目描述",
    "ColumnKeywords": "栏目关键词",
}
_NAMES = {name.lower(): name for name in (*SITE, *CONTENT, *COLUMN)}
_FOOTER = ("网站标识码", "公网安备", "主办单位", "ICP备")
_RELEASED = lazy(
    r"(?:发布时间|发布日期|发稿时间)\s*[:：]?\s*(\d{4})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})"
)
_CODE = lazy(r"网站标识码\s*[:：]?\s*([0-9A-Za-z]{6,16})")

Tags = dict[str, list[Meta]]


def tags(document: Document) -> Tags:
    """Standard tags of a page by their proper name, in order; worked out at the first call."""
    known = document.__dict__.get("_page_tags")
    if known is None:
        known = document.__dict__["_page_tags"] = {}
        for meta in document.metas:
            name = _NAMES.get(meta.name.lower())
            if name:
                known.setdefault(name, []).append(meta)
    found: Tags = known
    return found


def value(held: Tags, name: str) -> str:
    """Content of the first tag of a name; empty where there is none."""
    metas = held.get(name)
    return metas[0].content.strip() if metas else ""


def published(document: Document) -> bool:
    """Whether this is plainly a page of a site: it has tags, an address, or an official footer."""
    if tags(document) or document.source.url:
        return True
    text = document.text
    return any(word in text for word in _FOOTER)


def expected(document: Document) -> dict[str, str]:
    """Tags the page should have, beyond those of the site: by the tags it has, else by what it shows."""
    held = tags(document)
    content = [name for name in CONTENT if name in held]
    column = [name for name in COLUMN if name in held]
    if content and (
        any(value(held, name) for name in content) or not any(value(held, name) for name in column)
    ):
        return CONTENT
    dated = len(release_dates(document)) == 1
    if column and not dated:
        return COLUMN
    return CONTENT if dated else {}


def release_dates(document: Document) -> set[tuple[int, int, int]]:
    """Dates shown on the page as those of its publication."""
    text = document.text
    if "发布" not in text and "发稿时间" not in text:
        return set()
    return {(int(y), int(m), int(d)) for y, m, d in _RELEASED.findall(text)}


def shown_code(document: Document) -> str:
    """Site code in the page's footer; empty where none is shown."""
    at = document.text.rfind("网站标识码")
    found = _CODE.match(document.text, at) if at >= 0 else None
    return found.group(1) if found else ""


def head_hit(document: Document, message: str, *, first: str = "head", **details: Any) -> Hit:
    """A hit at the start tag of ``<head>`` or ``<html>``, or what comes nearest."""
    text = document.source.text
    found = _opening(first).search(text, 0, 20_000) or _opening("html|head|!doctype").search(text, 0, 20_000)
    place = Span(*found.span()) if found else Span(0, 0)
    return Hit(Span(0, 0), message, source=place, quote=text[place.start : place.end], **details)


@cache
def _opening(names: str) -> re.Pattern[str]:
    return lazy(rf"<(?:{names})(?:\s[^>]*)?>", re.IGNORECASE)


def host_of(url: str | None) -> str:
    """Host of an address; empty where there is none."""
    try:
        return (urlsplit(url or "").hostname or "").lower()
    except ValueError:
        return ""


def meta_hit(meta: Meta, message: str, **details: Any) -> Hit:
    """A hit at the content of a tag."""
    return Hit(Span(0, 0), message, source=meta.source, quote=meta.content, **details)

"""Breadcrumbs (当前位置：首页 > 政务公开 > 通知公告) of a page."""

from __future__ import annotations

import re
from html import unescape

from qa.document import Document

_WORD = "位置"
_HERE = re.compile(r"(?:您|你|现|当前|目前|所)[在的现]{0,3}\Z")
_CONTAINERS = ("crumb", "dqwz", "weizhi")
_TAG = re.compile(r"<[A-Za-z][^<>]{0,300}\Z")
_END = re.compile(r"</(?:div|ul|ol|nav|p|td|dl|table)\s*>", re.IGNORECASE)
_TAGS = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_BREAK = re.compile(r"[>＞»›→|]|\s-\s|::")
_LABEL = re.compile(r"^位置(?:是)?\s*[:：]?|^\W*(?:[您你])?(?:现在|当前|目前|所在)*的?位置(?:是)?\s*[:：]?")
_EDGE = " \t\r\n\f\u00a0\u3000:：/·"
_PLACEHOLDERS = frozenset({"正文", "内容", "详情", "文章内容", "信息内容", "内容页", "信息详情", "文章详情"})
_REACH = 2000
_LONGEST = 120
_MOST = 12
_TRIES = 10


def read(document: Document) -> tuple[list[str], bool]:
    """Texts of the breadcrumbs, outermost first, and whether they end in a word for “text” (正文).

    That last word is left out of the list.  Empty where the page shows none.
    """
    source = document.source.text
    at = source.find(_WORD)
    for _ in range(_TRIES):
        if at < 0:
            break
        if _HERE.search(source, max(0, at - 6), at):
            found = _texts(_chunk(source, at))
            if found:
                return _settled(found)
        at = source.find(_WORD, at + 1)
    for name in _CONTAINERS:
        at = source.find(name)
        for _ in range(_TRIES):
            if at < 0:
                break
            if _TAG.search(source, max(0, at - 300), at):
                found = _texts(_chunk(source, source.find(">", at) + 1))
                if len(found) > 1:
                    return _settled(found)
            at = source.find(name, at + 1)
    return [], False


def _settled(found: list[str]) -> tuple[list[str], bool]:
    text = found[-1] in _PLACEHOLDERS
    return (found[:-1] if text else found), text


def _chunk(source: str, at: int) -> str:
    """The source from the label to the end of what holds the breadcrumbs."""
    chunk = source[at : at + _REACH]
    if "-->" in chunk and chunk.find("-->") < (chunk.find("<!--") if "<!--" in chunk else _REACH):
        chunk = chunk[chunk.find("-->") + 3 :]
    first = chunk.find("<a")
    end = _END.search(chunk, first if 0 <= first < 400 else 0)
    return chunk[: end.start()] if end else ""


def _texts(chunk: str) -> list[str]:
    found: list[str] = []
    for part in _BREAK.split(unescape(_TAGS.sub("|", chunk))):
        words = _LABEL.sub("", part.strip(_EDGE)).strip(_EDGE)
        if not words:
            continue
        if len(words) > _LONGEST or len(found) == _MOST:
            return []
        found.append(words)
    return found

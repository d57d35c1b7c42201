"""Sitemaps: addresses out of XML, plain text or feeds, gzipped or not, however broken.

ultimate-sitemap-parser does this and more, but its licence (GPL) does not go with ours.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from qa.site.urls import resolve

MAX_INFLATED = 60_000_000
"""Bytes; the protocol allows 50 MB a file."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DEEPEST = 100
MAX_URLS = 50_000
"""Addresses of one file, as the protocol has it."""


@dataclass(slots=True)
class Sitemap:
    """What one file held.

    Attributes:
        pages: addresses of pages, canonical, in order.
        sitemaps: further sitemaps an index names.
        fault: Chinese, where something was wrong with it; empty else.
    """

    pages: list[str] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    fault: str = ""


def _inflate(body: bytes) -> bytes:
    stream = zlib.decompressobj(31)
    data = stream.decompress(body, MAX_INFLATED)
    if stream.unconsumed_tail:
        raise ValueError("解压后过大")
    return data


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """Read a sitemap; never raises: what was read before a fault is kept.

    Args:
        body: as fetched; gzip by content, not by name.
        url: of the sitemap, for relative addresses.
    """
    found = Sitemap()
    if body[:2] == b"\x1f\x8b":
        try:
            body = _inflate(body)
        except (zlib.error, ValueError) as error:
            found.fault = "压缩数据已损坏" if isinstance(error, zlib.error) else str(error)
            return found
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith((b"<", *_UTF16)):
        for line in start.decode("utf-8", "replace").splitlines()[:MAX_URLS]:
            if line.strip().startswith(("http://", "https://")):
                _add(found.pages, line.strip(), url)
        if not found.pages:
            found.fault = "不是网站地图"
        return found
    if start[:200].lower().find(b"<html") >= 0 or start[:15].lower().startswith(b"<!doctype html"):
        found.fault = "不是网站地图，而是普通网页"
        return found
    parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
    path: list[Element] = []
    try:
        for at in range(0, len(start), 1 << 16):
            parser.feed(start[at : at + (1 << 16)])
            for event, element in cast("Iterable[tuple[str, Element]]", parser.read_events()):
                name = _local(element.tag)
                if event == "start":
                    path.append(element)
                    continue
                path.pop()
                parent = _local(path[-1].tag) if path else ""
                if name == "loc" and parent in ("url", "sitemap"):
                    _add(found.sitemaps if parent == "sitemap" else found.pages, element.text or "", url)
                elif name == "link" and parent in ("item", "entry"):
                    _add(found.pages, element.get("href") or element.text or "", url)
                if path:
                    del path[-1][:]  # nothing is read twice, so nothing need stay
            if len(path) > _DEEPEST:
                found.fault = "XML 嵌套过深"
                break
            if len(found.pages) >= MAX_URLS:
                found.fault = f"地址超过 {MAX_URLS} 个，只取前面的"
                break
    except ParseError as error:
        found.fault = f"XML 第 {error.position[0]} 行有错，其后的没有读"
    del found.pages[MAX_URLS:]
    return found


def _add(to: list[str], text: str, base: str) -> None:
    if text.strip():
        resolved = resolve(base, text)
        if resolved is not None:
            to.append(resolved[0])

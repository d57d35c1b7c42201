"""The footer of a page: the six marks every page owes, the site code printed there, the 找错 entry."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import takewhile
from typing import NamedTuple

from qa.document import Comment, Document, Role
from qa.source import Span

MARKS = ("party_mark", "site_code", "icp", "police", "sponsor", "contact")
"""The six marks of the footer; the bit of a mark is its place here."""
PARTY_MARK, SITE_CODE, ICP, POLICE, SPONSOR, CONTACT = (1 << n for n in range(6))
UNKNOWN = 1 << 6
"""A further bit of ``marks``: nobody can say what the footer holds: a script or a frame puts it in, or it is not Chinese."""
FRAGMENT = 1 << 7
"""A further bit of ``marks``: no whole page (neither ``<html>`` nor ``<head>``, or nothing to read), so nothing is owed."""

_HAN = re.compile("[\u4e00-\u9fff]")
_CODE = re.compile(r"标识码\s*[:：]?\s*([0-9A-Za-z]{6,16})")
_PHONE = re.compile(r"(?<!\d)(?:0\d{2,3}\s?[-—－–]\s?\d{7,8}|12345)(?!\d)", re.ASCII)
_CONTACTS = ("电话", "联系", "地址", "邮箱", "邮编", "热线")
_SIGNS = ("ICP", "icp", "标识码", "公网安备", "主办", "版权")
_FOOTER_FILE = re.compile(r"foot|bottom|copyright|dibu|yejiao|common_?end", re.IGNORECASE)
_LOADED = re.compile(
    r"(?:load|include|get|ajax|fetch)[^;<>]{0,80}?(?:foot|bottom|copyright|dibu|yejiao)", re.IGNORECASE
)
_RED_IMAGE = re.compile(
    r"(?:^|/)(?:red|blue|conac|dzjg|dangzheng|jiguan)[\w-]*\.(?:png|gif|jpg|svg)", re.IGNORECASE
)
_ERROR_WORDS = ("找错", "纠错")
_ERROR_NAMES = ("jiucuo", "zhaocuo")
_ERROR_HOSTS = ("zfwzgl.www.gov.cn", "_jiucuo_", "kaipuyun.cn")
_SCRIPT_NEEDED = re.compile(r"java\s?script|脚本", re.IGNORECASE)
_NOTICE = 100
"""Characters at most of what a page says to browsers without scripts."""
_TAIL = 1200
_REACH = 3000


class Footer(NamedTuple):
    """What a footer holds: bits of the marks, the site code printed, whether there is a 找错 entry.

    ``start`` is where it begins in the reader's text.
    """

    start: int
    marks: int
    code: str | None
    error_entry: bool


def _start(document: Document) -> int:
    """Where the footer's text begins: the last run of chrome where it bears signs of one, else the tail."""
    text, end = document.text, document.article_end
    blocks = document.blocks
    last = len(blocks) - 1
    while last >= 0 and blocks[last].role is Role.ATTRIBUTE:
        last -= 1
    at = last
    while at >= 0 and last - at < 5 and blocks[at].main:
        at -= 1
    if at >= 0 and not blocks[at].main:
        while at > 0 and not blocks[at - 1].main and end - blocks[at - 1].start <= _REACH:
            at -= 1
        start = blocks[at].start
        tail = text[start:end]
        if any(sign in tail for sign in _SIGNS):
            return start
    return max(0, end - _TAIL)


def _comment_start(comment: Comment) -> int:
    return comment.source.start


def _stands(document: Document, needle: str) -> bool:
    """Whether the source holds some words outside comments."""
    source = document.source.text
    at = source.find(needle)
    for _ in range(20):
        if at < 0:
            return False
        i = bisect_right(document.comments, at, key=_comment_start) - 1
        if i < 0 or document.comments[i].source.end <= at:
            return True
        at = source.find(needle, document.comments[i].source.end)
    return False


def read(document: Document) -> Footer:
    """Read the footer of a page."""
    start = _start(document)
    tail = document.text[start : document.article_end]
    # From the end of the text above: a footer often begins with pictures, before any words of its own.
    above = max(
        (b.end for b in document.blocks if b.end <= start and b.role is not Role.ATTRIBUTE), default=0
    )
    place = document.to_source(Span(above - 1, above)).end if above else 0
    marks = 0
    images = list(takewhile(lambda image: image.source.start >= place, reversed(document.images)))
    shown = " ".join(image.alt for image in images if image.alt)
    links = takewhile(lambda link: link.source.start >= place, reversed(document.links))
    addresses = [link.href for link in links if link.href]
    said = f"{tail} {shown}"
    if (
        _stands(document, "conac.cn")
        or "党政机关" in said
        or "事业单位标识" in said
        or any(_RED_IMAGE.search(image.src or "") for image in images)
    ):
        marks |= PARTY_MARK
    code = _CODE.search(said)
    if code is not None or "标识码" in said:
        marks |= SITE_CODE
    if (
        "ICP" in said
        or "icp" in said
        or any("miit.gov.cn" in href or "miibeian" in href for href in addresses)
    ):
        marks |= ICP
    if (
        "公网安备" in said
        or "公安备案" in said
        or any("beian.gov.cn" in href or "beian.mps.gov.cn" in href for href in addresses)
    ):
        marks |= POLICE
    if "主办" in said:
        marks |= SPONSOR
    if any(word in said for word in _CONTACTS) or _PHONE.search(said):
        marks |= CONTACT
    if not document.has_frame or is_blank(document):
        marks |= FRAGMENT
    elif not marks & (SITE_CODE | ICP | POLICE | SPONSOR) and (_put_in(document) or _foreign(tail)):
        marks |= UNKNOWN
    entry = (
        any(word in said for word in _ERROR_WORDS)
        or any(name in (image.src or "").lower() for image in images for name in _ERROR_NAMES)
        or any(_stands(document, name) for name in _ERROR_HOSTS)
    )
    return Footer(start, marks, code.group(1) if code is not None else None, entry)


def is_blank(document: Document) -> bool:
    """Whether a page has nothing to read: one that leads elsewhere at once, or that a script fills in."""
    if document.images or any(link.span.end > link.span.start for link in document.links):
        return False
    words = "".join(
        document.slice(b) for b in document.blocks if b.role not in (Role.TITLE, Role.ATTRIBUTE)
    ).strip()
    return not words or (len(words) < _NOTICE and _SCRIPT_NEEDED.search(words) is not None)


def _foreign(tail: str) -> bool:
    """Whether a footer is in another language, where none of the words can be found."""
    return bool(tail.strip()) and _HAN.search(tail) is None


def _put_in(document: Document) -> bool:
    """Whether something with the name of a footer is loaded by a script, a frame or a call."""
    if any(
        _FOOTER_FILE.search(item.url.rpartition("/")[2])
        for item in document.resources
        if item.kind in ("script", "frame")
    ):
        return True
    return _LOADED.search(document.source.text, 0, 200_000) is not None

"""Facts that many pages of a site tell alike: telephone numbers of offices, and what the footer says.

A claim is ``[kind, key, value, quote]``.  Only what has a plain owner is read, since “咨询电话”
of two services may well differ:

* ``phone``: a number told for a named office; the key is the office as written (``某市教育局办公室``);
* ``footer_phone``, ``footer_name``, ``footer_address``: of the footer; the key is the label.

Values of telephones are digits, several joined by a comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document, Role

MAX_CLAIMS = 20
"""Offices of one page; a page that tells of more is a directory, whose lines are read by nobody twice."""
_FOOTER_BLOCKS = 40
_REACH = 24

_NUMBER = r"(?:0\d{2,3}\s?[-－—–]?\s?\d{7,8}|[2-8]\d{6,7})(?!\d)"
_PHONE = re.compile(rf"(?:电话|热线)(?:号码)?\s?[：:\s]\s?({_NUMBER}(?:\s?[、，,/；;]\s?{_NUMBER}){{0,3}})")
_ONE = re.compile(_NUMBER)
_LABEL = re.compile(r"[\u4e00-\u9fff]{2,24}\Z")
_PURPOSE = re.compile(r"(?:的|(?:办公|联系|咨询|服务|值班|监督|举报|投诉|对外|查询|预约|政务))+\Z")
_OFFICE = re.compile(
    r"(?:(?<=.)(?:局|委|委员会|厅|政府|中心|大厅|法院|检察院|街道办事处|街道办|管委会|图书馆|档案馆|博物馆|派出所)"
    r"(?:办公室)?|(?<=.政府)办公室|办公室)\Z"
)
_LEAD = re.compile(r"\A(?:请|联系|咨询|拨打|致电|向|由|可|以及|以|与|和|或|及|其中|如有疑问)+")
_NAME = re.compile(r"(主办单位|承办单位|主办|承办)\s?[：:]\s?([\u4e00-\u9fff（）]{4,30})")
_ADDRESS = re.compile(
    r"((?:联系|办公|通讯|单位)?地址)\s?[：:]\s?([\u4e00-\u9fff][\u4e00-\u9fff0-9A-Za-z（）()—-]{5,40})"
)


def _digits(text: str) -> str:
    return ",".join(sorted({re.sub(r"\D", "", one) for one in _ONE.findall(text)}))


def _label(text: str, at: int) -> str:
    """The words that end at a place, without verbs before and purposes behind the office."""
    found = _LABEL.search(text[max(0, at - _REACH) : at])
    return _LEAD.sub("", _PURPOSE.sub("", found.group())) if found else ""


def _footer(document: Document) -> str:
    """Text of the last blocks outside the article."""
    last = [
        block
        for block in document.blocks[-4 * _FOOTER_BLOCKS :]
        if not block.main and block.role is not Role.ATTRIBUTE
    ]
    return "\n".join(document.slice(block) for block in last[-_FOOTER_BLOCKS:])


def _phones(document: Document) -> Iterator[list[str]]:
    text = document.text
    for match in _PHONE.finditer(text, 0, document.article_end):
        block = document.block_at(match.start(1))
        if block is None or not block.main:
            continue
        office = _label(text, match.start())
        if _OFFICE.search(office):
            quote = f"{office}{text[match.start() : match.end()]}"
            yield ["phone", office, _digits(match.group(1)), " ".join(quote.split())]


def _told_in_footer(footer: str) -> Iterator[list[str]]:
    for match in _PHONE.finditer(footer):
        label = f"{_label(footer, match.start())}电话"
        yield ["footer_phone", label, _digits(match.group(1)), " ".join(match.group().split())]
    for match in _NAME.finditer(footer):
        yield ["footer_name", match.group(1).removesuffix("单位"), match.group(2), match.group()]
    for match in _ADDRESS.finditer(footer):
        yield ["footer_address", "地址", match.group(2), match.group()]


def read_claims(document: Document) -> list[list[str]]:
    """Claims of a page, each ``[kind, key, value, quote]``, in order.

    A key told twice with different values is left out: the page itself lists several of a kind.
    """
    found: dict[tuple[str, str], list[str] | None] = {}
    text = document.text
    phones = list(_phones(document)) if "电话" in text or "热线" in text else []
    footer = _footer(document)
    for claim in (*(phones if len(phones) <= MAX_CLAIMS else ()), *_told_in_footer(footer)):
        key = claim[0], claim[1]
        known = found.setdefault(key, claim)
        if known is not None and known[2] != claim[2]:
            found[key] = None
    return [claim for claim in found.values() if claim is not None]

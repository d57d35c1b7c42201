"""Titles in book title marks and the numbers behind them, found once for all rules over them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from qa.document import Document
from qa.source import Span

PREFIX = "中华人民共和国"
_CITED = re.compile(r"《([^《》\n]{2,90}(?:[《〈][^《》〈〉\n]{2,60}[》〉][^《》\n]{0,30})?)》")
_NUMBERED = re.compile(
    r"\s*[（(](?P<lead>[^（()）\n]{0,12}?)"
    r"(?P<number>(?P<code>国发明电|国办发明电|国办公开办函|国办秘函|国办发|国办函|国发|国函|中办发|中发)"
    r"\s*[〔\[［（(﹝]\s*(?P<year>(?:19|20)\d\d)\s*[〕\]］）)﹞]\s*(?P<no>\d{1,3})\s*号"
    r"|国务院(?:令|第)(?:第)?\s*(?P<order>\d{1,3})\s*号(?:令)?)"
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A title in marks; ``number`` in its plain form, where one of a central document follows."""

    title: str
    span: Span
    number: str = ""
    number_span: Span = field(default=Span(0, 0))


def _citation(text: str, match: re.Match[str]) -> Citation:
    span = Span(*match.span(1))
    found = (
        _NUMBERED.match(text, match.end(), match.end() + 40)
        if text[match.end() : match.end() + 2].strip()
        else None
    )
    if found is None:
        return Citation(match[1], span)
    number = (
        f"国务院令第{int(found['order'])}号"
        if found["order"]
        else f"{found['code']}〔{found['year']}〕{int(found['no'])}号"
    )
    return Citation(match[1], span, number, Span(*found.span("number")))


_found: WeakKeyDictionary[Document, list[Citation]] = WeakKeyDictionary()


def citations_of(document: Document) -> list[Citation]:
    """Every title in book title marks, in order."""
    if document not in _found:
        text = document.text
        _found[document] = [_citation(text, match) for match in _CITED.finditer(text)]
    return _found[document]


_ISSUER = re.compile(
    r"^(?:中共中央办公厅|国务院办公厅政府信息与政务公开办公室|国务院办公厅秘书局|国务院办公厅|中共中央|国务院|[、\s])*(?:关于)?(?:印发|公布|转发|批转)?"
)
_TAIL = re.compile(r"(?:的通知|的公告|的函)?(?:[（(][^（()）]*(?:修订|修正|试行|节选)[^（()）]*[)）])?$")
_MARKS = re.compile(r"[\s\u3000《》〈〉“”‘’\"'、，,（）()〔〕—－\-–～~·]+")


def core(title: str) -> str:
    """What two ways of writing a document's title have in common: no issuer, no 印发…的通知, no marks."""
    words = _TAIL.sub("", _ISSUER.sub("", title.strip()))
    words = _ISSUER.sub("", _MARKS.sub("", words).removeprefix(PREFIX))
    return words.removesuffix("的通知").removeprefix(PREFIX)

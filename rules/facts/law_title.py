"""Titles of laws that differ from a known one by a single character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import ARITHMETIC
from rules.facts._citations import PREFIX, citations_of

_LEAST = 5
_LEAST_BARE = 8
_KIND = re.compile(r"[法例列则定]$|条例|办法|规定|细则")
_LOCAL = re.compile(
    r"[省市州县区旗盟]|自治|关于|公司|学校|教育部|本级|本局|草案|释义|读本|解读|问答|知识|修正案|司法解释|白皮书|实施意见|宣传"
)
_VERSION = re.compile(r"[（(][^（()）]{1,12}[)）]$")


@cache
def _index() -> tuple[frozenset[str], dict[str, tuple[str, ...]]]:
    """All titles without the state's name, and the titles by either half of theirs."""
    lines = (Path(__file__).with_suffix(".txt")).read_text(encoding="utf-8").splitlines()
    known = frozenset(line.removeprefix("~") for line in lines if line and not line.startswith("#"))
    halves: dict[str, list[str]] = {}
    for title in known:
        if len(title) >= _LEAST:
            middle = len(title) // 2
            halves.setdefault("<" + title[:middle], []).append(title)
            halves.setdefault(">" + title[middle:], []).append(title)
    return known, {half: tuple(titles) for half, titles in halves.items()}


def _near(title: str) -> str | None:
    """The one known title that is one edit away; ``None`` where there is none or more than one."""
    halves = _index()[1]
    found: set[str] = set()
    middle = len(title) // 2
    for at in (middle - 1, middle, middle + 1):
        for half in ("<" + title[:at], ">" + title[at:]):
            found.update(known for known in halves.get(half, ()) if _one_edit(title, known))
    return found.pop() if len(found) == 1 else None


def _one_edit(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    i = 0
    while i < min(len(one), len(other)) and one[i] == other[i]:
        i += 1
    return one[i + 1 :] == other[i + 1 :] or one[i:] == other[i + 1 :] or one[i + 1 :] == other[i:]


@rule(
    title="法律法规名称与已知名称差一字",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=ARITHMETIC["法律法规名录"],
    needs=("《",),
    bad=(
        Bad(
            "<p>依据《⟦中华人民共和国政府信息公开条列⟧》办理。</p>",
            "<p>依据《中华人民共和国政府信息公开条例》办理。</p>",
        ),
        Bad(
            "<p>贯彻《⟦中华人民共和国消费者权益保法⟧》《⟦保障农民工工资支付条列⟧》。</p>",
            "<p>贯彻《中华人民共和国消费者权益保护法》《保障农民工工资支付条例》。</p>",
        ),
        Bad(
            "<p>违反《⟦中华人民共和国治安管理处罚罚法⟧》（2012修正）的</p>",
            "<p>违反《中华人民共和国治安管理处罚法》（2012修正）的</p>",
        ),
    ),
    good=(
        "<p>《中华人民共和国政府信息公开条例》《民法典》《中华人民共和国检察官法》《中华人民共和国监察官法》</p>",
        "<p>《中华人民共和国民事诉讼法》《中华人民共和国刑事诉讼法（2018修正）》《某市政府信息公开条列》</p>",
        "<p>《行政处法》《论语》《中华人民共和国某某法》《中华人民共和国宪发》《巢湖流域管理条例》《政府信息公开条例》</p>",
    ),
)
def law_title(document: Document) -> Iterator[Hit]:
    """引用法律法规应写准名称。与国家法律、行政法规名录只差一个字而自身又不在名录里的，多半是写错、漏字或多字。

    名录不全时可能有没收进来的法律，因此名称太短的、地方性的、带“草案”“释义”之类的不查。
    """
    for cited in citations_of(document):
        title = cited.title
        own = title.startswith(PREFIX)
        if len(title) < _LEAST_BARE or len(title) > 40 or not _KIND.search(title[-4:]):
            continue
        body = _VERSION.sub("", title).removeprefix(PREFIX)
        if len(body) < (_LEAST if own else _LEAST_BARE) or body in _index()[0] or _LOCAL.search(body):
            continue
        right = _near(body)
        if right and (own or body[:2] == right[:2]):
            full = (PREFIX if own else "") + right
            message = f"《{title}》疑为《{full}》之误，请核对法律法规名称"
            yield Hit(cited.span, message, fix=title.replace(body, right))

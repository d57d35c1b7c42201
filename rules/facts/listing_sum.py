"""A total in prose against the parts listed after 其中."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import ARITHMETIC

_UNIT = "件条份个宗项次人名户家篇期起例批所处台套辆座亩"
_ITEM = re.compile(
    rf"(?P<label>[^，。；、：:！？\n\d]{{1,24}}?)\s*(?P<n>\d[\d,]*(?:\.\d+)?)\s*(?P<u>[{_UNIT}])(?![{_UNIT}])"
)
_BEFORE = re.compile(
    rf"(?<![\d.,])(?P<n>\d[\d,]*)\s*(?P<u>[{_UNIT}])(?:[^，。；：:！？\n\d]{{0,12}})[，,（(：:]?$"
)
_SEPARATOR = re.compile(r"[，、；,;]\s*(?:其余|还有)?|[和及]")
_DIGIT = re.compile(r"\d(?!\d{0,3}年)")
_LEAST_SHARE = Decimal("0.7")
_VAGUE = re.compile(r"近|约|余|多|超|逾|累计|同比|增|降|新|比|占|平均|达|以上|不足|含|包括|其中")


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


@rule(
    title="“其中”各项之和与总数不符",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=ARITHMETIC["合计"],
    confidence=Confidence.MEDIUM,
    needs=("其中",),
    bad=(
        Bad("<p>全年共办理建议⟦8件⟧，其中人大建议6件、政协提案4件。</p>"),
        Bad("<p>共制作信息⟦8011份⟧，其中，主动公开3612份，依申请公开2063份。</p>"),
    ),
    good=(
        "<p>全年共办理建议8件，其中人大建议3件、政协提案5件。</p>",
        "<p>发放100份，其中党员3份、群众5份。共10人，其中女性6人。</p>",
        "<p>共8件，其中民生类6件、重点督办4件，重复统计2件同比增长2%。共有约8件，其中甲4件、乙5件。</p>",
        "<p>推进项目200个，其中开工75个、续建125个、竣工50个。入园项目100个、开工63个，其中工业97个、商业60个。</p>",
        "<p>共8人，其中甲4件、乙5件。其中甲4件、乙5件。共80人，其中甲近40人、乙超过50人。</p>",
    ),
)
def listing_sum(document: Document) -> Iterator[Hit]:
    """总数之后用“其中”逐项列举时，各项相加超过总数，说明总数或分项有误（分项互有重叠的除外）。

    相加不足总数而又列出了大部分的，作为提示：余下的没有说明。只看同一句、同一量词、整句都是列举的情形。
    """
    text = document.text
    at = text.find("其中")
    while at >= 0:
        hit = _judge(text, at)
        if hit:
            yield hit
        at = text.find("其中", at + 2)


_LONGEST = 300
"""Characters a listing may have; longer ones are whole paragraphs."""


def _judge(text: str, at: int) -> Hit | None:
    before = _BEFORE.search(text, max(0, at - 40), at)
    if before is None:
        return None
    clause = max(text.rfind(mark, max(0, at - 80), before.start()) for mark in "，。；：\n")
    if _VAGUE.search(text, max(0, before.start() - 6, clause), at) or _DIGIT.search(
        text, clause + 1, before.start("n")
    ):
        return None
    unit, total = before["u"], _number(before["n"])
    far = min(len(text), at + _LONGEST + 1)
    end = min((i for mark in "。；\n" if (i := text.find(mark, at, far)) >= 0), default=far)
    if end - at > _LONGEST:
        return None
    place = at + 2 + (text[at + 2 : at + 3] in "，：:,")
    numbers: list[Decimal] = []
    while place < end:
        item = _ITEM.match(text, place, end)
        if item is None or item["u"] != unit or _VAGUE.search(item["label"]):
            return None
        numbers.append(_number(item["n"]))
        place = item.end()
        if place < end:
            separator = _SEPARATOR.match(text, place, end)
            if separator is None:
                return None
            place = separator.end()
    if len(numbers) < 2:
        return None
    listed = sum(numbers)
    span = Span(before.start("n"), before.end("u"))
    words = f"“其中”各项 {'+'.join(map(str, numbers))} 合 {listed}，总数写 {total}"
    if listed > total and not _some_add_up(numbers, total):
        return Hit(span, f"{words}，分项之和多出 {listed - total}，请核对（各项确有重叠的应当说明）")
    if listed < total and listed >= total * _LEAST_SHARE:
        return Hit(span, f"{words}，未说明余 {total - listed}", level=Level.NOTE)
    return None


def _some_add_up(numbers: list[Decimal], total: Decimal) -> bool:
    """Whether the first few items alone make the total, the others being another division of it."""
    running = Decimal(0)
    for number in numbers:
        running += number
        if running == total:
            return True
    return False

"""Ranges of dates that run backwards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import ARITHMETIC

_JOIN = re.compile(r"[年月日]\s?(?:至|到|—{1,2}|－|-|–|～|~)\s?(?=\d)")
_LEFT = re.compile(
    r"(?:(?<!\d)(?P<y>(?:19|20)\d\d)\s?年\s?)?(?:(?<!\d)(?P<m>\d{1,2})\s?月\s?)?(?:(?<!\d)(?P<d>\d{1,2})\s?日)?$"
)
_RIGHT = re.compile(r"(?:(?P<y>(?:19|20)\d\d)\s?年)?(?:\s?(?P<m>\d{1,2})\s?月)?(?:\s?(?P<d>\d{1,2})\s?日)?")
_REACH = 16


def _key(*parts: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in parts if part)


@rule(
    title="起止日期倒置",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=ARITHMETIC["历法"],
    needs=("年", "月"),
    bad=(
        Bad("<p>活动时间为⟦2023年5月至3月⟧，公示期⟦2023年6月10日—2023年6月5日⟧。</p>"),
        Bad("<p>⟦5月10日至8日⟧公示；统计期限自⟦2023年12月31日至2023年1月1日⟧，⟦2025年至2021年⟧</p>"),
    ),
    good=(
        "<p>2023年5月至2024年3月、2022年11月至次年3月、5月10日至18日、2021年至2025年</p>",
        "<p>2023年5月1日至3日、12月28日至1月3日、5月28日至6月3日、2023年1月至2月、2023年到5月</p>",
    ),
)
def reversed_range(document: Document) -> Iterator[Hit]:
    """起始日期应在截止日期之前。跨年的区间应写明后一个年份或“次年”。

    只写月日、跨年末的区间（12月28日至1月3日）不算倒置。
    """
    text = document.text
    for join in _JOIN.finditer(text):
        low = max(0, join.start() + 1 - _REACH)
        left = _LEFT.search(text[low : join.start() + 1])
        right = _RIGHT.match(text, join.end())
        if left and right and _reversed(left.groups(), right.groups()):
            span = Span(low + left.start(), right.end())
            words = text[span.start : span.end]
            yield Hit(span, f"“{words}”起始晚于截止，请核对是否写反或漏写年份（如“次年”）")


def _reversed(left: tuple[str | None, ...], right: tuple[str | None, ...]) -> bool:
    (year, month, day), (year2, month2, day2) = left, right
    if (year2 and not year) or (year and not year2 and not month):
        return False
    if not year2:
        year2 = year
    if not month2 and day2:
        month2 = month
    low, high = _key(year, month, day), _key(year2, month2, day2)
    width = min(len(low), len(high))
    if year or not day:
        return bool(year) and low[:width] > high[:width]
    return bool(day2) and low > high and low[0] - high[0] < 6

"""Dates and times that do not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import ARITHMETIC
from rules.facts._dates import Dated, dates_of, days_in

_LUNAR = re.compile(r"农历|阴历|夏历|旧历|藏历|彝历|回历|伊斯兰历|[编序批]号|代码|地块|宗地|型号")
_CLOCK = re.compile(r"(?P<h>\d{1,2})(?P<u>[时点])(?![候间段])(?:(?P<m>\d{1,2})分)?")


@rule(
    title="不存在的日期或时间",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=ARITHMETIC["历法"],
    needs=("月", "-", "/", ".", "时"),
    bad=(
        Bad("<p>截止日期为⟦2023年2月30日⟧，⟦13月⟧起执行。</p>"),
        Bad("<p>⟦二〇二三年六月三十一日⟧；更新时间 ⟦2023-02-30⟧，⟦2023/13/01⟧。</p>"),
        Bad("<p>2023年5月1日⟦25时⟧至⟦8时75分⟧；⟦4月31日⟧；⟦2023年2月29日⟧</p>"),
    ),
    good=(
        "2024年2月29日",
        "<p>2月29日、12月31日24时、9时30分、用时30时、12.5点、共125点10分、3日25点候车、农历2月30日、编号2023-02-31</p>",
        "<p>2023.5.32 版、一九三五年十二月三十一日、五月、5月，共13月龄、1935年十月、2010-20-30号地块</p>",
    ),
)
def impossible_date(document: Document) -> Iterator[Hit]:
    """一年十二个月，小月三十天，平年二月二十八天，一天二十四小时。超出的日期一定写错了。

    农历日期不按公历判断；编号、地块号之类的数字串不当作日期。
    """
    text = document.text
    for dated in dates_of(document):
        why = _why(dated)
        if (
            why
            and not _LUNAR.search(text, max(0, dated.span.start - 8), dated.span.start)
            and _plain(text, dated)
        ):
            level = Level.WARNING if dated.form == "iso" else None
            yield Hit(dated.span, f"“{text[dated.span.start : dated.span.end]}”不存在：{why}", level=level)
    for unit in "时点":
        at = text.find(unit)
        while at > 0:
            if text[at - 1].isdecimal():
                hit = _clock(text, at)
                if hit:
                    yield hit
            at = text.find(unit, at + 1)


def _clock(text: str, at: int) -> Hit | None:
    """A time of day: an hour after a day (日25时), or with its minutes."""
    start = at - 2 if text[at - 2 : at].isdecimal() and at > 1 else at - 1
    match = _CLOCK.match(text, start)
    if match is None or (start and (text[start - 1].isdecimal() or text[start - 1] == ".")):
        return None
    if match["m"] is None and text[start - 1 : start] != "日":
        return None
    hour, minute = int(match["h"]), int(match["m"] or 0)
    if (hour < 24 and minute < 60) or (hour == 24 and not minute):
        return None
    return Hit(Span(*match.span()), f"“{match.group()}”不存在：一天只有24时，一小时只有60分")


def _why(dated: Dated) -> str:
    if not 1 <= dated.month <= 12:
        return "一年只有12个月" if dated.month else "没有0月"
    if dated.day is None:
        return ""
    last = days_in(dated.year, dated.month)
    if 1 <= dated.day <= last:
        return ""
    year = f"{dated.year}年" if dated.year and dated.month == 2 else ""
    return f"{year}{dated.month}月只有{last}天" if dated.day else "没有0日"


def _plain(text: str, dated: Dated) -> bool:
    """A bare 13月 may be an age in months; in a number like a date only one part may be off."""
    if dated.form == "iso":
        return dated.month <= 12 or 1 <= (dated.day or 0) <= 12
    following = text[dated.span.end : dated.span.end + 1]
    return dated.day is not None or dated.year is not None or following not in ("龄", "大", "以", "内", "的")

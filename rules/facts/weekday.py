"""Weekdays that do not belong to their dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import ARITHMETIC
from rules.facts._dates import WEEKDAYS, dates_of

_WEEKDAY = re.compile(
    r"\s*[（(\[，,]?\s*(?P<w>(?:星期|周|礼拜)(?P<d>[一二三四五六日天]))(?!\s*(?:[至到、和及或—－\-~～]|每|上|下))"
)


@rule(
    title="星期与日期不符",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=ARITHMETIC["历法"],
    needs=("星期", "周", "礼拜"),
    bad=(
        Bad(
            "<p>定于2023年5月1日（⟦星期二⟧）召开，5月3日（⟦周四⟧）结束。</p>",
            "<p>定于2023年5月1日（星期一）召开，5月3日（周三）结束。</p>",
        ),
        Bad(
            "<p>2024-10-01 ⟦星期一⟧；二〇二三年五月一日 ⟦星期天⟧</p>",
            "<p>2024-10-01 星期二；二〇二三年五月一日 星期一</p>",
        ),
    ),
    good=(
        "<p>2023年5月1日（星期一）、2023年5月7日（星期日）、2023年5月7日（周天）</p>",
        "<p>5月1日（星期五）；2023年5月1日，周二至周五开放；2023年2月30日（星期二），2023年1月1日至2月30日（星期二）</p>",
        "<p>2023年5月1日起，每周二</p>",
    ),
)
def weekday(document: Document) -> Iterator[Hit]:
    """公历日期是星期几可以推算。两者不符，不是日期错就是星期错，通知里尤其误事。

    没写年份的，用同一句里前面写的年份；前面也没有的不判断。
    """
    text = document.text
    for dated in dates_of(document):
        match = _WEEKDAY.match(text, dated.span.end) if dated.day else None
        if match is None:
            continue
        day = dated.real
        if dated.year is None:
            sentence = document.sentence(dated.span)
            years = re.findall(r"(?<!\d)((?:19|20)\d\d)年", text[sentence.start : dated.span.start])
            day = _day(int(years[-1]), dated.month, dated.day or 0) if years else None
        if day is None:
            continue
        right = WEEKDAYS[day.weekday()]
        if right != match["d"].replace("天", "日"):
            span = Span(*match.span("w"))
            prefix = match["w"][:-1]
            yield Hit(
                span,
                f"{day.year}年{day.month}月{day.day}日是{prefix}{right}，不是{match['w']}，请核对日期和星期哪个有误",
                fix=prefix + right,
            )


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

"""``PubDate`` not written YYYY-MM-DD HH:MM."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import GUIDELINES
from rules.tags._tags import meta_hit, tags

_RIGHT = lazy(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}\Z", re.ASCII)
_NEAR = lazy(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[\sT]*(\d{1,2})[:：](\d{2})(?:[:：](\d{2})(?:\.\d+)?)?)?(?:Z|\+08:?00)?\Z",
    re.ASCII,
)


@rule(
    title="发布时间标签格式不对",
    level=Level.WARNING,
    passes=Pass.REVIEW3,
    basis=GUIDELINES["网页设计规范"],
    media=("html",),
    score_item="META",
    bad=(
        Bad(
            '<meta name="PubDate" content="⟦2025/3/1 9:30⟧"><p>正文</p>',
            '<meta name="PubDate" content="2025-03-01 09:30"><p>正文</p>',
        ),
        Bad('<meta name="PubDate" content="⟦2025-03-01⟧"><p>正文</p>'),
        Bad('<meta name="PubDate" content="⟦2025-02-30 09:30⟧"><p>正文</p>'),
        Bad(
            '<meta name="PubDate" content="⟦2025-03-01 09:30:15⟧"><p>正文</p>',
            '<meta name="PubDate" content="2025-03-01 09:30"><p>正文</p>',
        ),
        Bad('<meta name="PubDate" content="⟦昨天⟧"><p>正文</p>'),
    ),
    good=(
        '<meta name="PubDate" content="2025-03-01 09:30"><p>正文</p>',
        '<meta name="PubDate" content=""><p>正文</p>',
        "<p>2025/3/1</p>",
    ),
)
def pubdate_format(document: Document) -> Iterator[Hit]:
    """发布时间应写作“YYYY-MM-DD HH:MM”，写法不一会使检查系统读不出时间，把页面当作没有更新。

    只多写了秒的仅作提示；不存在的日期按错误报。
    """
    for meta in tags(document).get("PubDate", ()):
        words = meta.content.strip()
        if not words:
            continue
        near = _NEAR.match(words)
        if near is None:
            yield meta_hit(meta, "发布时间标签不是日期；应写作 YYYY-MM-DD HH:MM")
            continue
        year, month, day, hour, minute, second = near.groups()
        try:
            moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))  # noqa: DTZ001 - as printed
        except ValueError:
            yield meta_hit(meta, f"发布时间 {words} 不存在", level=Level.ERROR)
            continue
        if hour is None:
            yield meta_hit(meta, "发布时间标签只有日期；应写作 YYYY-MM-DD HH:MM")
        elif not _RIGHT.match(words):
            seconds = second is not None and words.startswith(f"{moment:%Y-%m-%d %H:%M}:")
            level = Level.NOTE if seconds else None
            yield meta_hit(
                meta, "发布时间应写作 YYYY-MM-DD HH:MM", fix=f"{moment:%Y-%m-%d %H:%M}", level=level
            )

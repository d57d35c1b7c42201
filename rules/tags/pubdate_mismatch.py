"""``PubDate`` beside the date the page shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import INSPECTION
from rules.tags._tags import meta_hit, release_dates, tags

_DATE = lazy(r"(\d{4})\D(\d{1,2})\D(\d{1,2})", re.ASCII)


@rule(
    title="标签与页面显示的发布时间不一致",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=INSPECTION["页面标签"],
    media=("html",),
    needs=("发布时间", "发布日期", "发稿时间"),
    score_item="VETO-SEC-5",
    bad=(
        Bad('<meta name="PubDate" content="⟦2025-03-01 09:30⟧"><p>发布时间：2025-02-01 09:30</p>'),
        Bad('<meta name="PubDate" content="⟦2025/03/01⟧"><p>发布日期：2025年3月2日</p>'),
    ),
    good=(
        '<meta name="PubDate" content="2025-03-01 09:30"><p>发布时间：2025-03-01</p>',
        '<meta name="PubDate" content="2025-03-01 09:30"><p>发布日期：2025年2月20日</p><p>发布时间：2025-03-01</p>',
        '<meta name="PubDate" content="2025-03-01 09:30"><p>发布时间以文件为准</p>',
        '<meta name="PubDate" content="昨天"><p>发布时间：2025-03-01</p>',
        "<p>发布时间：2025-03-01</p>",
    ),
)
def pubdate_mismatch(document: Document) -> Iterator[Hit]:
    """同一篇稿件的发布时间只有一个。标签与页面显示不一致，会被怀疑改动发稿日期。

    页面上写有几个发布日期时，有一个相符就不报。
    """
    for meta in tags(document).get("PubDate", ())[:1]:
        said = _DATE.match(meta.content.strip())
        shown = release_dates(document)
        if said and shown and tuple(int(part) for part in said.groups()) not in shown:
            dates = "、".join(f"{y}-{m:02}-{d:02}" for y, m, d in sorted(shown))
            yield meta_hit(meta, f"标签里的发布时间是 {meta.content.strip()}，页面上显示 {dates}；请核对")

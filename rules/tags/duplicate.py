"""Page tags given more than once."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import INSPECTION
from rules.tags._tags import meta_hit, tags


@rule(
    title="页面标签重复",
    level=Level.WARNING,
    passes=Pass.REVIEW3,
    basis=INSPECTION["页面标签"],
    media=("html",),
    score_item="META",
    bad=(
        Bad(
            '<meta name="PubDate" content="2025-03-01 09:30"><meta name="PubDate" content="⟦2025-03-02 09:30⟧"><p>正文</p>'
        ),
        Bad('<meta name="SiteName" content="某市"><meta name="sitename" content="⟦某市⟧"><p>正文</p>'),
    ),
    good=(
        '<meta name="SiteName" content="某市"><meta name="SiteDomain" content="www.example.com"><p>正文</p>',
        '<meta name="author" content="甲"><meta name="author" content="乙"><p>正文</p>',
    ),
)
def duplicate(document: Document) -> Iterator[Hit]:
    """同一标签出现两次，检查系统取哪一个并不确定；内容不同的更会互相矛盾。

    内容完全相同的只作提示。
    """
    for name, metas in tags(document).items():
        for meta in metas[1:]:
            if meta.content.strip() == metas[0].content.strip():
                yield meta_hit(meta, f"页面标签 {name} 重复出现，保留一个即可", level=Level.NOTE)
            else:
                first = metas[0].content.strip() or "空"
                yield meta_hit(
                    meta, f"页面标签 {name} 出现两次且内容不同（前一个是“{first}”）；请只保留正确的一个"
                )

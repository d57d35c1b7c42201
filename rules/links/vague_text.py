"""Link text that says nothing of the target, told once for every wording."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Link
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import WCAG
from rules.links._classify import facts


@rule(
    title="链接文字没有说明去向",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=WCAG["链接用途"],
    bad=(
        Bad('<p>报名请<a href="a.html">⟦点击这里⟧</a>。</p>'),
        Bad(
            '<p>通知<a href="1.html">⟦详情⟧</a></p><p>公告<a href="2.html">详情</a><a href="3.html">⟦更多&gt;&gt;⟧</a></p>'
        ),
    ),
    good=(
        '<p>请填写<a href="a.html">报名表</a>。</p>',
        '<a href="a.html" title="更多通知公告">更多</a><a href="b.html" aria-label="查看《办法》全文">全文</a>',
        "<p>更多内容请看详情</p>",
        '<div style="display:none"><a href="b.html">更多</a></div>',
        '<a href="a.html" title="更多">通知</a>',
    ),
)
def vague_text(document: Document) -> Iterator[Hit]:
    """读屏软件常把一页的链接单独列出，一串“更多”“点击这里”让人无从选择。

    链接上有说明去向的 title 或 aria-label 的不报；同一说法在一页里只报第一处并写明总数。
    """
    groups: dict[str, list[Link]] = {}
    for link, shown in facts(document).vague:
        told = (link.label or link.title).strip()
        if not link.hidden and (not told or told.lower() == shown):
            groups.setdefault(shown, []).append(link)
    for links in groups.values():
        span = links[0].span
        more = f"（本页共 {len(links)} 处）" if len(links) > 1 else ""
        words = document.slice(span).strip()
        yield Hit(
            span,
            f"“{words}”没有说明链接去向{more}；宜写出所指内容，或加 title 说明",
            related=tuple((link.span, "另一处") for link in links[1:6]),
        )

"""Moving text."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import WCAG
from rules.access._markup import markup, tag_hit


@rule(
    title="滚动文字（marquee）",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=WCAG["移动的内容可暂停"],
    media=("html",),
    bad=(
        Bad("⟦<marquee>⟧欢迎访问</marquee>"),
        Bad('<p>⟦<MARQUEE direction="up" scrollamount=3>⟧公告</MARQUEE></p>'),
    ),
    good=("<p>欢迎访问</p>", "<!-- <marquee> --><input title='a'><p>公告</p>", "<p>marquee 标签已经停用</p>"),
)
def marquee(document: Document) -> Iterator[Hit]:
    """滚动文字不等人读完就移走，读屏软件和看得慢的人都跟不上；这个标签也早已停用。"""
    for tag in markup(document):
        if tag.name == "marquee":
            yield tag_hit(tag, "滚动文字不便阅读，宜改为静止显示，或提供暂停按钮")

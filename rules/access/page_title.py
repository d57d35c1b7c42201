"""Page without a title of its own."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Role
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import WEB_STANDARD
from rules.tags._tags import head_hit

_DEFAULTS = frozenset(
    {
        "无标题文档",
        "无标题",
        "untitled document",
        "untitled",
        "document",
        "title",
        "新建网页",
        "new page",
        "标题",
    }
)


@rule(
    title="网页标题缺失、为空或重复",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=WEB_STANDARD["title 元素"],
    page=True,
    media=("html",),
    bad=(
        Bad("<html>⟦<head>⟧</head><body><p>通知</p></body></html>"),
        Bad("<html>⟦<head>⟧<title> </title></head><body><p>通知</p></body></html>"),
        Bad("<html><head><title>⟦无标题文档⟧</title></head><body><p>通知</p></body></html>"),
        Bad("<html><head><title>通知</title><title>⟦某市⟧</title></head><body><p>通知</p></body></html>"),
    ),
    good=(
        "<html><head><title>关于放假的通知_某市人民政府</title></head><body><p>通知</p></body></html>",
        "<html><head><title>通知</title></head><body><svg><title>图</title></svg></body></html>",
        "<p>通知</p>",
    ),
)
def page_title(document: Document) -> Iterator[Hit]:
    """网页标题显示在浏览器标签、收藏夹和搜索结果里，也是读屏软件念出的第一句话，应当写明且只有一个。"""
    title = Role.TITLE
    titles = [block for block in document.blocks if block.role is title]
    if not titles:
        yield head_hit(document, "网页没有标题（title），请补上")
        return
    shown = document.slice(titles[0]).strip()
    if shown.lower() in _DEFAULTS:
        yield Hit(titles[0].span, f"网页标题还是默认的“{shown}”，请改为实际标题")
    for block in titles[1:]:
        yield Hit(block.span, "网页有两个标题（title），浏览器只取前一个", level=Level.NOTE)

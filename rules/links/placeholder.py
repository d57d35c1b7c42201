"""Links that do nothing: ``#`` and ``javascript:;`` without a handler."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Link, Role
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import INSPECTION
from rules.links._classify import Kind, classed, facts, hit, scripted


@rule(
    title="链接只占位、点击没有反应",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=INSPECTION["可用性"],
    score_item="LINK-H",
    bad=(
        Bad('<p>附件：<a href="⟦#⟧">申请表</a></p>'),
        Bad(
            '<p><a href="⟦javascript:;⟧">政策解读</a><a href="⟦javascript:void(0)⟧" class="tab">问答</a></p>'
        ),
    ),
    good=(
        '<a href="#" onclick="doPrint();return false">打印</a>',
        '<a href="#" id="share">分享</a>',
        '<a href="javascript:;" data-toggle="dropdown">更多服务</a>',
        '<a href="#top">回到顶部</a>',
        '<a href="#">返回顶部</a><a href="#">首页</a>',
        '<a href="#"></a><h1><a href="#">关于放假的通知</a></h1>',
        '<iframe src="javascript:void(0)"></iframe>',
    ),
)
def placeholder(document: Document) -> Iterator[Hit]:
    """“#”和“javascript:;”只是占位。没有脚本接手时，读者点击后没有反应，等同于打不开的链接。

    标签上带有事件、编号或数据属性的视为由脚本接手；带样式类的、导航里的可能由脚本接手，只作提示。
    “返回顶部”一类用“#”是通行写法，标题链接到本页的也不报。
    """
    for reference, address in facts(document).of(Kind.NOTHING):
        if not isinstance(reference, Link) or reference.hidden or scripted(document, reference):
            continue
        text = document.slice(reference.span).strip()
        block = document.block_at(reference.span.start)
        titled = (block is not None and block.role is Role.HEADING) or text in document.title
        if not text or titled or (address.cause == "#" and text in _TOP):
            continue
        level = Level.NOTE if classed(document, reference) or not reference.main else None
        yield hit(
            reference, f"“{text[:20]}”的链接只是占位，点击没有反应；请补上地址，或去掉链接", level=level
        )


_TOP = frozenset({"返回顶部", "回到顶部", "回顶部", "顶部", "TOP", "Top", "top", "↑", "首页", "返回"})

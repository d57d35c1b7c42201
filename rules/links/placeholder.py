"""Links that do nothing: ``#`` and ``javascript:;`` without a handler."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document, Link, Role
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import INSPECTION
from rules.links._classify import Kind, classed, facts, hit, scripted


@rule(
    title="链接只占位、点击没有反应",
    level=Level.NOTE,
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

    标签上带有事件、编号或数据属性的视为由脚本接手。写明是附件、下载或文件名的作警告，其余只作提示。
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
        around = document.text[max(0, reference.span.start - 8) : reference.span.end]
        sure = reference.main and not classed(document, reference) and _PROMISE.search(around)
        level = Level.WARNING if sure else None
        yield hit(
            reference, f"“{text[:20]}”的链接只是占位，点击没有反应；请补上地址，或去掉链接", level=level
        )


_PROMISE = lazy(
    r"附件|下载|《|(?:点击|详)[见查]|\.(?:docx?|xlsx?|pdf|wps|zip|rar)\b|(?:申请|登记|汇总|报名)表",
    re.IGNORECASE,
)
_TOP = frozenset({"返回顶部", "回到顶部", "回顶部", "顶部", "TOP", "Top", "top", "↑", "首页", "返回"})

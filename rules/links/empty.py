"""Links and images whose address is empty."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Image, Link
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import INSPECTION
from rules.links._classify import Kind, facts, hit, scripted


@rule(
    title="链接或图片的地址为空",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=INSPECTION["可用性"],
    score_item="LINK-H",
    bad=(
        Bad('<p>请看<a href="⟦⟧">通知原文</a>。</p>'),
        Bad('<p><a href="⟦  ⟧">通知原文</a></p>'),
        Bad('<p>正文</p><img src="⟦⟧" alt="现场">'),
    ),
    good=(
        '<a href="" onclick="openWin()">预约</a>',
        '<a href="" id="nextPage">下一页</a>',
        '<img src="" data-original="a.jpg" alt="现场">',
        '<div style="display:none"><a href="">模板</a></div>',
        '<a href="a.html">通知原文</a>',
        '<title>放假通知_某市</title><a href="">放假通知</a>',
        '<iframe src=""></iframe><a href=""></a>',
    ),
)
def empty(document: Document) -> Iterator[Hit]:
    """地址为空的链接，点击后只会重新打开本页；地址为空的图片显示为破图。

    带有脚本事件、编号（id）或数据属性的，地址可能由脚本填入，不作判断；隐藏的内容也不作判断。
    文字与网页标题相同的是链接到本页，不报；导航里的只作提示。
    """
    for reference, _ in facts(document).of(Kind.EMPTY):
        if isinstance(reference, Link | Image) and not reference.hidden and not scripted(document, reference):
            if isinstance(reference, Image):
                yield hit(reference, "图片没有地址，页面上会显示为破图")
                continue
            shown = document.slice(reference.span).strip()
            if (shown or reference.images) and not (shown and shown in document.title):
                level = None if reference.main else Level.NOTE
                yield hit(
                    reference, "链接地址为空，点击后打不开任何内容；请补上地址，或去掉链接", level=level
                )

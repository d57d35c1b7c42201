"""``javascript:`` addresses, told once a page."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Link
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import WCAG
from rules.links._classify import Kind, facts, hit


@rule(
    title="用 javascript: 伪地址作链接",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=WCAG["键盘可操作"],
    bad=(
        Bad('<p><a href="⟦javascript:openFile(12)⟧">申请表</a></p>'),
        Bad(
            "<p><a href=\"⟦javascript:showDoc('1')⟧\">文件一</a><a href=\"javascript:showDoc('2')\">文件二</a></p>"
        ),
    ),
    good=(
        '<a href="javascript:window.print()">打印</a><a href="javascript:window.close();">关闭</a>',
        '<a href="javascript:doZoom(16)">大</a>',
        '<a href="javascript:f(18)">大</a><a href="javascript:f(14)"> 小 </a><a href="javascript:p()">打印本页</a>',
        '<a href="javascript:history.back()">返回</a>',
        '<a href="file.doc">申请表</a>',
        '<div hidden><a href="javascript:go()">某</a></div>',
    ),
)
def javascript(document: Document) -> Iterator[Hit]:
    """伪地址离开脚本就打不开：读屏软件、搜索引擎和右键“在新标签页中打开”都用不了它。

    打印、关闭、字号一类的页面按钮是通行写法，不报。同一页面只报第一处并写明总数。
    """
    found = [
        reference
        for reference, _ in facts(document).of(Kind.SCRIPT)
        if isinstance(reference, Link)
        and not reference.hidden
        and not any(word in (reference.href or "").lower() for word in _BUTTONS)
        and document.slice(reference.span).strip("【】[]()（） 　\u00a0") not in _NAMES
    ]
    if found:
        more = f"（本页共 {len(found)} 处）" if len(found) > 1 else ""
        yield hit(found[0], f"链接用的是 javascript: 伪地址，不支持脚本时打不开；宜写实际地址{more}")


_BUTTONS = (
    "print",
    "close",
    "zoom",
    "history",
    "fontsize",
    "font_size",
    "scroll",
    "favorite",
    "bookmark",
    "sethome",
    "share",
)
_NAMES = frozenset(
    (
        "大", "中", "小", "特大", "特小", "A", "A+", "A-", "打印", "打印本页", "打印此页", "关闭", "关闭窗口", "关闭本页",
        "返回", "返回上一页", "返回顶部", "收藏", "收藏本页", "分享",
    )
)  # fmt: skip

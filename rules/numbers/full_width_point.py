"""Full-width marks inside figures."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import EDITING
from rules.punctuation._article import block_of, find, span_of

_POINT = lazy(r"．(?=\d)(?!(?:19|20)\d\d年)")
_ITEM = lazy(r"(?:^|[\n：；。])[\s　（(]*\d{1,2}$")
_ALONE = lazy(r"．\d+[ \t　]*(?:[%％‰\n]|$)")
_GROUP = lazy(r"，\d{3}(?:，\d{3})*(?=(?:[．.]\d+)?[万亿元吨个人户家公平千台辆名条亩])")
_HEAD = lazy(r"(?<![\d，])[1-9]\d{0,2}$")


@rule(
    title="数字中的全角小数点、分节号",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=EDITING[""],
    needs=("．", "，"),
    bad=(
        Bad("<p>增长14⟦．⟧2％</p>", "<p>增长14.2％</p>"),
        Bad(
            "<table><tr><td>14⟦．⟧2</td><td>3⟦．⟧5％</td></tr></table>",
            "<table><tr><td>14.2</td><td>3.5％</td></tr></table>",
        ),
        Bad("<p>投资3⟦，750⟧亿元</p>", "<p>投资3,750亿元</p>"),
    ),
    good=(
        "<p>增长14.2%，投资3,750亿元</p>",
        "<p>1．总体要求</p><p>甲．3</p>",
        "<p>2022年，300人；完成5，另有</p>",
        "<p>附件：1．防汛责任人名单</p><p>　　　2．2024年防汛物资储备表</p>",
        "<p>重点任务：1．5G网络建设；2．3D打印</p>",
    ),
)
def full_width_point(document: Document) -> Iterator[Hit]:
    """小数点和千分位分节号应使用半角形式；全角的点和逗号会把一个数断成两个。"""
    text = document.text
    for match in find(document, _POINT):
        at = match.start()
        if not text[at - 1 : at].isdigit():
            continue
        # A figure at the head of a line or clause and a point is the number of an item: "2．5G网络".
        if _ALONE.match(text, at) or not _ITEM.search(text[max(0, at - 12) : at]):
            yield Hit(span_of(match), "小数点应用半角“.”", fix=".", safe=True)
    for match in _GROUP.finditer(text):
        at = match.start()
        if _HEAD.search(text[max(0, at - 5) : at]) and block_of(document, at) is not None:
            yield Hit(span_of(match), "千分位分节号应用半角逗号", fix=match[0].replace("，", ","))

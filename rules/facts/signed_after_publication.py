"""A date of signing later than the date of publication."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import ARITHMETIC
from rules.facts._dates import Dated, dates_of

_SIGNED = re.compile(r"(?:成文|签署|印发|制发|生成|发文)(?:日期|时间)[】\]]?\s*[:：]?\s*$")
_PUBLISHED = re.compile(r"(?:发布|公开|公布|发稿)(?:日期|时间)[】\]]?\s*[:：]?\s*$")
_REACH = 14


@rule(
    title="成文日期晚于发布日期",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=ARITHMETIC["时间先后"],
    needs=(
        "成文日期",
        "成文时间",
        "印发日期",
        "签署日期",
        "发文日期",
        "生成日期",
        "制发日期",
        "发文时间",
        "印发时间",
    ),
    bad=(
        Bad("<ul><li>成文日期：⟦2023年6月2日⟧</li><li>发布日期：2023-05-30</li></ul>"),
        Bad("<table><tr><td>发布日期<td>2023-05-30<td>成文日期<td>⟦2024-05-28⟧</table>"),
    ),
    good=(
        "<ul><li>成文日期：2023年5月28日</li><li>发布日期：2023-05-30</li></ul>",
        "<p>成文日期：2023年6月2日，公布时间另定</p><p>发布日期：2023年2月30日</p>",
        "<p>成文日期：6月2日，2023年1月1日起施行</p><p>发布日期：2023年2月3日</p>",
        "<p>成文日期 2023-06-02 发布日期 2023-06-05；成文日期 2024-06-02 发布日期 2024-06-05</p>",
    ),
)
def signed_after_publication(document: Document) -> Iterator[Hit]:
    """先成文、后发布。发布日期早于成文日期，不是填错就是倒填，倒填发稿日期还可能被认定为弄虚作假。

    一页列有多个文件的，按就近成对比较。
    """
    text = document.text
    signed: list[Dated] = []
    published: list[Dated] = []
    for dated in dates_of(document):
        label = text[max(0, dated.span.start - _REACH) : dated.span.start]
        if dated.real is None:
            continue
        if _SIGNED.search(label):
            signed.append(dated)
        elif _PUBLISHED.search(label):
            published.append(dated)
    if len(signed) != len(published):
        return
    for own, other in zip(signed, published, strict=True):
        if own.real and other.real and own.real > other.real:
            words = text[own.span.start : own.span.end]
            late = text[other.span.start : other.span.end]
            yield Hit(
                own.span,
                f"成文日期（{words}）晚于发布日期（{late}），请核对哪一个有误",
                related=((other.span, "发布日期"),),
            )

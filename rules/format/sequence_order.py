"""Numbered headings and items repeated, skipped or out of order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import DOCUMENT_FORMAT
from rules.format._outline import Item, label, outline, runs


@rule(
    title="层次序数重复、跳号",
    level=Level.ERROR,
    passes=Pass.PROOF2,
    basis=DOCUMENT_FORMAT["7.3.3"],
    needs=("二", "三", "四", "五", "六", "七", "八", "九", "十", *"23456789"),
    bad=(
        Bad("<p>一、总体情况</p><p>二、主要做法</p><p>⟦四、⟧存在问题</p><p>五、下步打算</p>"),
        Bad("<p>（一）甲</p><p>（二）乙</p><p>⟦（二）⟧丙</p><p>（三）丁</p>"),
        Bad("<p>1.甲</p><p>2.乙</p><p>⟦2.⟧丙</p><p>4.丁</p><p>5.戊</p><p>⟦7.⟧己</p>"),
        Bad("<p>一、总体</p><p>（一）甲</p><p>二、做法</p><p>⟦（三）⟧乙</p><p>（四）丙</p>"),
        Bad(
            "<p>一、总体</p><p>（一）甲</p><p>（二）乙</p><p>（三）丙</p><p>二、做法</p><p>⟦（二）⟧丁</p><p>（三）戊</p>"
        ),
        Bad("<p>第一章　总则</p><p>第二章　职责</p><p>⟦第二章⟧　附则</p>"),
        Bad("<p>一、甲</p><p>二、乙</p><p>三、丙</p><p>⟦二、⟧丁</p><p>五、戊</p>"),
    ),
    good=(
        "<p>一、总体</p><p>（一）甲</p><p>（二）乙</p><p>二、做法</p><p>（一）丙</p><p>三、打算</p>",
        "<p>一、总体</p><p>（一）甲</p><p>（二）乙</p><p>二、做法</p><p>（三）丙</p><p>（四）丁</p>",
        "<p>一、甲</p><p>二、乙</p><p>一、甲</p><p>二、乙</p>",
        "<p>1.甲</p><p>2.乙。3.丙</p><p>4.丁</p><p>5科技进步</p><p>6.己</p>",
        "<p>1.甲</p><p>2.乙</p><p>附件：1.表</p><p>2.单</p>",
        "<p>1.甲</p><p>2.12个项目</p><p>3.丙</p>",
        "<p>一、甲</p><p>2.5亿元</p><p>一、二、三产业</p><p>二、乙</p>",
        "<p>1.甲</p><p>30、甲</p><p>2.乙</p><p>一.甲</p>",
        "<p>一、总体</p><p>（一）甲</p><p>二、做法</p><p>（五）乙</p><p>三、打算</p><p>（二）丙</p>",
        "<p>1.甲</p><p>9、8个重点镇</p><p>2.乙</p><p>3.丙</p>",
        "<p>二、乙</p><p>三、丙</p><p>二、乙</p><p>三、丙</p>",
        "<table><tr><td>1.甲</td></tr><tr><td>3.乙</td></tr></table>",
    ),
)
def sequence_order(document: Document) -> Iterator[Hit]:
    """层次序数在同一上级之下应当连续，不重号、不断号。

    在全文范围内按层次核对；各级可以在新的上级之下重新从“一”数起，也可以接着前面的数。
    写在段落中间的序数也算数；孤立的一个数（如引文、目录残行）不作判断。
    """
    for level, items, fresh in runs(outline(document)):
        strict = level in (1, 2)
        for item, before, words in _faults(document, items, fresh):
            related = ((Span(before.start, before.end), "前一个序数"),) if before else ()
            yield Hit(
                Span(item.start, item.end),
                words,
                level=None if strict else Level.WARNING,
                confidence=None if strict else Confidence.MEDIUM,
                related=related,
            )


def _faults(
    document: Document, items: list[Item], fresh: list[bool]
) -> Iterator[tuple[Item, Item | None, str]]:
    last: Item | None = None
    allowed: tuple[int, ...] = (1,)
    for index, item in enumerate(items):
        number = item.number
        following = items[index + 1].number if index + 1 < len(items) else 0
        if number == 1 or number in allowed:
            last, allowed = item, (number + 1,)
            continue
        if last is None:
            # A list that begins anywhere: its head may stand inside a paragraph.
            last, allowed = item, (number + 1,)
            continue
        wanted = allowed[0]
        if following in allowed and not (number == last.number and not fresh[index]):
            continue
        if fresh[index]:
            if number == last.number or number < wanted:
                if number > 1 and following == number + 1 and not _inline(document, item, last):
                    yield item, None, f"这一层从“{item.label}”开始，缺“{label(item.level, 1)}”"
            elif not _inline(document, item, last) and following == number + 1:
                yield item, None, f"这一层从“{item.label}”开始，前面缺序数"
            last, allowed = item, (number + 1,)
            continue
        if number == last.number:
            if _inline(document, item, last):
                last, allowed = item, (number + 1,)
                continue
            yield item, last, f"序数重复：前面已有“{item.label}”"
            last, allowed = item, (number + 1, number + 2)
        elif number > wanted:
            if not _inline(document, item, last):
                yield (
                    item,
                    last,
                    f"序数不连续：“{last.label}”之后应是“{label(item.level, wanted)}”，这里是“{item.label}”",
                )
            last, allowed = item, (number + 1,)
        elif following == wanted + 1:
            yield (
                item,
                last,
                f"序数颠倒：“{last.label}”之后应是“{label(item.level, wanted)}”，这里是“{item.label}”",
            )
            last, allowed = item, (wanted + 1,)
        else:
            last, allowed = item, (number + 1,)


def _inline(document: Document, item: Item, last: Item) -> bool:
    """Whether the number before this one stands inside the text since the last item."""
    text = document.text
    if item.level == 3:
        pattern = _figure(item.number - 1)
        return pattern.search(text, last.end, item.start) is not None
    previous = label(item.level, item.number - 1)
    variants = (previous, previous.replace("（", "(").replace("）", ")"))
    return any(text.find(variant, last.end, item.start) >= 0 for variant in variants)


@cache
def _figure(number: int) -> re.Pattern[str]:
    """“6.” inside a line, or a line that begins with 6 and has lost its point."""
    return lazy(rf"(?<![\d.]){number}[.．、](?!\d)|\n{number}(?!\d)")

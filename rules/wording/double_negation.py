"""A negation too many, which turns the meaning round."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import EDITING

_PREVENT = lazy(r"(?:防止|避免|杜绝|严防|谨防)[^，。；：！？、\n]{0,8}?(?P<not>不再|不要|不会)(?!必要)")
_FORBID = lazy(r"(?:禁止|严禁)[^，。；：！？、\n“”区域场所时段期的品物水]{0,6}?(?P<not>不得|不准|不许)")
_EVERY_MOMENT = lazy(r"无时无刻(?=都|也|地|在(?!不)|牵|把)")
_HARD = lazy(r"(?P<not>难免不|不免不)(?=发生|出现|产生|犯|遇)")


@rule(
    title="否定不当",
    level=Level.WARNING,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    needs=(
        "防止",
        "避免",
        "杜绝",
        "严防",
        "谨防",
        "禁止",
        "严禁",
        "不准",
        "不许",
        "无时无刻",
        "难免不",
        "不免不",
    ),
    bad=(
        Bad("<p>切实⟦防止类似事故不再⟧发生。</p>"),
        Bad("<p>工作人员⟦无时无刻⟧都在守护平安。</p>"),
        Bad("<p>⟦严禁任何人不得⟧入内。</p>"),
    ),
    good=(
        "<p>防止类似事故再次发生，避免不必要的损失。</p>",
        "<p>无时无刻不在守护平安。五个“严禁”、八个“不得”。</p>",
        "<p>禁止吸烟场所不得设置吸烟室。</p>",
    ),
)
def double_negation(document: Document) -> Iterator[Hit]:
    """“防止”“严禁”本身含否定，后面再用“不再”“不得”，意思就反了；“无时无刻”之后要有“不”。"""
    text = document.text
    found: list[tuple[int, int, str]] = []
    for pattern, message in (
        (_PREVENT, "“防止（避免）”本身含否定，后面再用“不”，意思相反"),
        (_FORBID, "“禁止（严禁）”与“不得（不准）”重叠，意思相反"),
        (_HARD, "“难免（不免）”之后不用“不”"),
        (_EVERY_MOMENT, "“无时无刻”就是“没有一刻”，后面应当用“不”；或者改为“每时每刻”"),
    ):
        found += [(*match.span(), message) for match in pattern.finditer(text)]
    for start, end, message in sorted(found):
        yield Hit(Span(start, end), message)

"""The form of the dash."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import PUNCTUATION
from rules.punctuation._article import block_of, dashes, is_han

_OWN = frozenset("-—―─－")
_NUMERALS = frozenset("〇零一二三四五六七八九十")
_OPEN = frozenset("“《（")
_CLOSE = frozenset("”》），。")
_LOOKALIKE = frozenset("―─－")
_ONE = frozenset(
    (
        "有批",
        "有些",
        "上年",
        "上次",
        "上批",
        "同年",
        "同个",
        "每年",
        "每个",
        "每次",
        "这年",
        "这个",
        "这次",
        "这种",
    )
)
"""What stands around a stroke that is the numeral 一 misread."""


@rule(
    title="破折号的形式不规范",
    level=Level.ERROR,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["4.10.2"],
    needs=("--", "———", "――", "──", "－", "―", "─", "\n—", "\n-"),
    bad=(
        Bad("<p>最大的水力电站⟦--⟧丰满水电站</p>", "<p>最大的水力电站——丰满水电站</p>"),
        Bad("<p>各位代表：</p><p>⟦—⟧经济平稳增长。</p>", "<p>各位代表：</p><p>——经济平稳增长。</p>"),
        Bad("<p>目标：</p><p>⟦――⟧民生改善⟦───⟧成效好</p>", "<p>目标：</p><p>——民生改善——成效好</p>"),
        Bad("<p>中国⟦―⟧中亚合作论坛</p>", "<p>中国—中亚合作论坛</p>"),
        Bad("<p>建成了有⟦―⟧批骨干企业</p>", "<p>建成了有一批骨干企业</p>"),
    ),
    good=(
        "<p>三条主线——稳增长、促改革</p><p>——经济增长</p><p>北京—上海</p>",
        "<p>联系电话号--1</p><p>—九八四年</p><p>图——</p><p>表--</p><p>---------</p><p>2016-2020年</p><p>－5℃</p><p>-10度</p><p>A-中国</p>",
        "<table><tr><td>————</td></tr></table>",
    ),
)
def dash_form(document: Document) -> Iterator[Hit]:
    """破折号为“——”，占两个字的位置，中间不断开；键盘上的减号、制表线和其他横线都不是破折号。

    用形近的横线字符代替的，显示上几乎无别，但检索和读屏会受影响，只作提示。
    """
    text = document.text
    for low, high, run in dashes(document):
        if run in ("——", "-") or not _OWN.issuperset(run):
            continue
        before, after = text[low - 1 : low] if low else "\n", text[high : high + 1]
        single, first = len(run) == 1, before == "\n"
        if run == "—" and not first:
            continue
        if first:
            if not (is_han(after) or after in _OPEN or (after.isdigit() and not single)):
                continue
            if single and after in _NUMERALS:
                continue
        elif (
            not (is_han(before) or before in _CLOSE)
            or (single and not (is_han(after) or after in _OPEN))
            or (after.isdigit() and before == "号")
        ):
            continue
        if after in ("", "\n") or block_of(document, low) is None:
            continue
        if single and before + after in _ONE:
            yield Hit(Span(low, high), f"“{run}”疑为汉字“一”之误", fix="一", level=Level.WARNING)
        elif single and not first:
            yield Hit(Span(low, high), f"“{run}”是形近字符，连接号应用“—”", fix="—", level=Level.NOTE)
        elif not _LOOKALIKE.isdisjoint(run):
            words = f"“{run}”由形近字符组成，破折号应用“——”"
            yield Hit(Span(low, high), words, fix="——", level=Level.NOTE)
        else:
            level = None if "-" in run else Level.WARNING
            yield Hit(Span(low, high), f"“{run}”应为破折号“——”", fix="——", level=level)

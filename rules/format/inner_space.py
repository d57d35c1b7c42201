"""A blank between Chinese characters."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Role
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import EDITING
from rules.punctuation._article import HAN, block_of, span_of

_SPACE = lazy(rf"(?<=[{HAN}，。；：、])[ \u00a0\u3000]{{1,4}}(?=[{HAN}，。；：、])")
_STOP = lazy(r"[，。；]")
_LABEL = lazy(r"第?[一二三四五六七八九十百\d]+[章节条编类名期届部]?$|[:：]$")


@rule(
    title="汉字之间的空格",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=EDITING[""],
    needs=(" ", "\u00a0", "\u3000"),
    bad=(
        Bad(
            "<p>今年，深入推进政务⟦ ⟧公开工作，不断提高水平。</p>",
            "<p>今年，深入推进政务公开工作，不断提高水平。</p>",
        ),
        Bad("<p>深入推进政务公开工作，⟦&nbsp;⟧不断提高服务水平。</p>"),
    ),
    good=(
        "<p>晋江市市长 张三</p>",
        "<p>第一条 为规范公开工作，制定本办法。</p>",
        "<p>2023 年，使用 Word 软件。</p>",
        "<p>今年，打造“面朝大海 春暖花开”品牌，成效明显。</p><p>和谐示范区 指市校合作项目，以和谐发展为主题。</p>",
        "<td>结果 维持，纠正。</td>",
        "<p>本报讯，记者 张三 李四 王五 赵六 摄影报道。</p>",
    ),
)
def inner_space(document: Document) -> Iterator[Hit]:
    """叙述文字的汉字之间、标点前后不空格。标题、署名、条文序号、表格里用来分隔的空格不在此列。"""
    text = document.text
    for match in _SPACE.finditer(text):
        low, high = match.span()
        block = block_of(document, low)
        if block is None or block.role not in (Role.PARAGRAPH, Role.LIST) or block.end - block.start < 16:
            continue
        told = _STOP.search(text, max(block.start, low - 200), low)
        if told is None or not _STOP.search(text, high, min(block.end, high + 60)):
            continue
        if low - block.start < 6 or _LABEL.search(text[max(block.start, low - 6) : low]):
            continue
        around = text[max(block.start, low - 12) : min(block.end, high + 12)]
        if around.count(" ") + around.count("\u3000") + around.count("\u00a0") > high - low:
            continue
        before = text[max(block.start, low - 30) : low]
        if before.rfind("“") > before.rfind("”"):
            continue
        yield Hit(span_of(match), "汉字之间多余的空格", fix="")

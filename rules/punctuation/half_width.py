"""Half-width marks in Chinese text."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import PUNCTUATION
from rules.punctuation._article import HAN, block_of, in_address, is_han

_MARK = lazy(r"[,;:?!]")
_WORDS = lazy(rf"[{HAN}，。、；：！？]")
_BRACKET = lazy(r"[()（）\n]")
_NUMBER_TAIL = lazy(r"\d{1,4}\s?号")
_QUESTION = lazy(r"[吗呢么何谁哪几]|是否|多少|怎|为啥")
_ENTITY = lazy(r"[&?]#?\w{2,8}$")
_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_LEFT = frozenset("”》）】〕〉’％℃")
_RIGHT = frozenset("“《（【〔〈‘")
_CLOSE_TAIL = frozenset("，。、；：！？")
_WHOLE = 60
"""Longest bracketed words that are shown as one finding."""


def _mark(document: Document, at: int) -> tuple[int, int, Level | None, bool, str | None] | None:
    """Judge one half-width mark: start, end, level override, safe, fix; ``None`` where it is right."""
    text = document.text
    block = block_of(document, at)
    if block is None:
        return None
    mark, low, high = text[at], at, at + 1
    if low > block.start + 1 and text[low - 1] == " ":
        low -= 1
    if high < block.end - 1 and text[high] == " ":
        high += 1
    left = text[low - 1] if low > block.start else ""
    right = text[high] if high < block.end else ""
    if right in _CLOSE_TAIL and right:
        return None
    wide_left = is_han(left) or left in _LEFT
    wide_right = is_han(right) or right in _RIGHT
    if wide_left and left:
        if low < at and not wide_right:
            return None
        if mark == "?":
            asked = _QUESTION.search(text, max(block.start, at - 20), at) is not None
            return low, high, None if asked else Level.WARNING, asked, "？" if asked else None
        end = high if wide_right or mark in ",;" else at + 1
        return low, end, None, True, _FULL[mark]
    if low < at or mark in "?!":
        return None
    if wide_right and right:
        if not (left.isalnum() or left in "%)\"'") or not left or in_address(text, at):
            return None
        if mark == ":" and (high > at + 1 or not left.isdigit()):
            return None
        if mark == ";" and _ENTITY.search(text, max(block.start, at - 9), at):
            return None
        return low, high, None, True, _FULL[mark]
    listed = not right and left and mark in ",;" and (left.isdigit() or left == "%")
    if listed and any(is_han(char) for char in text[max(block.start, at - 12) : at]):
        return low, high, None, True, _FULL[mark]
    return None


def _pairs(document: Document) -> Iterator[tuple[int, int, Level | None]]:
    """Bracket pairs with at least one half-width side round or beside Chinese words."""
    text = document.text
    stack: list[int] = []
    for match in _BRACKET.finditer(text):
        char, at = match[0], match.start()
        if char == "\n":
            stack.clear()
        elif char in "(（":
            stack.append(at)
        elif stack:
            low = stack.pop()
            if text[low] == "（" and char == "）":
                continue
            if block_of(document, low) is None:
                continue
            if _WORDS.search(text, low + 1, min(at, low + 200)) or text[low] != "(" or char != ")":
                yield low, at, None
            elif (
                text[low + 1 : min(at, low + 200)].isascii()
                and _beside_han(text, low, at)
                and not _NUMBER_TAIL.match(text, at + 1)
            ):
                yield low, at, Level.NOTE


def _beside_han(text: str, low: int, high: int) -> bool:
    before, after = text[low - 1 : low] if low else "", text[high + 1 : high + 2]
    return is_han(before) and (is_han(after) or after in _CLOSE_TAIL or after in ("", "\n"))


@rule(
    title="中文里的半角标点",
    level=Level.ERROR,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["5.1"],
    needs=(",", ";", ":", "?", "!", "(", ")"),
    bad=(
        Bad("<p>增长8%⟦,⟧其中工业增长9%⟦;⟧</p>", "<p>增长8%，其中工业增长9%；</p>"),
        Bad("<p>⟦(一)⟧予以公开⟦:⟧是否公开⟦?⟧</p>", "<p>（一）予以公开：是否公开？</p>"),
        Bad("<td>⟦(区分处理的, 只计这一情形)⟧</td>", "<td>（区分处理的，只计这一情形）</td>"),
        Bad("<p>地区⟦(⟧含<b>县</b>区）</p>", "<p>地区（含<b>县</b>区）</p>"),
        Bad("<p>地区⟦(⟧含<b>县</b>区⟦)⟧</p>", "<p>地区（含<b>县</b>区）</p>"),
        Bad("<p>湖北⟦?⟧武汉台湾周⟦ ,⟧举办</p>"),
        Bad("<p>世界贸易组织⟦(WTO)⟧的规则</p>", "<p>世界贸易组织（WTO）的规则</p>"),
        Bad("<p>增长8%⟦;⟧地区⟦(含县)⟧</p>", "<p>增长8%；地区（含县）</p>"),
        Bad("<p>附表⟦（1)⟧所列图1⟦:⟧示意</p>", "<p>附表（1）所列图1：示意</p>"),
    ),
    good=(
        "<p>3,500元，比例3:1，10:30开会，GB/T 9704，方程f(x)成立，A(1)类</p>",
        "<p>见 http://a.gov.cn/x?id=1,中文，邮箱 a@b.cn,联系</p>",
        "<nav>导航:甲，(乙)</nav><main><p>正文 ,a</p></main>",
        "<p>title: 中文，Yahoo!中国，&amp;ldquo;双减，晋政发(2023)5号</p>",
        "<p>稳定,，发展</p>",
        "<p>See (note 1), please! Why? Because: yes; no</p><p>1)甲</p>",
        '<img alt="图片:说明,文字">',
    ),
)
def half_width(document: Document) -> Iterator[Hit]:
    """中文文本的逗号、分号、冒号、问号、叹号、括号各占一个字位置，应使用全角形式。

    半角标点多为输入法未切换或表格导出所致。数字内部、时间、比例、网址、外文不在此列；
    问号前后都是汉字而又不是问句的，多为间隔号等字符在转码时丢失，只作提醒。
    """
    text = document.text
    edits: dict[int, tuple[int, int, Level | None, bool, str | None]] = {}
    if any(mark in text for mark in ",;:?!"):
        for match in _MARK.finditer(text):
            judged = _mark(document, match.start())
            if judged is not None:
                edits[match.start()] = judged
    groups: list[tuple[int, int, Level | None]] = []
    if "(" in text or ")" in text:
        groups = sorted(_pairs(document))
    done = -1
    for low, high, level in groups:
        for at in (low, high):
            if text[at] in "()":
                edits[at] = (at, at + 1, level, level is None, _FULL[text[at]])
    ordered = sorted(edits)
    position = 0
    for low, high, level in groups:
        whole = Span(low, high + 1)
        if low <= done or high - low > _WHOLE or not document.is_verbatim(whole):
            continue
        while position < len(ordered) and ordered[position] < low:
            position += 1
        parts, at, used = [], low, position
        while used < len(ordered) and ordered[used] <= high:
            start, end, _, _, fix = edits.pop(ordered[used])
            parts += [text[at:start], fix if fix is not None else text[start:end]]
            at = end
            used += 1
        position, done = used, high
        fixed = "".join([*parts, text[at : high + 1]])
        yield Hit(whole, f"半角标点应改为全角：{fixed}", fix=fixed, level=level, safe=level is None)
    for start, end, level, safe, fix in edits.values():
        if fix is None:
            words = "半角问号：若是问句应用“？”，否则可能是间隔号等字符转码时丢失"
            yield Hit(Span(start, end), words, level=level, alternatives=("？", "·"))
        else:
            words = f"中文里的“{text[start:end].strip()}”应用全角“{fix}”"
            yield Hit(Span(start, end), words, fix=fix, level=level, safe=safe)

"""The numbered headings and items of an article, parsed once for all rules that look at them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.document import Block, Document
from qa.patterns import lazy
from rules.punctuation._article import lines, once

NUMERALS = "一二三四五六七八九十百"
_VALUE = {char: number for number, char in enumerate("零一二三四五六七八九")}
_HEAD = lazy(
    rf"(?P<a>[{NUMERALS}]{{1,4}})(?P<am>[、.．，,])(?![{NUMERALS}][、产季级类线期次年月])"
    rf"|(?P<bo>[（(])(?P<b>[{NUMERALS}]{{1,4}})(?P<bm>[）)])"
    r"|(?P<c>\d{1,2})(?P<cm>[、.．])(?!\d)"
    r"|(?P<do>[（(])(?P<d>\d{1,2})(?P<dm>[）)])"
    rf"|第(?P<e>[{NUMERALS}]{{1,4}})(?P<em>[章节编])(?=[ \u3000])"
    rf"|第(?P<f>[{NUMERALS}]{{1,4}})(?P<fm>条)(?=[ \u3000])"
)
_START = frozenset(f"{NUMERALS}（(第0123456789")
FORMS = {1: "{}、", 2: "（{}）", 3: "{}.", 4: "（{}）", 5: "第{}章", 6: "第{}节", 7: "第{}编", 8: "第{}条"}


def value(figures: str) -> int:
    """Number of Chinese or Arabic figures below one thousand; 0 for what is none."""
    if figures.isdigit():
        return int(figures)
    total = ones = 0
    for char in figures:
        if char in "十百":
            total += (ones or 1) * (10 if char == "十" else 100)
            ones = 0
        else:
            ones = _VALUE[char]
    return total + ones


def figures(level: int, number: int) -> str:
    """How a number is written at a level."""
    if level in (3, 4):
        return str(number)
    tens, ones = divmod(number % 100, 10)
    words = ("" if tens == 0 else "十" if tens == 1 else f"{'零一二三四五六七八九'[tens]}十") + (
        "零一二三四五六七八九"[ones] if ones else ""
    )
    hundreds = number // 100
    if not hundreds:
        return words
    return (
        f"{'零一二三四五六七八九'[hundreds]}百{'' if not tens and not ones else '' if tens else '零'}{words}"
    )


@dataclass(slots=True)
class Item:
    """A numbered heading or item at the start of a block.

    Attributes:
        level: 1 一、 2 （一） 3 1. 4 （1） 5 章 6 节 7 编 8 条.
        start, end: the marker in the document's text.
        mark: the point or closing bracket behind the figures; opener: the opening bracket.
    """

    level: int
    number: int
    start: int
    end: int
    mark: str
    opener: str
    block: Block

    @property
    def label(self) -> str:
        return label(self.level, self.number)


def label(level: int, number: int) -> str:
    """A marker as it should be written."""
    return FORMS[level].format(figures(level, number))


@once
def outline(document: Document) -> list[Item]:
    """The numbered items of the article in order; table cells are left out."""
    found = []
    for block, body in lines(document):
        if body[0] not in _START or "\t" in body:
            continue
        match = _HEAD.match(body)
        if match is None:
            continue
        kind = (match.lastgroup or "")[0]
        mark = match[f"{kind}m"]
        level = {"a": 1, "b": 2, "c": 3, "d": 4, "f": 8}.get(kind) or {"章": 5, "节": 6, "编": 7}[mark]
        opener = match[f"{kind}o"] if kind in "bd" else ""
        number = value(match[kind])
        if number and not (level == 1 and mark in ".．，,"):
            found.append(Item(level, number, block.start, block.start + match.end(), mark, opener, block))
    return found


def above(level: int) -> Sequence[int]:
    """Levels whose items may stand over a level, so that a new one starts it afresh."""
    return {
        1: (5, 6, 7),
        2: (1, 5, 6, 7, 8),
        3: (1, 2, 5, 6, 7, 8),
        4: (1, 2, 3, 5, 6, 7, 8),
        6: (5, 7),
        5: (7,),
    }.get(level, ())


def runs(items: Sequence[Item]) -> Iterator[tuple[int, list[Item], list[bool]]]:
    """For each level its items, and for each of them whether a higher item stands before it."""
    for level in range(1, 9):
        higher = frozenset(above(level))
        own: list[Item] = []
        fresh: list[bool] = []
        new = True
        for item in items:
            if item.level == level:
                own.append(item)
                fresh.append(new)
                new = False
            elif item.level in higher:
                new = True
        if own:
            yield level, own, fresh

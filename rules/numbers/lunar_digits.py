"""Dates of other calendars in Arabic figures."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import NUMBERS
from rules.punctuation._article import block_of, occurrences, span_of

_LUNAR = lazy(
    r"(?:农历|阴历|旧历)(?:\d{4}年)?(?:(?:正|腊|冬|\d{1,2}|[一二三四五六七八九十]{1,2})月)?(?:初|廿)?(\d{1,2})(?![\d年月])"
)
_FEAST = lazy(r"(?:正月|腊月|大年)(?:初|廿)?(\d{1,2})")
_REIGN = lazy(r"..(\d{1,2})(?=年)")
_WORDS = (
    (("农历", "阴历", "旧历"), _LUNAR),
    (("正月", "腊月", "大年"), _FEAST),
    (
        (
            *("民国", "康熙", "雍正", "乾隆", "嘉庆", "道光", "咸丰"),
            *("同治", "光绪", "宣统", "洪武", "永乐", "嘉靖", "万历", "崇祯"),
        ),
        _REIGN,
    ),
)
_FIGURES = "〇一二三四五六七八九十"


def han(number: int) -> str:
    """Chinese figures of a number below one hundred."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _FIGURES[ones]
    return f"{_FIGURES[tens] if tens > 1 else ''}十{_FIGURES[ones] if ones else ''}"


@rule(
    title="农历、历史纪年用阿拉伯数字",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=NUMBERS["4.2.1"],
    needs=("历", "月", "年"),
    bad=(
        Bad("<p>正月⟦15⟧开市</p>", "<p>正月十五开市</p>"),
        Bad("<p>农历八月⟦15⟧，清光绪⟦20⟧年，大年初⟦1⟧</p>", "<p>农历八月十五，清光绪二十年，大年初一</p>"),
    ),
    good=("<p>农历八月十五，公历2023年9月29日</p>", "<p>农历2023年</p>", "<p>正月十五</p>"),
)
def lunar_digits(document: Document) -> Iterator[Hit]:
    """干支纪年、农历月日、历史朝代纪年及其他非公历纪年，用汉字数字。"""
    text = document.text
    done = set()
    for words, pattern in _WORDS:
        known = [word for word in words if word in text]
        for at, _ in occurrences(text, known):
            match = pattern.match(text, at)
            if (
                match is None
                or match.start(1) in done
                or int(match[1]) == 0
                or block_of(document, at) is None
            ):
                continue
            done.add(match.start(1))
            yield Hit(span_of(match, 1), "非公历的日期、纪年用汉字数字", fix=han(int(match[1])))

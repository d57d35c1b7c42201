"""A sentence as the language model reads it: one token a character, figures and Latin words folded."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"[0-9０-９][0-9０-９.．,，:：%％‰]*(?<![,，:：.．])|[A-Za-zＡ-Ｚａ-ｚÀ-ɏ]+|\s+|.", re.DOTALL
)
_FOLDED = str.maketrans("，；：（）？！［］｛｝～－", ",;:()?![]{}~-")
NUMBER, LATIN = "0", "a"
_UNSEEN = frozenset(
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff"
)
"""Characters that take no room: soft hyphens, zero-width blanks and joiners, marks of direction."""
_REPLACEMENT = "\ufffd"
_HAN_FIRST, _HAN_LAST = "\u3400", "\u9fff"


class Line(NamedTuple):
    """Tokens of a sentence and where each begins in it (code points)."""

    tokens: list[str]
    places: list[int]


def is_han(token: str) -> bool:
    """Whether a token is one Chinese character of the basic planes the models know."""
    return _HAN_FIRST <= token <= _HAN_LAST


def line_of(sentence: str) -> Line:
    """Tokens of a sentence; blanks and what nobody sees are no tokens."""
    tokens, places = [], []
    for match in _TOKEN.finditer(sentence):
        token = match.group()
        first = token[0]
        if _HAN_FIRST <= first <= _HAN_LAST:
            pass
        elif first.isspace() or first in _UNSEEN:
            continue
        elif first in "0123456789０１２３４５６７８９":
            token = NUMBER
        elif (first.isalpha() and ord(first) < 0x2000) or "Ａ" <= first <= "ｚ":
            token = LATIN
        elif "\ud800" <= first <= "\udfff":
            token = _REPLACEMENT
        else:
            token = first.translate(_FOLDED)
        tokens.append(token)
        places.append(match.start())
    return Line(tokens, places)


UNITS = frozenset((
    "平方公里", "平方千米", "平方米", "平方厘米", "平米", "立方米", "立方厘米", "立米", "标立方米", "标方", "公里",
    "千米", "分米", "厘米", "毫米", "微米", "纳米", "海里", "英里", "公分", "公顷", "市亩", "市斤", "公斤",
    "千克", "毫克", "微克", "公吨", "吨公里", "毫升", "立升", "标准箱", "标箱", "千瓦", "兆瓦", "吉瓦",
    "千瓦时", "兆瓦时", "千伏", "千伏安", "兆伏安", "安时", "千卡", "千焦", "兆帕", "千帕", "毫帕", "摄氏度",
    "分贝", "赫兹", "兆赫", "千赫", "兆比特", "吉比特", "人次", "人日", "人天", "架次", "车次", "班次", "艘次",
    "件次", "户次", "例次", "场次", "机位", "床位", "车位", "泊位", "载重吨", "总吨", "标准煤", "标煤",
    "勒克斯", "流明", "贝克勒尔", "西弗", "毫西弗", "毫克每升", "个百分点", "百分点", "基点",
))  # fmt: skip
"""Units of measure and of counting, of two characters and more (GB 3100, and others that official texts use)."""
_BETWEEN = frozenset("万亿千百十多余来几个")
_LONGEST_UNIT = max(map(len, UNITS))


def units(tokens: list[str]) -> set[int]:
    """Places of units that follow a number."""
    found: set[int] = set()
    for at, token in enumerate(tokens):
        if token != NUMBER:
            continue
        begin = at + 1
        while True:
            for end in range(min(begin + _LONGEST_UNIT, len(tokens)), begin + 1, -1):
                if "".join(tokens[begin:end]) in UNITS:
                    found.update(range(begin, end))
                    break
            else:
                if begin < len(tokens) and tokens[begin] in _BETWEEN:
                    begin += 1
                    continue
            break
    return found

"""A sentence as the language model reads it: one token a character, figures and Latin words folded."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"[0-9０-９][0-9０-９.．,，:：%％‰]*(?<![,，:：.．])|[A-Za-zＡ-Ｚａ-ｚÀ-ɏ]+|\s+|.", re.DOTALL
)
_FOLDED = str.maketrans("，；：（）？！［］｛｝～－", ",;:()?![]{}~-")
NUMBER, LATIN = "0", "a"
_HAN_FIRST, _HAN_LAST = "\u3400", "\u9fff"


class Line(NamedTuple):
    """Tokens of a sentence and where each begins in it (code points)."""

    tokens: list[str]
    places: list[int]


def is_han(token: str) -> bool:
    """Whether a token is one Chinese character of the basic planes the models know."""
    return _HAN_FIRST <= token <= _HAN_LAST


def line_of(sentence: str) -> Line:
    """Tokens of a sentence; blanks are no tokens."""
    tokens, places = [], []
    for match in _TOKEN.finditer(sentence):
        token = match.group()
        first = token[0]
        if _HAN_FIRST <= first <= _HAN_LAST:
            pass
        elif first.isspace():
            continue
        elif first in "0123456789０１２３４５６７８９":
            token = NUMBER
        elif (first.isalpha() and ord(first) < 0x2000) or "Ａ" <= first <= "ｚ":
            token = LATIN
        else:
            token = first.translate(_FOLDED)
        tokens.append(token)
        places.append(match.start())
    return Line(tokens, places)

"""Names and titles a document writes one way many times and another way once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from qa import nlp
from qa.source import Span
from qa.typo.decode import Edit
from qa.typo.lm import LanguageModel
from qa.typo.speller import Suggestion, why
from qa.typo.tables import Tables

OFTEN = 4
"""Times a spelling stands in a document to make another that stands there once a slip."""
CONFIDENCE = 0.9
_RUN = re.compile(r"[\u4e00-\u9fff]{3,}")
_TITLE = re.compile(r"《([^《》\n]{4,80})》")
_AROUND, _LOSS = 12, 2.0
"""Characters on either side that are looked at, and log10 of what a change may lose there."""
_EVERYWHERE = -2.75
"""log10 of a character's share of all, from which it stands everywhere."""
_RARE, _RARE_PERSON = -7.8, -6.5
"""log10 of three characters under which they are a name, and a person's where they begin with a surname."""
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤洪庄施柯赖颜温郭翁"
)
_CROWD = 20
"""Where more spellings than this differ in one place, none of them speaks for another."""
_COST = 1.6
"""What is taken for what less often than one in forty is no slip of a name."""
_LONGEST = 400_000
"""Characters of a document beyond which nobody counts."""


class Variant(NamedTuple):
    """A spelling that stands once where another stands often.

    Attributes:
        span: the character in which they differ.
        suggestion: what puts it right.
        here, usual: both spellings, and ``number``, how often the other stands in the text.
    """

    span: Span
    suggestion: Suggestion
    here: str
    usual: str
    number: int


def variants(text: str) -> Iterator[Variant]:
    """Spellings that stand once and differ in one like character from one that stands :data:`OFTEN` times."""
    if len(text) <= _LONGEST:
        yield from _titles(text)
        yield from _names(text)


def _names(text: str) -> Iterator[Variant]:
    counts: Counter[str] = Counter()
    first: dict[str, int] = {}
    for run in _RUN.finditer(text):
        for at in range(run.start(), run.end() - 2):
            word = text[at : at + 3]
            counts[word] += 1
            first.setdefault(word, at)
    usual: dict[tuple[str, str, int], list[str]] = {}
    for word, number in counts.items():
        if number >= OFTEN:
            for at in range(3):
                usual.setdefault((word[:at], word[at + 1 :], at), []).append(word)
    if not usual:
        return
    found: dict[int, tuple[int, Variant]] = {}
    for word, number in counts.items():
        if number > 1:
            continue
        for at in range(3):
            others = usual.get((word[:at], word[at + 1 :], at), ())
            for other in others if len(others) <= _CROWD else ():
                edit = _alike(word[at], other[at])
                if edit is None or _common(word[at]):
                    continue
                place = first[word] + at
                if _is_name(other) and not _in_word(word, at) and _fits(text, place, other[at]):
                    # Of the three runs that hold a character, that of the name: it begins with a surname.
                    rank = (0 if word[0] in _SURNAMES else 1) if at else 2
                    if place not in found or rank < found[place][0]:
                        found[place] = (
                            rank,
                            Variant(
                                Span(place, place + 1),
                                _suggestion(edit, word[at]),
                                word,
                                other,
                                counts[other],
                            ),
                        )
    yield from (variant for _, (_, variant) in sorted(found.items()))


def _titles(text: str) -> Iterator[Variant]:
    found = [(match.start(1), match.group(1)) for match in _TITLE.finditer(text)]
    counts = Counter(title for _, title in found)
    usual: dict[tuple[str, str], list[str]] = {}
    for title, number in counts.items():
        if number >= OFTEN:
            for at in range(len(title)):
                usual.setdefault((title[:at], title[at + 1 :]), []).append(title)
    if not usual:
        return
    for begin, title in found:
        if counts[title] > 1:
            continue
        variant = next(
            (
                Variant(
                    Span(begin + at, begin + at + 1),
                    _suggestion(edit, title[at]),
                    f"《{title}》",
                    f"《{other}》",
                    counts[other],
                )
                for at in range(len(title))
                for other in usual.get((title[:at], title[at + 1 :]), ())[:_CROWD]
                # 《义县县志》 and 《易县县志》 are two books.
                if (edit := _alike(title[at], other[at])) is not None
                and not _in_word(title[max(0, at - 1) : at + 2], min(at, 1))
            ),
            None,
        )
        if variant is not None:
            yield variant


def _alike(was: str, now: str) -> Edit | None:
    """The change, if one character can be taken for the other."""
    for one in Tables.load().confused(was):
        if one.char == now and one.cost <= _COST:
            return Edit(0, 1, now, one.kinds, one.cost)
    return None


def _suggestion(edit: Edit, was: str) -> Suggestion:
    return Suggestion(0, 1, was, edit.tokens, CONFIDENCE, why(edit))


def _common(char: str) -> bool:
    """Whether a character stands everywhere, so that it says nothing of a name."""
    return LanguageModel.load().alone(char) > _EVERYWHERE


def _is_name(word: str) -> bool:
    """Whether three characters are hardly ever seen together: a name, most likely."""
    model = LanguageModel.load()
    state, total = model.nothing, 0.0
    for char in word:
        after = model.state()
        total += model.score(state, char, after)
        state = after
    return total < (_RARE_PERSON if word[0] in _SURNAMES else _RARE)


def _in_word(word: str, at: int) -> bool:
    """Whether a character makes a word of the dictionary with those beside it."""
    return nlp.known(word) or any(
        nlp.known(word[low : low + 2]) for low in (at - 1, at) if 0 <= low < len(word) - 1
    )


def _fits(text: str, place: int, char: str) -> bool:
    """Whether another character fits a place as well as the one that stands there, what is around considered."""
    model = LanguageModel.load()
    tokens = list(text[max(0, place - _AROUND) : place + _AROUND])
    at = min(place, _AROUND)
    return model.gain(model.scan(tokens), at, at + 1, char) > -_LOSS

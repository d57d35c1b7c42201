"""一是、二是… repeated or skipped."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import EDITING
from rules.format._outline import figures, value
from rules.punctuation._article import block_of, occurrences

_STEP = lazy(r"(?<![^。；：，！\n;,])([一二三四五六七八九十]{1,2})([是要])(?![一二三四五六七八九十否不])")
_FIGURES = frozenset("一二三四五六七八九十")
_REACH = 3000


@rule(
    title="“一是”“二是”重复、跳号",
    level=Level.WARNING,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    needs=("二是", "三是", "四是", "五是", "六是", "二要", "三要", "四要", "五要"),
    bad=(
        Bad("<p>一是加强领导；二是落实责任；⟦四是⟧强化监督。</p>"),
        Bad("<p>一要学习；二要落实；⟦二要⟧监督；三要考核。</p>"),
    ),
    good=(
        "<p>一是学习；二是落实。</p><p>一是督查；二是考核；三是通报。</p>",
        "<p>一是学习。</p><p>二是落实。第三，监督。四是考核。</p>",
        "<p>三是考核。二是不变的。一是学习。三要素</p>",
    ),
)
def inline_order(document: Document) -> Iterator[Hit]:
    """“一是”“二是”“三是”这类序次语应当连续，改稿增删之后常有漏改。隔得太远的不作判断。"""
    text = document.text
    places: list[tuple[int, int]] = []
    for kind in "是要":
        if f"二{kind}" in text or f"三{kind}" in text:
            places += occurrences(text, [f"{figure}{kind}" for figure in "一二三四五六七八九十"])
    last: dict[str, tuple[int, int]] = {}
    for place, end in sorted(places):
        match = _STEP.match(text, place - 1 if text[place - 1 : place] in _FIGURES and place else place)
        if match is None or match.end() != end or block_of(document, place) is None:
            continue
        kind, number, at = match[2], value(match[1]), match.start(1)
        before = last.get(kind)
        last[kind] = (number, at)
        if before is None or number == 1 or at - before[1] > _REACH or before[0] == 0:
            continue
        span = Span(at, match.end())
        if number == before[0]:
            yield Hit(
                span,
                f"序次语重复：前面已有“{match[1]}{kind}”",
                related=((Span(before[1], before[1] + 2), "前一处"),),
            )
            last[kind] = (0, at)
        elif number == before[0] + 2:
            between = document.text[before[1] : at]
            wanted = figures(1, before[0] + 1)
            if wanted + "是" not in between and wanted + "要" not in between and f"第{wanted}" not in between:
                words = f"序次语不连续：缺“{wanted}{kind}”"
                yield Hit(span, words, related=((Span(before[1], before[1] + 2), "前一处"),))

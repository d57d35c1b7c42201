"""Marks repeated or piled up."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import PUNCTUATION
from rules.punctuation._article import block_of, find, occurrences, span_of

_STRAY = lazy(r".。(?:以内|以[上下](?=[，。；、）]|$)|左右)")
_STRAYS = tuple(f"{sign}。{word}" for sign in "%％‰" for word in "以左")
_RUN = lazy(r"[，。、；：！？][，。、；：！？,;]+|[,;][，。、；：！？]+")


@rule(
    title="标点重复、叠用或多余",
    level=Level.ERROR,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["5.1"],
    bad=(
        Bad("<p>工作完成⟦。。⟧其中⟦，，⟧增长8%</p>", "<p>工作完成。其中，增长8%</p>"),
        Bad("<p>稳定铝⟦，、⟧镁、铅等生产⟦;。⟧</p>"),
        Bad("<p>真好⟦！！！！⟧</p>", "<p>真好！</p>"),
        Bad("<p>失业率控制在4%⟦。⟧以内；</p>", "<p>失业率控制在4%以内；</p>"),
    ),
    good=(
        "<p>是吗？！真的！！！</p>",
        "<p>等等。。。</p>",
        "<p>甲、乙，丙；丁。</p>",
        "<p>增长4%。以上工作</p>",
    ),
)
def repeated_marks(document: Document) -> Iterator[Hit]:
    """点号之间不连用；叹号、问号可以叠用，但最多三个。重复、多余的标点多为改稿、拼接时留下的痕迹。"""
    for match in find(document, _RUN):
        run = match[0]
        if set(run) <= {"！", "？"}:
            if len(run) <= 3:
                continue
            yield Hit(span_of(match), "叹号、问号叠用不超过三个", fix=run[0])
        elif len(set(run)) == 1:
            if run[0] == "。" and len(run) > 2:
                continue
            yield Hit(span_of(match), f"标点重复：“{run}”应为“{run[0]}”", fix=run[0], safe=True)
        else:
            choice = tuple(dict.fromkeys(char for char in run if char in "，。、；：！？"))
            yield Hit(span_of(match), f"标点叠用：“{run}”只能留一个", alternatives=choice)
    for at, _ in occurrences(document.text, _STRAYS):
        if block_of(document, at) is None or not _STRAY.match(document.text, at):
            continue
        yield Hit(Span(at + 1, at + 2), "百分数与“以内”“左右”等之间不用句号", fix="")

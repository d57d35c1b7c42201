"""The form of the ellipsis."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import PUNCTUATION
from rules.punctuation._article import find, is_han, span_of

_DOTS = lazy(r"\.{3,}|…+|。{3,}|·{3,}|•{3,}|．{3,}")
_LEADER = lazy(r"[ \u3000]*\d+[ \u3000]*(?:\n|\Z)")


@rule(
    title="省略号的形式不规范",
    level=Level.ERROR,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["4.11.2"],
    needs=("…", "...", "。。。", "···", "•••", "．．．"),
    bad=(
        Bad("<p>扶持农业、工业⟦...⟧。</p>", "<p>扶持农业、工业……。</p>"),
        Bad("<p>春天⟦。。。⟧夏天⟦…⟧秋天⟦···⟧</p>", "<p>春天……夏天……秋天……</p>"),
        Bad("<p>说到这里⟦…………⟧他停下了</p>", "<p>说到这里……他停下了</p>"),
    ),
    good=(
        "<p>春天……夏天</p><p>…………</p>",
        "<p>第一章 总则………………3</p><p>wait... what, 1...n, x…y</p>",
        '<a href="a">关于印发管理办法的通知...</a>',
    ),
)
def ellipsis_form(document: Document) -> Iterator[Hit]:
    """省略号为两个三连点“……”，占两个字的位置；句点、句号、间隔号连用都不是省略号。

    独占一行表示整段省略时可连用两个省略号。目录的引导点、外文里的三个点、
    列表里被截断的链接标题不在此列。
    """
    text = document.text
    links: frozenset[int] | None = None
    for match in find(document, _DOTS):
        low, high = match.span()
        if match[0] == "……" or _LEADER.match(text, high):
            continue
        before, after = text[low - 1 : low] if low else "", text[high : high + 1]
        if not any(is_han(char) or (char and char in "”》），。；、“") for char in (before, after)):
            continue
        if links is None:
            links = frozenset(link.span.end for link in document.links)
        if high not in links:
            yield Hit(span_of(match), f"“{match[0]}”应为省略号“……”", fix="……", safe=match[0] != "…………")
